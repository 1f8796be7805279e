"""A new site: a copy of the starter, with its title."""

from __future__ import annotations

import json
from pathlib import Path

from sitegen.config import CONFIG_NAME
from sitegen.errors import UsageError

STARTER = Path(__file__).with_name("starter")
# Names in the starter that begin with an underscore begin with a dot in the site: packagers drop hidden files.
_HIDDEN = "_"


def new_site(folder: Path, title: str) -> list[str]:
    """Write a site that builds into ``folder``; returns the files' paths below it, sorted.

    Raises:
        UsageError: when ``folder`` holds anything already, or cannot be written; then nothing was changed.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty; name a folder that is, or one that is not there yet")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a folder")
    written = []
    try:
        for source in sorted(path for path in STARTER.rglob("*") if path.is_file()):
            name = "/".join(_unhide(part) for part in source.relative_to(STARTER).parts)
            text = source.read_text(encoding="utf-8")
            if name == CONFIG_NAME:
                text = text.replace("title: Papers\n", f"title: {json.dumps(title, ensure_ascii=False)}\n", 1)
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            written.append(name)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}") from None
    return sorted(written)


def _unhide(part: str) -> str:
    return f".{part[1:]}" if part.startswith(_HIDDEN) else part
