"""What lies on disk when a build begins: sources, and what earlier builds published.

A large site has a file for every paper in each of the two. To ask the file system for all of them takes as long as to
load the program, so one process does this while another does that.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from sitegen.content.files import SourceFile, walk
from sitegen.errors import Problem
from sitegen.job import Found
from sitegen.publish import processes, writer
from sitegen.publish.cache import Cache
from sitegen.publish.writer import Written

# Of fewer published files another process would cost more than it saves.
BESIDE_FROM = 1000


class Surveyor:
    """Looks at the files of one site: sources below ``content``, and those ``known`` to lie in ``output``."""

    def __init__(self, root: Path, content: Path, output: Path, known: Mapping[str, Written]) -> None:
        self._root = root
        self._content = content
        self._output = output
        self._known = known

    def sources(self) -> bytes:
        """Every source file and what was wrong on the way to them: ``tuple[list[SourceFile], list[Problem]]``, packed
        because it travels so more cheaply than it would by itself."""
        problems: list[Problem] = []
        files = walk(self._root, self._content, problems)
        return msgspec.msgpack.encode((files, problems))

    def altered(self) -> list[str]:
        """Paths of the known files that lie there in another form or not at all."""
        now = writer.signatures(self._output, self._known)
        return [path for path, record in self._known.items() if now.get(path) != record.signature]


@contextlib.contextmanager
def survey(
    root: Path, content: Path, output: Path, cache: Cache, jobs: int, meanwhile: Callable[[], object]
) -> Iterator[Found]:
    """How things lie in the folders of a site.

    Args:
        meanwhile: called where another process looks and this one would wait.
    """
    known = cache.read("outputs", dict[str, Written]) or {}
    jobs = jobs if len(known) >= BESIDE_FROM else 1
    with contextlib.ExitStack() as at_work:
        surveyor = at_work.enter_context(processes.beside(jobs, Surveyor, root, content, output, known))
        sources = surveyor.ask(Surveyor.sources)
        mine = writer.read_manifest(output)
        if processes.can_fork(jobs):
            meanwhile()
        files, problems = msgspec.msgpack.decode(sources(), type=tuple[list[SourceFile], list[Problem]])

        def altered() -> processes.Answer[list[str]]:
            return surveyor.ask(Surveyor.altered)

        yield Found(output, mine, known, altered, files, problems)
