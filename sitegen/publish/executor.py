"""Rendering as a list of pure tasks for a ``concurrent.futures.Executor``.

A task is a key of what all tasks share (site, settings, what lies in the output folder) and the positions of
some outputs. Local workers inherit the shared part by fork and copy nothing; workers elsewhere read it once
from a file in the cache folder, which they must see under the same path, as they must the stage.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

import msgspec

from sitegen.config import Config
from sitegen.content.files import Signature
from sitegen.errors import ContentError, UsageError
from sitegen.model import Site
from sitegen.publish.processes import local_workers
from sitegen.publish.results import AwaitedResults, Results, SharedResults
from sitegen.publish.staging import StagingDir, digest_of, lies_at
from sitegen.render.output import Output, RenderEnv
from sitegen.render.plan import KINDS, render
from sitegen.render.theme import Theme

# Fewer outputs than this are rendered here: starting workers would cost more than it saves.
PARALLEL_FROM = 200
BATCH = 100


class Rendered(msgspec.Struct, frozen=True, array_like=True):
    """One rendered output: its position and, when it was staged, its signature."""

    position: int
    staged: Signature | None


class Shared(msgspec.Struct, frozen=True):
    """What every task of one build reads.

    Attributes:
        outputs: all outputs of the build.
        published: the output folder; what lies there already is not staged.
    """

    site: Site
    setup: RenderEnv
    outputs: Sequence[Output]
    stage: StagingDir
    published: Path


class Packed(msgspec.Struct, frozen=True):
    """``Shared`` as it travels in a file to workers that were not forked from this process."""

    site: Site
    config: Config
    root: str
    outputs: tuple[Output, ...]
    stage_folder: str
    stage_whole: bool
    published: str


_shared: dict[str, Shared] = {}


def render_batch(key: str, positions: Sequence[int]) -> list[Rendered]:
    """Render some outputs and stage those that differ from what is published. The one task there is."""
    shared = _resolve(key)
    return [_render_one(shared, position) for position in positions]


@contextlib.contextmanager
def rendering(
    shared: Shared,
    positions: Sequence[int],
    before: Sequence[Results[list[Rendered]]],
    jobs: int,
    elsewhere: str | None,
    folder: Path,
) -> Iterator[Results[list[Rendered]]]:
    """Have the outputs at these positions rendered while the caller does other things.

    Args:
        before: what may still be on its way.
        jobs: local processes.
        elsewhere: address of an executor on other machines, ``dask://HOST:PORT``.
        folder: where what all tasks share is put for them; workers must see it, and the stage, by this path.

    Yields:
        results, a batch at a time, to be used up inside the context.
    """
    batches = batches_of(shared.outputs, positions, jobs)
    with contextlib.ExitStack() as stack:
        if elsewhere:
            key = stack.enter_context(_packed(shared, folder))
            cluster = stack.enter_context(remote_executor(elsewhere))
            futures = [cluster.submit(render_batch, key, batch) for batch in reversed(batches)]
            yield AwaitedResults(futures[::-1])
        else:
            key = stack.enter_context(_inherited(shared))
            workers = stack.enter_context(local_workers(jobs if len(positions) >= PARALLEL_FROM else 1))
            yield SharedResults(workers, partial(render_batch, key), batches, before)


def batches_of(outputs: Sequence[Output], positions: Sequence[int], jobs: int) -> list[list[int]]:
    """Positions by task, the smallest task first.

    Outputs that share parts are together as far as that leaves no worker idle: each task makes the parts for itself,
    so two workers have one task of lists and one of feeds, and eight have four of each. All others go by the hundred.
    """
    batches = []
    for shares, run in itertools.groupby(positions, key=lambda position: KINDS[outputs[position].kind].batch_key):
        own = list(run)
        size = max(BATCH, -(-len(own) // max(1, jobs // 2))) if shares else BATCH
        batches += [own[start : start + size] for start in range(0, len(own), size)]
    return sorted(batches, key=len)


@contextlib.contextmanager
def _inherited(shared: Shared) -> Iterator[str]:
    key = f"local {id(shared)}"
    _shared[key] = shared
    try:
        yield key
    finally:
        del _shared[key]


@contextlib.contextmanager
def _packed(shared: Shared, folder: Path) -> Iterator[str]:
    packed = pack(shared)
    file = (folder / f"shared-{digest_of(packed).hex()}").resolve()
    file.write_bytes(packed)
    try:
        yield str(file)
    finally:
        file.unlink()


@contextlib.contextmanager
def remote_executor(address: str) -> Iterator[Executor]:
    """An executor for ``dask://HOST:PORT``, the scheduler of a Dask cluster that has sitegen installed.

    Raises:
        UsageError: when the address is of no known kind, Dask is not installed, or nobody answers there.
    """
    scheme, _, place = address.partition("://")
    if scheme != "dask" or not place:
        raise UsageError(f"no executor {address!r}; write dask://HOST:PORT")
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("the executor dask:// needs Dask: pip install 'sitegen-papers[dask]'") from None
    try:
        client = Client(f"tcp://{place}", timeout=10)  # type: ignore[no-untyped-call]
    except OSError as error:
        raise UsageError(f"no Dask scheduler answers at {place}: {error}") from None
    with client:
        yield client.get_executor(pure=False)  # type: ignore[no-untyped-call]


def pack(shared: Shared) -> bytes:
    """``shared`` as bytes for workers elsewhere."""
    packed = Packed(
        shared.site,
        shared.setup.config,
        str(shared.setup.root.resolve()),
        tuple(shared.outputs),
        str(shared.stage.folder.resolve()),
        shared.stage.whole,
        str(shared.published.resolve()),
    )
    return msgspec.msgpack.encode(packed)


def _resolve(key: str) -> Shared:
    if key not in _shared:
        packed = msgspec.msgpack.decode(Path(key).read_bytes(), type=Packed)
        config, root = packed.config, Path(packed.root)
        setup = RenderEnv(root, config, Theme(root, config.theme.name, config.theme.options))
        _shared.clear()
        stage = StagingDir(Path(packed.stage_folder), whole=packed.stage_whole)
        _shared[key] = Shared(packed.site, setup, packed.outputs, stage, Path(packed.published))
    return _shared[key]


def _render_one(shared: Shared, position: int) -> Rendered:
    output = shared.outputs[position]
    try:
        data = render(shared.site, shared.setup, output)
    except Exception as error:
        problem = shared.setup.theme.fault(error)
        if problem is None:
            raise
        raise ContentError([problem]) from error
    new = shared.stage.whole or not lies_at(shared.published, output.path, data)
    return Rendered(position, shared.stage.put(position, output.path, data) if new else None)
