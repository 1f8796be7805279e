"""A mapping of fields, as any source gives them -> ``Paper``.

Front matter, a JSON line and a BibTeX entry all pass through ``paper_from``: one place knows which fields
there are, what they may hold, and how they are normalised.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import msgspec

from sitegen.content.authors import is_doubtful, people
from sitegen.content.characters import NOT_TEXT, cleaned, one_line
from sitegen.errors import Problem, did_you_mean, fault_of
from sitegen.model import Date, Imported, Links, Notice, Paper, Person
from sitegen.text.identifiers import arxiv_number, doi_of
from sitegen.urls import safe_link, slugify

MAX_EXTRA_VALUES = 1000
# A week that reaches beyond the year 9999 cannot be told. A year 9999 means "never" at most.
LAST_DATE = datetime.date(9998, 12, 31)
# Years beyond these are slips of the finger: 0205, 2205. Such a paper would stand at an end of every list.
LIKELY_YEARS = range(1400, 2101)
_encode = msgspec.msgpack.Encoder(order="deterministic").encode


class _Fields(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a record before normalisation; ``None`` and empty both mean "not known"."""

    title: str
    id: str | None = None
    slug: str | None = None
    authors: list[Person | str | None] | str | None = None
    author_count: int | None = None
    date: str | None = None
    updated: str | None = None
    featured_on: list[str | None] | str | None = None
    abstract: str | None = None
    notes: str | None = None
    tags: list[str | None] | str | None = None
    topics: list[str | None] | str | None = None
    venue: str | None = None
    arxiv: str | None = None
    doi: str | None = None
    links: Links | None = None
    upvotes: int | None = None
    aliases: list[str | None] | str | None = None
    draft: bool = False
    expires: str | None = None
    language: str | None = None
    notice: Notice | str | None = None
    imported: Imported | None = None
    extra: dict[str, Any] | None = None


FIELDS: tuple[str, ...] = tuple(field.name for field in msgspec.structs.fields(_Fields))
_KNOWN = frozenset(FIELDS)
_PARTS = {name: frozenset(kind.__struct_fields__) for name, kind in (("links", Links), ("notice", Notice))}


def paper_from(
    raw: dict[str, Any],
    source: str,
    *,
    line: int | None = None,
    body: str = "",
    default_id: str | None = None,
) -> tuple[Paper | None, list[Problem]]:
    """Validate and normalise one record.

    Args:
        raw: field -> value; numbers and dates may still be text.
        source, line: where it stands. Problems carry these; a caller that knows better moves the line.
        body: text below the front matter: the abstract when the record has none, else further notes.
        default_id: id of a record that gives none; without it that is its slug, or one made from the title.

    Returns:
        the paper, or ``None`` when it cannot be published, and what was found wrong.
    """
    check = _Check(source, line)
    for key in raw.keys() - _KNOWN:
        check.error("unknown field", str(key), did_you_mean(str(key), FIELDS) if key else None)
    for name, known in _PARTS.items():
        part = raw.get(name)
        for key in part.keys() - known if isinstance(part, dict) else ():
            check.error("unknown field", f"{name}.{key}", did_you_mean(str(key), known))
    fields = check.convert({key: value for key, value in raw.items() if key in _KNOWN and value is not None})
    if fields is None:
        return None, check.problems
    title = one_line(fields.title)
    if not title:
        check.error("is empty", "title", "every paper needs a title")
    for name in ("author_count", "upvotes"):
        if (getattr(fields, name) or 0) < 0:
            check.error("must not be negative", name)
    abstract, below = (cleaned(fields.abstract), cleaned(body)) if fields.abstract else (cleaned(body), "")
    paper = Paper(
        id=_identifier(fields.id) or _identifier(default_id) or one_line(fields.slug) or slugify(title),
        title=title,
        slug=one_line(fields.slug),
        authors=check.authors(fields.authors),
        author_count=fields.author_count,
        date=check.date("date", fields.date),
        updated=check.date("updated", fields.updated),
        featured_on=tuple(sorted({d for d in (check.date("featured_on", v) for v in _many(fields.featured_on)) if d})),
        abstract=abstract,
        notes="\n\n".join(filter(None, (cleaned(fields.notes), below))),
        tags=_labels(fields.tags),
        topics=_labels(fields.topics),
        venue=one_line(fields.venue) or None,
        arxiv=check.identifier("arxiv", fields.arxiv, arxiv_number),
        doi=check.identifier("doi", fields.doi, doi_of),
        links=check.links(fields.links),
        upvotes=fields.upvotes,
        aliases=_labels(fields.aliases),
        draft=fields.draft,
        expires=check.date("expires", fields.expires, datetime.date.max),
        language=one_line(fields.language) or None,
        notice=Notice("update", cleaned(fields.notice)) if isinstance(fields.notice, str) else fields.notice,
        imported=fields.imported,
        extra=check.extra(fields.extra),
        source=source,
        line=line,
    )
    if any(problem.severity == "error" for problem in check.problems):
        return None, check.problems
    digest = hashlib.blake2b(_encode(paper), digest_size=16).digest()
    return msgspec.structs.replace(paper, digest=digest), check.problems


