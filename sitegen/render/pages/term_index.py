"""Indexes: all topics, tags, authors and venues."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache

from sitegen.model import Site, Term, TermKind
from sitegen.render.context import TermsContext
from sitegen.render.layout import TEMPLATES, Layout, render
from sitegen.render.list_items import Months, hue_class
from sitegen.render.output import Arguments, OutputKind, PageSpec, RenderEnv
from sitegen.render.pages.paging import page_count, page_of, pager
from sitegen.render.views import Group, Link, TermRow
from sitegen.text import markdown
from sitegen.text.collation import collation_key
from sitegen.urls import page_url

TEMPLATE = "terms.html"
PER_PAGE = 600
# Indexes with more terms than this begin with the most used ones.
FEW, TOP = 40, 24
OTHER = "#"


class Index:
    """The order of each index; see ``RenderEnv.memoize``.

    Topics stand in the curator's order, tags and venues by label, authors by family name.
    """

    def __init__(self, site: Site, env: RenderEnv) -> None:
        self._site = site
        self._orders: dict[TermKind, tuple[int, ...]] = {}

    def order(self, kind: TermKind) -> tuple[int, ...]:
        """Positions in ``Site.terms[kind]``; terms without papers are left out, topics apart."""
        if kind not in self._orders:
            terms = self._site.terms[kind]
            positions: Sequence[int] = [i for i, term in enumerate(terms) if term.papers or kind == "topics"]
            if kind == "authors":
                positions = sorted(positions, key=lambda i: _by_family(terms[i]))
            elif kind != "topics":
                positions = sorted(positions, key=lambda i: (letter_of(terms[i].label), i))
            self._orders[kind] = tuple(positions)
        return self._orders[kind]


def _by_family(term: Term) -> tuple[str, tuple[str, str], tuple[str, str]]:
    return (letter_of(term.family), collation_key(term.family), collation_key(term.label))


@lru_cache(maxsize=65536)
def letter_of(text: str) -> str:
    """The letter under which a label stands; ``~`` sorts what has no Latin letter after all others."""
    first = collation_key(text[:1])[0][:1].upper()
    return first if "A" <= first <= "Z" else "~"


def _heading(kind: TermKind, term: Term) -> str:
    return letter_of(term.family if kind == "authors" else term.label)


def _plan(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    layout = env.memoize(site, Layout).depends
    months = env.memoize(site, Months)
    for kind in env.config.lists.kinds:
        terms = site.terms[kind]
        if not terms:
            continue
        order = env.memoize(site, Index).order(kind)
        said = [f"{terms[i].slug}\0{terms[i].label}\0{len(terms[i].papers)}" for i in order]
        if kind == "topics":
            said = [
                f"{text}\0{terms[i].hue}\0{terms[i].description}\0{months.counts(terms[i].papers)}\0{months.span}"
                for i, text in zip(order, said, strict=True)
            ]
        letters = _letters(site, kind, order)
        common = (layout, len(order), *[f"{letter}\0{page}" for letter, page in letters.items()])
        top = [f"{terms[i].slug}\0{len(terms[i].papers)}" for i in _top(site, kind, order)]
        for number in range(1, page_count(len(order), PER_PAGE) + 1):
            shown = page_of(said, number, PER_PAGE)
            most = max((len(terms[i].papers) for i in page_of(order, number, PER_PAGE)), default=0)
            depends = (*common, most, *shown, *(top if number == 1 else ()))
            yield PageSpec(page_url(f"{kind}/", number), (kind, number), depends, f"all {kind}")


def _render(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    kind: TermKind = args[0]  # type: ignore[assignment]
    number = int(args[1])
    language, layout = env.language, env.memoize(site, Layout)
    order = env.memoize(site, Index).order(kind)
    pages = page_count(len(order), PER_PAGE)
    shown = page_of(order, number, PER_PAGE)
    translate, url = language.translate, f"{kind}/"
    heading, count = translate(kind), language.count(kind, len(order))
    title = heading if number == 1 else f"{heading} ({translate('page_of', page=number, pages=pages)})"
    page = layout.page("terms", page_url(url, number), title, f"{heading}: {count}")
    top = _top(site, kind, order) if number == 1 else []
    letters = _letters(site, kind, order)
    context = TermsContext(
        **layout.common(page),
        list_of=kind,
        heading=heading,
        count=count,
        top=_rows(site, env, kind, top),
        groups=_groups(site, env, kind, shown),
        letters=tuple(
            [
                Link(_said(letter, env), ("" if page == number else page_url(url, page)) + f"#{_anchor(letter)}")
                for letter, page in letters.items()
            ]
        ),
        pager=pager(url, number, pages, language),
    )
    return render(env, TEMPLATE, context)


def _top(site: Site, kind: TermKind, order: Sequence[int]) -> list[int]:
    if kind == "topics" or len(order) <= FEW:
        return []
    terms = site.terms[kind]
    ranked = sorted(order, key=lambda i: (-len(terms[i].papers), i))[:TOP]
    return ranked if len(terms[ranked[0]].papers) > 1 else []


def _letters(site: Site, kind: TermKind, order: Sequence[int]) -> dict[str, int]:
    """Letter -> number of the page on which it begins."""
    if kind == "topics" or len(order) <= FEW:
        return {}
    terms = site.terms[kind]
    letters: dict[str, int] = {}
    for rank, i in enumerate(order):
        letters.setdefault(_heading(kind, terms[i]), rank // PER_PAGE + 1)
    return letters


def _groups(site: Site, env: RenderEnv, kind: TermKind, shown: Sequence[int]) -> tuple[Group, ...]:
    terms = site.terms[kind]
    if kind == "topics" or len(env.memoize(site, Index).order(kind)) <= FEW:
        return (Group("", "", _rows(site, env, kind, shown)),)
    by_letter: dict[str, list[int]] = {}
    for i in shown:
        by_letter.setdefault(_heading(kind, terms[i]), []).append(i)
    return tuple(
        [Group(_said(letter, env), _anchor(letter), _rows(site, env, kind, own)) for letter, own in by_letter.items()]
    )


def _said(letter: str, env: RenderEnv) -> str:
    return env.language.translate("other_letters") if letter == "~" else letter


def _anchor(letter: str) -> str:
    return f"letter-{'other' if letter == '~' else letter.lower()}"


def _rows(site: Site, env: RenderEnv, kind: TermKind, positions: Sequence[int]) -> tuple[TermRow, ...]:
    terms, number = site.terms[kind], env.language.number
    months = env.memoize(site, Months)
    most = max((len(terms[i].papers) for i in positions), default=1)
    rows = []
    for i in positions:
        term = terms[i]
        row = TermRow(term.label, f"{kind}/{term.slug}/", number(len(term.papers)), size=_size(len(term.papers), most))
        if kind == "topics":
            row.hue = hue_class(term)
            row.description = markdown.summary(term.description, 160) if term.description else ""
            row.spark = months.spark(term.label, months.counts(term.papers))
        rows.append(row)
    return tuple(rows)


def _size(count: int, most: int) -> int:
    return 1 + round(4 * math.log1p(count) / math.log1p(most)) if most else 1


KINDS = (OutputKind("terms", _plan, _render, (TEMPLATE, *TEMPLATES)),)
