"""XML, read safely and with line numbers: the elements of some names, as soon as each is complete.

A document with a DTD is refused whole: no list of papers needs one, and everything that makes XML dangerous (entities
that multiply, files and addresses that are read) needs one. dblp's own dump has a DTD, its answers have none.
"""

from __future__ import annotations

from collections.abc import Collection
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from sitegen.errors import Problem


class _DoctypeError(Exception):
    """The document declares a type."""


def elements(text: str, source: str, names: Collection[str]) -> tuple[list[tuple[Element, int]], list[Problem]]:
    """Every element of these names (``{namespace}local``) with the line on which it begins, in the order of their ends.

    A text that is cut off or not valid gives what was complete before that, and says where it ends.
    """
    reader = _Reader(names)
    try:
        reader.read(text)
    except _DoctypeError:
        message, hint = "a document type is not allowed", "take the line with DOCTYPE out"
        return [], [Problem(source=source, line=reader.line, message=message, hint=hint)]
    except expat.ExpatError as error:
        message = f"not valid XML: {expat.ErrorString(error.code)}"
        return reader.found, [Problem(source=source, line=error.lineno, message=message)]
    return reader.found, []


def text_of(element: Element | None) -> str:
    """All text of an element, in one line."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def local_name(element: Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


class _Reader:
    """Expat, which reports lines, in front of the usual tree."""

    def __init__(self, names: Collection[str]) -> None:
        self.found: list[tuple[Element, int]] = []
        self._names = names
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
        self._tree.start(_qualified(name), {_qualified(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        element = self._tree.end(_qualified(name))
        line = self._lines.pop()
        if element.tag in self._names:
            self.found.append((element, line))


def _qualified(name: str) -> str:
    return "{" + name if "}" in name else name
