"""BibTeX: its entries as records.

``bibtexparser`` splits the text into blocks; macros, months, names and fields are read here, with limits,
because a macro may multiply itself without end.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    ExplicitComment,
    ImplicitComment,
    ParsingFailedBlock,
    Preamble,
    String,
)
from bibtexparser.splitter import Splitter

from sitegen.content.files import no_text
from sitegen.content.plain import to_markdown
from sitegen.content.record import papers_from
from sitegen.errors import Problem
from sitegen.model import Paper
from sitegen.text.dates import read_date, read_parts
from sitegen.text.identifiers import place_address
from sitegen.text.latex import latex_to_text

Record = tuple[dict[str, Any], int]
"""The fields of one paper and the line on which it begins."""

MAX_VALUE = 200_000
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_VENUES = ("journal", "journaltitle", "booktitle", "school", "institution", "publisher", "howpublished")
_IDENTITY = ("url", "doi", "eprint", "archiveprefix", "eprinttype", "primaryclass")
_PLACED = ("title", "author", "abstract", "keywords")
_DATING = ("date", "year", "month", "day")
# What reference managers note for themselves; some of it names folders on a person's own machine.
_PRIVATE = re.compile(r"file|local-url|owner|timestamp|date-(?:added|modified)|bdsk-.*|mendeley-.*|__.*|rating|read")
_PIECE = re.compile(r'(?:#|"((?:[^"{}]|\{[^"]*\})*)"|([^\s#"{}]+))')

logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
logging.getLogger("bibtexparser").propagate = False


class _EntryError(Exception):
    """Why a value, and with it its entry, cannot be used."""


def read_papers(text: str, source: str) -> tuple[list[Paper], list[Problem]]:
    """The papers of a site's own ``.bib`` file; an entry's key is the paper's id."""
    return papers_from(*read_bibtex(text, source), source)


def read_bibtex(text: str, source: str) -> tuple[list[Record], list[Problem]]:
    """Every entry of a BibTeX text as a record's fields; what cannot be read is told by its line.

    Args:
        text: perhaps ``files.marked``.
    """
    reader = _Reader(source)
    for block in Splitter(text).split().blocks:
        reader.take(block)
    if not reader.records and not reader.problems and (wrong := no_text(text, source)):
        return [], [wrong]
    return reader.records, reader.problems


class _Reader:
    """Reads block after block; knows the macros defined so far."""

    def __init__(self, source: str) -> None:
        self.records: list[Record] = []
        self.problems: list[Problem] = []
        self._source = source
        self._line = 1
        self._macros = {month: month for month in _MONTHS}

    def take(self, block: Block) -> None:
        self._line = (block.start_line or 0) + 1
        block = self._salvaged(block)
        if isinstance(block, ImplicitComment | ExplicitComment | Preamble):
            return
        wrong = no_text(block.raw or "", self._source, self._line)
        if wrong:
            self.problems.append(wrong)
        elif isinstance(block, String):
            self._define(block)
        elif isinstance(block, Entry):
            try:
                self.records.append((self._record(block), self._line))
            except _EntryError as error:
                self._error(str(error), block.key or None)
        elif isinstance(block, ParsingFailedBlock):
            reason = getattr(block.error, "abort_reason", None) or "cannot be read"
            self._error(f"not valid BibTeX: {reason[:1].lower()}{reason[1:].rstrip('.')}")
        else:
            self._error("not understood")

    def _error(self, message: str, field: str | None = None) -> None:
        self.problems.append(Problem(source=self._source, line=self._line, field=field, message=message))

    def _warn(self, message: str, field: str) -> None:
        self.problems.append(
            Problem(source=self._source, line=self._line, field=field, message=message, severity="warning")
        )

    def _salvaged(self, block: Block) -> Block:
        """A block that repeats a key or a field still holds a paper."""
        if isinstance(block, DuplicateBlockKeyBlock):
            return block.ignore_error_block or block
        if isinstance(block, DuplicateFieldKeyBlock) and isinstance(block.ignore_error_block, Entry):
            for key in sorted(block.duplicate_keys):
                self._warn("is given twice; the first one counts", key)
            return block.ignore_error_block
        return block

    def _define(self, string: String) -> None:
        name = string.key.lower()
        try:
            self._macros[name], _ = _value(str(string.value), self._macros)
        except _EntryError as error:
            self._macros.pop(name, None)
            self._warn(str(error), f"@string {string.key}")

    def _record(self, entry: Entry) -> dict[str, Any]:
        values: dict[str, str] = {}
        for field in entry.fields:
            name = field.key.lower()
            value, unknown = _value(str(field.value), self._macros)
            for macro in unknown:
                self._warn(f"no @string defines {macro!r}", name)
            if value.strip():
                values.setdefault(name, value)
        text = {name: " ".join(latex_to_text(value).split()) for name, value in values.items() if name != "author"}
        venue = next((name for name in _VENUES if name in text), None)
        used = {*_IDENTITY, *_PLACED, *_DATING, venue}
        kept = {k: v for k, v in text.items() if k not in used and v and not _PRIVATE.fullmatch(k)}
        raw = {
            "title": text.get("title", ""),
            "id": entry.key.strip(),
            "authors": _authors(values.get("author", "")),
            "date": self._date(text),
            "abstract": to_markdown(_paragraphs(values.get("abstract", ""))),
            "venue": text[venue] if venue else None,
            "tags": [tag.strip() for tag in re.split(r"[,;]", text.get("keywords", "")) if tag.strip()],
            **_identifiers(values),
            "extra": {"entry_type": entry.entry_type.lower()} | kept,
        }
        return {name: value for name, value in raw.items() if value or name == "title"}

    def _date(self, text: dict[str, str]) -> str | None:
        """The date as EDTF text, as far as it is known."""
        if "date" in text:
            date, rest = read_date(text["date"].split("/")[0])
        else:
            date, rest = read_parts(text.get("year", ""), text.get("month", ""), text.get("day", ""))
        if rest:
            self._warn(f"not a date and left out: {rest!r}", "date" if "date" in text else "year")
        return str(date) if date else None


