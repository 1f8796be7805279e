"""What can go wrong, as values first and exceptions second.

    SitegenError                 base of all errors that a user can cause
    ├── ContentError             problems in a site's own sources (exit code 1)
    └── UsageError               a command or option that cannot be carried out (exit code 2)

Loading never stops at the first fault: it collects ``Problem`` values and raises, if at all, one
``ContentError`` that holds them all.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Literal

import msgspec

Severity = Literal["error", "warning"]


class Problem(msgspec.Struct, frozen=True, order=True, kw_only=True):
    """One fault in one place.

    Attributes:
        source: path of the file, relative to the site folder, with ``/``.
        line: line number from 1, or ``None`` when the whole file is meant.
        field: the front-matter field or configuration key, or ``None``.
        message: what is wrong, without a full stop.
        hint: what to do about it, or ``None``.
        severity: ``error`` means that the source was left out of the site; ``warning`` that it was kept.
    """

    source: str
    line: int | None = None
    field: str | None = None
    message: str
    hint: str | None = None
    severity: Severity = "error"

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}:{self.line}"
        field = f"{self.field}: " if self.field else ""
        hint = f" ({self.hint})" if self.hint else ""
        # File names and values may hold line breaks; a problem is always one line.
        return " ".join(f"{place}: {field}{self.message}{hint}".split())


class SitegenError(Exception):
    """Base class. ``exit_code`` is what the command line ends with."""

    exit_code = 1


class ContentError(SitegenError):
    """One or more problems in the sources of a site."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[ContentError], tuple[tuple[Problem, ...]]]:
        # An error in a worker process comes here as its class and these arguments.
        return type(self), (self.problems,)


class UsageError(SitegenError):
    """A request that cannot be carried out as asked; the message says what to do instead."""

    exit_code = 2


_SPOKEN_TYPES = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "array": "a list",
    "object": "a mapping",
    "bool": "true or false",
    "null": "nothing",
}


def fault_of(error: msgspec.ValidationError) -> tuple[str | None, str]:
    """The field that msgspec objects to, ``links.pdf``, and what is wrong with it, in plain words."""
    message, _, at = str(error).partition(" - at ")
    field = at.removeprefix("`key` in ").strip("`").removeprefix("$").removeprefix(".")
    if found := re.fullmatch(r"Object (missing required|contains unknown) field `(.+)`", message):
        message = "is missing" if found[1] == "missing required" else "unknown field"
        field = f"{field}.{found[2]}" if field else found[2]
    message = message.replace("Invalid enum value", "Unknown value")
    message = re.sub(r"`([a-z| ]+)`", lambda types: _spoken(types[1]), message)
    return field or None, message[:1].lower() + message[1:]


def _spoken(types: str) -> str:
    names = [name for name in types.split(" | ") if name != "null" or types == "null"]
    return " or ".join(_SPOKEN_TYPES.get(name, name) for name in names)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A hint for a misspelt key, or the list of known ones when nothing is near."""
    known = sorted(known)
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known: {', '.join(known)}" if known else None


_YAML_HINTS = {
    "mapping values": "put quotes around a value that holds ': '",
    "unknown escape": "put the value in single quotes, or write \\\\ for each backslash",
    "unexpected end of stream": "close the quotes",
    "expected ',' or ']'": "close the list with ']'",
    "expected ',' or '}'": "close the mapping with '}'",
    "could not find expected ':'": "write 'name: value', with a blank behind the colon",
    "tab character": "indent with spaces rather than tabs",
    "cannot start any token": "indent with spaces rather than tabs, and put quotes around a value that begins oddly",
}


def yaml_hint(fault: str) -> str | None:
    """What to do about a fault that the YAML library found, if that is known."""
    return next((hint for sign, hint in _YAML_HINTS.items() if sign in fault), None)
