"""A build is told the same of the files on disk whichever process looks at them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from site_maker import SiteMaker, paper

from sitegen.build import BuildOptions, build
from sitegen.config import load_config
from sitegen.content.files import Signature, walk
from sitegen.errors import Problem
from sitegen.publish import processes, survey
from sitegen.publish.staging import OutputRecord

PAPERS = {f"content/papers/{name}.md": paper(f"Paper {name}", date="2025-01-02", tags=["One"]) for name in "abcd"}


@pytest.fixture(params=[1, 2])
def jobs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Processes of a build, of which a second one looks at any number of files."""
    monkeypatch.setattr(survey, "BESIDE_FROM", 0)
    return int(request.param)


def test_all_sources_and_all_that_was_altered_are_told(make_site: SiteMaker, jobs: int) -> None:
    root = make_site(PAPERS)
    (root / "content/papers/link.md").symlink_to("/etc/hostname")
    output = root / "public"
    known = {}
    for name in ("same", "edited", "gone", "deep/same"):
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        (output / name).write_text(name)
        known[name] = OutputRecord(name.encode(), Signature.of(os.lstat(output / name)))
    (output / "edited").write_text("otherwise")
    (output / "gone").unlink()
    waited: list[bool] = []
    before: bytes | None = None
    for _ in range(2):
        with survey.survey(
            root, root / "content", output, known, jobs, before=before, meanwhile=lambda: waited.append(True)
        ) as found:
            problems: list[Problem] = []
            files = walk(root, root / "content", problems)
            assert found.sources.unpack() == (files, problems) and len(problems) == 1
            assert found.sources.newest == max(file.signature.ctime_ns for file in files)
            assert before in (None, found.sources.digest)
            assert found.known == known
            assert sorted(found.altered.paths()) == ["edited", "gone"]
            before = found.sources.digest
    assert len(waited) == (2 if processes.can_fork(jobs) else 0)


def test_what_was_altered_is_brought_back_and_all_else_left_alone(make_site: SiteMaker, jobs: int) -> None:
    root = make_site(PAPERS)

    def run() -> tuple[int, int]:
        report = build(root, load_config(root / "sitegen.yaml"), BuildOptions(jobs=jobs))
        return report.written, report.removed

    run()
    before = {path: path.read_bytes() for path in _files(root / "public")}
    assert run() == (0, 0)
    page, other = root / "public/papers/a/index.html", root / "public/papers/b/index.html"
    page.write_bytes(page.read_bytes() + b"<!-- not ours -->")
    other.unlink()
    assert run() == (2, 0)
    assert {path: path.read_bytes() for path in _files(root / "public")} == before
    (root / "content/papers/d.md").unlink()
    assert run()[1] > 0
    assert not (root / "public/papers/d/index.html").exists()
    assert run() == (0, 0)


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]