def _value(source: str, macros: dict[str, str]) -> tuple[str, list[str]]:
    """A field's value with its macros put in (``"a" # b # {c}``), and the macros that nobody defined."""
    source = source.strip()
    pieces: list[str] = []
    unknown: list[str] = []
    size = position = 0
    while position < len(source):
        if source[position].isspace():
            position += 1
            continue
        if source[position] == "{":
            end = _closing_brace(source, position)
            piece = source[position + 1 : end]
            position = end + 1
        elif found := _PIECE.match(source, position):
            position = found.end()
            if found[2] is None:
                piece = found[1] or ""
            elif found[2].isdigit():
                piece = found[2]
            else:
                piece = macros.get(found[2].lower(), "")
                unknown += [] if found[2].lower() in macros else [found[2]]
        else:
            piece, position = source[position:].strip('"'), len(source)
        size += len(piece)
        if size > MAX_VALUE:
            raise _EntryError(f"longer than {MAX_VALUE} characters after its macros are put in")
        pieces.append(piece)
    return "".join(pieces), unknown


def _closing_brace(text: str, opening: int) -> int:
    depth = 0
    for found in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, opening):
        if found[0] in "{}":
            depth += 1 if found[0] == "{" else -1
            if depth == 0:
                return found.start()
    return len(text)


def _authors(value: str) -> list[dict[str, str] | str]:
    people: list[dict[str, str] | str] = []
    for name in split_multiple_persons_names(value.strip()):
        if name.strip().lower() in {"others", "and"}:
            continue
        try:
            parts = parse_single_name_into_parts(name, strict=False)
        except (ValueError, IndexError):
            people.append(latex_to_text(name))
            continue
        given = latex_to_text(" ".join(parts.first))
        family = latex_to_text(" ".join([*parts.von, *parts.last, *parts.jr]))
        if given and family:
            people.append({"name": f"{given} {family}", "family": family, "given": given})
        elif given or family:
            people.append(given or family)
    return people


def _identifiers(values: dict[str, str]) -> dict[str, Any]:
    """DOI, arXiv number and link. Their own signs (``_``, ``~``, ``%``) are not LaTeX."""
    plain = {name: values.get(name, "").replace("\\", "").strip("{} ") for name in _IDENTITY}
    archive = (plain["archiveprefix"] or plain["eprinttype"]).lower()
    found: dict[str, Any] = {"doi": plain["doi"], "arxiv": plain["eprint"] if archive == "arxiv" else ""}
    if plain["url"]:
        meaning, value = place_address(plain["url"])
        if meaning not in ("doi", "arxiv"):
            found["links"] = {meaning: value}
        elif not found[meaning]:
            found[meaning] = value
    return found


def _paragraphs(latex: str) -> str:
    parts = (" ".join(latex_to_text(part).split()) for part in re.split(r"\n\s*\n", latex))
    return "\n\n".join(filter(None, parts))
