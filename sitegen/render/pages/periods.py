"""Days, weeks, months and years."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from sitegen.model import Period, Site
from sitegen.render.layout import Layout
from sitegen.render.output import Arguments, Dependency, OutputKind, PageSpec, RenderEnv
from sitegen.render.pages.paging import page_count, page_of
from sitegen.render.pages.paper_list import (
    BATCH_KEY,
    FEW,
    LEAD,
    REST,
    TEMPLATES,
    Part,
    flat,
    head_label,
    render_paper_list,
)
from sitegen.render.views import Link
from sitegen.urls import month_url, page_url, year_url

# Papers that lead a day, week, month or year, by votes.
LEADING = 5


def _periods(site: Site, env: RenderEnv) -> dict[str, tuple[Period, ...]]:
    lists = env.config.lists
    return {
        "day": site.days if lists.days else (),
        "week": site.weeks if lists.weeks else (),
        "month": site.months if lists.months else (),
        "year": site.years if lists.years else (),
    }


def _plan(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    layout = env.memoize(site, Layout).depends
    digests, per_page = site.digests, env.config.lists.per_page
    for kind, periods in _periods(site, env).items():
        for position, period in enumerate(periods):
            parts = period_parts(site, period)
            papers = flat(parts)
            headings = "\0".join([head_label(site, head) for head, _ in parts])
            newer = periods[position - 1].url if position else ""
            older = periods[position + 1].url if position + 1 < len(periods) else ""
            days = [f"{within.url}{len(within.papers)}" for within in _within(site, env, period)]
            said = (layout, headings, len(papers), newer, older)
            for number in range(1, page_count(len(papers), per_page) + 1):
                shown = [digests[i] for i in page_of(papers, number, per_page)]
                depends: tuple[Dependency, ...] = (*said, *shown, *(days if number == 1 else ()))
                yield PageSpec(
                    page_url(period.url, number), (kind, position, number), depends, f"{kind} {period.start}"
                )


def _render(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    kind, position, number = str(args[0]), int(args[1]), int(args[2])
    periods, language = _periods(site, env)[kind], env.language
    period = periods[position]
    up = None
    if kind == "day" and env.config.lists.months:
        up = Link(language.month(period.start), month_url(period.start))
    elif kind == "month" and env.config.lists.years:
        up = Link(language.year(period.start), year_url(period.start))
    elif site.papers:
        up = Link(language.translate("archive"), "papers/")
    within = tuple(
        [
            Link(_label_within(env, part), part.url, note=language.number(len(part.papers)))
            for part in (_within(site, env, period) if number == 1 else ())
        ]
    )
    return render_paper_list(
        site,
        env,
        list_of=kind,
        url=period.url,
        number=number,
        kind=_period_kind(env, period),
        heading=period_label(env, period),
        up=up,
        days=within,
        parts=period_parts(site, period),
        # Each day shows its papers at length.
        dense=(kind == "year" or (kind == "month" and env.config.lists.days)) and len(period.papers) > FEW,
        older=_period_link(env, periods[position + 1]) if position + 1 < len(periods) else None,
        newer=_period_link(env, periods[position - 1]) if position else None,
    )


def period_label(env: RenderEnv, period: Period) -> str:
    """How readers call a day, week, month or year."""
    language = env.language
    match period.kind:
        case "day":
            return language.date(period.start, "full")
        case "week":
            return language.week(period.start)
        case "month":
            return language.month(period.start)
        case "year":
            return language.year(period.start)


def _label_within(env: RenderEnv, period: Period) -> str:
    return env.language.month_name(period.start) if period.kind == "month" else period_label(env, period)


def _period_kind(env: RenderEnv, period: Period) -> str:
    if period.kind == "week":
        year, week, _ = period.start.isocalendar()
        return env.language.translate("week_of", week=week, year=year)
    return ""


def _period_link(env: RenderEnv, period: Period) -> Link:
    if period.kind == "day":
        return Link(env.language.date(period.start), period.url)
    return Link(period_label(env, period), period.url)


def _within(site: Site, env: RenderEnv, period: Period) -> Sequence[Period]:
    """The days of a week or month, the months of a year, newest first, where these have lists."""
    lists = env.config.lists
    shorter, shown = (site.months, lists.months) if period.kind == "year" else (site.days, lists.days)
    if period.kind == "day" or not shown:
        return ()
    match period.kind:
        case "week":
            end = period.start + datetime.timedelta(7)
        case "month":
            end = (period.start.replace(day=28) + datetime.timedelta(4)).replace(day=1)
        case _:
            end = period.start.replace(year=period.start.year + 1)
    newest = bisect_right(shorter, -end.toordinal(), key=_age)
    oldest = bisect_right(shorter, -period.start.toordinal(), key=_age)
    return shorter[newest:oldest]


def _age(day: Period) -> int:
    return -day.start.toordinal()


def period_parts(site: Site, period: Period, leading: int = LEADING) -> list[Part]:
    """What leads by votes, then the rest of a day by topic, or of a longer period as it comes.

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


KINDS = (OutputKind("period", _plan, _render, TEMPLATES, BATCH_KEY),)
