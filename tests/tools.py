"""Programs that some tests need beside Python: a test without its program is skipped, in CI it fails."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NoReturn

import pytest


def missing(reason: str) -> NoReturn:
    """End the test that cannot run here, and say why."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def program(name: str) -> str:
    """The path of a program."""
    return shutil.which(name) or missing(f"{name} is not installed")


def npm_package(package: str) -> Path:
    """The folder of an npm package, ``NAME@VERSION``, installed once for all runs and all test processes."""
    name = package.rpartition("@")[0]
    home = Path(tempfile.gettempdir()) / "sitegen-tests" / package
    folder = home / "node_modules" / name
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            options = ["--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--prefix", str(home)]
            command = [program("npm"), "install", *options, package]
            ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
            if ran.returncode:
                missing(f"npm could not install {package}: {ran.stderr[-200:]}")
    return folder
