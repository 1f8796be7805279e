"""The first page: the newest days, what is trending, and the topics."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import msgspec

from sitegen.model import Period, Site
from sitegen.render.context import HomeContext
from sitegen.render.layout import TEMPLATES, Layout, feeds_of
from sitegen.render.list_items import TEMPLATE as ENTRY
from sitegen.render.list_items import ListItems, Months, hue_class
from sitegen.render.metadata import home_metadata
from sitegen.render.output import Arguments, OutputKind, PageSpec, RenderEnv
from sitegen.render.pages.lists import natural, session_parts
from sitegen.render.pages.paper_list import LEAD, Part, head_label, render_list, sections
from sitegen.render.pages.periods import period_label, period_parts
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
# A first page of volumes holds the papers themselves up to this many; beyond, it leads to a page for each volume.
VOLUME_PAPERS = 200


class _Day(msgspec.Struct, frozen=True):
    """What the home page shows of a day."""

    period: Period
    parts: list[Part]


class _Volume(msgspec.Struct, frozen=True):
    """A venue by position, or none for the papers without one, its papers by session, and how many there are.

    The parts are empty where all volumes together would make too long a page."""

    venue: int | None
    parts: list[Part]
    count: int


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


def _front(site: Site, env: RenderEnv) -> _Front:
    volumes = _volumes(site) if env.theme.options.get("home") == "volumes" else []
    days: list[_Day] = []
    shown = 0
    for period in () if volumes else site.days:
        if len(days) >= env.config.pages.home_days and shown >= ENOUGH:
            break
        first = not days
        parts = period_parts(site, period, NEWEST_LEADING if first else OTHER_LEADING)
        parts = _cut(parts, NEWEST_DAY if first else OTHER_DAY)
        shown += sum(len(papers) for _, papers in parts)
        days.append(_Day(period, parts))
    trending = site.trending[:TRENDING] if env.config.lists.trending else ()
    newest = () if days or volumes else tuple(range(min(NEWEST, len(site.papers))))
    return _Front(days, newest, trending, volumes)


def _volumes(site: Site) -> list[_Volume]:
    """Every venue with its sessions, those of the newest year first, then the papers without a venue."""
    terms = site.terms["venues"]
    venues = sorted(
        (i for i, v in enumerate(terms) if v.papers), key=lambda i: (-_newest_year(site, i), natural(terms[i].label))
    )
    listed = len(site.papers) <= VOLUME_PAPERS
    volumes = [_Volume(i, session_parts(site, terms[i]) if listed else [], len(terms[i].papers)) for i in venues]
    others = tuple([i for i, own in enumerate(site.membership) if not own.venues])
    return [*volumes, _Volume(None, [(None, others)] if listed else [], len(others))] if others else volumes


def _newest_year(site: Site, venue: int) -> int:
    date = site.papers[site.terms["venues"][venue].papers[0]].date
    return date.year if date else 0


def _label_of(site: Site, volume: _Volume) -> str:
    return "" if volume.venue is None else site.terms["venues"][volume.venue].label


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


def _plan(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    front = _front(site, env)
    heads = [f"{day.period.url}\0{len(day.period.papers)}" for day in front.days]
    heads += [head_label(site, head) for day in front.days for head, _ in day.parts]
    heads += [f"{volume.venue is None}\0{head}" for volume in front.volumes for head, _ in volume.parts]
    heads += [f"{_label_of(site, volume)}\0{volume.count}" for volume in front.volumes]
    yield PageSpec(
        "",
        (),
        (
            env.memoize(site, Layout).depends,
            len(site.papers),
            *heads,
            *[site.digests[i] for i in front.papers()],
            *_topic_state(site, env),
        ),
        "home",
    )


def _topic_state(site: Site, env: RenderEnv) -> Iterator[str]:
    months = env.memoize(site, Months)
    for term in site.terms["topics"]:
        counts = months.counts(term.papers)
        yield f"{term.label}\0{term.slug}\0{term.hue}\0{len(term.papers)}\0{counts}\0{months.span if counts else ''}"


def _render(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    front, layout, language = _front(site, env), env.memoize(site, Layout), env.language
    config = env.config
    page = layout.page(
        "home",
        "",
        config.title,
        config.description,
        partial(home_metadata, env),
        feeds=feeds_of(config, "", config.title),
    )
    list_items = env.memoize(site, ListItems)
    context = HomeContext(
        **layout.common(page),
        days=tuple([_block(site, env, day, newest=day is front.days[0]) for day in front.days]),
        newest=list_items.items(front.newest),
        trending=list_items.entries(front.trending),
        topics=topic_rows(site, env) if "topics" in config.lists.kinds else (),
        volumes=tuple([_volume(site, env, volume) for volume in front.volumes]),
        total=language.count("papers", len(site.papers)),
    )
    return render_list(site, env, TEMPLATE, context)


def _block(site: Site, env: RenderEnv, day: _Day, *, newest: bool) -> DayBlock:
    period, language = day.period, env.language
    shown = sum(len(papers) for _, papers in day.parts)
    count = language.count("papers", len(period.papers))
    linked = env.config.lists.days
    return DayBlock(
        heading=period_label(env, period),
        url=period.url if linked else "",
        iso=period.start.isoformat(),
        count=count,
        sections=sections(site, env, day.parts, dense=not newest, dense_rest=True),
        all=language.translate("all_of_day", papers=count) if linked and shown < len(period.papers) else "",
    )


def _volume(site: Site, env: RenderEnv, volume: _Volume) -> Volume:
    language = env.language
    heading = env.memoize(site, ListItems).link("venues", volume.venue) if volume.venue is not None else None
    return Volume(
        label=heading.label if heading else language.translate("rest"),
        url=heading.url if heading else "",
        count=language.count("papers", volume.count),
        sections=sections(site, env, volume.parts, dense=True, dense_rest=True),
    )


def topic_rows(site: Site, env: RenderEnv) -> tuple[TermRow, ...]:
    """All topics that have papers, in the curator's order."""
    months, number = env.memoize(site, Months), env.language.number
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


KINDS = (OutputKind("home", _plan, _render, (TEMPLATE, ENTRY, *TEMPLATES)),)
