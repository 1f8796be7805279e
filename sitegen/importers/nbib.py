"""PubMed's tagged text (``.nbib``, MEDLINE): a tag of four characters, "- ", and six blanks before a line that goes on.

The tags: https://www.nlm.nih.gov/bsd/mms/medlineelements.html.
"""

from __future__ import annotations

import re

from sitegen.content.plain import to_markdown
from sitegen.errors import Problem
from sitegen.importers.fields import Placed, language_tag, plain
from sitegen.importers.listing import Entry, Listing
from sitegen.model import Date
from sitegen.text.identifiers import doi_of

_TAG = re.compile(r"([A-Z]{2,4}) {0,2}- ?(.*)$")
_FIELDS = {
    "TI": "title",
    "JT": "venue",
    "TA": "venue_short",
    "VI": "volume",
    "IP": "issue",
    "PG": "pages",
    "PB": "publisher",
}
_QUIET = frozenset(
    "OWN STAT DCOM LR EDAT MHDA CRDT PHST SO SB JID IS PST AU AUID AD LA FAU CN MH OT DP DEP LID AID PMC PMCR PMID MID "
    "OTO RN NM COIS CON SI GR PL EIN CIN CRF CRI IR FIR IRAD CI PT BTI CTI DA".split()
)
_MAJOR_TYPES = {"Journal Article": "article-journal", "Preprint": "article", "Book": "book", "Book Chapter": "chapter"}


def read_nbib(text: str, source: str, captured: Date | None) -> Listing:
    """Every record; lines that belong to none are told."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    fields: list[tuple[str, str]] = []
    start = 0
    for number, line in enumerate([*text.split("\n"), "PMID- "], 1):
        line = line.strip("\ufeff").rstrip()
        tag = _TAG.match(line)
        if tag and tag[1] == "PMID":
            if fields:
                placed = _placed(fields)
                entries.append(Entry(placed.raw, start, tuple(placed.unused)))
            fields, start = [], number
        if tag:
            fields.append((tag[1], tag[2].strip()))
        elif line.startswith("      ") and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}".strip())
        elif line.strip():
            problems.append(
                Problem(
                    source=source,
                    line=number,
                    message="belongs to no record",
                    hint="a record begins with 'PMID- '",
                    severity="warning",
                )
            )
    return Listing(captured=captured, entries=tuple(entries), problems=tuple(problems))


def looks_like_nbib(text: str) -> bool:
    return re.search(r"^\ufeff?PMID- ?\d", text[:5000], re.MULTILINE) is not None


def _placed(fields: list[tuple[str, str]]) -> Placed:
    placed = Placed()
    people: list[dict[str, str]] = []
    shorts: list[str] = []
    tags: list[str] = []
    extra: dict[str, str] = {}
    for tag, value in fields:
        if not value:
            continue
        if tag in _FIELDS:
            placed.set(_FIELDS[tag], plain(value).rstrip(".") if tag == "TI" else plain(value))
        elif tag == "AB":
            placed.set("abstract", to_markdown(plain(value)))
        elif tag == "FAU":
            family, _, given = value.partition(",")
            people.append(
                {"name": f"{given.strip()} {family.strip()}".strip(), "family": family.strip(), "given": given.strip()}
            )
        elif tag == "AU":
            shorts.append(value)
        elif tag == "AUID" and people and "ORCID" in value.upper():
            people[-1]["orcid"] = re.sub(r"^.*?(\d{4}-?\d{4}-?\d{4}-?\d{3}[\dXx]).*$", r"\1", value)
        elif tag == "AD" and people:
            people[-1].setdefault("affiliation", value.rstrip("."))
        elif tag == "CN":
            placed.set("collaboration", value)
        elif tag == "DP":
            placed.set("date", value)
        elif tag in ("LID", "AID") and value.endswith("[doi]"):
            placed.set("doi", doi_of(value.removesuffix("[doi]").strip()))
        elif tag in ("PMID", "PMC"):
            extra[tag.lower()] = value
        elif tag in ("OT", "MH"):
            tags.append(plain(value.split("/")[0].strip("* ")))
        elif tag == "LA":
            placed.set("language", language_tag(value))
        elif tag == "PT":
            placed.set("type", _MAJOR_TYPES.get(value))
        elif tag not in _QUIET:
            placed.unused.append(tag)
    placed.set("authors", [_without_empty(person) for person in people] or shorts)
    placed.set("tags", list(dict.fromkeys(tags)))
    if pmid := extra.get("pmid"):
        placed.set("id", f"pmid-{pmid}")
    placed.set("extra", extra)
    return placed


def _without_empty(person: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in person.items() if value}
