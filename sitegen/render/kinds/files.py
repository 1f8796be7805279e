"""Files that are not pages: the theme's assets, the site's static files, and what hosts and crawlers read."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.model import Site
from sitegen.render.output import Arguments, Kind, Setup, Wish
from sitegen.urls import absolute


def _plan_assets(site: Site, setup: Setup) -> Iterator[Wish]:
    for path in setup.theme.assets:
        yield Wish(path, (path,), source=f"theme {setup.config.theme.name}")


def _render_asset(site: Site, setup: Setup, args: Arguments) -> bytes:
    return setup.theme.assets[str(args[0])].read_bytes()


def _plan_static(site: Site, setup: Setup) -> Iterator[Wish]:
    for file in site.static:
        yield Wish(file.path, (file.source,), (file.digest,), file.source)


def _render_static(site: Site, setup: Setup, args: Arguments) -> bytes:
    return (setup.root / str(args[0])).read_bytes()


def _plan_robots(site: Site, setup: Setup) -> Iterator[Wish]:
    if not any(file.path == "robots.txt" for file in site.static):
        yield Wish("robots.txt", source="robots.txt")


def _render_robots(site: Site, setup: Setup, args: Arguments) -> bytes:
    sitemap = absolute(setup.config.base_url, "sitemap.xml")
    return f"User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n".encode()


def _plan_nojekyll(site: Site, setup: Setup) -> Iterator[Wish]:
    yield Wish(".nojekyll", source="GitHub Pages")


def _render_nojekyll(site: Site, setup: Setup, args: Arguments) -> bytes:
    return b""


KINDS = (
    Kind("asset", _plan_assets, _render_asset),
    Kind("static", _plan_static, _render_static),
    Kind("robots", _plan_robots, _render_robots),
    Kind("nojekyll", _plan_nojekyll, _render_nojekyll),
)
