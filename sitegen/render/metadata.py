"""What machines read in a page's head: Highwire tags, schema.org, Open Graph; and COinS in lists.

Sources: Google Scholar's inclusion guidelines and Zotero's "Embedded Metadata" and "COinS" translators;
schema.org's ``ScholarlyArticle``; ogp.me; OpenURL 1.0 (Z39.88-2004). Nothing is guessed: what is not known has no tag.
And nothing is said twice that its readers find elsewhere on the page: its address is the canonical link, its language
that of the document, its description the ``description`` of the theme's head, which is Open Graph's too.
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
from sitegen.render.reference import Name, Reference, reference
from sitegen.render.share_image import SHARE_IMAGE
from sitegen.urls import absolute

MAX_COINS_AUTHORS = 20
_GENRES = {"article": "article", "conference": "proceeding", "preprint": "preprint", "other": "document"}
_CONTAINERS = {"article": "journal_title", "conference": "conference_title"}
_STATUS = {"retraction": "Retracted"}
_COINS = "ctx_ver=Z39.88-2004&amp;rft_val_fmt=info:ofi/fmt:kev:mtx:journal"
# Characters that need no escape in the value of a query; a plus stands for a space.
_UNQUOTED = " ,:/()!*@"
_encode = msgspec.json.Encoder().encode

Row = tuple[str, str]
"""``(attributes, content)`` of one ``<meta>`` element: ``('property="og:title"', "...")``."""


class Metadata(msgspec.Struct, frozen=True):
    """``metas``: elements in order, each with content. ``jsonld``: JSON that is safe inside ``<script>``."""

    metas: tuple[Row, ...]
    jsonld: Markup

    def elements(self) -> Markup:
        """The ``<meta>`` elements, one a line. Written here as there are many on every page."""
        return Markup("\n".join([f'<meta {names} content="{_attribute(content)}">' for names, content in self.metas]))


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
    return Metadata(_open_graph(setup, config.title), _script(data))


def page_metadata(setup: Setup, title: str) -> Metadata:
    """Of a page that is neither a paper nor a list of papers; ``title``: plain text."""
    return Metadata(_open_graph(setup, title), _script({"@type": "WebPage", "name": title, **_part_of(setup)}))


def list_metadata(setup: Setup, title: str, count: int) -> Metadata:
    """Of one page of a list of ``count`` papers. Which ones they are is told by the links on it."""
    papers = {"@type": "ItemList", "numberOfItems": count}
    data = {"@type": "CollectionPage", "name": title, **_part_of(setup), "mainEntity": papers}
    return Metadata(_open_graph(setup, title), _script(data))


def paper_metadata(site: Site, setup: Setup, position: int, about: Reference) -> Metadata:
    """Of a paper's own page; ``about``: its reference."""
    paper, own = site.papers[position], site.membership[position]
    title = markup.plain_title(paper.title)
    pdf = _absolute_link(setup.config.base_url, paper.links.pdf)
    topics, tags = site.terms["topics"], site.terms["tags"]
    keywords = [*[topics[i].label for i in own.topics], *[tags[i].label for i in own.tags]]
    metas = (
        ('name="citation_title" property="og:title"', title),
        *_highwire(paper, about, pdf, keywords),
        ('property="og:type"', "article"),
        *_shared(setup),
    )
    return Metadata(metas, _script(_article(paper, about, title, pdf)))


def coins(paper: Paper, url: str = "") -> Markup:
    """The ``title`` of a ``<span class="Z3988">`` by which reference managers find the paper on a list.

    Args:
        url: its page's absolute address.
    """
    about = reference(paper, url)
    pairs = [
        ("rft.genre", _GENRES[about.kind]),
        ("rft.atitle", _quoted(markup.plain_title(paper.title))),
        ("rft.jtitle", _quoted(about.container)),
        ("rft.volume", _quoted(about.volume)),
        ("rft.issue", _quoted(about.number)),
        ("rft.spage", _quoted(about.first_page)),
        ("rft.epage", _quoted(about.last_page)),
        ("rft.date", _day(about, "-")),
        *[("rft.au", _quoted_name(name)) for name in about.names[:MAX_COINS_AUTHORS]],
        ("rft_id", f"info:doi/{_quoted(paper.doi)}" if paper.doi else ""),
        ("rft_id", f"info:arxiv/{_quoted(paper.arxiv)}" if paper.arxiv else ""),
        ("rft_id", _quoted(about.url)),
    ]
    return Markup(_COINS + "".join([f"&amp;{key}={value}" for key, value in pairs if value]))


