"""The whole pipeline as one readable function: load -> Site -> plan -> render -> publish."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec

from sitegen.collection.assemble import Visibility, assemble, with_related
from sitegen.config import Config
from sitegen.content.files import Signature, SourceFile, walk
from sitegen.content.load import Content, Parsed, load
from sitegen.errors import ContentError, Problem
from sitegen.model import Site
from sitegen.publish import executor, writer
from sitegen.publish.cache import Cache, code_digest
from sitegen.publish.hosts import HOSTS, objections
from sitegen.publish.index import IndexStage
from sitegen.publish.writer import Stage, Written
from sitegen.render.output import Output, Setup
from sitegen.render.plan import plan, refuse_rivals
from sitegen.render.theme import Theme

CACHE_FOLDER = ".sitegen"
# A file changed this shortly before it was read may change again within the clock's grain, unnoticed.
_GRAIN_NS = 50_000_000
Progress = Callable[[str, int, int], None]


class BuildOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How to build, apart from what the configuration says.

    Attributes:
        jobs: processes to use; 0 means one for each processor.
        clean: take nothing from earlier builds.
        force: build into a folder that holds files of others, and leave those alone.
        visibility: which papers are shown.
        elsewhere: address of an executor on other machines, ``dask://HOST:PORT``.
        host: a key of ``publish.hosts.HOSTS``, whose limits the site shall keep.
        output: folder to publish into, when it is not the configuration's.
        cache: folder for what the next build may reuse, when it is not ``.sitegen``.
    """

    jobs: int = 0
    clean: bool = False
    force: bool = False
    elsewhere: str | None = None
    host: str | None = None
    visibility: Visibility = Visibility()
    output: Path | None = None
    cache: Path | None = None


class BuildReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a build did. ``stages``: seconds by name, in order; ``waited``: another build had to end first."""

    papers: int
    written: int
    unchanged: int
    removed: int
    seconds: float
    problems: tuple[Problem, ...]
    stages: dict[str, float]
    waited: bool = False


class _Inputs(msgspec.Struct, frozen=True):
    """Everything a build depends on, short enough to compare before anything is read."""

    state: bytes
    papers: int
    problems: tuple[Problem, ...]


class _Clock:
    """Seconds spent in each stage. Only ever reported, never written into a site."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self.stages: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.stages[name] = self.stages.get(name, 0.0) + now - self._last
        self._last = now

    def total(self) -> float:
        return time.perf_counter() - self._started


def build(
    root: Path,
    config: Config,
    options: BuildOptions | None = None,
    progress: Progress | None = None,
    seen: Callable[[Site, Setup], None] | None = None,
) -> BuildReport:
    """Bring the output folder up to date with the sources.

    Problems in single papers do not stop the build: they are in the report, and those papers are left out.

    Args:
        root: the site folder.
        progress: told ``(stage, done, total)`` now and then.
        seen: given the site, when there was anything to build.

    Raises:
        ContentError: when no right site can be built at all, such as two sources that want one address.
        UsageError: when the output folder is not ours to write to.
    """
    options = options or BuildOptions()
    cache = Cache(options.cache or root / CACHE_FOLDER)
    output = options.output or root / config.output
    clock = _Clock()
    with cache.lock() as waited, _no_garbage_collection():
        if options.clean:
            cache.forget("inputs", "sources", "static", "analyses", "index", "outputs")
        known = cache.read("outputs", dict[str, Written]) or {}
        mine = writer.read_manifest(output)
        writer.refuse_foreign(output, [*mine, *known], force=options.force)
        walked: list[Problem] = []
        files = walk(root, root / config.content, walked)
        state = _input_state(root, config, options, files, walked)
        before = cache.read("inputs", _Inputs)
        if before and before.state == state and mine and _untouched(output, known):
            clock.lap("compare")
            return _report(before, 0, len(known), 0, clock, waited)
        clock.lap("compare")
        builder = _Build(root, config, options, cache, output, known, clock, progress or _silent, files, walked)
        written, removed, content, papers = builder.run(seen)
        inputs = _Inputs(state, papers, (*content.problems, *builder.objections))
        cache.write("inputs", inputs)
        clock.lap("remember")
        return _report(inputs, written, builder.total - written, removed, clock, waited)


