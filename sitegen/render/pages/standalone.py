"""Pages that are not lists of papers: free pages, search, reading list, shortcuts, and the one for what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from sitegen.model import Site, TermKind
from sitegen.render.context import Examples, KeysContext, MissingContext, PageContext, ReadingListContext, SearchContext
from sitegen.render.layout import TEMPLATES, Layout, render
from sitegen.render.list_items import hue_class
from sitegen.render.output import Arguments, OutputKind, PageSpec, RenderEnv
from sitegen.search.stemmer import term as term_of
from sitegen.text import markdown
from sitegen.urls import root_of


def _plan_pages(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    layout = env.memoize(site, Layout).depends
    for position, page in enumerate(site.pages):
        depends = (layout, page.title, page.body, page.description)
        yield PageSpec(f"{page.slug}/", (position,), depends, page.source)


def _render_page(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    free, layout = site.pages[int(args[0])], env.memoize(site, Layout)
    description = free.description or markdown.summary(free.body, 200)
    page = layout.page("page", f"{free.slug}/", free.title, description)
    body = markdown.html(free.body, root=root_of(page.url), top=2)
    return render(env, "page.html", PageContext(**layout.common(page), heading=free.title, body=body))


def _plan_search(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    if env.config.search.enabled:
        yield PageSpec(
            "search/",
            (),
            (env.memoize(site, Layout).depends, _topic_hues(site), msgspec.json.encode(_examples(site))),
            "search",
        )


def _render_search(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    layout, translate = env.memoize(site, Layout), env.language.translate
    page = layout.page("search", "search/", translate("search"), translate("search_intro"))
    context = SearchContext(
        **layout.common(page),
        heading=translate("search"),
        topic_hues=_topic_hues(site),
        kinds=" ".join(env.config.lists.kinds),
        examples=_examples(site),
    )
    return render(env, "search.html", context)


def _examples(site: Site) -> tuple[Examples, ...]:
    """Queries that show what the box understands, out of what the collection has most of."""
    commonest = {kind: max(terms, key=lambda term: len(term.papers)) for kind, terms in site.terms.items() if terms}

    def filters(*kinds: TermKind) -> list[str]:
        found = [(kind, commonest[kind]) for kind in kinds if kind in commonest]
        # Of an author the family name, which is mostly the last word, is enough.
        values = [(kind, term.label.split()[-1] if kind == "authors" else term.label) for kind, term in found]
        return [f"{kind[:-1]}:" + (f'"{value}"' if " " in value else value) for kind, value in values]

    neighbours = (re.search(r"\b([A-Za-z]{5,20}) ([A-Za-z]{5,20})\b", paper.title) for paper in site.papers)
    found = next((match for match in neighbours if match), None)
    first, second = found.groups() if found else ("graph", "network")
    said = next((f"{p.title} {p.abstract}".lower() for p in site.papers if found and p.title == found.string), "")
    others = (word.lower() for paper in site.papers for word in re.findall(r"\b[A-Za-z]{5,20}\b", paper.title))
    other = next((word for word in others if word not in said), "survey")
    # A word that is its own index term, with two letters changed.
    titled = (word.lower() for paper in site.papers for word in re.findall(r"\b[A-Za-z]{6,20}\b", paper.title))
    steady = next((word for word in titled if term_of(word) == word), "transform")
    years = sorted({paper.date.year for paper in site.papers if paper.date})
    rows = (
        (filters("authors", "venues"), "search_tip_field"),
        (filters("topics", "tags"), "search_tip_topic"),
        ([f"year:{years[0]}-{years[-1]}", f"year:>{years[-1] - 1}"] if years else [], "search_tip_year"),
        ([f'"{first} {second}"', f"+{first} -{other}"], "search_tip_must"),
        ([f"title:{first}", f"{second[:4]}*", f"{steady[:2]}{steady[3]}{steady[2]}{steady[4:]}~1"], "search_tip_title"),
    )
    return tuple([Examples(tuple([query.lower() for query in queries]), tip) for queries, tip in rows if queries])


def _topic_hues(site: Site) -> str:
    hues = {topic.slug: hue_class(topic) for topic in site.terms["topics"]}
    return msgspec.json.encode(hues, order="sorted").decode()


def _plan_reading_list(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    if env.config.pages.reading_list:
        yield PageSpec("reading-list/", (), (env.memoize(site, Layout).depends,), "reading list")


def _render_reading_list(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    layout, language = env.memoize(site, Layout), env.language
    page = layout.page("reading-list", "reading-list/", language.translate("list"), language.translate("list_intro"))
    words = language.client_words("list")
    context = ReadingListContext(**layout.common(page), heading=language.translate("list"), list_words=words)
    return render(env, "reading-list.html", context)


def _plan_keys(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    yield PageSpec("keys/", (), (env.memoize(site, Layout).depends,), "keyboard shortcuts")


def _render_keys(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    layout, translate = env.memoize(site, Layout), env.language.translate
    page = layout.page("keys", "keys/", translate("keys"), translate("keys_intro"))
    return render(env, "keys.html", KeysContext(**layout.common(page), heading=translate("keys")))


def _plan_missing(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    if not any(file.path == "404.html" for file in site.static):
        yield PageSpec("404.html", (), (env.memoize(site, Layout).depends,), "404 page")


def _render_missing(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    layout, translate = env.memoize(site, Layout), env.language.translate
    page = layout.page("missing", "404.html", translate("not_found"), translate("not_found_text"))
    root = urlsplit(env.config.base_url).path
    return render(env, "404.html", MissingContext(**layout.common(page, root), heading=translate("not_found")))


KINDS = (
    OutputKind("page", _plan_pages, _render_page, ("page.html", *TEMPLATES)),
    OutputKind("search", _plan_search, _render_search, ("search.html", *TEMPLATES)),
    OutputKind("reading-list", _plan_reading_list, _render_reading_list, ("reading-list.html", *TEMPLATES)),
    OutputKind("keys", _plan_keys, _render_keys, ("keys.html", *TEMPLATES)),
    OutputKind("missing", _plan_missing, _render_missing, ("404.html", *TEMPLATES)),
)
