"""A mapping of fields, as any source gives them -> ``Paper``.

Front matter, a JSON line and a BibTeX entry all pass through ``paper_from``: one place knows which fields
there are, what they may hold, and how they are normalised.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import msgspec

from sitegen.content.authors import AuthorFields, People, people
from sitegen.content.characters import NOT_TEXT, cleaned, one_line, text_line
from sitegen.errors import Problem, did_you_mean, fault_of
from sitegen.model import Date, Imported, Links, Notice, Paper
from sitegen.text.dates import PartialDate, read_date
from sitegen.text.identifiers import arxiv_month, arxiv_number, doi_of
from sitegen.text.item_types import ITEM_TYPES, item_type
from sitegen.text.limits import is_too_much
from sitegen.text.names import parse_name
from sitegen.urls import safe_link, slugify

UNKNOWN_KEY = "is no field of a paper and is not shown"
MAX_EXTRA_VALUES = 1000
# A week that reaches beyond the year 9999 cannot be told. A year 9999 means "never" at most.
LAST_DATE = datetime.date(9998, 12, 31)
# Years beyond these are slips of the finger: 0205, 2205. Such a paper would stand at an end of every list.
LIKELY_YEARS = range(1400, 2101)
MAX_COUNT = 1_000_000_000
# Bounds of one paper, far beyond any real one: the longest list of authors has some 5,000 names.
MAX_PEOPLE = 6_000
MAX_LABELS = 500
MAX_TITLE = 10_000
MAX_TOLD = 20
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,6}")
_LONG_DASH = re.compile(r"(?<=\w)\s*(?:-{2,}|[–—‒−])\s*(?=\w)")
_HYPHENED = re.compile(r"[A-Za-z]?\d+(?:\s?-\s?[A-Za-z]?\d+)?(?:,\s*[A-Za-z]?\d+(?:\s?-\s?[A-Za-z]?\d+)?)*")
# Shorter texts are never too much.
_LONG = 2000
# What a bibliography says of a paper's place; records of before keep it under "extra".
_IMPRINT = ("volume", "issue", "pages", "publisher", "edition", "isbn", "number", "series", "note")

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


class _Fields(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a record before normalisation; ``None`` and empty both mean "not known"."""

    title: str
    id: str | None = None
    slug: str | None = None
    authors: list[AuthorFields | str | None] | AuthorFields | str | None = None
    author_count: int | None = None
    more_authors: bool | None = None
    collaboration: str | None = None
    editors: list[AuthorFields | str | None] | AuthorFields | str | None = None
    type: str | None = None
    date: str | int | None = None
    updated: str | int | None = None
    featured_on: list[str | None] | str | None = None
    abstract: str | None = None
    notes: str | None = None
    tags: list[str | None] | str | None = None
    topics: list[str | None] | str | None = None
    venue: str | None = None
    venue_short: str | None = None
    volume: str | int | None = None
    issue: str | int | None = None
    pages: str | int | None = None
    publisher: str | None = None
    edition: str | int | None = None
    isbn: str | int | None = None
    number: str | int | None = None
    series: str | None = None
    note: str | None = None
    citation_key: str | None = None
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
    forgiving: bool = False,
) -> tuple[Paper | None, list[Problem]]:
    """Validate and normalise one record.

    Args:
        raw: field -> value; numbers and dates may still be text.
        source, line: where it stands. Problems carry these; a caller that knows better moves the line.
        body: text below the front matter: the abstract when the record has none, else further notes.
        default_id: id of a record that gives none; without it that is its slug, or one made from the title.
        forgiving: a value that cannot be used costs its field, with a warning, and not the paper: for records that
            others made.

    Returns:
        the paper, or ``None`` when it cannot be published, and what was found wrong.
    """
    check = _Check(source, line, forgiving=forgiving)
    unknown = sorted(map(str, raw.keys() - _KNOWN))
    for key in unknown[:MAX_TOLD]:
        check.error("unknown field", key, did_you_mean(key[:100], FIELDS) if key else None)
    if len(unknown) > MAX_TOLD:
        check.error(f"{len(unknown) - MAX_TOLD} more unknown fields", None)
    for name, known in _PARTS.items():
        part = raw.get(name)
        for key in part.keys() - known if isinstance(part, dict) else ():
            check.error("unknown field", f"{name}.{key}", did_you_mean(str(key), known))
    fields = check.convert({key: value for key, value in raw.items() if key in _KNOWN and value is not None})
    if fields is None:
        return None, check.problems
    title = one_line(fields.title)
    if len(title) > MAX_TITLE:
        check.warn(f"longer than {MAX_TITLE:,} characters and cut there", "title")
        title = title[:MAX_TITLE].rstrip()
    if not title:
        check.error("is empty", "title", "every paper needs a title")
    abstract, below = (cleaned(fields.abstract), cleaned(body)) if fields.abstract else (cleaned(body), "")
    if len(abstract) > _LONG and any(mark in abstract for mark in "*_`[|<>#") and is_too_much(abstract):
        check.warn("has more marks of Markdown than can be read in good time and is shown as typed", "abstract")
    authors = check.people("authors", fields.authors)
    arxiv = check.identifier("arxiv", fields.arxiv, arxiv_number)
    extra = check.extra(fields.extra)
    imprint: dict[str, Any] = {
        name: check.text(name, getattr(fields, name)) or check.text(name, extra.get(name)) for name in _IMPRINT
    }
    paper = Paper(
        id=_identifier(fields.id) or _identifier(default_id) or one_line(fields.slug) or slugify(title),
        title=title,
        slug=one_line(fields.slug),
        authors=authors.people,
        author_count=check.count("author_count", fields.author_count),
        more_authors=authors.more or bool(fields.more_authors),
        collaboration=one_line(fields.collaboration) or None,
        editors=check.people("editors", fields.editors).people,
        type=check.type(fields.type, extra),
        date=check.date("date", fields.date) or _date_in(extra) or _date_of(arxiv),
        updated=check.date("updated", fields.updated),
        featured_on=tuple(sorted({d for d in (check.day("featured_on", v) for v in _many(fields.featured_on)) if d})),
        abstract=abstract,
        notes="\n\n".join(filter(None, (cleaned(fields.notes), below))),
        tags=check.labels("tags", fields.tags),
        topics=check.labels("topics", fields.topics),
        venue=text_line(check.seen("venue", fields.venue)) or None,
        venue_short=one_line(fields.venue_short) or None,
        **imprint,
        citation_key=one_line(fields.citation_key) or None,
        arxiv=arxiv,
        doi=check.identifier("doi", fields.doi, doi_of),
        links=check.links(fields.links),
        upvotes=check.count("upvotes", fields.upvotes),
        aliases=check.labels("aliases", fields.aliases),
        draft=fields.draft,
        expires=check.day("expires", fields.expires, datetime.date.max),
        language=check.language(fields.language),
        notice=Notice("update", cleaned(fields.notice)) if isinstance(fields.notice, str) else fields.notice,
        imported=fields.imported,
        extra=extra,
        source=source,
        line=line,
    )
    if any(problem.severity == "error" for problem in check.problems):
        return None, check.problems
    digest = hashlib.blake2b(_encode(paper), digest_size=16).digest()
    return msgspec.structs.replace(paper, digest=digest), check.problems


