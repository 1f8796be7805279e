"""Lists of papers: topics, tags, authors and venues; trending; all papers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain

from sitegen.model import Site, Term, TermKind
from sitegen.render.layout import Layout, feeds_of
from sitegen.render.list_items import Months, hue_class
from sitegen.render.output import Arguments, Dependency, OutputKind, PageSpec, RenderEnv
from sitegen.render.pages.paging import page_count, page_of
from sitegen.render.pages.paper_list import BATCH_KEY, FEW, REST, TEMPLATES, Part, flat, render_paper_list
from sitegen.render.views import Group, Link, TermRow
from sitegen.urls import page_url

RELATED_TERMS = 12
# A list of titles only holds this many times as many papers on a page.
DENSER = 2
SINGULAR = {"topics": "topic", "tags": "tag", "authors": "author", "venues": "venue"}


def _plan_terms(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    layout = env.memoize(site, Layout).depends
    digests, per_page = site.digests, env.config.lists.per_page
    for kind in env.config.lists.kinds:
        word = SINGULAR[kind]
        for position, term in enumerate(site.terms[kind]):
            parts = _term_parts(site, term)
            papers = flat(parts)
            pages = page_count(len(papers), per_page)
            url = f"{kind}/{term.slug}/"
            said = (layout, term.label, len(papers), term.hue, term.description, term.orcid, term.affiliation)
            more = _term_extras(site, env, term)
            for number in range(1, pages + 1):
                shown = page_of(papers, number, per_page)
                depends = [*said, *[digests[i] for i in shown]]
                if number == 1:
                    depends += more
                yield PageSpec(
                    page_url(url, number), (kind, position, number), tuple(depends), f"{word} {term.label!r}"
                )


def _render_term(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    kind: TermKind = args[0]  # type: ignore[assignment]
    term, number = site.terms[kind][int(args[1])], int(args[2])
    translate = env.language.translate
    parts = _term_parts(site, term)
    url = f"{kind}/{term.slug}/"
    facts = []
    if term.affiliation:
        facts.append(Link(term.affiliation, ""))
    if term.orcid:
        facts.append(Link(term.orcid, f"https://orcid.org/{term.orcid}", note=translate("orcid")))
    first = number == 1
    months = env.memoize(site, Months)
    return render_paper_list(
        site,
        env,
        list_of=kind,
        url=url,
        number=number,
        kind=translate(SINGULAR[kind]),
        heading=term.label,
        hue=hue_class(term) if kind == "topics" else "",
        description=term.description if first else "",
        up=Link(translate(kind), f"{kind}/"),
        facts=tuple(facts),
        spark=months.spark(term.label, months.counts(term.papers)) if kind == "topics" and first else None,
        related=_related(site, env, term) if first else (),
        parts=parts,
        dense=kind == "authors" and len(term.papers) > FEW,
        feeds=feeds_of(env.config, url, term.label) if kind in env.memoize(site, Layout).feed_kinds else (),
    )


def _term_parts(site: Site, term: Term) -> list[Part]:
    """A term's papers; a venue's under its sessions where papers name them, those of a busy author by year."""
    if term.kind == "venues":
        return session_parts(site, term)
    return _by_year(site, term) if term.kind == "authors" and len(term.papers) > FEW else [(None, term.papers)]


def _by_year(site: Site, term: Term) -> list[Part]:
    years: dict[str, list[int]] = {}
    for i in term.papers:
        date = site.papers[i].date
        years.setdefault(str(date.year) if date else "", []).append(i)
    return [(year or REST, tuple(papers)) for year, papers in years.items()]


def session_parts(site: Site, venue: Term) -> list[Part]:
    """A venue's papers by session (``extra: {session: ...}``); those without one come last."""
    sessions: dict[str, list[int]] = {}
    for i in venue.papers:
        session = site.papers[i].extra.get("session")
        sessions.setdefault(str(session) if session else "", []).append(i)
    ordered = sorted(sessions, key=lambda name: (not name, natural(name)))
    return [(name or None, tuple(sessions[name])) for name in ordered]


def natural(text: str) -> list[tuple[int, str]]:
    """A key that puts "Session 2" before "Session 10"."""
    return [(int(part), "") if part.isdecimal() else (0, part.casefold()) for part in re.split(r"(\d+)", text)]


def _term_extras(site: Site, env: RenderEnv, term: Term) -> list[str | int]:
    extras: list[str | int] = [f"{label}\0{count}" for label, _, count in _together(site, env, term)]
    if term.kind == "topics":
        months = env.memoize(site, Months)
        counts = months.counts(term.papers)
        extras += [*counts, *(months.span if counts else ())]
    return extras