class _Build:
    """One run of the pipeline, with what its steps hand on to each other."""

    def __init__(
        self,
        root: Path,
        config: Config,
        options: BuildOptions,
        cache: Cache,
        output: Path,
        known: dict[str, Written],
        clock: _Clock,
        progress: Progress,
        files: list[SourceFile],
        walked: list[Problem],
    ) -> None:
        self.root = root
        self.config = config
        self.options = options
        self.cache = cache
        self.output = output
        self.known = known
        self.clock = clock
        self.progress = progress
        self.files = files
        self.walked = walked
        self.jobs = options.jobs or executor.available_jobs()
        self.total = 0
        self.done = 0
        self.objections: list[Problem] = []

    def run(self, seen: Callable[[Site, Setup], None] | None) -> tuple[int, int, Content, int]:
        content = self._load()
        self.clock.lap("load")
        site = assemble(content, self.config, self.options.visibility)
        self.clock.lap("assemble")
        theme = Theme(self.root, self.config.theme.name, self.config.theme.options)
        setup = Setup(self.root, self.config, theme, code_digest())
        search = self._analyse(site)
        if search:
            site = with_related(site, search.similar(site, self.config.related.count))
        if seen:
            seen(site, setup)
        outputs = plan(site, setup)
        refuse_rivals(outputs)
        self.clock.lap("plan")
        written, removed = self._publish(site, setup, outputs, search)
        return written, removed, content, len(site.papers)

    def _load(self) -> Content:
        previous = self.cache.read_sharded("sources", Parsed)
        static = self.cache.read("static", dict[str, tuple[Signature, bytes]]) or {}
        started = time.time_ns()
        with executor.local_executor(self.jobs) as pool:
            content = load(
                self.root,
                self.config.content,
                files=self.files,
                problems=self.walked,
                previous=previous,
                static_digests=static,
                mapper=partial(executor.ordered_map, pool),
            )
        now = {source.name: source for source in content.parsed if _settled(source.signature, started)}
        changed = [name for name, source in now.items() if previous.get(name) is not source]
        self.cache.write_sharded("sources", now, [*changed, *(previous.keys() - now.keys())])
        return content

    def _analyse(self, site: Site) -> IndexStage | None:
        """What search and similar papers need of the papers, or ``None`` when the site has neither."""
        similar = self.config.related.count
        if not self.config.search.enabled and not similar:
            return None
        with executor.local_executor(self.jobs) as pool:
            mapper = partial(executor.ordered_map, pool)
            stage = IndexStage.begin(site, self.config.search, similar, self.cache, mapper)
        self.clock.lap("analyse")
        return stage

    def _publish(self, site: Site, setup: Setup, outputs: list[Output], search: IndexStage | None) -> tuple[int, int]:
        """Render what changed, move it into place, prune; returns how many files were written and removed."""
        stage = Stage.beside(self.output, self.cache.folder)
        try:
            return self._publish_through(stage, site, setup, outputs, search)
        finally:
            stage.discard()

    def _publish_through(
        self, stage: Stage, site: Site, setup: Setup, planned: list[Output], search: IndexStage | None
    ) -> tuple[int, int]:
        on_disk = {} if stage.whole else _signatures(self.output, {*self.known, *(o.path for o in planned)})
        intact = {path: record for path, record in self.known.items() if on_disk.get(path) == record.signature}
        todo = [i for i, o in enumerate(planned) if o.path not in intact or intact[o.path].fingerprint != o.fingerprint]
        digests = {i: intact[planned[i].path].digest for i in todo if planned[i].path in intact}
        # What this build moves must not be taken for what an earlier one recorded, should it be cut short.
        self.cache.forget("inputs")
        shared = executor.Shared(site, setup, planned, digests, stage, self.output)
        options = (self.jobs, self.options.elsewhere, self.cache.folder)
        with executor.rendering(shared, todo, *options) as batches:
            ready = search.files(intact) if search else []
            self.clock.lap("index")
            rendered = [item for batch in batches for item in self._told(batch, len(todo))]
        outputs = [*planned, *(file.output for file in ready)]
        refuse_rivals(outputs)
        for position, file in enumerate(ready, len(planned)):
            if file.data is not None:
                rendered.append(executor.stage_ready(shared, position, file.output, file.data))
        self.total = len(outputs)
        self.clock.lap("render")
        moves = {outputs[item.position].path: item.position for item in rendered if item.staged}
        self._ask_host(outputs, on_disk, rendered)
        paths = [output.path for output in outputs]
        stale = set(writer.read_manifest(self.output)).difference(paths)
        writer.commit(stage, self.output, moves, stale, paths)
        self.clock.lap("publish")
        self._remember(outputs, intact, rendered, stage)
        self.clock.lap("remember")
        return len(moves), len(stale)

    def _told(self, batch: list[executor.Rendered], total: int) -> list[executor.Rendered]:
        self.done += len(batch)
        self.progress("render", self.done, total)
        return batch

    def _ask_host(
        self, outputs: Sequence[Output], on_disk: Mapping[str, Signature], rendered: Iterable[executor.Rendered]
    ) -> None:
        if self.options.host is None:
            return
        sizes = {path: signature.size for path, signature in on_disk.items()}
        sizes |= {outputs[item.position].path: item.staged.size for item in rendered if item.staged}
        name = f"--host {self.options.host}"
        self.objections = [
            Problem(source=name, message=objection, severity="warning")
            for objection in objections(HOSTS[self.options.host], sizes)
        ]

    def _remember(
        self,
        outputs: Iterable[Output],
        intact: Mapping[str, Written],
        rendered: Iterable[executor.Rendered],
        stage: Stage,
    ) -> None:
        fresh = {item.position: item for item in rendered}
        if not fresh and len(intact) == len(self.known):
            return
        records = {}
        for position, output in enumerate(outputs):
            item, record = fresh.get(position), intact.get(output.path)
            if item is None:
                assert record is not None
                records[output.path] = record
            else:
                moved = item.staged is None or not stage.whole
                signature = Signature.of(os.stat(self.output / output.path)) if moved else item.staged
                assert signature is not None
                records[output.path] = Written(output.fingerprint, item.digest, signature)
        self.cache.write("outputs", records)


