"""A saved paper's own page at once, before the whole site has been brought up to date behind it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection
from pathlib import Path

import msgspec

from sitegen.content.files import Signature, SourceFile
from sitegen.content.load import read_source
from sitegen.model import Paper, Site
from sitegen.render.kinds import paper as paper_pages
from sitegen.render.output import Setup
from sitegen.urls import path_of

# A change in one of these moves the paper or links it elsewhere: that is the whole build's to show.
_PLACING = ("id", "slug", "date", "featured_on", "authors", "topics", "tags", "venue", "draft", "expires", "aliases")
_FEW = 8
[_PAPER_PAGE] = [kind for kind in paper_pages.KINDS if kind.name == "paper"]


class Glimpse:
    """The site as last built, kept to render single pages of it."""

    def __init__(self, site: Site, setup: Setup) -> None:
        self._site = site
        self._setup = setup
        alone = Counter(paper.source for paper in site.papers)
        self._position = {paper.source: i for i, paper in enumerate(site.papers) if alone[paper.source] == 1}

    def show(self, changed: Collection[str], folder: Path) -> bool:
        """Write the pages of the changed files into the built ``folder``; ``False`` when that is not all there is
        to a change, and nothing was written."""
        if not 0 < len(changed) <= _FEW:
            return False
        saved = [self._saved(file) for file in changed]
        papers = dict(found for found in saved if found is not None)
        if len(papers) != len(saved):
            return False
        site = msgspec.structs.replace(
            self._site, papers=tuple([papers.get(i, paper) for i, paper in enumerate(self._site.papers)])
        )
        for i in papers:
            page = folder / path_of(f"papers/{site.slugs[i]}/")
            fresh = page.with_name(".glimpse")
            fresh.write_bytes(_PAPER_PAGE.render(site, self._setup, (i,)))
            os.replace(fresh, page)
        self._site = site
        return True

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
