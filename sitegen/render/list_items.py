"""Papers and terms as lists show them: made once for each paper and process, used on every list that has it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import partial

from markupsafe import Markup
from msgspec.structs import asdict

from sitegen.model import Date, Paper, Site, Term, TermKind
from sitegen.render.context import EntryContext
from sitegen.render.metadata import coins
from sitegen.render.output import RenderEnv
from sitegen.render.paper_links import links_on_lists
from sitegen.render.views import NO_MARKUP, Entry, Link, Spark, lazy
from sitegen.text import markdown
from sitegen.urls import absolute

LIST_TAGS = 5
SUMMARY_CHARACTERS = 260
HUES = 24
SPARK_MONTHS = 24
SPARK_HEIGHT = 20
_MATH = re.compile(r"\$[^$]*\$|\\\(.*?\\\)")
# Made with this template, where a page has lists.
TEMPLATE = "_entry.html"
# Stands for a page's root in what is made once for pages of all depths, and before and after the name of an item
# that a page has there. Sources cannot hold either: they are read without control characters.
ROOT, ITEM = "\x13", "\x14"
_NAMED = re.compile(f"{ITEM}([0-9]+){ITEM}")
# All of a large collection: most papers stand on a dozen lists, in no order that would bring them together.
_KEPT_TITLES, _KEPT_ITEMS = 150_000, 450_000
_KEPT_ENTRIES = 20_000


class _Marks(dict[int, Markup]):
    """Position of a paper -> the mark of its item of one form."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self._form = form

    def __missing__(self, position: int) -> Markup:
        mark = self[position] = Markup(f"{ITEM}{self._form}{position}{ITEM}")
        return mark


class ListItems:
    """Entries of one site's papers; see ``RenderEnv.memoize``."""

    def __init__(self, site: Site, env: RenderEnv) -> None:
        self._site = site
        self._env = env
        self._authors = int(env.theme.options["list_authors"])
        self._linked = frozenset(env.config.lists.kinds)
        self._entries: dict[int, Entry] = {}
        self._titles: dict[int, tuple[Markup, str]] = {}
        self._marks: dict[tuple[int, bool], _Marks] = {}
        self._items: dict[str, bytes] = {}
        self._template = env.theme.environment.get_template(TEMPLATE)
        self._links: dict[TermKind, list[Link | None]] = {k: [None] * len(t) for k, t in site.terms.items()}

    def entry(self, position: int) -> Entry:
        """The paper at ``position`` as lists show it."""
        entry = self._entries.get(position)
        if entry is None:
            if len(self._entries) >= _KEPT_ENTRIES:
                self._entries.clear()
            entry = self._entries[position] = self._make(position)
        return entry

    def title(self, position: int) -> tuple[Markup, str]:
        """A paper's title, and the same as text where it is nothing but math, of which not every program can make
        a link's name; else an empty one."""
        made = self._titles.get(position)
        if made is None:
            if len(self._titles) >= _KEPT_TITLES:
                self._titles.clear()
            title = self._site.papers[position].title
            made = self._titles[position] = (markdown.inline(title), _aria_label(title))
        return made

    def entries(self, positions: Iterable[int]) -> tuple[Entry, ...]:
        return tuple([self.entry(position) for position in positions])

    def items(self, positions: Iterable[int], level: int = 3, *, dense: bool = False) -> tuple[Markup, ...]:
        """Papers as list items: each is a mark in whose place ``filled`` puts what ``_entry.html`` makes."""
        marks = self._marks.setdefault((level, dense), _Marks(f"{level}{dense:d}"))
        return tuple(map(marks.__getitem__, positions))

    def filled(self, html: str, root: str) -> bytes:
        """A page with its items in their places.

        One paper stands on many lists, at several depths: its item is made and encoded once.
        """
        pieces = _NAMED.split(html)
        page = [b""] * len(pieces)
        page[::2] = [text.encode() for text in pieces[::2]]
        page[1::2] = [self._items.get(name) or self._item(name) for name in pieces[1::2]]
        return b"".join(page).replace(ROOT.encode(), root.encode())

    def _item(self, name: str) -> bytes:
        level, dense, position = int(name[0]), name[1] == "1", int(name[2:])
        context = EntryContext(
            entry=self.entry(position),
            words=self._env.language.words,
            options=self._env.theme.options,
            root=ROOT,
            level=level,
            dense=dense,
        )
        if len(self._items) >= _KEPT_ITEMS:
            self._items.clear()
        item = self._items[name] = self._template.render(asdict(context)).encode()
        return item

    def link(self, kind: TermKind, position: int) -> Link:
        """A term by its position in ``Site.terms[kind]``; without an url where its kind has no pages."""
        link = self._links[kind][position]
        if link is None:
            term = self._site.terms[kind][position]
            url = f"{kind}/{term.slug}/" if kind in self._linked else ""
            link = Link(term.label, url, hue_class(term) if kind == "topics" else "")
            self._links[kind][position] = link
        return link

    def links(self, kind: TermKind, positions: Iterable[int]) -> tuple[Link, ...]:
        return tuple([self.link(kind, position) for position in positions])

    def _make(self, position: int) -> Entry:
        paper, own = self._site.papers[position], self._site.membership[position]
        language = self._env.language
        votes = paper.upvotes
        title, aria_label = self.title(position)
        entry = Entry(
            url=f"papers/{self._site.slugs[position]}/",
            title=title,
            aria_label=aria_label,
            language=language_of(paper, self._env),
            authors=self.links("authors", own.authors[: self._authors]),
            more_authors=self._more_authors(paper, len(own.authors)),
            date=language.date(paper.date) if paper.date else "",
            iso=str(paper.date) if paper.date else "",
            venue=self._venue(paper, own.venues[0]) if own.venues else None,
            votes=language.count("votes", votes) if votes else "",
            links=tuple([Link(language.translate(f"link_{kind}"), url) for kind, url in links_on_lists(paper)]),
            extra=paper.extra,
            topics=self.links("topics", own.topics),
            tags=self.links("tags", own.tags[:LIST_TAGS]),
            notice=language.translate(f"notice_{paper.notice.kind}") if paper.notice else "",
            summary="",
            coins=NO_MARKUP,
        )
        return lazy(
            entry,
            summary=partial(markdown.summary, paper.abstract, SUMMARY_CHARACTERS),
            coins=partial(coins, paper, absolute(self._env.config.base_url, entry.url)),
        )

    def _venue(self, paper: Paper, position: int) -> Link:
        """The venue by its short name where the paper has one."""
        link = self.link("venues", position)
        return Link(paper.venue_short, link.url) if paper.venue_short else link

    def _more_authors(self, paper: Paper, known: int) -> str:
        if known > self._authors:
            return self._env.language.count("more", max(known, paper.author_count or 0) - self._authors)
        if not known and paper.author_count:
            return self._env.language.count("authors", paper.author_count)
        return ""


class Months:
    """The newest months of a site, oldest first, as the axis of small charts; see ``RenderEnv.memoize``.

    ``span``: the first and the last of them, in months since year 0.
    """

    def __init__(self, site: Site, env: RenderEnv) -> None:
        self._language = env.language
        self._of = [month_of(paper) for paper in site.papers]
        newest = max(self._of, default=0)
        self._first = newest - SPARK_MONTHS + 1
        self.span = (self._first, newest)

    def counts(self, papers: Iterable[int]) -> tuple[int, ...]:
        """How many of the papers each month has; nothing where fewer than two months have any."""
        counts = [0] * SPARK_MONTHS
        for position in papers:
            month = self._of[position]
            if month >= self._first:
                counts[month - self._first] += 1
        return tuple(counts) if sum(map(bool, counts)) > 1 else ()

    def spark(self, label: str, counts: tuple[int, ...]) -> Spark | None:
        """The chart of ``counts``."""
        if not counts:
            return None
        most = max(counts)
        path = "".join(
            f"M{3 * x + 1} {SPARK_HEIGHT}v-{max(1, round(count / most * (SPARK_HEIGHT - 1)))}"
            for x, count in enumerate(counts)
            if count
        )
        first, last = self._month(self._first), self._month(self._first + SPARK_MONTHS - 1)
        return Spark(path, self._language.translate("spark", topic=label, first=first, last=last, most=most))

    def _month(self, number: int) -> str:
        return self._language.month(Date(number // 12, number % 12 + 1, 1))


def month_of(paper: Paper) -> int:
    """Months since year 0 of a paper's date, else of the first day that featured it; 0 where no month is known."""
    if paper.date and paper.date.month:
        return paper.date.year * 12 + paper.date.month - 1
    featured = min(paper.featured_on, default=None)
    return featured.year * 12 + featured.month - 1 if featured else 0


def _aria_label(title: str) -> str:
    return markdown.plain_title(title) if title.startswith(("$", "\\(")) and _MATH.sub("", title).strip() == "" else ""


def hue_class(term: Term) -> str:
    """The CSS class of a topic's colour mark: the curator's hue, else one that follows from its slug."""
    if term.hue is not None:
        return f"hue-{round(term.hue * HUES / 360) % HUES}"
    return f"hue-{hashlib.blake2b(term.slug.encode(), digest_size=1).digest()[0] % HUES}"


def language_of(paper: Paper, env: RenderEnv) -> str:
    """The paper's language where it is not the site's."""
    return paper.language if paper.language and paper.language != env.config.language else ""
