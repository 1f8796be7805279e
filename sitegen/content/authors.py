"""Authors, as sources give them -> ``Person``."""

from __future__ import annotations

import re
from functools import lru_cache

from sitegen.content.characters import one_line
from sitegen.model import Person

_INITIALS = re.compile(r"(?:[^\W\d_]\.[ -]?)+")


def people(value: list[Person | str | None] | str | None) -> tuple[Person, ...]:
    """The authors of a list, or of a single text that names several."""
    found = []
    for person in _split(value) if isinstance(value, str) else value or ():
        if isinstance(person, str):
            if known := _named(person):
                found.append(known)
        elif person and (name := one_line(person.name)):
            details = (person.family, person.given, person.orcid, person.affiliation)
            found.append(Person(name, *((one_line(detail) or None) for detail in details)))
    return tuple(found)


@lru_cache(maxsize=16384)
def _named(text: str) -> Person | None:
    """Of whom no more than the name is given, as of most authors of most collections."""
    name = one_line(text)
    return Person(name) if name else None


def is_doubtful(value: list[Person | str | None] | str | None) -> bool:
    """Whether a single text may have been cut between family and given names: ``Doe, Jane`` or ``Doe, J.``."""
    if not isinstance(value, str) or ";" in value or "," not in value:
        return False
    names = [one_line(part) for part in value.split(",")]
    return all(name.count(" ") == 0 for name in names) or any(_INITIALS.fullmatch(name) for name in names)


def _split(text: str) -> list[Person | str | None]:
    if ";" not in text:
        return list(re.split(r"\s+and\s+|,(?=\s)", text))
    # Where semicolons stand between authors, a comma stands within one.
    return [_inverted(part) for part in text.split(";")]


def _inverted(name: str) -> Person | str:
    family, comma, given = (part.strip() for part in name.partition(","))
    if not comma or not family or not given or "," in given:
        return name
    return Person(f"{given} {family}", family=family, given=given)
