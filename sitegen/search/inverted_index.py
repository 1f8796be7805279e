"""The Lunr index of a collection, in arrays, and how it follows the collection.

``updated`` puts analyses into an index, an empty one or that of the build before; either way the same documents
make the same index. The index holds what lunr.py's builder counts (frequencies, lengths, the order in which it
met the terms) and not what it computes from that, since any edit changes averages and so nearly every weight, but
hardly a count.

Source of the model: lunr.py 0.8, ``lunr/builder.py`` and ``lunr/idf.py``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from itertools import chain, compress

import msgspec
import numpy as np

from sitegen.search.analysis import KINDS, Analyses, FieldPostings, Kind, Labelled, Papers
from sitegen.search.arrays import ranges, with_rows, without
from sitegen.search.codec import Ints
from sitegen.search.model import Model
from sitegen.search.vocabulary import Counts, Rows


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


class _Postings(msgspec.Struct, frozen=True):
    """Posting rows in the order of ``Index``, without terms that have none. ``sizes``: shape (terms, fields)."""

    terms: list[str]
    sizes: Ints
    documents: Rows
    frequencies: Counts
    places: Counts


def updated(index: Index, source: Ints, added: Analyses) -> Index:
    """The index of other documents: some of the old ones, some analysed anew.

    Args:
        source: for each document its number in ``index``, or -1 where it is the next one of ``added``. The order
            of the kept documents must not change.
        added: loses its parts, and so makes one index only.
    """
    if added.papers.ids and not added.parts:
        raise ValueError("these analyses are in an index already")
    numbers = np.flatnonzero(source < 0).astype(np.int32)
    renumbered = np.full(len(index.papers.ids), -1, dtype=np.int32)
    renumbered[source[source >= 0]] = np.flatnonzero(source >= 0)
    lengths = np.zeros((len(source), len(index.model.fields)), dtype=np.int32)
    lengths[source >= 0] = index.lengths[source[source >= 0]]
    for part in added.parts:
        lengths[np.ix_(_numbers(part, numbers), part.fields)] = part.lengths
    postings = _merged(_kept(index, renumbered), _counted(added.parts, numbers, len(index.model.fields)))
    return Index(
        model=index.model,
        papers=_papers(index.papers, source, numbers, added.papers),
        labelled={kind: _relabelled(index.labelled[kind], renumbered, numbers, added.labelled[kind]) for kind in KINDS},
        lengths=lengths,
        terms=postings.terms,
        starts=_starts(postings.sizes),
        documents=postings.documents,
        frequencies=postings.frequencies,
        places=postings.places,
    )


def _starts(sizes: Ints) -> Ints:
    return np.concatenate(([0], np.cumsum(sizes)))


def _kept(index: Index, renumbered: Rows) -> _Postings:
    """The posting rows of the documents that stay, those that have a new number."""
    documents = renumbered[index.documents]
    gone = np.flatnonzero(documents < 0)
    cells = np.searchsorted(index.starts, gone, side="right") - 1
    sizes = np.diff(index.starts) - np.bincount(cells, minlength=len(index.starts) - 1)
    sizes = sizes.reshape(-1, len(index.model.fields))
    alive = np.any(sizes, axis=1)
    return _Postings(
        list(compress(index.terms, alive.tolist())),
        sizes[alive],
        without(documents, gone),
        without(index.frequencies, gone),
        without(index.places, gone),
    )


def _numbers(part: FieldPostings, numbers: Rows) -> Rows:
    """Those of the documents of a part, given those of all."""
    return numbers[part.first : part.first + len(part.lengths)]


def _counted(parts: deque[FieldPostings], numbers: Rows, fields: int) -> _Postings:
    """The posting rows of parts, which are used up, given the numbers of all documents in the index.

    Parts are dealt out, each cell filling up in their order, which is that of the documents.
    """
    terms = sorted(set(chain.from_iterable(map(_terms, parts))))
    position = {term: i for i, term in enumerate(terms)}
    cells_of = deque(_cells(part, position, fields) for part in parts)
    sizes = np.zeros(len(terms) * fields, dtype=np.int64)
    for cells, part in zip(cells_of, parts, strict=True):
        sizes[cells] += part.sizes
    filled = np.cumsum(sizes) - sizes
    documents = np.empty(int(sizes.sum()), dtype=np.int32)
    frequencies, places = np.empty_like(documents, dtype=np.uint16), np.empty_like(documents, dtype=np.uint16)
    while parts:
        part, cells = parts.popleft(), cells_of.popleft()
        rows = ranges(filled[cells], part.sizes)
        filled[cells] += part.sizes
        documents[rows] = _numbers(part, numbers)[part.documents]
        frequencies[rows], places[rows] = part.frequencies, part.places
    return _Postings(terms, sizes.reshape(-1, fields), documents, frequencies, places)


def _terms(part: FieldPostings) -> list[str]:
    return part.terms.split(" ") if part.terms else []


def _cells(part: FieldPostings, position: Mapping[str, int], fields: int) -> Ints:
    """The cells of a part, given the position of each term among all."""
    positions = np.array([position[term] for term in _terms(part)], dtype=np.int64)
    return positions[part.cells // fields] * fields + part.cells % fields


def _merged(kept: _Postings, new: _Postings) -> _Postings:
    """All rows of both, which have no document in common."""
    if not kept.terms or not new.terms:
        return kept if kept.terms else new
    known = frozenset(kept.terms)
    # Two sorted runs, which take no time to sort.
    terms = sorted([*kept.terms, *[term for term in new.terms if term not in known]])
    position = {term: i for i, term in enumerate(terms)}
    fields = kept.sizes.shape[1]
    kept_sizes, sizes = np.zeros((2, len(terms), fields), dtype=np.int64)
    kept_sizes[[position[term] for term in kept.terms]] = kept.sizes
    of_new = np.array([position[term] for term in new.terms], dtype=np.int64)
    sizes[of_new] = new.sizes
    cells = np.repeat((of_new[:, None] * fields + np.arange(fields)).reshape(-1), new.sizes.reshape(-1))
    at = _insertions(_starts(kept_sizes), kept.documents, cells, new.documents)
    return _Postings(
        terms,
        kept_sizes + sizes,
        with_rows(kept.documents, at, new.documents),
        with_rows(kept.frequencies, at, new.frequencies),
        with_rows(kept.places, at, new.places),
    )


def _insertions(starts: Ints, documents: Rows, cells: Ints, new: Rows) -> Ints:
    """Before which of the present posting rows new ones belong, given the cells and documents of these."""
    low, high = starts[cells], starts[cells + 1]
    while (between := low < high).any():
        middle = (low + high) // 2
        before = documents[np.minimum(middle, len(documents) - 1)] < new
        low, high = np.where(between & before, middle + 1, low), np.where(between & ~before, middle, high)
    return low


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