def plain(paper: Paper, field: str) -> Any:
    """A field's value as plain data that ``paper_from`` reads back: a date as its text, a person whose name alone says
    all that is known as that name."""
    value = getattr(paper, field)
    if isinstance(value, PartialDate):
        return str(value)
    if field in ("authors", "editors"):
        return [person.name if person == parse_name(person.name) else msgspec.to_builtins(person) for person in value]
    return msgspec.to_builtins(value, builtin_types=(datetime.date,))


def plain_fields(paper: Paper) -> dict[str, Any]:
    """All fields that say something, as plain data for JSON."""
    names = [name for name in Paper.__struct_fields__ if name in _KNOWN and not is_empty(getattr(paper, name))]
    return msgspec.to_builtins({name: plain(paper, name) for name in names})  # type: ignore[no-any-return]


def is_empty(value: Any) -> bool:
    """Whether a field says nothing; 0 votes say something."""
    return value is False or value in (None, "", (), {}) or value == Links()


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

    def __init__(self, source: str, line: int | None, *, forgiving: bool) -> None:
        self._source = source
        self._line = line
        self._forgiving = forgiving
        self.problems: list[Problem] = []

    def error(self, message: str, field: str | None, hint: str | None = None) -> None:
        self.problems.append(Problem(source=self._source, line=self._line, field=field, message=message, hint=hint))

    def warn(self, message: str, field: str, hint: str | None = None) -> None:
        problem = Problem(source=self._source, line=self._line, field=field, message=message, hint=hint)
        self.problems.append(msgspec.structs.replace(problem, severity="warning"))

    def refuse(self, message: str, field: str, hint: str | None = None) -> None:
        """Tell of a value that is left out, with its paper unless the record is read forgivingly."""
        if self._forgiving:
            self.warn(f"{message}, and is left out", field, hint)
        else:
            self.error(message, field, hint)

    def convert(self, raw: dict[str, Any]) -> _Fields | None:
        if "title" not in raw:
            self.error("is missing", "title", "every paper needs a title")
            return None
        while True:
            try:
                return msgspec.convert(raw, _Fields, strict=False)
            except msgspec.ValidationError as error:
                field, message = fault_of(error)
                name = re.split(r"[.\[]", field or "")[0]
                if not self._forgiving or name not in raw or name == "title":
                    self.error(message, field)
                    return None
                self.warn(f"{message}, and is left out", field or name)
                raw = {key: value for key, value in raw.items() if key != name}
            except RecursionError:
                self.error("refers to itself", None)
                return None

    def date(self, field: str, value: str | int | None) -> PartialDate | None:
        """A date as exact as it is known; a usual form other than EDTF's is read, and what it says beyond is told."""
        text = one_line(str(value)) if value is not None else ""
        if not text:
            return None
        date: PartialDate | None
        try:
            date, rest = PartialDate.parse(text), ""
        except ValueError:
            date, rest = read_date(text)
            # A day that no calendar has is a slip of the finger, which only its writer can mend.
            if date is None or (re.fullmatch(r"\d{4}-\d{1,2}(-\d{1,2})?", text) and not self._forgiving):
                self.refuse(f"not a date: {text!r}", field, "write it as 2025-10-29, 2025-10 or 2025")
                return None
        if date.first_day() > LAST_DATE:
            self.refuse(f"not a date: {text!r}", field, "leave out a date that is not known")
            return None
        if rest:
            self.warn(f"{text!r} is read as {date}; {rest!r} is left out", field)
        if date.year not in LIKELY_YEARS:
            self.warn(f"an unlikely year: {text!r}", field, "is it a slip of the finger?")
        return date

    def day(self, field: str, value: str | None, last: Date = LAST_DATE) -> Date | None:
        if not value:
            return None
        try:
            day = PartialDate.parse(value).whole_day()
        except ValueError:
            day = None
        if day is None or day > last:
            hint = "write it as 2025-10-29" if day is None else "leave out a date that is not known"
            self.refuse(f"not a date: {value!r}", field, hint)
            return None
        if field != "expires" and day.year not in LIKELY_YEARS:
            self.warn(f"an unlikely year: {value!r}", field, "is it a slip of the finger?")
        return day

    def count(self, field: str, value: int | None) -> int | None:
        if value is None or 0 <= value <= MAX_COUNT:
            return value
        self.refuse("must not be negative" if value < 0 else f"more than {MAX_COUNT:,}", field)
        return None

    def seen(self, field: str, value: str | None) -> str:
        """A label in one line; one of which nothing can be seen is told and is none."""
        label = _label(value) if value else ""
        if value and not label and value.strip():
            self.warn(f"nothing can be seen of {value[:40]!r}, and it is left out", field)
        return label

    def labels(self, field: str, value: list[str | None] | str | None) -> tuple[str, ...]:
        """Labels in their order without repeats; a single text with commas is a list too."""
        many = value.split(",") if isinstance(value, str) else _many(value)
        labels = tuple(dict.fromkeys(label for item in many if (label := self.seen(field, item))))
        if len(labels) > MAX_LABELS:
            self.warn(f"more than {MAX_LABELS:,}; the others are left out", field)
        return labels[:MAX_LABELS]

    def text(self, field: str, value: Any) -> str | None:
        """One line of a text or a number."""
        if isinstance(value, bool) or not isinstance(value, str | int):
            return None
        text = one_line(str(value))
        return (_page_range(text) if field == "pages" else text) or None

    def type(self, value: str | None, extra: dict[str, Any]) -> str | None:
        value = one_line(value)
        if not value:
            known = extra.get("entry_type")
            if not isinstance(known, str) or known == "misc":
                return None
            return "article-journal" if known == "article" else item_type(known)
        known = item_type(value)
        if known is None:
            self.warn(f"not a type of CSL and is left out: {value!r}", "type", did_you_mean(value, ITEM_TYPES))
        return known

    def language(self, value: str | None) -> str | None:
        value = one_line(value)
        if not value or _LANGUAGE.fullmatch(value):
            return value or None
        self.warn(f"not a language tag and is left out: {value!r}", "language", "write it as 'en' or 'pt-BR'")
        return None

    def identifier(self, field: str, value: str | None, read: Callable[[str], str | None]) -> str | None:
        value = one_line(value)
        if not value:
            return None
        found = read(value)
        if found is None:
            self.warn(f"does not look like one and is left out: {value!r}", field)
        return found

    def people(self, field: str, value: list[AuthorFields | str | None] | AuthorFields | str | None) -> People:
        found = people(value, lambda message, hint: self.warn(message, field, hint))
        if len(found.people) <= MAX_PEOPLE:
            return found
        self.warn(f"more than {MAX_PEOPLE:,}; the others are left out", field)
        return People(found.people[:MAX_PEOPLE], more=True)

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
            if isinstance(value, int) and not -(2**63) <= value < 2**63:
                self.warn(f"a number of more than 64 bits is left out: {str(value)[:20]}...", "extra")
                return None
            return cleaned(value) if isinstance(value, str) else value

        try:
            return {one_line(str(key)): plain(value, 1) for key, value in (extra or {}).items()}
        except ValueError:
            self.error(f"more than {MAX_EXTRA_VALUES} values or nested too deeply", "extra")
            return {}


