"""``/subscribe/``: every feed for people, with a word on what feeds are for."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.collection.statistics import most_used
from sitegen.model import Site, Term, TermKind
from sitegen.render.cards import hue_class
from sitegen.render.context import SubscribeContext
from sitegen.render.frame import TEMPLATES, Frame, feeds_of, render
from sitegen.render.kinds.feeds import OPML, listed_format, url_of
from sitegen.render.output import Arguments, Kind, Setup, Wish
from sitegen.render.views import FeedGroup, FeedRow, Link

TEMPLATE = "subscribe.html"
# Of tags, authors and venues only those with most papers; every other has its feeds on its own page.
MOST = 48


def _plan(site: Site, setup: Setup) -> Iterator[Wish]:
    frame = setup.once(site, Frame)
    if not frame.info.subscribe:
        return
    said = [f"{term.label}\0{url_of(term)}\0{term.hue}" for kind in frame.feed_kinds for term in _shown(site, kind)]
    more = [len(site.terms[kind]) for kind in frame.feed_kinds]
    yield Wish("subscribe/", (), (frame.depends, *said, *more), "subscribe")


def _render(site: Site, setup: Setup, args: Arguments) -> bytes:
    config, say, frame = setup.config, setup.language.say, setup.once(site, Frame)
    all_feeds = feeds_of(config, "", config.title)
    page = frame.page("subscribe", "subscribe/", say("subscribe"), say("subscribe_intro"), feeds=all_feeds)
    context = SubscribeContext(
        **frame.common(page),
        heading=say("subscribe"),
        all=FeedRow(say("subscribe_all"), "", all_feeds),
        groups=tuple([_group(site, setup, kind) for kind in frame.feed_kinds]),
        opml=OPML if listed_format(setup) else "",
    )
    return render(setup, TEMPLATE, context)


def _group(site: Site, setup: Setup, kind: TermKind) -> FeedGroup:
    language, shown = setup.language, _shown(site, kind)
    rows = [
        FeedRow(
            term.label,
            url_of(term),
            feeds_of(setup.config, url_of(term), term.label),
            hue_class(term) if kind == "topics" else "",
        )
        for term in shown
    ]
    rest = len(site.terms[kind]) - len(shown)
    more = Link(language.count("subscribe_more", rest), f"{kind}/") if rest else None
    return FeedGroup(language.say(kind), tuple(rows), more)


def _shown(site: Site, kind: TermKind) -> list[Term]:
    terms = site.terms[kind]
    if kind == "topics" or len(terms) <= MOST:
        return list(terms)
    return [terms[i] for i in sorted(most_used([term.papers for term in terms], MOST))]


KINDS = (Kind("subscribe", _plan, _render, (TEMPLATE, *TEMPLATES)),)