# The kind of term that is named beside a list of each kind.
_BESIDE: dict[TermKind, TermKind] = {"topics": "tags", "tags": "tags", "authors": "authors"}


def _together(site: Site, env: RenderEnv, term: Term) -> list[tuple[str, int, int]]:
    """``(label, position, papers)`` of the tags that most often go together with a topic or tag, or of the authors
    with whom one most often writes."""
    kind = _BESIDE.get(term.kind)
    if kind is None or kind not in env.config.lists.kinds or len(term.papers) < 2:
        return []
    membership, terms = site.membership, site.terms[kind]
    counts = Counter(chain.from_iterable([getattr(membership[i], kind) for i in term.papers]))
    # One more than are wanted: the term itself may be among them.
    leading = sorted(counts.values(), reverse=True)[: RELATED_TERMS + 1]
    least = max(2, leading[-1]) if leading else 2
    found = [(terms[i].label, i, count) for i, count in counts.items() if count >= least and terms[i] is not term]
    return sorted(found, key=lambda item: (-item[2], item[0]))[:RELATED_TERMS]


def _related(site: Site, env: RenderEnv, term: Term) -> tuple[Link, ...]:
    number = env.language.number
    return tuple(
        [
            Link(label, f"{_BESIDE[term.kind]}/{site.terms[_BESIDE[term.kind]][position].slug}/", note=number(count))
            for label, position, count in _together(site, env, term)
        ]
    )


def _plan_trending(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    if not (env.config.lists.trending and site.trending):
        return
    layout, per_page = env.memoize(site, Layout).depends, env.config.lists.per_page
    for number in range(1, page_count(len(site.trending), per_page) + 1):
        shown = page_of(site.trending, number, per_page)
        depends: tuple[Dependency, ...] = (layout, len(site.trending), *[site.digests[i] for i in shown])
        yield PageSpec(page_url("trending/", number), (number,), depends, "trending")


def _render_trending(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    number, language = int(args[0]), env.language
    days = f"{env.config.trending.half_life_days:g}"
    return render_paper_list(
        site,
        env,
        list_of="trending",
        url="trending/",
        number=number,
        heading=language.translate("trending"),
        description=language.translate("trending_intro", days=days) if number == 1 else "",
        parts=[(None, site.trending)],
        ranked=True,
    )


def _plan_papers(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    layout, per_page = env.memoize(site, Layout).depends, DENSER * env.config.lists.per_page
    everything = range(len(site.papers))
    lists = env.config.lists
    periods = [*(site.months if lists.months else ()), *(site.years if lists.years else ())]
    months = [f"{period.url}{len(period.papers)}" for period in periods]
    for number in range(1, page_count(len(everything), per_page) + 1):
        shown = page_of(everything, number, per_page)
        depends: list[Dependency] = [layout, len(everything), *[site.digests[i] for i in shown]]
        if number == 1:
            depends += months
        yield PageSpec(page_url("papers/", number), (number,), tuple(depends), "all papers")


def _render_papers(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    number = int(args[0])
    return render_paper_list(
        site,
        env,
        list_of="papers",
        url="papers/",
        number=number,
        heading=env.language.translate("archive"),
        years=_years(site, env) if number == 1 else (),
        parts=[(None, tuple(range(len(site.papers))))],
        per_page=DENSER * env.config.lists.per_page,
        dense=True,
        feeds=feeds_of(env.config, "", env.config.title),
    )


def _years(site: Site, env: RenderEnv) -> tuple[Group, ...]:
    """The months of each year; of a year without any, the year itself."""
    language, lists = env.language, env.config.lists
    years: dict[int, list[TermRow]] = {year.start.year: [] for year in site.years if lists.years}
    most = max((len(month.papers) for month in site.months), default=1)
    for month in site.months if lists.months else ():
        row = TermRow(
            label=language.month_name(month.start),
            url=month.url,
            count=language.number(len(month.papers)),
            size=1 + round(4 * len(month.papers) / most),
        )
        years.setdefault(month.start.year, []).append(row)
    for year in site.years if lists.years else ():
        if not years[year.start.year]:
            count = language.number(len(year.papers))
            years[year.start.year] = [TermRow(label=language.year(year.start), url=year.url, count=count)]
    return tuple([Group(str(year), "", tuple(rows)) for year, rows in years.items()])


KINDS = (
    OutputKind("term", _plan_terms, _render_term, TEMPLATES, BATCH_KEY),
    OutputKind("trending", _plan_trending, _render_trending, TEMPLATES, BATCH_KEY),
    OutputKind("papers", _plan_papers, _render_papers, TEMPLATES, BATCH_KEY),
)
