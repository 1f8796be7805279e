"""A rendered page as tests look at it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import html5lib

Element = ElementTree.Element


class HtmlPage:
    """One parsed page; a fault in its HTML is an error.

    ``find`` and ``all`` take ElementTree's XPath below ``<body>``.
    """

    def __init__(self, html: bytes, path: str = "") -> None:
        self.html, self.path = html.decode(), path
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        self.root: Any = parser.parse(html.decode())

    def all(self, xpath: str) -> list[Element]:
        return list(self.root.findall(xpath))

    def find(self, xpath: str) -> Element:
        found = self.all(xpath)
        assert found, f"{self.path} has no {xpath}"
        return found[0]

    def texts(self, xpath: str) -> list[str]:
        return [text_of(element) for element in self.all(xpath)]

    def text(self, xpath: str) -> str:
        return text_of(self.find(xpath))

    def with_class(self, name: str) -> list[Element]:
        return [element for element in self.root.iter() if name in (element.get("class") or "").split()]

    def targets(self) -> Iterator[str]:
        """Output paths that the page's relative links and sources lead to."""
        for element in self.root.iter():
            for name in ("href", "src"):
                address = (element.get(name) or "").partition("#")[0].partition("?")[0]
                if address and ":" not in address:
                    path = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), address))
                    folder = address.endswith("/") or address == "."
                    yield ("" if path == "." else path + "/") + "index.html" if folder else path


def text_of(element: Element) -> str:
    """The visible text in one line."""
    return " ".join("".join(element.itertext()).split())
