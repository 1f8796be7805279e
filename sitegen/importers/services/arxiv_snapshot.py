"""arXiv's metadata snapshot, JSON lines (https://www.kaggle.com/datasets/Cornell-University/arxiv)."""

from __future__ import annotations

import email.utils
from typing import Any

from sitegen.content.plain import to_markdown
from sitegen.importers.fields import Placed, plain


def matches(record: dict[str, Any]) -> bool:
    return "authors_parsed" in record or ("submitter" in record and "categories" in record)


def placed(record: dict[str, Any]) -> Placed:
    result = Placed()
    number = plain(record.get("id") or "")
    result.set("id", number)
    result.set("arxiv", number)
    result.set("title", " ".join(plain(record.get("title") or "").split()))
    parsed = [person for parts in record.get("authors_parsed") or [] if (person := _person(parts))]
    result.set("authors", parsed or plain(record.get("authors") or ""))
    result.set("abstract", to_markdown(" ".join(str(record.get("abstract") or "").split())))
    result.set("doi", plain(record.get("doi") or "").split(" ")[0])
    result.set("venue", plain(record.get("journal-ref") or ""))
    versions = record.get("versions") or []
    result.set("date", _day(str(versions[0].get("created", ""))) if versions else None)
    if len(versions) > 1:
        result.set("updated", plain(record.get("update_date") or ""))
    comment = plain(record.get("comments") or "")
    extra = {"categories": str(record.get("categories") or "").split(), "comment": comment}
    if "withdrawn" in comment.casefold():
        result.set("notice", {"kind": "retraction", "text": comment})
    result.set("number", plain(record.get("report-no") or ""))
    result.set("extra", {key: value for key, value in extra.items() if value})
    return result


def _person(parts: list[str]) -> dict[str, str] | None:
    """``[family, given, suffix, affiliation]``, each perhaps empty or missing."""
    family, given, suffix, affiliation = ([*map(plain, parts), "", "", "", ""])[:4]
    details = {
        "name": " ".join(filter(None, (given, family, suffix))),
        "family": family,
        "given": given,
        "suffix": suffix,
        "affiliation": affiliation,
    }
    return {key: value for key, value in details.items() if value} if family or given else None


def _day(text: str) -> str:
    try:
        return email.utils.parsedate_to_datetime(text).date().isoformat()
    except (TypeError, ValueError):
        return text
