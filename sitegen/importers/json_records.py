"""Papers as JSON of any usual shape: an object a line, an array, an array under any key, or an object of objects by id.

What the keys mean is ``fields``' business. What has no place goes under ``extra``, so that nothing is lost.
"""

from __future__ import annotations

from typing import Any

from sitegen.content.plain import to_markdown
from sitegen.importers.fields import Placed, place
from sitegen.importers.json_objects import read_objects
from sitegen.importers.listing import Entry, Listing
from sitegen.importers.services import SERVICES
from sitegen.model import Date

_OF_BIBTEX = "authors date venue doi arxiv pages volume publisher type citation_key".split()
# What a record of an odd shape makes the reader of a service's answers raise.
_ODD_SHAPE = (AttributeError, IndexError, KeyError, TypeError, ValueError)


def read_json(text: str, source: str, captured: Date | None) -> Listing:
    """Every object; a value that is no object, and a name that has no place, are told by line."""
    records, problems = read_objects(text, source)
    entries = []
    for record, line in records:
        placed = _placed(record)
        if "bibtex" in placed.parts:
            _from_bibtex(str(placed.parts["bibtex"]), placed)
        problems += placed.warnings(source, line)
        if isinstance(placed.raw.get("abstract"), str) and "abstract" not in record:
            placed.raw["abstract"] = to_markdown(placed.raw["abstract"])
        if placed.raw or not placed.doubts:
            entries.append(Entry(placed.raw, line, tuple(placed.unused)))
    return Listing(captured=captured, entries=tuple(entries), problems=tuple(problems))


def _placed(record: dict[str, Any]) -> Placed:
    for service in SERVICES.values():
        if service.matches(record):
            try:
                return service.placed(record)
            except _ODD_SHAPE:
                break
    return place(record, keep=True)


def _from_bibtex(bibtex: str, placed: Placed) -> None:
    """Fill what is missing from the BibTeX entry that a record carries."""
    # Few records carry one, and its reader is slow to load.
    from sitegen.content.bibtex import read_bibtex

    for record, _ in read_bibtex(bibtex, "").records[:1]:
        for field in _OF_BIBTEX:
            placed.set(field, record.get(field))
