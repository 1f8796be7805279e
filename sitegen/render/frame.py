"""The frame around every page: menu, title, addresses, feeds. It depends on papers only as far as lists exist."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from sitegen.model import TERM_KINDS, Site
from sitegen.render import markup
from sitegen.render.context import Link, PageInfo, SiteInfo
from sitegen.render.output import Setup
from sitegen.urls import absolute, root_of

# Nothing from elsewhere, nothing inline. Written on every page and into the hosts' headers.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'"
)


class Frame:
    """What all pages of one site share; see ``Setup.once``.

    Attributes:
        info: the site as templates see it.
        depends: everything of the site that ``info`` was made from; every page depends on it.
    """

    def __init__(self, site: Site, setup: Setup) -> None:
        self._setup = setup
        menu = _menu(site, setup)
        self.depends = "\0".join(f"{link.label}\1{link.url}" for link in menu)
        self._footers: dict[str, Markup] = {}
        config = setup.config
        self.info = SiteInfo(
            title=config.title,
            description=config.description,
            language=setup.language.tag,
            direction=setup.language.direction,
            asset_root=setup.theme.asset_root,
            menu=menu,
            policy=CONTENT_SECURITY_POLICY,
            search=config.search.enabled,
            subscribe=config.pages.subscribe,
            reading_list=config.pages.reading_list,
        )

    def page(self, kind: str, url: str, title: str, description: str = "", **more: Any) -> PageInfo:
        """A page's own part. ``more``: further fields of ``PageInfo``."""
        return PageInfo(
            kind=kind,
            title=title,
            description=description or self.info.description,
            url=url,
            footer=self._footer(root_of(url)),
            canonical=absolute(self._setup.config.base_url, url),
            **more,
        )

    def _footer(self, root: str) -> Markup:
        if root not in self._footers:
            self._footers[root] = markup.html(self._setup.config.footer, root=root)
        return self._footers[root]

    def common(self, page: PageInfo, root: str = "") -> dict[str, Any]:
        """The fields of ``Context``. ``root``: other than the relative one that follows from the page's url."""
        return {
            "root": root or root_of(page.url),
            "site": self.info,
            "page": page,
            "words": self._setup.language.words,
            "options": self._setup.theme.options,
        }


def _menu(site: Site, setup: Setup) -> tuple[Link, ...]:
    config, say = setup.config, setup.language.say
    links = [Link(say("papers"), "papers/")] if site.papers else []
    if config.lists.trending and site.trending:
        links.append(Link(say("trending"), "trending/"))
    links += [Link(say(kind), f"{kind}/") for kind in TERM_KINDS if kind in config.lists.kinds and site.terms[kind]]
    links += [Link(page.title, f"{page.slug}/") for page in site.pages if page.menu]
    links += [Link(item.label, item.url) for item in config.menu]
    return tuple(links)
