"""BibTeX's syntax: a text split into entries and macros, each with its line.

The grammar is that of "BibTeXing" (Patashnik 1988) with biblatex's field names. It is read here and not by a library:
those for Python either stop at the first fault of a file (pybtex), or take a quarter of the time of an import for the
splitting alone and lose accents at the start of names (bibtexparser 2).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Literal

import msgspec

# What a field is given: a text, or a name that is to be looked up.
Piece = tuple[Literal["text", "name"], str]


class Field(msgspec.Struct, frozen=True):
    """``name`` in lower case; ``pieces``: what ``#`` joins; ``position``: where its name stands in the text."""

    name: str
    pieces: tuple[Piece, ...]
    position: int


class Fault(msgspec.Struct, frozen=True):
    """What is wrong at a position of the text."""

    message: str
    position: int


class Block(msgspec.Struct, frozen=True):
    """``@kind{key, fields}`` from ``start`` to ``end``, as far as it can be read.

    ``complete`` is false where a fault made the rest of it unreadable.
    """

    kind: str
    key: str
    fields: tuple[Field, ...]
    start: int
    end: int
    faults: tuple[Fault, ...] = ()
    complete: bool = True


_START = re.compile(r"@\s*+([A-Za-z][\w:+-]*+)\s*+([{(])")
_START_OF_LINE = re.compile(r"^[ \t]*+@[A-Za-z][\w:+-]*+[ \t]*+[{(]", re.MULTILINE)
_SPACE = re.compile(r"\s*+")
_COMMAS = re.compile(r"[\s,]*+")
_WORD = re.compile(r"[^\s,={}()\"#%@]++")
_NAME = re.compile(r"\s*+([^\s,={}()\"#%@]++)\s*+=\s*+")
_KEY = re.compile(r"\s*+([^,={}()\"\n]*+)")
_DEEP = r"(?:[^{}\\]++|\\.|\{(?:[^{}\\]++|\\.|\{[^{}\\]*+\})*+\})*+"
_BRACED = re.compile(rf"\{{({_DEEP})\}}", re.DOTALL)
# A quote behind a backslash is an accent where a letter follows it.
_IN_QUOTES = r'\\"(?=[A-Za-z{\\])|\\[^"]|\\(?=")'
_QUOTED = re.compile(rf'"((?:[^"{{}}\\]++|{_IN_QUOTES}|\{{{_DEEP}\}})*+)"', re.DOTALL)
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_BRACE_OR_QUOTE = re.compile(rf'{_IN_QUOTES}|[{{}}"]', re.DOTALL)
_LEFT_OVER = re.compile(r"\s*+,?\s*+[A-Za-z][\w-]*+\s*+=\s*+[{\"\d]")


def blocks(text: str) -> Iterator[Block]:
    """All entries and macro definitions in their order; what stands between them is a comment."""
    reader = _Reader(text)
    position = 0
    while found := _START.search(text, position):
        block = reader.block(found)
        position = max(block.end, found.end())
        if block.kind not in ("comment", "preamble"):
            yield block


