"""A site as the preview wants it: built into a folder of its own, for the address it is served at."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import time
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, TypeVar

from sitegen.config import Config
from sitegen.errors import Problem, SitegenError, UsageError
from sitegen.job import CACHE_FOLDER, BuildOptions, BuildReport
from sitegen.publish.processes import Beside, available_jobs, beside
from sitegen.serve.preview import POLL_SECONDS, Built, Preview
from sitegen.serve.reload_state import ReloadState
from sitegen.serve.server import PreviewServer
from sitegen.serve.watch import Signal
from sitegen.serve.workshop import Workshop, watched

P = ParamSpec("P")
Result = TypeVar("Result")


class SiteBuilder:
    """Builds a site for ``server``, and tells of problems that kept sources out of it. Pages that somebody looks at
    come first, the rest of the site right behind.

    The work is done in a process of its own, where there may be several: it need not share a processor with the
    server, and it can be forked, which a process with the server's threads should not be. Used as a context; one
    that an exception ends does not wait for a build that is under way.
    """

    def __init__(
        self,
        config_file: Path,
        server: PreviewServer,
        signal: Signal,
        options: BuildOptions,
        say: Callable[[BuildReport], None],
    ) -> None:
        jobs = options.jobs or available_jobs()
        self._reload_state = server.reload_state
        self._work = (jobs, _workshop, config_file, server.folder, server.url, options, signal.pending)
        self._say = say
        self._watch = watched(config_file, Config())
        self._stack = contextlib.ExitStack()
        self._workshop: Beside[Workshop] | None = None

    def __enter__(self) -> SiteBuilder:
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def __call__(self, changed: frozenset[str]) -> Iterator[Built]:
        if self._ask(Workshop.glimpse, changed, self._reload_state.open_pages):
            yield Built((), self._watch)
        outcome = self._ask(Workshop.build)
        if outcome.report:
            self._say(outcome.report)
        if outcome.built:
            self._watch = outcome.built.watch
            yield outcome.built
        self._open().tell(Workshop.rest)

    def _ask(self, method: Callable[Concatenate[Workshop, P], Result], *args: P.args, **named: P.kwargs) -> Result:
        try:
            return self._open().ask(method, *args, **named)()
        except SitegenError:
            # It was killed, as large processes are when memory is short. The next save finds another.
            self._stack.close()
            self._workshop = None
            raise

    def _open(self) -> Beside[Workshop]:
        if self._workshop is None:
            self._workshop = self._stack.enter_context(beside(*self._work))
        return self._workshop


def _workshop(*args: Any) -> Workshop:
    """A workshop that gives way to the browser: who has saved waits for that, and not for what is built behind it."""
    if multiprocessing.parent_process() and hasattr(os, "nice"):
        os.nice(10)
    return Workshop(*args)


def serve(
    config_file: Path,
    options: BuildOptions,
    *,
    host: str,
    port: int,
    reload: bool,
    poll: bool,
    open_browser: bool,
    built: Callable[[BuildReport], None],
    say: Callable[[str], None],
    tell: Callable[[Sequence[Problem]], None],
) -> None:
    """Serve a site until the keyboard interrupts.

    Raises:
        UsageError: when there is no configuration, or nothing can listen on ``host``.
    """
    root = config_file.parent
    if not config_file.is_file():
        raise UsageError(f"{config_file}: no such file (run 'sitegen new DIR', or name one with --config)")
    try:
        server = PreviewServer(root, root, ReloadState(), host=host, port=port, reload=reload)
    except OSError as error:
        raise UsageError(f"cannot listen on {host}, port {port}: {error.strerror}") from None
    if port not in (0, server.port):
        say(f"port {port} is in use, taking {server.port}")
    server.folder = root / CACHE_FOLDER / f"serve-{server.port}" / "site"
    started = time.perf_counter()

    def ready() -> None:
        seconds = time.perf_counter() - started
        say(f"serving {server.url} after {seconds:.1f} s (Ctrl-C stops)")
        if open_browser:
            webbrowser.open(server.url)

    signal, watch = Signal(), watched(config_file, Config())
    with contextlib.suppress(KeyboardInterrupt), SiteBuilder(config_file, server, signal, options, built) as builder:
        Preview(server, builder, watch, signal, poll=POLL_SECONDS if poll else None, say=say, tell=tell).run(ready)
