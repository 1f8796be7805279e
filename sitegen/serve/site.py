"""A site as the preview wants it: built into a folder of its own, for the address it is served at."""

from __future__ import annotations

import time
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from sitegen.build import CACHE_FOLDER, BuildOptions, BuildReport, build
from sitegen.config import Config, load_config
from sitegen.errors import Problem, UsageError
from sitegen.render.theme_files import SHIPPED
from sitegen.serve.glimpse import Glimpse
from sitegen.serve.live import Live
from sitegen.serve.preview import POLL_SECONDS, Built, Preview
from sitegen.serve.server import PreviewServer


class SiteBuilder:
    """Builds a site for ``address`` and tells of problems that kept sources out of it. The page of a paper that was
    saved comes first, the rest of the site right behind.

    The configuration is read anew each time. Only the first build may use several processes: later ones
    share this process with the server's threads, and a forked copy of those is not to be trusted.
    """

    def __init__(
        self,
        config_file: Path,
        folder: Path,
        address: str,
        options: BuildOptions,
        say: Callable[[BuildReport], None],
    ) -> None:
        self._file = config_file
        self._root = config_file.parent
        self._address = address
        self._folder = folder / "site"
        self._options = msgspec.structs.replace(options, output=self._folder, cache=folder / "cache")
        self._say = say
        self._glimpse: Glimpse | None = None

    def __call__(self, changed: frozenset[str]) -> Iterator[Built]:
        config = load_config(self._file, base_url=self._address)
        watch = watched(self._file, config)
        if self._glimpse and self._glimpse.show(changed, self._folder):
            yield Built((), watch)
        self._glimpse = None
        kept: list[Glimpse] = []
        report = build(self._root, config, self._options, seen=lambda site, setup: kept.append(Glimpse(site, setup)))
        self._options = msgspec.structs.replace(self._options, jobs=1, clean=False)
        self._say(report)
        problems = tuple(problem for problem in report.problems if problem.severity == "error")
        if kept and not problems:
            self._glimpse = kept[0]
        yield Built(problems, watch)


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
    home = root / CACHE_FOLDER
    try:
        server = PreviewServer(home, root, Live(), host=host, port=port, reload=reload)
    except OSError as error:
        raise UsageError(f"cannot listen on {host}, port {port}: {error.strerror}") from None
    if port not in (0, server.port):
        say(f"port {port} is in use, taking {server.port}")
    home /= f"serve-{server.port}"
    server.folder = home / "site"
    started = time.perf_counter()
    builder = SiteBuilder(config_file, home, server.url, options, built)
    preview = Preview(
        server, builder, watched(config_file, Config()), poll=POLL_SECONDS if poll else None, say=say, tell=tell
    )

    def ready() -> None:
        seconds = time.perf_counter() - started
        say(f"serving {server.url} after {seconds:.1f} s (Ctrl-C stops)")
        if open_browser:
            webbrowser.open(server.url)

    preview.run(ready)
