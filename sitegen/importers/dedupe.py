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


class SourceKeys:
    """The keys that one source gives its entries, and which of them stand for which known paper.

    A talk and its journal version have one title and one list of authors, and two keys. To take them for one would
    make a paper that does not exist, so entries with two keys stay two unless type, year, venue and pages agree as far
    as both say them.
    """

    def __init__(self, papers: Iterable[Paper]) -> None:
        self._keys = {key for paper in papers if (key := key_of(paper))}
        self._shown: dict[int, list[Paper]] = {}

    def shown(self, position: int, paper: Paper) -> None:
        """Remember that the source shows a known paper as this entry."""
        self._shown.setdefault(position, []).append(paper)

    def others(self, position: int, paper: Paper) -> list[str]:
        """Other keys under which the source has shown the paper."""
        keys = [key_of(shown) for shown in self._shown.get(position, ())]
        return [key for key in dict.fromkeys(keys) if key and key != key_of(paper)]

    def is_another(self, position: int, known: Paper, paper: Paper, listing: str) -> bool:
        """Whether a known paper is what the source shows by another key, and says other things of."""
        key = key_of(paper)
        if not key:
            return False
        entries = self._shown.get(position) or ([known] if _was_in(known, listing) else [])
        return any(
            (other := key_of(entry)) != key and other in self._keys and not _agree(entry, paper) for entry in entries
        )


def key_of(paper: Paper) -> str:
    """The key by which a source names an entry; empty where it has none."""
    return paper.citation_key or (paper.id if paper.id != slugify(paper.title) else "")


class KnownPapers:
    """All papers known so far, by what identifies them."""

    def __init__(self, papers: Iterable[tuple[int, Paper]]) -> None:
        self._by_title: dict[str, list[int]] = {}
        self._by_number: dict[tuple[str, str], list[int]] = {}
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
            known = self._by_number.setdefault(number, [])
            known += [position] if position not in known else []
        self._by_id.setdefault(paper.id, position)
        self._segments.add(segment(paper.id))

    def find(self, paper: Paper, listing: str, source: SourceKeys, met: Collection[int] = ()) -> int | None:
        """The known paper that this one is, or ``None``.

        It is the same when an identifier (DOI, arXiv) is; else when the title is, unless identifiers or authors
        contradict; else when the same listing showed it under the same id before. A paper that was ``met`` already is
        not met again by its id: a list that uses one id twice shows two papers. Two entries of one source with keys of
        their own are one paper only where they agree: see ``SourceKeys``.
        """
        numbered = [position for number in _numbers(paper) for position in self._by_number.get(number, ())]
        titled = [
            position
            for position in self._by_title.get(title_digest(paper.title), ())
            if not _contradict(self._papers[position], paper)
        ]
        candidates = [
            position
            for position in dict.fromkeys([*numbered, *titled])
            if not source.is_another(position, self._papers[position], paper, listing)
        ]
        if candidates:
            # Of a talk and its journal version, the one that the source calls by the same key.
            named = [position for position in candidates if self._papers[position].id == paper.id]
            return (named or candidates)[0]
        holder = self._by_id.get(paper.id)
        if holder is None or holder in met or paper.id == slugify(paper.title):
            return None
        known = self._papers[holder]
        return holder if _was_in(known, listing) and not _contradict(known, paper) else None

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


def _was_in(paper: Paper, listing: str) -> bool:
    return any(appearance.listing == listing for appearance in (paper.imported.listings if paper.imported else ()))


def _agree(one: Paper, other: Paper) -> bool:
    """Whether two entries say nothing different of type, year, venue and pages."""
    pairs = (
        (one.type, other.type),
        (one.date and one.date.year, other.date and other.date.year),
        (title_key(one.venue or ""), title_key(other.venue or "")),
        (one.pages, other.pages),
    )
    return all(not mine or not theirs or mine == theirs for mine, theirs in pairs)


def _contradict(one: Paper, other: Paper) -> bool:
    """Whether two papers with one title are known to be two: "Introduction" is written every year."""
    numbers, others = dict(_numbers(one)), dict(_numbers(other))
    if any(numbers[kind] != others[kind] for kind in numbers.keys() & others.keys()):
        return True
    names, other_names = _family_names(one), _family_names(other)
    return bool(names) and bool(other_names) and not names & other_names


def _family_names(paper: Paper) -> set[str]:
    return {title_key(name_parts(person).family.split()[-1]) for person in paper.authors}
