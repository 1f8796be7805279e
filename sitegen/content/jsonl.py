"""JSON, exactly: objects as records, and a word about every value that JSON readers quietly differ on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sitegen.content.files import no_text
from sitegen.content.record import papers_from
from sitegen.errors import Problem
from sitegen.model import Paper

Record = tuple[dict[str, Any], int]


class _Repeats(dict[str, Any]):
    """An object of which some keys are given more than once; the last value counts."""

    repeated: tuple[str, ...] = ()


def read_papers(text: str, source: str) -> tuple[list[Paper], list[Problem]]:
    """The papers of a site's own ``.jsonl`` file: one object per line, with the fields of a record."""
    return papers_from(*read_jsonl(text, source), source)


def read_jsonl(text: str, source: str) -> tuple[list[Record], list[Problem]]:
    """One object per line; blank lines are passed over, every other line that is no object is told.

    Args:
        text: perhaps ``files.marked``.
    """
    records: list[Record] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.isspace():
            continue
        value = no_text(line, source, number) or parse_json(line, source, number)
        if isinstance(value, Problem):
            problems.append(value)
            continue
        record, found = record_of(value, source, number)
        problems += found
        records += [(record, number)] if record is not None else []
    return records, problems


def parse_json(text: str, source: str, line: int = 1, constant: Callable[[str], Any] | None = None) -> Any | Problem:
    """The value of a JSON text, or what is wrong with it.

    Args:
        constant: gives the value of ``NaN`` and infinities, which are not JSON, and are refused without it.
    """
    try:
        return json.loads(text, object_pairs_hook=object_of, parse_constant=constant or _constant)
    except json.JSONDecodeError as error:
        line += error.lineno - 1
        return Problem(source=source, line=line, message=f"not valid JSON: {error.msg} (column {error.colno})")
    except RecursionError:
        return Problem(source=source, line=line, message="not valid JSON: nested too deeply")
    except ValueError as error:
        # Of a number with thousands of digits, Python says much more after the colon.
        return Problem(source=source, line=line, message=f"not valid JSON: {str(error).partition(':')[0]}")


def record_of(value: Any, source: str, line: int) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The value as a record, or ``None`` when it is not an object, and what is odd about it."""
    if isinstance(value, dict):
        message = "is given twice; the last one counts"
        return value, [
            Problem(source=source, line=line, field=key, message=message, severity="warning")
            for key in getattr(value, "repeated", ())
        ]
    kind = {list: "a list", str: "text", type(None): "null"}.get(type(value), "a number or a truth value")
    message = f"expected an object, found {kind}"
    return None, [Problem(source=source, line=line, message=message, hint="one object per paper")]


def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    keys = [key for key, _ in pairs]
    repeats = _Repeats(plain)
    repeats.repeated = tuple(sorted({key for key in keys if keys.count(key) > 1}))
    return repeats


def _constant(name: str) -> float:
    raise ValueError(f"{name} is not a number in JSON")
