"""The collection in numbers: papers over time, tags that rise and fall, authors, votes. Pure; no clock."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from sitegen.model import Date, Paper, Site

MOST_MONTHS = 48
"""Collections that span more months are counted by year."""
TREND_DAYS = 91
TREND_PAPERS = 50
LEAST_FOR_TREND = 3
VOTE_BINS = (0, 1, 3, 6, 11, 21, 51, 101)
"""Lower bounds; the last bin is open."""
TEAM_BINS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """Papers over time, without gaps.

    Attributes:
        unit: what one period is. ``starts``: the first day of each, oldest first.
        counts: papers of each period. ``topics``: the same for each topic, by its position.
        undated: papers that no period holds.
    """

    unit: Literal["month", "year"]
    starts: tuple[Date, ...]
    counts: tuple[int, ...]
    topics: tuple[tuple[int, ...], ...]
    undated: int


class Trend(msgspec.Struct, frozen=True):
    """How a tag's share of all papers changed: ``tag`` is its position; ``recent`` and ``before`` count its papers in
    two spans of equal length; ``change`` is the difference of their shares, from -1 to 1."""

    tag: int
    recent: int
    before: int
    change: float


class Trends(msgspec.Struct, frozen=True):
    """Tags by change. ``days``: length of each span, the newer of which ends on the newest day of all."""

    days: int
    rising: tuple[Trend, ...]
    falling: tuple[Trend, ...]


def timeline(site: Site) -> Timeline:
    """Papers by month of their date (see ``day_of``), or by year where the collection spans many months."""
    days = [day_of(paper) for paper in site.papers]
    months = [day.year * 12 + day.month - 1 if day else -1 for day in days]
    known = [month for month in months if month >= 0]
    first, last = min(known, default=0), max(known, default=-1)
    by_year = last - first >= MOST_MONTHS
    size = 12 if by_year else 1
    first, last = first // size, last // size
    counts = [0] * (last - first + 1)
    topics = [[0] * len(counts) for _ in site.terms["topics"]]
    for month, membership in zip(months, site.membership, strict=True):
        if month >= 0:
            period = month // size - first
            counts[period] += 1
            for topic in membership.topics:
                topics[topic][period] += 1
    starts = [Date(p, 1, 1) if by_year else Date(p // 12, p % 12 + 1, 1) for p in range(first, last + 1)]
    return Timeline(
        unit="year" if by_year else "month",
        starts=tuple(starts),
        counts=tuple(counts),
        topics=tuple(map(tuple, topics)),
        undated=len(months) - len(known),
    )


def trends(site: Site, count: int) -> Trends:
    """The tags whose share of papers rose and fell most between the newest days and those right before.

    Both spans have ``TREND_DAYS`` days, or twice as many and so on until each holds ``TREND_PAPERS`` papers, but never
    more than half of all days. Tags with few papers in both are left out; ``count``: how many to give of each.
    """
    days = [day_of(paper) for paper in site.papers]
    known = [day for day in days if day]
    if not known:
        return Trends(0, (), ())
    newest = max(known)
    ages = [(newest - day).days for day in known]
    half = (max(ages) + 1) // 2
    span = min(TREND_DAYS, half)
    while span < half and min(_totals(ages, span)) < TREND_PAPERS:
        span = min(2 * span, half)
    totals = _totals(ages, span) if span else (0, 0)
    if not all(totals):
        return Trends(span, (), ())
    tags = (Counter[int](), Counter[int]())
    for day, membership in zip(days, site.membership, strict=True):
        part = (newest - day).days // span if day else 2
        if part < 2:
            tags[part].update(membership.tags)
    found = []
    for tag in sorted(tags[0].keys() | tags[1].keys()):
        recent, before = tags[0][tag], tags[1][tag]
        if recent + before >= LEAST_FOR_TREND:
            found.append(Trend(tag, recent, before, recent / totals[0] - before / totals[1]))
    rising = sorted([t for t in found if t.change > 0], key=lambda trend: (-trend.change, trend.tag))
    falling = sorted([t for t in found if t.change < 0], key=lambda trend: (trend.change, trend.tag))
    return Trends(span, tuple(rising[:count]), tuple(falling[:count]))


def _totals(ages: Sequence[int], span: int) -> tuple[int, int]:
    """How many papers are in the newest ``span`` days and in the ones before."""
    counts = Counter(min(age // span, 2) for age in ages)
    return counts[0], counts[1]


def most_used(papers_of: Iterable[Sequence[int]], count: int, least: int = 1) -> tuple[int, ...]:
    """Positions of the terms with most papers (at least ``least``), most first, ties in their own order."""
    sizes = [(-len(papers), position) for position, papers in enumerate(papers_of) if len(papers) >= least]
    return tuple([position for _, position in sorted(sizes)[:count]])


def histogram(values: Iterable[int], bounds: Sequence[int]) -> tuple[int, ...]:
    """How many values lie in each bin; a bin reaches from its bound to the next, the last has no end."""
    counts = [0] * len(bounds)
    for value, times in Counter(values).items():
        fitting = [i for i, bound in enumerate(bounds) if bound <= value]
        if fitting:
            counts[fitting[-1]] += times
    return tuple(counts)


def teams(papers: Iterable[Paper]) -> list[int]:
    """The number of authors of each paper of which it is known."""
    sizes = [max(len(paper.authors), paper.author_count or 0) for paper in papers]
    return [size for size in sizes if size]


def day_of(paper: Paper) -> datetime.date | None:
    """A paper's date, else the first day that featured it."""
    return paper.date or (min(paper.featured_on) if paper.featured_on else None)
