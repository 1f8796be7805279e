"""Files for programs: ``llms.txt`` (https://llmstxt.org) and an OpenSearch 1.1 description.

The second lets a browser search the site from its address bar.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from sitegen.model import Site
from sitegen.render.files.feeds import OPML, listed_format
from sitegen.render.layout import feeds_of
from sitegen.render.output import Arguments, OutputKind, PageSpec, RenderEnv
from sitegen.urls import absolute

LLMS = "llms.txt"
OPENSEARCH = "opensearch.xml"
# What browsers show of a name and a description (OpenSearch 1.1, 4.2.1 and 4.2.2).
_SHORT_NAME, _DESCRIPTION = 16, 1024


def _unless_given(site: Site, path: str, *said: str) -> Iterator[PageSpec]:
    if not any(file.path == path for file in site.static):
        yield PageSpec(path, (), said, path)


def _plan_llms(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    return _unless_given(site, LLMS, *_lines(site, env))


def _render_llms(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    return ("\n".join(_lines(site, env)) + "\n").encode()


def _lines(site: Site, env: RenderEnv) -> list[str]:
    config, translate = env.config, env.language.translate

    def entry(url: str, label: str, note: str = "") -> str:
        return f"- [{_line(label)}]({absolute(config.base_url, url)})" + (f": {note}" if note else "")

    lines = [f"# {_line(config.title)}", ""]
    lines += [f"> {_line(config.description)}", ""] if config.description else []
    lines += [env.language.count("papers", len(site.papers)) + ".", "", f"## {translate('papers')}", ""]
    lines += [entry("papers/", translate("papers"))] if site.papers else []
    lines += [entry(f"{kind}/", translate(kind)) for kind in config.lists.kinds if site.terms[kind]]
    lines += [f"- {absolute(config.base_url, 'sitemap.xml')}"]
    if site.papers and len(site.papers) <= config.pages.twins_max_papers:
        lines.append("- Every paper's page has `index.md` (Markdown) and `index.json` (JSON) beside it.")
    feeds = feeds_of(config, "", config.title)
    if feeds:
        lines += ["", f"## {translate('subscribe')}", "", *[entry(feed.url, feed.label, feed.type) for feed in feeds]]
        lines += [entry(OPML, "OPML")] if listed_format(env) else []
    return lines


def _plan_opensearch(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    return _unless_given(site, OPENSEARCH) if env.config.search.enabled else iter(())


def _render_opensearch(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    config = env.config
    title, icon = _line(config.title), f"{env.theme.asset_root}icon.svg"
    search = absolute(config.base_url, "search/")
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
        f"<ShortName>{escape(title[:_SHORT_NAME].rstrip())}</ShortName>",
        f"<LongName>{escape(title[:48].rstrip())}</LongName>",
        f"<Description>{escape((_line(config.description) or title)[:_DESCRIPTION])}</Description>",
        f'<Url type="text/html" template="{escape(search)}?q={{searchTerms}}"/>',
        f'<Url type="application/opensearchdescription+xml" rel="self" '
        f'template="{escape(absolute(config.base_url, OPENSEARCH))}"/>',
        *(
            [f'<Image type="image/svg+xml">{escape(absolute(config.base_url, icon))}</Image>']
            if icon in env.theme.assets
            else []
        ),
        f"<Language>{escape(config.language)}</Language>",
        "<InputEncoding>UTF-8</InputEncoding>",
        "</OpenSearchDescription>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _line(text: str) -> str:
    return " ".join(text.split())


KINDS = (
    OutputKind("llms", _plan_llms, _render_llms),
    OutputKind("opensearch", _plan_opensearch, _render_opensearch),
)
