"""The Lunr index of a collection, in arrays, and how it follows the collection.

``updated`` puts analyses into an index, an empty one or that of the build before; either way the same documents
make the same index. The index holds what lunr.py's builder counts (frequencies, lengths, the order in which it
met the terms) and not what it computes from that, since any edit changes averages and so nearly every weight, but
hardly a count.

Source of the model: lunr.py 0.8, ``lunr/builder.py`` and ``lunr/idf.py``.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from sitegen.search.analysis import KINDS, Analyses, Kind, Labelled, Papers
from sitegen.search.arrays import ranges, stable_order
from sitegen.search.codec import Ints
from sitegen.search.lexicon import MOST, Counts, Rows
from sitegen.search.model import Model


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
        papers=Papers([], [], [], [], [], []),
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


class _Postings(msgspec.Struct, frozen=True):
    """Posting rows before they are part of an index; ``cells`` are numbers in ``terms`` times F plus field."""

    terms: list[str]
    cells: Rows
    documents: Rows
    frequencies: Counts
    places: Counts


def _postings(analyses: Analyses, numbers: Rows, fields: int) -> _Postings:
    """The rows of some documents, field by field in their order; ``numbers``: what they are in the index."""
    vocabulary = _Vocabulary()
    parts = []
    for tally, cells in analyses.tallies:
        terms = tally.terms.split(" ") if tally.terms else []
        met = np.fromiter(map(vocabulary.__getitem__, terms), dtype=np.int32, count=len(terms))
        own = np.repeat(cells, tally.sizes)
        places = np.minimum(ranges(np.zeros(len(tally.sizes), dtype=np.int32), tally.sizes), MOST).astype(np.uint16)
        cell = met[tally.numbers] * np.int32(fields) + own % np.int32(fields)
        parts.append((cell, numbers[own // np.int32(fields)], tally.frequencies, places))
    return _Postings(list(vocabulary), *(np.concatenate(column) for column in zip(*parts, strict=True)))


def updated(index: Index, source: Ints, added: Analyses) -> Index:
    """The index of other documents: some of the old ones, some analysed anew.

    Args:
        source: for each document its number in ``index``, or -1 where it is the next one of ``added``. The order
            of the kept documents must not change.
    """
    fields = len(index.model.fields)
    numbers = np.flatnonzero(source < 0).astype(np.int32)
    renumbered = np.full(len(index.papers.ids), -1, dtype=np.int32)
    renumbered[source[source >= 0]] = np.flatnonzero(source >= 0)

    documents = renumbered[index.documents]
    stays = documents >= 0
    documents = documents[stays]
    sizes = np.diff(index.starts)
    gone = np.searchsorted(index.starts, np.flatnonzero(~stays), side="right") - 1
    sizes = (sizes - np.bincount(gone, minlength=len(sizes))).reshape(-1, fields)
    alive = np.any(sizes, axis=1)
    known = [term for term, lives in zip(index.terms, alive.tolist(), strict=True) if lives]

    new = _postings(added, numbers, fields)
    terms = sorted([*known, *set(new.terms).difference(known)])
    position = {term: i for i, term in enumerate(terms)}
    kept_sizes = np.zeros((len(terms), fields), dtype=np.int64)
    kept_sizes[[position[term] for term in known]] = sizes[alive]
    place_of_new = np.fromiter(map(position.__getitem__, new.terms), dtype=np.int32, count=len(new.terms))
    cells = place_of_new[new.cells // fields] * np.int32(fields) + new.cells % fields
    order = stable_order(cells)
    cells = cells[order]
    at = _insertions(_starts(kept_sizes), documents, cells, new.documents[order])
    is_new = np.zeros(len(documents) + len(cells), dtype=bool)
    is_new[at + np.arange(len(at))] = True

    def join(kept: npt.NDArray[Any], fresh: npt.NDArray[Any]) -> npt.NDArray[Any]:
        joined = np.empty(len(is_new), dtype=kept.dtype)
        joined[~is_new], joined[is_new] = kept, fresh[order]
        return joined

    lengths = np.zeros((len(source), fields), dtype=np.int32)
    lengths[source >= 0] = index.lengths[source[source >= 0]]
    for tally, own in added.tallies:
        lengths[numbers[own // fields], own % fields] = tally.lengths
    return Index(
        model=index.model,
        papers=_papers(index.papers, source, numbers, added.papers),
        labelled={kind: _relabelled(index.labelled[kind], renumbered, numbers, added.labelled[kind]) for kind in KINDS},
        lengths=lengths,
        terms=terms,
        starts=_starts(kept_sizes + np.bincount(cells, minlength=kept_sizes.size).reshape(-1, fields)),
        documents=join(documents, new.documents),
        frequencies=join(index.frequencies[stays], new.frequencies),
        places=join(index.places[stays], new.places),
    )


def _starts(sizes: Ints) -> Ints:
    return np.concatenate(([0], np.cumsum(sizes)))


def _insertions(starts: Ints, documents: Rows, cells: Rows, new: Rows) -> Ints:
    """Before which of the present posting rows new ones belong, given the cells (ascending) and documents of these."""
    if not len(documents):
        return np.zeros(len(cells), dtype=np.int64)
    first = np.diff(cells, prepend=-1) > 0
    touched, which = cells[first], np.cumsum(first) - 1
    begins, sizes = starts[touched], starts[touched + 1] - starts[touched]
    span = max(int(documents.max()), int(new.max(initial=0))) + 1
    keys = np.repeat(np.arange(len(touched)) * span, sizes) + documents[ranges(begins, sizes)]
    before = np.searchsorted(keys, which * span + new) - (np.cumsum(sizes) - sizes)[which]
    found: Ints = begins[which] + before
    return found


def _papers(old: Papers, source: Ints, numbers: Rows, added: Papers) -> Papers:
    place = source.copy()
    place[numbers] = len(old.ids) + np.arange(len(numbers))
    places = place.tolist()
    columns = zip(msgspec.structs.astuple(old), msgspec.structs.astuple(added), strict=True)
    return Papers(*[list(map([*before, *fresh].__getitem__, places)) for before, fresh in columns])


def _relabelled(old: Labelled, renumbered: Rows, numbers: Rows, added: Labelled) -> Labelled:
    position = {label: i for i, label in enumerate(old.labels)}
    fresh = np.array([position.setdefault(label, len(position)) for label in added.labels], dtype=np.int32)
    documents = renumbered[old.documents]
    stays = documents >= 0
    documents, new_documents = documents[stays], numbers[added.documents]
    at = np.searchsorted(documents, new_documents)
    return Labelled(
        list(position),
        np.insert(documents, at, new_documents),
        np.insert(old.numbers[stays], at, fresh[added.numbers]),
    )


def build_index(analyses: Analyses, model: Model) -> Index:
    """The index of documents from nothing; they are numbered as they are given."""
    return updated(empty_index(model), np.full(len(analyses.papers.ids), -1, dtype=np.int64), analyses)


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
