"""What all lists of papers have in common: parts under headings, pages, and the way they are rendered."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from markupsafe import Markup
from msgspec.structs import asdict

from sitegen.model import Site
from sitegen.render import layout
from sitegen.render.context import Context, ListingContext
from sitegen.render.layout import Layout
from sitegen.render.list_items import TEMPLATE as ENTRY
from sitegen.render.list_items import ListItems
from sitegen.render.metadata import list_metadata
from sitegen.render.output import RenderEnv
from sitegen.render.pages.paging import page_count, pager
from sitegen.render.views import Feed, Link, Section
from sitegen.text import markdown
from sitegen.urls import page_url, root_of

TEMPLATE = "listing.html"
TEMPLATES = (TEMPLATE, ENTRY, *layout.TEMPLATES)
# Months and authors with more papers than this are lists of titles only.
FEW = 5
# What lists have in common: the papers' entries.
BATCH_KEY = "entries"
# Heads of parts that are neither a topic nor a text.
LEAD, REST = -1, -2
# One part of a list: its head (a topic's position, ``LEAD``, ``REST``, a text, or none) and its papers.
Part = tuple[int | str | None, tuple[int, ...]]


def flat(parts: Sequence[Part]) -> tuple[int, ...]:
    return parts[0][1] if len(parts) == 1 else tuple([i for _, papers in parts for i in papers])


def head_label(site: Site, head: int | str | None) -> str:
    """A head in a form that changes whenever what readers see of it may change."""
    if isinstance(head, int) and head >= 0:
        topic = site.terms["topics"][head]
        return f"{topic.label}\0{topic.slug}\0{topic.hue}"
    return str(head)


def sections(
    site: Site,
    env: RenderEnv,
    parts: Sequence[Part],
    first: int = 0,
    last: int | None = None,
    *,
    dense: bool = False,
    dense_rest: bool = False,
) -> tuple[Section, ...]:
    """The parts of a list cut to its papers ``first`` to ``last`` (exclusive), as templates show them.

    Args:
        dense: show titles, authors and dates only; ``dense_rest``: of all papers but those that lead.
    """
    list_items = env.memoize(site, ListItems)
    shown, start = [], 0
    for head, papers in parts:
        own = papers[max(0, first - start) : None if last is None else max(0, last - start)]
        start += len(papers)
        if own:
            lead = head == LEAD
            level = 4 if dense_rest and head is not None and not lead else 3
            items = list_items.items(own, level, dense=dense or (dense_rest and head is not None and not lead))
            shown.append(Section(_heading(env, list_items, head), items, lead))
    return tuple(shown)


def _heading(env: RenderEnv, list_items: ListItems, head: int | str | None) -> Link | None:
    if head is None or isinstance(head, str):
        return Link(head, "") if head else None
    if head >= 0:
        return list_items.link("topics", head)
    return Link(env.language.translate("leading" if head == LEAD else "rest"), "")


def render_paper_list(
    site: Site,
    env: RenderEnv,
    *,
    list_of: str,
    url: str,
    number: int,
    heading: str,
    parts: Sequence[Part],
    kind: str = "",
    hue: str = "",
    description: str = "",
    up: Link | None = None,
    older: Link | None = None,
    newer: Link | None = None,
    per_page: int = 0,
    ranked: bool = False,
    dense: bool = False,
    feeds: tuple[Feed, ...] = (),
    **more: Any,
) -> bytes:
    language, layout = env.language, env.memoize(site, Layout)
    per_page = per_page or env.config.lists.per_page
    total = sum([len(papers) for _, papers in parts])
    pages = page_count(total, per_page)
    own_url = page_url(url, number)
    title = heading if number == 1 else f"{heading} ({language.translate('page_of', page=number, pages=pages)})"
    count = language.count("papers", total)
    first, last = (number - 1) * per_page, number * per_page
    summary = markdown.summary(description, 200) if description else f"{heading}: {count}"
    about = partial(list_metadata, env, title, total)
    page = layout.page("listing", own_url, title, summary, about, older=older, newer=newer, feeds=feeds)
    text = markdown.html(description, root=root_of(own_url), top=2) if description else Markup("")
    fields: dict[str, Any] = {"facts": (), "spark": None, "related": (), "days": (), "years": ()}
    context = ListingContext(
        **layout.common(page),
        list_of=list_of,
        kind=kind,
        heading=heading,
        hue=hue,
        description=text,
        count=count,
        up=up,
        sections=sections(site, env, parts, first, last, dense=dense),
        start=first + 1 if ranked else 0,
        dense=dense,
        pager=pager(url, number, pages, language),
        **(fields | more),
    )
    return render_list(site, env, TEMPLATE, context)


def render_list(site: Site, env: RenderEnv, template: str, context: Context) -> bytes:
    """A page with items of ``ListItems.items``."""
    html = env.theme.environment.get_template(template).render(asdict(context))
    return env.memoize(site, ListItems).filled(html, context.root)
