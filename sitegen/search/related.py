"""Similar papers: the nearest by the words of title and abstract, and the words that make them near.

TF-IDF with cosine, kept near linear: each paper is known by its ``_TERMS`` heaviest terms, and a term by which
many papers are known joins nobody. Weights follow powers of two of how often a term occurs, so that one paper
more hardly ever changes what others are known by; ``updated_related`` then looks at few of them again, and
answers what a fresh start would.

Source of the weighting: Salton and Buckley, "Term-weighting approaches in automatic text retrieval", 1988.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import msgspec
import numpy as np
import numpy.typing as npt

from sitegen.search.analysis import TEXT_FIELDS
from sitegen.search.arrays import ranges, stable_order
from sitegen.search.codec import Ints
from sitegen.search.inverted_index import Index
from sitegen.search.ranking import saturated
from sitegen.search.stemmer import stem, term

Floats = npt.NDArray[np.float64]

_TERMS = 64  # terms by which a paper is known
_SHARE = 0.3  # a term in more than this share of the papers says nothing
_MOST = 400  # papers known by one term, above which it joins nobody
_LEAST = 0.04  # cosine below which papers have nothing to do with each other
_CELLS = 400_000  # size of the matrix in which products are summed
_REASONS = 3  # words given for each pair
_AT_ONCE = 20_000  # papers that are looked at together, so that memory does not grow with all of them
_HEIGHTS = 64  # steps in which cosines are counted before any are sorted
# Words that may be rare in a small collection and yet tell nobody why two papers are alike.
_DULL = frozenset(
    stem(word)
    for word in (
        "all always another any become because before being best better between both came can could each even "
        "every far few find found first further gain gains give given gives good great here how into large "
        "last later least less like little made make makes many more most much need needs never new next none "
        "not now off often one only other our out over own part same second see set several should show shown "
        "shows since small some still such take taken than that them then there these they thing this those "
        "three through too two under until use used uses using very was way ways well were what when where "
        "whether which while whose why will within without would"
    ).split()
)
_TITLE = 3.0  # weight of a title beside the abstract
_K1 = 3.0


class Profiles(msgspec.Struct, frozen=True):
    """What each paper is known by: for document d the entries ``starts[d]`` to ``starts[d + 1]``.

    ``terms`` are positions in ``Index.terms``, ascending in each document; ``weights`` have unit length.
    """

    starts: Ints
    terms: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float32]


class Related(msgspec.Struct, frozen=True):
    """The similar papers of each document, best first.

    Attributes:
        term_weights: weight of each term of the index; 0 when it says nothing.
        best, cosines: shape (documents, count). Where there are fewer, a paper stands for itself, with 0.
        reasons: for each document and each of the first ``explained`` similar papers the words that count most,
            joined by blanks.
    """

    term_weights: Floats
    profiles: Profiles
    best: Ints
    cosines: Floats
    reasons: list[list[str]]
    explained: int


def _text_fields(index: Index) -> list[int]:
    return [f for f, field in enumerate(index.model.fields) if field.name in TEXT_FIELDS]


def _term_weights(index: Index) -> Floats:
    """Half powers of two: a weight stays until some forty per cent more papers have the term."""
    count = len(index.papers.ids)
    sizes = np.diff(index.starts).reshape(-1, len(index.model.fields))[:, _text_fields(index)].sum(axis=1)
    weight = np.ceil(np.log2(max(count, 2))) + 1 - np.round(2 * np.log2(np.maximum(sizes, 1))) / 2
    ceiling = max(2 ** math.floor(math.log2(max(_SHARE * count, 1))), 2)
    return np.where((sizes > 1) & (sizes <= ceiling), weight, 0.0)


def _profiles(index: Index, term_weights: Floats, wanted: npt.NDArray[np.bool_]) -> Profiles:
    """The heaviest terms of the wanted documents; the others get none."""
    fields, count = len(index.model.fields), len(index.papers.ids)
    vocabulary = max(len(index.terms), 1)
    useful = np.zeros((len(index.terms), fields), dtype=bool)
    useful[:, _text_fields(index)] = (term_weights > 0)[:, None]
    rows = np.flatnonzero(np.repeat(useful.reshape(-1), np.diff(index.starts)) & wanted[index.documents])
    documents = index.documents[rows].astype(np.int64)
    terms, field = np.divmod(np.searchsorted(index.starts, rows, side="right") - 1, fields)
    title = np.array([f.name == "title" for f in index.model.fields])
    order = stable_order(documents * vocabulary + terms)
    pairs = (documents * vocabulary + terms)[order]
    firsts = np.flatnonzero(np.diff(pairs, prepend=-1))
    frequencies = np.where(title[field], _TITLE, 1.0) * index.frequencies[rows]
    said = np.add.reduceat(frequencies[order], firsts) if len(firsts) else frequencies
    documents, terms = documents[order][firsts], terms[order][firsts]
    weights = saturated(said, _K1) * term_weights[terms]

    lightness = 65535 - np.minimum(np.round(weights * 256), 65535).astype(np.int64)
    order = stable_order((documents << 16) | lightness)
    begins = np.concatenate(([0], np.cumsum(np.bincount(documents, minlength=count))))
    place = np.arange(len(order)) - begins[documents[order]]
    kept = np.sort(order[place < _TERMS])
    documents, terms, weights = documents[kept], terms[kept], weights[kept]
    length = np.sqrt(np.bincount(documents, weights * weights, minlength=count))
    starts = np.concatenate(([0], np.cumsum(np.bincount(documents, minlength=count))))
    return Profiles(starts, terms.astype(np.int32), (weights / length[documents]).astype(np.float32))


def _all_profiles(index: Index, term_weights: Floats) -> Profiles:
    """The heaviest terms of all documents."""
    block = np.arange(len(index.papers.ids)) // _AT_ONCE
    parts = [_profiles(index, term_weights, block == number) for number in range(int(block.max(initial=0)) + 1)]
    return Profiles(
        np.sum([part.starts for part in parts], axis=0),
        np.concatenate([part.terms for part in parts]),
        np.concatenate([part.weights for part in parts]),
    )


class _Search:
    """Finds the papers nearest to some, over the posting lists of all profiles."""

    def __init__(self, profiles: Profiles, terms: int) -> None:
        self._profiles = profiles
        self._total = len(profiles.starts) - 1
        known_by = np.bincount(profiles.terms, minlength=terms)
        self._sizes = np.where(known_by <= _MOST, known_by, 0)
        self._begins = np.cumsum(known_by) - known_by
        order = stable_order(profiles.terms)
        self._documents = np.repeat(np.arange(self._total), np.diff(profiles.starts))[order]
        self._weights = profiles.weights[order]

    def nearest(self, wanted: Ints, count: int) -> tuple[Ints, Floats]:
        """The ``count`` nearest papers of each wanted one, best first and then newest first, and their cosines."""
        best = np.repeat(wanted[:, None], count, axis=1)
        cosines = np.zeros((len(wanted), count))
        rows = max(1, _CELLS // max(self._total, 1))
        for low in range(0, len(wanted), rows):
            part = slice(low, low + rows)
            self._take_best(self._cosines(wanted[part]), best[part], cosines[part])
        return best, cosines

    def above(self, wanted: Ints, least: Floats) -> npt.NDArray[np.bool_]:
        """Which papers are at least as near to one of the wanted as ``least`` says, by document."""
        found = np.zeros(self._total, dtype=bool)
        rows = max(1, _CELLS // max(self._total, 1))
        for low in range(0, len(wanted), rows):
            _, document, cosine = self._cosines(wanted[low : low + rows])
            found[document[cosine >= least[document]]] = True
        return found

    def _cosines(self, some: Ints) -> tuple[Ints, Ints, Floats]:
        """Row, other paper and cosine wherever it says something; to six decimals, the same on every machine."""
        known, total = self._profiles, self._total
        sizes = known.starts[some + 1] - known.starts[some]
        entries = ranges(known.starts[some], sizes)
        terms = known.terms[entries]
        postings = ranges(self._begins[terms], self._sizes[terms])
        row = np.repeat(np.repeat(np.arange(len(some)) * total, sizes), self._sizes[terms])
        product = np.repeat(known.weights[entries], self._sizes[terms]) * self._weights[postings]
        summed = np.bincount(row + self._documents[postings], product, minlength=len(some) * total)
        summed[np.arange(len(some)) * total + some] = 0
        cells = np.flatnonzero(summed >= _LEAST)
        return *np.divmod(cells, total), np.round(summed[cells], 6)

    def _take_best(self, found: tuple[Ints, Ints, Floats], best: Ints, cosines: Floats) -> None:
        row, document, values = _likely(*found, *best.shape)
        rank = 1_100_000 - np.round(values * 1e6).astype(np.int64)
        order = stable_order((rank << 24) | (self._total - document))
        order = order[stable_order(row[order])]
        row, document, values = row[order], document[order], values[order]
        place = np.arange(len(row)) - np.searchsorted(row, np.arange(len(best)))[row]
        kept = place < best.shape[1]
        best[row[kept], place[kept]] = document[kept]
        cosines[row[kept], place[kept]] = values[kept]


def _likely(row: Ints, document: Ints, values: Floats, rows: int, count: int) -> tuple[Ints, Ints, Floats]:
    """Those that can be among the ``count`` best of their row: a look at how many lie how high spares most sorting."""
    height = np.minimum((values * _HEIGHTS).astype(np.int64), _HEIGHTS - 1)
    heights = np.bincount(row * _HEIGHTS + height, minlength=rows * _HEIGHTS).reshape(rows, _HEIGHTS)
    above = np.cumsum(heights[:, ::-1], axis=1)
    least = np.maximum(_HEIGHTS - 1 - np.count_nonzero(above < count, axis=1), 0)
    likely = np.flatnonzero(height >= least[row])
    return row[likely], document[likely], values[likely]


class _Stems(dict[str, str]):
    """word -> its term; most words that one paper has others have too."""

    def __missing__(self, word: str) -> str:
        found = self[word] = term(word) or ""
        return found


def _reasons(index: Index, known: Profiles, documents: Ints, best: Ints) -> list[list[str]]:
    """The words whose products make most of the cosine of each given document and each of its similar papers."""
    vocabulary = max(len(index.terms), 1)
    explained = np.array([len(term) > 2 and term.isalpha() and term not in _DULL for term in index.terms], dtype=bool)
    keys = np.repeat(np.arange(len(known.starts) - 1), np.diff(known.starts)) * vocabulary + known.terms
    stems = _Stems()
    reasons: list[list[str]] = []
    for low in range(0, len(documents), _AT_ONCE):
        some, near = documents[low : low + _AT_ONCE], best[low : low + _AT_ONCE]
        words: list[list[str]] = [[] for _ in range(near.size)]
        spelt: dict[int, str] = {}
        own, last = "", -1
        for p, document, t in zip(*_shared(known, keys, explained, some, near), strict=True):
            if document != last:
                own, spelt, last = f" {index.papers.words[document]} ", {}, document
            word = spelt.get(t)
            if word is None:
                word = spelt[t] = _spelling(index.terms[t], own, stems)
            words[p].append(word)
        width = near.shape[1]
        reasons += [[" ".join(own) for own in words[i * width : (i + 1) * width]] for i in range(len(some))]
    return reasons


def _shared(
    known: Profiles, keys: Ints, explained: npt.NDArray[np.bool_], documents: Ints, best: Ints
) -> tuple[list[int], list[int], list[int]]:
    """The terms that say most of why papers are near: pair of papers, the first of them, term; by pair, best first.

    Args:
        keys: document times size of the vocabulary plus term, of each entry of ``known``.
        explained: which terms will do.
    """
    vocabulary = max(len(explained), 1)
    one, other = np.repeat(documents, best.shape[1]), best.reshape(-1)
    sizes = np.where(one == other, 0, known.starts[one + 1] - known.starts[one])
    entries = ranges(known.starts[one], sizes)
    pair, terms = np.repeat(np.arange(len(one)), sizes), known.terms[entries]
    sought = other[pair] * vocabulary + terms
    found = np.minimum(np.searchsorted(keys, sought), max(len(keys) - 1, 0))
    shared = np.flatnonzero((keys[found] == sought) & explained[terms]) if len(keys) else found
    product = known.weights[entries[shared]] * known.weights[found[shared]]
    # By pair and weight; of equal weights, terms keep their order.
    order = stable_order(1_100_000 - np.round(product * 1e6).astype(np.int64))
    order = order[stable_order(pair[shared][order])]
    pair, terms = pair[shared][order], terms[shared][order]
    kept = np.arange(len(pair)) - np.searchsorted(pair, np.arange(len(one)))[pair] < _REASONS
    return pair[kept].tolist(), one[pair[kept]].tolist(), terms[kept].tolist()


def _spelling(sought: str, words: str, stems: _Stems) -> str:
    """The one of some words, each between blanks, that has this stem; the stem where none has.

    Only words that begin as it does are looked at: in nothing but its last letter may a stem differ.
    """
    beginning = f" {sought[:-1]}"
    at = words.find(beginning)
    while at >= 0:
        end = words.index(" ", at + 1)
        word = words[at + 1 : end]
        if stems[word] == sought:
            return word
        at = words.find(beginning, end)
    return sought


def _moved(old: Related, position: Mapping[str, int], old_terms: list[str], source: Ints) -> Profiles:
    """Old profiles under new numbers; those of papers that are gone, or whose terms are, are empty."""
    places = np.array([position.get(term, -1) for term in old_terms] or [0], dtype=np.int32)
    known = old.profiles
    sizes = np.where(source >= 0, (known.starts[1:] - known.starts[:-1])[source], 0)
    entries = ranges(known.starts[np.maximum(source, 0)], sizes)
    return Profiles(np.concatenate(([0], np.cumsum(sizes))), places[known.terms[entries]], known.weights[entries])


def related(index: Index, count: int, explained: int) -> Related:
    """The similar papers of every document, from nothing. ``count``, ``explained``: see ``Related``."""
    total = len(index.papers.ids)
    term_weights = _term_weights(index)
    known = _all_profiles(index, term_weights)
    everyone = np.arange(total)
    best, cosines = _Search(known, len(index.terms)).nearest(everyone, count)
    return Related(term_weights, known, best, cosines, _reasons(index, known, everyone, best[:, :explained]), explained)


def updated_related(old: Related, before: Index, index: Index, source: Ints) -> Related:
    """What ``related`` answers, from what it answered for the index ``before``.

    ``source``: for each document its number in ``before``, or -1 where it is new or has changed.
    """
    total, count = len(index.papers.ids), old.best.shape[1]
    term_weights = _term_weights(index)
    position = {term: i for i, term in enumerate(index.terms)}
    known = _moved(old, position, before.terms, source)

    # Papers known by other terms, or otherwise, than before.
    weight_before = dict(zip(before.terms, old.term_weights.tolist(), strict=True))
    other = np.array(
        [weight_before.get(t, 0.0) != w for t, w in zip(index.terms, term_weights.tolist(), strict=True)], dtype=bool
    )
    anew = source < 0
    fields = len(index.model.fields)
    touched = np.zeros((len(index.terms), fields), dtype=bool)
    touched[:, _text_fields(index)] = other[:, None]
    anew[index.documents[np.repeat(touched.reshape(-1), np.diff(index.starts))]] = True
    gone = known.terms < 0
    anew[np.repeat(np.arange(total), np.diff(known.starts))[gone]] = True
    fresh = _profiles(index, term_weights, anew)
    sizes = np.where(anew, np.diff(fresh.starts), np.diff(known.starts))
    terms = np.zeros(int(sizes.sum()), dtype=np.int32)
    weights = np.zeros(len(terms), dtype=np.float32)
    starts = np.concatenate(([0], np.cumsum(sizes)))
    new_rows = np.repeat(anew, sizes)
    terms[new_rows], weights[new_rows] = fresh.terms, fresh.weights
    still = np.repeat(~anew, np.diff(known.starts))
    terms[~new_rows], weights[~new_rows] = known.terms[still], known.weights[still]

    # A term that begins or ends to join papers changes the cosines of all that are known by it.
    def joins(some: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
        return np.asarray(np.bincount(some, minlength=len(index.terms)) <= _MOST)

    flipped = joins(terms) != joins(known.terms[~gone])
    anew[np.repeat(np.arange(total), sizes)[flipped[terms]]] = True
    now = Profiles(starts, terms, weights)
    search = _Search(now, len(index.terms))

    numbers = np.full(len(before.papers.ids), -1, dtype=np.int64)
    kept = np.flatnonzero(source >= 0)
    numbers[source[kept]] = kept
    best = np.repeat(np.arange(total)[:, None], count, axis=1)
    cosines = np.zeros((total, count))
    best[kept], cosines[kept] = numbers[old.best[source[kept]]], old.cosines[source[kept]]
    reasons = [old.reasons[was] if was >= 0 else [] for was in source.tolist()]
    again = anew | (best < 0).any(axis=1) | anew[np.maximum(best, 0)].any(axis=1)
    changed = np.flatnonzero(anew)
    again |= search.above(changed, cosines[:, -1])
    some = np.flatnonzero(again)
    best[some], cosines[some] = search.nearest(some, count)
    for document, words in zip(some.tolist(), _reasons(index, now, some, best[some, : old.explained]), strict=True):
        reasons[document] = words
    return Related(term_weights, now, best, cosines, reasons, old.explained)
