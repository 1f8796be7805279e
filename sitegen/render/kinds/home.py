"""The first page: the newest days, what is trending, and the topics."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import msgspec

from sitegen.model import Period, Site
from sitegen.render.cards import TEMPLATE as ENTRY
from sitegen.render.cards import Cards, Months, hue_class
from sitegen.render.context import HomeContext
from sitegen.render.frame import TEMPLATES, Frame, feeds_of
from sitegen.render.kinds.listings import session_parts
from sitegen.render.kinds.lists import LEAD, Part, head_label, render_list, sections
from sitegen.render.kinds.periods import period_label, period_parts
from sitegen.render.metadata import home_metadata
from sitegen.render.output import Arguments, Kind, Setup, Wish
from sitegen.render.views import DayBlock, TermRow, Volume
from sitegen.text import markdown

TEMPLATE = "home.html"
# Papers shown of the newest day and of each other day; papers that lead a day.
NEWEST_DAY, OTHER_DAY, NEWEST_LEADING, OTHER_LEADING = 15, 6, 5, 3
# Where days are short, more of them are shown until there are this many papers.
ENOUGH = 24
PER_TOPIC = 2
TRENDING = 10
NEWEST = 30


class _Day(msgspec.Struct, frozen=True):
    """What the home page shows of a day."""

    period: Period
    parts: list[Part]


class _Volume(msgspec.Struct, frozen=True):
    """A venue by position, or none for the papers without one, and its papers by session."""

    venue: int | None
    parts: list[Part]


class _Front(msgspec.Struct, frozen=True):
    """What the home page shows, as positions."""

    days: list[_Day]
    newest: tuple[int, ...]
    trending: tuple[int, ...]
    volumes: list[_Volume]

    def papers(self) -> Iterator[int]:
        for day in self.days:
            for _, papers in day.parts:
                yield from papers
        yield from self.newest
        yield from self.trending
        for volume in self.volumes:
            for _, papers in volume.parts:
                yield from papers


def _front(site: Site, setup: Setup) -> _Front:
    volumes = _volumes(site) if setup.theme.options.get("home") == "volumes" else []
    days: list[_Day] = []
    shown = 0
    for period in () if volumes else site.days:
        if len(days) >= setup.config.pages.home_days and shown >= ENOUGH:
            break
        first = not days
        parts = period_parts(site, period, NEWEST_LEADING if first else OTHER_LEADING)
        parts = _cut(parts, NEWEST_DAY if first else OTHER_DAY)
        shown += sum(len(papers) for _, papers in parts)
        days.append(_Day(period, parts))
    trending = site.trending[:TRENDING] if setup.config.lists.trending else ()
    newest = () if days or volumes else tuple(range(min(NEWEST, len(site.papers))))
    return _Front(days, newest, trending, volumes)


def _volumes(site: Site) -> list[_Volume]:
    """Every venue with its sessions, the one with the newest paper first, then the papers without a venue."""
    venues = sorted((i for i, v in enumerate(site.terms["venues"]) if v.papers), key=lambda i: _newest(site, i))
    volumes = [_Volume(i, session_parts(site, site.terms["venues"][i])) for i in venues]
    others = tuple([i for i, own in enumerate(site.membership) if not own.venues])
    return [*volumes, _Volume(None, [(None, others)])] if others else volumes


def _newest(site: Site, venue: int) -> int:
    return site.terms["venues"][venue].papers[0]


def _cut(parts: list[Part], most: int) -> list[Part]:
    """At most so many papers of a day: its lead, then a few of each topic."""
    if sum(len(papers) for _, papers in parts) <= most:
        return parts
    cut: list[Part] = []
    for head, papers in parts:
        own = papers[: most if head in (None, LEAD) else min(most, PER_TOPIC)]
        if own:
            cut.append((head, own))
        most -= len(own)
    return cut


def _plan(site: Site, setup: Setup) -> Iterator[Wish]:
    front = _front(site, setup)
    heads = [f"{day.period.url}\0{len(day.period.papers)}" for day in front.days]
    heads += [head_label(site, head) for day in front.days for head, _ in day.parts]
    heads += [f"{volume.venue is None}\0{head}" for volume in front.volumes for head, _ in volume.parts]
    yield Wish(
        "",
        (),
        (
            setup.once(site, Frame).depends,
            len(site.papers),
            *heads,
            *[site.digests[i] for i in front.papers()],
            *_topic_state(site, setup),
        ),
        "home",
    )


def _topic_state(site: Site, setup: Setup) -> Iterator[str]:
    months = setup.once(site, Months)
    for term in site.terms["topics"]:
        counts = months.counts(term.papers)
        yield f"{term.label}\0{term.slug}\0{term.hue}\0{len(term.papers)}\0{counts}\0{months.span if counts else ''}"


def _render(site: Site, setup: Setup, args: Arguments) -> bytes:
    front, frame, language = _front(site, setup), setup.once(site, Frame), setup.language
    config = setup.config
    page = frame.page(
        "home",
        "",
        config.title,
        config.description,
        partial(home_metadata, setup),
        feeds=feeds_of(config, "", config.title),
    )
    cards = setup.once(site, Cards)
    context = HomeContext(
        **frame.common(page),
        days=tuple([_block(site, setup, day, newest=day is front.days[0]) for day in front.days]),
        newest=cards.items(front.newest),
        trending=cards.entries(front.trending),
        topics=topic_rows(site, setup) if "topics" in config.lists.kinds else (),
        volumes=tuple([_volume(site, setup, volume) for volume in front.volumes]),
        total=language.count("papers", len(site.papers)),
    )
    return render_list(site, setup, TEMPLATE, context)


def _block(site: Site, setup: Setup, day: _Day, *, newest: bool) -> DayBlock:
    period, language = day.period, setup.language
    shown = sum(len(papers) for _, papers in day.parts)
    count = language.count("papers", len(period.papers))
    linked = setup.config.lists.days
    return DayBlock(
        heading=period_label(setup, period),
        url=period.url if linked else "",
        iso=period.start.isoformat(),
        count=count,
        sections=sections(site, setup, day.parts, dense=not newest, dense_rest=True),
        all=language.say("all_of_day", papers=count) if linked and shown < len(period.papers) else "",
    )


def _volume(site: Site, setup: Setup, volume: _Volume) -> Volume:
    language = setup.language
    count = sum(len(papers) for _, papers in volume.parts)
    heading = setup.once(site, Cards).link("venues", volume.venue) if volume.venue is not None else None
    return Volume(
        label=heading.label if heading else language.say("rest"),
        url=heading.url if heading else "",
        count=language.count("papers", count),
        sections=sections(site, setup, volume.parts, dense=True, dense_rest=True),
    )


def topic_rows(site: Site, setup: Setup) -> tuple[TermRow, ...]:
    """All topics that have papers, in the curator's order."""
    months, number = setup.once(site, Months), setup.language.number
    return tuple(
        [
            TermRow(
                label=term.label,
                url=f"topics/{term.slug}/",
                count=number(len(term.papers)),
                hue=hue_class(term),
                description=markdown.summary(term.description, 160) if term.description else "",
                spark=months.spark(term.label, months.counts(term.papers)),
            )
            for term in site.terms["topics"]
            if term.papers
        ]
    )


KINDS = (Kind("home", _plan, _render, (TEMPLATE, ENTRY, *TEMPLATES)),)
