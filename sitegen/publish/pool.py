"""The worker processes of one build, as executors of ``concurrent.futures``.

Pages are rendered by ``jobs`` workers; the search index is kept by one process of its own, whose tasks run in the
order of their submission. On Linux workers are forked from this process as long as it has a single thread, and share
its memory; else from a server that has none, and on other systems they are new interpreters.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import cached_property
from multiprocessing import connection
from typing import Any, ParamSpec, TypeVar

from sitegen.errors import SitegenError, UsageError

T = TypeVar("T")
P = ParamSpec("P")
Item = TypeVar("Item")
START_METHOD = "forkserver" if sys.platform == "linux" else "spawn"
"""How workers start that are not forked from this process."""


def available_jobs() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1


class InlineExecutor(Executor):
    """Runs each task in this process, when it is submitted."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Pool:
    """Executors, each started when it is first used. See ``worker_pool``.

    Attributes:
        jobs: processes to use on this machine.
        remote: an executor on other machines for pages, or ``None``.
    """

    def __init__(self, jobs: int, stack: contextlib.ExitStack, remote: Executor | None = None) -> None:
        self.jobs = jobs
        self.remote = remote
        self._stack = stack

    @cached_property
    def workers(self) -> Executor:
        """For tasks that are independent of each other."""
        return self._stack.enter_context(_executor(self.jobs, self.jobs))

    @cached_property
    def index(self) -> Executor:
        """For tasks that share the state of one process, in the order of their submission."""
        return self._stack.enter_context(_executor(self.jobs, 1))

    def fork_workers(self) -> bool:
        """Start ``workers`` so that they have all that is in memory now; ``False`` where that is not safe."""
        if self.jobs == 1 or not _can_fork():
            return False
        # All are started before the first task.
        self.workers.submit(os.getpid).result()
        return True

    def map(self, task: Callable[[Item], T], items: Sequence[Item]) -> Iterator[T]:
        """The results of a task for each item, in their order."""
        if self.jobs == 1 or len(items) < 2:
            yield from map(task, items)
            return
        started = self.__dict__.get("workers")
        executor = started or self._stack.enter_context(_executor(self.jobs, min(self.jobs, len(items))))
        # ``Executor.map`` cancels what nobody waits for any more, and up to Python 3.12 an executor whose processes are
        # killed after that never ends.
        futures = [executor.submit(task, item) for item in items]
        for future in futures:
            yield future.result()
        if not started:
            # Its threads would keep other workers from being forked.
            executor.shutdown()


def _executor(jobs: int, processes: int) -> Executor:
    if jobs == 1:
        return InlineExecutor()
    from concurrent.futures.process import ProcessPoolExecutor

    context = multiprocessing.get_context("fork" if _can_fork() else START_METHOD)
    if START_METHOD == "forkserver":
        multiprocessing.set_forkserver_preload(["sitegen.publish.rendering"])
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_start_worker)


def _can_fork() -> bool:
    """Whether this process may be forked: on Linux, and without any thread, whose locks would stay held for ever."""
    try:
        return START_METHOD == "forkserver" and len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


@contextlib.contextmanager
def worker_pool(jobs: int = 0, remote: str | None = None) -> Iterator[Pool]:
    """Executors for one build.

    Args:
        jobs: processes to use; 0: one for each processor; with 1 all is done in this process.
        remote: address of an executor on other machines, ``dask://HOST:PORT``.

    Raises:
        SitegenError: when a worker was killed.
        UsageError: when there is no such remote executor.
    """
    others = set(multiprocessing.active_children())
    try:
        with contextlib.ExitStack() as stack:
            try:
                executor = stack.enter_context(_remote_executor(remote)) if remote else None
                yield Pool(jobs or available_jobs(), stack, executor)
            except BaseException:
                # What they are at is wanted no more, and may take long.
                for process in set(multiprocessing.active_children()) - others:
                    process.kill()
                raise
    except BrokenExecutor:
        hint = "if memory is short, build with -j 1"
        raise SitegenError(f"a process of this build was killed; {hint}") from None


@contextlib.contextmanager
def no_garbage_collection() -> Iterator[None]:
    """A build makes many objects that live to its end, and no cycles worth finding among them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextlib.contextmanager
def _remote_executor(address: str) -> Iterator[Executor]:
    """An executor of a Dask cluster whose workers have sitegen installed and see the site folder by the same path."""
    scheme, _, place = address.partition("://")
    if scheme != "dask" or not place:
        raise UsageError(f"no executor {address!r}; write dask://HOST:PORT")
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("the executor dask:// needs Dask: pip install 'sitegen-papers[dask]'") from None
    try:
        client = Client(f"tcp://{place}", timeout=10)  # type: ignore[no-untyped-call]
    except OSError as error:
        raise UsageError(f"no Dask scheduler answers at {place}: {error}") from None
    with client:
        yield client.get_executor(pure=False)  # type: ignore[no-untyped-call]


def _start_worker() -> None:
    """Leave interrupts to the process that started this one, and end when that process is gone: a worker would wait
    for its next task for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    parent: Any = multiprocessing.parent_process()

    def watch() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
