"""Pages that are not lists of papers: free pages, search, reading list, shortcuts, and the one for what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from sitegen.model import Site
from sitegen.render.cards import hue_class
from sitegen.render.context import KeysContext, MissingContext, PageContext, ReadingListContext, SearchContext
from sitegen.render.frame import TEMPLATES, Frame, render
from sitegen.render.output import Arguments, Kind, Setup, Wish
from sitegen.text import markdown
from sitegen.urls import root_of


def _plan_pages(site: Site, setup: Setup) -> Iterator[Wish]:
    frame = setup.once(site, Frame).depends
    for position, page in enumerate(site.pages):
        depends = (frame, page.title, page.body, page.description)
        yield Wish(f"{page.slug}/", (position,), depends, page.source)


def _render_page(site: Site, setup: Setup, args: Arguments) -> bytes:
    free, frame = site.pages[int(args[0])], setup.once(site, Frame)
    description = free.description or markdown.summary(free.body, 200)
    page = frame.page("page", f"{free.slug}/", free.title, description)
    body = markdown.html(free.body, root=root_of(page.url), top=2)
    return render(setup, "page.html", PageContext(**frame.common(page), heading=free.title, body=body))


def _plan_search(site: Site, setup: Setup) -> Iterator[Wish]:
    if setup.config.search.enabled:
        yield Wish("search/", (), (setup.once(site, Frame).depends, _topic_hues(site)), "search")


def _render_search(site: Site, setup: Setup, args: Arguments) -> bytes:
    frame, say = setup.once(site, Frame), setup.language.say
    page = frame.page("search", "search/", say("search"), say("search_intro"))
    context = SearchContext(
        **frame.common(page),
        heading=say("search"),
        topic_hues=_topic_hues(site),
        kinds=" ".join(setup.config.lists.kinds),
    )
    return render(setup, "search.html", context)


def _topic_hues(site: Site) -> str:
    hues = {topic.slug: hue_class(topic) for topic in site.terms["topics"]}
    return msgspec.json.encode(hues, order="sorted").decode()


def _plan_reading_list(site: Site, setup: Setup) -> Iterator[Wish]:
    if setup.config.pages.reading_list:
        yield Wish("reading-list/", (), (setup.once(site, Frame).depends,), "reading list")


def _render_reading_list(site: Site, setup: Setup, args: Arguments) -> bytes:
    frame, language = setup.once(site, Frame), setup.language
    page = frame.page("reading-list", "reading-list/", language.say("list"), language.say("list_intro"))
    words = language.client_words("list")
    context = ReadingListContext(**frame.common(page), heading=language.say("list"), list_words=words)
    return render(setup, "reading-list.html", context)


def _plan_keys(site: Site, setup: Setup) -> Iterator[Wish]:
    yield Wish("keys/", (), (setup.once(site, Frame).depends,), "keyboard shortcuts")


def _render_keys(site: Site, setup: Setup, args: Arguments) -> bytes:
    frame, say = setup.once(site, Frame), setup.language.say
    page = frame.page("keys", "keys/", say("keys"), say("keys_intro"))
    return render(setup, "keys.html", KeysContext(**frame.common(page), heading=say("keys")))


def _plan_missing(site: Site, setup: Setup) -> Iterator[Wish]:
    if not any(file.path == "404.html" for file in site.static):
        yield Wish("404.html", (), (setup.once(site, Frame).depends,), "404 page")


def _render_missing(site: Site, setup: Setup, args: Arguments) -> bytes:
    frame, say = setup.once(site, Frame), setup.language.say
    page = frame.page("missing", "404.html", say("not_found"), say("not_found_text"))
    root = urlsplit(setup.config.base_url).path
    return render(setup, "404.html", MissingContext(**frame.common(page, root), heading=say("not_found")))


KINDS = (
    Kind("page", _plan_pages, _render_page, ("page.html", *TEMPLATES)),
    Kind("search", _plan_search, _render_search, ("search.html", *TEMPLATES)),
    Kind("reading-list", _plan_reading_list, _render_reading_list, ("reading-list.html", *TEMPLATES)),
    Kind("keys", _plan_keys, _render_keys, ("keys.html", *TEMPLATES)),
    Kind("missing", _plan_missing, _render_missing, ("404.html", *TEMPLATES)),
)
