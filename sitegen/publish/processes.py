"""Worker processes on this machine: some that share out tasks, or one that keeps an object beside the build."""

from __future__ import annotations

import collections
import contextlib
import multiprocessing
import os
import signal
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import connection
from typing import Any, Concatenate, Generic, NamedTuple, ParamSpec, TypeVar

from sitegen.errors import SitegenError

T = TypeVar("T")
P = ParamSpec("P")
Result = TypeVar("Result")
Mapper = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]


def available_jobs() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1


def can_fork(jobs: int) -> bool:
    """Whether work of this many jobs goes to processes that share this one's memory, and not to this one.

    It stays here where one job is all there is, and where processes cannot be forked (Windows).
    """
    return jobs > 1 and "fork" in multiprocessing.get_all_start_methods()


class Workers(NamedTuple):
    """Some processes, and what gives them tasks."""

    executor: Executor
    number: int


@contextlib.contextmanager
def local_workers(jobs: int) -> Iterator[Workers | None]:
    """Worker processes that share this process's memory, or ``None`` where the work stays here.

    They are one fewer than the jobs: whoever shares work out has the time to do some, see ``SharedResults``.
    """
    if not can_fork(jobs):
        yield None
        return
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(jobs - 1, mp_context=context, initializer=_begin)
    try:
        yield Workers(pool, jobs - 1)
    except BrokenProcessPool:
        raise _killed() from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


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
        self._futures[i].set_exception(_killed() if isinstance(error, BrokenProcessPool) else error)


class Answer(ABC, Generic[Result]):
    """What a call has come to, when it is there."""

    @abstractmethod
    def __call__(self) -> Result:
        """Wait for it; an error that the call ended in is raised."""

    @abstractmethod
    def within(self, seconds: float) -> bool:
        """Wait for it that long at most; whether it is there."""


class Beside(ABC, Generic[T]):
    """An object that does its work beside ours, call after call. See ``beside``.

    Methods go by their names, so those of an interface will do, and what implements it need not be loaded here.
    """

    @abstractmethod
    def tell(self, method: Callable[Concatenate[T, P], object], *args: P.args, **named: P.kwargs) -> None:
        """Call a method and want no answer. What it raises is raised by the next ``ask``."""

    @abstractmethod
    def ask(self, method: Callable[Concatenate[T, P], Result], *args: P.args, **named: P.kwargs) -> Answer[Result]:
        """Call a method that has something to say."""


class _Here(Beside[T]):
    """For want of another process."""

    def __init__(self, made: T) -> None:
        self._made = made

    def tell(self, method: Callable[Concatenate[T, P], object], *args: P.args, **named: P.kwargs) -> None:
        self.ask(method, *args, **named)

    def ask(self, method: Callable[Concatenate[T, P], Result], *args: P.args, **named: P.kwargs) -> Answer[Result]:
        return _Given(getattr(self._made, method.__name__)(*args, **named))


class _Given(Answer[Result]):
    def __init__(self, value: Result) -> None:
        self._value = value

    def __call__(self) -> Result:
        return self._value

    def within(self, seconds: float) -> bool:
        return True


class _There(Beside[T]):
    """In a process of its own, at the other end of a pipe."""

    def __init__(self, pipe: connection.Connection) -> None:
        self._pipe = pipe
        self._pending: _Awaited | None = None

    def tell(self, method: Callable[Concatenate[T, P], object], *args: P.args, **named: P.kwargs) -> None:
        self._call(False, method, args, named)

    def ask(self, method: Callable[Concatenate[T, P], Result], *args: P.args, **named: P.kwargs) -> Answer[Result]:
        self._call(True, method, args, named)
        self._pending = _Awaited(self._pipe)
        return self._pending

    def _call(self, answered: bool, method: Callable[..., object], args: Any, named: Any) -> None:
        # Both sides would wait for ever if each wrote what the other does not read.
        if self._pending:
            self._pending.receive()
        with contextlib.suppress(BrokenPipeError):  # the answer will tell
            self._pipe.send((answered, method.__name__, args, named))


class _Awaited(Answer[Any]):
    def __init__(self, pipe: connection.Connection) -> None:
        self._pipe: connection.Connection | None = pipe
        self._good = False
        self._value: Any = None

    def receive(self) -> None:
        if self._pipe is None:
            return
        try:
            self._good, self._value = self._pipe.recv()
        except (EOFError, ConnectionResetError):
            self._value = _killed()
        self._pipe = None

    def __call__(self) -> Any:
        self.receive()
        if self._good:
            return self._value
        raise self._value

    def within(self, seconds: float) -> bool:
        if self._pipe is not None and self._pipe.poll(seconds):
            self.receive()
        return self._pipe is None


@contextlib.contextmanager
def beside(jobs: int, make: Callable[..., T], *args: object) -> Iterator[Beside[T]]:
    """``make(*args)``, made and kept in a process of its own, or in this one where work stays here."""
    if not can_fork(jobs):
        yield _Here(make(*args))
        return
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, ours, make, args))
    process.start()
    theirs.close()
    try:
        yield _There(ours)
    except BaseException:
        process.kill()
        raise
    finally:
        ours.close()
        process.join()
        process.close()


def _serve(pipe: connection.Connection, parents: connection.Connection, make: Callable[..., Any], args: Any) -> None:
    parents.close()
    _begin()
    made, failed = None, None
    try:
        made = make(*args)
    except Exception as error:
        failed = error
    with contextlib.suppress(EOFError, OSError):
        while True:
            answered, method, arguments, named = pipe.recv()
            answer = None
            if failed is None:
                try:
                    answer = getattr(made, method)(*arguments, **named)
                except Exception as error:
                    failed = error
            if answered:
                pipe.send((failed is None, failed or answer))
    # Whatever it holds goes with the process; taking that apart, one by one, would keep the build waiting.
    os._exit(0)


def _killed() -> SitegenError:
    return SitegenError("a process of this build was killed; if memory is short, build with -j 1")


def _begin() -> None:
    """Have this worker leave an interrupt to the process that started it, which waits for what is being done (a
    worker that ended in the middle of an answer would be waited for without end), and have it end when that process
    is killed: it would wait for its next task and hold what it inherited, the lock on the cache among it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
