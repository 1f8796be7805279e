"""A new site: a copy of the starter, with its title, and what a host needs to look after it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from sitegen.config import CONFIG_NAME
from sitegen.content.frontmatter import parse_yaml
from sitegen.errors import Problem, UsageError
from sitegen.urls import segment, slugify

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
_VOCABULARY = ("content/topics/", "content/data/tags.yaml")
_NO_TAGS = """# Tags that `sitegen import` may give to a paper: a label, and the words that call for it.
# sail making: [sails, sail cloth]
"""
# Names in the starter that begin with an underscore begin with a dot in the site: packagers drop hidden files.
_HIDDEN = "_"


def new_site(folder: Path, title: str, host: str = "", vocabulary: str = "cs") -> list[str]:
    """Write a site that builds into ``folder``; returns the files' paths below it, sorted.

    Args:
        host: a key of ``HOSTS``: the site then fills itself every morning.
        vocabulary: the topics and tags that papers get by their words: ``cs``, ``none``, or the path of a YAML file
            with ``topics`` and ``tags``, each a mapping of label to a list of words.

    Raises:
        UsageError: when ``folder`` holds anything already, or cannot be written, or the vocabulary cannot be read;
            then nothing was changed.
    """
    own = {} if vocabulary == "cs" else _vocabulary(vocabulary)
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty; name a folder that is, or one that is not there yet")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a folder")
    written = []
    try:
        for name, source in sorted(_files(host).items()):
            if vocabulary != "cs" and name.startswith(_VOCABULARY):
                continue
            text = source.read_text(encoding="utf-8")
            if name == CONFIG_NAME:
                text = text.replace("title: Papers\n", f"title: {json.dumps(title, ensure_ascii=False)}\n", 1)
                text += _SOURCES if host else ""
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            written.append(name)
        for name, text in own.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
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


def _vocabulary(name: str) -> dict[str, str]:
    """The files of a vocabulary: path below the site -> text."""
    if name == "none":
        return {"content/data/tags.yaml": _NO_TAGS}
    try:
        data = parse_yaml(Path(name).read_text(encoding="utf-8"), name)
    except (OSError, UnicodeDecodeError) as error:
        hint = "name cs, none, or a YAML file with topics and tags"
        raise UsageError(
            f"the vocabulary {name} cannot be read: {getattr(error, 'strerror', error)} ({hint})"
        ) from None
    if isinstance(data, Problem):
        raise UsageError(str(data))
    if not isinstance(data, dict) or not data.keys() <= {"topics", "tags"}:
        raise UsageError(f"{name}: a vocabulary has topics and tags, each a mapping of label to words")
    files = {}
    for order, (label, words) in enumerate(_terms(data.get("topics"), name), 1):
        fields = {"title": label, "order": order, "keywords": words}
        files[f"content/topics/{segment(slugify(label))}.md"] = f"---\n{_yaml(fields)}---\n"
    files["content/data/tags.yaml"] = _yaml(dict(_terms(data.get("tags"), name))) if data.get("tags") else _NO_TAGS
    return files


def _terms(value: Any, name: str) -> list[tuple[str, list[str]]]:
    """Labels and their words; a list of labels is short for labels that are their own words."""
    if value is None:
        return []
    if isinstance(value, list) and all(isinstance(label, str) for label in value):
        value = dict.fromkeys(value)
    if not isinstance(value, dict) or not all(
        words is None or (isinstance(words, list) and all(isinstance(word, str) for word in words))
        for words in value.values()
    ):
        raise UsageError(f"{name}: a vocabulary has topics and tags, each a mapping of label to words")
    return [(str(label), words or [str(label)]) for label, words in value.items()]


def _yaml(value: dict[str, Any]) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, default_flow_style=None, width=2**31 - 1)


def _unhide(part: str) -> str:
    return f".{part[1:]}" if part.startswith(_HIDDEN) else part
