"""Rendering outputs into the staging directory, in this process or in workers.

Workers that are forked have the site and its settings in memory. Others read them from a file in the cache folder,
which those on other machines must see by the same path, as they must the staging directory.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import Future, as_completed
from functools import lru_cache
from pathlib import Path

import msgspec

from sitegen.collection.assemble import with_related
from sitegen.config import Config
from sitegen.content.files import Signature
from sitegen.errors import ContentError
from sitegen.model import Similar, Site
from sitegen.publish.pool import Pool
from sitegen.publish.staging import StagingDir, digest_of
from sitegen.render.output import Output, RenderEnv
from sitegen.render.plan import KINDS, render
from sitegen.render.theme import Theme

# Fewer outputs than this are rendered in this process: starting workers would cost more than it saves.
PARALLEL_FROM = 200
BATCH = 100

Staged = list[Signature | None]
"""The signature of each output of a batch, or ``None`` where the same bytes are published already."""


class SharedSite(msgspec.Struct, frozen=True):
    """What all rendering tasks of a build read, as it travels to workers."""

    site: Site
    config: Config
    root: str
    staging: str
    published: str


_MEMORY = ""
_in_memory: dict[str, tuple[Site, RenderEnv, StagingDir]] = {}


class Renderer:
    """Renders some outputs after others; used as a context.

    Args:
        site: as far as it is known without similar papers. ``many``: whether many outputs will be rendered.
        progress: called with the numbers of outputs that are rendered and that are to be.
    """

    def __init__(
        self,
        pool: Pool,
        site: Site,
        env: RenderEnv,
        staging: StagingDir,
        folder: Path,
        progress: Callable[[int, int], None],
        *,
        many: bool,
    ) -> None:
        self._pool = pool
        self._env = env
        self._staging = staging
        self._folder = folder
        self._progress = progress
        self._batches: dict[Future[Staged], list[Output]] = {}
        self._shared: str | None = None
        self._files: list[Path] = []
        if many and pool.remote is None:
            _in_memory[_MEMORY] = (site, env, staging)
            if pool.fork_workers():
                self._shared = _MEMORY

    def __enter__(self) -> Renderer:
        return self

    def __exit__(self, *error: object) -> None:
        _in_memory.clear()
        for file in self._files:
            file.unlink(missing_ok=True)

    def submit(self, site: Site, outputs: Sequence[Output], *, with_similar: bool) -> None:
        """Have some outputs rendered.

        Args:
            site: the same as before, but that its similar papers are known now if ``with_similar``.
        """
        executor = self._pool.remote
        if executor is None and self._pool.jobs > 1 and len(outputs) >= PARALLEL_FROM:
            executor = self._pool.workers
        if executor is None or not outputs:
            for start in range(0, len(outputs), BATCH):
                batch = list(outputs[start : start + BATCH])
                done: Future[Staged] = Future()
                done.set_result(render_all(site, self._env, self._staging, batch))
                self._batches[done] = batch
                self._tell()
            return
        if self._shared is None:
            env, staging = self._env, self._staging
            paths = [str(path.resolve()) for path in (env.root, staging.folder, staging.output)]
            self._shared = str(self._written(SharedSite(msgspec.structs.replace(site, related=()), env.config, *paths)))
        related = str(self._written(site.related)) if with_similar else None
        for batch in batches_of(outputs, self._pool.jobs):
            self._batches[executor.submit(render_batch, self._shared, related, batch)] = batch

    def finish(self) -> dict[str, Signature | None]:
        """Wait for all; see ``Staged``, by path."""
        for _ in as_completed(self._batches):
            self._tell()
        return {
            output.path: signature
            for future, batch in self._batches.items()
            for output, signature in zip(batch, future.result(), strict=True)
        }

    def _tell(self) -> None:
        done = sum(len(batch) for future, batch in self._batches.items() if future.done())
        self._progress(done, sum(map(len, self._batches.values())))

    def _written(self, value: object) -> Path:
        packed = msgspec.msgpack.encode(value)
        file = self._folder.resolve() / f"shared-{digest_of(packed).hex()}"
        file.write_bytes(packed)
        self._files.append(file)
        return file


def batches_of(outputs: Sequence[Output], jobs: int) -> list[list[Output]]:
    """Outputs by task, the largest task first.

    Outputs that share parts are together as far as that leaves no worker idle: each task makes the parts for itself,
    so two workers have one task of lists and one of feeds, and eight have four of each. All others go by the hundred.
    """
    batches = []
    for shares, run in itertools.groupby(outputs, key=lambda output: KINDS[output.kind].batch_key):
        own = list(run)
        size = max(BATCH, -(-len(own) // max(1, jobs // 2))) if shares else BATCH
        batches += [own[start : start + size] for start in range(0, len(own), size)]
    return sorted(batches, key=len, reverse=True)


def render_batch(shared: str, related: str | None, outputs: Sequence[Output]) -> Staged:
    """Render some outputs in a worker.

    Args:
        shared: path of a ``SharedSite``, or ``_MEMORY``. ``related``: path of similar papers, if they are shown.
    """
    site, env, staging = _opened(shared)
    return render_all(_with_related(shared, related) if related else site, env, staging, outputs)


def render_all(site: Site, env: RenderEnv, staging: StagingDir, outputs: Sequence[Output]) -> Staged:
    """Render some outputs, and stage those that differ from what is published.

    Raises:
        ContentError: when a template has a fault.
    """
    return [staging.put(output.path, _rendered(site, env, output)) for output in outputs]


def _rendered(site: Site, env: RenderEnv, output: Output) -> bytes:
    try:
        return render(site, env, output)
    except Exception as error:
        problem = env.theme.fault(error)
        if problem is None:
            raise
        raise ContentError([problem]) from error


@lru_cache(maxsize=1)
def _opened(shared: str) -> tuple[Site, RenderEnv, StagingDir]:
    if shared == _MEMORY:
        return _in_memory[_MEMORY]
    it = msgspec.msgpack.decode(Path(shared).read_bytes(), type=SharedSite)
    root = Path(it.root)
    env = RenderEnv(root, it.config, Theme(root, it.config.theme.name, it.config.theme.options))
    return it.site, env, StagingDir(Path(it.staging), Path(it.published))


@lru_cache(maxsize=1)
def _with_related(shared: str, related: str) -> Site:
    similar = msgspec.msgpack.decode(Path(related).read_bytes(), type=list[tuple[Similar, ...]])
    return with_related(_opened(shared)[0], similar)