def _quoted(value: str) -> str:
    return quote(value, safe=_UNQUOTED).replace(" ", "+") if value else ""


@lru_cache(maxsize=16384)
def _quoted_name(name: Name) -> str:
    return _quoted(name.inverted)


def _highwire(paper: Paper, about: Reference, pdf: str, keywords: Sequence[str]) -> Iterable[Row]:
    for person in paper.authors:
        yield 'name="citation_author"', person.name
        if person.affiliation:
            yield 'name="citation_author_institution"', person.affiliation
        if person.orcid:
            yield 'name="citation_author_orcid"', f"https://orcid.org/{person.orcid}"
    rows = (
        ("publication_date", _day(about, "/")),
        (_CONTAINERS.get(about.kind, "series_title"), about.container),
        ("volume", about.volume),
        ("issue", about.number),
        ("firstpage", about.first_page),
        ("lastpage", about.last_page),
        ("publisher", about.publisher),
        ("doi", paper.doi),
        ("arxiv_id", paper.arxiv),
        ("language", paper.language),
        ("pdf_url", pdf),
        ("keywords", "; ".join(keywords)),
    )
    for name, content in rows:
        if content:
            yield f'name="citation_{name}"', content


def _open_graph(setup: Setup, title: str) -> tuple[Row, ...]:
    return ('property="og:title"', title), ('property="og:type"', "website"), *_shared(setup)


def _shared(setup: Setup) -> tuple[Row, ...]:
    """What all pages say."""
    return (
        ('property="og:site_name"', setup.config.title),
        ('property="og:image"', absolute(setup.config.base_url, SHARE_IMAGE)),
    )


def _article(paper: Paper, about: Reference, title: str, pdf: str) -> dict[str, Any]:
    same = [
        f"https://doi.org/{paper.doi}" if paper.doi else "",
        f"https://arxiv.org/abs/{paper.arxiv}" if paper.arxiv else "",
    ]
    container = {"@type": "Periodical" if about.kind == "article" else "CreativeWork", "name": about.container}
    notice = paper.notice
    return {
        "@type": "ScholarlyArticle",
        "headline": title,
        "author": [_person(person) for person in paper.authors],
        "datePublished": _day(about, "-"),
        "dateModified": paper.updated.isoformat() if paper.updated else "",
        "inLanguage": paper.language,
        "isPartOf": container if about.container else None,
        "publisher": {"@type": "Organization", "name": about.publisher} if about.publisher else None,
        "pagination": about.pages,
        "sameAs": [address for address in same if address],
        "encoding": {"@type": "MediaObject", "contentUrl": pdf, "encodingFormat": "application/pdf"} if pdf else None,
        "creativeWorkStatus": _STATUS.get(notice.kind) if notice else None,
    }


def _person(person: Person) -> dict[str, Any]:
    said: dict[str, Any] = {"@type": "Person", "name": person.name}
    if person.given:
        said["givenName"] = person.given
    if person.family:
        said["familyName"] = person.family
    if person.orcid:
        said["sameAs"] = f"https://orcid.org/{person.orcid}"
    if person.affiliation:
        said["affiliation"] = {"@type": "Organization", "name": person.affiliation}
    return said


def _part_of(setup: Setup) -> dict[str, Any]:
    return {"isPartOf": {"@type": "WebSite", "@id": f"{setup.config.base_url}#site", "name": setup.config.title}}


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


def _script(data: dict[str, Any]) -> Markup:
    """JSON-LD of what is known of a thing, in which no ``<``, ``>`` or ``&`` can end or open anything."""
    known = {key: value for key, value in data.items() if value}
    text = _encode({"@context": "https://schema.org", **known}).decode()
    for character in "<>&\u2028\u2029":
        if character in text:
            text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)
