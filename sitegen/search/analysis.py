"""What the index needs of documents: the terms of their fields, their cards, their labels.

``analyze_texts`` looks at titles and abstracts alone, in which nearly all words are, so it may run anywhere and before
anything else is known of a site. ``Analyzer`` adds the rest.
"""

from __future__ import annotations

import re
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, pairwise
from typing import Literal, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

from sitegen.search.arrays import ranges, stable_order
from sitegen.search.model import Card, Document, Label, Model
from sitegen.search.vocabulary import MOST, Counts, Rows, TermCounts, Vocabulary

Kind: TypeAlias = Literal["topics", "tags", "venues", "authors"]
KINDS: tuple[Kind, ...] = ("topics", "tags", "venues", "authors")
Readable: TypeAlias = Callable[[str, str], tuple[str, str]]
_SUMMARY = 200  # characters of a summary that a card keeps
_ALIKE = 8  # characters that an id must share with its title to be written by them
_BETWEEN = re.compile(r"[^a-z0-9]+")
# Fields that ``analyze_texts`` counts, and whose words can be the reason why two papers are similar.
TEXT_FIELDS = ("title", "abstract")


class Papers(msgspec.Struct, frozen=True):
    """What the index knows of each document beside its terms, by document number.

    Attributes:
        words: the words of title and abstract that are not their own term, each term's first, joined by blanks.
        cards, summaries: JSON, see ``card_json``.
    """

    ids: list[str]
    dates: list[str]
    votes: list[int | None]
    words: list[str]
    cards: list[bytes]
    summaries: list[bytes]


class Labelled(msgspec.Struct, frozen=True):
    """The labels of one kind: pairs of a document and a position in ``labels``, by document."""

    labels: list[Label]
    documents: Rows
    numbers: Rows


class FieldPostings(msgspec.Struct, frozen=True):
    """The posting rows of some fields of some documents by cell: term times the number of all fields, plus field.

    Attributes:
        first: number of the first document, from which on they are numbered here. ``fields``: positions in the model.
        lengths: field lengths, shape (documents, ``fields``).
        terms: joined by blanks, in no particular order.
        cells: ascending. ``sizes``: how many rows are in each.
        documents: ascending in a cell. ``frequencies``: of the term in that field.
        places: of each row, the place of the term among the distinct terms of that field.
    """

    first: int
    fields: Rows
    lengths: Rows
    terms: str
    cells: Rows
    sizes: Rows
    documents: npt.NDArray[np.unsignedinteger]
    frequencies: Counts
    places: Counts


class Analyses(msgspec.Struct, frozen=True):
    """What the index needs of some documents, numbered from 0 on.

    Attributes:
        labelled: by kind.
        parts: in the order of the documents, where they are of the same fields. An index takes them out one by one,
            since together they are as large as it.
    """

    papers: Papers
    labelled: dict[Kind, Labelled]
    parts: deque[FieldPostings]


class TextAnalysis(msgspec.Struct, frozen=True):
    """What is to be known of titles and abstracts.

    Attributes:
        titles: in plain words. ``summaries``, ``words``: see ``Papers``.
        counts: of the first title, the first abstract, the second title and so on.
    """

    titles: list[str]
    summaries: list[bytes]
    words: list[str]
    counts: TermCounts


def as_written(title: str, abstract: str) -> tuple[str, str]:
    """A title and an abstract that are in plain words already."""
    return title, abstract


_vocabulary = Vocabulary()


def _current_vocabulary() -> Vocabulary:
    """That of this process: most of what a collection says it has said before.

    A full one is not replaced, for it refers to itself and no build collects garbage.
    """
    if _vocabulary.full:
        _vocabulary.clear()
    return _vocabulary


def analyze_texts(readable: Readable, texts: Sequence[tuple[str, str]]) -> TextAnalysis:
    """Read some titles and abstracts, on which alone the result depends.

    Args:
        readable: turns a title and an abstract into plain words; a function that workers can import by its name.
    """
    vocabulary = _current_vocabulary()
    plain = [readable(title, abstract) for title, abstract in texts]
    counts, spellings = vocabulary.count(chain.from_iterable(plain))
    return TextAnalysis(
        titles=[title for title, _ in plain],
        summaries=[msgspec.json.encode(_shortened(abstract)) for _, abstract in plain],
        words=_spelt(vocabulary, counts, spellings),
        counts=counts,
    )


