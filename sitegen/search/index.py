"""The Lunr index of a collection, in arrays, and how it follows the collection.

``analyse`` works on one document and may run anywhere. ``updated`` puts analyses into an index, an empty one
or that of the build before; either way the same documents make the same index. The index holds what lunr.py's
builder counts (frequencies, lengths, the order in which it met the terms) and not what it computes from that,
since any edit changes averages and so nearly every weight, but hardly a count.

Source of the model: lunr.py 0.8, ``lunr/builder.py`` and ``lunr/idf.py``.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Literal, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

from sitegen.search.codec import Ints
from sitegen.search.stem import term as term_of
from sitegen.search.text import terms, terms_and_words

Rows: TypeAlias = npt.NDArray[np.int32]
Counts: TypeAlias = npt.NDArray[np.uint16]
Kind: TypeAlias = Literal["topics", "tags", "venues", "authors"]
KINDS: tuple[Kind, ...] = ("topics", "tags", "venues", "authors")

_MOST = 65535  # repetitions of one term in one field, and distinct terms of one field, that are counted
_MEMO = 1 << 18  # words whose spelling is remembered
_SUMMARY = 200  # characters of a summary that a card keeps
# Fields whose words can be the reason why two papers are similar.
_TELLING = ("title", "abstract")


class Label(msgspec.Struct, frozen=True, array_like=True, order=True):
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
    """What the index needs of one document; lists are by field in the order of the model.

    Attributes:
        terms: distinct terms in order of first use, joined by blanks. ``counts``: their frequencies, two bytes
            each, little-endian. ``lengths``: number of terms with repetitions.
        words: words of title and abstract that are not their own term, see ``spelling``.
        card, summary: JSON, see ``card_json``.
        labels: by kind, in the order of ``KINDS``.
    """

    id: str
    date: str
    votes: int | None
    terms: tuple[str, ...]
    counts: tuple[bytes, ...]
    lengths: tuple[int, ...]
    words: str
    card: bytes
    summary: bytes
    labels: tuple[tuple[Label, ...], ...]


def analyse(document: Document, model: Model) -> Analysis:
    """What the index needs of one document, on which alone the result depends."""
    joined, counts, lengths = [], [], []
    spelt: dict[str, str] = {}
    for field in model.fields:
        text = document.fields.get(field.name, "")
        if field.name in _TELLING:
            found, words = terms_and_words(text)
            spelt = dict(zip(reversed(found), reversed(words), strict=True)) | spelt
        else:
            found = terms(text)
        counted = Counter(found)
        joined.append(" ".join(counted))
        counts.append(_short(counted.values()).tobytes())
        lengths.append(len(found))
    card = document.card
    return Analysis(
        id=card.id,
        date=card.date,
        votes=card.votes,
        terms=tuple(joined),
        counts=tuple(counts),
        lengths=tuple(lengths),
        words=" ".join(filter(None, map(_SPELT.__getitem__, spelt.values()))),
        card=card_json(card),
        summary=msgspec.json.encode(_shortened(card.summary)),
        labels=(card.topics, card.tags, *(tuple(map(_named, names)) for names in (_venues(card), card.authors))),
    )


def _short(counts: Iterable[int]) -> array[int]:
    try:
        return array("H", counts)
    except OverflowError:
        return array("H", [min(n, _MOST) for n in counts])


class _Spelt(dict[str, str]):
    """word -> the term and what makes the word of it: a hyphen for each letter to drop, then letters to add.
    Empty where the word is its term."""

    def __missing__(self, word: str) -> str:
        term = term_of(word) or ""
        same = next((i for i, (a, b) in enumerate(zip(term, word, strict=False)) if a != b), min(len(term), len(word)))
        ending = "-" * (len(term) - same) + word[same:]
        if len(self) >= _MEMO:
            self.clear()
        value = self[word] = f"{term} {ending}" if ending else ""
        return value


_SPELT = _Spelt()


def spelling(words: str) -> dict[str, str]:
    """term -> word, of the terms in ``Analysis.words``."""
    pieces = words.split(" ")
    found = {}
    for term, ending in zip(pieces[::2], pieces[1::2], strict=False):
        added = ending.lstrip("-")
        found[term] = term[: len(term) - len(ending) + len(added)] + added
    return found


def _venues(card: Card) -> tuple[str, ...]:
    return (card.venue,) if card.venue else ()


def _named(name: str) -> Label:
    """A value whose label is all there is to it."""
    return Label(name, default_slug(name))


def default_slug(label: str) -> str:
    """The URL segment that is left out where it is this; the client knows the rule."""
    return label.lower().replace(" ", "-")


def _shortened(summary: str) -> str:
    return summary if len(summary) <= _SUMMARY else summary[:_SUMMARY].rsplit(" ", 1)[0] + "…"


def label_records(labels: Sequence[Label]) -> list[object]:
    """Labels as they are written: the slug only where it does not follow."""
    return [x.label if x.slug == default_slug(x.label) else x for x in labels]


def card_json(card: Card) -> bytes:
    """A card as it is written, but for its summary and the closing bracket."""
    url = 0 if card.url == f"papers/{card.id}/" else card.url
    labels = label_records(card.topics), label_records(card.tags)
    fields = [card.id, url, card.title, card.authors, card.date, card.venue, card.votes, *labels]
    return msgspec.json.encode(fields)[:-1]


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
    np.minimum(places, _MOST, out=places)
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
