"""Bringing a site up to date: compare what there is with what was; if anything differs, run the pipeline."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from sitegen.clock import GRAIN_NS, Clock
from sitegen.config import Config
from sitegen.content.files import Signature
from sitegen.errors import Problem
from sitegen.job import CACHE_FOLDER, BuildOptions, BuildReport, Progress, Read, Seen
from sitegen.publish import staging
from sitegen.publish.cache import Cache, code_digest
from sitegen.publish.processes import available_jobs
from sitegen.publish.staging import OutputRecord
from sitegen.publish.survey import survey
from sitegen.render.theme_files import sources_of

if TYPE_CHECKING:
    from sitegen.pipeline import Pipeline

__all__ = ["CACHE_FOLDER", "BuildOptions", "BuildReport", "Progress", "build"]


class _Inputs(msgspec.Struct, frozen=True):
    """Everything a build depends on, short enough to compare before anything is read; ``sources``: of these alone."""

    state: bytes
    sources: bytes
    papers: int
    problems: tuple[Problem, ...]


def build(
    root: Path,
    config: Config,
    options: BuildOptions | None = None,
    progress: Progress | None = None,
    read: Read | None = None,
    seen: Seen | None = None,
) -> BuildReport:
    """Bring the output folder up to date with the sources.

    Problems in single papers do not stop the build: they are in the report, and those papers are left out.

    Args:
        root: the site folder.
        progress: told ``(stage, done, total)`` now and then.
        read: given the sources, ``seen``: the site of them and its planned outputs, when there was anything to build.

    Raises:
        ContentError: when no right site can be built at all, such as two sources that want one address.
        UsageError: when the output folder is not ours to write to.
    """
    options = options or BuildOptions()
    cache = Cache(options.cache or root / CACHE_FOLDER)
    output = options.output or root / config.output
    clock = Clock()
    options = msgspec.structs.replace(options, jobs=options.jobs or available_jobs())
    with contextlib.ExitStack() as stack:
        waited = stack.enter_context(cache.lock())
        stack.enter_context(_no_garbage_collection())
        if options.clean:
            cache.forget("inputs", "sources", "static", "theme", "search", "outputs")
        before = cache.read("inputs", _Inputs)
        found = stack.enter_context(
            survey(
                root,
                root / config.content,
                output,
                cache.read("outputs", dict[str, OutputRecord]) or {},
                options.jobs,
                before=before.sources if before else None,
                meanwhile=_pipeline,
            )
        )
        staging.ensure_output_is_ours(output, chain(found.manifest_paths, found.known), force=options.force)
        sources = found.sources.digest
        state = _input_state(root, config, options, sources, found.sources.newest)
        if (
            before
            and before.state == state
            and len(found.known) == len(found.manifest_paths)
            and not found.altered.paths()
        ):
            clock.lap("compare")
            return _report(before, 0, len(found.known), 0, clock, waited)
        clock.lap("compare")
        pipeline = _pipeline()(root, config, options, cache, found, clock, progress or _silent)
        done = pipeline.run(read, seen)
        inputs = _Inputs(state, sources, done.papers, done.problems)
        cache.write("inputs", inputs)
        clock.lap("remember")
        return _report(inputs, done.written, done.outputs - done.written, done.removed, clock, waited)


def _pipeline() -> type[Pipeline]:
    """Nothing of this is loaded by a build that finds nothing to do, unless it would wait for that finding."""
    from sitegen.pipeline import Pipeline

    return Pipeline


def _input_state(root: Path, config: Config, options: BuildOptions, sources: bytes, newest: int) -> bytes:
    """16 bytes of all that the output depends on: program, settings, and every source file's signature.

    Args:
        sources, newest: see ``Sources``.
    """
    theme = sources_of(root, config.theme.name)
    state = hashlib.blake2b(code_digest(), digest_size=16)
    asked = (config, options.visibility, options.host, str(options.output), sources)
    state.update(msgspec.msgpack.encode(asked))
    state.update(msgspec.msgpack.encode([(str(path), Signature.of(path.stat())) for path in theme]))
    # Never equal to an earlier state while a source is too young to be sure of.
    unsure = b"" if newest < time.time_ns() - GRAIN_NS else os.urandom(8)
    return state.digest() + unsure


def _report(inputs: _Inputs, written: int, unchanged: int, removed: int, clock: Clock, waited: bool) -> BuildReport:
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
            # The next look would go through all of them, and would be the last thing that most processes do.
            gc.freeze()
            gc.enable()


def _silent(stage: str, done: int, total: int) -> None:
    """No progress shown."""
