"""What machines read in a page's head: Highwire tags, schema.org, Open Graph; and COinS in lists.

Sources: Google Scholar's inclusion guidelines and Zotero's "Embedded Metadata" and "COinS" translators;
schema.org's ``ScholarlyArticle``; ogp.me; OpenURL 1.0 (Z39.88-2004). Nothing is guessed: what is not known has no tag.
And nothing is said twice that its readers find elsewhere on the page: its address is the canonical link, its language
that of the document, its description the ``description`` of the theme's head, which is Open Graph's too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import msgspec
from markupsafe import Markup

from sitegen.model import Paper, Person, Site
from sitegen.render.output import RenderEnv
from sitegen.render.reference import Name, Reference, reference
from sitegen.render.share_image import SHARE_IMAGE
from sitegen.text import markdown
from sitegen.text.names import family_given, name_parts
from sitegen.urls import absolute

MAX_COINS_AUTHORS = 20
# CSL's type -> what Highwire's tags call the thing that holds the paper. Zotero tells the type from it.
_CONTAINERS = {
    "article-journal": "citation_journal_title",
    "chapter": "citation_book_title",
    "paper-conference": "citation_conference_title",
}
_INSTITUTIONS = {"thesis": "citation_dissertation_institution", "report": "citation_technical_report_institution"}
_SCHEMA_TYPES = {
    "book": "Book",
    "chapter": "Chapter",
    "dataset": "Dataset",
    "report": "Report",
    "software": "SoftwareSourceCode",
    "thesis": "Thesis",
}
_STATUS = {"retraction": "Retracted"}
# OpenURL's formats and their genres by CSL's type; what is not here is a document among articles.
_COINS = "ctx_ver=Z39.88-2004&amp;rft_val_fmt=info:ofi/fmt:kev:mtx:"
_GENRES = {
    "article": ("journal", "preprint"),
    "article-journal": ("journal", "article"),
    "book": ("book", "book"),
    "chapter": ("book", "bookitem"),
    "paper-conference": ("journal", "proceeding"),
    "report": ("book", "report"),
    "thesis": ("dissertation", "dissertation"),
}
# Characters that need no escape in the value of a query; a plus stands for a space.
_UNQUOTED = " ,:/()!*@"
_NEEDS_NO_QUOTES = re.compile(r"[A-Za-z0-9_.~ ,:/()!*@-]*")
_encode = msgspec.json.Encoder().encode

Row = tuple[str, str]
"""``(attributes, content)`` of one ``<meta>`` element: ``('property="og:title"', "...")``."""


class Metadata(msgspec.Struct, frozen=True):
    """``metas``: elements in order, each with content. ``jsonld``: JSON that is safe inside ``<script>``."""

    metas: tuple[Row, ...]
    jsonld: Markup

    def elements(self) -> Markup:
        """The ``<meta>`` elements, one a line. OutputRecord here as there are many on every page."""
        return Markup("\n".join([f'<meta {names} content="{_attribute(content)}">' for names, content in self.metas]))


def home_metadata(env: RenderEnv) -> Metadata:
    """Of the home page: the site, and how to search it."""
    config = env.config
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
    return Metadata(_open_graph(env, config.title), _script(data))


def page_metadata(env: RenderEnv, title: str) -> Metadata:
    """Of a page that is neither a paper nor a list of papers; ``title``: plain text."""
    return Metadata(_open_graph(env, title), _script({"@type": "WebPage", "name": title, **_part_of(env)}))


def list_metadata(env: RenderEnv, title: str, count: int) -> Metadata:
    """Of one page of a list of ``count`` papers. Which ones they are is told by the links on it."""
    papers = {"@type": "ItemList", "numberOfItems": count}
    data = {"@type": "CollectionPage", "name": title, **_part_of(env), "mainEntity": papers}
    return Metadata(_open_graph(env, title), _script(data))


def paper_metadata(site: Site, env: RenderEnv, position: int, about: Reference) -> Metadata:
    """Of a paper's own page; ``about``: its reference."""
    paper, own = site.papers[position], site.membership[position]
    title = markdown.plain_title(paper.title)
    pdf = _absolute_link(env.config.base_url, paper.links.pdf)
    topics, tags = site.terms["topics"], site.terms["tags"]
    keywords = [*[topics[i].label for i in own.topics], *[tags[i].label for i in own.tags]]
    metas = (
        ('name="citation_title" property="og:title"', title),
        *_highwire(paper, about, pdf, keywords),
        ('property="og:type"', "article"),
        *_shared(env),
    )
    return Metadata(metas, _script(_article(paper, about, title, pdf)))


