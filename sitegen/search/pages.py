"""The index in pages: what a reader's browser fetches instead of the whole index.

``docs/search-format.md`` describes every byte. All pages but the manifest carry a digest of their content in
their name, so they can be cached for ever and an old page never meets a new index.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise

import msgspec
import numpy as np

from sitegen.search.codec import columns, name, pack, term_table, varint_bytes
from sitegen.search.index import Index, first_met
from sitegen.search.lexicon import Rows
from sitegen.search.parts import card_blocks, facet, years
from sitegen.search.ranking import Near

FORMAT = 1
MANIFEST = "search/manifest.json"

_PAGE = 6_000  # bytes before compression at which a term page is cut, at the next cutting point
_PAGE_PAPERS = 12_500  # papers up to which that holds; twice as many make pages twice as large
_VOCABULARY = 12_000  # the same for a block of the vocabulary
_CARDS = 4  # result cards in a block, while that makes fewer than _MOST_BLOCKS files
_MOST_BLOCKS = 1250
_STEPS = [factor * 2**power for power in range(40) for factor in (1, 1.25, 1.5, 1.75)]
_SUMMARY_PAPERS = 20_000  # papers up to which cards have summaries: above, a block would be too large
_AUTHORS_PAPERS = 20_000  # papers up to which authors can be counted as a facet
_NAME = 8  # characters of a name, 40 bits; blocks of cards are numbered too and need fewer
_NEAR_BYTES = 48_000  # up to this size all neighbours are one file, above they stand on the cards
_NEAR_PAPERS = 20_000  # papers up to which they are published: above, cards cannot afford them


class File(msgspec.Struct, frozen=True):
    """A file of the index. ``make`` computes its content, which need not be done where the file lies already."""

    path: str
    make: Callable[[], bytes]


class Made(msgspec.Struct, frozen=True):
    """All files of an index, the manifest last, and what the next build need not compute again.

    ``known``: digest of what a page is made from -> the name of the page.
    """

    files: list[File]
    known: dict[bytes, str]


def cut(terms: Sequence[str], sizes: Sequence[int], page: int) -> list[int]:
    """Where pages of terms begin, as positions (0 and ``len(terms)`` included).

    A page ends at the first term after ``page`` bytes whose own digest says so: one more posting moves a cut
    or two and not all that follow. A term as large as a page is alone on one.
    """
    cuts, filled = [0], 0
    for t, (term, size) in enumerate(zip(terms, sizes, strict=True)):
        due = filled >= page and (zlib.crc32(term.encode()) & 15 == 0 or filled >= 2 * page)
        if t and t != cuts[-1] and (due or size >= page):
            cuts.append(t)
            filled = 0
        filled += size
        if size >= page and t + 1 < len(terms):
            cuts.append(t + 1)
            filled = 0
    return [*cuts, len(terms)] if terms else [0]


def separators(terms: Sequence[str], cuts: Sequence[int]) -> list[str]:
    """For each page a shortest string that is above all earlier terms and not above its own first."""
    found = []
    for begin in cuts[:-1]:
        before, first = (terms[begin - 1] if begin else ""), terms[begin]
        length = next((i for i, (a, b) in enumerate(zip(before, first, strict=False)) if a != b), len(before))
        found.append(first[: length + 1] if begin else "")
    return found


def _stepped(size: int, documents: int, enough: int) -> int:
    """``size`` while there are ``enough`` documents at most, then larger by steps of about a quarter: a growing
    collection seldom passes a step, and only then all pages change."""
    step = next(step for step in _STEPS if step * enough >= documents)
    return int(size * step)


class _Terms:
    """The term pages and vocabulary blocks of one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._fields = len(index.model.fields)
        self._rows = np.diff(index.starts).reshape(-1, self._fields)
        self._ordinals = first_met(index)[2]
        self._counts = self._rows.sum(axis=1)
        terms = index.terms
        sizes = self._counts * 3 + np.fromiter(map(len, terms), dtype=np.int64, count=len(terms))
        self.cuts = cut(terms, sizes.tolist(), _stepped(_PAGE, len(index.papers.ids), _PAGE_PAPERS))

    def digest(self, begin: int, end: int) -> bytes:
        """Of everything that the page of some terms is made from."""
        index, fields = self._index, self._fields
        low, high = index.starts[begin * fields], index.starts[end * fields]
        made = hashlib.blake2b(" ".join(index.terms[begin:end]).encode(), digest_size=16)
        for part in (self._rows[begin:end], self._ordinals[begin:end], index.documents[low:high]):
            made.update(part.tobytes())
        made.update(index.frequencies[low:high].tobytes())
        made.update(self._lengths(begin, end).tobytes())
        return made.digest()

    def _lengths(self, begin: int, end: int) -> Rows:
        index, fields = self._index, self._fields
        low, high = index.starts[begin * fields], index.starts[end * fields]
        field = np.repeat(np.arange((end - begin) * fields) % fields, self._rows[begin:end].reshape(-1))
        return index.lengths[index.documents[low:high], field]

    def page(self, begin: int, end: int) -> bytes:
        """The page of some terms, field by field: numbers of one kind stand together and compress better."""
        index, fields = self._index, self._fields
        low, high = index.starts[begin * fields], index.starts[end * fields]
        rows = self._rows[begin:end]
        cell = np.repeat(np.arange(rows.size), rows.reshape(-1))
        order = np.argsort(cell % fields, kind="stable")
        cell, documents = cell[order], index.documents[low:high][order].astype(np.int64)
        gaps = np.diff(documents, prepend=0) - 1
        begins = np.flatnonzero(np.diff(cell, prepend=-1))
        gaps[begins] = documents[begins]
        masks = ((rows > 0) << np.arange(fields)).sum(axis=1)
        return columns(
            term_table(index.terms[begin:end]),
            varint_bytes(self._ordinals[begin:end]),
            varint_bytes(masks),
            varint_bytes(rows[rows > 0]),
            varint_bytes(gaps),
            varint_bytes(index.frequencies[low:high][order].astype(np.int64) - 1),
            varint_bytes(self._lengths(begin, end)[order].astype(np.int64)),
        )

    def blocks(self) -> Iterator[tuple[int, bytes]]:
        """(first term page, content) of each block: the terms of some pages and how often they occur."""
        terms, cuts = self._index.terms, self.cuts
        first, filled = 0, 0
        for page, (begin, end) in enumerate(pairwise(cuts)):
            due = filled >= _VOCABULARY and zlib.crc32(terms[begin].encode()) & 3 == 0
            if due or filled >= 2 * _VOCABULARY:
                yield first, self._block(cuts[first], begin)
                first, filled = page, 0
            filled += sum(map(len, terms[begin:end]))
        if terms:
            yield first, self._block(cuts[first], len(terms))

    def _block(self, begin: int, end: int) -> bytes:
        return columns(term_table(self._index.terms[begin:end]), varint_bytes(self._counts[begin:end]))


