"""The whole way of a build: load -> Site -> plan -> render -> publish."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from sitegen.clock import GRAIN_NS, Clock
from sitegen.collection.assemble import assemble, with_related
from sitegen.config import Config
from sitegen.content.files import Signature
from sitegen.content.load import Content, Parsed, load
from sitegen.errors import Problem
from sitegen.job import BuildOptions, Found, Progress, Read, Seen
from sitegen.model import Site
from sitegen.publish import processes
from sitegen.publish.cache import Cache, code_digest
from sitegen.publish.indexing import IndexStage, indexing, similar_papers
from sitegen.publish.memory import trim_heap
from sitegen.publish.publication import Publication
from sitegen.publish.results import SharedResults
from sitegen.publish.staging import OutputRecord, StagingDir
from sitegen.render.output import RenderEnv
from sitegen.render.plan import check_path_collisions, plan
from sitegen.render.theme import Theme, ThemeCache


class Done(msgspec.Struct, frozen=True):
    """What a run did: papers shown, outputs of the site, how many were written and removed, and all problems."""

    papers: int
    outputs: int
    written: int
    removed: int
    problems: tuple[Problem, ...]


class Pipeline:
    """One run through all the rooms."""

    def __init__(
        self,
        root: Path,
        config: Config,
        options: BuildOptions,
        cache: Cache,
        found: Found,
        clock: Clock,
        progress: Progress,
    ) -> None:
        self.root = root
        self.config = config
        self.options = options
        self.cache = cache
        self.found = found
        self.clock = clock
        self.progress = progress
        self.jobs = options.jobs

    def run(self, read: Read | None = None, seen: Seen | None = None) -> Done:
        """Bring the output folder up to date, whatever it holds.

        Args:
            read: given the sources as soon as they are read, ``seen``: what is planned before it is published.
        """
        stage = StagingDir.beside(self.found.output, self.cache.folder)
        try:
            # The index puts its files there too, and has come to an end when the stage is discarded.
            with indexing(self.config, self.cache, self.jobs) as index:
                return self._run(stage, index, read, seen)
        finally:
            stage.discard()

    def _run(self, stage: StagingDir, index: IndexStage | None, read: Read | None, seen: Seen | None) -> Done:
        problems, site, intact = self._read(index, read)
        # The sources as they were read are gone. Each worker that renders pages gets a copy of all there is.
        trim_heap(len(site.papers))
        known = self.cache.read("theme", ThemeCache)
        theme = Theme(self.root, self.config.theme.name, self.config.theme.options, known)
        setup = RenderEnv(self.root, self.config, theme, code_digest())
        # What this build moves must not be taken for what an earlier one recorded, should it be cut short.
        self.cache.forget("inputs")
        with Publication(
            self.found.output,
            intact,
            stage,
            setup,
            jobs=self.jobs,
            elsewhere=self.options.executor,
            shared_folder=self.cache.folder,
            tell=partial(self.progress, "render"),
        ) as publication:
            self._render(publication, site, index, seen)
        objections = publication.objections(self.options.host) if self.options.host else []
        written, removed = publication.commit(self.found.manifest_paths)
        self.clock.lap("publish")
        records = publication.records()
        if records != self.found.known:
            self.cache.write("outputs", records)
        if theme.memory != known:
            self.cache.write("theme", theme.memory)
        self.clock.lap("remember")
        name = f"--host {self.options.host}"
        warnings = [Problem(source=name, message=objection, severity="warning") for objection in objections]
        outputs = len(publication.outputs)
        return Done(len(site.papers), outputs, written, removed, (*problems, *warnings))

    def _read(
        self, index: IndexStage | None, read: Read | None
    ) -> tuple[tuple[Problem, ...], Site, dict[str, OutputRecord]]:
        """The problems of the sources, the site of them as far as it is known without the index, which is given them to
        read, and what lies in the output folder as the last build recorded it."""
        with processes.local_workers(self.jobs) as workers:
            mapper: processes.Mapper = partial(SharedResults, workers)
            content, keep = self._load(mapper)
            if read:
                read(content)
            self.clock.lap("load")
            # Not before: the index, which is loaded now, is waited for sooner.
            self.found.altered.look()
            site = assemble(content, self.config, self.options.visibility)
            self.clock.lap("assemble")
            if index:
                index.follow(site, mapper)
            # While workers read for the index.
            keep()
            if index:
                index.settle()
            self.clock.lap("analyse")
        gone = frozenset(self.found.altered.paths())
        known = self.found.known
        intact = {path: record for path, record in known.items() if path not in gone} if gone else known
        return content.problems, site, intact

    def _render(self, publication: Publication, site: Site, index: IndexStage | None, seen: Seen | None) -> None:
        """Have all that changed made, by this process, its workers and the index."""
        setup, similar = publication.setup, None
        if index and self.config.related.count:
            # Similar papers are known last. Until then all is rendered that does not show any.
            similar = index.similar()
            planned = plan(site, setup, similar=False)
            self.clock.lap("plan")
            publication.render(site, planned, similar)
            self.clock.lap("render")
            site = with_related(site, similar_papers(similar()))
            self.clock.lap("analyse")
        planned = plan(site, setup, similar=True if similar else None)
        outputs = [*publication.outputs, *planned]
        check_path_collisions(outputs)
        if seen:
            seen(site, setup, outputs)
        files = index.files(publication.intact, publication.stage, self.found.output, len(outputs)) if index else None
        self.clock.lap("plan")
        publication.render(site, planned, files)
        publication.finish()
        self.clock.lap("render")
        if files:
            publication.add(files())
            check_path_collisions([output for output in publication.outputs if output.path[:7].casefold() == "search/"])
            self.clock.lap("index")

    def _load(self, mapper: processes.Mapper) -> tuple[Content, Callable[[], None]]:
        """The sources, and what keeps them for the next build."""
        previous = self.cache.read_sharded("sources", Parsed)
        digests = self.cache.read("static", dict[str, tuple[Signature, bytes]]) or {}
        started = time.time_ns()
        files, problems = self.found.sources.unpack()
        content = load(
            self.root,
            self.config.content,
            files=files,
            problems=problems,
            previous=previous,
            static_digests=digests,
            macros=self.config.bibtex.macros,
            mapper=mapper,
        )

        def keep() -> None:
            latest = started - GRAIN_NS
            now = {source.name: source for source in content.parsed if source.signature.ctime_ns < latest}
            changed = [name for name, source in now.items() if previous.get(name) is not source]
            self.cache.write_sharded("sources", now, [*changed, *(previous.keys() - now.keys())])
            copied = {file.source: file.digest for file in content.static}
            static = {
                file.name: (file.signature, copied[file.name])
                for file in files
                if file.name in copied and file.signature.ctime_ns < latest
            }
            if static != digests:
                self.cache.write("static", static)

        return content, keep