def coins(paper: Paper, url: str = "") -> Markup:
    """The ``title`` of a ``<span class="Z3988">`` by which reference managers find the paper on a list.

    Args:
        url: its page's absolute address.
    """
    about = reference(paper, url)
    form, genre = _GENRES.get(about.type, ("journal", "document"))
    title = markdown.plain_title(paper.title)
    pairs = (
        ("rft.genre", genre if form != "dissertation" else ""),
        *_coins_titles(form, genre, title, about),
        ("rft.series", about.series if form == "book" else ""),
        ("rft.volume", about.volume),
        ("rft.issue", about.issue),
        ("rft.spage", about.first_page),
        ("rft.epage", about.last_page),
        ("rft.edition", about.edition if form == "book" else ""),
        ("rft.pub", about.publisher if form == "book" else ""),
        ("rft.inst", about.publisher if form == "dissertation" else ""),
        ("rft.degree", about.genre if form == "dissertation" else ""),
        ("rft.isbn", about.isbn if form != "dissertation" else ""),
        ("rft.date", _day(about, "-")),
    )
    ids = (paper.doi and f"info:doi/{paper.doi}", paper.arxiv and f"info:arxiv/{paper.arxiv}", about.url)
    said = [f"&amp;{key}={_quoted(value)}" for key, value in pairs if value]
    said += [_coins_author(name) for name in (about.names or about.editors)[:MAX_COINS_AUTHORS]]
    said += [f"&amp;rft_id={_quoted(value)}" for value in ids if value]
    return Markup(f"{_COINS}{form}" + "".join(said))


def _coins_titles(form: str, genre: str, title: str, about: Reference) -> tuple[Row, ...]:
    if form == "journal":
        return ("rft.atitle", title), ("rft.jtitle", about.container)
    if genre == "bookitem":
        return ("rft.atitle", title), ("rft.btitle", about.container)
    return (("rft.btitle" if form == "book" else "rft.title", title),)


def _quoted(value: str) -> str:
    if _NEEDS_NO_QUOTES.fullmatch(value):
        return value.replace(" ", "+")
    return quote(value, safe=_UNQUOTED).replace(" ", "+")


@lru_cache(maxsize=16384)
def _coins_author(name: Name) -> str:
    return f"&amp;rft.au={_quoted(name.inverted)}"


def _highwire(paper: Paper, about: Reference, pdf: str, keywords: Sequence[str]) -> list[Row]:
    found: list[Row] = []
    for person in paper.authors:
        found.append(('name="citation_author"', family_given(person)))
        if person.affiliation:
            found.append(('name="citation_author_institution"', person.affiliation))
        if person.orcid:
            found.append(('name="citation_author_orcid"', f"https://orcid.org/{person.orcid}"))
    institution = _INSTITUTIONS.get(about.type)
    container = _CONTAINERS.get(about.type, "citation_series_title")
    rows = (
        *[('name="citation_editor"', name.inverted) for name in about.editors],
        ('name="citation_publication_date"', _day(about, "/")),
        (f'name="{container}"', about.container),
        ('name="citation_series_title"', about.series if container != "citation_series_title" else ""),
        ('name="citation_volume"', about.volume),
        ('name="citation_issue"', about.issue),
        ('name="citation_technical_report_number"', about.number if about.type == "report" else ""),
        ('name="citation_firstpage"', about.first_page),
        ('name="citation_lastpage"', about.last_page),
        (f'name="{institution or "citation_publisher"}"', about.publisher),
        ('name="citation_isbn"', about.isbn),
        ('name="citation_doi"', paper.doi),
        ('name="citation_arxiv_id"', paper.arxiv),
        ('name="citation_language"', paper.language),
        ('name="citation_pdf_url"', pdf),
        ('name="citation_keywords"', "; ".join(keywords)),
    )
    found += [(names, content) for names, content in rows if content]
    return found


