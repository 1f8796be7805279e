"""Everything that must hold before a change is good: lint, format, types, tests, in a browser too.

``python3 tests/run.py`` makes ``.venv`` with all that is needed when it is not there, and runs the checks in
it, tests on all processors. Arguments go to pytest: ``-m "not slow and not browser"`` for a quick look. It
needs nothing but Python; the browser tests also want Chromium, the tests of the client and the checks of its
scripts want Node with npm, and are skipped without them, except in CI.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
TOOLS = ROOT / "node_modules" / ".bin"
SCRIPT_CHECKS = (
    ("scripts' lint and format", [TOOLS / "biome", "check", "--error-on-warnings", "."]),
    ("scripts' types", [TOOLS / "tsc", "--project", "."]),
)
CHECKS = (
    ("lint", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "."]),
    ("types", ["mypy"]),
)
TESTS = (("tests", ["pytest", "--numprocesses", "auto", "--dist", "worksteal", *sys.argv[1:]]),)


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


def install_script_tools() -> bool:
    """Bring ``node_modules`` up to what ``package.json`` asks for; false where that cannot be."""
    npm = shutil.which("npm")
    stamp = ROOT / "node_modules" / "installed-for"
    wanted = (ROOT / "package.json").read_text(encoding="utf-8")
    if npm is None or (stamp.exists() and stamp.read_text(encoding="utf-8") == wanted):
        return npm is not None
    command = [npm, "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--silent"]
    if subprocess.run(command, cwd=ROOT).returncode != 0:
        return False
    stamp.write_text(wanted, encoding="utf-8")
    return True


def main() -> int:
    install()
    commands = [(name, [PYTHON, "-m", *command]) for name, command in CHECKS]
    failed = []
    if install_script_tools():
        commands += SCRIPT_CHECKS
    elif os.environ.get("CI"):
        failed.append("tools for the scripts")
    else:
        print("== scripts are not checked: npm is missing or cannot install the tools of package.json", flush=True)
    commands += [(name, [PYTHON, "-m", *command]) for name, command in TESTS]
    for name, command in commands:
        print(f"== {name}", flush=True)
        if subprocess.run(command, cwd=ROOT).returncode != 0:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all is well")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