def _packed(content: bytes) -> Callable[[], bytes]:
    return partial(pack, content)


def make_pages(index: Index, near: Near | None = None, known: Mapping[bytes, str] | None = None) -> Made:
    """The files of an index. ``known``: what ``Made.known`` was when pages were last made."""
    papers, model = index.papers, index.model
    count, totals = len(papers.ids), index.lengths.sum(axis=0, dtype=np.int64).tolist()
    files: list[File] = []
    names: dict[bytes, str] = {}
    terms = _Terms(index)
    for begin, end in pairwise(terms.cuts):
        digest = terms.digest(begin, end)
        made = (known or {}).get(digest)
        if made is None:
            content = terms.page(begin, end)
            made = name(content, _NAME)
            files.append(File(f"search/terms/{made}.bin", _packed(content)))
        else:
            files.append(File(f"search/terms/{made}.bin", partial(_page, terms, begin, end)))
        names[digest] = made

    vocabulary: list[tuple[int, str]] = []
    for first, content in terms.blocks():
        vocabulary.append((first, name(content, _NAME)))
        files.append(File(f"search/vocabulary/{vocabulary[-1][1]}.bin", _packed(content)))

    if count > _NEAR_PAPERS:
        near = None
    whole = near is not None and near.size * max(count - 1, 1).bit_length() <= _NEAR_BYTES * 8
    size = _stepped(_CARDS, count, _CARDS * _MOST_BLOCKS)
    blocks = []
    for i, content in enumerate(card_blocks(papers, size, None if whole else near, count <= _SUMMARY_PAPERS)):
        blocks.append(name(content, 6))
        files.append(File(f"search/cards/{i}-{blocks[-1]}.bin", _packed(content)))

    votes = [-1 if n is None else max(n, 0) for n in papers.votes]
    parts: dict[str, bytes] = {kind: facet(some) for kind, some in index.labelled.items()}
    parts["votes"] = varint_bytes(np.array(votes, dtype=np.int64) + 1)
    if count > _AUTHORS_PAPERS:
        del parts["authors"]
    if near is not None and whole:
        parts["near"] = near.packed()
    part_names = {part: name(content, _NAME) for part, content in parts.items()}
    files += [File(f"search/{part}/{part_names[part]}.bin", _packed(parts[part])) for part in parts]

    manifest = {
        "format": FORMAT,
        "documents": count,
        "fields": [[f.name, float(f.boost), total] for f, total in zip(model.fields, totals, strict=True)],
        "k1": float(model.k1),
        "b": float(model.b),
        "terms": {"starts": " ".join(separators(index.terms, terms.cuts)), "names": "".join(names.values())},
        "vocabulary": {"pages": [p for p, _ in vocabulary], "names": "".join(n for _, n in vocabulary)},
        "cards": {"size": size, "names": "".join(blocks)},
        "parts": part_names,
        "years": years(papers.dates),
        "neighbours": near.each if near is not None else 0,
    }
    files.append(File(MANIFEST, partial(msgspec.json.encode, manifest)))
    return Made(files, names)


def _page(terms: _Terms, begin: int, end: int) -> bytes:
    return pack(terms.page(begin, end))


def pages(index: Index, near: Near | None = None) -> Iterator[tuple[str, bytes]]:
    """(path, content) of every file of the index; the manifest comes last."""
    for file in make_pages(index, near).files:
        yield file.path, file.make()
