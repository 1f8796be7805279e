"""Crossref's works (https://api.crossref.org/swagger-ui/index.html): CSL-JSON in which much stands in lists."""

from __future__ import annotations

from typing import Any

from sitegen.importers.csl_json import item
from sitegen.importers.fields import Placed

_LISTS = ("title", "subtitle", "container-title", "short-container-title", "ISBN", "ISSN")
# Crossref's type -> CSL item type, where the names differ (https://github.com/citation-style-language/schema).
_TYPES = {
    "journal-article": "article-journal",
    "proceedings-article": "paper-conference",
    "book-chapter": "chapter",
    "posted-content": "article",
    "monograph": "book",
    "edited-book": "book",
    "dissertation": "thesis",
    "peer-review": "review",
}


def matches(record: dict[str, Any]) -> bool:
    return isinstance(record.get("title"), list) and "DOI" in record


def placed(record: dict[str, Any]) -> Placed:
    flat = dict(record)
    for name in _LISTS:
        if isinstance(flat.get(name), list):
            flat[name] = flat[name][0] if flat[name] else ""
    if subtitle := flat.pop("subtitle", ""):
        flat["title"] = f"{flat['title']}: {subtitle}"
    flat["container-title-short"] = flat.pop("short-container-title", "")
    flat["type"] = _TYPES.get(str(flat.get("type")), flat.get("type"))
    for part in ("issued", "published", "published-print", "published-online", "created"):
        dated = flat.pop(part, None)
        if isinstance(dated, dict) and dated.get("date-parts", [[None]])[0][:1] != [None]:
            flat.setdefault("found", dated)
    flat["issued"] = flat.pop("found", None)
    flat["keyword"] = flat.pop("subject", None)
    for author in flat.get("author") or []:
        if isinstance(author, dict):
            author["affiliation"] = [
                each.get("name", "") for each in author.get("affiliation") or [] if isinstance(each, dict)
            ]
            if "name" in author and "family" not in author:
                author["literal"] = author["name"]
    result = item({key: value for key, value in flat.items() if key in _READ})
    result.set("id", str(record.get("DOI", "")).lower())
    if any(update.get("type") == "retraction" for update in record.get("update-to") or []):
        result.set("notice", {"kind": "retraction"})
    return result


_READ = frozenset(
    "title container-title container-title-short ISBN issued keyword author editor type volume issue page publisher "
    "DOI URL abstract language edition".split()
)
