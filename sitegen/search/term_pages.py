"""The term pages: postings by term, those of a frequent term in two layers.

The head layer holds the papers in which a term weighs most, and a bound for all others, so a reader can often tell
the best papers of a query without the rest of its posting lists.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import msgspec
import numpy as np
import numpy.typing as npt

from sitegen.search.arrays import ranges, stable_order
from sitegen.search.codec import Ints, columns, term_table, varint_bytes, varint_stretches
from sitegen.search.inverted_index import Index, first_met
from sitegen.search.ranking import average_lengths, field_weights, saturated

BOUND = 256  # bounds are written in this fraction of one

_POSTING = 3  # bytes of a posting before compression, about
_HEAD_SHARE = 8  # of the papers of a frequent term one in so many is in the head layer
_SHORT_TITLE = 3  # terms of a title that is looked for in the first layers alone; the client knows the number too
_HEAD_BYTES = 0.25  # what these take, more than their share since most have the term in several fields
_TAIL_SIZE = 2  # pages of the tail layer are larger by this, being seldom fetched
_BATCH = 500_000  # postings that are worked on at once: memory counts, and larger ones are no faster
_VOCABULARY = 16_000  # bytes of a vocabulary block before compression


class Layer(msgspec.Struct, frozen=True):
    """Pages of consecutive terms: page i holds ``numbers[cuts[i]:cuts[i + 1]]``, which are places in ``Index.terms``.

    ``is_head``: whether this is the head layer, which has all terms; the second has what the frequent ones have left.
    """

    is_head: bool
    numbers: Ints
    cuts: list[int]

    @property
    def pages(self) -> list[Ints]:
        return [self.numbers[begin:end] for begin, end in pairwise(self.cuts)]


class HeadLayer(msgspec.Struct, frozen=True):
    """Which postings of a frequent term are in the head layer, how many papers the others are of, and above what the
    term weighs in none of these."""

    rows: npt.NDArray[np.bool_]
    tail_papers: int
    bound: int


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


def postings_size(index: Index) -> int:
    """About how many bytes all postings take before compression."""
    return len(index.documents) * _POSTING


class Terms:
    """The pages of one index.

    Both in bytes before compression: ``page`` is the size at which one is cut, ``frequent`` that from which a term has
    two layers, at least ``page``.
    """

    def __init__(self, index: Index, page: int, frequent: int) -> None:
        self._index = index
        self._fields = len(index.model.fields)
        self._title = next((f for f, field in enumerate(index.model.fields) if field.name == "title"), -1)
        self._rows = np.diff(index.starts).reshape(-1, self._fields)
        self._ordinals = first_met(index)[2]
        self._counts = self._rows.sum(axis=1)
        sizes = self._counts * _POSTING
        self._frequent = sizes >= frequent
        lengths = np.fromiter(map(len, index.terms), dtype=np.int64, count=len(index.terms))
        near = np.where(self._frequent, (sizes * _HEAD_BYTES).astype(np.int64), sizes) + lengths
        self.head_layer = Layer(True, np.arange(len(index.terms)), cut(index.terms, near.tolist(), page))
        numbers = np.flatnonzero(self._frequent)
        far = (sizes[numbers] * (1 - _HEAD_BYTES)).astype(np.int64)
        self.tail_layer = Layer(False, numbers, cut(self.words(numbers), far.tolist(), page * _TAIL_SIZE))
        self._heads: dict[int, HeadLayer] = {}

    def words(self, numbers: Ints) -> list[str]:
        return [self._index.terms[t] for t in numbers.tolist()]

    @cached_property
    def _averages(self) -> npt.NDArray[np.float64]:
        """Average field lengths, a little above the true ones so that an edit seldom changes them and a bound computed
        with them holds."""
        mantissa, exponent = np.frexp(average_lengths(self._index.lengths))
        found: npt.NDArray[np.float64] = np.ldexp(np.ceil(mantissa * 16) / 16, exponent)
        return found

    def head(self, t: int) -> HeadLayer:
        """See ``_find_head``. Kept, for both layers ask.

        A ``functools.cache`` of the method would refer back to this object, and no build collects garbage.
        """
        if t not in self._heads:
            self._heads[t] = self._find_head(t)
        return self._heads[t]

    def _find_head(self, t: int) -> HeadLayer:
        """The head layer of a frequent term: the papers in which it weighs most (see ``ranking``), but for the idf that
        all share; of equal ones the newest. The oldest paper is among them, since Lunr adds the terms
        of a query in the order of their first papers, and so are those with the term in a short title, which somebody
        may type as a whole."""
        index, model, starts = self._index, self._index.model, self._index.starts
        rows = slice(starts[t * self._fields], starts[(t + 1) * self._fields])
        documents, tf = index.documents[rows], index.frequencies[rows]
        field = np.repeat(np.arange(self._fields), self._rows[t])
        length = index.lengths[documents, field]
        relative = length / self._averages[field]
        weights = field_weights(model)[field] * tf / (1 - model.b + model.b * relative)
        total = saturated(np.bincount(documents, weights), model.k1)
        holders = np.flatnonzero(np.bincount(documents))
        total = total[holders]
        count = -(-len(holders) // _HEAD_SHARE)
        least = np.partition(total, -count)[-count]
        leading = total > least
        leading[np.flatnonzero(total == least)[leading.sum() - count :]] = True
        leading[0] = True
        among = np.zeros(holders[-1] + 1, dtype=bool)
        among[holders] = leading
        among[documents[(field == self._title) & (length <= _SHORT_TITLE)]] = True
        others = total[~among[holders]]
        return HeadLayer(among[documents], len(others), int(others.max(initial=0) * BOUND) + 1)

    @cached_property
    def _lengths(self) -> npt.NDArray[np.unsignedinteger]:
        """The length of the field of each posting row."""
        documents, lengths = self._index.documents, self._index.lengths
        field = np.repeat((np.arange(self._rows.size) % self._fields).astype(np.int8), self._rows.reshape(-1))
        found = np.empty(len(documents), dtype=np.min_scalar_type(lengths.max(initial=0)))
        # To look them up takes several times the memory of what is found.
        for begin in range(0, len(documents), _BATCH):
            part = slice(begin, begin + _BATCH)
            found[part] = lengths[documents[part], field[part]]
        return found

    def _postings(self, numbers: Ints) -> slice | Ints:
        """The posting rows of some terms."""
        begins = self._index.starts[numbers * self._fields]
        if len(numbers) == numbers[-1] - numbers[0] + 1:
            return slice(begins[0], begins[-1] + self._counts[numbers[-1]])
        return ranges(begins, self._counts[numbers])

    def digest(self, numbers: Ints, layer: Layer) -> bytes:
        """Of everything that the page of some terms is made from."""
        index = self._index
        rows = self._postings(numbers)
        made = hashlib.blake2b(" ".join(self.words(numbers)).encode(), digest_size=16)
        made.update(bytes([layer.is_head]))
        for part in (self._rows[numbers], self._ordinals[numbers]):
            made.update(part.tobytes())
        for part in (index.documents[rows], index.frequencies[rows], self._lengths[rows]):
            made.update(part.tobytes())
        if self._frequent[numbers].any():
            made.update(self._averages.tobytes())
        return made.digest()

    def contents(self, pages: Sequence[Ints], layer: Layer) -> Iterator[bytes]:
        """The contents of some pages of a layer, in turn. Many are made at once, as many as fit into memory."""
        batch, filled = 0, 0
        for page, numbers in enumerate(pages):
            size = int(self._counts[numbers].sum())
            if page > batch and filled + size > _BATCH:
                yield from self._contents(pages[batch:page], layer)
                batch, filled = page, 0
            filled += size
        if pages:
            yield from self._contents(pages[batch:], layer)

    def _contents(self, pages: Sequence[Ints], layer: Layer) -> Iterator[bytes]:
        """Each field by field: numbers of one kind stand together and compress better."""
        index, fields, numbers = self._index, self._fields, np.concatenate(pages)
        page = np.repeat(np.arange(len(pages)), list(map(len, pages)))
        rows, counts = self._postings(numbers), self._rows[numbers]
        documents, tf, lengths = index.documents[rows], index.frequencies[rows], self._lengths[rows]
        cell = np.repeat(np.arange(counts.size, dtype=np.int32), counts.reshape(-1))
        rests, tail_papers, bounds = np.zeros((3, len(numbers)), dtype=np.int64)
        frequent = np.flatnonzero(self._frequent[numbers])
        if len(frequent):
            wanted = np.ones(len(cell), dtype=bool)
            ends = np.cumsum(self._counts[numbers])
            for i, t in zip(frequent.tolist(), numbers[frequent].tolist(), strict=True):
                head = self.head(t)
                rests[i] = np.count_nonzero(~head.rows)
                tail_papers[i], bounds[i] = head.tail_papers, head.bound
                wanted[ends[i] - len(head.rows) : ends[i]] = head.rows == layer.is_head
            cell, documents, tf, lengths = cell[wanted], documents[wanted], tf[wanted], lengths[wanted]
            counts = np.bincount(cell, minlength=counts.size).reshape(counts.shape)
        order = stable_order((page[:, None] * fields + np.arange(fields)).reshape(-1)[cell])
        cell, documents = cell[order], documents[order]
        gaps = np.diff(documents, prepend=0) - 1
        begins = np.flatnonzero(np.diff(cell, prepend=-1))
        gaps[begins] = documents[begins]

        def column(values: npt.NDArray[np.integer], pages_of: Ints) -> list[bytes]:
            return varint_stretches(values, np.searchsorted(pages_of, np.arange(len(pages)), side="right"))

        page_of_row = np.repeat(page, fields)
        there = counts.reshape(-1) > 0
        postings = page_of_row[cell]
        made = [
            [term_table(self.words(numbers)) for numbers in pages],
            column(((counts > 0) << np.arange(fields)).sum(axis=1), page),
            column(counts.reshape(-1)[there], page_of_row[there]),
            column(gaps, postings),
            column(tf[order] - 1, postings),
            column(lengths[order], postings),
        ]
        if layer.is_head:
            made += [
                column(self._ordinals[numbers], page),
                column(rests, page),
                column(tail_papers[rests > 0], page[rests > 0]),
                column(bounds[rests > 0], page[rests > 0]),
            ]
        for parts in zip(*made, strict=True):
            yield columns(*parts)

    def vocabulary(self) -> Iterator[tuple[int, bytes]]:
        """(first term page, content) of each block: the terms of some pages and how often they occur."""
        terms, cuts = self._index.terms, self.head_layer.cuts
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
