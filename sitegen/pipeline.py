"""The whole way of a build: load -> Site -> plan -> render -> publish."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec

from sitegen.clock import GRAIN_NS, Clock
from sitegen.collection.assemble import assemble, with_related
from sitegen.config import Config
from sitegen.content.files import Signature
from sitegen.content.load import Content, Parsed, load
from sitegen.errors import Problem
from sitegen.job import BuildOptions, Found, Progress, Seen
from sitegen.model import Site
from sitegen.publish import executor, hosts, processes, writer
from sitegen.publish.cache import Cache, code_digest
from sitegen.publish.executor import Rendered
from sitegen.publish.indexing import IndexStage, indexing
from sitegen.publish.processes import Results
from sitegen.publish.writer import Stage, Written
from sitegen.render.output import Output, Setup
from sitegen.render.plan import plan, refuse_rivals
from sitegen.render.theme import Theme

# Seconds between two lines of progress.
_TELL_EVERY = 0.1


class Done(msgspec.Struct, frozen=True):
    """What a run did: papers shown, outputs of the site, how many were written and removed, and all problems."""

    papers: int
    outputs: int
    written: int
    removed: int
    problems: tuple[Problem, ...]


class _Published(msgspec.Struct, frozen=True):
    outputs: int
    written: int
    removed: int
    objections: list[Problem]


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
        self.jobs = options.jobs or processes.available_jobs()
        self.next_told = 0.0

    def run(self, seen: Seen | None = None) -> Done:
        """Bring the output folder up to date, whatever it holds; ``seen`` is given what is planned before that."""
        stage = Stage.beside(self.found.output, self.cache.folder)
        try:
            # The index puts its files there too, and has come to an end when the stage is discarded.
            with indexing(self.config, self.cache, self.jobs) as index:
                return self._run(stage, index, seen)
        finally:
            stage.discard()

    def _run(self, stage: Stage, index: IndexStage | None, seen: Seen | None) -> Done:
        with processes.local_workers(self.jobs) as workers:
            mapper: processes.Mapper = partial(processes.SharedResults, workers)
            content, keep = self._load(mapper)
            self.clock.lap("load")
            site = assemble(content, self.config, self.options.visibility)
            self.clock.lap("assemble")
            theme = Theme(self.root, self.config.theme.name, self.config.theme.options)
            setup = Setup(self.root, self.config, theme, code_digest())
            if index:
                index.follow(site, mapper)
            # While workers read for the index.
            keep()
            if index and self.config.related.count:
                site = with_related(site, index.similar())
            self.clock.lap("analyse")
            outputs = plan(site, setup)
            refuse_rivals(outputs)
            if seen:
                seen(site, setup, outputs)
            self.clock.lap("plan")
            if index:
                index.settle()
                self.clock.lap("analyse")
        published = self._publish(stage, site, setup, outputs, index)
        problems = (*content.problems, *published.objections)
        return Done(len(site.papers), published.outputs, published.written, published.removed, problems)

    def _load(self, mapper: processes.Mapper) -> tuple[Content, Callable[[], None]]:
        """The sources, and what keeps them for the next build."""
        previous = self.cache.read_sharded("sources", Parsed)
        digests = self.cache.read("static", dict[str, tuple[Signature, bytes]]) or {}
        started = time.time_ns()
        content = load(
            self.root,
            self.config.content,
            files=self.found.files,
            problems=self.found.problems,
            previous=previous,
            static_digests=digests,
            mapper=mapper,
        )

        def keep() -> None:
            now = {source.name: source for source in content.parsed if _settled(source.signature, started)}
            changed = [name for name, source in now.items() if previous.get(name) is not source]
            self.cache.write_sharded("sources", now, [*changed, *(previous.keys() - now.keys())])
            signatures = {file.name: file.signature for file in self.found.files}
            static = {
                file.source: (signatures[file.source], file.digest)
                for file in content.static
                if _settled(signatures[file.source], started)
            }
            if static != digests:
                self.cache.write("static", static)

        return content, keep

    def _publish(
        self, stage: Stage, site: Site, setup: Setup, planned: list[Output], index: IndexStage | None
    ) -> _Published:
        """Render what changed, move it into place, prune; returns how many files were written and removed."""
        known = self.found.known
        paths = {*known, *(output.path for output in planned)}
        on_disk = {} if stage.whole else writer.signatures(self.found.output, paths)
        intact = {path: record for path, record in known.items() if on_disk.get(path) == record.signature}
        todo = [i for i, o in enumerate(planned) if o.path not in intact or intact[o.path].fingerprint != o.fingerprint]
        digests = {i: intact[planned[i].path].digest for i in todo if planned[i].path in intact}
        # What this build moves must not be taken for what an earlier one recorded, should it be cut short.
        self.cache.forget("inputs")
        shared = executor.Shared(site, setup, planned, digests, stage, self.found.output)
        options = (self.jobs, self.options.elsewhere, self.cache.folder)
        with executor.rendering(shared, todo, *options) as batches:
            files = index.files(intact, stage, self.found.output, len(planned)) if index else None
            # As long as it works, the index has a processor to itself: it is the longest of all tasks.
            while files and batches.elsewhere and not files.within(_TELL_EVERY):
                self._tell(batches, len(todo))
            rendered = []
            for batch in batches:
                rendered += batch
                self._tell(batches, len(todo))
        self.clock.lap("render")
        ready = files() if files else []
        self.clock.lap("index")
        outputs = [*planned, *(file.output for file in ready)]
        refuse_rivals([output for output in outputs if output.path[:7].casefold() == "search/"])
        rendered += [
            Rendered(position, file.output.fingerprint, file.staged)
            for position, file in enumerate(ready, len(planned))
            if file.made
        ]
        moves = {outputs[item.position].path: item.position for item in rendered if item.staged}
        objections = self._ask_host(outputs, on_disk, rendered)
        final = [output.path for output in outputs]
        stale = set(self.found.mine).difference(final)
        writer.commit(stage, self.found.output, moves, stale, final)
        self.clock.lap("publish")
        self._remember(outputs, intact, rendered, stage)
        self.clock.lap("remember")
        return _Published(len(outputs), len(moves), len(stale), objections)

    def _tell(self, batches: Results[list[Rendered]], total: int) -> None:
        if time.monotonic() >= self.next_told:
            self.next_told = time.monotonic() + _TELL_EVERY
            self.progress("render", sum(map(len, batches.so_far())), total)

    def _ask_host(
        self, outputs: Sequence[Output], on_disk: Mapping[str, Signature], rendered: Iterable[Rendered]
    ) -> list[Problem]:
        if self.options.host is None:
            return []
        sizes = {path: signature.size for path, signature in on_disk.items()}
        sizes |= {outputs[item.position].path: item.staged.size for item in rendered if item.staged}
        name = f"--host {self.options.host}"
        return [
            Problem(source=name, message=objection, severity="warning")
            for objection in hosts.objections(hosts.HOSTS[self.options.host], sizes)
        ]

    def _remember(
        self,
        outputs: Iterable[Output],
        intact: Mapping[str, Written],
        rendered: Iterable[Rendered],
        stage: Stage,
    ) -> None:
        fresh = {item.position: item for item in rendered}
        if not fresh and len(intact) == len(self.found.known):
            return
        records = {}
        for position, output in enumerate(outputs):
            item, record = fresh.get(position), intact.get(output.path)
            if item is None:
                assert record is not None
                records[output.path] = record
            else:
                moved = item.staged is None or not stage.whole
                signature = Signature.of(os.stat(self.found.output / output.path)) if moved else item.staged
                assert signature is not None
                records[output.path] = Written(output.fingerprint, item.digest, signature)
        self.cache.write("outputs", records)


def _settled(signature: Signature, now_ns: int) -> bool:
    return signature.ctime_ns < now_ns - GRAIN_NS
