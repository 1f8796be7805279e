"""Feeds: what arXiv's search answers with, its daily announcements (Atom and RSS), and any other RSS or Atom feed.

arXiv's formats: https://info.arxiv.org/help/api/user-manual.html and https://info.arxiv.org/help/rss.html.
"""

from __future__ import annotations

import email.utils
import html
import re
from typing import Any
from xml.etree.ElementTree import Element

from sitegen.content.plain import to_markdown
from sitegen.errors import Problem
from sitegen.importers.fields import Placed, plain
from sitegen.importers.listing import Entry, Listing
from sitegen.importers.xml_elements import elements, text_of
from sitegen.model import Date
from sitegen.text.identifiers import arxiv_in, place_address, without_version
from sitegen.text.latex import latex_to_text

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_RSS1 = "{http://purl.org/rss/1.0/}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
_ENTRIES = frozenset({f"{_ATOM}entry", "item", f"{_RSS1}item"})
_ANNOUNCED = re.compile(r"^\s*arXiv:(\S+)\s+Announce Type:\s*(\S+)\s*(?:\n|\s)*Abstract:\s*", re.IGNORECASE)
_WITHDRAWN = re.compile(r"\b(?:this (?:paper|article|submission) has been |^\s*)?withdrawn\b", re.IGNORECASE)


def read_feed(text: str, source: str, captured: Date | None) -> Listing:
    """Every entry; an entry that tells of an error is told as one."""
    found, problems = elements(text, source, _ENTRIES)
    entries: list[Entry] = []
    for element, line in found:
        said = _error_of(element)
        if said:
            problems.append(Problem(source=source, line=line, message=f"the service answered with an error: {said}"))
            continue
        placed = _placed(element)
        entries.append(Entry({key: value for key, value in placed.raw.items() if value or key == "title"}, line))
    return Listing(captured=captured, entries=tuple(entries), problems=tuple(problems))


def _error_of(element: Element) -> str:
    """What arXiv's search says when it cannot answer: an entry whose address is that of an error."""
    address = text_of(element.find(f"{_ATOM}id"))
    if "/api/errors" in address or text_of(element.find(f"{_ATOM}title")) == "Error":
        return text_of(element.find(f"{_ATOM}summary")) or "no reason given"
    return ""


def _placed(element: Element) -> Placed:
    placed = Placed()
    raw = placed.raw
    raw["title"] = " ".join(plain(_first(element, "title")).split())
    abstract = _first(element, "summary", "description") or _first(element, "content", f"{_CONTENT}encoded")
    announced = _ANNOUNCED.match(abstract)
    if announced:
        abstract = abstract[announced.end() :]
        placed.set("arxiv", announced[1])
    placed.set("abstract", to_markdown(_paragraphs(abstract)))
    placed.set("authors", _authors(element))
    _dates(element, placed, announced is not None)
    _addresses(element, placed)
    placed.set("doi", text_of(element.find(f"{_ARXIV}doi")).split(" ")[0])
    placed.set("venue", text_of(element.find(f"{_ARXIV}journal_ref")))
    labelled = [each for each in element if each.tag in (f"{_ATOM}category", "category")]
    categories = [term for each in labelled if (term := each.get("term") or text_of(each))]
    extra: dict[str, Any] = {}
    for name in ("comment", "primary_category"):
        stated = element.find(f"{_ARXIV}{name}")
        if stated is not None and (value := stated.get("term") or text_of(stated)):
            extra[name] = value
    if number := raw.get("arxiv"):
        raw["id"] = without_version(number)
        extra |= {"categories": categories} if categories else {}
    else:
        placed.set("tags", categories)
        identifier = _first(element, "guid") or text_of(element.find(f"{_ATOM}id"))
        placed.set("id", identifier if identifier and not identifier.startswith("http") else "")
    if _WITHDRAWN.search(extra.get("comment", "")):
        placed.set("notice", {"kind": "retraction", "text": extra["comment"]})
    placed.set("extra", extra)
    return placed


def _first(element: Element, *names: str) -> str:
    """The text of the first of these children, in the namespaces of feeds."""
    for name in names:
        for tag in (name,) if name.startswith("{") else (f"{_ATOM}{name}", name, f"{_RSS1}{name}"):
            child = element.find(tag)
            if child is not None and (text := "".join(child.itertext()).strip()):
                return html.unescape(text) if "&lt;" in text else text
    return ""


def _paragraphs(text: str) -> str:
    parts = re.split(r"</p>|<br\s*/?>|\n\s*\n", text)
    return "\n\n".join(filter(None, (" ".join(plain(part).split()) for part in parts)))


def _authors(element: Element) -> list[Any]:
    people: list[Any] = []
    for author in element.iter(f"{_ATOM}author"):
        name = text_of(author.find(f"{_ATOM}name"))
        affiliation = text_of(author.find(f"{_ARXIV}affiliation"))
        people += [{"name": name, "affiliation": affiliation} if affiliation else name] if name.strip(" :") else []
    if people:
        return people
    # arXiv's daily feeds name all in one element, others each in its own.
    # arXiv's feeds write names in LaTeX.
    creators = [latex_to_text(text_of(creator)) for creator in element.iter(f"{_DC}creator")]
    names = [name.strip() for creator in creators for name in re.split(r",\s+(?=\S+\s|\S+$)|;\s*|\s+and\s+", creator)]
    if not names and (stated := _first(element, "author")):
        # RSS 2.0 asks for "mail@host (Name)".
        found = re.search(r"\(([^()]+)\)", stated)
        names = [found[1] if found else stated] if found or "@" not in stated else []
    return [name for name in names if name.strip(" :")]


def _dates(element: Element, placed: Placed, announced: bool) -> None:
    published = _day(_first(element, "published", "pubDate", f"{_DC}date", "issued"))
    updated = _day(_first(element, "updated", "modified"))
    if announced:
        placed.set("featured_on", [published or updated] if published or updated else None)
        return
    placed.set("date", published or updated)
    if updated and updated != raw_date(placed):
        placed.set("updated", updated)


def raw_date(placed: Placed) -> str:
    return str(placed.raw.get("date", ""))


def _day(text: str) -> str:
    """The day of an RFC 3339 or RFC 822 date, as its own zone has it."""
    if re.match(r"\d{4}-\d{2}-\d{2}", text):
        return text[:10]
    try:
        return email.utils.parsedate_to_datetime(text).date().isoformat() if text else ""
    except (TypeError, ValueError):
        return text


def _addresses(element: Element, placed: Placed) -> None:
    raw = placed.raw
    links = [
        (link.get("href") or text_of(link), link.get("title") or "", link.get("rel") or "alternate")
        for link in element
        if link.tag in (f"{_ATOM}link", "link", f"{_RSS1}link")
    ]
    for identifier in (text_of(element.find(f"{_ATOM}id")), _first(element, "guid")):
        if number := arxiv_in(identifier):
            placed.set("arxiv", number)
    for url, title, relation in links:
        field, value = place_address(url)
        if title == "pdf":
            placed.links.setdefault("pdf", url)
        elif field == "arxiv":
            placed.set("arxiv", value)
        elif relation in ("alternate", "related") and re.match(r"https?://", url):
            placed.address(url)
    if placed.links:
        raw["links"] = placed.links
