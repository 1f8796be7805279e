"""The parts that templates are given: papers, terms, links, charts, each field with its meaning.

They belong to the contract of ``context``: URLs are relative to the site's root, values of type ``Markup`` are safe
HTML, and all others are escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

import msgspec
from markupsafe import Markup

NO_MARKUP = Markup("")


class Lazy(msgspec.Struct, kw_only=True):
    """A view of which some fields are made when a template first asks for them; see ``lazy``."""

    _makers: dict[str, Callable[[], Any]] = {}

    def __getattr__(self, name: str) -> Any:
        # Only asked where the field has no value.
        if name not in self._makers:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        value = self._makers[name]()
        setattr(self, name, value)
        return value


View = TypeVar("View", bound=Lazy)


def lazy(view: View, **makers: Callable[[], Any]) -> View:
    """Have the named fields made on demand: citations and metadata cost more than all else on a page, and a
    theme may have no use for them. A maker must be pure."""
    for name in makers:
        delattr(view, name)
    view._makers = makers
    return view


class Link(msgspec.Struct):
    """A place to go."""

    label: Annotated[str, "what the reader sees"]
    url: Annotated[str, "where it leads; empty when there is no page for it"]
    hue: Annotated[str, "a topic's colour mark, the CSS class `hue-0` to `hue-23`; empty for other things"] = ""
    note: Annotated[str, "a number or remark beside the label"] = ""


class Feed(msgspec.Struct):
    """A feed of the page's list, or another form of the page."""

    title: Annotated[str, "the full title"]
    url: Annotated[str, "its url"]
    type: Annotated[str, "its media type"]
    label: Annotated[str, "the format's name, such as `RSS`"]


class SiteInfo(msgspec.Struct):
    """What is the same on every page."""

    title: Annotated[str, "the site's title"]
    description: Annotated[str, "one line about the site"]
    language: Annotated[str, "BCP 47 tag of the interface"]
    direction: Annotated[str, "`ltr` or `rtl`"]
    asset_root: Annotated[str, "folder of the theme's assets; put `root` in front"]
    menu: Annotated[
        tuple[Link, ...], "lists that have papers, pages that ask for it, and the menu of the configuration"
    ]
    footer_links: Annotated[tuple[Link, ...], "pages of the site that stand in the foot rather than the menu"]
    policy: Annotated[Markup, "the Content-Security-Policy"]
    search: Annotated[bool, "whether there is a search page"]
    search_words: Annotated[str, "the words that the search client says, as JSON for `data-search-words`"]
    subscribe: Annotated[bool, "whether there is a page of feeds at `subscribe/`"]
    stats: Annotated[bool, "whether there is a page of numbers at `stats/`"]
    reading_list: Annotated[bool, "whether there is a reading list at `reading-list/`"]


class PageInfo(Lazy, kw_only=True):
    """What every page has of its own."""

    kind: Annotated[str, "`home`, `paper`, `listing`, `terms`, `page`, `search` or `missing`"]
    title: Annotated[str, "for `<title>`, without the site's title"]
    description: Annotated[str, "one or two plain sentences for search engines and previews"]
    url: Annotated[str, "the page's own url"]
    canonical: Annotated[str, "the page's absolute address"]
    metas: Annotated[Markup, "`<meta>` elements: citation, Open Graph and other metadata"] = NO_MARKUP
    jsonld: Annotated[Markup, "schema.org data as JSON, safe inside `<script>`"] = NO_MARKUP
    feeds: Annotated[tuple[Feed, ...], "the feeds of the page's list"] = ()
    alternates: Annotated[tuple[Feed, ...], "the same paper in other forms (Markdown, JSON)"] = ()
    older: Annotated[Link | None, "the older day, week, month, paper or the next page of a list"] = None
    newer: Annotated[Link | None, "the newer one, or the previous page"] = None


class Entry(Lazy, kw_only=True):
    """A paper on a list."""

    url: Annotated[str, "the paper's page"]
    title: Annotated[Markup, "with math as MathML"]
    aria_label: Annotated[str, "the title as text where it is nothing but math; else empty"]
    language: Annotated[str, "BCP 47 tag where it is not the site's; else empty"]
    authors: Annotated[tuple[Link, ...], "the first ones, as many as the option `list_authors` says"]
    more_authors: Annotated[str, '"and 9 more"; or "5 authors" where no names are known; else empty']
    date: Annotated[str, "the day of publication as readers write it, or empty"]
    iso: Annotated[str, "the same day as `2025-10-29`, or empty"]
    venue: Annotated[Link | None, "where it appeared"]
    votes: Annotated[str, '"12 votes", or empty when none are known']
    links: Annotated[tuple[Link, ...], "where to read it, and its code; absolute or from the site's root"]
    extra: Annotated[Mapping[str, Any], "free fields of the source"]
    topics: Annotated[tuple[Link, ...], "its topics"]
    tags: Annotated[tuple[Link, ...], "its first tags"]
    notice: Annotated[str, '"Retracted" and the like, or empty']
    summary: Annotated[str, "the beginning of the abstract as plain text"]
    coins: Annotated[Markup, "a COinS for reference managers, the `title` of a `span.Z3988`"] = NO_MARKUP


class Section(msgspec.Struct):
    """A part of a list under a heading of its own."""

    heading: Annotated[Link | None, "its heading; none for a list without parts"]
    entries: Annotated[tuple[Markup, ...], "its papers, each made by `_entry.html`; write them as they are"]
    lead: Annotated[bool, "whether these papers lead the page"] = False


class Spark(msgspec.Struct):
    """A chart of the size of a word: papers per month."""

    path: Annotated[str, "the `d` of an SVG path of bars, 72 wide and 20 high"]
    label: Annotated[str, "what it shows, in words"]


class TermRow(msgspec.Struct):
    """A topic, tag, author or venue in an index."""

    label: Annotated[str, "its name"]
    url: Annotated[str, "its page"]
    count: Annotated[str, "the number of its papers"]
    hue: Annotated[str, "a topic's colour mark, else empty"] = ""
    description: Annotated[str, "plain text, the beginning of what the curator says of it"] = ""
    spark: Annotated[Spark | None, "papers per month, for topics"] = None
    size: Annotated[int, "1 to 5: how many papers it has compared with its neighbours"] = 1


class Group(msgspec.Struct):
    """Terms under one letter, or months under one year."""

    label: Annotated[str, "the letter or year"]
    anchor: Annotated[str, "its id on the page, or empty"]
    rows: Annotated[tuple[TermRow, ...], "what stands under it"]


class Pager(msgspec.Struct):
    """Where a page stands in a list of several."""

    text: Annotated[str, '"Page 2 of 14"']
    pages: Annotated[tuple[Link, ...], "some page numbers; `note` is `current` for this page, `gap` for a gap"]
    previous: Annotated[str, "url of the page before, or empty"]
    next: Annotated[str, "url of the page after, or empty"]


class DayBlock(msgspec.Struct):
    """A day on the home page."""

    heading: Annotated[str, "the date"]
    url: Annotated[str, "the day's page, or empty where days have none"]
    iso: Annotated[str, "the day as `2025-10-29`"]
    count: Annotated[str, '"96 papers"']
    sections: Annotated[tuple[Section, ...], "what leads, then the rest by topic"]
    all: Annotated[str, '"All 96 papers of this day", or empty when all are shown']


class Volume(msgspec.Struct):
    """A venue and its papers."""

    label: Annotated[str, "the venue, or words for papers without one"]
    url: Annotated[str, "the venue's page, or empty"]
    count: Annotated[str, '"96 papers"']
    sections: Annotated[tuple[Section, ...], "its sessions"]


class Author(msgspec.Struct):
    """An author on a paper's page."""

    name: Annotated[str, "as printed"]
    url: Annotated[str, "the author's page, or empty"]
    orcid: Annotated[str, "ORCID, or empty"]
    affiliation: Annotated[str, "affiliation, or empty"]


class NoticeBox(msgspec.Struct):
    """A warning that readers must see."""

    kind: Annotated[str, "`erratum`, `retraction`, `concern` or `update`"]
    label: Annotated[str, "the same in words"]
    text: Annotated[Markup, "what it says"]
    url: Annotated[str, "where it was published, or empty"]
    date: Annotated[str, "when, or empty"]


class Citation(msgspec.Struct):
    """The paper's citation in one format."""

    format: Annotated[str, "`text` or `bibtex`"]
    label: Annotated[str, "the format's name"]
    text: Annotated[Markup, "the citation"]


