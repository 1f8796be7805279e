"""The client's pure parts, tested in their own language: ``tests/js/*.test.mjs``."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

JS = Path(__file__).parents[1] / "js"


@pytest.mark.parametrize("file", sorted(JS.glob("*.test.mjs")), ids=lambda path: path.stem)
def test_the_modules_own_tests_pass(file: Path) -> None:
    node = shutil.which("node")
    if node is None and not os.environ.get("CI"):
        pytest.skip("no Node on this machine")
    assert node, "the tests of the client need Node 20 or newer"
    ran = subprocess.run([node, "--test", str(file)], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr
