"""The loop of the preview: build, serve, wait for a burst of saves, build again.

It knows nothing of sites: a ``builder`` brings a folder up to date and says what is wrong and what to watch.
"""

from __future__ import annotations

import contextlib
import threading
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from sitegen.errors import ContentError, Problem, SitegenError
from sitegen.serve.server import PreviewServer
from sitegen.serve.watch import Signal, Watcher

# On Windows a wait without end cannot be interrupted from the keyboard.
_ATTENTION = 1.0
POLL_SECONDS = 1.0


class Built(msgspec.Struct, frozen=True):
    """What a builder has to say: the problems that call for a person, the files and folders that its result
    depends on, and where in the program it went wrong, if it did."""

    problems: tuple[Problem, ...]
    watch: tuple[Path, ...]
    trace: str = ""


def failed(error: Exception, watch: tuple[Path, ...]) -> Built:
    """What is to be said of an error that is being handled."""
    if isinstance(error, ContentError):
        return Built(error.problems, watch)
    if isinstance(error, SitegenError):
        return Built((Problem(source="sitegen", message=str(error)),), watch)
    problem = Problem(source="sitegen", message=f"{type(error).__name__}: {error}")
    return Built((problem,), watch, traceback.format_exc().rstrip())


Builder = Callable[[Callable[[Built], None]], Built | None]
"""Brings the folder up to date; calls what it is given when there is something to see already, and returns what is to
be said when all is done, or nothing where it was given up for newer changes."""


class Preview:
    """One preview; ``run`` blocks until ``stop`` is called, or an exception such as the keyboard's ends it.

    Args:
        server: bound already, and not yet serving.
        builder: brings ``server.folder`` up to date. What it raises is shown in the browser instead of the
            site, and it is called again at the next save.
        watch: what to watch as long as no build has said so.
        signal: what tells of changes. ``poll``: look at the files every so many seconds instead of asking the system.
        say: where news goes. ``tell``: where problems go.
    """

    def __init__(
        self,
        server: PreviewServer,
        builder: Builder,
        watch: tuple[Path, ...],
        signal: Signal,
        *,
        poll: float | None = None,
        say: Callable[[str], None],
        tell: Callable[[Sequence[Problem]], None],
    ) -> None:
        self._server = server
        self._builder = builder
        self._watch = watch
        self._poll = poll
        self._say = say
        self._tell = tell
        self._signal = signal
        self._stopping = threading.Event()

    def run(self, ready: Callable[[], None] | None = None) -> None:
        """Build and serve. ``ready`` is called once, when the first build is being served."""
        with contextlib.ExitStack() as ending:
            watcher = self._start_watching()
            ending.callback(watcher.stop)
            ending.callback(self._server.server_close)
            self._build()
            watcher.aim(self._watch)
            serving = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
            serving.start()
            ending.callback(self._server.shutdown)
            ending.callback(self._server.reload_state.close)
            if ready is not None:
                ready()
            while not self._stopping.is_set():
                if self._signal.wait(_ATTENTION) and not self._stopping.is_set():
                    watcher.rearm()
                    self._build()
                    watcher.aim(self._watch)

    def stop(self) -> None:
        """End ``run``, from another thread."""
        self._stopping.set()
        self._signal.note()

    def _build(self) -> None:
        try:
            built = self._builder(self._show)
        except Exception as error:
            built = failed(error, self._watch)
        if built:
            self._show(built)

    def _show(self, built: Built) -> None:
        self._watch = built.watch
        if built.trace:
            self._say(built.trace)
        self._tell(built.problems)
        self._server.reload_state.publish(built.problems)

    def _start_watching(self) -> Watcher:
        watcher = Watcher(self._signal, poll=self._poll)
        try:
            watcher.start(self._watch)
        except OSError as error:
            watcher.stop()
            self._say(f"the system cannot watch so many files ({error.strerror}): looking at them every second")
            watcher = Watcher(self._signal, poll=POLL_SECONDS)
            watcher.start(self._watch)
        return watcher
