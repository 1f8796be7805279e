"""Tables: CSV and tab-separated files, with a line of headings, of databases, reference managers and conferences.

Zotero, Scopus, PubMed, OpenAlex, OpenReview, Mini-Conf, academicpages: their headings are names that ``fields`` knows.
What is particular to one of them is here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from sitegen.content.plain import to_markdown
from sitegen.errors import Problem
from sitegen.importers.fields import NAMES, Placed, place
from sitegen.importers.listing import Entry, Listing
from sitegen.model import Date

MAX_CELL = 1_000_000
_SCOPUS_AUTHOR = re.compile(r"\s*\(\d+\)")
_PUBMED_AUTHORS = re.compile(
    r"(?:[^\s,][^,]*\s[A-Z]{1,3}(?:\s(?:Jr|Sr|2nd|3rd))?)(?:,\s*[^\s,][^,]*\s[A-Z]{1,3}(?:\s(?:Jr|Sr|2nd|3rd))?)*\.?"
)
# "A. Poe, B. B. Roe": every name begins with its initials.
_INITIALS_FIRST = re.compile(
    r"(?:(?:[^\W\d_]\.[\s-]*)+[^\W\d_][^,.&]+(?:,\s*and\s+|,\s*&\s*|,\s*|\s+and\s+|\s*&\s*|$))+$"
)
# Headings of the usual exports that say nothing of the paper.
_QUIET = frozenset(
    "openaccess publicationstage eid citedby source pagecount coden authorsid correspondenceaddress firstauthor "
    "createdate citation nihmsid urlslug dateadded datemodified accessdate sessions".split()
)


def read_table(text: str, source: str, captured: Date | None) -> Listing:
    """Every row; a row with more cells than there are headings is told."""
    text = text.removeprefix("\ufeff")
    headings, rows = _rows(text)
    # A column of full names says more than the one of initials beside it.
    full = next((name for name in headings if _folded(name) in ("authorfullnames", "authornames")), None)
    problems: list[Problem] = []
    entries: list[Entry] = []
    for row, line in rows:
        if len(row) > len(headings) and any(cell.strip() for cell in row[len(headings) :]):
            message, hint = "has more cells than there are headings", "put a cell with a comma in quotation marks"
            problems.append(Problem(source=source, line=line, message=message, hint=hint, severity="warning"))
        record = {name: cell.strip() for name, cell in zip(headings, row, strict=False) if cell.strip() and name}
        if not record:
            continue
        if full is not None and record.get(full):
            record = {
                name: cell for name, cell in record.items() if name == full or NAMES.get(_folded(name)) != "authors"
            }
        placed = _placed(record)
        problems += placed.warnings(source, line)
        entries.append(Entry(placed.raw, line, tuple(placed.unused)))
    return Listing(captured=captured, entries=tuple(entries), problems=tuple(problems))


def looks_like_table(text: str) -> bool:
    """Whether the first line holds headings of papers: a title and something else that ``fields`` knows."""
    first = text.removeprefix("\ufeff").lstrip("\n").partition("\n")[0]
    sign = _delimiter(first)
    if sign not in first:
        return False
    known = {NAMES.get(_folded(cell)) for cell in next(csv.reader([first], delimiter=sign), [])}
    return "title" in known and len(known - {None}) > 1


def _placed(record: dict[str, str]) -> Placed:
    scopus = "EID" in record or "Author(s) ID" in record
    pubmed = "PMID" in record
    values: dict[str, object] = {}
    for name, cell in record.items():
        field = NAMES.get(_folded(name))
        if field == "authors":
            cell = _SCOPUS_AUTHOR.sub("", cell)
            values[name] = _authors(cell, inverted_initials=pubmed)
        elif _folded(name) == "pmid":
            values["id"] = f"pmid-{cell}"
        elif _folded(name) == "pmcid":
            values["extra"] = {"pmc": cell}
        elif _folded(name) not in _QUIET or (field is not None and not scopus):
            values[name] = cell
    placed = place(values)
    if "abstract" in placed.raw:
        placed.raw["abstract"] = to_markdown(placed.raw["abstract"])
    if pubmed and "title" in placed.raw:
        placed.raw["title"] = placed.raw["title"].removesuffix(".")
    if "authors" not in placed.raw and (citation := record.get("citation")):
        placed.set("authors", citation_authors(citation))
    if "date" in placed.raw and (found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})", str(placed.raw["date"]))):
        # academicpages writes days as Americans do.
        year = found[3] if len(found[3]) == 4 else f"20{found[3]}"
        placed.raw["date"] = f"{year}-{int(found[1]):02}-{int(found[2]):02}"
    return placed


def citation_authors(citation: str) -> str:
    """The authors at the beginning of a citation in words: "Poe, A., & Roe, B. (2017). ..."."""
    head = re.split(r"\s*[(\"“]", re.sub(r"<[^>]*>", "", citation), maxsplit=1)[0].strip(" ,")
    if _INITIALS_FIRST.match(head.rstrip(" .")):
        return "; ".join(name for part in re.split(r",|\band\b|&", head.rstrip(" .")) if (name := part.strip()))
    names = re.findall(r"[^\W\d_][\w'’ -]*,\s*(?:[^\W\d_]\.?[\s-]*){1,4}", head)
    if names:
        return "; ".join(name.strip(" ,") for name in names)
    head = head.strip(" .")
    return head if head and len(head) < 300 and not re.search(r"\d", head) else ""


def _authors(cell: str, *, inverted_initials: bool) -> object:
    """PubMed's "Poe A, Roe BB." is family name and initials; everything else is read as names usually are."""
    if inverted_initials and _PUBMED_AUTHORS.fullmatch(cell):
        people = []
        for name in cell.rstrip(".").split(","):
            family, _, initials = name.strip().rpartition(" ")
            given = " ".join(f"{letter}." for letter in initials)
            people.append({"name": f"{given} {family}", "family": family, "given": given})
        return people
    return [name.strip() for name in cell.split("|")] if "|" in cell else cell


def _rows(text: str) -> tuple[list[str], Iterator[tuple[list[str], int]]]:
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text.partition("\n")[0]))
    headings = [name.strip() for name in next(reader, [])]

    def rows() -> Iterator[tuple[list[str], int]]:
        line = reader.line_num + 1
        for row in reader:
            yield row, line
            line = reader.line_num + 1

    return headings, rows()


def _delimiter(heading: str) -> str:
    return max(",\t;", key=heading.count)


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()
