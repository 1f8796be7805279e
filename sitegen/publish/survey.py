"""What lies on disk when a build begins: sources, and what earlier builds published.

A large site has a file for every paper in each of the two. To ask the file system for all of them takes as long as to
load the program, so one process does this while another does that.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from sitegen.content.files import walk
from sitegen.errors import Problem
from sitegen.job import Found, Sources
from sitegen.publish import processes, staging
from sitegen.publish.staging import OutputRecord

# Of fewer files, published or in the folder of papers, another process would cost more than it saves.
BESIDE_FROM = 1000


class Surveyor:
    """Looks at the files of one site: sources below ``content``, and those ``known`` to lie in ``output``.

    Args:
        before: ``Sources.digest`` of an earlier time, if there was one.
    """

    def __init__(
        self, root: Path, content: Path, output: Path, known: Mapping[str, OutputRecord], before: bytes | None
    ) -> None:
        self._root = root
        self._content = content
        self._output = output
        self._known = known
        self._before = before
        self._same = False

    def sources(self) -> Sources:
        problems: list[Problem] = []
        sources = Sources.of(walk(self._root, self._content, problems), problems)
        self._same = sources.digest == self._before
        return sources

    def go_on(self) -> None:
        """Look at the output too, if the sources are what they were: it will be asked for at once."""
        if self._same:
            self.altered()

    def altered(self) -> list[str]:
        """Paths of the known files that lie there in another form or not at all."""
        return self._altered

    @cached_property
    def _altered(self) -> list[str]:
        now = staging.signatures(self._output, self._known)
        return [path for path, record in self._known.items() if now.get(path) != record.signature]


class Altered:
    """See ``Found.altered``. To be asked as often as one likes.

    Args:
        at_work: what ends when the surveyor has told all.
    """

    def __init__(self, surveyor: processes.Beside[Surveyor], at_work: contextlib.ExitStack) -> None:
        self._surveyor = surveyor
        self._at_work = at_work
        self._answer: processes.Answer[list[str]] | None = None

    def look(self) -> processes.Answer[list[str]]:
        """Have them looked for."""
        if self._answer is None:
            self._answer = self._surveyor.ask(Surveyor.altered)
        return self._answer

    def paths(self) -> list[str]:
        """Wait for them."""
        with self._at_work:
            return self.look()()


@contextlib.contextmanager
def survey(
    root: Path,
    content: Path,
    output: Path,
    known: dict[str, OutputRecord],
    jobs: int,
    *,
    before: bytes | None,
    meanwhile: Callable[[], object],
) -> Iterator[Found]:
    """How things lie in the folders of a site.

    Args:
        known, before: see ``Surveyor``.
        meanwhile: called where another process looks and this one would wait.
    """
    jobs = jobs if len(known) >= BESIDE_FROM or _entries(content / "papers") >= BESIDE_FROM else 1
    with contextlib.ExitStack() as at_work:
        surveyor = at_work.enter_context(processes.beside(jobs, Surveyor, root, content, output, known, before))
        sources = surveyor.ask_then(Surveyor.go_on, Surveyor.sources)
        manifest_paths = staging.read_manifest(output)
        if processes.can_fork(jobs):
            meanwhile()
        yield Found(output, manifest_paths, known, Altered(surveyor, at_work), sources())


def _entries(folder: Path) -> int:
    try:
        return len(os.listdir(folder))
    except OSError:
        return 0
