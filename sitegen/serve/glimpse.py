"""The pages that somebody looks at, at once, before the whole site has been brought up to date behind them."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

import msgspec

from sitegen.collection.assemble import assemble, with_related
from sitegen.collection.visibility import Visibility
from sitegen.config import Config
from sitegen.content.files import Signature, SourceFile
from sitegen.content.load import PAPER_SUFFIXES, Content, read_source
from sitegen.model import Paper, Similar, Site
from sitegen.publish.staging import claim
from sitegen.render.output import Output, RenderEnv
from sitegen.render.plan import planned, render
from sitegen.render.theme import Theme
from sitegen.urls import path_of

# A change in one of these moves the paper or links it elsewhere, so that the site is put together anew.
_PLACING = (
    *("id", "slug", "aliases", "draft", "expires"),
    *("date", "featured_on", "authors", "topics", "tags", "venue", "upvotes"),
)
# Settings by which papers are found and put together; all others only say how pages look.
_ASSEMBLING = ("content", "trending", "related")
# Up to so many sources, papers of them, and open pages are shown before the whole build.
_FEW = 8


class BeyondError(Exception):
    """A change is more than a glimpse can show."""


class Glimpse:
    """The site as last built, kept to render single pages of it.

    What it shows is what the whole build will make of these pages, apart from what only that can know: similar
    papers that are others now.
    """

    def __init__(
        self, content: Content, visibility: Visibility, site: Site, setup: RenderEnv, outputs: Iterable[Output]
    ) -> None:
        self._sources = {source.name: source.papers for source in content.parsed}
        self._content = msgspec.structs.replace(content, parsed=(), papers=())
        self._visibility = visibility
        # As the build made it, which alone knows of all similar papers.
        self._built = site
        self._site = site
        self._setup = setup
        self._outputs = _Outputs(site, setup, outputs)

    def show(self, sources: Collection[str], config: Config | None, urls: Sequence[str], folder: Path) -> None:
        """Write pages into the built ``folder``: those of papers that are new or others now, and open ones. Open ones
        that the site no longer has are removed.

        Args:
            sources: paths of changed sources of papers.
            config: the present settings when they or the theme changed.
            urls: of open pages, the latest first.

        Raises:
            BeyondError: before anything is written; as are the errors of sources and templates.
        """
        if len(sources) > _FEW:
            raise BeyondError
        read = dict(chain.from_iterable(map(self._read, sources)))
        setup = self._setup if config is None else self._dressed(config)
        before = {paper.id: paper for name in read for paper in self._sources.get(name, ())}
        after = {paper.id: paper for papers in read.values() for paper in papers}
        own = {name for name, paper in after.items() if name not in before or paper.digest != before[name].digest}
        if len(own) > _FEW:
            raise BeyondError
        everything, site, stay = self._sources | read, self._site, _stay(before, after)
        if not stay:
            site = self._assembled(tuple(chain.from_iterable(everything.values())), setup.config)
        elif own:
            site = msgspec.structs.replace(site, papers=tuple([after.get(paper.id, paper) for paper in site.papers]))
        pages = [f"papers/{slug}/" for slug, paper in zip(site.slugs, site.papers, strict=True) if paper.id in own]
        shown = list(map(path_of, [*pages, *urls[:_FEW]]))
        if site.related is not self._built.related:
            site = with_related(site, _carried(self._built, site, shown))
        outputs = self._outputs if stay else _Outputs(site, setup)
        wanted = {path: outputs.at(path) for path in shown if path.endswith(".html")}
        made = {path: render(site, setup, output) for path, output in wanted.items() if output}
        gone = [path for path, output in wanted.items() if not output and self._outputs.at(path)]
        if config is not None:
            # Names of assets hold digests, so what lies there is right.
            assets = setup.theme.assets.items()
            made = {path: data for path, data in assets if not (folder / path).exists()} | made
        self._sources, self._site, self._setup, self._outputs = everything, site, setup, outputs
        # Should no build follow that knows these files, a later one removes them.
        claim(folder, made)
        for path, data in made.items():
            _put(folder / path, data)
        for path in gone:
            (folder / path).unlink(missing_ok=True)

    def _dressed(self, config: Config) -> RenderEnv:
        if any(getattr(config, name) != getattr(self._setup.config, name) for name in _ASSEMBLING):
            raise BeyondError
        return RenderEnv(self._setup.root, config, Theme(self._setup.root, config.theme.name, config.theme.options))

    def _assembled(self, papers: tuple[Paper, ...], config: Config) -> Site:
        if len({paper.id for paper in papers}) < len(papers):
            raise BeyondError
        content = msgspec.structs.replace(self._content, papers=papers)
        return assemble(content, config, self._visibility, compared=False)

    def _read(self, file: str) -> Iterator[tuple[str, tuple[Paper, ...]]]:
        """Name and papers of a source; nothing of a file that came and went, as those of editors do."""
        name = Path(file).relative_to(self._setup.root).as_posix()
        if not name.startswith(f"{self._setup.config.content}/papers/"):
            raise BeyondError
        try:
            status = os.lstat(file)
        except FileNotFoundError:
            if name in self._sources:
                yield name, ()
            elif any(source.startswith(f"{name}/") for source in self._sources):
                raise BeyondError from None
            return
        source = SourceFile(name, file, Signature.of(status))
        if not stat.S_ISREG(status.st_mode) or source.suffix not in PAPER_SUFFIXES:
            raise BeyondError
        parsed = read_source(source, self._setup.config.bibtex.macros)
        # What one bibliography defines, others may use.
        if parsed.macros or parsed.undefined or any(problem.severity == "error" for problem in parsed.problems):
            raise BeyondError
        yield name, parsed.papers


class _Outputs:
    """Outputs of a site, planned no further than they are asked for. ``known``: all of them, if they are known."""

    def __init__(self, site: Site, setup: RenderEnv, known: Iterable[Output] = ()) -> None:
        self._known = {output.path: output for output in known}
        done = bool(self._known)
        self._rest = {similar: iter(()) if done else planned(site, setup, similar=similar) for similar in (True, False)}

    def at(self, path: str) -> Output | None:
        # Pages of papers, which are most of all, are those that show similar ones.
        for similar in (True, False) if path.startswith("papers/") else (False, True):
            while path not in self._known:
                output = next(self._rest[similar], None)
                if output is None:
                    break
                self._known[output.path] = output
        return self._known.get(path)


def _stay(before: Mapping[str, Paper], after: Mapping[str, Paper]) -> bool:
    """Whether these papers, by id, stay in their places."""
    return before.keys() == after.keys() and all(
        getattr(paper, field) == getattr(after[name], field) for name, paper in before.items() for field in _PLACING
    )


def _carried(old: Site, new: Site, shown: Collection[str]) -> list[tuple[Similar, ...]]:
    """Similar papers of each paper whose page is shown, as far as they are known from a site before."""
    before = {paper.id: i for i, paper in enumerate(old.papers)}
    position = {paper.id: i for i, paper in enumerate(new.papers)}
    carried: list[tuple[Similar, ...]] = [()] * len(new.papers)
    for i, (slug, paper) in enumerate(zip(new.slugs, new.papers, strict=True)):
        if path_of(f"papers/{slug}/") in shown and paper.id in before:
            near = [(position.get(old.papers[other.paper].id), other.words) for other in old.related[before[paper.id]]]
            carried[i] = tuple([Similar(place, words) for place, words in near if place is not None])
    return carried


def _put(target: Path, data: bytes) -> None:
    """Write a file whole; readers see the one before or this one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(".glimpse")
    fresh.write_bytes(data)
    os.replace(fresh, target)
