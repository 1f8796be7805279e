"""The whole way of a build: scan -> load -> assemble -> index -> plan -> render -> publish.

``build`` reads from top to bottom. Each step takes values and returns values; what a build can take over from the one
before is compared with the present sources and never trusted: an incremental build ends in the bytes of a clean one.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from sitegen.clock import GRAIN_NS, Clock
from sitegen.collection.visibility import Visibility
from sitegen.config import Config
from sitegen.content.files import Signature, SourceFile, walk
from sitegen.errors import Problem, UsageError
from sitegen.publish import hosts, staging
from sitegen.publish.cache import Cache, code_digest
from sitegen.publish.pool import Pool, no_garbage_collection, worker_pool
from sitegen.publish.staging import OutputRecord, StagingDir
from sitegen.render.theme_files import sources_of

if TYPE_CHECKING:
    from sitegen.content.load import Content
    from sitegen.model import Site
    from sitegen.render.output import Output, RenderEnv

CACHE_FOLDER = ".sitegen"
CACHED = ("inputs", "sources", "static", "theme", "search", "outputs")
Progress = Callable[[str, int, int], None]


class BuildOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How to build, apart from what the configuration says.

    Attributes:
        jobs: processes to use; 0 means one for each processor.
        clean: take nothing from earlier builds.
        force: build into a folder that holds files of others, and leave those alone.
        visibility: which papers are shown.
        executor: address of an executor on other machines, ``dask://HOST:PORT``.
        host: a key of ``publish.hosts.HOSTS``, whose limits the site shall keep.
        output: folder to publish into, when it is not the configuration's.
        cache: folder for what the next build may reuse, when it is not ``.sitegen``.
        first: paths of outputs that are published before all others; ``progress`` is told of the stage "first" then.
    """

    jobs: int = 0
    clean: bool = False
    force: bool = False
    executor: str | None = None
    host: str | None = None
    visibility: Visibility = Visibility()
    output: Path | None = None
    cache: Path | None = None
    first: frozenset[str] = frozenset()


class BuildReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a build did.

    Attributes:
        stages: seconds by name, in order.
        waited: another build had to end first.
        repaired: an earlier build was cut short, and this one has finished its work.
    """

    papers: int
    written: int
    unchanged: int
    removed: int
    seconds: float = 0.0
    problems: tuple[Problem, ...]
    stages: dict[str, float] = {}
    waited: bool = False
    repaired: bool = False


class BuildInputs(msgspec.Struct, frozen=True):
    """What lies on disk when a build begins.

    Attributes:
        files: all source files, sorted by name. ``problems``: what was wrong on the way to them.
        state: 16 bytes of all that the output depends on: program, settings, and the signature of every source.
        manifest_paths: of the files that builds put into the output folder, by its manifest.
        unchanged_outputs: what the last build recorded of those that still lie there in the same form.
        complete: whether these are all files of the last build.
    """

    files: list[SourceFile]
    problems: list[Problem]
    state: bytes
    manifest_paths: list[str]
    unchanged_outputs: dict[str, OutputRecord]
    complete: bool


class _Remembered(msgspec.Struct, frozen=True):
    """The end of the last build."""

    state: bytes
    papers: int
    problems: tuple[Problem, ...]


def build(
    root: Path, config: Config, options: BuildOptions | None = None, progress: Progress | None = None
) -> BuildReport:
    """Bring the output folder up to date with the sources.

    Problems in single papers do not stop the build: they are in the report, and those papers are left out.

    Args:
        root: the site folder.
        progress: told ``(stage, done, total)`` now and then.

    Raises:
        ContentError: when no right site can be built at all, such as two sources that want one address.
        UsageError: when the output folder is not ours to write to.
        SitegenError: when a worker process was killed.
    """
    options = options or BuildOptions()
    cache = Cache(options.cache or root / CACHE_FOLDER)
    output = options.output or root / config.output
    clock = Clock()
    with cache.lock() as waited, no_garbage_collection():
        if options.clean:
            cache.forget(*CACHED)
        inputs = scan(root, config, options, output, cache)
        clock.lap("scan")
        last = cache.read("inputs", _Remembered)
        if last and last.state == inputs.state and inputs.complete:
            unchanged = len(inputs.unchanged_outputs)
            report = BuildReport(papers=last.papers, written=0, unchanged=unchanged, removed=0, problems=last.problems)
            repaired = False
        else:
            with (
                StagingDir.beside(output, cache.folder) as (stage, repaired),
                worker_pool(options.jobs, options.executor) as pool,
            ):
                report = _update(root, config, options, inputs, cache, stage, pool, clock, progress or _silent)
            cache.write("inputs", _Remembered(inputs.state, report.papers, report.problems))
        return msgspec.structs.replace(
            report, seconds=clock.total(), stages=clock.stages, waited=waited, repaired=repaired
        )


def scan(root: Path, config: Config, options: BuildOptions, output: Path, cache: Cache) -> BuildInputs:
    """Look at all sources, and at what lies in the output folder.

    Raises:
        UsageError: when the output folder is not ours to write to.
    """
    _keep_apart(root, config, output)
    problems: list[Problem] = []
    files = walk(root, root / config.content, problems)
    theme = [(str(path), Signature.of(path.stat())) for path in sources_of(root, config.theme.name)]
    asked = (config, options.visibility, options.host, str(options.output), files, problems, theme)
    state = hashlib.blake2b(code_digest() + msgspec.msgpack.encode(asked), digest_size=16).digest()
    if max((file.signature.ctime_ns for file in files), default=0) >= time.time_ns() - GRAIN_NS:
        # Never equal to that of another build while a source is too young to be sure of.
        state += os.urandom(8)
    manifest_paths = staging.read_manifest(output)
    records = cache.read("outputs", dict[str, OutputRecord]) or {}
    staging.ensure_output_is_ours(output, chain(manifest_paths, records), force=options.force)
    unchanged = staging.unchanged_outputs(output, records)
    complete = len(unchanged) == len(records) == len(manifest_paths)
    return BuildInputs(files, problems, state, manifest_paths, unchanged, complete)


def _update(
    root: Path,
    config: Config,
    options: BuildOptions,
    inputs: BuildInputs,
    cache: Cache,
    stage: StagingDir,
    pool: Pool,
    clock: Clock,
    progress: Progress,
) -> BuildReport:
    """Make all that changed, and publish it."""
    # A build that finds nothing to do is over before it has loaded any of this.
    from sitegen.collection.assemble import assemble, with_related
    from sitegen.indexing import SearchIndex
    from sitegen.publish.rendering import PARALLEL_FROM, Renderer
    from sitegen.render.output import RenderEnv
    from sitegen.render.plan import check_path_collisions, plan
    from sitegen.render.theme import Theme, ThemeCache

    content = _load(root, config, inputs, cache, pool)
    clock.lap("load")

    site = assemble(content, config, options.visibility)
    clock.lap("assemble")

    known = cache.read("theme", ThemeCache)
    theme = Theme(root, config.theme.name, config.theme.options, known)
    env = RenderEnv(root, config, theme, code_digest())
    # What this build moves must not be taken for what an earlier one recorded, should it be cut short.
    cache.forget("inputs")
    tell = partial(progress, "render")
    with Renderer(pool, site, env, stage, cache.folder, tell, many=content.read >= PARALLEL_FROM) as renderer:
        index = SearchIndex(pool, cache.folder, config) if config.search.enabled or config.related.count else None
        if index:
            index.update(site)
        clock.lap("index")

        # Similar papers come from the index, which a single process makes. Lists and feeds do not show any, so that
        # the other processors render these meanwhile, and all that does afterwards.
        outputs = plan(site, env, similar=False)
        check_path_collisions(outputs)
        changed = _changed(outputs, inputs.unchanged_outputs)
        if options.first:
            _publish_first(site, env, stage, changed, options.first, progress)
        renderer.submit(site, changed, with_similar=False)
        clock.lap("plan")
        if index:
            site = with_related(site, index.similar())
            clock.lap("index")
        papers = plan(site, env, similar=True)
        outputs += papers
        check_path_collisions(outputs)
        if index:
            index.write({path: record.fingerprint for path, record in inputs.unchanged_outputs.items()}, stage)
        changed = _changed(papers, inputs.unchanged_outputs)
        if options.first:
            _publish_first(site, env, stage, changed, options.first, progress)
        renderer.submit(site, changed, with_similar=True)
        clock.lap("plan")
        staged = renderer.finish()
        clock.lap("render")
    if index:
        files = index.files()
        outputs += [file.output for file in files]
        check_path_collisions(outputs)
        staged |= {file.output.path: file.staged for file in files if file.made}
        clock.lap("index")

    written = {path: signature for path, signature in staged.items() if signature}
    stale = set(inputs.manifest_paths).difference(output.path for output in outputs)
    objections = _objections(options, inputs.unchanged_outputs, written, outputs)
    staging.publish(stage, written, stale, [output.path for output in outputs])
    cache.write("outputs", staging.records(stage.output, outputs, inputs.unchanged_outputs, staged))
    if theme.memory != known:
        cache.write("theme", theme.memory)
    clock.lap("publish")
    return BuildReport(
        papers=len(site.papers),
        written=len(written),
        unchanged=len(outputs) - len(written),
        removed=len(stale),
        problems=(*content.problems, *objections),
    )


def _load(root: Path, config: Config, inputs: BuildInputs, cache: Cache, pool: Pool) -> Content:
    """The sources: from the last build where they are the same, which the next one can say of these."""
    from sitegen.content.load import Parsed, load

    previous = cache.read_sharded("sources", Parsed)
    digests = cache.read("static", dict[str, tuple[Signature, bytes]]) or {}
    started = time.time_ns()
    content = load(
        root,
        config.content,
        files=inputs.files,
        problems=inputs.problems,
        previous=previous,
        static_digests=digests,
        macros=config.bibtex.macros,
        mapper=pool.map,
    )
    sure = started - GRAIN_NS
    now = {source.name: source for source in content.parsed if source.signature.ctime_ns < sure}
    changed = [name for name, source in now.items() if previous.get(name) is not source]
    cache.write_sharded("sources", now, [*changed, *(previous.keys() - now.keys())])
    copied = {file.source: file.digest for file in content.static}
    static = {
        file.name: (file.signature, copied[file.name])
        for file in inputs.files
        if file.name in copied and file.signature.ctime_ns < sure
    }
    if static != digests:
        cache.write("static", static)
    return content


def _publish_first(
    site: Site, env: RenderEnv, stage: StagingDir, changed: Sequence[Output], first: frozenset[str], progress: Progress
) -> None:
    """Publish those of the changed outputs for which somebody waits, before all others."""
    from sitegen.publish.rendering import render_all

    # Pages name the files of assets/ by their content.
    early = [output for output in changed if output.path in first or output.path.startswith("assets/")]
    staged = render_all(site, env, stage, early)
    staging.publish_early(stage, [output.path for output, new in zip(early, staged, strict=True) if new])
    if not first.isdisjoint([output.path for output in early]):
        progress("first", len(early), len(early))


def _changed(outputs: Sequence[Output], unchanged: Mapping[str, OutputRecord]) -> list[Output]:
    """Outputs that do not lie in the output folder as they are now."""
    return [
        output
        for output in outputs
        if output.path not in unchanged or unchanged[output.path].fingerprint != output.fingerprint
    ]


def _objections(
    options: BuildOptions,
    unchanged: Mapping[str, OutputRecord],
    written: Mapping[str, Signature],
    outputs: Iterable[Output],
) -> list[Problem]:
    """What the host would have against the site."""
    if not options.host:
        return []
    known = {path: record.signature.size for path, record in unchanged.items()}
    known |= {path: signature.size for path, signature in written.items()}
    sizes = {output.path: known[output.path] for output in outputs if output.path in known}
    found = hosts.objections(hosts.HOSTS[options.host], sizes)
    return [Problem(source=f"--host {options.host}", message=message, severity="warning") for message in found]


def _keep_apart(root: Path, config: Config, output: Path) -> None:
    """Files that are published must not become sources."""
    target = Path(os.path.realpath(output))
    for folder in (config.content, "themes"):
        source = Path(os.path.realpath(root / folder))
        if target.is_relative_to(source) or source.is_relative_to(target):
            raise UsageError(f"{output} cannot be the output folder: the sources in {folder}/ lie there")


def _silent(stage: str, done: int, total: int) -> None:
    """No progress shown."""
