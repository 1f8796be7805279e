"""A paper's reference as BibTeX, RIS, CSL-JSON and plain text, and whole bibliographies of them.

Formats: BibTeX as in "BibTeXing" (Patashnik 1988) with biblatex's ``doi`` and ``eprint``; RIS as read by Zotero
and EndNote; CSL-JSON 1.0.2 (``citeproc``'s input).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, Literal

import msgspec

from sitegen.model import Paper
from sitegen.render.reference import Name, Reference, address, reference
from sitegen.text import markdown, math
from sitegen.text.latex import latex_title
from sitegen.urls import assign_slugs, slugify

Format = Literal["bibtex", "ris", "csl", "text"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BIBTEX_TYPES = {"article": "article", "conference": "inproceedings", "preprint": "misc", "other": "misc"}
_CONTAINER_FIELDS = {
    "article": "journal",
    "conference": "booktitle",
    "preprint": "howpublished",
    "other": "howpublished",
}
_RIS_TYPES = {"article": "JOUR", "conference": "CPAPER", "preprint": "GEN", "other": "GEN"}
_CSL_TYPES = {
    "article": "article-journal",
    "conference": "paper-conference",
    "preprint": "article",
    "other": "document",
}
_NOISE = frozenset(("a", "an", "the", "on", "of", "for", "in", "to", "and", "is", "are", "do", "does", "can", "with"))
_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "$&%#_{}"},
}
# Braces count for BibTeX even behind a backslash, so ones without a partner are written as commands.
_UNMATCHED = _LATEX | {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
# Words of which a slug is what is left without punctuation; they are most of those that ``slugify`` is slow at.
_USUAL_WORD = re.compile(r"(?=.*[A-Za-z]{5})[A-Za-z0-9:,.?!()-]{5,40}")
_NOT_IN_KEY = re.compile(r"[^a-z0-9]+")
_LATEX_SPECIAL = re.compile(r"[\\{}~^$&%#_]")
_encode = msgspec.json.Encoder().encode
_MARK = re.compile("\x11(\\d+)\x11")


class Citations:
    """The citations of one paper without its abstract, ready to copy, each made when it is asked for."""

    def __init__(self, paper: Paper, about: Reference) -> None:
        self._paper = paper
        self._about = about

    @property
    def bibtex(self) -> str:
        return _bibtex(self._paper, self._about, _key(self._paper, self._about))

    @property
    def ris(self) -> str:
        return _ris(self._paper, self._about, _key(self._paper, self._about))

    @property
    def csl(self) -> str:
        return _json([_csl(self._paper, self._about, _key(self._paper, self._about))])

    @property
    def text(self) -> str:
        return _text(self._paper, self._about)


def citations(paper: Paper, url: str = "") -> Citations:
    """The citations of a paper; ``url``: its page's absolute address."""
    return Citations(paper, reference(paper, url))


def bibliography(papers: Iterable[Paper], style: Format, url_of: Callable[[Paper], str] = address) -> str:
    """The references of many papers as one file, with distinct keys; abstracts are included."""
    papers = list(papers)
    keys = assign_slugs({paper.id: citation_key(paper) for paper in papers})
    rows = [(paper, reference(paper, url_of(paper))) for paper in papers]
    match style:
        case "bibtex":
            return "\n".join(_bibtex(paper, about, keys[paper.id], abstract=True) for paper, about in rows)
        case "ris":
            return "\n".join(_ris(paper, about, keys[paper.id], abstract=True) for paper, about in rows)
        case "csl":
            return _json([_csl(paper, about, keys[paper.id], abstract=True) for paper, about in rows])
        case "text":
            return "".join(f"{_text(paper, about)}\n" for paper, about in rows)


def citation_key(paper: Paper) -> str:
    """``noether1918invariante``: first author, year, first telling word of the title; only ASCII, never empty.

    It depends on the paper alone, so it stays the same in whatever company the paper is cited.
    """
    return _key(paper, reference(paper))


def _key(paper: Paper, about: Reference) -> str:
    first = _ascii(about.names[0].family) if about.names else ""
    for word in markdown.plain_title(paper.title).replace("-", " ").split():
        telling = _ascii(word)
        if len(telling) > 2 and telling not in _NOISE and not telling.isdecimal():
            break
    else:
        telling = _ascii(paper.title)
    return f"{first[:40]}{about.year}{telling[:40]}"


@lru_cache(maxsize=16384)
def _ascii(word: str) -> str:
    if _USUAL_WORD.fullmatch(word):
        return _NOT_IN_KEY.sub("", word.lower())
    return slugify(word).replace("-", "")


def _bibtex(paper: Paper, about: Reference, key: str, *, abstract: bool = False) -> str:
    lines = [f"  title = {{{{{_latex_title(paper.title)}}}}},\n"]
    if about.names:
        names = " and ".join([_bibtex_name(name) for name in about.names])
        lines.append(f"  author = {{{names}{' and others' if about.others else ''}}},\n")
    fields = (
        (_CONTAINER_FIELDS[about.kind], about.container and _latex(about.container)),
        ("volume", about.volume and _latex(about.volume)),
        ("number", about.number and _latex(about.number)),
        ("pages", about.pages and _latex(about.pages.replace("–", "--"))),
        ("publisher", about.publisher and _latex(about.publisher)),
        ("year", about.year),
        ("doi", paper.doi and _verbatim(paper.doi)),
        ("eprint", paper.arxiv and _verbatim(paper.arxiv)),
        ("archiveprefix", "arXiv" if paper.arxiv else ""),
        ("url", about.url and _verbatim(about.url)),
        ("abstract", _latex(markdown.plain(paper.abstract)) if abstract else ""),
        ("keywords", _latex(", ".join(paper.tags)) if abstract else ""),
    )
    lines += [f"  {name} = {{{value}}},\n" for name, value in fields if value]
    if about.month:
        lines.append(f"  month = {_MONTHS[about.month - 1]},\n")
    return f"@{_BIBTEX_TYPES[about.kind]}{{{key},\n{''.join(lines)}}}\n"


