"""A new site: a copy of the starter, with its title, and what a host needs to look after it."""

from __future__ import annotations

import json
from pathlib import Path

from sitegen.config import CONFIG_NAME
from sitegen.errors import UsageError

STARTER = Path(__file__).with_name("starter")
_HOSTS = Path(__file__).with_name("starter_hosts")
# Host -> folders that are copied too. Netlify only builds, so GitHub fetches for it.
HOSTS: dict[str, tuple[str, ...]] = {
    "": ("plain",),
    "github": ("github",),
    "gitlab": ("gitlab",),
    "netlify": ("github", "netlify"),
}
_SOURCES = """
# Where papers come from; `sitegen fetch` asks there every morning. More services: docs/fetching.md of sitegen.
contact: ""               # an e-mail address at which services can reach you
sources:
  - name: digital libraries
    arxiv: {query: 'cat:cs.DL', max: 50}
#  - huggingface: {}      # the daily papers
#  - url: https://example.org/list.md
"""
# Names in the starter that begin with an underscore begin with a dot in the site: packagers drop hidden files.
_HIDDEN = "_"


def new_site(folder: Path, title: str, host: str = "") -> list[str]:
    """Write a site that builds into ``folder``; returns the files' paths below it, sorted.

    Args:
        host: a key of ``HOSTS``: the site then fills itself every morning.

    Raises:
        UsageError: when ``folder`` holds anything already, or cannot be written; then nothing was changed.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty; name a folder that is, or one that is not there yet")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a folder")
    written = []
    try:
        for name, source in sorted(_files(host).items()):
            text = source.read_text(encoding="utf-8")
            if name == CONFIG_NAME:
                text = text.replace("title: Papers\n", f"title: {json.dumps(title, ensure_ascii=False)}\n", 1)
                text += _SOURCES if host else ""
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            written.append(name)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}") from None
    return sorted(written)


def _files(host: str) -> dict[str, Path]:
    """Path in the site -> file in the starter; what a later folder has takes the place of an earlier one's."""
    found = {}
    for folder in (STARTER, *(_HOSTS / name for name in HOSTS[host])):
        for source in folder.rglob("*"):
            if source.is_file():
                found["/".join(_unhide(part) for part in source.relative_to(folder).parts)] = source
    return found


def _unhide(part: str) -> str:
    return f".{part[1:]}" if part.startswith(_HIDDEN) else part
