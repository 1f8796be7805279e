"""BibTeX: its entries as records, as BibTeX and biblatex read them.

Macros are put in and fields inherited with limits: both may multiply without end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from sitegen.content.bibtex_fields import record_of
from sitegen.content.bibtex_syntax import Block, Field, blocks
from sitegen.content.files import no_text
from sitegen.errors import Problem, Severity

Record = tuple[dict[str, Any], int]
"""The fields of one paper and the line on which it begins."""

MAX_VALUE = 200_000
"""Characters of one value after its macros are put in."""
MAX_COPIED = 20_000_000
"""Characters that macros and parents may add to all entries of a text."""
MAX_FIELDS = 1_000
MAX_DEPTH = 20
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Bare words that are values of their own.
_WORDS = frozenset(("true", "false", "yes", "no"))
# Of a volume, what is not said of the papers in it. After the manual of biblatex, appendix B, without its own address
# and numbers: a paper that had these would be taken for the volume.
_NOT_INHERITED = frozenset(
    (
        "title subtitle titleaddon shorttitle sorttitle author authortype abstract keywords keyword note annotation "
        "annote file url urldate doi eprint eprinttype archiveprefix primaryclass pages pagetotal numpages crossref "
        "xdata xref ids entryset execute label options presort related relatedtype shorthand sortkey pdf preview abbr "
        "selected timestamp biburl bibsource owner"
    ).split()
)
_OF_PARTS = frozenset(
    ("inproceedings", "incollection", "inbook", "conference", "suppbook", "inreference", "bookinbook")
)


class Bibliography(msgspec.Struct, frozen=True):
    """One text, read.

    Attributes:
        records: of its entries, in their order.
        unused: for each record the names of fields that are in no way part of it.
        macros: what its ``@string`` define, by name in lower case.
        undefined: macros that it uses and does not define itself.
    """

    records: list[Record]
    problems: list[Problem]
    unused: list[tuple[str, ...]]
    macros: dict[str, str]
    undefined: frozenset[str]


def read_bibtex(text: str, source: str, macros: Mapping[str, str] = {}) -> Bibliography:
    """Every entry of a BibTeX text as a record's fields; what cannot be read is told by its line.

    Args:
        text: perhaps ``files.marked``.
        macros: what other files define; this one's own go before them.
    """
    reader = _Reader(text, source, macros)
    reader.read()
    problems = reader.problems
    if not reader.records and not problems and (wrong := no_text(text, source)):
        problems = [wrong]
    own = {name: value for name, value in reader.defined.items() if value is not None}
    return Bibliography(reader.records, problems, reader.unused, own, frozenset(reader.undefined))


class _TooLongError(Exception):
    """Why a value, and with it its entry, cannot be used."""


class _Entry(msgspec.Struct):
    """``values``: field -> LaTeX, its own and, once it has ``inherited``, those of its parents."""

    block: Block
    line: int
    values: dict[str, str]
    inherited: bool = False


class _Reader:
    """Reads the blocks of one text; knows the macros defined so far."""

    def __init__(self, text: str, source: str, macros: Mapping[str, str]) -> None:
        self.records: list[Record] = []
        self.unused: list[tuple[str, ...]] = []
        self.problems: list[Problem] = []
        self.defined: dict[str, str | None] = {}
        self.undefined: set[str] = set()
        self._text = text
        self._source = source
        self._given = macros
        self._copied = 0
        self._counted = (0, 1)
        self._by_key: dict[str, _Entry] = {}

    def read(self) -> None:
        entries = list(self._entries())
        for entry in entries:
            self._by_key.setdefault(entry.block.key.strip().casefold(), entry)
        macros = {**self._given, **{name: value for name, value in self.defined.items() if value}}
        for entry in entries:
            try:
                self._inherit(entry, 0)
            except _TooLongError as error:
                self._tell(str(error), entry.line, entry.block.key or None)
                continue
            if entry.block.kind == "xdata":
                continue
            read = record_of(entry.block.kind, entry.block.key.strip(), entry.values, macros)
            for message, field in read.warnings:
                self._tell(message, entry.line, field, severity="warning")
            self.records.append((read.raw, entry.line))
            self.unused.append(read.unused)

    def _entries(self) -> Iterator[_Entry]:
        for block in blocks(self._text):
            line = self._line(block.start)
            if wrong := no_text(self._text[block.start : block.end], self._source, line):
                self.problems.append(wrong)
                continue
            for fault in block.faults:
                self._tell(
                    f"not valid BibTeX: {fault.message}", line if not block.complete else self._line(fault.position)
                )
            if not block.complete:
                continue
            if block.kind == "string":
                self._define(block, line)
            elif block.fields or block.key:
                try:
                    yield _Entry(block, line, self._values(block, line))
                except _TooLongError as error:
                    self._tell(str(error), line, block.key or None)

    def _line(self, position: int) -> int:
        before, line = self._counted
        if position < before:
            return self._text.count("\n", 0, position) + 1
        line += self._text.count("\n", before, position)
        self._counted = (position, line)
        return line

    def _tell(self, message: str, line: int, field: str | None = None, *, severity: Severity = "error") -> None:
        self.problems.append(Problem(source=self._source, line=line, field=field, message=message, severity=severity))

    def _define(self, block: Block, line: int) -> None:
        for field in block.fields:
            try:
                self.defined[field.name] = self._value(field, line)
            except _TooLongError as error:
                self.defined[field.name] = None
                self._tell(str(error), line, f"@string {field.name}", severity="warning")

    def _values(self, block: Block, line: int) -> dict[str, str]:
        values: dict[str, str] = {}
        repeated = set()
        for field in block.fields[:MAX_FIELDS]:
            value = self._value(field, line)
            if field.name in values and value.strip():
                repeated.add(field.name)
            elif value.strip():
                values[field.name] = value
        for name in sorted(repeated):
            self._tell("is given twice; the first one counts", line, name, severity="warning")
        if len(block.fields) > MAX_FIELDS:
            self._tell(f"more than {MAX_FIELDS} fields; the others are not read", line, block.key, severity="warning")
        return values

    def _value(self, field: Field, line: int) -> str:
        """A field's value with its macros put in."""
        pieces = []
        for kind, piece in field.pieces:
            if kind == "text":
                pieces.append(piece)
                continue
            name = piece.lower()
            value = self.defined.get(name)
            if value is None and name not in self.defined:
                value = self._given.get(name)
                if value is not None or (name not in MONTHS and name not in _WORDS):
                    self.undefined.add(name)
            if value is not None:
                self._copy(len(value))
            elif name in self.undefined:
                self._tell(f"no @string defines {piece!r}, which stays as it is", line, field.name, severity="warning")
            pieces.append(piece if value is None else value)
        if sum(map(len, pieces)) > MAX_VALUE:
            raise _TooLongError(f"longer than {MAX_VALUE} characters after its macros are put in")
        return "".join(pieces)

    def _copy(self, length: int) -> None:
        self._copied += length
        if self._copied > MAX_COPIED:
            raise _TooLongError(f"macros and parents add more than {MAX_COPIED} characters to this file")

    def _inherit(self, entry: _Entry, depth: int) -> None:
        """Give an entry what its parents have and it lacks: all of ``xdata``, of ``crossref`` what holds for parts."""
        if entry.inherited:
            return
        entry.inherited = True
        for field in ("xdata", "crossref"):
            for key in entry.values.get(field, "").split(","):
                if not key.strip():
                    continue
                parent = self._by_key.get(key.strip().casefold())
                if parent is None or parent is entry or depth >= MAX_DEPTH:
                    self._tell(f"no entry has the key {key.strip()!r}", entry.line, field, severity="warning")
                    continue
                self._inherit(parent, depth + 1)
                self._take(entry, parent, volume=field == "crossref")

    def _take(self, entry: _Entry, parent: _Entry, *, volume: bool) -> None:
        for name, value in parent.values.items():
            if name not in entry.values and not (volume and name in _NOT_INHERITED):
                self._copy(len(value))
                entry.values[name] = value
        if not volume:
            return
        if entry.block.kind in _OF_PARTS:
            entry.values.setdefault("booktitle", parent.values.get("title", ""))
        if entry.block.kind == "inbook" and "author" in parent.values:
            entry.values.setdefault("author", parent.values["author"])