def _input_state(
    root: Path, config: Config, options: BuildOptions, files: list[SourceFile], walked: list[Problem]
) -> bytes:
    """16 bytes of all that the output depends on: program, settings, and every source file's signature."""
    theme = Theme.sources_of(root, config.theme.name)
    state = hashlib.blake2b(code_digest(), digest_size=16)
    state.update(msgspec.msgpack.encode((config, options.visibility, options.host, str(options.output), walked)))
    state.update(msgspec.msgpack.encode([(file.name, file.signature) for file in files]))
    state.update(msgspec.msgpack.encode([(str(path), Signature.of(path.stat())) for path in theme]))
    newest = max((file.signature.ctime_ns for file in files), default=0)
    # Never equal to an earlier state while a source is too young to be sure of.
    unsure = b"" if newest < time.time_ns() - _GRAIN_NS else os.urandom(8)
    return state.digest() + unsure


def _untouched(output: Path, known: Mapping[str, Written]) -> bool:
    found = _signatures(output, known)
    return len(found) == len(known) and all(found[path] == record.signature for path, record in known.items())


def _signatures(output: Path, paths: Iterable[str]) -> dict[str, Signature]:
    found = {}
    prefix = f"{output}/"
    for path in paths:
        try:
            status = os.lstat(prefix + path)
        except OSError:
            continue
        found[path] = Signature.of(status)
    return found


def _settled(signature: Signature, now_ns: int) -> bool:
    return signature.ctime_ns < now_ns - _GRAIN_NS


def _report(inputs: _Inputs, written: int, unchanged: int, removed: int, clock: _Clock, waited: bool) -> BuildReport:
    return BuildReport(
        papers=inputs.papers,
        written=written,
        unchanged=unchanged,
        removed=removed,
        seconds=clock.total(),
        problems=inputs.problems,
        stages=clock.stages,
        waited=waited,
    )


@contextlib.contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """A build makes many objects that live to its end and no cycles worth finding: looking costs a fifth."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _silent(stage: str, done: int, total: int) -> None:
    """No progress shown."""


def errors_in(problems: Iterable[Problem]) -> ContentError | None:
    """One exception for all problems that kept a source out of the site, or ``None``."""
    errors = [problem for problem in problems if problem.severity == "error"]
    return ContentError(errors) if errors else None
