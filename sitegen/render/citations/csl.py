"""CSL-JSON 1.0.2: the one form from which all other citations are made, here and in the browser.

``custom`` holds what CSL has no variable for: the title with its formulas as LaTeX, BibTeX's entry type, that there are
more authors, their collaboration, the arXiv number, and a PDF where nothing else leads to the paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from sitegen.model import Paper
from sitegen.render.reference import Name, Reference, address
from sitegen.text import markdown, math
from sitegen.text.latex import latex_title
from sitegen.text.math import Formula, braces_match

Item = dict[str, Any]
_encode = msgspec.json.Encoder().encode


def item(paper: Paper, about: Reference, key: str, *, abstract: bool = False) -> Item:
    """The paper as an item; only what is known, in this order."""
    title = markdown.plain_title(paper.title)
    with_latex = _title_with_latex(paper.title)
    parts = [number for number in (int(about.year), about.month, about.day) if number] if about.year else []
    arxiv = f"arXiv:{paper.arxiv}" if paper.arxiv else ""
    custom = {
        "title": with_latex if with_latex != title else "",
        "entry_type": about.entry_type,
        "more_authors": about.others,
        "collaboration": about.collaboration,
        "arxiv": paper.arxiv or "",
        "pdf": "" if paper.doi or paper.arxiv else address(paper),
    }
    fields: Item = {
        "id": key,
        "type": about.type,
        "title": title,
        "author": [csl_name(name) for name in about.names],
        "editor": [csl_name(name) for name in about.editors],
        "issued": {"date-parts": [parts]} if parts else None,
        "container-title": about.container,
        "container-title-short": about.container_short,
        "collection-title": about.series,
        "volume": about.volume,
        "issue": about.issue,
        "number": about.number or arxiv,
        "page": about.pages,
        "edition": about.edition,
        "genre": about.genre,
        "publisher": about.publisher or ("arXiv" if about.type == "article" and paper.arxiv else ""),
        "ISBN": about.isbn,
        "note": about.note,
        "DOI": paper.doi,
        "URL": about.url,
        "language": paper.language,
        "custom": {name: value for name, value in custom.items() if value},
    }
    if abstract:
        fields |= {"abstract": markdown.plain(paper.abstract), "keyword": ", ".join(paper.tags)}
    return {name: value for name, value in fields.items() if value}


def csl_name(name: Name) -> dict[str, str]:
    if not name.given:
        return {"literal": name.whole_family}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: text for part, text in parts.items() if text}


def name_from(said: dict[str, str]) -> Name:
    """The other way."""
    if "literal" in said:
        return Name(said["literal"], literal=True)
    return Name(
        said.get("family", ""), said.get("given", ""), said.get("suffix", ""), said.get("non-dropping-particle", "")
    )


def names_in(row: Item, role: str) -> list[Name]:
    return [name_from(said) for said in row.get(role, ())]


def date_in(row: Item) -> tuple[int, int, int]:
    """Year, month and day, each 0 where it is not known."""
    parts = [*row.get("issued", {"date-parts": [[]]})["date-parts"][0], 0, 0, 0]
    return parts[0], parts[1], parts[2]


def custom(row: Item, name: str) -> Any:
    return row.get("custom", {}).get(name, "")


def csl(rows: Sequence[Item]) -> str:
    """A JSON array with one field a line."""
    return "[" + ",\n".join(map(_object, rows)) + "]\n"


def compact(row: Item) -> str:
    """One item in one line, as a page carries it."""
    return _encode(row).decode()


def _object(row: Item) -> str:
    return "{" + ",\n ".join([f'"{name}": {_encode(value).decode()}' for name, value in row.items()]) + "}"


def _title_with_latex(title: str) -> str:
    """Plain text but for its formulas, each between dollars; other dollars have a backslash."""
    if "$" not in title and "\\" not in title:
        return markdown.plain_title(title)
    kept: list[str] = []

    def keep(formula: Formula) -> str:
        if not braces_match(formula.latex):
            return formula.source
        kept.append(formula.source if formula.source[0] == "$" else f"${formula.latex}$")
        return f"\x11{len(kept) - 1}\x11"

    text = latex_title(math.replace(title, keep))
    if not kept:
        return markdown.plain_title(title)
    pieces = text.replace("$", "\\$").split("\x11")
    pieces[1::2] = [kept[int(number)] for number in pieces[1::2]]
    return " ".join("".join(pieces).split())