def _spelt(vocabulary: Vocabulary, counts: TermCounts, spellings: Rows) -> list[str]:
    """``Papers.words`` of each two texts: a title, whose spelling of a term wins, and an abstract."""
    texts = np.repeat(np.arange(len(counts.sizes)), counts.sizes)
    size = int(counts.numbers.max(initial=0)) + 1
    terms = texts // 2 * size + counts.numbers
    in_title = texts % 2 == 0
    titled = np.zeros(len(counts.sizes) // 2 * size, dtype=bool)
    titled[terms[in_title]] = True
    inflected = np.frombuffer(bytes(vocabulary.inflected), dtype=bool)[spellings]
    rows = np.flatnonzero(inflected & (in_title | ~titled[terms]))
    words = [vocabulary.words[number] for number in spellings[rows].tolist()]
    ends = np.cumsum(np.bincount(texts[rows] // 2, minlength=len(counts.sizes) // 2)).tolist()
    return [" ".join(words[begin:end]) for begin, end in pairwise((0, *ends))]


def texts_of(documents: Iterable[Document]) -> list[tuple[str, str]]:
    """What ``analyze_texts`` reads of some documents."""
    return [(document.fields.get("title", ""), document.fields.get("abstract", "")) for document in documents]


def analyze(documents: Sequence[Document], model: Model, text_analyses: Iterable[TextAnalysis]) -> Analyses:
    """What the index needs of some documents, of whose titles and abstracts this is analysis, in their order."""
    analyzer = Analyzer(model)
    analyzer.add_documents(documents)
    for analysis in text_analyses:
        analyzer.add_analysis(analysis)
    return analyzer.analyses()


class Analyzer:
    """Makes the analyses of some documents while their titles and abstracts are read elsewhere."""

    def __init__(self, model: Model) -> None:
        names = [field.name for field in model.fields]
        self._names = names
        self._others = np.array(
            [number for number, name in enumerate(names) if name not in TEXT_FIELDS], dtype=np.int32
        )
        self._text_fields = np.array([names.index(name) for name in TEXT_FIELDS], dtype=np.int32)
        self._parts: deque[FieldPostings] = deque()
        self._papers = Papers([], [], [], [], [], [])
        self._labels = {kind: _Labels() for kind in KINDS}
        self._named = _Named()
        self._untitled: deque[tuple[str, str, bytes]] = deque()

    def add_documents(self, documents: Sequence[Document]) -> None:
        """Take the next documents, of whose titles and abstracts will be analysis."""
        papers, labels, named = self._papers, self._labels, self._named.__getitem__
        others = [self._names[number] for number in self._others.tolist()]
        rest = [document.fields.get(name, "") for document in documents for name in others]
        self._parts.append(self._part(_current_vocabulary().count(rest)[0], len(papers.ids), self._others))
        for card in [document.card for document in documents]:
            papers.ids.append(card.id)
            papers.dates.append(card.date)
            papers.votes.append(card.votes)
            labels["topics"].append(card.topics)
            labels["tags"].append(card.tags)
            labels["venues"].append((named(card.venue),) if card.venue else ())
            labels["authors"].append(tuple(map(named, card.authors)))
            self._untitled.append((card.id, card.url, untitled_json(card)))

    def add_analysis(self, analysis: TextAnalysis) -> None:
        """Take what is to be known of the titles and abstracts of the next ones of those."""
        papers = self._papers
        self._parts.append(self._part(analysis.counts, len(papers.cards), self._text_fields))
        papers.cards.extend([card_json(title, *self._untitled.popleft()) for title in analysis.titles])
        papers.words.extend(analysis.words)
        papers.summaries.extend(analysis.summaries)

    def analyses(self) -> Analyses:
        """What the index needs, once all has been heard."""
        return Analyses(self._papers, {kind: labels.labelled() for kind, labels in self._labels.items()}, self._parts)

    def _part(self, counts: TermCounts, first: int, fields: Rows) -> FieldPostings:
        """Of a counts of these fields of documents from ``first`` on. Each part is sorted by itself, being small."""
        lengths = counts.lengths.reshape(-1, max(len(fields), 1))
        documents = np.repeat(np.arange(len(lengths), dtype=np.min_scalar_type(len(lengths))), lengths.shape[1])
        cells = counts.numbers * np.int32(len(self._names)) + np.repeat(np.tile(fields, len(lengths)), counts.sizes)
        order = stable_order(cells)
        firsts = np.flatnonzero(np.diff(cells[order], prepend=-1))
        places = ranges(np.zeros(len(counts.sizes), dtype=np.int64), counts.sizes)
        return FieldPostings(
            first=first,
            fields=fields,
            lengths=lengths,
            terms=counts.terms,
            cells=cells[order[firsts]],
            sizes=np.diff(firsts, append=len(order)).astype(np.int32),
            documents=np.repeat(documents, counts.sizes)[order],
            frequencies=counts.frequencies[order],
            places=np.minimum(places, MOST).astype(np.uint16)[order],
        )


class _Labels:
    """Collects the labels of one kind, document by document."""

    def __init__(self) -> None:
        self._position: dict[Label, int] = {}
        self._sizes = array("i")
        self._numbers = array("i")

    def append(self, labels: Sequence[Label]) -> None:
        position = self._position
        distinct = dict.fromkeys(labels)
        self._sizes.append(len(distinct))
        self._numbers.extend([position.setdefault(label, len(position)) for label in distinct])

    def labelled(self) -> Labelled:
        documents = np.repeat(np.arange(len(self._sizes), dtype=np.int32), self._sizes)
        return Labelled(list(self._position), documents, np.array(self._numbers, dtype=np.int32))


class _Named(dict[str, Label]):
    """name -> the label of a value that is no more than its name."""

    def __missing__(self, name: str) -> Label:
        label = self[name] = Label(name, default_slug(name))
        return label


def default_slug(label: str) -> str:
    """The URL segment that is left out where it is this; the client knows the rule."""
    return label.lower().replace(" ", "-")


def _shortened(summary: str) -> str:
    return summary if len(summary) <= _SUMMARY else summary[:_SUMMARY].rsplit(" ", 1)[0] + "…"


def label_records(labels: Sequence[Label]) -> list[object]:
    """Labels as they are written: the slug only where it does not follow."""
    return [x.label if x.slug == default_slug(x.label) else x for x in labels]


def _title_slug(title: str) -> str:
    return _BETWEEN.sub("-", title.lower()).removeprefix("-")


def id_record(paper: str, title: str) -> str | tuple[int, str]:
    """An id as it is written: most that are made by people or importers begin like the title."""
    slug = _title_slug(title)
    if len(paper) < _ALIKE or not slug.startswith(paper[:_ALIKE]):
        return paper
    low, high = _ALIKE, min(len(slug), len(paper))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if slug.startswith(paper[:middle]) else (low, middle - 1)
    return low, paper[low:]


def id_of(record: str | tuple[int, str], title: str) -> str:
    """The id that ``id_record`` wrote."""
    return record if isinstance(record, str) else _title_slug(title)[: record[0]] + record[1]


def card_json(title: str, paper: str, url: str, untitled: bytes) -> bytes:
    """The card of a paper, given by its id, as it is written, but for its summary and the closing bracket.

    Args:
        untitled: see ``untitled_json``.
    """
    head = id_record(paper, title), 0 if url == f"papers/{paper}/" else url, title
    return msgspec.json.encode(head)[:-1] + untitled


def untitled_json(card: Card) -> bytes:
    """What follows the title of a card as it is written, from the comma on."""
    labels = label_records(card.topics), label_records(card.tags)
    return b"," + msgspec.json.encode((card.authors, card.date, card.venue, card.votes, *labels))[1:-1]
