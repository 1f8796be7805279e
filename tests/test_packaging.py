"""The wheel as a user gets it: what it holds, and that it works in an environment where nothing else of ours is."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    [wheel] = folder.glob("*.whl")
    return wheel


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def tracked(folder: str) -> set[str]:
    """The project's own files: those that git knows, or all where this is not a git checkout."""
    if not (ROOT / ".git").exists():
        files = [path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file()]
        return {file.as_posix() for file in files if "__pycache__" not in file.parts}
    listed = subprocess.run(["git", "ls-files", folder], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(listed.stdout.splitlines())


def test_the_wheel_holds_the_package_and_the_themes_and_nothing_else(wheel: Path) -> None:
    expected = tracked("sitegen") | {f"sitegen/{name}" for name in tracked("themes")}
    assert names(wheel) == expected


def test_the_wheel_is_published_under_a_name_that_is_free(wheel: Path) -> None:
    assert wheel.name.startswith("sitegen_papers-")


def test_a_site_is_made_built_and_checked_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    """An empty environment that holds the wheel; the libraries it asks for are lent by the one of these tests."""
    venv.create(tmp_path / "venv", with_pip=True)
    folder = "Scripts" if os.name == "nt" else "bin"
    python = tmp_path / "venv" / folder / "python"
    pip = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check"]
    subprocess.run([*pip, wheel], check=True)
    lent = [path for path in sys.path if path.endswith("site-packages")]
    purelib = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = subprocess.run([python, "-c", purelib], capture_output=True, text=True, check=True).stdout.strip()
    Path(own, "lent.pth").write_text("\n".join(lent))

    def sitegen(*words: str) -> str:
        command = [tmp_path / "venv" / folder / "sitegen", *words]
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    sitegen("new", "site")
    assert sitegen("-c", "site/sitegen.yaml", "build").startswith("3 papers; ")
    assert ": 0 problems" in sitegen("-c", "site/sitegen.yaml", "-b", "https://papers.example/", "check")
    home = (tmp_path / "site/public/index.html").read_text(encoding="utf-8")
    assert "A map of paper boats" in home
    where = subprocess.run(
        [python, "-P", "-c", "import sitegen; print(sitegen.__file__)"],
        cwd=tmp_path,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert Path(where.strip()).is_relative_to(Path(own))
