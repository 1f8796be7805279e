"""A paper as a bibliography sees it: what kind of publication, by whom, when, in what.

Citations, metadata for machines and COinS all say the same of a paper because all of them start here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Literal

import msgspec

from sitegen.model import Paper, Person
from sitegen.text.names import name_parts

Kind = Literal["article", "conference", "preprint", "other"]

_CONFERENCE = re.compile(
    r"\b(?:proceedings|conference|workshops?|symposium|meeting|findings|congress|colloquium|summit|NeurIPS|NIPS|ICML|"
    r"ICLR|AAAI|IJCAI|ACL|EMNLP|NAACL|EACL|COLING|CVPR|ICCV|ECCV|KDD|SIGIR|WWW|STOC|FOCS|SODA|COLT|AISTATS|UAI)\b",
    re.IGNORECASE,
)
_PREPRINT = re.compile(r"\b(?:arxiv|biorxiv|medrxiv|corr|preprint|openreview)\b", re.IGNORECASE)
_ENTRY_TYPES: dict[str, Kind] = {
    "article": "article",
    "inproceedings": "conference",
    "conference": "conference",
    "proceedings": "conference",
    "unpublished": "preprint",
    "preprint": "preprint",
}


class Name(msgspec.Struct, frozen=True):
    """An author's name in parts. ``given`` is empty for one that has a single part; ``suffix``: "Jr." and such."""

    family: str
    given: str = ""
    suffix: str = ""

    @property
    def inverted(self) -> str:
        """``Family, Given, Jr.``"""
        if not self.suffix:
            return f"{self.family}, {self.given}" if self.given else self.family
        return ", ".join([part for part in (self.family, self.given, self.suffix) if part])

    @property
    def printed(self) -> str:
        """``Given Family Jr.``"""
        if not self.suffix:
            return f"{self.given} {self.family}" if self.given else self.family
        return " ".join([part for part in (self.given, self.family, self.suffix) if part])


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """What a reference says of a paper.

    Attributes:
        others: there are more authors than those named.
        year: four digits, or empty; ``month``, ``day``: 0 where not known.
        container: journal, proceedings or series.
        volume, number, pages, publisher: as the source says, or empty. ``first_page``, ``last_page``: of ``pages``.
        url: where a reader finds it: the page given by the caller, else DOI, arXiv or PDF.
    """

    kind: Kind
    names: tuple[Name, ...]
    others: bool
    year: str
    month: int
    day: int
    container: str
    volume: str
    number: str
    pages: str
    publisher: str
    url: str

    @property
    def first_page(self) -> str:
        return re.split("[-–]", self.pages)[0].strip() if self.pages else ""

    @property
    def last_page(self) -> str:
        return re.split("[-–]+", self.pages, maxsplit=1)[1].strip() if "-" in self.pages or "–" in self.pages else ""


def reference(paper: Paper, url: str = "") -> Reference:
    """The reference of a paper; ``url`` is its page's absolute address where it has one."""
    extra, authors, date = paper.extra, paper.authors, paper.date
    return Reference(
        kind=_kind(paper),
        names=tuple([name_of(person) for person in authors]),
        others=bool(authors) and (paper.more_authors or (paper.author_count or 0) > len(authors)),
        year=f"{date.year:04}" if date else _year(_said(extra, "year")) if extra else "",
        month=date.month if date else _month(extra),
        day=date.day if date else 0,
        container=paper.venue or "",
        volume=_said(extra, "volume") if extra else "",
        number=_said(extra, "number", "issue") if extra else "",
        pages=re.sub("-{2,}", "–", _said(extra, "pages")) if extra else "",
        publisher=_said(extra, "publisher") if extra else "",
        url=url or address(paper),
    )


def _said(extra: dict[str, Any], *keys: str) -> str:
    """The first of these fields that says something, in one line."""
    values = (extra.get(key) for key in keys)
    return next((" ".join(str(v).split()) for v in values if isinstance(v, str | int) and str(v).strip()), "")


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
    """The parts of a person's name, the particle with the family name."""
    name = name_parts(person)
    return Name(name.whole_family, name.given, name.suffix)


def _kind(paper: Paper) -> Kind:
    stated = paper.extra.get("entry_type") if paper.extra else None
    if isinstance(stated, str) and stated in _ENTRY_TYPES:
        return _ENTRY_TYPES[stated]
    if paper.venue:
        if _PREPRINT.search(paper.venue):
            return "preprint"
        return "conference" if _CONFERENCE.search(paper.venue) else "article"
    return "preprint" if paper.arxiv else "other"


def _month(extra: dict[str, Any]) -> int:
    # Front matter holds text only; JSON holds numbers.
    month = re.fullmatch("0?([1-9]|1[0-2])", str(extra.get("month", "")))
    return int(month[1]) if month else 0


def _year(text: str) -> str:
    return text if re.fullmatch(r"[12]\d{3}", text) else ""
