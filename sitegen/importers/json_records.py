"""Papers as JSON: one object per line, one array, or an object that holds the array under ``papers``.

Field names are those of a record, or the usual ones of other collections, which are put in their place. What
has no place goes under ``extra``, so that nothing is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from sitegen.content.files import no_text
from sitegen.content.jsonl import Record, parse_json, read_jsonl, record_of
from sitegen.content.record import FIELDS
from sitegen.errors import Problem
from sitegen.importers.listing import Entry, Listing
from sitegen.model import Date
from sitegen.text.identifiers import place_address

_SYNONYMS = {
    "name": "title",
    "author": "authors",
    "summary": "abstract",
    "description": "abstract",
    "published": "date",
    "publication_date": "date",
    "journal": "venue",
    "booktitle": "venue",
    "conference": "venue",
    "keywords": "tags",
    "arxiv_id": "arxiv",
    "votes": "upvotes",
    "likes": "upvotes",
    "lang": "language",
}
# Keys that hold one address; None: the address itself tells what it leads to.
_ADDRESSES: dict[str, str | None] = {
    "url": None,
    "link": None,
    "pdf": "pdf",
    "pdf_url": "pdf",
    "code": "code",
    "github": "code",
    "video": "video",
}
# A script that copies such a key into an object would change the object itself.
_NEVER = frozenset({"__proto__", "constructor", "prototype"})


def read_json(text: str, source: str, captured: Date | None) -> Listing:
    """Every object; a value that is no object, and a name that has no place, are told by line."""
    records, problems = _records(text, source)
    entries = []
    for record, line in records:
        raw, found = _placed(record, source, line)
        problems += found
        entries.append(Entry(raw, line))
    return Listing(captured=captured, entries=tuple(entries), problems=tuple(problems))


def _records(text: str, source: str) -> tuple[list[Record], list[Problem]]:
    whole = parse_json(text, source) if text.strip() else []
    wrong = no_text(text, source)
    if isinstance(whole, Problem):
        first = next(line for line in text.split("\n") if line.strip())
        if isinstance(parse_json(first, source), dict):
            return read_jsonl(text, source)
        return [], [wrong or whole]
    if wrong:
        return [], [wrong]
    opening = 0
    if isinstance(whole, dict) and isinstance(whole.get("papers"), list):
        key = re.search(r'"papers"\s*:\s*\[', text)
        whole, opening = whole["papers"], key.end() - 1 if key else 0
    values = whole if isinstance(whole, list) else [whole]
    records: list[Record] = []
    problems: list[Problem] = []
    for value, line in zip(values, _lines_of_elements(text, opening), strict=False):
        record, found = record_of(value, source, line)
        problems += found
        records += [(record, line)] if record is not None else []
    return records, problems


def _lines_of_elements(text: str, opening: int) -> Iterator[int]:
    """On which line each element of the array begins that opens at ``opening``; text is known to be JSON."""
    decoder = json.JSONDecoder()
    line = 1
    counted = position = opening
    line += text.count("\n", 0, opening)
    while found := re.compile(r"[\s,\[]*(?=[^\s,\]])").match(text, position):
        line += text.count("\n", counted, found.end())
        counted = found.end()
        yield line
        try:
            _, position = decoder.raw_decode(text, found.end())
        except ValueError:
            return


def _placed(record: dict[str, Any], source: str, line: int) -> tuple[dict[str, Any], list[Problem]]:
    """The record with every value under a name that ``content.record`` knows."""
    raw: dict[str, Any] = {}
    problems: list[Problem] = []
    extra = record.get("extra")
    extra = dict(extra) if isinstance(extra, dict) else {} if extra is None else {"extra": extra}
    links = record.get("links")
    links = dict(links) if isinstance(links, dict) else {}
    for key, value in record.items():
        name = _SYNONYMS.get(key, key)
        if key in _NEVER:
            problems.append(_warning(source, line, key, "is left out"))
        elif key in ("extra", "links") or value in (None, "", [], {}):
            continue
        elif key in _ADDRESSES and isinstance(value, str):
            meaning, address = place_address(value)
            if meaning in ("doi", "arxiv"):
                raw.setdefault(meaning, address)
            else:
                links.setdefault(_ADDRESSES[key] or meaning, address)
        elif name in FIELDS and name not in raw:
            raw[name] = value
        elif key != "year":
            extra[key] = value
    year = record.get("year")
    if year is not None and "date" not in raw:
        if re.fullmatch(r"[0-9]{4}", str(year)):
            raw["date"] = str(year)
        else:
            problems.append(_warning(source, line, "year", f"not a year and is left out: {str(year)[:40]!r}"))
    raw |= {"extra": extra} if extra else {}
    raw |= {"links": links} if links else {}
    return raw, problems


def _warning(source: str, line: int, field: str, message: str) -> Problem:
    return Problem(source=source, line=line, field=field, message=message, severity="warning")
