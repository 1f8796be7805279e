"""``sitemap.xml``: the address of every page worth finding (sitemaps.org 0.9), split where it would be too long."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import msgspec

from sitegen.model import Site
from sitegen.render.feeds import updated_of
from sitegen.render.layout import Layout
from sitegen.render.output import Arguments, OutputKind, PageSpec, RenderEnv
from sitegen.urls import absolute

MAX_URLS = 50_000
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_packed = msgspec.msgpack.Encoder().encode


class Addresses:
    """``(url, day of its last change or "")`` of all pages; see ``RenderEnv.memoize``.

    Papers come last and the oldest of them first, so that a new one changes the last part only. Those of a part are
    put together when it is asked for: all of a large site would stay in memory for as long as it is rendered.
    """

    def __init__(self, site: Site, env: RenderEnv) -> None:
        lists = env.config.lists
        urls = [""]
        urls += ["papers/"] if site.papers else []
        urls += ["trending/"] if lists.trending and site.trending else []
        info = env.memoize(site, Layout).info
        urls += [url for url, shown in (("stats/", info.stats), ("subscribe/", info.subscribe)) if shown]
        urls += [f"{page.slug}/" for page in site.pages]
        for kind in lists.kinds:
            if site.terms[kind]:
                urls += [f"{kind}/", *[f"{kind}/{term.slug}/" for term in site.terms[kind]]]
        of_periods = (
            (lists.years, site.years),
            (lists.months, site.months),
            (lists.weeks, site.weeks),
            (lists.days, site.days),
        )
        for shown, periods in of_periods:
            urls += [period.url for period in reversed(periods)] if shown else []
        self._site = site
        self._lists = urls

    def part(self, number: int) -> list[tuple[str, str]]:
        """Part ``number``, from 1."""
        begin, end = (number - 1) * MAX_URLS, number * MAX_URLS
        rows = [(url, "") for url in self._lists[begin:end]]
        lists, oldest_first = len(self._lists), range(len(self._site.papers))[::-1]
        for position in oldest_first[max(begin - lists, 0) : max(end - lists, 0)]:
            date = updated_of(self._site.papers[position])
            rows.append((f"papers/{self._site.slugs[position]}/", str(date) if date else ""))
        return rows

    @property
    def parts(self) -> int:
        return -(-(len(self._lists) + len(self._site.papers)) // MAX_URLS)


def _plan(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    addresses = env.memoize(site, Addresses)
    if addresses.parts == 1:
        yield PageSpec("sitemap.xml", (1,), (_packed(addresses.part(1)),), "sitemap")
        return
    yield PageSpec("sitemap.xml", (0,), (addresses.parts,), "sitemap")
    for number in range(1, addresses.parts + 1):
        yield PageSpec(f"sitemap-{number}.xml", (number,), (_packed(addresses.part(number)),), "sitemap")


def _render(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    addresses, base_url, number = env.memoize(site, Addresses), env.config.base_url, int(args[0])
    if not number:
        names = [absolute(base_url, f"sitemap-{part}.xml") for part in range(1, addresses.parts + 1)]
        entries = "".join([f"<sitemap><loc>{escape(name)}</loc></sitemap>\n" for name in names])
        return f"{_HEAD}<sitemapindex {_NAMESPACE}>\n{entries}</sitemapindex>\n".encode()
    lines = [
        f"<url><loc>{escape(absolute(base_url, url))}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>\n"
        for url, day in addresses.part(number)
    ]
    return f"{_HEAD}<urlset {_NAMESPACE}>\n{''.join(lines)}</urlset>\n".encode()


KINDS = (OutputKind("sitemap", _plan, _render),)
