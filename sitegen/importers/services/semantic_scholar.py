"""Semantic Scholar's papers (https://api.semanticscholar.org/api-docs/graph)."""

from __future__ import annotations

from typing import Any

from sitegen.content.plain import to_markdown
from sitegen.importers.fields import Placed, people, plain

_TYPES = {
    "JournalArticle": "article-journal",
    "Conference": "paper-conference",
    "Book": "book",
    "BookSection": "chapter",
    "Dataset": "dataset",
    "Review": "article-journal",
}


def matches(record: dict[str, Any]) -> bool:
    return "paperId" in record and ("externalIds" in record or "authors" in record)


def placed(record: dict[str, Any]) -> Placed:
    result = Placed()
    result.set("title", plain(record.get("title") or ""))
    ids = record.get("externalIds") or {}
    result.set("arxiv", ids.get("ArXiv"))
    if doi := ids.get("DOI"):
        result.address(f"https://doi.org/{doi}")
    result.set("id", ids.get("ArXiv") or record.get("paperId"))
    result.set("authors", people(record.get("authors") or []))
    result.set("abstract", to_markdown(plain(record.get("abstract") or (record.get("tldr") or {}).get("text") or "")))
    result.set("date", record.get("publicationDate") or str(record.get("year") or ""))
    journal = record.get("journal") or {}
    venue = plain(record.get("venue") or journal.get("name") or "")
    result.set("venue", venue if "arxiv" not in venue.casefold() else None)
    result.set("volume", journal.get("volume"))
    result.set("pages", plain(journal.get("pages") or ""))
    result.set("type", next((_TYPES[kind] for kind in record.get("publicationTypes") or [] if kind in _TYPES), None))
    result.set("topics", record.get("fieldsOfStudy"))
    if url := (record.get("openAccessPdf") or {}).get("url"):
        result.address(url, "pdf")
    elif isinstance(url := record.get("url"), str) and not result.raw.get("arxiv") and not result.raw.get("doi"):
        result.address(url)
    if result.links:
        result.raw["links"] = result.links
    return result
