"""A bibliography in BibTeX."""

from __future__ import annotations

from collections.abc import Mapping

from sitegen.content.bibtex import read_bibtex
from sitegen.importers.listing import Entry, Listing
from sitegen.model import Date


def read_bibliography(text: str, source: str, captured: Date | None, macros: Mapping[str, str] = {}) -> Listing:
    """Every entry; its key becomes the paper's id.

    Args:
        macros: what files before this one define by ``@string``.
    """
    read = read_bibtex(text, source, macros)
    return Listing(
        captured=captured,
        entries=tuple(Entry(raw, line, unused) for (raw, line), unused in zip(read.records, read.unused, strict=True)),
        problems=tuple(read.problems),
        macros=read.macros,
    )
