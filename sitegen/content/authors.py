"""Authors and editors, as sources give them -> ``Person``."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec

from sitegen.content.characters import text_line
from sitegen.model import Person
from sitegen.text.names import full_name, is_doubtful, parse_names, read_name

_ORCID = re.compile(r"(?:https?://(?:www\.)?orcid\.org/)?(\d{4}-?\d{4}-?\d{4}-?\d{3}[\dX])/?", re.IGNORECASE)


class AuthorFields(msgspec.Struct, frozen=True):
    """A person as a mapping; ``literal`` may be the name itself, as in CSL."""

    name: str | None = None
    family: str | None = None
    given: str | None = None
    particle: str | None = None
    suffix: str | None = None
    literal: bool | str | None = None
    orcid: str | None = None
    affiliation: str | None = None


class People(msgspec.Struct, frozen=True):
    """The people of one field, and whether its text says that there are more."""

    people: tuple[Person, ...] = ()
    more: bool = False


def people(
    value: list[AuthorFields | str | None] | AuthorFields | str | None, warn: Callable[[str, str | None], None]
) -> People:
    """The people of a list, or of a single text that names several.

    Args:
        warn: takes what is odd, and a hint.
    """
    if not value:
        return People()
    if isinstance(value, str):
        found, more = parse_names(text_line(value))
        if is_doubtful(value):
            names = ", ".join(person.name for person in found)
            warn(f"read as the authors [{names}]", "write a list: [Jane Doe, John Smith]")
        return People(found, more)
    more = False
    persons = []
    for item in [value] if isinstance(value, AuthorFields) else value:
        if isinstance(item, str):
            name = text_line(item)
            if re.fullmatch(r"(?:and\s+)?others\.?|et\.? al\.?|\.\.\.|…", name, re.IGNORECASE):
                more = True
                continue
            person, rest = _named(name)
            if rest:
                warn(
                    f"{rest!r} behind {person.name if person else item!r} is no part of the name and is left out", None
                )
            elif person is None and item.strip():
                warn(f"not a name and left out: {item!r}", None)
        else:
            person = _of_fields(item, warn) if item else None
        persons += [person] if person else []
    return People(tuple(persons), more)


@lru_cache(maxsize=16384)
def _named(name: str) -> tuple[Person | None, str]:
    return read_name(name)


def _of_fields(item: AuthorFields, warn: Callable[[str, str | None], None]) -> Person | None:
    said = {
        field: text_line(value) if isinstance(value := getattr(item, field), str) else ""
        for field in ("name", "family", "given", "particle", "suffix", "literal", "orcid", "affiliation")
    }
    details: dict[str, Any] = {"orcid": _orcid(said["orcid"], warn), "affiliation": said["affiliation"] or None}
    # Front matter gives truth values as text.
    if said["literal"] not in ("", "true", "false"):
        return Person(said["literal"], literal=True, **details)
    if (item.literal is True or said["literal"] == "true") and (name := said["name"] or said["family"]):
        return Person(name, literal=True, **details)
    if said["family"] and said["given"]:
        name = said["name"] or full_name(said["given"], said["family"], said["particle"], said["suffix"])
        return Person(
            name,
            family=said["family"],
            given=said["given"],
            particle=said["particle"] or None,
            suffix=said["suffix"] or None,
            **details,
        )
    person, _ = _named(said["name"] or said["family"] or said["given"])
    return msgspec.structs.replace(person, **details) if person and any(details.values()) else person


def _orcid(text: str, warn: Callable[[str, str | None], None]) -> str | None:
    """The identifier, with its check digit looked at.

    Source: ISO 7064 11-2, https://support.orcid.org/hc/en-us/articles/360006897674.
    """
    if not text:
        return None
    if found := _ORCID.fullmatch(text):
        signs = found[1].replace("-", "").upper()
        total = 0
        for digit in signs[:15]:
            total = (total + int(digit)) * 2
        if "0123456789X"[(12 - total % 11) % 11] == signs[15]:
            return "-".join(signs[i : i + 4] for i in range(0, 16, 4))
    warn(f"not an ORCID and left out: {text!r}", "write it as 0000-0002-1825-0097")
    return None