def papers_from(
    records: Iterable[tuple[dict[str, Any], int]], problems: Iterable[Problem], source: str
) -> tuple[list[Paper], list[Problem]]:
    """``paper_from`` for all records of a file that holds many, each with its line; problems follow those given."""
    papers, told = [], list(problems)
    for raw, line in records:
        paper, found = paper_from(raw, source, line=line)
        told += found
        papers += [paper] if paper else []
    return papers, told


class _Check:
    """Collects the problems of one record."""

    def __init__(self, source: str, line: int | None) -> None:
        self._source = source
        self._line = line
        self.problems: list[Problem] = []

    def error(self, message: str, field: str | None, hint: str | None = None) -> None:
        self.problems.append(Problem(source=self._source, line=self._line, field=field, message=message, hint=hint))

    def warn(self, message: str, field: str, hint: str | None = None) -> None:
        problem = Problem(source=self._source, line=self._line, field=field, message=message, hint=hint)
        self.problems.append(msgspec.structs.replace(problem, severity="warning"))

    def convert(self, raw: dict[str, Any]) -> _Fields | None:
        if "title" not in raw:
            self.error("is missing", "title", "every paper needs a title")
            return None
        try:
            return msgspec.convert(raw, _Fields, strict=False)
        except msgspec.ValidationError as error:
            field, message = fault_of(error)
            self.error(message, field)
        except RecursionError:
            self.error("refers to itself", None)
        return None

    def date(self, field: str, value: str | None, last: Date = LAST_DATE) -> Date | None:
        if not value:
            return None
        try:
            day = datetime.date.fromisoformat(value[:10])
            if day <= last:
                if field != "expires" and day.year not in LIKELY_YEARS:
                    self.warn(f"an unlikely year: {value!r}", field, "is it a slip of the finger?")
                return day
            hint = "leave out a date that is not known"
        except ValueError:
            hint = "write it as 2025-10-29"
        self.error(f"not a date: {value!r}", field, hint)
        return None

    def identifier(self, field: str, value: str | None, read: Callable[[str], str | None]) -> str | None:
        value = one_line(value)
        if not value:
            return None
        found = read(value)
        if found is None:
            self.warn(f"does not look like one and is left out: {value!r}", field)
        return found

    def authors(self, value: list[Person | str | None] | str | None) -> tuple[Person, ...]:
        found = people(value)
        if is_doubtful(value):
            names = ", ".join(person.name for person in found)
            self.warn(f"read as the authors [{names}]", "authors", "write a list: [Jane Doe, John Smith]")
        return found

    def links(self, links: Links | None) -> Links:
        if links is None:
            return Links()
        kept = {}
        for name, url in msgspec.structs.asdict(links).items():
            if url and (safe := safe_link(url.strip())):
                kept[name] = safe
            elif url:
                hint = "write https://..., or a path below static/ with '/'"
                self.warn(f"not a web address and is left out: {url!r}", f"links.{name}", hint)
        return Links(**kept)

    def extra(self, extra: dict[str, Any] | None) -> dict[str, Any]:
        budget = MAX_EXTRA_VALUES

        def plain(value: Any, depth: int) -> Any:
            nonlocal budget
            budget -= 1
            if budget < 0 or depth > 8:
                raise ValueError
            if isinstance(value, dict):
                return {one_line(str(k)): plain(v, depth + 1) for k, v in value.items()}
            if isinstance(value, list):
                return [plain(v, depth + 1) for v in value]
            return cleaned(value) if isinstance(value, str) else value

        try:
            return {one_line(str(key)): plain(value, 1) for key, value in (extra or {}).items()}
        except ValueError:
            self.error(f"more than {MAX_EXTRA_VALUES} values or nested too deeply", "extra")
            return {}


def _identifier(value: str | None) -> str:
    """An id in one line, else as typed: ids in two Unicode forms are two ids, so neither paper is lost."""
    return " ".join(NOT_TEXT.sub("", value).split()) if value and one_line(value) else ""


def _many(value: list[str | None] | str | None) -> list[str]:
    if isinstance(value, str):
        value = [value]
    return [item for item in value or () if item]


# A label stands on many papers.
_label = lru_cache(maxsize=16384)(one_line)


def _labels(value: list[str | None] | str | None) -> tuple[str, ...]:
    """Labels in their order without repeats; a single text with commas is a list too."""
    many = value.split(",") if isinstance(value, str) else _many(value)
    return tuple(dict.fromkeys(label for label in map(_label, many) if label))
