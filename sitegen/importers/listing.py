"""What every importer makes of one source: a listing and its entries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from sitegen.errors import Problem
from sitegen.model import Date


class Entry(msgspec.Struct, frozen=True):
    """One paper as a source shows it.

    Attributes:
        raw: the fields of a record (see ``content.record``). ``line``: where it begins.
        unused: the source's own names of fields of which nothing arrived.
        heading: the heading below which the source shows it, which may be its topic.
    """

    raw: dict[str, Any]
    line: int
    unused: tuple[str, ...] = ()
    heading: str = ""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """One source, read.

    Attributes:
        captured: the day on which the source was taken, where it is known.
        entries: in the order of the source; nothing that looks like a paper is left out.
        problems: what was not understood, by line.
        notes: what had to be inferred, in words for the person who imports.
        unread: numbers of lines that look like an entry and name no paper.
        macros: abbreviations that the source defines for those behind it, as BibTeX files do.
    """

    captured: Date | None = None
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    unread: tuple[int, ...] = ()
    macros: dict[str, str] = {}


Importer = Callable[[str, str, Date | None], Listing]
"""``(text, source, captured) -> Listing``: text has ``\\n`` line ends; ``source`` is what problems call it;
``captured`` is the day that the person gave."""
