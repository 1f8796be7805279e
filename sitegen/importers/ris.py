"""RIS, which every reference manager writes: two letters, two blanks, a dash, and a value.

The tags: https://en.wikipedia.org/wiki/RIS_(file_format). Files in the wild wrap lines without a tag, leave out the end
of a record, repeat tags and indent them, which rispy takes for errors or drops; so the lines are read here.
"""

from __future__ import annotations

import re

from sitegen.content.plain import to_markdown
from sitegen.errors import Problem
from sitegen.importers.fields import Placed, language_tag, plain
from sitegen.importers.listing import Entry, Listing
from sitegen.model import Date

_TAG = re.compile(r"^([A-Z][A-Z0-9])  ?-(?: |$)")
# RIS reference type -> CSL item type.
_TYPES = {
    "JOUR": "article-journal", "EJOUR": "article-journal", "MGZN": "article-magazine", "NEWS": "article-newspaper",
    "CONF": "paper-conference", "CPAPER": "paper-conference", "BOOK": "book", "EDBOOK": "book", "EBOOK": "book",
    "CHAP": "chapter", "ECHAP": "chapter", "THES": "thesis", "RPRT": "report", "GOVDOC": "report", "DATA": "dataset",
    "COMP": "software", "ELEC": "webpage", "BLOG": "post-weblog", "UNPB": "manuscript", "PAT": "patent",
    "SLIDE": "speech", "VIDEO": "motion_picture", "STAND": "standard", "ENCYC": "entry-encyclopedia", "GEN": "document",
}  # fmt: skip
# Tags in the order in which they count.
_TAGS = {
    "title": ("TI", "T1", "CT"),
    "abstract": ("AB", "N2"),
    "venue": ("JF", "T2", "JO", "JA", "BT"),
    "venue_short": ("J2", "JA", "JO"),
    "date": ("DA", "PY", "Y1"),
    "volume": ("VL",),
    "issue": ("IS",),
    "publisher": ("PB",),
    "edition": ("ET",),
    "series": ("T3",),
    "language": ("LA",),
    "doi": ("DO",),
    "number": ("M1",),
    "citation_key": ("LB",),
    "id": ("ID", "AN"),
}
_AUTHORS, _EDITORS, _LINKS = ("AU", "A1"), ("A2", "ED", "A3"), ("UR", "L1", "L2", "LK")
_USED = {tag for tags in _TAGS.values() for tag in tags} | {
    *_AUTHORS,
    *_EDITORS,
    *_LINKS,
    "TY",
    "KW",
    "SP",
    "EP",
    "N1",
    "SN",
}
_QUIET = frozenset({"ER", "ST", "Y2", "DB", "DP", "CY", "RN", "L3", "L4"})

_Record = dict[str, list[str]]


def read_ris(text: str, source: str, captured: Date | None) -> Listing:
    """Every record; lines that belong to none are told."""
    records, problems = _records(text, source)
    entries = []
    for record, line in records:
        placed = _placed(record)
        entries.append(Entry(placed.raw, line, tuple(placed.unused)))
    return Listing(captured=captured, entries=tuple(entries), problems=tuple(problems))


def looks_like_ris(text: str) -> bool:
    """Whether the first line that says something opens a record."""
    return re.search(r"\A\s*(?:[^\n]{0,200}\n){0,20}?TY  ?- ", text) is not None


def _records(text: str, source: str) -> tuple[list[tuple[_Record, int]], list[Problem]]:
    """Tag -> values of each record, and the line on which it begins."""
    records: list[tuple[_Record, int]] = []
    problems: list[Problem] = []
    record: _Record | None = None
    last: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip("\ufeff \t")
        tag = _TAG.match(line)
        if tag is None:
            if record is not None and line and last:
                last[-1] = f"{last[-1]} {line}".strip()
            elif line:
                message, hint = "belongs to no record", "a record begins with 'TY  - '"
                problems.append(Problem(source=source, line=number, message=message, hint=hint, severity="warning"))
        elif tag[1] == "ER":
            record = None
        else:
            if tag[1] == "TY":
                record = {}
                records.append((record, number))
            if record is not None:
                last = record.setdefault(tag[1], [])
                last.append(line[tag.end() :].strip())
    return records, problems


def _placed(record: _Record) -> Placed:
    placed = Placed()

    def first(*tags: str) -> str:
        return next((value for tag in tags for value in _values(record, tag)), "")

    for field, tags in _TAGS.items():
        if value := first(*tags):
            placed.set(field, to_markdown(plain(value)) if field == "abstract" else plain(value))
    raw = placed.raw
    if "date" in raw:
        raw["date"] = date_of(raw["date"], first("PY", "Y1"))
    if raw.get("venue_short") == raw.get("venue"):
        raw.pop("venue_short", None)
    if "language" in raw:
        raw["language"] = language_tag(raw["language"]) or ""
    kind = first("TY")
    placed.set("type", _TYPES.get(kind))
    placed.set("authors", [plain(name) for tag in _AUTHORS for name in _values(record, tag)])
    placed.set("editors", [plain(name) for tag in _EDITORS for name in _values(record, tag)])
    start, end = first("SP"), first("EP")
    placed.set("pages", f"{start}-{end}" if start and end and end not in start else start)
    placed.set("tags", list(dict.fromkeys(tag for value in _values(record, "KW") for tag in _keywords(value))))
    placed.set("note", " ".join(_values(record, "N1")))
    if kind in ("BOOK", "CHAP", "EDBOOK", "EBOOK"):
        placed.set("isbn", first("SN"))
    for tag in _LINKS:
        for value in _values(record, tag):
            for url in re.split(r"[;\s]+(?=https?:)", value):
                # L1 and L2 of reference managers are often files of their own machine: never published.
                if re.match(r"https?://", url):
                    placed.address(url, "pdf" if tag == "L1" else "")
    placed.unused += [tag for tag in record if len(tag) == 2 and tag not in _USED and tag not in _QUIET]
    if placed.links:
        raw["links"] = placed.links
    return placed


def date_of(written: str, year: str = "") -> str:
    """``2020/05/01/``, ``2020///``, ``2020/05//undefined`` as exact as known; else words and year."""
    found = re.match(r"(\d{4})(?:[/-](\d{1,2}))?(?:[/-](\d{1,2}))?(?!\d)", written)
    if found is None:
        found_year = re.match(r"\d{4}", year)
        return f"{written} {found_year[0]}" if found_year and found_year[0] not in written else written
    parts = [found[1], *(part.zfill(2) for part in (found[2], found[3]) if part and int(part))]
    return "-".join(parts)


def _values(record: _Record, tag: str) -> list[str]:
    return [value for value in record.get(tag, ()) if value and value != "nan"]


def _keywords(value: str) -> list[str]:
    return [word.strip() for word in re.split(r"[;\n]", plain(value)) if word.strip()]
