"""Lists of papers in YAML, as the sites of labs and paper lists keep them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from sitegen.content.plain import to_markdown
from sitegen.errors import Problem
from sitegen.importers.fields import place
from sitegen.importers.listing import Entry, Listing
from sitegen.model import Date

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_ALIASES = 1000
_ID = re.compile(r"(doi|arxiv|pmid|url):(.+)", re.IGNORECASE)


class _TextLoader(_LOADER):  # type: ignore[misc, valid-type]
    """Every plain value as the text that stands there: a number 1.10 and a date stay as written."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 -- PyYAML's own way to say so


def read_yaml_list(text: str, source: str, captured: Date | None) -> Listing:
    """Every mapping of the list, or of the lists under any key."""
    try:
        if _multiplies(text):
            message, hint = "an anchor is used inside another one, or too often", "write the values out"
            return Listing(captured=captured, problems=(Problem(source=source, message=message, hint=hint),))
        node = yaml.compose(text, Loader=_TextLoader)
        value = yaml.load(text, Loader=_TextLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = f"not valid YAML: {getattr(error, 'problem', None) or error}"
        problem = Problem(source=source, line=mark.line + 1 if mark else None, message=message)
        return Listing(captured=captured, problems=(problem,))
    entries: list[Entry] = []
    problems: list[Problem] = []
    for record, line in _records(value, node):
        if not isinstance(record, Mapping):
            problems.append(Problem(source=source, line=line, message="expected a mapping, one for each paper"))
            continue
        placed = place(_prepared(record))
        if isinstance(placed.raw.get("abstract"), str):
            placed.raw["abstract"] = to_markdown(placed.raw["abstract"])
        problems += placed.warnings(source, line)
        entries.append(Entry(placed.raw, line, tuple(placed.unused)))
    return Listing(captured=captured, entries=tuple(entries), problems=tuple(problems))


def _multiplies(text: str) -> bool:
    """Whether aliases may make a short text long without end: one inside an anchored value, or very many of them."""
    inside = aliases = 0
    anchored: list[bool] = []
    for event in yaml.parse(text, Loader=_TextLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            anchored.append(event.anchor is not None)
            inside += anchored[-1]
        elif isinstance(event, yaml.CollectionEndEvent):
            inside -= anchored.pop()
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
            if inside or aliases > _MOST_ALIASES:
                return True
    return False


def _records(value: Any, node: Any) -> list[tuple[Any, int]]:
    if isinstance(value, list):
        return [(item, each.start_mark.line + 1) for item, each in zip(value, node.value, strict=True)]
    found: list[tuple[Any, int]] = []
    if isinstance(value, dict):
        for (_, each), item in zip(node.value, value.values(), strict=False):
            found += _records(item, each) if isinstance(item, list | dict) and "title" not in value else []
        if "title" in value:
            found.append((value, node.start_mark.line + 1))
    return found


def _prepared(record: Mapping[str, Any]) -> dict[str, Any]:
    """The lab template's ``id: doi:10...`` and ``repo: owner/name`` as what they mean."""
    own = dict(record)
    if found := _ID.fullmatch(str(own.get("id") or "").strip()):
        kind = found[1].lower()
        own["id"] = f"{kind}-{found[2]}" if kind == "pmid" else ""
        if kind != "pmid":
            own.setdefault({"doi": "doi", "arxiv": "arxiv", "url": "url"}[kind], found[2].strip())
    if re.fullmatch(r"[\w.-]+/[\w.-]+", str(own.get("repo") or "")):
        own["repo"] = f"https://github.com/{own['repo']}"
    own.pop("image", None)
    return own
