"""The scripts of ``tests/js`` beside the client as it is published: every module joined with all that it imports."""

from __future__ import annotations

import shutil
from pathlib import Path

from sitegen.render.scripts import published
from sitegen.render.theme_files import CLIENT

JS = Path(__file__).parent / "js"


def publish_client(folder: Path) -> Path:
    """Lays both out below ``folder`` as they lie in the repository; gives the folder of the test scripts."""
    modules = {path.relative_to(CLIENT).as_posix(): path.read_text(encoding="utf-8") for path in CLIENT.rglob("*.js")}
    # What is asked for later is published by itself, so every module is when all are.
    every = {"every.js": "\n".join(f"import('./{name}')" for name in modules)}
    home = folder / "sitegen" / "client"
    home.mkdir(parents=True)
    shutil.copy(CLIENT / "package.json", home)
    for name, script in published(modules | every, ours=modules).items():
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_text(script, encoding="utf-8")
    shutil.copytree(JS, folder / "tests" / "js")
    return folder / "tests" / "js"
