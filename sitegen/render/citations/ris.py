"""CSL-JSON -> RIS, as Zotero and EndNote read it."""

from __future__ import annotations

from collections.abc import Sequence

from sitegen.render.citations.csl import Item, custom, date_in, names_in
from sitegen.render.reference import page_range

_TYPES = {
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "dataset": "DATA",
    "manuscript": "UNPB",
    "motion_picture": "VIDEO",
    "pamphlet": "PAMP",
    "paper-conference": "CPAPER",
    "patent": "PAT",
    "post-weblog": "BLOG",
    "report": "RPRT",
    "software": "COMP",
    "standard": "STAND",
    "thesis": "THES",
    "webpage": "ELEC",
}


def ris(rows: Sequence[Item]) -> str:
    return "\n".join(map(_record, rows))


def _record(row: Item) -> str:
    kind = row["type"]
    year, month, day = date_in(row)
    first, last = page_range(row.get("page", ""))
    arxiv = custom(row, "arxiv")
    number = row.get("number", "")
    if number == f"arXiv:{arxiv}":
        number = ""
    lines = [
        ("TY", _TYPES.get(kind, "GEN")),
        ("ID", row["id"]),
        ("TI", row["title"]),
        *[("AU", name.inverted) for name in names_in(row, "author")],
        ("AU", custom(row, "collaboration")),
        *[("ED" if kind != "chapter" else "A2", name.inverted) for name in names_in(row, "editor")],
        ("JO" if kind == "article-journal" else "T2", row.get("container-title", "")),
        ("J2", row.get("container-title-short", "")),
        ("T3", row.get("collection-title", "")),
        ("VL", row.get("volume", "")),
        ("IS", row.get("issue", "")),
        ("M1", number),
        ("SP", first),
        ("EP", last),
        ("ET", row.get("edition", "")),
        ("M3", row.get("genre", "")),
        ("PB", row.get("publisher", "")),
        ("SN", row.get("ISBN", "")),
        ("PY", f"{year:04}" if year else ""),
        ("DA", f"{year:04}/{month:02}/{f'{day:02}' if day else ''}/" if month else ""),
        ("N1", row.get("note", "")),
        ("DO", row.get("DOI", "")),
        ("AN", f"arXiv:{arxiv}" if arxiv else ""),
        ("UR", row.get("URL", "")),
        ("LA", row.get("language", "")),
        ("AB", row.get("abstract", "")),
        *[("KW", keyword) for keyword in row.get("keyword", "").split(", ")],
    ]
    said = [f"{tag}  - {' '.join(value.split())}" for tag, value in lines if value]
    return "\r\n".join([*said, "ER  - ", ""])
