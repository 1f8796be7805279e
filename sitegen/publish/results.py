"""Results of tasks that workers share with whoever waits for them."""

from __future__ import annotations

import collections
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import partial
from typing import Any, Generic, TypeVar

from sitegen.publish.processes import Workers, killed

T = TypeVar("T")
Result = TypeVar("Result")


class Results(ABC, Generic[Result]):
    """Results in the order of what they are of, to be gone through once.

    Attributes:
        elsewhere: whether workers are at it, so that going through them can wait.
    """

    elsewhere: bool

    def __init__(self, futures: Sequence[Future[Result]]) -> None:
        self._futures = futures

    @abstractmethod
    def __iter__(self) -> Iterator[Result]:
        """Wait for each in its turn."""

    @abstractmethod
    def own(self) -> Iterator[None]:
        """Do here, one after the other, what no worker has begun, and wait for none."""

    def share_out(self) -> None:
        """Give workers that have become free something to do."""

    def awaited(self) -> int:
        """How many there are still to come."""
        return sum(not future.done() for future in self._futures)

    def so_far(self) -> Iterator[Result]:
        """What has come to a good end, in whatever order."""
        ended = [future for future in self._futures if future.done() and not future.cancelled()]
        return (future.result() for future in ended if not future.exception())


class AwaitedResults(Results[Result]):
    """Results of tasks that others have been given."""

    elsewhere = True

    def __iter__(self) -> Iterator[Result]:
        return (future.result() for future in self._futures)

    def own(self) -> Iterator[None]:
        return iter(())


class SharedResults(Results[Result]):
    """Results of a task for each item, the first of which are done here and the last by workers, until they meet.

    Workers are given an item when they need one, so all that none of them has begun can be done here. (To give them
    all and take some back would do as well, but for a worker that is killed: up to Python 3.12 a pool does not
    survive that once a task of it has been cancelled, and who waits for the others waits for ever.)

    Args:
        before: results that other workers are still at, all of whose items have been begun. Each of those has the
            processor of one of these workers until it is done.
    """

    def __init__(
        self,
        workers: Workers | None,
        task: Callable[[T], Result],
        items: Sequence[T],
        before: Sequence[Results[Any]] = (),
    ) -> None:
        super().__init__([Future() for _ in items])
        self.elsewhere = workers is not None
        self._free = collections.deque(enumerate(items))
        self._task = task
        self._workers = workers
        self._before = before
        # How many items workers have at a time.
        self._handed = 0
        self.share_out()

    def __iter__(self) -> Iterator[Result]:
        for future in self._futures:
            # While any are free, the first of them is the one whose turn it is.
            for _, item in self._taken(self._free.popleft):
                future.set_result(self._task(item))
                self.share_out()
            yield future.result()

    def own(self) -> Iterator[None]:
        while self._free:
            for i, item in self._taken(self._free.popleft):
                self._futures[i].set_result(self._task(item))
                yield
                self.share_out()

    def share_out(self) -> None:
        if self._workers is None or self._handed > self._workers.number:
            return
        number = self._workers.number
        at_work = number - sum(results.awaited() for results in self._before)
        # One more than they can begin, so that none is idle while its result is on the way.
        while self._handed < at_work + (at_work == number):
            self._handed += 1
            self._hand_out(self._workers.executor)

    def _hand_out(self, executor: Executor) -> None:
        for i, item in self._taken(self._free.pop):
            try:
                executor.submit(self._task, item).add_done_callback(partial(self._receive, executor, i))
            except Exception as error:  # the pool is broken, or has been shut down
                self._fail(i, error)

    @staticmethod
    def _taken(take: Callable[[], T]) -> tuple[T, ...]:
        """One or none: as soon as it is looked at, another thread may take the last."""
        try:
            return (take(),)
        except IndexError:
            return ()

    def _receive(self, executor: Executor, i: int, theirs: Future[Result]) -> None:
        self._hand_out(executor)
        if theirs.cancelled():
            self._futures[i].cancel()
        elif error := theirs.exception():
            self._fail(i, error)
        else:
            self._futures[i].set_result(theirs.result())

    def _fail(self, i: int, error: BaseException) -> None:
        # Results may be asked for when the workers are gone, and with them what else would say this.
        self._futures[i].set_exception(killed() if isinstance(error, BrokenExecutor) else error)
