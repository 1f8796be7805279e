"""Everything that must hold before a change is good: lint, format, types, tests, in a browser too.

``python3 tests/run.py`` makes ``.venv`` with all that is needed when it is not there, and runs the checks in
it, tests on all processors. Arguments go to pytest: ``-m "not slow and not browser"`` for a quick look. It
needs nothing but Python; the browser tests also want Chromium and the tests of the client want Node, and are
skipped without them, except in CI.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
CHECKS = (
    ("lint", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "."]),
    ("types", ["mypy"]),
    ("tests", ["pytest", "--numprocesses", "auto", "--dist", "worksteal", *sys.argv[1:]]),
)


def install() -> None:
    """Bring the environment up to what ``pyproject.toml`` asks for."""
    if not PYTHON.exists():
        venv.create(VENV, with_pip=True)
    stamp = VENV / "installed-for"
    wanted = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "--editable", ".[dev]"], cwd=ROOT, check=True)
    stamp.write_text(wanted, encoding="utf-8")


def main() -> int:
    install()
    failed = []
    for name, command in (
        *CHECKS,
        ("tests", ["pytest", "--numprocesses", "auto", "--dist", "worksteal", *sys.argv[1:]]),
    ):
        print(f"== {name}", flush=True)
        if subprocess.run([PYTHON, "-m", *command], cwd=ROOT).returncode != 0:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all is well")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
