"""The Lunr index of a collection, in arrays, and how it follows the collection.

``updated`` puts analyses into an index, an empty one or that of the build before; either way the same documents
make the same index. The index holds what lunr.py's builder counts (frequencies, lengths, the order in which it
met the terms) and not what it computes from that, since any edit changes averages and so nearly every weight, but
hardly a count.

Source of the model: lunr.py 0.8, ``lunr/builder.py`` and ``lunr/idf.py``.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Literal, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

from sitegen.search.analysis import MOST, Analysis, Label, Model
from sitegen.search.codec import Ints

Rows: TypeAlias = npt.NDArray[np.int32]
Counts: TypeAlias = npt.NDArray[np.uint16]
Kind: TypeAlias = Literal["topics", "tags", "venues", "authors"]
KINDS: tuple[Kind, ...] = ("topics", "tags", "venues", "authors")


class Papers(msgspec.Struct, frozen=True):
    """What the index knows of each document beside its terms, by document number."""

    ids: list[str]
    dates: list[str]
    digests: list[bytes]
    votes: list[int | None]
    words: list[str]
    cards: list[bytes]
    summaries: list[bytes]


class Labelled(msgspec.Struct, frozen=True):
    """The labels of one kind: pairs of a document and a position in ``labels``, by document."""

    labels: list[Label]
    documents: Rows
    numbers: Rows


class Index(msgspec.Struct, frozen=True):
    """The whole index. Documents are numbered oldest first, so that new papers are appended.

    Attributes:
        labelled: by kind.
        lengths: field lengths, shape (documents, fields).
        terms: sorted; all arrays below follow this order.
        starts: posting rows of term t in field f are ``starts[t * F + f]`` to ``starts[t * F + f + 1]``.
        documents, frequencies: the posting rows: document numbers (ascending in a row) and term frequencies.
        places: of each posting row, the place of the term among the distinct terms of that field.
    """

    model: Model
    papers: Papers
    labelled: dict[Kind, Labelled]
    lengths: Rows
    terms: list[str]
    starts: Ints
    documents: Rows
    frequencies: Counts
    places: Counts


def empty_index(model: Model) -> Index:
    none = np.zeros(0, dtype=np.int32)
    return Index(
        model=model,
        papers=Papers([], [], [], [], [], [], []),
        labelled={kind: Labelled([], none, none) for kind in KINDS},
        lengths=np.zeros((0, len(model.fields)), dtype=np.int32),
        terms=[],
        starts=np.zeros(1, dtype=np.int64),
        documents=none,
        frequencies=np.zeros(0, dtype=np.uint16),
        places=np.zeros(0, dtype=np.uint16),
    )


class _Vocabulary(dict[str, int]):
    """term -> number, in the order of first use."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


def stable_order(keys: npt.NDArray[np.integer]) -> Ints:
    """``argsort(kind="stable")`` of non-negative numbers by radix: NumPy has that for 16-bit numbers only."""
    order = np.argsort(keys.astype(np.uint16), kind="stable")
    rest = keys >> 16
    while rest.any():
        order = order[np.argsort(rest[order].astype(np.uint16), kind="stable")]
        rest = rest >> 16
    return order


class _Postings(msgspec.Struct, frozen=True):
    """Posting rows before they are part of an index; ``cells`` are numbers in ``terms`` times F plus field."""

    terms: list[str]
    cells: Rows
    documents: Rows
    frequencies: Counts
    places: Counts


