"""The client's pure parts, tested in their own language: ``tests/js/*.test.mjs``, as written and as published."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from published_client import JS, publish_client
from tools import program


@pytest.fixture(scope="session", params=["written", "published"])
def scripts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return JS if request.param == "written" else publish_client(tmp_path_factory.mktemp("client"))


@pytest.mark.parametrize("name", sorted(path.name for path in JS.glob("*.test.mjs")))
def test_the_modules_own_tests_pass(scripts: Path, name: str) -> None:
    node = program("node")
    ran = subprocess.run([node, "--test", str(scripts / name)], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr
