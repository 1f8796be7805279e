"""Lists of papers: topics, tags, authors and venues; days, weeks and months; trending; all papers."""

from __future__ import annotations

import datetime
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from markupsafe import Markup

from sitegen.model import Period, Site, Term, TermKind
from sitegen.render import markup
from sitegen.render.cards import Cards, Months, hue_class
from sitegen.render.context import Group, Link, ListingContext, PageInfo, Section, TermRow
from sitegen.render.frame import Frame
from sitegen.render.kinds.paging import page_count, page_of, pager
from sitegen.render.output import Arguments, Dependency, Kind, Setup, Wish
from sitegen.urls import month_url, page_url, root_of

TEMPLATE = "listing.html"
# Papers that lead a day, week or month, by votes.
LEADING = 5
RELATED_TERMS = 12
# A list of titles only holds this many times as many papers on a page.
DENSER = 4
SINGULAR = {"topics": "topic", "tags": "tag", "authors": "author", "venues": "venue"}
# One part of a list: its heading (a topic's position, a text, or none) and its papers.
Part = tuple[int | str | None, tuple[int, ...]]


# Topics, tags, authors and venues


def _plan_terms(site: Site, setup: Setup) -> Iterator[Wish]:
    frame = setup.once(site, Frame).depends
    digests, per_page = site.digests, setup.config.lists.per_page
    for kind in setup.config.lists.kinds:
        word = SINGULAR[kind]
        for position, term in enumerate(site.terms[kind]):
            parts = _term_parts(site, term)
            papers = _flat(parts)
            pages = page_count(len(papers), per_page)
            url = f"{kind}/{term.slug}/"
            said = (frame, term.label, len(papers), term.hue, term.description, term.orcid, term.affiliation)
            more = _term_extras(site, setup, term)
            for number in range(1, pages + 1):
                shown = page_of(papers, number, per_page)
                depends = [*said, *[digests[i] for i in shown]]
                if number == 1:
                    depends += more
                yield Wish(page_url(url, number), (kind, position, number), tuple(depends), f"{word} {term.label!r}")


def _render_term(site: Site, setup: Setup, args: Arguments) -> bytes:
    kind: TermKind = args[0]  # type: ignore[assignment]
    term, number = site.terms[kind][int(args[1])], int(args[2])
    say = setup.language.say
    parts = _term_parts(site, term)
    url = f"{kind}/{term.slug}/"
    facts = []
    if term.affiliation:
        facts.append(Link(term.affiliation, ""))
    if term.orcid:
        facts.append(Link(term.orcid, f"https://orcid.org/{term.orcid}", note=say("orcid")))
    first = number == 1
    months = setup.once(site, Months)
    return _listing(
        site,
        setup,
        list_of=kind,
        url=url,
        number=number,
        kind=say(SINGULAR[kind]),
        heading=term.label,
        hue=hue_class(term) if kind == "topics" else "",
        description=term.description if first else "",
        up=Link(say(kind), f"{kind}/"),
        facts=tuple(facts),
        spark=months.spark(term.label, months.counts(term.papers)) if kind == "topics" and first else None,
        related=_related(site, setup, term) if first else (),
        parts=parts,
    )


def _term_parts(site: Site, term: Term) -> list[Part]:
    """A term's papers; a venue's under its sessions where papers name them."""
    return session_parts(site, term) if term.kind == "venues" else [(None, term.papers)]


def session_parts(site: Site, venue: Term) -> list[Part]:
    """A venue's papers by session (``extra: {session: ...}``); those without one come last."""
    sessions: dict[str, list[int]] = {}
    for i in venue.papers:
        session = site.papers[i].extra.get("session")
        sessions.setdefault(str(session) if session else "", []).append(i)
    ordered = sorted(sessions, key=lambda name: (not name, _natural(name)))
    return [(name or None, tuple(sessions[name])) for name in ordered]


def _natural(text: str) -> list[tuple[int, str]]:
    """A key that puts "Session 2" before "Session 10"."""
    return [(int(part), "") if part.isdecimal() else (0, part.casefold()) for part in re.split(r"(\d+)", text)]


def _term_extras(site: Site, setup: Setup, term: Term) -> list[str | int]:
    if term.kind not in ("topics", "tags"):
        return []
    extras: list[str | int] = [f"{label}\0{count}" for label, _, count in _together(site, setup, term)]
    if term.kind == "topics":
        months = setup.once(site, Months)
        counts = months.counts(term.papers)
        extras += [*counts, *(months.span if counts else ())]
    return extras


def _together(site: Site, setup: Setup, term: Term) -> list[tuple[str, int, int]]:
    """``(label, position, papers)`` of the tags that most often go together with a topic or tag."""
    if term.kind not in ("topics", "tags") or "tags" not in setup.config.lists.kinds:
        return []
    membership, tags = site.membership, site.terms["tags"]
    counts = Counter([tag for i in term.papers for tag in membership[i].tags])
    ranked = sorted(counts.items(), key=lambda item: (-item[1], tags[item[0]].label))
    found = [(tags[tag].label, tag, count) for tag, count in ranked if tags[tag] is not term and count > 1]
    return found[:RELATED_TERMS]


def _related(site: Site, setup: Setup, term: Term) -> tuple[Link, ...]:
    number = setup.language.number
    return tuple(
        [
            Link(label, f"tags/{site.terms['tags'][position].slug}/", note=number(count))
            for label, position, count in _together(site, setup, term)
        ]
    )


# Days, weeks and months


def _periods(site: Site, setup: Setup) -> dict[str, tuple[Period, ...]]:
    lists = setup.config.lists
    return {
        "day": site.days if lists.days else (),
        "week": site.weeks if lists.weeks else (),
        "month": site.months if lists.months else (),
    }


def _plan_periods(site: Site, setup: Setup) -> Iterator[Wish]:
    frame = setup.once(site, Frame).depends
    digests, per_page = site.digests, setup.config.lists.per_page
    topics = [term.label for term in site.terms["topics"]]
    for kind, periods in _periods(site, setup).items():
        for position, period in enumerate(periods):
            parts = period_parts(site, period)
            papers = _flat(parts)
            headings = "\0".join([topics[head] if isinstance(head, int) else str(head) for head, _ in parts])
            newer = periods[position - 1].url if position else ""
            older = periods[position + 1].url if position + 1 < len(periods) else ""
            days = [f"{day.url}{len(day.papers)}" for day in _days_within(site, period)] if kind != "day" else []
            said = (frame, headings, len(papers), newer, older)
            for number in range(1, page_count(len(papers), per_page) + 1):
                shown = [digests[i] for i in page_of(papers, number, per_page)]
                depends: tuple[Dependency, ...] = (*said, *shown, *(days if number == 1 else ()))
                yield Wish(page_url(period.url, number), (kind, position, number), depends, f"{kind} {period.start}")


def _render_period(site: Site, setup: Setup, args: Arguments) -> bytes:
    kind, position, number = str(args[0]), int(args[1]), int(args[2])
    periods, language = _periods(site, setup)[kind], setup.language
    period = periods[position]
    up = None
    if kind == "day" and setup.config.lists.months:
        up = Link(language.month(period.start), month_url(period.start))
    elif site.papers:
        up = Link(language.say("archive"), "papers/")
    days: tuple[Link, ...] = ()
    if kind != "day" and setup.config.lists.days and number == 1:
        days = tuple(
            [
                Link(language.date(day.start, "full"), day.url, note=language.number(len(day.papers)))
                for day in _days_within(site, period)
            ]
        )
    return _listing(
        site,
        setup,
        list_of=kind,
        url=period.url,
        number=number,
        kind=_period_kind(setup, period),
        heading=period_label(setup, period),
        up=up,
        days=days,
        parts=period_parts(site, period),
        older=_period_link(setup, periods[position + 1]) if position + 1 < len(periods) else None,
        newer=_period_link(setup, periods[position - 1]) if position else None,
    )


def period_label(setup: Setup, period: Period) -> str:
    """How readers call a day, week or month."""
    language = setup.language
    if period.kind == "day":
        return language.date(period.start, "full")
    return language.month(period.start) if period.kind == "month" else language.week(period.start)


def _period_kind(setup: Setup, period: Period) -> str:
    if period.kind == "week":
        year, week, _ = period.start.isocalendar()
        return setup.language.say("week_of", week=week, year=year)
    return ""


def _period_link(setup: Setup, period: Period) -> Link:
    if period.kind == "day":
        return Link(setup.language.date(period.start), period.url)
    return Link(period_label(setup, period), period.url)


def _days_within(site: Site, period: Period) -> Sequence[Period]:
    """The days of a week or month, newest first."""
    if period.kind == "week":
        end = period.start + datetime.timedelta(7)
    else:
        end = (period.start.replace(day=28) + datetime.timedelta(4)).replace(day=1)
    newest, oldest = (bisect_right(site.days, -day.toordinal(), key=_age) for day in (end, period.start))
    return site.days[newest:oldest]


def _age(day: Period) -> int:
    return -day.start.toordinal()


def period_parts(site: Site, period: Period, leading: int = LEADING) -> list[Part]:
    """What leads by votes, then the rest of a day by topic, or of a week or month as it comes.

    Papers without votes never lead; a few papers stand together without headings.
    """
    papers, membership = site.papers, site.membership
    voted = [i for i in period.papers if papers[i].upvotes]
    if len(period.papers) <= leading + 3:
        return [(None, tuple(sorted(period.papers, key=lambda i: -(papers[i].upvotes or 0))))]
    leads = tuple(sorted(voted, key=lambda i: -(papers[i].upvotes or 0))[:leading])
    first = set(leads)
    rest = [i for i in period.papers if i not in first]
    parts: list[Part] = [("leading", leads)] if leads else []
    if period.kind != "day":
        return [*parts, ("rest" if leads else None, tuple(rest))]
    by_topic: dict[int, list[int]] = {}
    for i in rest:
        topics = membership[i].topics
        by_topic.setdefault(topics[0] if topics else -1, []).append(i)
    parts += [(topic, tuple(by_topic[topic])) for topic in sorted(by_topic) if topic >= 0]
    if -1 in by_topic:
        parts.append(("rest" if parts else None, tuple(by_topic[-1])))
    return parts


# Trending and all papers


def _plan_trending(site: Site, setup: Setup) -> Iterator[Wish]:
    if not (setup.config.lists.trending and site.trending):
        return
    frame, per_page = setup.once(site, Frame).depends, setup.config.lists.per_page
    for number in range(1, page_count(len(site.trending), per_page) + 1):
        shown = page_of(site.trending, number, per_page)
        depends: tuple[Dependency, ...] = (frame, len(site.trending), *[site.digests[i] for i in shown])
        yield Wish(page_url("trending/", number), (number,), depends, "trending")


def _render_trending(site: Site, setup: Setup, args: Arguments) -> bytes:
    number, language = int(args[0]), setup.language
    days = f"{setup.config.trending.half_life_days:g}"
    return _listing(
        site,
        setup,
        list_of="trending",
        url="trending/",
        number=number,
        heading=language.say("trending"),
        description=language.say("trending_intro", days=days) if number == 1 else "",
        parts=[(None, site.trending)],
        ranked=True,
    )


def _plan_papers(site: Site, setup: Setup) -> Iterator[Wish]:
    frame, per_page = setup.once(site, Frame).depends, DENSER * setup.config.lists.per_page
    everything = range(len(site.papers))
    months = [f"{month.url}{len(month.papers)}" for month in site.months] if setup.config.lists.months else []
    for number in range(1, page_count(len(everything), per_page) + 1):
        shown = page_of(everything, number, per_page)
        depends: list[Dependency] = [frame, len(everything), *[site.digests[i] for i in shown]]
        if number == 1:
            depends += months
        yield Wish(page_url("papers/", number), (number,), tuple(depends), "all papers")


def _render_papers(site: Site, setup: Setup, args: Arguments) -> bytes:
    number = int(args[0])
    return _listing(
        site,
        setup,
        list_of="papers",
        url="papers/",
        number=number,
        heading=setup.language.say("archive"),
        years=_years(site, setup) if number == 1 and setup.config.lists.months else (),
        parts=[(None, tuple(range(len(site.papers))))],
        per_page=DENSER * setup.config.lists.per_page,
        dense=True,
    )


def _years(site: Site, setup: Setup) -> tuple[Group, ...]:
    language = setup.language
    years: dict[int, list[TermRow]] = {}
    most = max((len(month.papers) for month in site.months), default=1)
    for month in site.months:
        row = TermRow(
            label=language.month_name(month.start),
            url=month.url,
            count=language.number(len(month.papers)),
            size=1 + round(4 * len(month.papers) / most),
        )
        years.setdefault(month.start.year, []).append(row)
    return tuple([Group(str(year), "", tuple(rows)) for year, rows in years.items()])


# What all lists have in common


def _flat(parts: Sequence[Part]) -> tuple[int, ...]:
    return parts[0][1] if len(parts) == 1 else tuple([i for _, papers in parts for i in papers])


def sections(site: Site, setup: Setup, parts: Sequence[Part], first: int, last: int) -> tuple[Section, ...]:
    """The parts of a list cut to its papers ``first`` to ``last`` (exclusive), as templates show them."""
    cards, say = setup.once(site, Cards), setup.language.say
    shown, start = [], 0
    for head, papers in parts:
        own = papers[max(0, first - start) : max(0, last - start)]
        start += len(papers)
        if not own:
            continue
        if isinstance(head, int):
            heading: Link | None = cards.link("topics", head)
        elif head in ("leading", "rest"):
            heading = Link(say(head), "")
        else:
            heading = Link(head, "") if head else None
        shown.append(Section(heading, cards.entries(own), lead=head == "leading"))
    return tuple(shown)


def _listing(
    site: Site,
    setup: Setup,
    *,
    list_of: str,
    url: str,
    number: int,
    heading: str,
    parts: Sequence[Part],
    kind: str = "",
    hue: str = "",
    description: str = "",
    up: Link | None = None,
    older: Link | None = None,
    newer: Link | None = None,
    per_page: int = 0,
    ranked: bool = False,
    dense: bool = False,
    **more: Any,
) -> bytes:
    language, frame = setup.language, setup.once(site, Frame)
    per_page = per_page or setup.config.lists.per_page
    total = sum([len(papers) for _, papers in parts])
    pages = page_count(total, per_page)
    own_url = page_url(url, number)
    title = heading if number == 1 else f"{heading} ({language.say('page_of', page=number, pages=pages)})"
    count = language.count("papers", total)
    page: PageInfo = frame.page("listing", own_url, title, older=older, newer=newer)
    text = markup.html(description, root=root_of(own_url)) if description else Markup("")
    page.description = markup.summary(description, 200) if description else f"{heading}: {count}"
    fields: dict[str, Any] = {"facts": (), "spark": None, "related": (), "days": (), "years": ()}
    context = ListingContext(
        **frame.common(page),
        list_of=list_of,
        kind=kind,
        heading=heading,
        hue=hue,
        description=text,
        count=count,
        up=up,
        sections=sections(site, setup, parts, (number - 1) * per_page, number * per_page),
        start=(number - 1) * per_page + 1 if ranked else 0,
        dense=dense,
        pager=pager(url, number, pages, language),
        **(fields | more),
    )
    return setup.theme.environment.get_template(TEMPLATE).render(vars(context)).encode()


KINDS = (
    Kind("term", _plan_terms, _render_term, (TEMPLATE,)),
    Kind("period", _plan_periods, _render_period, (TEMPLATE,)),
    Kind("trending", _plan_trending, _render_trending, (TEMPLATE,)),
    Kind("papers", _plan_papers, _render_papers, (TEMPLATE,)),
)
