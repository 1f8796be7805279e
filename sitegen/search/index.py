"""The Lunr index of a collection, in arrays.

Two stages: ``analyse`` works on one document and may run anywhere, its result is kept from build to build;
``build_index`` puts the analyses of all documents together. The index holds what lunr.py's builder counts
(frequencies, lengths, the order in which it met the terms) and not what it computes from that, since any edit
changes averages and so nearly every weight, but hardly a count.

Source of the model: lunr.py 0.8, ``lunr/builder.py`` and ``lunr/idf.py``.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

from sitegen.search.text import terms

Ints: TypeAlias = npt.NDArray[np.int64]

_MOST = 65535  # repetitions of one term in one field that are counted


class Label(msgspec.Struct, frozen=True, array_like=True):
    """A topic or tag as a reader sees it, and its URL segment."""

    label: str
    slug: str


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What a result shows of a paper.

    Attributes:
        url: relative to the root of the site. ``date``: ISO, or ``""``.
        authors: full names in printed order. ``summary``: plain text.
    """

    id: str
    url: str
    title: str
    authors: tuple[str, ...] = ()
    date: str = ""
    venue: str = ""
    votes: int | None = None
    topics: tuple[Label, ...] = ()
    tags: tuple[Label, ...] = ()
    summary: str = ""


class Document(msgspec.Struct, frozen=True):
    """A paper as search sees it: plain text by field, and its card."""

    fields: dict[str, str]
    card: Card


class Field(msgspec.Struct, frozen=True, array_like=True):
    """A field of the index; ``boost`` multiplies its weights, as in Lunr's builder."""

    name: str
    boost: float = 1


class Model(msgspec.Struct, frozen=True):
    """Lunr's settings. Unboosted fields rank best: a title boost of ten costs 0.04 nDCG@10 (``bench/``)."""

    fields: tuple[Field, ...] = (
        Field("title"),
        Field("authors"),
        Field("tags"),
        Field("topics"),
        Field("venue"),
        Field("abstract"),
        Field("identifiers"),
    )
    k1: float = 1.2
    b: float = 0.75


class Analysis(msgspec.Struct, frozen=True, array_like=True):
    """What the index needs of one document, by field in the order of the model.

    ``terms``: distinct terms in order of first use, joined by blanks. ``counts``: their frequencies, two
    bytes each, little-endian. ``lengths``: number of terms with repetitions.
    """

    card: Card
    terms: tuple[str, ...]
    counts: tuple[bytes, ...]
    lengths: tuple[int, ...]


def analyse(document: Document, model: Model) -> Analysis:
    """The terms of one document, of which alone the result depends."""
    joined, counts, lengths = [], [], []
    for field in model.fields:
        found = terms(document.fields.get(field.name, ""))
        counted = Counter(found)
        joined.append(" ".join(counted))
        counts.append(array("H", [min(n, _MOST) for n in counted.values()]).tobytes())
        lengths.append(len(found))
    return Analysis(document.card, tuple(joined), tuple(counts), tuple(lengths))


class Index(msgspec.Struct, frozen=True):
    """The whole index. Documents are numbered oldest first, so that new papers are appended.

    Attributes:
        cards: one for each document, by number.
        lengths: field lengths, shape (documents, fields).
        terms: sorted; all arrays below follow this order.
        order: lunr.py's ``_index`` of each term: the order in which the builder first met them.
        starts: posting rows of term t in field f are ``starts[t * F + f]`` to ``starts[t * F + f + 1]``.
        documents, frequencies: the posting rows: document numbers (ascending in a row) and term frequencies.
        ordinals: place of each term among the distinct terms of the field where it was first met. With the
            first document and field of a term it gives ``order`` back, yet an edit elsewhere leaves it alone.
    """

    model: Model
    cards: list[Card]
    lengths: Ints
    terms: list[str]
    order: Ints
    starts: Ints
    documents: Ints
    frequencies: Ints
    ordinals: Ints


class _Vocabulary(dict[str, int]):
    """term -> number, in the order of first use."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


def stable_order(keys: Ints) -> Ints:
    """``argsort(kind="stable")`` of non-negative numbers by radix: NumPy has that for 16-bit numbers only."""
    order = np.argsort(keys.astype(np.uint16), kind="stable")
    rest = keys >> 16
    while rest.any():
        order = order[np.argsort(rest[order].astype(np.uint16), kind="stable")]
        rest = rest >> 16
    return order


def number(analyses: Iterable[Analysis]) -> list[Analysis]:
    """The analyses in the order of their document numbers: undated first, then oldest first, then by id."""
    return sorted(analyses, key=lambda a: (a.card.date, a.card.id))


def build_index(analyses: Sequence[Analysis], model: Model) -> Index:
    """The index of documents already in order (see ``number``)."""
    fields = len(model.fields)
    vocabulary = _Vocabulary()
    met = array("i")
    for analysis in analyses:
        for text in analysis.terms:
            if text:
                met.extend(map(vocabulary.__getitem__, text.split(" ")))
    numbers = np.frombuffer(met, dtype=np.int32)
    counts = np.frombuffer(b"".join(chain.from_iterable(a.counts for a in analyses)), dtype="<u2")
    lengths = np.array([a.lengths for a in analyses], dtype=np.int64).reshape(-1, fields)
    sizes = np.array([[len(c) // 2 for c in a.counts] for a in analyses], dtype=np.int64).reshape(-1)

    terms_ = sorted(vocabulary)
    order = np.fromiter(map(vocabulary.__getitem__, terms_), dtype=np.int64, count=len(terms_))
    rank = np.empty(len(terms_), dtype=np.int64)
    rank[order] = np.arange(len(terms_))

    rows = np.repeat(np.arange(len(sizes)), sizes)  # document * fields + field of every occurrence
    keys = rank[numbers] * fields + rows % fields
    by_term = stable_order(keys)
    starts = np.zeros(len(terms_) * fields + 1, dtype=np.int64)
    np.cumsum(np.bincount(keys, minlength=len(terms_) * fields), out=starts[1:])

    first = np.unique(numbers, return_index=True)[1]
    row_starts = np.concatenate(([0], np.cumsum(sizes)))
    ordinals = (first - row_starts[rows[first]])[order] if len(terms_) else order
    return Index(
        model=model,
        cards=[a.card for a in analyses],
        lengths=lengths,
        terms=terms_,
        order=order,
        starts=starts,
        documents=(rows // fields)[by_term],
        frequencies=counts[by_term].astype(np.int64),
        ordinals=ordinals,
    )
