"""The nouns of a site: plain, typed, frozen data without I/O.

A ``Paper`` is what every reader (Markdown, BibTeX, JSON lines) ends in and all that later steps know of a
source. ``Site`` is the whole collection, sorted and linked; papers are referred to by their position in
``Site.papers`` so that the same object can be shared with worker processes without copies.
"""

from __future__ import annotations

import datetime
from typing import Any, Literal

import msgspec

from sitegen.text.dates import PartialDate as PartialDate

Date = datetime.date
PeriodKind = Literal["day", "week", "month", "year"]
TermKind = Literal["topics", "tags", "authors", "venues"]
TERM_KINDS: tuple[TermKind, ...] = ("topics", "tags", "authors", "venues")


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """An author or editor as printed on one paper.

    ``name`` is the full name in reading order. ``family``, ``given``, ``particle`` ("van der") and ``suffix`` ("Jr.")
    are set only where the source says so; ``text.names.name_parts`` infers them where they are needed. A ``literal``
    name is a group's and is never taken apart.
    """

    name: str
    family: str | None = None
    given: str | None = None
    particle: str | None = None
    suffix: str | None = None
    literal: bool = False
    orcid: str | None = None
    affiliation: str | None = None


class Links(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a paper's parts live: absolute ``http(s)`` URLs, or paths under ``content/static/``."""

    pdf: str | None = None
    code: str | None = None
    project: str | None = None
    data: str | None = None
    video: str | None = None
    slides: str | None = None
    poster: str | None = None


class Notice(msgspec.Struct, frozen=True, omit_defaults=True):
    """A warning that readers must see before the abstract."""

    kind: Literal["erratum", "retraction", "concern", "update"]
    text: str = ""
    url: str | None = None
    date: Date | None = None


class Appearance(msgspec.Struct, frozen=True, omit_defaults=True):
    """One listing in which an importer saw a paper: the listing's name and the day it was captured."""

    listing: str
    captured: Date | None = None


class Imported(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an importer knows of a record that it wrote; a person never needs to edit this.

    Attributes:
        listings: every listing that held the paper, in order of first import.
        tags, topics: those assigned by rule from the site's vocabularies, so that a better vocabulary can
            assign them again without touching what a person set.
        titles: digests of the titles under which listings showed it, folded; so it is found again after its
            title was edited.
        fields: field name -> digest of the value as imported. A field whose present value has another
            digest was edited by hand (taking it out is an edit) and is left alone.
    """

    listings: tuple[Appearance, ...] = ()
    titles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    fields: dict[str, str] = {}


class Paper(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One paper, validated and normalised.

    Attributes:
        id: identity for life: feeds, search, merges. Any non-empty text.
        title: plain text; ``$...$`` holds LaTeX math.
        slug: the wish for the URL segment; ``""`` means "make one from the id".
        authors: in printed order; may be empty when a listing gives only a count.
        author_count: how many authors the source says there are, where names are not known.
        more_authors: the source ends its list with "and others". ``collaboration``: the group they stand for.
        editors: of a book or of the volume that holds the paper.
        type: a CSL item type (``text.item_types``), or ``None`` where the source does not say.
        date, updated: of publication and of the last change, as exact as they are known.
        featured_on: days on which listings showed it.
        abstract: Markdown. ``notes``: further Markdown below it.
        tags, topics, venue: labels as written, after aliases are resolved. ``venue_short``: "NeurIPS".
        volume, issue, pages, publisher, edition, isbn, number, series, note: CSL's variables, as the source writes
            them; ``pages`` with en dashes. ``citation_key``: the key by which the source's owner cites it.
        upvotes: votes as imported; ``None`` when unknown.
        links: see ``Links``. ``arxiv``, ``doi``: bare identifiers, without a URL prefix.
        aliases: former URL segments, which redirect to the present one.
        language: BCP 47 tag of title and abstract when it is not the site's.
        extra: free fields for a theme of one's own.
        source, line: where it was read, relative to the site folder.
        digest: 16 bytes, BLAKE2b of everything above; equal digests mean equal papers.
    """

    id: str
    title: str
    slug: str = ""
    authors: tuple[Person, ...] = ()
    author_count: int | None = None
    more_authors: bool = False
    collaboration: str | None = None
    editors: tuple[Person, ...] = ()
    type: str | None = None
    date: PartialDate | None = None
    updated: PartialDate | None = None
    featured_on: tuple[Date, ...] = ()
    abstract: str = ""
    notes: str = ""
    tags: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    venue: str | None = None
    venue_short: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    edition: str | None = None
    isbn: str | None = None
    number: str | None = None
    series: str | None = None
    note: str | None = None
    citation_key: str | None = None
    arxiv: str | None = None
    doi: str | None = None
    links: Links = Links()
    upvotes: int | None = None
    aliases: tuple[str, ...] = ()
    draft: bool = False
    expires: Date | None = None
    language: str | None = None
    notice: Notice | None = None
    imported: Imported | None = None
    extra: dict[str, Any] = {}
    source: str = ""
    line: int | None = None
    digest: bytes = b""


class Vocabulary(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a curator says of one topic or tag, from ``content/topics/*.md`` or ``content/data/tags.yaml``.

    Attributes:
        label: as readers see it. ``slug``: the URL segment (a topic's file name).
        aliases: other spellings that mean the same.
        signals: words and phrases in a title or abstract that call for it at import.
        description: Markdown shown on its page.
        order: position among topics; ties by label. ``hue``: 0 to 359, a topic's colour mark.
    """

    label: str
    slug: str = ""
    aliases: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    description: str = ""
    order: int = 0
    hue: int | None = None
    source: str = ""


class Page(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A free page from ``content/pages/*.md``, published at ``/SLUG/``."""

    slug: str
    title: str
    body: str = ""
    description: str = ""
    menu: bool = False
    order: int = 0
    source: str = ""


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """One topic, tag, author or venue together with its papers (positions, newest first).

    ``family``: an author's family name without its particle, by which authors are sorted.
    """

    kind: TermKind
    slug: str
    label: str
    papers: tuple[int, ...]
    description: str = ""
    hue: int | None = None
    orcid: str | None = None
    affiliation: str | None = None
    family: str = ""


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """One day, ISO week, month or year that has papers. ``start``: its first day; ``papers``: newest first."""

    kind: PeriodKind
    url: str
    start: Date
    papers: tuple[int, ...]


class Similar(msgspec.Struct, frozen=True, array_like=True):
    """A paper near another one: its position, and the words that made it so, most telling first, between blanks."""

    paper: int
    words: str


class Membership(msgspec.Struct, frozen=True, array_like=True):
    """The terms of one paper as positions in ``Site.terms[kind]``, in the paper's own order."""

    topics: tuple[int, ...] = ()
    tags: tuple[int, ...] = ()
    authors: tuple[int, ...] = ()
    venues: tuple[int, ...] = ()


class StaticFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of ``content/static/`` that is copied as it is. ``path``: its output path; ``digest``: BLAKE2b of
    its bytes, 16 bytes; ``source``: where it lies, relative to the site folder."""

    path: str
    source: str
    digest: bytes


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """The whole collection: sorted, linked, complete. Everything later only reads it.

    Attributes:
        papers: newest first (date, then id); papers without a date come last.
        slugs: ``papers[i]`` is published at ``/papers/{slugs[i]}/``.
        membership: the terms of ``papers[i]``.
        digests: 16 bytes for ``papers[i]`` that change whenever anything changes that its card or page says
            of it (its own digest, its slug, its terms' labels and slugs).
        terms: topics in the curator's order, the other kinds by label.
        days, weeks, months, years: newest first. A paper belongs to its date, as far as that is known, and to every
            day that featured it.
        trending: positions, best first; see ``TrendingConfig``.
        related: for each paper its similar papers; empty tuples when they are switched off.
        pages: free pages in menu order. ``static``: files to copy, by path.
    """

    papers: tuple[Paper, ...]
    slugs: tuple[str, ...]
    membership: tuple[Membership, ...]
    digests: tuple[bytes, ...]
    terms: dict[TermKind, tuple[Term, ...]]
    days: tuple[Period, ...]
    weeks: tuple[Period, ...]
    months: tuple[Period, ...]
    years: tuple[Period, ...]
    trending: tuple[int, ...]
    related: tuple[tuple[Similar, ...], ...]
    pages: tuple[Page, ...]
    static: tuple[StaticFile, ...]
