"""Lists in pages: which papers stand on which page, and the links between pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from sitegen.render.i18n import Language
from sitegen.render.views import Link, Pager
from sitegen.urls import page_url

T = TypeVar("T")
# Page numbers shown on each side of the present one.
NEAR = 2


def page_count(items: int, per_page: int) -> int:
    """Pages of a list; an empty list has one."""
    return max(1, -(-items // per_page))


def page_of(items: Sequence[T], number: int, per_page: int) -> Sequence[T]:
    """The items of page ``number`` (from 1)."""
    return items[(number - 1) * per_page : number * per_page]


def pager(url: str, number: int, pages: int, language: Language) -> Pager | None:
    """The links between the pages of the list at ``url``; none where there is one page."""
    if pages == 1:
        return None
    shown = sorted({1, pages, *range(max(1, number - NEAR), min(pages, number + NEAR) + 1)})
    links, last = [], 0
    for page in shown:
        if page == last + 2:
            links.append(Link(language.number(page - 1), page_url(url, page - 1)))
        elif page > last + 1:
            links.append(Link("…", "", note="gap"))
        links.append(Link(language.number(page), page_url(url, page), note="current" if page == number else ""))
        last = page
    return Pager(
        text=language.translate("page_of", page=language.number(number), pages=language.number(pages)),
        pages=tuple(links),
        previous=page_url(url, number - 1) if number > 1 else "",
        next=page_url(url, number + 1) if number < pages else "",
    )
