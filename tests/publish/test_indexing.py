"""The index works beside a build, which must not wait for it sooner than it needs what it asked for."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from sitegen.publish.index_contract import IndexFile
from sitegen.publish.indexing import IndexStage, similar_papers
from sitegen.publish.processes import beside
from sitegen.publish.staging import StagingDir

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")


class Slow:
    """Answers only when it may."""

    def __init__(self, may: Path) -> None:
        self._may = may
        self._calls: list[str] = []

    def similar(self) -> bytes:
        self._wait("similar")
        return b"\x91\x90"

    def cut(self) -> None:
        self._calls.append("cut")

    def files(self, published: dict[str, bytes], stage: StagingDir, output: Path, first: int) -> list[IndexFile]:
        self._wait("files")
        return []

    def keep(self) -> None:
        self._calls.append("keep")

    def calls(self) -> list[str]:
        return self._calls

    def _wait(self, call: str) -> None:
        while not self._may.exists():
            time.sleep(0.01)
        self._calls.append(call)


def test_a_build_goes_on_while_the_index_makes_its_files(tmp_path: Path) -> None:
    with beside(2, Slow, tmp_path / "may") as indexer:
        stage = IndexStage(indexer, readers=False, with_similar=False)  # type: ignore[arg-type]
        files = stage.files({}, StagingDir(tmp_path, whole=True), tmp_path, 0)
        assert not files.within(0)
        (tmp_path / "may").touch()
        assert files() == files() == []
        assert indexer.ask(Slow.calls)() == ["files", "keep"]


def test_the_index_goes_on_by_itself_once_similar_papers_are_there(tmp_path: Path) -> None:
    with beside(2, Slow, tmp_path / "may") as indexer:
        stage = IndexStage(indexer, readers=False, with_similar=True)  # type: ignore[arg-type]
        stage._telling = None  # nothing was read
        similar = stage.similar()
        assert not similar.within(0)
        (tmp_path / "may").touch()
        while not similar.within(1):
            pass
        assert indexer.ask(Slow.calls)() == ["similar", "cut"]
        assert similar_papers(similar()) == [()]
        assert indexer.ask(Slow.calls)() == ["similar", "cut"]