def _postings(analyses: Sequence[Analysis], numbers: Rows, fields: int) -> _Postings:
    vocabulary = _Vocabulary()
    met = array("i")
    for analysis in analyses:
        for text in analysis.terms:
            if text:
                met.extend(map(vocabulary.__getitem__, text.split(" ")))
    counts = np.frombuffer(b"".join(chain.from_iterable(a.counts for a in analyses)), dtype="<u2")
    sizes = np.array([[len(c) // 2 for c in a.counts] for a in analyses], dtype=np.int64).reshape(-1)
    rows = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    places = np.arange(len(rows), dtype=np.int32) - np.repeat((np.cumsum(sizes) - sizes).astype(np.int32), sizes)
    np.minimum(places, MOST, out=places)
    cells = np.frombuffer(met, dtype=np.int32) * np.int32(fields) + rows % fields
    return _Postings(list(vocabulary), cells, numbers[rows // fields], counts, places.astype(np.uint16))


def updated(index: Index, kept: Mapping[int, int], added: Mapping[int, tuple[bytes, Analysis]]) -> Index:
    """The index of other documents: some of the old ones, some analysed anew.

    Args:
        kept: old number -> new number; the order of the kept documents must not change.
        added: new number -> the digest that the caller knows a document by, and its analysis.
    """
    fields = len(index.model.fields)
    old_count, count = len(index.papers.ids), len(kept) + len(added)
    renumbered = np.full(old_count + 1, -1, dtype=np.int32)
    renumbered[np.fromiter(kept.keys(), dtype=np.int64, count=len(kept))] = np.fromiter(
        kept.values(), dtype=np.int64, count=len(kept)
    )
    numbers = np.array(sorted(added), dtype=np.int32)
    analyses = [added[number][1] for number in numbers.tolist()]

    new = _postings(analyses, numbers, fields)
    old_documents = renumbered[index.documents]
    stays = old_documents >= 0
    old_cells = np.repeat(np.arange(len(index.starts) - 1, dtype=np.int64), np.diff(index.starts))[stays]
    alive = np.zeros(len(index.terms) + 1, dtype=bool)
    alive[old_cells // fields] = True
    known = [term for term, lives in zip(index.terms, alive.tolist(), strict=False) if lives]
    all_terms = sorted({*known, *new.terms})
    position = {term: i for i, term in enumerate(all_terms)}

    moved = np.zeros(len(index.terms) + 1, dtype=np.int64)
    moved[np.flatnonzero(alive)] = np.fromiter(map(position.__getitem__, known), dtype=np.int64, count=len(known))
    old_cells = moved[old_cells // fields] * fields + old_cells % fields
    place_of_new = np.fromiter(map(position.__getitem__, new.terms), dtype=np.int32, count=len(new.terms))
    new_cells = place_of_new[new.cells // fields] * fields + new.cells % fields if len(new.cells) else new.cells
    by_cell = stable_order(new_cells)
    new_cells = new_cells[by_cell]
    if len(old_cells):
        at = np.searchsorted(old_cells * count + old_documents[stays], new_cells * count + new.documents[by_cell])

    def join(before: npt.NDArray[Any], after: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.insert(before[stays], at, after[by_cell]) if len(old_cells) else after[by_cell]

    sizes = np.bincount(old_cells, minlength=len(all_terms) * fields)
    sizes = sizes + np.bincount(new_cells, minlength=len(all_terms) * fields)
    starts = np.zeros(len(all_terms) * fields + 1, dtype=np.int64)
    np.cumsum(sizes, out=starts[1:])
    lengths = np.zeros((count, fields), dtype=np.int32)
    lengths[renumbered[:-1][renumbered[:-1] >= 0]] = index.lengths[renumbered[:-1] >= 0]
    if analyses:
        lengths[numbers] = [a.lengths for a in analyses]
    return Index(
        model=index.model,
        papers=_papers(index.papers, kept, added, count),
        labelled={
            kind: _relabelled(index.labelled[kind], renumbered, numbers, [a.labels[k] for a in analyses])
            for k, kind in enumerate(KINDS)
        },
        lengths=lengths,
        terms=all_terms,
        starts=starts,
        documents=join(old_documents, new.documents),
        frequencies=join(index.frequencies, new.frequencies),
        places=join(index.places, new.places),
    )


def _papers(old: Papers, kept: Mapping[int, int], added: Mapping[int, tuple[bytes, Analysis]], count: int) -> Papers:
    source = [-1] * count
    for before, now in kept.items():
        source[now] = before
    fresh = {
        number: (a.id, a.date, digest, a.votes, a.words, a.card, a.summary) for number, (digest, a) in added.items()
    }
    columns = msgspec.structs.astuple(old)
    return Papers(
        *(  # type: ignore[arg-type]
            [column[before] if before >= 0 else fresh[number][k] for number, before in enumerate(source)]
            for k, column in enumerate(columns)
        )
    )


def _relabelled(old: Labelled, renumbered: Rows, numbers: Rows, labels: Sequence[Sequence[Label]]) -> Labelled:
    position = {label: i for i, label in enumerate(old.labels)}
    own = [list(dict.fromkeys(some)) for some in labels]
    fresh = [position.setdefault(label, len(position)) for some in own for label in some]
    documents = renumbered[old.documents]
    stays = documents >= 0
    documents = documents[stays]
    new_documents = np.repeat(numbers, [len(some) for some in own]) if own else numbers
    at = np.searchsorted(documents, new_documents)
    return Labelled(
        list(position),
        np.insert(documents, at, new_documents),
        np.insert(old.numbers[stays], at, np.array(fresh, dtype=np.int32)),
    )


def ordered(analyses: Iterable[Analysis]) -> list[Analysis]:
    """The analyses in the order of their document numbers: undated first, then oldest first, then by id."""
    return sorted(analyses, key=lambda a: (a.date, a.id))


def build_index(analyses: Iterable[Analysis], model: Model) -> Index:
    """The index of documents in any order, from nothing."""
    return updated(empty_index(model), {}, dict(enumerate((b"", a) for a in ordered(analyses))))


def first_met(index: Index) -> tuple[Ints, Ints, Ints]:
    """Where lunr.py's builder first met each term: document, field, and place among the field's distinct terms."""
    fields, total = len(index.model.fields), len(index.papers.ids)
    sizes = np.diff(index.starts).reshape(-1, fields)
    rows = np.minimum(index.starts[:-1], max(len(index.documents) - 1, 0)).reshape(-1, fields)
    if not len(rows):
        return (np.zeros(0, dtype=np.int64),) * 3
    firsts = np.where(sizes > 0, index.documents[rows], total)
    field = firsts.argmin(axis=1)
    term = np.arange(len(field))
    return firsts[term, field], field, index.places[rows[term, field]].astype(np.int64)
