"""The ACL Anthology's XML (https://github.com/acl-org/acl-anthology, data/xml/schema.rnc): one file a collection."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from sitegen.content.plain import to_markdown
from sitegen.importers.fields import Placed
from sitegen.importers.listing import Entry, Listing
from sitegen.importers.xml_elements import elements, text_of
from sitegen.model import Date

_ATTACHMENTS = {"software": "code", "poster": "poster", "presentation": "slides", "slides": "slides"}
_SITE = "https://aclanthology.org/"
_QUIET = frozenset(
    "title author editor pages abstract url bibkey doi language fixed-case attachment video revision erratum "
    "award pwcdataset pwccode issue journal volume retracted removed isbn publisher".split()
)


def read_acl_xml(text: str, source: str, captured: Date | None) -> Listing:
    """Every paper of every volume; a paper that was withdrawn carries a notice."""
    found, problems = elements(text, source, {"paper", "volume"})
    entries: list[Entry] = []
    waiting: list[tuple[Element, int]] = []
    # Elements come as they end: the papers of a volume before the volume.
    for element, line in found:
        if element.tag == "paper":
            waiting.append((element, line))
            continue
        meta = element.find("meta")
        for paper, number in waiting:
            placed = _placed(paper, meta)
            entries.append(Entry(placed.raw, number, tuple(placed.unused)))
        waiting = []
    for paper, number in waiting:
        entries.append(Entry(_placed(paper, None).raw, number))
    return Listing(captured=captured, entries=tuple(entries), problems=tuple(problems))


def _placed(paper: Element, meta: Element | None) -> Placed:
    placed = Placed()
    placed.raw["title"] = _marked_text(paper.find("title"))
    placed.set("abstract", to_markdown(_marked_text(paper.find("abstract"))))
    placed.set("authors", [person for author in paper.findall("author") if (person := _person(author))])
    identifier = text_of(paper.find("url"))
    placed.set("id", identifier)
    if identifier and not identifier.startswith("http"):
        placed.links["pdf"] = f"{_SITE}{identifier}.pdf"
        placed.links["project"] = f"{_SITE}{identifier}/"
    for child in paper:
        if child.tag in ("attachment", "video") and (name := child.get("href") or text_of(child)):
            kind = "video" if child.tag == "video" else _ATTACHMENTS.get(child.get("type") or "", "data")
            placed.links.setdefault(kind, name if name.startswith("http") else f"{_SITE}attachments/{name}")
        elif child.tag in ("retracted", "removed", "erratum"):
            notice = "erratum" if child.tag == "erratum" else "retraction"
            placed.set("notice", {"kind": notice, "text": text_of(child) if notice == "retraction" else ""})
        elif child.tag == "pwccode" and (url := child.get("url")):
            placed.address(url, "code")
        elif child.tag not in _QUIET:
            placed.unused.append(child.tag)
    placed.set("doi", text_of(paper.find("doi")))
    placed.set("pages", text_of(paper.find("pages")))
    placed.set("citation_key", text_of(paper.find("bibkey")))
    placed.set("language", _LANGUAGES.get(text_of(paper.find("language"))))
    if award := text_of(paper.find("award")):
        placed.set("extra", {"award": award})
    if meta is not None:
        _volume(meta, placed)
    if placed.links:
        placed.raw["links"] = placed.links
    return placed


_LANGUAGES = {"fra": "fr", "deu": "de", "zho": "zh", "spa": "es", "por": "pt", "jpn": "ja", "rus": "ru", "ita": "it"}


def _volume(meta: Element, placed: Placed) -> None:
    journal = text_of(meta.find("journal-title"))
    placed.set("venue", journal or _marked_text(meta.find("booktitle")))
    placed.set("type", "article-journal" if journal else "paper-conference")
    placed.set("date", " ".join(filter(None, (_month(text_of(meta.find("month"))), text_of(meta.find("year"))))))
    for field, name in (
        ("publisher", "publisher"),
        ("volume", "journal-volume"),
        ("issue", "journal-issue"),
        ("isbn", "isbn"),
    ):
        placed.set(field, text_of(meta.find(name)))


def _month(text: str) -> str:
    """ "July 30-August 2" and "November" -> the month in which it began."""
    found = re.match(r"(?:\d{1,2}[-–]?\s*)?([A-Z][a-z]+)", text)
    return found[1] if found else ""


def _person(author: Element) -> dict[str, str] | None:
    given, family, suffix = (text_of(author.find(name)) for name in ("first", "last", "suffix"))
    name = " ".join(filter(None, (given, family, suffix)))
    details = {
        "name": name,
        "given": given,
        "family": family,
        "suffix": suffix,
        "orcid": author.get("orcid") or "",
        "affiliation": text_of(author.find("affiliation")),
    }
    return {key: value for key, value in details.items() if value} if name else None


def _marked_text(element: Element | None) -> str:
    """Text in which mathematics stands between dollars."""
    if element is None:
        return ""
    parts = [element.text or ""]
    for child in element:
        inner = _marked_text(child)
        parts.append(f"${inner.strip()}$" if child.tag == "tex-math" else inner)
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())
