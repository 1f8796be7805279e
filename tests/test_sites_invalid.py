"""One small site for each fault, and beside it what is said of it: ``expected.txt`` holds the exit code and the
lines on stderr; `` ...`` stands for the words of a library. To add a fault, add a folder; what it does not hold
is taken from ``sites/minimal``.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.cli import main

HERE = Path(__file__).parent
SITES = sorted(path for path in (HERE / "sites_invalid").iterdir() if path.is_dir())


@pytest.mark.parametrize("site", SITES, ids=lambda path: path.name)
def test_each_fault_is_one_clear_line_and_costs_nothing_else(site: Path, tmp_path: Path) -> None:
    shutil.copytree(HERE / "sites" / "minimal", tmp_path, dirs_exist_ok=True)
    shutil.copytree(site, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.txt"))
    exit_line, *lines = (site / "expected.txt").read_text(encoding="utf-8").splitlines()
    result = CliRunner().invoke(main, ["build", "-c", str(tmp_path), "-j", "1"], catch_exceptions=False)
    said = result.stderr.splitlines()
    assert [_shortened(line, expected) for line, expected in zip(said, lines, strict=False)] == lines
    assert len(said) == len(lines)
    assert f"exit {result.exit_code}" == exit_line
    if (tmp_path / "content/papers/faulty.md").exists() or list(tmp_path.glob("content/papers/faulty.*")):
        assert (tmp_path / "public/papers/sound/index.html").is_file()


def _shortened(line: str, expected: str) -> str:
    start = expected.removesuffix(" ...")
    return expected if start != expected and line.startswith(start) else line