@lru_cache(maxsize=16384)
def _bibtex_name(name: Name) -> str:
    if not name.given:
        return f"{{{_latex(name.family)}}}"
    parts = [name.family, *([name.suffix] if name.suffix else []), name.given]
    # A comma or "and" inside a part would be read as the end of it.
    return ", ".join(f"{{{_latex(p)}}}" if re.search(r",|\band\b", p) else _latex(p) for p in parts)


def _latex_title(title: str) -> str:
    """Plain text escaped for LaTeX, its formulas kept as LaTeX."""
    if not _LATEX_SPECIAL.search(title):
        return title
    kept: list[str] = []

    def keep(formula: math.Formula) -> str:
        if _braces_match(formula.latex):
            kept.append(f"${formula.latex}$")
            return f"\x11{len(kept) - 1}\x11"
        return formula.source

    text = _latex(latex_title(math.replace(title, keep)))
    return _MARK.sub(lambda match: kept[int(match[1])], text)


def _braces_match(latex: str) -> bool:
    if "{" not in latex and "}" not in latex:
        return True
    depth = 0
    for character in latex:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


def _latex(text: str) -> str:
    if not _LATEX_SPECIAL.search(text):
        return text
    table = _LATEX if _braces_match(text) else _UNMATCHED
    return _LATEX_SPECIAL.sub(lambda match: table[match[0]], text)


def _verbatim(text: str) -> str:
    """For fields that BibTeX styles print as they are; only what would end the field is encoded."""
    return text.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")


def _ris(paper: Paper, about: Reference, key: str, *, abstract: bool = False) -> str:
    day = f"{about.day:02}" if about.day else ""
    date = f"{about.year}/{about.month:02}/{day}/" if about.year and about.month else ""
    rows = [
        ("TY", _RIS_TYPES[about.kind]),
        ("ID", key),
        ("TI", markdown.plain_title(paper.title)),
        *[("AU", name.inverted) for name in about.names],
        ("JO" if about.kind == "article" else "T2", about.container),
        ("VL", about.volume),
        ("IS", about.number),
        ("SP", about.first_page),
        ("EP", about.last_page),
        ("PB", about.publisher),
        ("PY", about.year),
        ("DA", date),
        ("DO", paper.doi or ""),
        ("AN", f"arXiv:{paper.arxiv}" if paper.arxiv else ""),
        ("UR", about.url),
    ]
    if abstract:
        rows.append(("AB", markdown.plain(paper.abstract)))
        rows += [("KW", tag) for tag in paper.tags]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in rows if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def _csl(paper: Paper, about: Reference, key: str, *, abstract: bool = False) -> dict[str, Any]:
    parts = [number for number in (int(about.year), about.month, about.day) if number] if about.year else []
    fields: dict[str, Any] = {
        "id": key,
        "type": _CSL_TYPES[about.kind],
        "title": markdown.plain_title(paper.title),
        "author": [_csl_name(name) for name in about.names],
        "issued": {"date-parts": [parts]} if parts else None,
        "container-title": about.container,
        "volume": about.volume,
        "issue": about.number,
        "page": about.pages,
        "publisher": about.publisher or ("arXiv" if about.kind == "preprint" and paper.arxiv else ""),
        "number": f"arXiv:{paper.arxiv}" if paper.arxiv else "",
        "DOI": paper.doi,
        "URL": about.url,
    }
    if abstract:
        fields |= {"abstract": markdown.plain(paper.abstract), "keyword": ", ".join(paper.tags)}
    return {name: value for name, value in fields.items() if value}


def _csl_name(name: Name) -> dict[str, str]:
    if not name.given:
        return {"literal": name.family}
    return {"family": name.family, "given": name.given} | ({"suffix": name.suffix} if name.suffix else {})


def _json(rows: Sequence[dict[str, Any]]) -> str:
    """A JSON array with one field a line."""
    return "[" + ",\n".join(map(_json_object, rows)) + "]\n"


def _json_object(row: dict[str, Any]) -> str:
    return "{" + ",\n ".join([f'"{name}": {_encode(value).decode()}' for name, value in row.items()]) + "}"


def _text(paper: Paper, about: Reference) -> str:
    """``A. Author, B. Author: Title. Venue 12(3), 2025. https://...`` in reading order of names."""
    names = [name.printed for name in about.names[:11]]
    if len(names) > 10:
        names = [*names[:10], "et al."]
    elif about.others:
        names.append("et al.")
    authors = ", ".join(names).replace(", et al.", " et al.")
    title = markdown.plain_title(paper.title)
    issue = f"{about.volume}({about.number})" if about.number and about.volume else about.volume or about.number
    place = " ".join([part for part in (about.container, issue) if part])
    if not place and paper.arxiv:
        place = f"arXiv:{paper.arxiv}"
    source = ", ".join([part for part in (place, about.pages and f"pp. {about.pages}", about.year) if part])
    sentences = (f"{authors}: {title}" if authors else title, source)
    said = [s if s.endswith((".", "?", "!")) else f"{s}." for s in sentences if s]
    links = dict.fromkeys((address(paper), about.url))
    return " ".join([*said, *[link for link in links if link]])