class Neighbour(msgspec.Struct):
    """A similar paper."""

    title: Annotated[Markup, "with math as MathML"]
    aria_label: Annotated[str, "the title as text where it is nothing but math; else empty"]
    url: Annotated[str, "its page"]
    why: Annotated[str, '"similar: graph, spectral"']


class PaperView(Lazy, kw_only=True):
    """A paper on its own page."""

    id: Annotated[str, "its id"]
    title: Annotated[Markup, "with math as MathML"]
    aria_label: Annotated[str, "the title as text where it is nothing but math; else empty"]
    language: Annotated[str, "BCP 47 tag where it is not the site's; else empty"]
    authors: Annotated[tuple[Author, ...], "in printed order; the first ten when there are more than twelve"]
    more_authors: Annotated[tuple[Author, ...], "the rest of them"]
    authors_note: Annotated[str, '"and 180 more"; or "5 authors" where no names are known; else empty']
    date: Annotated[str, "the day of publication, or empty"]
    iso: Annotated[str, "the same day as `2025-10-29`, or empty"]
    day_url: Annotated[str, "that day's page, or empty"]
    updated: Annotated[str, '"Updated 3 Nov 2025", or empty']
    featured: Annotated[tuple[Link, ...], "other days on which listings featured it"]
    venue: Annotated[Link | None, "where it appeared"]
    votes: Annotated[str, '"12 votes", or empty when none are known']
    topics: Annotated[tuple[Link, ...], "its topics"]
    tags: Annotated[tuple[Link, ...], "its tags"]
    notice: Annotated[NoticeBox | None, "erratum, retraction and the like"]
    abstract: Annotated[Markup, "the abstract with math as MathML, or empty"]
    notes: Annotated[Markup, "further notes, or empty"]
    links: Annotated[tuple[Link, ...], "PDF, code and so on; `note` is the kind, such as `pdf`"]
    find: Annotated[tuple[Link, ...], "searches for its title elsewhere, where no link leads to the paper itself"]
    citations: Annotated[tuple[Citation, ...], "as text and BibTeX"]
    csl: Annotated[Markup, "the citation as CSL-JSON; `client/citations.js` makes other formats of it"]
    similar: Annotated[tuple[Neighbour, ...], "similar papers, nearest first"]
    extra: Annotated[Mapping[str, Any], "free fields of the source"]


class LayoutParts(msgspec.Struct):
    """What surrounds every page; made once for all pages of the same depth."""

    head: Annotated[Markup, "made by `_head.html`: policy, stylesheets, scripts"]
    top: Annotated[Markup, "made by `_top.html`: the site's title, menu and search box"]
    foot: Annotated[Markup, "made by `_foot.html`"]


class FeedRow(msgspec.Struct):
    """A list that can be followed."""

    label: Annotated[str, "the list's name"]
    url: Annotated[str, "its page"]
    feeds: Annotated[tuple[Feed, ...], "its feeds"]
    hue: Annotated[str, "a topic's colour mark, else empty"] = ""


class FeedGroup(msgspec.Struct):
    """Lists of one kind."""

    heading: Annotated[str, "topics, tags and so on, in words"]
    rows: Annotated[tuple[FeedRow, ...], "the lists; of many only those with most papers"]
    more: Annotated[Link | None, "where the rest is, or none"]


class Bar(msgspec.Struct):
    """A number with its picture."""

    label: Annotated[str, "what is counted"]
    url: Annotated[str, "its page, or empty"]
    value: Annotated[str, "the number"]
    picture: Annotated[Markup, "the number as an SVG"]
    hue: Annotated[str, "a topic's colour mark, else empty"] = ""
    note: Annotated[str, "how it changed and the like, or empty"] = ""


class Numbers(msgspec.Struct):
    """A table."""

    head: Annotated[tuple[str, ...], "the columns' names"]
    rows: Annotated[tuple[tuple[str, ...], ...], "the cells; the first one names the row"]


class Chart(msgspec.Struct):
    """A picture and its numbers."""

    anchor: Annotated[str, "its id on the page"]
    heading: Annotated[str, "what it shows"]
    note: Annotated[str, "how to read it, or empty"]
    picture: Annotated[Markup, "one SVG, or empty where there are bars"]
    ends: Annotated[tuple[str, ...], "what the picture begins and ends with, or empty"]
    bars: Annotated[tuple[Bar, ...], "one row for each number, a table by themselves"]
    numbers: Annotated[Numbers | None, "the numbers behind the picture; none where the bars say them all"]
