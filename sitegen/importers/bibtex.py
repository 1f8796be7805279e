"""A bibliography in BibTeX."""

from __future__ import annotations

from sitegen.content.bibtex import read_bibtex
from sitegen.importers.listing import Entry, Listing
from sitegen.model import Date


def read_bibliography(text: str, source: str, captured: Date | None) -> Listing:
    """Every entry; its key becomes the paper's id."""
    read = read_bibtex(text, source)
    return Listing(
        captured=captured,
        entries=tuple(Entry(raw, line) for raw, line in read.records),
        problems=tuple(read.problems),
    )
