"""When two records are the same paper, and what a paper is called."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable

from sitegen.model import Paper
from sitegen.text.names import name_parts
from sitegen.urls import segment, slugify

# Signs that tell titles apart: "C++" and "C", "A*" and "A", "1.5" and "15".
_DROPPED = re.compile(r"[^\w+*#.]|_|(?<!\d)\.|\.(?!\d)")
_LATEX = re.compile(r"\\(?:text(?:bf|it|rm|tt)|emph|mathrm|mathcal|mathbf|left|right)\b|[\\${}]")

# arXiv gives every paper a DOI, which says no more than its number.
_ARXIV_DOI = "10.48550/arxiv."


def title_key(title: str) -> str:
    """What of a title counts when titles are compared: letters, digits, ``+ * #`` and decimal points, without
    case and accents."""
    plain = unicodedata.normalize("NFKD", _LATEX.sub("", title))
    folded = "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()
    return _DROPPED.sub("", folded) or " ".join(title.split())


def title_digest(title: str) -> str:
    """The title's key as ``Imported.titles`` keeps it: 12 hexadecimal digits."""
    return hashlib.blake2b(title_key(title).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


class KnownPapers:
    """All papers known so far, by what identifies them."""

    def __init__(self, papers: Iterable[tuple[int, Paper]]) -> None:
        self._by_title: dict[str, list[int]] = {}
        self._by_number: dict[tuple[str, str], int] = {}
        self._by_id: dict[str, int] = {}
        self._segments: set[str] = set()
        self._papers: dict[int, Paper] = {}
        for position, paper in papers:
            self.add(position, paper)

    def add(self, position: int, paper: Paper) -> None:
        """Remember a paper, or what has been learnt of one; ``position`` is the caller's name for it."""
        self._papers[position] = paper
        digests = {title_digest(paper.title), *(paper.imported.titles if paper.imported else ())}
        for digest in digests:
            known = self._by_title.setdefault(digest, [])
            known += [position] if position not in known else []
        for number in _numbers(paper):
            self._by_number.setdefault(number, position)
        self._by_id.setdefault(paper.id, position)
        self._segments.add(segment(paper.id))

    def find(self, paper: Paper, listing: str, met: Collection[int] = ()) -> int | None:
        """The known paper that this one is, or ``None``.

        It is the same when an identifier (DOI, arXiv) is; else when the title is, unless identifiers or
        authors contradict; else when the same listing showed it under the same id before. A paper that was
        ``met`` already is not met again by its id: a list that uses one id twice shows two papers.
        """
        for number in _numbers(paper):
            if number in self._by_number:
                return self._by_number[number]
        for position in self._by_title.get(title_digest(paper.title), ()):
            if not _contradict(self._papers[position], paper):
                return position
        holder = self._by_id.get(paper.id)
        if holder is None or holder in met or paper.id == slugify(paper.title):
            return None
        known = self._papers[holder]
        listings = known.imported.listings if known.imported else ()
        shown_before = any(appearance.listing == listing for appearance in listings)
        return holder if shown_before and not _contradict(known, paper) else None

    def free_id(self, paper: Paper) -> str:
        """The paper's id, or, where another paper has it or its address, one with a digest of its own."""
        if segment(paper.id) not in self._segments:
            return paper.id
        numbers = "|".join(value for _, value in _numbers(paper))
        salt = f"{title_key(paper.title)}|{numbers}|{'|'.join(p.name for p in paper.authors)}"
        count = 0
        while True:
            digest = hashlib.blake2b(f"{salt}|{count}".encode("utf-8", "surrogatepass"), digest_size=3).hexdigest()
            candidate = f"{segment(paper.id)[:72].rstrip('-._')}-{digest}"
            if candidate not in self._segments:
                return candidate
            count += 1


def _numbers(paper: Paper) -> list[tuple[str, str]]:
    """The publisher's DOI and the arXiv number, as far as known; a version is not another paper."""
    numbers = []
    doi, arxiv = (paper.doi or "").lower(), (paper.arxiv or "").lower()
    if doi.startswith(_ARXIV_DOI):
        arxiv = arxiv or doi.removeprefix(_ARXIV_DOI)
    elif doi:
        numbers.append(("doi", doi))
    if arxiv:
        numbers.append(("arxiv", re.sub(r"v\d+$", "", arxiv)))
    return numbers


def _contradict(one: Paper, other: Paper) -> bool:
    """Whether two papers with one title are known to be two: "Introduction" is written every year."""
    numbers, others = dict(_numbers(one)), dict(_numbers(other))
    if any(numbers[kind] != others[kind] for kind in numbers.keys() & others.keys()):
        return True
    names, other_names = _family_names(one), _family_names(other)
    return bool(names) and bool(other_names) and not names & other_names


def _family_names(paper: Paper) -> set[str]:
    return {title_key(name_parts(person).family.split()[-1]) for person in paper.authors}
