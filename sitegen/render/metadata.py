"""What machines read in a page's head: Highwire tags, schema.org, Open Graph; and COinS in lists.

Sources: Google Scholar's inclusion guidelines and Zotero's "Embedded Metadata" and "COinS" translators;
schema.org's ``ScholarlyArticle``; ogp.me; OpenURL 1.0 (Z39.88-2004). Nothing is guessed: what is not known has no tag.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import msgspec
from markupsafe import Markup

from sitegen.model import Paper, Person, Site
from sitegen.render import markup
from sitegen.render.output import Setup
from sitegen.render.reference import Reference, reference
from sitegen.render.share_image import HEIGHT, SHARE_IMAGE, WIDTH
from sitegen.urls import absolute

DESCRIPTION_LENGTH = 200
MAX_COINS_AUTHORS = 20
_GENRES = {"article": "article", "conference": "proceeding", "preprint": "preprint", "other": "document"}
_CONTAINER_TAGS = {"article": "citation_journal_title", "conference": "citation_conference_title"}
_STATUS = {"retraction": "Retracted"}

Row = tuple[str, str, str]
"""``(attribute, its value, content)`` of one ``<meta>`` element: ``("property", "og:title", "...")``."""


class Metadata(msgspec.Struct, frozen=True):
    """``metas``: elements in order, each with content. ``jsonld``: JSON that is safe inside ``<script>``."""

    metas: tuple[Row, ...]
    jsonld: Markup

    def elements(self) -> Markup:
        """The ``<meta>`` elements, one a line. Written here as there are many on every page."""
        return Markup(
            "\n".join([f'<meta {a}="{name}" content="{_attribute(value)}">' for a, name, value in self.metas])
        )


def home_metadata(setup: Setup) -> Metadata:
    """Of the home page: the site, and how to search it."""
    config = setup.config
    data: dict[str, Any] = {
        "@type": "WebSite",
        "@id": f"{config.base_url}#site",
        "url": config.base_url,
        "name": config.title,
        "description": config.description,
        "inLanguage": config.language,
        "publisher": {"@type": "Organization", "name": config.author} if config.author else None,
    }
    if config.search.enabled:
        target = {"@type": "EntryPoint", "urlTemplate": f"{config.base_url}search/?q={{search_term_string}}"}
        data["potentialAction"] = {
            "@type": "SearchAction",
            "target": target,
            "query-input": "required name=search_term_string",
        }
    metas = _open_graph(setup, config.base_url, config.title, config.description, "website")
    return Metadata(metas, _script(data))


def page_metadata(setup: Setup, url: str, title: str, description: str = "") -> Metadata:
    """Of a page that is neither a paper nor a list of papers."""
    address = absolute(setup.config.base_url, url)
    data = {"@type": "WebPage", "url": address, "name": title, "description": description, **_of_site(setup)}
    return Metadata(_open_graph(setup, address, title, description, "website"), _script(data))


def list_metadata(
    site: Site, setup: Setup, url: str, title: str, description: str, papers: Sequence[int], first: int = 1
) -> Metadata:
    """Of one page of a list.

    Args:
        title, description: plain text.
        papers: positions of the papers on this page. ``first``: rank of the first of them in the whole list.
    """
    base = setup.config.base_url
    address = absolute(base, url)
    items = [
        {"@type": "ListItem", "position": rank, "url": absolute(base, f"papers/{site.slugs[i]}/")}
        for rank, i in enumerate(papers, first)
    ]
    data = {
        "@type": "CollectionPage",
        "url": address,
        "name": title,
        "description": description,
        **_of_site(setup),
        "mainEntity": {"@type": "ItemList", "itemListElement": items} if items else None,
    }
    return Metadata(_open_graph(setup, address, title, description, "website"), _script(data))


def paper_metadata(site: Site, setup: Setup, position: int) -> Metadata:
    """Of a paper's own page."""
    paper = site.papers[position]
    base = setup.config.base_url
    url = absolute(base, f"papers/{site.slugs[position]}/")
    about = reference(paper, url)
    title = markup.plain_title(paper.title)
    description = markup.summary(paper.abstract, DESCRIPTION_LENGTH)
    pdf = _absolute_link(base, paper.links.pdf)
    topics = [site.terms["topics"][i].label for i in site.membership[position].topics]
    tags = [site.terms["tags"][i].label for i in site.membership[position].tags]
    metas = (
        *_highwire(paper, about, title, pdf, tags, paper.language or setup.config.language),
        *_open_graph(setup, url, title, description, "article"),
        *_rows("property", [("article:published_time", paper.date.isoformat() if paper.date else "")]),
    )
    return Metadata(metas, _script(_article(paper, about, setup, url, title, pdf, [*topics, *tags])))


def coins(paper: Paper, url: str = "") -> Markup:
    """The ``title`` of a ``<span class="Z3988">`` by which reference managers find the paper on a list.

    Args:
        url: its page's absolute address.
    """
    about = reference(paper, url)
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"),
        ("rft.genre", _GENRES[about.kind]),
        ("rft.atitle", markup.plain_title(paper.title)),
        ("rft.jtitle", about.container),
        ("rft.volume", about.volume),
        ("rft.issue", about.number),
        ("rft.spage", about.first_page),
        ("rft.epage", about.last_page),
        ("rft.date", _day(about, "-")),
        *[("rft.au", name.inverted) for name in about.names[:MAX_COINS_AUTHORS]],
        ("rft_id", f"info:doi/{paper.doi}" if paper.doi else ""),
        ("rft_id", f"info:arxiv/{paper.arxiv}" if paper.arxiv else ""),
        ("rft_id", about.url),
    ]
    if about.names:
        pairs[4:4] = [("rft.aulast", about.names[0].family), ("rft.aufirst", about.names[0].given)]
    return Markup("&amp;".join([f"{key}={_quoted(value)}" for key, value in pairs if value]))