def _page_range(text: str) -> str:
    """Page numbers with en dashes; where a longer dash parts them, a hyphen belongs to a number (``10-1--10-5``)."""
    parted = _LONG_DASH.sub("–", text)
    return re.sub(r"\s?-\s?", "–", parted) if _HYPHENED.fullmatch(parted) else parted


def _date_in(extra: dict[str, Any]) -> PartialDate | None:
    """The date of a record from before the time when a date could be a year."""
    if not (year := re.fullmatch(r"[12]\d{3}", str(extra.get("year", "")))):
        return None
    month = re.fullmatch("0?([1-9]|1[0-2])", str(extra.get("month", "")))
    return PartialDate(int(year[0]), int(month[1]) if month else 0)


def _date_of(arxiv: str | None) -> PartialDate | None:
    """Year and month in which arXiv gave its number."""
    given = arxiv_month(arxiv) if arxiv else None
    return PartialDate(*given) if given else None


def _identifier(value: str | None) -> str:
    """An id in one line, else as typed: ids in two Unicode forms are two ids, so neither paper is lost."""
    return " ".join(NOT_TEXT.sub("", value).split()) if value and one_line(value) else ""


def _many(value: list[str | None] | str | None) -> list[str]:
    if isinstance(value, str):
        value = [value]
    return [item for item in value or () if item]


# A label stands on many papers.
_label = lru_cache(maxsize=16384)(one_line)
