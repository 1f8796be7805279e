"""Former addresses of papers: a small page at each that leads on, and a list of them for hosts that redirect."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from markupsafe import escape

from sitegen.model import Site
from sitegen.render.layout import CONTENT_SECURITY_POLICY
from sitegen.render.output import Arguments, OutputKind, PageSpec, RenderEnv
from sitegen.text import markdown
from sitegen.urls import absolute, segment

HOST_FILE = "_redirects"
"""Read by Netlify and Cloudflare Pages."""


def _aliases(site: Site) -> Iterator[tuple[str, int]]:
    """``(former segment, position)``; an address that is a paper's own, or another's alias before, is none."""
    taken: set[str] | None = None
    for position, paper in enumerate(site.papers):
        for former in dict.fromkeys(map(segment, paper.aliases)) if paper.aliases else ():
            taken = set(site.slugs) if taken is None else taken
            if former not in taken:
                taken.add(former)
                yield former, position


def _plan(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    for former, position in _aliases(site):
        depends = (site.slugs[position], site.papers[position].title)
        source = f"an alias of {site.papers[position].source}"
        yield PageSpec(f"papers/{former}/", (position,), depends, source)


def _render(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    position = int(args[0])
    slug = quote(site.slugs[position])
    title = escape(markdown.plain_title(site.papers[position].title))
    return (
        f'<!doctype html>\n<html lang="{escape(env.config.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_SECURITY_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f'<link rel="canonical" href="{escape(absolute(env.config.base_url, f"papers/{slug}/"))}">\n'
        f'<meta http-equiv="refresh" content="0; url=../{slug}/">\n<meta name="robots" content="noindex">\n'
        f'</head>\n<body>\n<main><h1><a href="../{slug}/">{title}</a></h1></main>\n</body>\n</html>\n'
    ).encode()


def _plan_host_file(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    rows = [f"{former}\0{site.slugs[position]}" for former, position in _aliases(site)]
    if rows and not any(file.path == HOST_FILE for file in site.static):
        yield PageSpec(HOST_FILE, (), tuple(rows), "redirects")


def _render_host_file(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    base = urlsplit(env.config.base_url).path
    lines = [
        f"{base}papers/{quote(former)}/ {base}papers/{quote(site.slugs[position])}/ 301\n"
        for former, position in _aliases(site)
    ]
    return "".join(lines).encode()


KINDS = (OutputKind("redirect", _plan, _render), OutputKind("redirects", _plan_host_file, _render_host_file))
