"""The objects of a JSON text of any usual shape: an object a line, an array, an array under any key, or an object of
objects by id; each with its line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sitegen.content.files import no_text
from sitegen.content.jsonl import Record, parse_json, record_of
from sitegen.errors import Problem
from sitegen.text.identifiers import arxiv_number

# How deep an answer may wrap its list: {"message": {"items": [...]}}.
_DEEPEST = 3


def read_objects(text: str, source: str) -> tuple[list[Record], list[Problem]]:
    """The objects of a text that are records, each with its line, and what is wrong with the others."""
    constants: list[str] = []
    whole = parse_json(text, source, constant=constants.append) if text.strip() else []
    wrong = no_text(text, source)
    if isinstance(whole, Problem):
        lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
        if not isinstance(parse_json(lines[0][1], source, constant=constants.append), dict):
            return [], [wrong or whole]
        # Those of the first line, which has been read twice by now.
        constants.clear()
        values = [
            (no_text(line, source, number) or parse_json(line, source, number, constants.append), number)
            for number, line in lines
        ]
    elif wrong:
        return [], [wrong]
    else:
        values = list(_values(whole, text))
    records: list[Record] = []
    problems: list[Problem] = []
    for value, line in values:
        if isinstance(value, Problem):
            problems.append(value)
            continue
        record, found = record_of(value, source, line)
        problems += found
        records += [(record, line)] if record is not None else []
    if constants:
        message = f"{', '.join(sorted(set(constants)))} is no value in JSON and is read as null"
        problems.append(Problem(source=source, message=f"{message} ({len(constants)} times)", severity="warning"))
    return records, problems


def _values(whole: Any, text: str) -> Iterator[tuple[Any, int]]:
    """The records of a parsed text, each with its line."""
    if isinstance(whole, list):
        yield from zip(whole, _lines_of_elements(text, 0), strict=False)
        return
    if not isinstance(whole, dict):
        yield whole, 1
        return
    if "title" in whole:
        yield whole, 1
        return
    path, found = _longest_list(whole)
    if found is not None:
        opening = 0
        for key in path:
            at = re.compile(re.escape(json.dumps(key, ensure_ascii=False)) + r"\s*:\s*(?=[\[{])").search(text, opening)
            opening = at.end() if at else opening
        yield from zip(found, _lines_of_elements(text, opening), strict=False)
        return
    if whole and all(isinstance(value, dict) for value in whole.values()):
        position, line = 0, 1
        for key, value in whole.items():
            start = text.find(json.dumps(key, ensure_ascii=False), position)
            if start >= 0:
                line += text.count("\n", position, start)
                position = start
            yield _named(key, value), line
        return
    yield whole, 1


def _longest_list(whole: Mapping[str, Any], depth: int = 1) -> tuple[list[str], list[Any] | None]:
    """The longest list of objects below an object, and the keys that lead to it."""
    best: tuple[list[str], list[Any] | None] = ([], None)
    for key, value in whole.items():
        path, found = (
            [key],
            value if isinstance(value, list) and any(isinstance(item, dict) for item in value) else None,
        )
        if isinstance(value, dict) and depth < _DEEPEST and "title" not in value:
            below, found = _longest_list(value, depth + 1)
            path += below
        if found is not None and (best[1] is None or len(found) > len(best[1])):
            best = (path, found)
    return best


def _named(key: str, record: dict[str, Any]) -> dict[str, Any]:
    """A record that stands under its id."""
    name = "arxiv" if arxiv_number(key) else "id"
    return record if any(known in record for known in ("id", "arxiv", "arxiv_id")) else {name: key, **record}


def _lines_of_elements(text: str, opening: int) -> Iterator[int]:
    """On which line each element of the array begins that opens at ``opening``; text is known to be JSON."""
    decoder = json.JSONDecoder()
    space = re.compile(r"[\s,\[]*(?=[^\s,\]])")
    line = 1
    counted = position = opening
    line += text.count("\n", 0, opening)
    while found := space.match(text, position):
        line += text.count("\n", counted, found.end())
        counted = found.end()
        yield line
        try:
            _, position = decoder.raw_decode(text, found.end())
        except ValueError:
            return