@lru_cache(maxsize=16384)
def _quoted(value: str) -> str:
    return quote(value, safe="")


def _highwire(
    paper: Paper, about: Reference, title: str, pdf: str, tags: Iterable[str], language: str
) -> Iterable[Row]:
    rows = [("citation_title", title)]
    for person in paper.authors:
        rows.append(("citation_author", person.name))
        rows.append(("citation_author_institution", person.affiliation or ""))
        rows.append(("citation_author_orcid", f"https://orcid.org/{person.orcid}" if person.orcid else ""))
    rows += [
        ("citation_publication_date", _day(about, "/")),
        (_CONTAINER_TAGS.get(about.kind, "citation_series_title"), about.container),
        ("citation_volume", about.volume),
        ("citation_issue", about.number),
        ("citation_firstpage", about.first_page),
        ("citation_lastpage", about.last_page),
        ("citation_publisher", about.publisher),
        ("citation_doi", paper.doi or ""),
        ("citation_arxiv_id", paper.arxiv or ""),
        ("citation_language", language),
        ("citation_abstract_html_url", about.url),
        ("citation_pdf_url", pdf),
        *[("citation_keywords", tag) for tag in tags],
    ]
    return _rows("name", rows)


def _open_graph(setup: Setup, url: str, title: str, description: str, kind: str) -> tuple[Row, ...]:
    config = setup.config
    rows = [
        ("og:type", kind),
        ("og:title", title),
        ("og:description", description),
        ("og:url", url),
        ("og:site_name", config.title),
        ("og:image", absolute(config.base_url, SHARE_IMAGE)),
        ("og:image:width", str(WIDTH)),
        ("og:image:height", str(HEIGHT)),
    ]
    return (*_rows("property", rows), ("name", "twitter:card", "summary_large_image"))


def _article(
    paper: Paper,
    about: Reference,
    setup: Setup,
    url: str,
    title: str,
    pdf: str,
    keywords: Sequence[str],
) -> dict[str, Any]:
    same = [
        f"https://doi.org/{paper.doi}" if paper.doi else "",
        f"https://arxiv.org/abs/{paper.arxiv}" if paper.arxiv else "",
    ]
    container = {"@type": "Periodical" if about.kind == "article" else "CreativeWork", "name": about.container}
    notice = paper.notice
    return {
        "@type": "ScholarlyArticle",
        "url": url,
        "headline": title,
        "author": [_person(person) for person in paper.authors],
        "datePublished": _day(about, "-"),
        "dateModified": paper.updated.isoformat() if paper.updated else None,
        "inLanguage": paper.language or setup.config.language,
        "keywords": list(keywords),
        "isPartOf": container if about.container else None,
        "publisher": {"@type": "Organization", "name": about.publisher} if about.publisher else None,
        "pagination": about.pages,
        "sameAs": [address for address in same if address],
        "encoding": {"@type": "MediaObject", "contentUrl": pdf, "encodingFormat": "application/pdf"} if pdf else None,
        "creativeWorkStatus": _STATUS.get(notice.kind) if notice else None,
    }


def _person(person: Person) -> dict[str, Any]:
    return {
        "@type": "Person",
        "name": person.name,
        "givenName": person.given,
        "familyName": person.family,
        "sameAs": f"https://orcid.org/{person.orcid}" if person.orcid else None,
        "affiliation": {"@type": "Organization", "name": person.affiliation} if person.affiliation else None,
    }


def _of_site(setup: Setup) -> dict[str, Any]:
    site = {"@type": "WebSite", "@id": f"{setup.config.base_url}#site", "name": setup.config.title}
    return {"inLanguage": setup.config.language, "isPartOf": site}


def _day(about: Reference, separator: str) -> str:
    """As much of the date as is known."""
    parts = [about.year, *(f"{number:02}" for number in (about.month, about.day) if number)]
    return separator.join(parts) if about.year else ""


def _absolute_link(base: str, link: str | None) -> str:
    if not link or link.startswith("mailto:"):
        return ""
    return link if link.lower().startswith(("http://", "https://")) else absolute(base, link.lstrip("/"))


def _attribute(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _rows(attribute: str, pairs: Iterable[tuple[str, str]]) -> tuple[Row, ...]:
    return tuple([(attribute, name, content) for name, content in pairs if content])


def _script(data: dict[str, Any]) -> Markup:
    """JSON-LD without empty values, in which no ``<``, ``>`` or ``&`` can end or open anything."""
    text = msgspec.json.encode({"@context": "https://schema.org", **_without_empty(data)}).decode()
    for character in "<>&\u2028\u2029":
        if character in text:
            text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _without_empty(data: dict[str, Any]) -> dict[str, Any]:
    return {
        key: [_without_empty(item) if isinstance(item, dict) else item for item in value]
        if isinstance(value, list)
        else value
        for key, value in data.items()
        if value
    }
