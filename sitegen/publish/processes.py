"""Worker processes on this machine: some that take tasks, or one that keeps an object beside the build."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from multiprocessing import connection
from types import MappingProxyType
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

    They are one fewer than the jobs: whoever shares work out has the time to do some, see ``results.SharedResults``.
    """
    if not can_fork(jobs):
        yield None
        return
    pool = _Pool(jobs - 1)
    try:
        yield Workers(pool, jobs - 1)
    except BrokenExecutor:
        raise killed() from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _Pool(Executor):
    """Processes that are started, and what they take loaded, when there is something to do: few builds have much."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._started: Executor | None = None

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        if self._started is None:
            from concurrent.futures.process import ProcessPoolExecutor

            context = multiprocessing.get_context("fork")
            self._started = ProcessPoolExecutor(self._number, mp_context=context, initializer=_begin)
        return self._started.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if self._started is not None:
            self._started.shutdown(wait, cancel_futures=cancel_futures)


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

    @abstractmethod
    def ask_then(
        self,
        following: Callable[[T], object],
        method: Callable[Concatenate[T, P], Result],
        *args: P.args,
        **named: P.kwargs,
    ) -> Answer[Result]:
        """``ask``, and have another method called as soon as there is an answer, whether it has been taken or not."""


class _Call(NamedTuple):
    """A call on its way to another process. ``following``: a method to call then, when the answer has been sent."""

    method: str
    args: tuple[Any, ...]
    named: dict[str, Any]
    answered: bool = False
    following: str | None = None


class _Here(Beside[T]):
    """For want of another process."""

    def __init__(self, made: T) -> None:
        self._made = made

    def tell(self, method: Callable[Concatenate[T, P], object], *args: P.args, **named: P.kwargs) -> None:
        self.ask(method, *args, **named)

    def ask(self, method: Callable[Concatenate[T, P], Result], *args: P.args, **named: P.kwargs) -> Answer[Result]:
        return _Given(getattr(self._made, method.__name__)(*args, **named))

    def ask_then(
        self,
        following: Callable[[T], object],
        method: Callable[Concatenate[T, P], Result],
        *args: P.args,
        **named: P.kwargs,
    ) -> Answer[Result]:
        answer = self.ask(method, *args, **named)
        self.tell(following)
        return answer


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
        self._send(_Call(method.__name__, args, named))

    def ask(self, method: Callable[Concatenate[T, P], Result], *args: P.args, **named: P.kwargs) -> Answer[Result]:
        return self._asked(_Call(method.__name__, args, named, answered=True))

    def ask_then(
        self,
        following: Callable[[T], object],
        method: Callable[Concatenate[T, P], Result],
        *args: P.args,
        **named: P.kwargs,
    ) -> Answer[Result]:
        return self._asked(_Call(method.__name__, args, named, answered=True, following=following.__name__))

    def dismiss(self) -> None:
        """Say that there is nothing more to do. A process that was forked since then holds our end of the pipe too, so
        that closing it would not tell."""
        self._send(None)

    def _asked(self, call: _Call) -> _Awaited:
        self._send(call)
        self._pending = _Awaited(self._pipe)
        return self._pending

    def _send(self, call: _Call | None) -> None:
        # Both sides would wait for ever if each wrote what the other does not read.
        if self._pending:
            self._pending.receive()
        with contextlib.suppress(BrokenPipeError):  # the answer will tell
            self._pipe.send(call)


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
            self._value = killed()
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
    there: _There[T] = _There(ours)
    try:
        yield there
        there.dismiss()
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
    made: Any = None
    failed: Exception | None = None
    try:
        made = make(*args)
    except Exception as error:
        failed = error

    def carry_out(method: str, args: tuple[Any, ...] = (), named: Mapping[str, Any] = MappingProxyType({})) -> Any:
        nonlocal failed
        try:
            return None if failed else getattr(made, method)(*args, **named)
        except Exception as error:
            failed = error

    with contextlib.suppress(EOFError, OSError):
        while call := pipe.recv():
            answer = carry_out(call.method, call.args, call.named)
            if call.answered:
                pipe.send((failed is None, failed or answer))
            # It may be large.
            del answer
            if call.following:
                carry_out(call.following)
    # Whatever it holds goes with the process; taking that apart, one by one, would keep the build waiting.
    os._exit(0)


def killed() -> SitegenError:
    """What is to be said when a process of ours has gone without being asked to."""
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
