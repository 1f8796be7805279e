"""A site as the preview wants it: built into a folder of its own, for the address it is served at."""

from __future__ import annotations

import contextlib
import time
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from sitegen.build import CACHE_FOLDER, BuildOptions, BuildReport, build
from sitegen.config import Config, load_config
from sitegen.errors import Problem, UsageError
from sitegen.render.theme_files import SHIPPED
from sitegen.serve.preview import POLL_SECONDS, Built, Preview, failed
from sitegen.serve.reload_state import ReloadState
from sitegen.serve.server import PreviewServer
from sitegen.serve.watch import Signal
from sitegen.urls import path_of

# A build that has more pages than this left to render is given up for a newer save, unless for so many seconds none
# has come to its end.
_LONG, _MAX_WAIT = 5000, 30.0


class _SupersededError(Exception):
    """There are newer changes."""


class SiteBuilder:
    """Builds a site for ``server``, and tells of problems that kept sources out of it. Pages that somebody looks at
    are shown first. The configuration is read anew each time."""

    def __init__(
        self,
        config_file: Path,
        server: PreviewServer,
        signal: Signal,
        options: BuildOptions,
        say: Callable[[BuildReport], None],
    ) -> None:
        self._file = config_file
        self._server = server
        self._signal = signal
        # Nobody else's files lie there; our own may be left when the cache beside it was deleted.
        cache = server.folder.with_name("cache")
        self._options = msgspec.structs.replace(options, output=server.folder, cache=cache, force=True)
        self._say = say
        self._watch = watched(config_file, Config())
        self._ended = -_MAX_WAIT

    def __call__(self, show: Callable[[Built], None]) -> Built | None:
        def progress(stage: str, done: int, total: int) -> None:
            if stage == "first":
                show(Built((), self._watch))
            recent = time.monotonic() - self._ended < _MAX_WAIT
            if self._signal.pending and recent and total - done > _LONG:
                raise _SupersededError

        try:
            config = load_config(self._file, base_url=self._server.url)
            self._watch = watched(self._file, config)
            first = frozenset(map(path_of, self._server.reload_state.open_pages))
            report = build(self._file.parent, config, msgspec.structs.replace(self._options, first=first), progress)
        except _SupersededError:
            return None
        except Exception as error:  # a preview outlives whatever a half-written template does
            return failed(error, self._watch)
        self._ended = time.monotonic()
        self._options = msgspec.structs.replace(self._options, clean=False)
        self._say(report)
        return Built(tuple(problem for problem in report.problems if problem.severity == "error"), self._watch)


def watched(config_file: Path, config: Config) -> tuple[Path, ...]:
    """What a site depends on: its settings, its sources, its own themes, and those that came with sitegen."""
    root = config_file.parent
    return (config_file, root / config.content, root / "themes", SHIPPED)


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
    builder = SiteBuilder(config_file, server, signal, options, built)
    with contextlib.suppress(KeyboardInterrupt):
        Preview(server, builder, watch, signal, poll=POLL_SECONDS if poll else None, say=say, tell=tell).run(ready)
