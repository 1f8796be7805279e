"""A paper as a bibliography sees it: CSL's item, typed.

The vocabulary is CSL 1.0.2's. Citations, metadata for machines and COinS all say the same of a paper because all of
them start here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import msgspec

from sitegen.model import Paper, Person
from sitegen.text.item_types import item_type
from sitegen.text.names import name_parts

_CONFERENCE = re.compile(
    r"\b(?:proceedings|conference|workshops?|symposium|meeting|findings|congress|colloquium|summit|NeurIPS|NIPS|ICML|"
    r"ICLR|AAAI|IJCAI|ACL|EMNLP|NAACL|EACL|COLING|CVPR|ICCV|ECCV|KDD|SIGIR|WWW|STOC|FOCS|SODA|COLT|AISTATS|UAI)\b",
    re.IGNORECASE,
)
_PREPRINT = re.compile(r"\b(?:arxiv|biorxiv|medrxiv|corr|preprint|openreview)\b", re.IGNORECASE)
_GENRES = {
    "phdthesis": "PhD thesis",
    "mastersthesis": "Master's thesis",
    "bachelorsthesis": "Bachelor's thesis",
}


class Name(msgspec.Struct, frozen=True):
    """A name in parts. ``given`` is empty for one that has a single part; ``suffix``: "Jr." and such; ``particle`` is
    set where the source parts it from the family name; a ``literal`` name is a group's."""

    family: str
    given: str = ""
    suffix: str = ""
    particle: str = ""
    literal: bool = False

    @property
    def whole_family(self) -> str:
        return f"{self.particle} {self.family}" if self.particle else self.family

    @property
    def inverted(self) -> str:
        """``Family, Given, Jr.``"""
        return ", ".join([part for part in (self.whole_family, self.given, self.suffix) if part])

    @property
    def printed(self) -> str:
        """``Given Family Jr.``"""
        return " ".join([part for part in (self.given, self.whole_family, self.suffix) if part])


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """What a reference says of a paper; texts are empty where nothing is known.

    Attributes:
        type: CSL's. ``entry_type``: BibTeX's, where the source was BibTeX. ``genre``: "PhD thesis".
        others: there are more authors than those named. ``collaboration``: the group that they belong to.
        year: four digits; ``month``, ``day``: 0 where not known.
        container: journal, proceedings or book. ``series``: what the book is part of.
        issue: of a journal; ``number``: of a report. ``first_page``, ``last_page``: of ``pages``.
        url: where a reader finds it: the page given by the caller, else DOI, arXiv or PDF.
    """

    type: str
    entry_type: str = ""
    genre: str = ""
    names: tuple[Name, ...] = ()
    editors: tuple[Name, ...] = ()
    others: bool = False
    collaboration: str = ""
    year: str = ""
    month: int = 0
    day: int = 0
    container: str = ""
    container_short: str = ""
    series: str = ""
    volume: str = ""
    issue: str = ""
    number: str = ""
    pages: str = ""
    edition: str = ""
    publisher: str = ""
    isbn: str = ""
    note: str = ""
    url: str = ""

    @property
    def first_page(self) -> str:
        return page_range(self.pages)[0]

    @property
    def last_page(self) -> str:
        return page_range(self.pages)[1]


def reference(paper: Paper, url: str = "") -> Reference:
    """The reference of a paper; ``url`` is its page's absolute address where it has one."""
    extra, authors, date = paper.extra, paper.authors, paper.date
    kind = _type(paper)
    stated = str(extra.get("entry_type") or "").lower() if extra else ""
    entry_type = stated if stated and item_type(stated) in (kind, None) else ""
    return Reference(
        type=kind,
        entry_type=entry_type,
        genre=_GENRES.get(entry_type, "") if kind == "thesis" else "",
        names=tuple([name_of(person) for person in authors]),
        editors=tuple([name_of(person) for person in paper.editors]),
        others=bool(authors) and (paper.more_authors or (paper.author_count or 0) > len(authors)),
        collaboration=paper.collaboration or "",
        year=f"{date.year:04}" if date else "",
        month=date.month if date else 0,
        day=date.day if date else 0,
        container=paper.venue or "",
        container_short=paper.venue_short or "",
        series=paper.series or "",
        volume=paper.volume or "",
        issue=paper.issue or "",
        number=paper.number or "",
        pages=re.sub("-{2,}", "–", paper.pages or ""),
        edition=paper.edition or "",
        publisher=paper.publisher or "",
        isbn=paper.isbn or "",
        note=paper.note or "",
        url=url or address(paper),
    )


def page_range(pages: str) -> tuple[str, str]:
    """First and last page. The longest dash parts them, as a page's own number may hold a hyphen: ``10-1–10-5``."""
    for dash in ("—", "–", "-"):
        if dash in pages:
            first, _, last = pages.partition(dash)
            return first.strip(), last.strip(" -–—")
    return pages.strip(), ""


def address(paper: Paper) -> str:
    """Where the paper itself is: DOI, arXiv, or its PDF; empty if nothing is known."""
    if paper.doi:
        return f"https://doi.org/{paper.doi}"
    if paper.arxiv:
        return f"https://arxiv.org/abs/{paper.arxiv}"
    pdf = paper.links.pdf or ""
    return pdf if pdf.startswith(("http://", "https://")) else ""


@lru_cache(maxsize=16384)
def name_of(person: Person) -> Name:
    """The parts of a person's name; a particle stands with the family name unless the source parts them."""
    name = name_parts(person)
    if name.literal or person.particle:
        return Name(name.family, name.given, name.suffix, name.particle, name.literal)
    return Name(name.whole_family, name.given, name.suffix)


def _type(paper: Paper) -> str:
    if paper.type:
        return paper.type
    stated: Any = paper.extra.get("entry_type") if paper.extra else None
    if isinstance(stated, str) and (known := item_type(stated)) and known != "document":
        return known
    if paper.venue:
        if _PREPRINT.search(paper.venue):
            return "article"
        return "paper-conference" if _CONFERENCE.search(paper.venue) else "article-journal"
    return "article" if paper.arxiv else "document"
