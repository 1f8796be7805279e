"""What templates see: one structure per template, each field with its meaning.

This page is the contract with theme authors: ``docs/theme-context.md`` is made from it and from ``views``, and a
test compares it with what templates really get. URLs are relative to the site's root: a template writes
``href="{{ root }}{{ entry.url }}"``. Values of type ``Markup`` are safe HTML; all others are escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from markupsafe import Markup

from sitegen.render.i18n import Words
from sitegen.render.views import (
    Chart,
    DayBlock,
    Entry,
    FeedGroup,
    FeedRow,
    Group,
    LayoutParts,
    Link,
    PageInfo,
    Pager,
    PaperView,
    Section,
    SiteInfo,
    Spark,
    TermRow,
    Volume,
)


class LayoutContext(msgspec.Struct):
    """`_head.html`, `_top.html` and `_foot.html`."""

    site: Annotated[SiteInfo, "the same on every page"]
    words: Annotated[Words, "the theme's words in the site's language"]
    options: Annotated[Mapping[str, Any], "the theme's options"]
    root: Annotated[str, "the way from the page to the site's root"]
    current: Annotated[str | None, "the page's url if the menu or the site's title leads there"]
    search_box: Annotated[bool, "whether the top has a search box: not on pages that have one of their own"]
    footer: Annotated[Markup, "the configuration's footer"]


class EntryContext(msgspec.Struct):
    """`_entry.html`: one paper on a list."""

    entry: Annotated[Entry, "the paper"]
    words: Annotated[Words, "the theme's words in the site's language"]
    options: Annotated[Mapping[str, Any], "the theme's options"]
    root: Annotated[str, "the way from the page to the site's root"]
    level: Annotated[int, "level of its heading"]
    dense: Annotated[bool, "whether to show title, authors and date only"]


class Context(msgspec.Struct):
    """What every template gets."""

    site: Annotated[SiteInfo, "the same on every page"]
    page: Annotated[PageInfo, "this page"]
    words: Annotated[Words, "the theme's words in the site's language: `words.search`"]
    options: Annotated[Mapping[str, Any], "the theme's options"]
    layout: Annotated[LayoutParts, "what surrounds the page"]
    root: Annotated[str, "the way from the page to the site's root, such as `../../`; goes before every url"]


class HomeContext(Context):
    """`home.html`, the first page."""

    days: Annotated[tuple[DayBlock, ...], "the newest days"]
    newest: Annotated[
        tuple[Markup, ...],
        "the newest, where no day is known, each made by `_entry.html`; write them as they are",
    ]
    trending: Annotated[tuple[Entry, ...], "the first ten that readers talk about"]
    topics: Annotated[tuple[TermRow, ...], "all topics with papers"]
    volumes: Annotated[tuple[Volume, ...], "every paper by venue, if the option `home` is `volumes`; else empty"]
    total: Annotated[str, '"624 papers"']


class ListingContext(Context):
    """`listing.html`: papers of a topic, tag, author, venue, day, week, month or year; trending; all papers."""

    list_of: Annotated[
        str, "`topics`, `tags`, `authors`, `venues`, `day`, `week`, `month`, `year`, `trending` or `papers`"
    ]
    kind: Annotated[str, "the same in words, or empty"]
    heading: Annotated[str, "the topic's label, the date and so on"]
    hue: Annotated[str, "a topic's colour mark, else empty"]
    description: Annotated[Markup, "what the curator says of it; on the first page only"]
    count: Annotated[str, '"96 papers"']
    up: Annotated[Link | None, "the list that this one belongs to"]
    facts: Annotated[tuple[Link, ...], "an author's affiliation and ORCID, and the like"]
    spark: Annotated[Spark | None, "papers per month, for topics"]
    related: Annotated[tuple[Link, ...], "terms that often go together with this one, with counts"]
    days: Annotated[tuple[Link, ...], "the days of a week or month, or the months of a year, with counts"]
    years: Annotated[tuple[Group, ...], "all months by year, of all papers; a year without any stands for itself"]
    sections: Annotated[tuple[Section, ...], "the papers of this page"]
    start: Annotated[int, "rank of the first paper of the page; 0 where papers have no rank"]
    dense: Annotated[bool, "whether to show titles, authors and dates only"]
    pager: Annotated[Pager | None, "other pages of the list"]


class TermsContext(Context):
    """`terms.html`: all topics, tags, authors or venues."""

    list_of: Annotated[str, "`topics`, `tags`, `authors` or `venues`"]
    heading: Annotated[str, "the same in words"]
    count: Annotated[str, '"12 topics"']
    top: Annotated[tuple[TermRow, ...], "the most used ones, where there are many"]
    groups: Annotated[tuple[Group, ...], "all of this page, by letter; one group without a letter for topics"]
    letters: Annotated[tuple[Link, ...], "letter -> where it begins: `#letter-b`, with its page's url in front"]
    pager: Annotated[Pager | None, "other pages of the index"]


class PaperContext(Context):
    """`paper.html`: one paper."""

    paper: Annotated[PaperView, "the paper"]


class PageContext(Context):
    """`page.html`: a free page."""

    heading: Annotated[str, "its title"]
    body: Annotated[Markup, "its text"]


class Examples(msgspec.Struct, frozen=True):
    """A row of examples on the search page."""

    queries: Annotated[tuple[str, ...], "what to type"]
    tip: Annotated[str, "the name of the theme's word for what these find"]


class SearchContext(Context):
    """`search.html`: the search page; the client fills it."""

    heading: Annotated[str, "its title"]
    topic_hues: Annotated[str, "each topic's colour mark by slug, as JSON for `data-hues`"]
    kinds: Annotated[str, "the kinds of term that have pages, such as `topics tags`"]
    examples: Annotated[tuple[Examples, ...], "queries that find something here"]


class ReadingListContext(Context):
    """`reading-list.html`: the page of the reading list; the client fills it."""

    heading: Annotated[str, "its title"]
    list_words: Annotated[str, "the words that the client says, as JSON for `data-list-words`"]


class KeysContext(Context):
    """`keys.html`: the keyboard shortcuts."""

    heading: Annotated[str, "its title"]


class MissingContext(Context):
    """`404.html`; `root` is absolute here, because the page is served at any depth."""

    heading: Annotated[str, "its title"]


class SubscribeContext(Context):
    """`subscribe.html`: all feeds."""

    heading: Annotated[str, "the page's heading"]
    all: Annotated[FeedRow, "the feeds of the whole site"]
    groups: Annotated[tuple[FeedGroup, ...], "the feeds of topics, tags and so on"]
    opml: Annotated[str, "url of the file that names all feeds, or empty"]


class StatsContext(Context):
    """`stats.html`: the collection in numbers."""

    heading: Annotated[str, "the page's heading"]
    facts: Annotated[tuple[str, ...], '"624 papers", "12 topics" and so on']
    charts: Annotated[tuple[Chart, ...], "pictures with their numbers"]


TEMPLATES: dict[str, type[msgspec.Struct]] = {
    "_head.html": LayoutContext,
    "_top.html": LayoutContext,
    "_foot.html": LayoutContext,
    "_entry.html": EntryContext,
    "home.html": HomeContext,
    "listing.html": ListingContext,
    "terms.html": TermsContext,
    "paper.html": PaperContext,
    "page.html": PageContext,
    "search.html": SearchContext,
    "reading-list.html": ReadingListContext,
    "keys.html": KeysContext,
    "subscribe.html": SubscribeContext,
    "stats.html": StatsContext,
    "404.html": MissingContext,
}
