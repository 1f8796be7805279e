"""One more listing shows a paper: what the record learns, and what it keeps.

An import may set a field in two cases only: the field has no value and no import ever gave it one, or it
still has the very value that an import gave it. Everything else is a person's and stays, also a value that
was taken out. Of what an import gave, a newer version of the paper takes the place.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

import msgspec

from sitegen.content.record import is_empty
from sitegen.importers.dedupe import title_digest
from sitegen.model import Appearance, Imported, Links, Paper, PartialDate, Person
from sitegen.text.names import parse_name

_VERSION = re.compile(r"v(\d+)$")

FIELDS = (
    "title",
    "authors",
    "author_count",
    "more_authors",
    "collaboration",
    "editors",
    "type",
    "date",
    "updated",
    "abstract",
    "tags",
    "topics",
    "venue",
    "venue_short",
    "volume",
    "issue",
    "pages",
    "publisher",
    "edition",
    "isbn",
    "number",
    "series",
    "note",
    "citation_key",
    "arxiv",
    "doi",
    "links",
    "language",
    "notice",
    "upvotes",
    "featured_on",
    "extra",
)
"""Fields that a listing may know."""


class Merged(msgspec.Struct, frozen=True):
    """The record after the listing. ``kept``: fields edited by hand where the listing says something else."""

    paper: Paper
    kept: tuple[str, ...] = ()


def create(paper: Paper, appearance: Appearance) -> Paper:
    """A new record, with the memory of what the listing said."""
    fields = {name: digest(value) for name in FIELDS if not is_empty(value := getattr(paper, name))}
    imported = Imported(listings=(appearance,), titles=(title_digest(paper.title),), fields=fields)
    return msgspec.structs.replace(paper, imported=imported)


def merge(known: Paper, shown: Paper, appearance: Appearance) -> Merged:
    """A known record after one more listing showed it as ``shown``.

    Gaps are filled; votes become the highest seen; featured days add up; the rest stays as first imported, unless
    the listing shows a newer version.
    """
    newer = _is_newer(known, shown)
    before = known.imported or Imported()
    # Terms that a rule once gave and a person took out are not a gap.
    ruled = {name for name in ("tags", "topics") if getattr(before, name)}
    changes: dict[str, Any] = {}
    kept: list[str] = []
    for name in FIELDS:
        present, offered = getattr(known, name), getattr(shown, name)
        if is_empty(offered) or offered == present:
            continue
        if name in before.fields and digest(present) != before.fields[name]:
            kept.append(name)
        elif name in before.fields or (is_empty(present) and name not in ruled):
            combined = _combined(name, present, offered, newer)
            changes |= {name: combined} if combined != present else {}
    imported = msgspec.structs.replace(
        before,
        listings=_with(before.listings, appearance),
        titles=tuple(dict.fromkeys([*before.titles, title_digest(shown.title)])),
        fields=before.fields | {name: digest(value) for name, value in changes.items()},
    )
    return Merged(msgspec.structs.replace(known, imported=imported, **changes), tuple(kept))


def digest(value: Any) -> str:
    """What an import remembers of a value that it wrote: 8 hexadecimal digits."""
    encoded = msgspec.json.encode(_compared(value), order="deterministic")
    return hashlib.blake2b(encoded, digest_size=4).hexdigest()


def _compared(value: Any) -> Any:
    """A value in the form in which digests have always been made: a date as its text, of people what a file says."""
    if isinstance(value, PartialDate):
        return str(value)
    if isinstance(value, tuple) and value and isinstance(value[0], Person):
        return [Person(person.name) if person == parse_name(person.name) else person for person in value]
    return value


def _is_newer(known: Paper, shown: Paper) -> bool:
    """Whether the listing shows a later version: by arXiv's number of it, or by the day of its last change.

    arXiv's own word counts for more than that of a listing which names no version.
    """
    versions = [int(found[1]) if (found := _VERSION.search(paper.arxiv or "")) else 0 for paper in (known, shown)]
    if versions[0] != versions[1]:
        return versions[1] > versions[0] and shown.arxiv is not None
    return shown.updated is not None and known.updated is not None and shown.updated > known.updated


def _combined(name: str, present: Any, offered: Any, newer: bool) -> Any:
    match name:
        case "upvotes":
            return max(present or 0, offered)
        case "featured_on":
            return tuple(sorted({*present, *offered}))
        case "links":
            links = msgspec.structs.asdict(present)
            others = msgspec.structs.asdict(offered)
            first, second = (others, links) if newer else (links, others)
            return Links(**{key: url or second[key] for key, url in first.items()})
        case "extra":
            return present | offered if newer else offered | present
        case "tags" | "topics":
            return offered if is_empty(present) else present
        case _:
            return offered if newer or is_empty(present) else present


def _with(listings: tuple[Appearance, ...], new: Appearance) -> tuple[Appearance, ...]:
    """A listing counts once for each day it was captured; a day learnt later completes an entry without one."""
    days = {known.captured for known in listings if known.listing == new.listing}
    if new.captured in days or (days and new.captured is None):
        return listings
    if None in days:
        undated = Appearance(new.listing)
        return tuple(new if known == undated else known for known in listings)
    return (*listings, new)
