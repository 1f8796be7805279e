"""Worker processes on this machine: some that share out tasks, or one that keeps an object beside the build."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from sitegen.errors import SitegenError

T = TypeVar("T")
P = ParamSpec("P")
Result = TypeVar("Result")
Answer = Callable[[], Result]
Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


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


@contextlib.contextmanager
def local_executor(jobs: int) -> Iterator[Executor | None]:
    """Worker processes that share this process's memory, or ``None`` where the work stays here."""
    if not can_fork(jobs):
        yield None
        return
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_end_with_parent)
    try:
        yield pool
    except BrokenProcessPool:
        raise _killed() from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def ordered_map(executor: Executor | None, task: Callable[[Any], Result], items: Iterable[Any]) -> Iterator[Result]:
    """Results in the order of the items, in workers where there are any; these begin at once."""
    if executor is None:
        return map(task, items)
    futures: list[Future[Result]] = [executor.submit(task, item) for item in items]
    return (future.result() for future in futures)


class Beside(ABC, Generic[T]):
    """An object that does its work beside ours, call after call. See ``beside``.

    Methods go by their names, so those of an interface will do, and what implements it need not be loaded here.
    """

    @abstractmethod
    def tell(self, method: Callable[Concatenate[T, P], object], *args: P.args, **named: P.kwargs) -> None:
        """Call a method and want no answer. What it raises is raised by the next ``ask``."""

    @abstractmethod
    def ask(self, method: Callable[Concatenate[T, P], Result], *args: P.args, **named: P.kwargs) -> Answer[Result]:
        """Call a method; what is returned waits for its answer."""


class _Here(Beside[T]):
    """For want of another process."""

    def __init__(self, made: T) -> None:
        self._made = made

    def tell(self, method: Callable[Concatenate[T, P], object], *args: P.args, **named: P.kwargs) -> None:
        self.ask(method, *args, **named)

    def ask(self, method: Callable[Concatenate[T, P], Result], *args: P.args, **named: P.kwargs) -> Answer[Result]:
        answer = getattr(self._made, method.__name__)(*args, **named)
        return lambda: answer


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


class _Awaited:
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
    # The one who started us decides what an interrupt means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parents.close()
    _end_with_parent()
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


def _killed() -> SitegenError:
    return SitegenError("a process of this build was killed; if memory is short, build with -j 1")


def _end_with_parent() -> None:
    """Have this worker end when the process that started it is killed: it would wait for ever for its next task,
    and hold what it inherited, the lock on the cache among it."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