class _UnreadableError(Exception):
    """Why a block cannot be read beyond a position."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [found.start() for found in _START_OF_LINE.finditer(text)]
        self._next = 0

    @functools.cached_property
    def _pairs(self) -> dict[int, int]:
        """Every brace that has a partner -> that partner."""
        pairs: dict[int, int] = {}
        opened: list[int] = []
        for found in _BRACE.finditer(self._text):
            if found[0] == "{":
                opened.append(found.start())
            elif found[0] == "}" and opened:
                pairs[opened.pop()] = found.start()
        return pairs

    def block(self, found: re.Match[str]) -> Block:
        kind = found[1].lower()
        start, position = found.span()
        limit = self._limit(start)
        if kind in ("comment", "preamble"):
            # Programs keep whole groups in a comment; one without an end is a word and no more.
            return Block(kind, "", (), start, self._pairs.get(position - 1, position - 1) + 1)
        key, fields, faults = "", [], list[Fault]()
        try:
            if kind != "string":
                key, position = self._key(position, faults)
            position = self._behind_commas(position)
            while (field := self._field(position, limit, faults)) is not None:
                fields.append(field[0])
                position = self._behind_commas(field[1])
            end = self._end(position, found[2])
        except _UnreadableError as fault:
            faults.append(Fault(fault.message, fault.position))
            return Block(kind, key, tuple(fields), start, max(limit, position), tuple(faults), complete=False)
        if _LEFT_OVER.match(self._text, end):
            message = (
                "fields stand behind the end of the entry and are not read (is there a brace too many before them?)"
            )
            faults.append(Fault(message, end))
        return Block(kind, key, tuple(fields), start, end, tuple(faults))

    def _limit(self, start: int) -> int:
        """Where the next entry begins that stands at the start of a line: no value of this one reaches so far."""
        while self._next < len(self._starts) and self._starts[self._next] <= start:
            self._next += 1
        return self._starts[self._next] if self._next < len(self._starts) else len(self._text)

    def _key(self, position: int, faults: list[Fault]) -> tuple[str, int]:
        text = self._text
        if _NAME.match(text, position):
            return "", position
        found = _KEY.match(text, position)
        key, end = (found[1], found.end()) if found else ("", position)
        sign = text[end : end + 1]
        if sign == ",":
            return key.strip(), end + 1
        word = _WORD.search(key)
        end = found.start(1) + word.end() if found and word else end
        if word and _NAME.match(text, end):
            faults.append(Fault(f"a comma is missing behind the key {word[0]!r}", end))
            return word[0], end
        if word and not key[word.end() :].strip():
            return word[0], end
        raise _UnreadableError("no key and no field where one is expected", end)

    def _field(self, position: int, limit: int, faults: list[Fault]) -> tuple[Field, int] | None:
        """The field at a position and the position behind it and its comma; ``None`` where no field is."""
        text = self._text
        found = _NAME.match(text, position)
        if found is None:
            if word := _WORD.match(text, position):
                raise _UnreadableError(f"no '=' behind {word[0][:40]!r}", position)
            return None
        name, position = found[1].lower(), found.end()
        pieces, position = self._value(name, position, limit)
        position = _skipped(text, position)
        sign = text[position : position + 1]
        if sign == ",":
            position += 1
        elif sign not in ("}", ")", ""):
            if not _NAME.match(text, position):
                raise _UnreadableError(
                    f"more than a value stands in {name!r}, from {_shown(text, position)} on", position
                )
            faults.append(Fault(f"a comma is missing behind the field {name!r}", position))
        return Field(name, pieces, found.start(1)), position

    def _behind_commas(self, position: int) -> int:
        found = _COMMAS.match(self._text, position)
        return found.end() if found else position

    def _value(self, name: str, position: int, limit: int) -> tuple[tuple[Piece, ...], int]:
        text = self._text
        pieces: list[Piece] = []
        while True:
            sign = text[position : position + 1]
            if sign == "{":
                inside, position = self._enclosed(name, _BRACED, position, limit)
                pieces.append(("text", inside))
            elif sign == '"':
                inside, position = self._enclosed(name, _QUOTED, position, limit)
                pieces.append(("text", inside))
            elif word := _WORD.match(text, position):
                pieces.append(("text" if word[0].isdecimal() else "name", word[0]))
                position = word.end()
            elif sign in (",", "}", ")") and not pieces:
                return (), position
            else:
                raise _UnreadableError(f"the field {name!r} has no value", position)
            after = _skipped(text, position)
            if text[after : after + 1] != "#":
                return tuple(pieces), position
            position = _skipped(text, after + 1)

    def _enclosed(self, name: str, pattern: re.Pattern[str], position: int, limit: int) -> tuple[str, int]:
        """The text in braces or quotes that open at the position, and the position behind them."""
        found = pattern.match(self._text, position, limit)
        if found:
            return found[1], found.end()
        quoted = pattern is _QUOTED
        closing = self._closing_quote if quoted else self._closing_brace
        end = closing(position, limit)
        if end is None:
            what = "quote or brace" if quoted else "brace"
            raise _UnreadableError(f"the field {name!r} has no end (a closing {what} is missing)", position)
        return self._text[position + 1 : end], end + 1

    def _closing_brace(self, opening: int, limit: int) -> int | None:
        depth = 0
        for found in _BRACE.finditer(self._text, opening, limit):
            sign = found[0]
            if sign in "{}":
                depth += 1 if sign == "{" else -1
                if depth <= 0:
                    return found.start()
        return None

    def _closing_quote(self, opening: int, limit: int) -> int | None:
        depth = 0
        for found in _BRACE_OR_QUOTE.finditer(self._text, opening + 1, limit):
            sign = found[0]
            if sign == '"' and depth <= 0:
                return found.start()
            depth += {"{": 1, "}": -1}.get(sign, 0)
        return None

    def _end(self, position: int, opening: str) -> int:
        position = _skipped(self._text, position)
        sign = self._text[position : position + 1]
        if sign == ("}" if opening == "{" else ")"):
            return position + 1
        if not sign:
            raise _UnreadableError("the entry has no end (a closing brace is missing)", position)
        raise _UnreadableError(f"a field is expected, found {_shown(self._text, position)}", position)


def _skipped(text: str, position: int) -> int:
    """The position of the next sign that is no blank."""
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _shown(text: str, position: int) -> str:
    return repr(text[position : position + 20].split("\n")[0])
