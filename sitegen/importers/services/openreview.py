"""OpenReview's notes (https://docs.openreview.net/reference/api-v2): fields stand under ``content``."""

from __future__ import annotations

import re
from typing import Any

from sitegen.content.plain import to_markdown
from sitegen.importers.fields import Placed, date_text, labels, plain
from sitegen.text.identifiers import LINK_KINDS

_SITE = "https://openreview.net"
_LINKS = {"software": "code", "website": "project"}


def matches(record: dict[str, Any]) -> bool:
    content = record.get("content")
    return isinstance(content, dict) and "title" in content and ("forum" in record or "id" in record)


def placed(record: dict[str, Any]) -> Placed:
    content = {
        key: value.get("value") if isinstance(value, dict) else value for key, value in record["content"].items()
    }
    result = Placed()
    identifier = plain(record.get("forum") or record.get("id") or "")
    result.set("id", identifier)
    result.set("title", plain(content.get("title") or ""))
    result.set("authors", [plain(name) for name in content.get("authors") or []])
    result.set(
        "abstract", to_markdown(plain(content.get("abstract") or content.get("TL;DR") or content.get("TLDR") or ""))
    )
    result.set("tags", labels(content.get("keywords") or []))
    area = content.get("primary_area") or content.get("subject_area")
    result.set("topics", [plain(area)] if area else None)
    venue = plain(content.get("venue") or "")
    found = re.fullmatch(r"(.*?)[\s,]+((?:19|20)\d\d)(?:\s+(.*))?", venue)
    result.set("venue", found[1] if found else venue)
    day = record.get("pdate") or record.get("odate") or record.get("cdate")
    result.set("date", date_text(day) if day else found[2] if found else None)
    for key, value in content.items():
        if isinstance(value, str) and (key in LINK_KINDS or key in _LINKS):
            url = value if value.startswith("http") else f"{_SITE}{value}" if value.startswith("/") else ""
            if url:
                result.address(url, _LINKS.get(key, key))
    if identifier:
        result.address(f"{_SITE}/forum?id={identifier}", "project")
    result.raw["links"] = result.links
    return result