def _open_graph(env: RenderEnv, title: str) -> tuple[Row, ...]:
    return ('property="og:title"', title), ('property="og:type"', "website"), *_shared(env)


def _shared(env: RenderEnv) -> tuple[Row, ...]:
    """What all pages say."""
    return (
        ('property="og:site_name"', env.config.title),
        ('property="og:image"', absolute(env.config.base_url, SHARE_IMAGE)),
    )


def _article(paper: Paper, about: Reference, title: str, pdf: str) -> dict[str, Any]:
    same = []
    if paper.doi:
        same.append(f"https://doi.org/{paper.doi}")
    if paper.arxiv:
        same.append(f"https://arxiv.org/abs/{paper.arxiv}")
    container = None
    if about.container:
        kind = {"article-journal": "Periodical", "chapter": "Book"}.get(about.type, "CreativeWork")
        container = {"@type": kind, "name": about.container}
    notice = paper.notice
    return {
        "@type": _SCHEMA_TYPES.get(about.type, "ScholarlyArticle"),
        "headline": title,
        "name": title if about.type in _SCHEMA_TYPES else "",
        "author": [_person(person) for person in paper.authors],
        "editor": [_person(person) for person in paper.editors],
        "datePublished": _day(about, "-"),
        "dateModified": str(paper.updated) if paper.updated else "",
        "inLanguage": paper.language,
        "isPartOf": container,
        "publisher": {"@type": "Organization", "name": about.publisher} if about.publisher else None,
        "pagination": about.pages,
        "isbn": about.isbn if about.type == "book" else "",
        "sameAs": same,
        "encoding": {"@type": "MediaObject", "contentUrl": pdf, "encodingFormat": "application/pdf"} if pdf else None,
        "creativeWorkStatus": _STATUS.get(notice.kind) if notice else None,
    }


def _person(person: Person) -> dict[str, Any]:
    kind = "Organization" if name_parts(person).literal else "Person"
    said: dict[str, Any] = {"@type": kind, "name": person.name}
    if person.given:
        said["givenName"] = person.given
    if person.family:
        said["familyName"] = person.family
    if person.orcid:
        said["sameAs"] = f"https://orcid.org/{person.orcid}"
    if person.affiliation:
        said["affiliation"] = {"@type": "Organization", "name": person.affiliation}
    return said


def _part_of(env: RenderEnv) -> dict[str, Any]:
    return {"isPartOf": {"@type": "WebSite", "@id": f"{env.config.base_url}#site", "name": env.config.title}}


def _day(about: Reference, separator: str) -> str:
    """As much of the date as is known."""
    if not about.year or not about.month:
        return about.year
    month = f"{about.year}{separator}{about.month:02}"
    return f"{month}{separator}{about.day:02}" if about.day else month


def _absolute_link(base: str, link: str | None) -> str:
    if not link or link.startswith("mailto:"):
        return ""
    return link if link.lower().startswith(("http://", "https://")) else absolute(base, link.lstrip("/"))


def _attribute(value: str) -> str:
    if "&" in value or "<" in value or '"' in value:
        return value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return value


def _script(data: dict[str, Any]) -> Markup:
    """JSON-LD of what is known of a thing, in which no ``<``, ``>`` or ``&`` can end or open anything."""
    known = {key: value for key, value in data.items() if value}
    return safe_json(_encode({"@context": "https://schema.org", **known}).decode())


def safe_json(text: str) -> Markup:
    """JSON that may stand in a script element."""
    for character in "<>&\u2028\u2029":
        if character in text:
            text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)
