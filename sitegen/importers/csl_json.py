"""CSL-JSON, which Zotero, pandoc and citeproc share (https://docs.citationstyles.org/en/stable/specification.html), and
which ``sitegen export csl-json`` writes."""

from __future__ import annotations

import re
from typing import Any

from sitegen.content.plain import to_markdown
from sitegen.importers.fields import Placed, is_empty, labels, language_tag, people, plain
from sitegen.importers.json_objects import read_objects
from sitegen.importers.listing import Entry, Listing
from sitegen.model import Date
from sitegen.text.identifiers import arxiv_number

# CSL's name -> ours, where they differ; the others are the same in both.
_FIELDS = {
    "container-title": "venue",
    "event-title": "venue",
    "event": "venue",
    "container-title-short": "venue_short",
    "journalAbbreviation": "venue_short",
    "collection-title": "series",
    "collection-number": "number",
    "page": "pages",
    "citation-key": "citation_key",
    "citation-label": "citation_key",
    "publisher": "publisher",
    "volume": "volume",
    "issue": "issue",
    "number": "number",
    "edition": "edition",
    "ISBN": "isbn",
    "language": "language",
    "type": "type",
    "title": "title",
    "id": "id",
}
_PLAIN = frozenset({"author", "editor", "issued", "DOI", "URL", "abstract", "keyword", "note", "custom", "categories"})
_QUIET = frozenset(
    {
        "accessed",
        "source",
        "title-short",
        "shortTitle",
        "ISSN",
        "event-place",
        "publisher-place",
        "journalAbbreviation",
        "page-first",
        "URL",
    }
)
_NOTE_FIELDS = {"arxiv": "arxiv", "doi": "doi", "citation key": "citation_key", "eprint": "arxiv"}


def read_csl_json(text: str, source: str, captured: Date | None) -> Listing:
    """Every item of an array, or of a mapping under ``items`` or ``references``."""
    records, problems = read_objects(text, source)
    entries = []
    for record, line in records:
        placed = item(record)
        entries.append(Entry(placed.raw, line, tuple(placed.unused)))
    return Listing(captured=captured, entries=tuple(entries), problems=tuple(problems))


def is_csl(record: dict[str, Any]) -> bool:
    """Whether an object is a CSL item and no other record."""
    return "title" in record and (
        ("issued" in record and isinstance(record["issued"], dict))
        or any(name in record for name in ("container-title", "citation-key"))
        or (
            isinstance(record.get("author"), list)
            and any("family" in a for a in record["author"] if isinstance(a, dict))
        )
    )


def item(record: dict[str, Any]) -> Placed:
    """One CSL item as fields of a record."""
    placed = Placed()
    raw = placed.raw
    for key, value in record.items():
        if is_empty(value):
            continue
        if key == "language":
            placed.set(key, language_tag(plain(value)))
        elif key in _FIELDS and not isinstance(value, dict):
            placed.set(_FIELDS[key], plain(value))
        elif key not in _PLAIN and key not in _QUIET:
            placed.unused.append(key)
    placed.set("authors", people(record.get("author") or []))
    placed.set("editors", people(record.get("editor") or []))
    placed.set("date", date_of(record.get("issued")))
    placed.set("tags", labels(record.get("keyword") or []))
    if isinstance(record.get("abstract"), str):
        placed.set("abstract", to_markdown(_paragraphs(record["abstract"])))
    for field, key in (("doi", "DOI"), ("project", "URL")):
        if isinstance(value := record.get(key), str):
            placed.address(f"https://doi.org/{value}" if field == "doi" and not value.startswith("http") else value)
    _note(str(record.get("note") or ""), placed)
    if "arxiv" not in raw and (number := arxiv_number(str(raw.get("number") or ""))):
        raw["arxiv"] = number
        del raw["number"]
    if re.fullmatch(r"arxiv(?:\.org)?|arxiv e-prints", str(raw.get("venue", "")), re.IGNORECASE):
        del raw["venue"]
    if placed.links:
        raw["links"] = placed.links
    return placed


def date_of(issued: Any) -> str:
    """A CSL date as exact as it is given: ``date-parts`` of one to three numbers or texts, else its words."""
    if not isinstance(issued, dict):
        return plain(issued) if isinstance(issued, str | int) else ""
    parts = issued.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    numbers = [str(part).strip() for part in first if not is_empty(part)]
    if numbers and re.fullmatch(r"\d{1,4}", numbers[0]):
        return "-".join([numbers[0].zfill(4), *(number.zfill(2) for number in numbers[1:3])])
    return next((str(issued[key]) for key in ("raw", "literal") if not is_empty(issued.get(key))), " ".join(numbers))


def _paragraphs(abstract: str) -> str:
    """JATS and HTML as paragraphs of plain text."""
    parts = re.split(r"</?(?:jats:)?(?:p|sec|title|div|br)\b[^>]*>|\n\s*\n", abstract)
    return "\n\n".join(filter(None, (" ".join(plain(re.sub(r"</?jats:[^>]*>", "", part)).split()) for part in parts)))


def _note(note: str, placed: Placed) -> None:
    """Zotero writes what has no field as "Key: value" lines into the note."""
    rest = []
    for line in note.split("\n"):
        found = re.match(r"\s*([A-Za-z ]{2,20}):\s*(\S.*)$", line)
        field = _NOTE_FIELDS.get(found[1].strip().lower()) if found else None
        if found is None or field is None:
            rest.append(line.strip())
        elif field == "arxiv":
            placed.set(field, arxiv_number(found[2]))
        else:
            placed.set(field, found[2].strip())
    placed.set("note", " ".join(filter(None, rest)))
