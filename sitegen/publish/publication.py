"""The outputs of one build on their way from the plan into the output folder."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Self

from sitegen.content.files import Signature
from sitegen.model import Site
from sitegen.publish import executor, hosts, staging
from sitegen.publish.executor import Rendered
from sitegen.publish.index_contract import IndexFile
from sitegen.publish.processes import Answer
from sitegen.publish.results import Results
from sitegen.publish.staging import OutputRecord, StagingDir
from sitegen.render.output import Output, RenderEnv

# Seconds between two lines of progress.
_TELL_EVERY = 0.1


class Publication:
    """Renders what is planned and lies in the output folder in another form or not at all, and moves it there at once.

    Attributes:
        outputs: all that have been planned so far.
        stage: where those that are rendered wait. ``setup``: what they are rendered with.

    Args:
        output: the folder to publish into. ``intact``: what lies there as an earlier build recorded it.
        jobs, elsewhere, shared_folder: see ``executor.rendering``.
        tell: called with the numbers of outputs that are rendered and that are to be.
    """

    def __init__(
        self,
        output: Path,
        intact: dict[str, OutputRecord],
        stage: StagingDir,
        setup: RenderEnv,
        *,
        jobs: int,
        elsewhere: str | None,
        shared_folder: Path,
        tell: Callable[[int, int], None],
    ) -> None:
        self.outputs: list[Output] = []
        self.intact = intact
        self.stage = stage
        self.setup = setup
        self._output = output
        self._resources = (jobs, elsewhere, shared_folder)
        self._begun: list[Results[list[Rendered]]] = []
        self._busy: list[tuple[Results[list[Rendered]], contextlib.ExitStack]] = []
        self._workers = contextlib.ExitStack()
        self._rendered: list[Rendered] = []
        self._tell = tell
        self._told = 0.0
        self._todo = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> bool | None:
        return self._workers.__exit__(*error)

    def render(self, site: Site, planned: Sequence[Output], index: Answer[Any] | None) -> None:
        """Render those of some more outputs that changed. Workers may then still be at some: see ``finish``.

        Args:
            index: what the index is at meanwhile. By itself it is the longest of all tasks, so that it has a processor
                to itself until that is there.
        """
        start = len(self.outputs)
        self.outputs += planned
        intact = self.intact
        todo = [
            i
            for i, output in enumerate(planned, start)
            if output.path not in intact or intact[output.path].fingerprint != output.fingerprint
        ]
        self._todo += len(todo)
        shared = executor.Shared(site, self.setup, self.outputs, self.stage, self._output)
        workers = self._workers.enter_context(contextlib.ExitStack())
        batches = workers.enter_context(executor.rendering(shared, todo, tuple(self._begun), *self._resources))
        self._begun.append(batches)
        while index and batches.elsewhere and not index.within(_TELL_EVERY):
            self._release()
            batches.share_out()
            self._progress()
        for _ in batches.own():
            self._release()
            self._progress()
        self._busy.append((batches, workers))

    def finish(self) -> None:
        """Wait until all is rendered."""
        with self._workers:
            for batches in self._begun:
                for batch in batches:
                    self._rendered += batch
                    self._progress()

    def _release(self) -> None:
        """Let workers go that have done all they were given: each holds a copy of much of this process."""
        while self._busy and not self._busy[0][0].awaited():
            self._busy.pop(0)[1].close()

    def add(self, files: Sequence[IndexFile]) -> None:
        """Publish the files of the index too."""
        self._rendered += [
            Rendered(position, file.staged) for position, file in enumerate(files, len(self.outputs)) if file.made
        ]
        self.outputs += [file.output for file in files]

    def objections(self, host: str) -> list[str]:
        """What a host, a key of ``hosts.HOSTS``, would have against the site."""
        lying = staging.signatures(self._output, [output.path for output in self.outputs])
        sizes = {path: signature.size for path, signature in lying.items()}
        sizes |= {self.outputs[item.position].path: item.staged.size for item in self._rendered if item.staged}
        return hosts.objections(hosts.HOSTS[host], sizes)

    def commit(self, manifest_paths: Iterable[str]) -> tuple[int, int]:
        """Move all that was made into place, and remove what the site no longer has.

        Args:
            manifest_paths: paths of all files of ours that lie there.

        Returns:
            how many files were written and how many removed.
        """
        moves = {self.outputs[item.position].path: item.position for item in self._rendered if item.staged}
        final = [output.path for output in self.outputs]
        stale = set(manifest_paths).difference(final)
        staging.commit(self.stage, self._output, moves, stale, final)
        return len(moves), len(stale)

    def records(self) -> dict[str, OutputRecord]:
        """What lies in the output folder now, by path."""
        fresh = {item.position: item for item in self._rendered}
        records = {}
        for position, output in enumerate(self.outputs):
            item = fresh.get(position)
            if item is None:
                records[output.path] = self.intact[output.path]
            else:
                moved = item.staged is None or not self.stage.whole
                signature = Signature.of(os.stat(self._output / output.path)) if moved else item.staged
                assert signature is not None
                records[output.path] = OutputRecord(output.fingerprint, signature)
        return records

    def _progress(self) -> None:
        if time.monotonic() >= self._told:
            self._told = time.monotonic() + _TELL_EVERY
            done = sum(len(batch) for batches in self._begun for batch in batches.so_far())
            self._tell(done, self._todo)
