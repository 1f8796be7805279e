"""``/subscribe/``: every feed for people, with a word on what feeds are for."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.collection.statistics import most_used
from sitegen.model import Site, Term, TermKind
from sitegen.render.context import SubscribeContext
from sitegen.render.files.feeds import OPML, listed_format, url_of
from sitegen.render.layout import TEMPLATES, Layout, feeds_of, render
from sitegen.render.list_items import hue_class
from sitegen.render.output import Arguments, OutputKind, PageSpec, RenderEnv
from sitegen.render.views import FeedGroup, FeedRow, Link

TEMPLATE = "subscribe.html"
# Of tags, authors and venues only those with most papers; every other has its feeds on its own page.
MOST = 48


def _plan(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    layout = env.memoize(site, Layout)
    if not layout.info.subscribe:
        return
    said = [f"{term.label}\0{url_of(term)}\0{term.hue}" for kind in layout.feed_kinds for term in _shown(site, kind)]
    more = [len(site.terms[kind]) for kind in layout.feed_kinds]
    yield PageSpec("subscribe/", (), (layout.depends, *said, *more), "subscribe")


def _render(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    config, translate, layout = env.config, env.language.translate, env.memoize(site, Layout)
    all_feeds = feeds_of(config, "", config.title)
    page = layout.page("subscribe", "subscribe/", translate("subscribe"), translate("subscribe_intro"), feeds=all_feeds)
    context = SubscribeContext(
        **layout.common(page),
        heading=translate("subscribe"),
        all=FeedRow(translate("subscribe_all"), "", all_feeds),
        groups=tuple([_group(site, env, kind) for kind in layout.feed_kinds]),
        opml=OPML if listed_format(env) else "",
    )
    return render(env, TEMPLATE, context)


def _group(site: Site, env: RenderEnv, kind: TermKind) -> FeedGroup:
    language, shown = env.language, _shown(site, kind)
    rows = [
        FeedRow(
            term.label,
            url_of(term),
            feeds_of(env.config, url_of(term), term.label),
            hue_class(term) if kind == "topics" else "",
        )
        for term in shown
    ]
    rest = len(site.terms[kind]) - len(shown)
    more = Link(language.count("subscribe_more", rest), f"{kind}/") if rest else None
    return FeedGroup(language.translate(kind), tuple(rows), more)


def _shown(site: Site, kind: TermKind) -> list[Term]:
    terms = site.terms[kind]
    if kind == "topics" or len(terms) <= MOST:
        return list(terms)
    return [terms[i] for i in sorted(most_used([term.papers for term in terms], MOST))]


KINDS = (OutputKind("subscribe", _plan, _render, (TEMPLATE, *TEMPLATES)),)
