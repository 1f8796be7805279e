"""CSL-JSON -> BibTeX, as in "BibTeXing" (Patashnik 1988), with biblatex's ``doi``, ``eprint``, ``isbn`` and types."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from sitegen.render.citations.csl import Item, custom, date_in, names_in
from sitegen.render.reference import Name
from sitegen.text import math
from sitegen.text.math import Formula, braces_match

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TYPES = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "dataset": "dataset",
    "manuscript": "unpublished",
    "pamphlet": "booklet",
    "paper-conference": "inproceedings",
    "periodical": "periodical",
    "report": "techreport",
    "software": "software",
    "thesis": "phdthesis",
}
_CONTAINERS = {
    "article": "journal",
    "conference": "booktitle",
    "inbook": "booktitle",
    "incollection": "booktitle",
    "inproceedings": "booktitle",
    "inreference": "booktitle",
}
_PUBLISHERS = {
    "mastersthesis": "school",
    "phdthesis": "school",
    "report": "institution",
    "techreport": "institution",
    "thesis": "institution",
}
_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "$&%#_{}"},
}
# Braces count for BibTeX even behind a backslash, so ones without a partner are written as commands.
_UNMATCHED = _LATEX | {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
# Between two such signs, which LaTeX would make one of.
_LIGATURE = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=`)(?=`)|(?<=[!?])(?=`)")
_SPECIAL = re.compile(r"[\\{}~^$&%#_]")


def bibtex(rows: Sequence[Item]) -> str:
    return "\n".join(map(_entry, rows))


def entry_type(row: Item) -> str:
    """The source's own type where there is one, else what BibTeX calls CSL's."""
    if stated := custom(row, "entry_type"):
        return str(stated)
    if row["type"] == "thesis" and "master" in row.get("genre", "").lower():
        return "mastersthesis"
    return _TYPES.get(row["type"], "misc")


def _entry(row: Item) -> str:
    kind = entry_type(row)
    year, month, _ = date_in(row)
    arxiv = custom(row, "arxiv")
    number = row.get("number", "")
    if number == f"arXiv:{arxiv}":
        number = ""
    publisher = row.get("publisher", "")
    if publisher == "arXiv" and row["type"] == "article":
        publisher = ""
    title = _title(custom(row, "title")) if custom(row, "title") else _latex(row["title"])
    fields = (
        ("title", f"{{{title}}}"),
        ("author", _names(row, "author", others=bool(custom(row, "more_authors")))),
        ("collaboration", _latex(custom(row, "collaboration"))),
        ("editor", _names(row, "editor")),
        (_CONTAINERS.get(kind, "howpublished"), _latex(row.get("container-title", ""))),
        ("series", _latex(row.get("collection-title", ""))),
        ("volume", _latex(row.get("volume", ""))),
        ("number", _latex(row.get("issue", "") or number)),
        ("eid", _latex(number) if row.get("issue") else ""),
        ("pages", _latex(row.get("page", "")).replace("–", "--")),
        ("edition", _latex(row.get("edition", ""))),
        (_PUBLISHERS.get(kind, "publisher"), _latex(publisher)),
        ("isbn", _latex(row.get("ISBN", ""))),
        ("year", f"{year:04}" if year else ""),
        ("note", _latex(row.get("note", ""))),
        ("doi", _verbatim(row.get("DOI", ""))),
        ("eprint", _verbatim(arxiv)),
        ("archiveprefix", "arXiv" if arxiv else ""),
        ("url", _verbatim(row.get("URL", ""))),
        ("abstract", _latex(row.get("abstract", ""))),
        ("keywords", _latex(row.get("keyword", ""))),
    )
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields if value]
    if month:
        lines.append(f"  month = {_MONTHS[month - 1]},\n")
    return f"@{kind}{{{row['id']},\n{''.join(lines)}}}\n"


def _names(row: Item, role: str, *, others: bool = False) -> str:
    names = [_name(name) for name in names_in(row, role)]
    return " and ".join([*names, "others"] if names and others else names)


@lru_cache(maxsize=16384)
def _name(name: Name) -> str:
    if not name.given:
        return f"{{{_latex(name.whole_family)}}}"
    # A comma or "and" inside a part would be read as the end of it.
    parts = [part for part in (name.whole_family, name.suffix, name.given) if part]
    return ", ".join(f"{{{_latex(p)}}}" if re.search(r",|\band\b", p) else _latex(p) for p in parts)


def _title(title: str) -> str:
    """A title whose formulas are LaTeX and whose other dollars have a backslash."""
    kept: list[str] = []

    def keep(formula: Formula) -> str:
        if not braces_match(formula.latex):
            return formula.source
        kept.append(formula.source)
        return f"\x11{len(kept) - 1}\x11"

    text = _latex(math.replace(title, keep).replace("\\$", "$"))
    return re.sub("\x11(\\d+)\x11", lambda found: kept[int(found[1])], text)


def _latex(text: str) -> str:
    if _SPECIAL.search(text):
        table = _LATEX if braces_match(text) else _UNMATCHED
        text = _SPECIAL.sub(lambda match: table[match[0]], text)
    return _LIGATURE.sub(r"{}", text)


def _verbatim(text: str) -> str:
    """For fields that BibTeX styles print as they are; only what would end the field is encoded."""
    return text.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")
