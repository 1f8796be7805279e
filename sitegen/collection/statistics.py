"""The collection in numbers: papers over time, tags that rise and fall, authors, votes. Pure; no clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from sitegen.model import Date, Paper, PartialDate, Site

MOST_MONTHS = 48
"""Collections that span more months are counted by year."""
MOST_YEARS = 60
"""Of collections that span more years, those years in a row that hold most papers are shown. One paper with a wrong
year would draw a column, and a row of each table, for every year between it and the others."""
TREND_PAPERS = 500
LEAST_PAPERS_FOR_TREND = 20
LEAST_FOR_TREND = 3
VOTE_BINS = (0, 1, 3, 6, 11, 21, 51, 101)
"""Lower bounds; the last bin is open."""
TEAM_BINS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """Papers over time, without gaps.

    Attributes:
        unit: what one period is. ``starts``: the first day of each, oldest first.
        counts: papers of each period. ``topics``: the same for each topic, by its position.
        undated: papers without a date. ``outside``: papers that no period holds.
    """

    unit: Literal["month", "year"]
    starts: tuple[Date, ...]
    counts: tuple[int, ...]
    topics: tuple[tuple[int, ...], ...]
    undated: int
    outside: int


class Trend(msgspec.Struct, frozen=True):
    """How a tag's share of all papers changed: ``tag`` is its position; ``recent`` and ``before`` count its papers in
    two groups of equal size; ``change`` is the difference of their shares, from -1 to 1."""

    tag: int
    recent: int
    before: int
    change: float


class Trends(msgspec.Struct, frozen=True):
    """Tags by change between the newest papers and as many before them. ``papers``: how many in each group."""

    papers: int
    rising: tuple[Trend, ...]
    falling: tuple[Trend, ...]


def timeline(site: Site) -> Timeline:
    """Papers by month of their date (see ``date_of``), or by year where the collection spans many months or knows no
    more of many papers."""
    dates = [date_of(paper) for paper in site.papers]
    rough = sum(1 for date in dates if date and not date.month)
    dated = sum(1 for date in dates if date)
    months = [date.year * 12 + max(date.month, 1) - 1 if date else -1 for date in dates]
    known = [month for month in months if month >= 0]
    by_year = max(known, default=0) - min(known, default=0) >= MOST_MONTHS or rough * 10 > dated
    if not by_year:
        months = [month if date and date.month else -1 for month, date in zip(months, dates, strict=True)]
        known = [month for month in months if month >= 0]
    size = 12 if by_year else 1
    shown = _fullest(sorted([month // size for month in known]), MOST_YEARS) if by_year else known
    first, last = min(shown, default=0), max(shown, default=-1)
    counts = [0] * (last - first + 1)
    topics = [[0] * len(counts) for _ in site.terms["topics"]]
    for month, membership in zip(months, site.membership, strict=True):
        period = month // size - first
        if month >= 0 and 0 <= period < len(counts):
            counts[period] += 1
            for topic in membership.topics:
                topics[topic][period] += 1
    starts = [Date(p, 1, 1) if by_year else Date(p // 12, p % 12 + 1, 1) for p in range(first, last + 1)]
    return Timeline(
        unit="year" if by_year else "month",
        starts=tuple(starts),
        counts=tuple(counts),
        topics=tuple(map(tuple, topics)),
        undated=len(dates) - dated,
        outside=dated - len(shown),
    )


def _fullest(periods: Sequence[int], length: int) -> Sequence[int]:
    """The longest part of sorted numbers that all lie within ``length`` of each other; of two, the later one."""
    start = best = end = 0
    for i, period in enumerate(periods, 1):
        while period - periods[start] >= length:
            start += 1
        if i - start >= end - best:
            best, end = start, i
    return periods[best:end]


def trends(site: Site, count: int) -> Trends:
    """The tags whose share of papers rose and fell most.

    The newest ``TREND_PAPERS`` papers with a date, or half of them where there are fewer, are held against as
    many right before them. Tags with few papers in both are left out; ``count``: how many to give of each.
    """
    dated = [position for position, paper in enumerate(site.papers) if paper.date]
    size = min(TREND_PAPERS, len(dated) // 2)
    if size < LEAST_PAPERS_FOR_TREND:
        return Trends(size, (), ())
    recent, before = (
        Counter([tag for position in group for tag in site.membership[position].tags])
        for group in (dated[:size], dated[size : 2 * size])
    )
    found = [
        Trend(tag, recent[tag], before[tag], (recent[tag] - before[tag]) / size)
        for tag in sorted(recent.keys() | before.keys())
        if recent[tag] + before[tag] >= LEAST_FOR_TREND
    ]
    rising = sorted([t for t in found if t.change > 0], key=lambda trend: (-trend.change, trend.tag))
    falling = sorted([t for t in found if t.change < 0], key=lambda trend: (trend.change, trend.tag))
    return Trends(size, tuple(rising[:count]), tuple(falling[:count]))


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


def date_of(paper: Paper) -> PartialDate | None:
    """A paper's date, else the first day that featured it."""
    return paper.date or (PartialDate.of_day(min(paper.featured_on)) if paper.featured_on else None)
