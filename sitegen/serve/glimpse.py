"""The pages that somebody looks at, at once, before the whole site has been brought up to date behind them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from sitegen.config import Config
from sitegen.content.files import Signature, SourceFile
from sitegen.content.load import read_source
from sitegen.model import Paper, Site
from sitegen.render.output import Output, Setup
from sitegen.render.plan import render
from sitegen.render.theme import Theme
from sitegen.urls import path_of

# A change in one of these moves the paper or links it elsewhere: that is the whole build's to show.
_PLACING = (
    *("id", "slug", "aliases", "draft", "expires"),
    *("date", "featured_on", "authors", "topics", "tags", "venue", "upvotes"),
)
# Settings by which papers are found and put together; all others only say how pages look.
_ASSEMBLING = ("content", "trending", "related")
# Up to so many papers, and so many open pages, are shown before the whole build.
_FEW = 8


class Glimpse:
    """The site as last built, kept to render single pages of it.

    What it shows is what the whole build will make of these pages, apart from what only that can know: similar
    papers that are others now.
    """

    def __init__(self, site: Site, setup: Setup, outputs: Iterable[Output]) -> None:
        self._site = site
        self._setup = setup
        self._outputs = {output.path: output for output in outputs}
        alone = Counter(paper.source for paper in site.papers)
        self._position = {paper.source: i for i, paper in enumerate(site.papers) if alone[paper.source] == 1}

    def show(self, papers: Collection[str], config: Config | None, urls: Sequence[str], folder: Path) -> bool:
        """Write pages into the built ``folder``: those of the changed papers, and others that are open.

        Args:
            papers: paths of changed sources of papers.
            config: the present settings when they or the theme changed.
            urls: of open pages, the latest first.

        Returns:
            ``False`` when a change is more than this can show, and nothing was written.
        """
        if len(papers) > _FEW:
            return False
        saved = [self._saved(file) for file in papers]
        moved = dict(found for found in saved if found is not None)
        if len(moved) != len(saved):
            return False
        if config is not None:
            if any(getattr(config, name) != getattr(self._setup.config, name) for name in _ASSEMBLING):
                return False
            theme = Theme(self._setup.root, config.theme.name, config.theme.options)
            self._setup = Setup(self._setup.root, config, theme)
        if moved:
            everything = [moved.get(i, paper) for i, paper in enumerate(self._site.papers)]
            self._site = msgspec.structs.replace(self._site, papers=tuple(everything))
        own = [f"papers/{self._site.slugs[i]}/" for i in moved]
        for path, data in [*self._assets(), *self._pages([*own, *urls[:_FEW]])]:
            _put(folder / path, data)
        return True

    def _pages(self, urls: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        for path in dict.fromkeys(map(path_of, urls)):
            if path.endswith(".html") and path in self._outputs:
                yield path, render(self._site, self._setup, self._outputs[path])

    def _assets(self) -> Iterable[tuple[str, bytes]]:
        """What pages need besides themselves; its names hold digests, so what lies there is right."""
        return ((path, data) for path, data in self._setup.theme.assets.items() if path not in self._outputs)

    def _saved(self, file: str) -> tuple[int, Paper] | None:
        """Position and new state of the one paper in a file, if it stays in its place."""
        try:
            name = Path(file).relative_to(self._setup.root).as_posix()
            source = SourceFile(name, file, Signature.of(os.stat(file)))
        except (OSError, ValueError):
            return None
        position = self._position.get(name)
        if position is None:
            return None
        parsed = read_source(source)
        if len(parsed.papers) != 1 or parsed.problems:
            return None
        old, new = self._site.papers[position], parsed.papers[0]
        same = all(getattr(old, field) == getattr(new, field) for field in _PLACING)
        return (position, new) if same else None


def _put(target: Path, data: bytes) -> None:
    """Write a file whole; readers see the one before or this one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(".glimpse")
    fresh.write_bytes(data)
    os.replace(fresh, target)
