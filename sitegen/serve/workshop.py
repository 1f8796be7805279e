"""Where the preview's site is made, and kept in memory between builds."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import time
from collections.abc import Collection, Sequence
from pathlib import Path

import msgspec

from sitegen.build import BuildOptions, BuildReport, build
from sitegen.config import Config, load_config
from sitegen.content.load import Content
from sitegen.model import Site
from sitegen.publish.cache import Cache
from sitegen.render.output import Output, RenderEnv
from sitegen.render.theme_files import SHIPPED
from sitegen.serve.glimpse import Glimpse
from sitegen.serve.preview import Built, failed

# A build that has more pages than this left to render is given up for a newer save, unless for so many seconds none
# has come to its end.
_LONG, _PATIENCE = 5000, 30.0


class Outcome(msgspec.Struct, frozen=True):
    """How a build ended; ``report`` is missing where it did not get so far, both where there was a newer save."""

    built: Built | None = None
    report: BuildReport | None = None


class _SupersededError(Exception):
    """There are newer changes."""


class Workshop:
    """Builds one site for ``address`` into ``folder``, and keeps what it knows beside that.

    Its methods raise nothing. The configuration is read anew each time.

    Args:
        pending: its ``value`` says whether there are changes newer than those that were told.
    """

    def __init__(
        self, config_file: Path, folder: Path, address: str, options: BuildOptions, pending: ctypes.c_bool
    ) -> None:
        self._file = config_file
        self._address = address
        self._folder = folder
        self._cache = folder.with_name("cache")
        # Nobody else's files lie there; our own may be left when the cache beside it was deleted.
        self._options = msgspec.structs.replace(options, output=folder, cache=self._cache, force=True)
        self._watch = watched(config_file, Config())
        self._glimpse: Glimpse | None = None
        # The sources of the build that is under way.
        self._content: Content
        self._unread = False
        self._pending = pending
        # When a build came to its end, and what has changed since then.
        self._ended = -_PATIENCE
        self._unbuilt: set[str] = set()
        # Whether that is a few papers and no more.
        self._small = False

    def glimpse(self, changed: Collection[str], urls: Sequence[str]) -> bool:
        """Bring those pages up to date that are open, and those of papers that were saved; ``False`` where only the
        whole build can.

        Args:
            changed: paths of files. ``urls``: of open pages, the latest first.
        """
        # There are a million new objects after a build: they are looked through when nobody waits, in ``rest``.
        gc.disable()
        self._unbuilt.update(changed)
        looks = self._looks()
        shown = False
        # Where this fails and the change is not beyond it, the whole build fails in the same way, and tells of it.
        with contextlib.suppress(Exception):
            if self._glimpse:
                config = self._config() if looks else None
                self._glimpse.show(self._unbuilt - looks, config, urls, self._folder)
                shown = True
        self._small = shown and not looks
        return shown

    def build(self) -> Outcome:
        """Bring the whole site up to date."""
        gc.disable()
        try:
            config = self._config()
            self._watch = watched(self._file, config)
            # Copying this process, which is large, takes longer than building a few papers in it.
            options = msgspec.structs.replace(self._options, jobs=1) if self._small else self._options
            report = build(self._file.parent, config, options, self._go_on, self._read, self._see)
        except _SupersededError:
            return Outcome()
        except Exception as error:  # a preview outlives whatever a half-written template does
            return Outcome(failed(error, self._watch))
        self._ended = time.monotonic()
        self._unbuilt.clear()
        self._options = msgspec.structs.replace(self._options, clean=False)
        problems = tuple(problem for problem in report.problems if problem.severity == "error")
        self._unread = self._glimpse is None and not problems
        if problems:
            self._glimpse = None
        return Outcome(Built(problems, self._watch), report)

    def rest(self) -> None:
        """Do what can wait until all is shown."""
        if self._unread:
            # The site was as an earlier run had left it. The first save shall find it read.
            Cache(self._cache).forget("inputs")
            self.build()
        gc.collect()
        gc.enable()

    def _go_on(self, stage: str, done: int, total: int) -> None:
        recent = time.monotonic() - self._ended < _PATIENCE
        if self._pending.value and recent and total - done > _LONG:
            raise _SupersededError

    def _read(self, content: Content) -> None:
        self._content = content

    def _see(self, site: Site, setup: RenderEnv, outputs: Sequence[Output]) -> None:
        self._glimpse = Glimpse(self._content, self._options.visibility, site, setup, outputs)
        del self._content

    def _config(self) -> Config:
        return load_config(self._file, base_url=self._address)

    def _looks(self) -> set[str]:
        """Of what changed, the settings and the files of themes: all pages may show them."""
        themes = (self._file.parent / "themes", SHIPPED)
        return {
            path
            for path in self._unbuilt
            if Path(path) == self._file or any(Path(path).is_relative_to(folder) for folder in themes)
        }


def watched(config_file: Path, config: Config) -> tuple[Path, ...]:
    """What a site depends on: its settings, its sources, its own themes, and those that came with sitegen."""
    root = config_file.parent
    return (config_file, root / config.content, root / "themes", SHIPPED)
