"""Days, weeks and months."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from sitegen.model import Period, Site
from sitegen.render.frame import Frame
from sitegen.render.kinds.lists import FEW, LEAD, REST, SHARES, TEMPLATES, Part, flat, head_label, listing
from sitegen.render.kinds.paging import page_count, page_of
from sitegen.render.output import Arguments, Dependency, Kind, Setup, Wish
from sitegen.render.views import Link
from sitegen.urls import month_url, page_url

# Papers that lead a day, week or month, by votes.
LEADING = 5


def _periods(site: Site, setup: Setup) -> dict[str, tuple[Period, ...]]:
    lists = setup.config.lists
    return {
        "day": site.days if lists.days else (),
        "week": site.weeks if lists.weeks else (),
        "month": site.months if lists.months else (),
    }


def _plan(site: Site, setup: Setup) -> Iterator[Wish]:
    frame = setup.once(site, Frame).depends
    digests, per_page = site.digests, setup.config.lists.per_page
    for kind, periods in _periods(site, setup).items():
        for position, period in enumerate(periods):
            parts = period_parts(site, period)
            papers = flat(parts)
            headings = "\0".join([head_label(site, head) for head, _ in parts])
            newer = periods[position - 1].url if position else ""
            older = periods[position + 1].url if position + 1 < len(periods) else ""
            days = [f"{day.url}{len(day.papers)}" for day in _days_within(site, period)] if kind != "day" else []
            said = (frame, headings, len(papers), newer, older)
            for number in range(1, page_count(len(papers), per_page) + 1):
                shown = [digests[i] for i in page_of(papers, number, per_page)]
                depends: tuple[Dependency, ...] = (*said, *shown, *(days if number == 1 else ()))
                yield Wish(page_url(period.url, number), (kind, position, number), depends, f"{kind} {period.start}")


def _render(site: Site, setup: Setup, args: Arguments) -> bytes:
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
    return listing(
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
        # Each day shows its papers at length.
        dense=kind == "month" and setup.config.lists.days and len(period.papers) > FEW,
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
    parts: list[Part] = [(LEAD, leads)] if leads else []
    if period.kind != "day":
        return [*parts, (REST if leads else None, tuple(rest))]
    by_topic: dict[int, list[int]] = {}
    for i in rest:
        topics = membership[i].topics
        by_topic.setdefault(topics[0] if topics else -1, []).append(i)
    parts += [(topic, tuple(by_topic[topic])) for topic in sorted(by_topic) if topic >= 0]
    if -1 in by_topic:
        parts.append((REST if parts else None, tuple(by_topic[-1])))
    return parts


KINDS = (Kind("period", _plan, _render, TEMPLATES, SHARES),)
