"""What a build is asked for, what it finds, and what it reports."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec

from sitegen.collection.visibility import Visibility
from sitegen.content.files import SourceFile
from sitegen.errors import Problem
from sitegen.publish.staging import OutputRecord

if TYPE_CHECKING:
    from sitegen.content.load import Content
    from sitegen.model import Site
    from sitegen.publish.survey import Altered
    from sitegen.render.output import Output, RenderEnv

CACHE_FOLDER = ".sitegen"
Progress = Callable[[str, int, int], None]
Read = Callable[["Content"], None]
Seen = Callable[["Site", "RenderEnv", Sequence["Output"]], None]


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
    """

    jobs: int = 0
    clean: bool = False
    force: bool = False
    executor: str | None = None
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


class Sources(msgspec.Struct):
    """All source files of a site, sorted by name, and what was wrong on the way to them.

    Packed, because most builds need no more of them than to see that they are the same, and because it travels so more
    cheaply than it would by itself.

    Attributes:
        digest: 16 bytes that change with any name and signature.
        newest: when the last of them was changed (``st_ctime_ns``).
    """

    packed: bytes
    digest: bytes
    newest: int

    @classmethod
    def of(cls, files: Sequence[SourceFile], problems: Sequence[Problem]) -> Self:
        packed = msgspec.msgpack.encode((files, problems))
        newest = max((file.signature.ctime_ns for file in files), default=0)
        return cls(packed, hashlib.blake2b(packed, digest_size=16).digest(), newest)

    def unpack(self) -> tuple[list[SourceFile], list[Problem]]:
        """Both, once: they are not kept."""
        packed, self.packed = self.packed, b""
        return msgspec.msgpack.decode(packed, type=tuple[list[SourceFile], list[Problem]])


class Found(msgspec.Struct, frozen=True):
    """How things lie when a build begins.

    Attributes:
        output: the folder to publish into. ``manifest_paths``: what builds put there.
        known: what the last build recorded of them, by path. ``altered``: those that lie there in another form now, or
            not at all.
    """

    output: Path
    manifest_paths: list[str]
    known: dict[str, OutputRecord]
    altered: Altered
    sources: Sources
