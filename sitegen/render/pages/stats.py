"""``/stats/``: the collection at a glance, in pictures made when the site is built, each with its numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import msgspec
from markupsafe import Markup

from sitegen.collection import statistics
from sitegen.collection.statistics import TEAM_BINS, VOTE_BINS, Timeline, Trend
from sitegen.model import Date, Site, TermKind
from sitegen.render.charts import bar, columns
from sitegen.render.context import StatsContext
from sitegen.render.layout import TEMPLATES, Layout, render
from sitegen.render.list_items import hue_class
from sitegen.render.output import Arguments, OutputKind, PageSpec, RenderEnv
from sitegen.render.views import Bar, Chart, Numbers
from sitegen.text import markdown

TEMPLATE = "stats.html"
MOST_TAGS = 20
MOST_TRENDS = 8
MOST_AUTHORS = 20
MOST_VOTED = 10
# Authors of a single paper would make a list in no order at all.
LEAST_PAPERS = 2
NO_PICTURE = Markup("")


def _plan(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    layout = env.memoize(site, Layout)
    if layout.info.stats:
        # All numbers come from these. Texts are no part of them, so editing an abstract leaves the page alone.
        counted = [(p.date, p.featured_on, p.upvotes, p.author_count, len(p.authors)) for p in site.papers]
        terms = [[(term.label, term.slug, term.hue) for term in site.terms[kind]] for kind in sorted(site.terms)]
        voted = [(site.slugs[i], site.papers[i].title) for i in _most_voted(site)]
        said = msgspec.msgpack.encode((counted, site.membership, terms, voted))
        yield PageSpec("stats/", (), (layout.depends, hashlib.blake2b(said, digest_size=16).digest()), "statistics")


def _render(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    language, layout = env.language, env.memoize(site, Layout)
    heading = language.translate("stats")
    page = layout.page("stats", "stats/", heading, language.translate("stats_intro"))
    line = statistics.timeline(site)
    made = [
        _over_time(line, env),
        _topics(site, line, env),
        *_trends(site, env),
        _terms(site, env, "tags", "stats_tags", MOST_TAGS, 1),
        _terms(site, env, "authors", "stats_authors", MOST_AUTHORS, LEAST_PAPERS),
        _histogram(statistics.teams(site.papers), TEAM_BINS, "stats_team", env),
        _histogram([p.upvotes for p in site.papers if p.upvotes is not None], VOTE_BINS, "stats_votes", env),
        _voted(site, env),
    ]
    context = StatsContext(
        **layout.common(page),
        heading=heading,
        facts=_facts(site, env),
        charts=tuple([chart for chart in made if chart]),
    )
    return render(env, TEMPLATE, context)


def _facts(site: Site, env: RenderEnv) -> tuple[str, ...]:
    count = env.language.count
    facts = [count("papers", len(site.papers))]
    used = {kind: sum(1 for term in terms if term.papers) for kind, terms in site.terms.items()}
    facts += [count(kind, number) for kind, number in used.items() if number]
    votes = sum(paper.upvotes or 0 for paper in site.papers)
    return (*facts, *([count("votes", votes)] if votes else []))


def _over_time(line: Timeline, env: RenderEnv) -> Chart | None:
    if len(line.starts) < 2:
        return None
    language = env.language
    names = [_period(line, start, env) for start in line.starts]
    heading = language.translate("stats_years" if line.unit == "year" else "stats_months")
    return Chart(
        anchor="time",
        heading=heading,
        note=" ".join(
            language.translate(word, papers=language.count("papers", number))
            for word, number in (("stats_undated", line.undated), ("stats_outside", line.outside))
            if number
        ),
        picture=columns(line.counts, names, _in_words(heading, line.counts, names, env)),
        ends=(names[0], names[-1]),
        bars=(),
        numbers=Numbers(
            (language.translate(line.unit), language.translate("papers")),
            _reversed(zip(names, map(language.number, line.counts), strict=True)),
        ),
    )


def _topics(site: Site, line: Timeline, env: RenderEnv) -> Chart | None:
    language, topics = env.language, site.terms["topics"]
    shown = [position for position, counts in enumerate(line.topics) if sum(counts)]
    if len(line.starts) < 2 or not shown:
        return None
    names = [_period(line, start, env) for start in line.starts]
    rows = [
        Bar(
            label=topics[i].label,
            url=_url(env, "topics", topics[i].slug),
            value=language.number(sum(line.topics[i])),
            picture=columns(
                line.topics[i],
                names,
                _in_words(topics[i].label, line.topics[i], names, env),
                hue_class(topics[i]),
            ),
            hue=hue_class(topics[i]),
        )
        for i in shown
    ]
    cells = [(name, *[language.number(line.topics[i][period]) for i in shown]) for period, name in enumerate(names)]
    return Chart(
        anchor="topics",
        heading=language.translate("stats_topics"),
        note=language.translate("stats_topics_note", first=names[0], last=names[-1]),
        picture=NO_PICTURE,
        ends=(),
        bars=tuple(rows),
        numbers=Numbers((language.translate(line.unit), *[topics[i].label for i in shown]), _reversed(cells)),
    )


def _terms(site: Site, env: RenderEnv, kind: TermKind, heading: str, most: int, least: int) -> Chart | None:
    language, terms = env.language, site.terms[kind]
    shown = statistics.most_used([term.papers for term in terms], most, least)
    largest = len(terms[shown[0]].papers) if shown else 0
    rows = [
        Bar(
            label=terms[i].label,
            url=_url(env, kind, terms[i].slug),
            value=language.number(len(terms[i].papers)),
            picture=bar(len(terms[i].papers) / largest),
        )
        for i in shown
    ]
    return _bars(kind, language.translate(heading), "", rows)


def _trends(site: Site, env: RenderEnv) -> list[Chart | None]:
    language, tags = env.language, site.terms["tags"]
    found = statistics.trends(site, MOST_TRENDS)
    largest = max([abs(trend.change) for trend in (*found.rising, *found.falling)], default=0)

    def row(trend: Trend) -> Bar:
        return Bar(
            label=tags[trend.tag].label,
            url=_url(env, "tags", tags[trend.tag].slug),
            value=language.points(100 * trend.change),
            picture=bar(trend.change / largest),
            note=language.translate(
                "stats_change", before=language.number(trend.before), recent=language.number(trend.recent)
            ),
        )

    note = language.translate("stats_trend_note", papers=language.count("papers", found.papers))
    return [
        _bars("rising", language.translate("stats_rising"), note, list(map(row, found.rising))),
        _bars("falling", language.translate("stats_falling"), note, list(map(row, found.falling))),
    ]


def _histogram(values: Sequence[int], bounds: Sequence[int], heading: str, env: RenderEnv) -> Chart | None:
    language = env.language
    counts = statistics.histogram(values, bounds)
    largest = max(counts)
    if not largest:
        return None
    rows = [
        Bar(
            label=_bin(bounds, i, env),
            url="",
            value=language.number(count),
            picture=bar(count / largest),
        )
        for i, count in enumerate(counts)
    ]
    return _bars(heading, language.translate(heading), "", rows)


def _bin(bounds: Sequence[int], i: int, env: RenderEnv) -> str:
    number = env.language.number
    if i + 1 == len(bounds):
        return f"{number(bounds[i])}+"
    last = bounds[i + 1] - 1
    return number(bounds[i]) if last == bounds[i] else f"{number(bounds[i])}–{number(last)}"


def _voted(site: Site, env: RenderEnv) -> Chart | None:
    language, shown = env.language, _most_voted(site)
    largest = (site.papers[shown[0]].upvotes or 0) if shown else 0
    rows = [
        Bar(
            label=markdown.plain_title(site.papers[i].title),
            url=f"papers/{site.slugs[i]}/",
            value=language.number(site.papers[i].upvotes or 0),
            picture=bar((site.papers[i].upvotes or 0) / largest),
        )
        for i in shown
    ]
    return _bars("voted", language.translate("stats_voted"), "", rows)


def _most_voted(site: Site) -> list[int]:
    voted = [(-(paper.upvotes or 0), position) for position, paper in enumerate(site.papers) if paper.upvotes]
    return [position for _, position in sorted(voted)[:MOST_VOTED]]


def _bars(anchor: str, heading: str, note: str, rows: Sequence[Bar]) -> Chart | None:
    if not rows:
        return None
    return Chart(anchor, heading, note, NO_PICTURE, (), tuple(rows), None)


def _url(env: RenderEnv, kind: TermKind, slug: str) -> str:
    return f"{kind}/{slug}/" if kind in env.config.lists.kinds else ""


def _period(line: Timeline, start: Date, env: RenderEnv) -> str:
    return str(start.year) if line.unit == "year" else env.language.month(start)


def _in_words(heading: str, counts: Sequence[int], names: Sequence[str], env: RenderEnv) -> str:
    most = max(counts)
    return env.language.translate(
        "stats_picture",
        what=heading,
        first=names[0],
        last=names[-1],
        most=env.language.number(most),
        when=names[counts.index(most)],
    )


def _reversed(rows: Iterator[tuple[str, ...]] | Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Newest first, as everywhere else on the site."""
    return tuple(list(rows)[::-1])


KINDS = (OutputKind("stats", _plan, _render, (TEMPLATE, *TEMPLATES)),)
