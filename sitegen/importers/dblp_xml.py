"""dblp's answers in XML (https://dblp.org/faq/13501473.html): of a search, of a person, or single records."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from sitegen.importers.fields import Placed
from sitegen.importers.listing import Entry, Listing
from sitegen.importers.xml_elements import elements, text_of
from sitegen.model import Date
from sitegen.text.identifiers import arxiv_number

_TYPES = {
    "article": "article-journal",
    "inproceedings": "paper-conference",
    "proceedings": "book",
    "book": "book",
    "incollection": "chapter",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
}
_HIT_TYPES = {
    "Journal Articles": "article-journal",
    "Conference and Workshop Papers": "paper-conference",
    "Books and Theses": "book",
    "Informal and Other Publications": "article",
}
_HOMONYM = re.compile(r"\s+\d{4}$")


def read_dblp_xml(text: str, source: str, captured: Date | None) -> Listing:
    """Every record that has a title; home pages of people have none."""
    found, problems = elements(text, source, {*_TYPES, "info"})
    entries = [Entry(_placed(element).raw, line) for element, line in found if element.find("title") is not None]
    return Listing(captured=captured, entries=tuple(entries), problems=tuple(problems))


def _placed(record: Element) -> Placed:
    placed = Placed()
    placed.raw["title"] = text_of(record.find("title")).removesuffix(".")
    authors = [*record.findall("author"), *record.findall("authors/author")]
    people = [{"name": _HOMONYM.sub("", text_of(author)), "orcid": author.get("orcid") or ""} for author in authors]
    placed.set("authors", [person if person["orcid"] else person["name"] for person in people])
    placed.set("editors", [_HOMONYM.sub("", text_of(editor)) for editor in record.findall("editor")])
    placed.set("date", " ".join(filter(None, (text_of(record.find("month")), text_of(record.find("year"))))))
    kind = text_of(record.find("type"))
    placed.set("type", _TYPES.get(record.tag) or _HIT_TYPES.get(kind))
    venue = next((text for name in ("journal", "booktitle", "venue") if (text := text_of(record.find(name)))), "")
    for field in ("volume", "number", "pages", "publisher", "isbn", "series"):
        placed.set("issue" if field == "number" else field, text_of(record.find(field)))
    if venue == "CoRR":
        placed.set("arxiv", arxiv_number(placed.raw.pop("volume", "") or ""))
        placed.raw["type"] = "article"
    else:
        placed.set("venue", venue)
    for link in (*record.findall("ee"), *record.findall("doi")):
        url = text_of(link)
        placed.address(url if url.startswith("http") else f"https://doi.org/{url}")
    placed.set("id", (record.get("key") or text_of(record.find("key"))).replace("/", "-"))
    placed.set("citation_key", record.get("key") or text_of(record.find("key")))
    if placed.links:
        placed.raw["links"] = placed.links
    return placed
