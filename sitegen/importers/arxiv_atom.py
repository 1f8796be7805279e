"""The Atom feed that arXiv's search answers with.

The format is described at https://info.arxiv.org/help/api/user-manual.html; the namespaces are those given
there. A document with a DTD is refused whole: no feed needs one, and everything that makes XML dangerous
(entities that multiply, files and addresses that are read) needs one.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from sitegen.content.plain import to_markdown
from sitegen.errors import Problem
from sitegen.importers.listing import Entry, Listing
from sitegen.model import Date
from sitegen.text.identifiers import place_address

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"


class _DoctypeError(Exception):
    """The document declares a type."""


def read_atom(text: str, source: str, captured: Date | None) -> Listing:
    """Every ``entry`` of the feed."""
    reader = _Reader()
    try:
        reader.read(text)
    except _DoctypeError:
        message, hint = "a document type is not allowed", "take the line with DOCTYPE out"
        problem = Problem(source=source, line=reader.line, message=message, hint=hint)
        return Listing(captured=captured, problems=(problem,))
    except expat.ExpatError as error:
        problem = Problem(source=source, line=error.lineno, message=f"not valid XML: {expat.ErrorString(error.code)}")
        return Listing(captured=captured, problems=(problem,))
    entries = tuple(Entry(_record(element), line) for element, line in reader.entries)
    return Listing(captured=captured, entries=entries)


class _Reader:
    """Expat, which reports lines, in front of the usual tree."""

    def __init__(self) -> None:
        self.entries: list[tuple[Element, int]] = []
        self._tree = TreeBuilder()
        self._lines: list[int] = []
        # The text has been decoded already; whatever encoding it declares was that of its bytes.
        self._parser = expat.ParserCreate("utf-8", namespace_separator="}")
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._tree.data

    @property
    def line(self) -> int:
        return self._parser.CurrentLineNumber

    def read(self, text: str) -> None:
        self._parser.Parse(text.encode("utf-8", "surrogatepass"), True)

    def _doctype(self, *_: object) -> None:
        raise _DoctypeError

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._lines.append(self.line)
        self._tree.start(_qualified(name), attributes)

    def _end(self, name: str) -> None:
        element = self._tree.end(_qualified(name))
        line = self._lines.pop()
        if element.tag == f"{_ATOM}entry":
            self.entries.append((element, line))


def _qualified(name: str) -> str:
    return "{" + name if "}" in name else name


def _record(entry: Element) -> dict[str, Any]:
    raw: dict[str, Any] = {
        "title": _text(entry, f"{_ATOM}title"),
        "abstract": to_markdown(_text(entry, f"{_ATOM}summary")),
        "authors": [_author(author) for author in entry.iter(f"{_ATOM}author")],
        "date": _text(entry, f"{_ATOM}published")[:10],
        "updated": _text(entry, f"{_ATOM}updated")[:10],
        "doi": _text(entry, f"{_ARXIV}doi"),
        "venue": _text(entry, f"{_ARXIV}journal_ref"),
        "extra": {},
    }
    if raw["updated"] == raw["date"]:
        del raw["updated"]
    meaning, value = place_address(_text(entry, f"{_ATOM}id"))
    if meaning == "arxiv":
        raw["arxiv"] = value
        raw["id"] = re.sub(r"v\d+$", "", value)
    pdf = next((link.get("href") for link in entry.iter(f"{_ATOM}link") if link.get("title") == "pdf"), None)
    raw["links"] = {"pdf": pdf} if pdf else None
    for name in ("comment", "primary_category"):
        element = entry.find(f"{_ARXIV}{name}")
        if element is not None and (value := element.get("term") or _text(entry, f"{_ARXIV}{name}")):
            raw["extra"][name] = value
    categories = [term for element in entry.iter(f"{_ATOM}category") if (term := element.get("term"))]
    raw["extra"] |= {"categories": categories} if categories else {}
    return {name: value for name, value in raw.items() if value or name == "title"}


def _author(author: Element) -> dict[str, str] | str:
    name = _text(author, f"{_ATOM}name")
    affiliation = _text(author, f"{_ARXIV}affiliation")
    return {"name": name, "affiliation": affiliation} if affiliation else name


def _text(element: Element, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())
