"""What the index needs of documents: the terms of their fields, their cards, their labels.

``tell`` looks at titles and abstracts alone, in which nearly all words are, so it may run anywhere and before
anything else is known of a site. ``Analyst`` adds the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, pairwise
from typing import Literal, TypeAlias

import msgspec
import numpy as np

from sitegen.search.lexicon import Lexicon, Rows, Tally
from sitegen.search.model import Card, Document, Label, Model

Kind: TypeAlias = Literal["topics", "tags", "venues", "authors"]
KINDS: tuple[Kind, ...] = ("topics", "tags", "venues", "authors")
Readable: TypeAlias = Callable[[str, str], tuple[str, str]]
_SUMMARY = 200  # characters of a summary that a card keeps
_ALIKE = 8  # characters that an id must share with its title to be written by them
_BETWEEN = re.compile(r"[^a-z0-9]+")
# Fields that ``tell`` counts, and whose words can be the reason why two papers are similar.
TELLING = ("title", "abstract")


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


class Part(msgspec.Struct, frozen=True):
    """The terms of some fields of some documents: of which document and field each text of the tally is."""

    tally: Tally
    documents: Rows
    fields: Rows


class Analyses(msgspec.Struct, frozen=True):
    """What the index needs of some documents, numbered from 0 on.

    Attributes:
        labelled: by kind.
        parts: in the order of the documents, where they are of the same fields.
    """

    papers: Papers
    labelled: dict[Kind, Labelled]
    parts: list[Part]


class Told(msgspec.Struct, frozen=True):
    """What is to be known of titles and abstracts.

    Attributes:
        titles: in plain words. ``summaries``, ``words``: see ``Papers``.
        tally: of the first title, the first abstract, the second title and so on.
    """

    titles: list[str]
    summaries: list[bytes]
    words: list[str]
    tally: Tally


def as_written(title: str, abstract: str) -> tuple[str, str]:
    """A title and an abstract that are in plain words already."""
    return title, abstract


_lexicon = Lexicon()


def _present_lexicon() -> Lexicon:
    """That of this process: most of what a collection says it has said before."""
    global _lexicon
    if _lexicon.full:
        _lexicon = Lexicon()
    return _lexicon


def tell(readable: Readable, texts: Sequence[tuple[str, str]]) -> Told:
    """Read some titles and abstracts, on which alone the result depends.

    Args:
        readable: turns a title and an abstract into plain words; a function that workers can import by its name.
    """
    lexicon = _present_lexicon()
    plain = [readable(title, abstract) for title, abstract in texts]
    tally, spellings = lexicon.tally(chain.from_iterable(plain))
    return Told(
        titles=[title for title, _ in plain],
        summaries=[msgspec.json.encode(_shortened(abstract)) for _, abstract in plain],
        words=_spelt(lexicon, tally, spellings),
        tally=tally,
    )


def _spelt(lexicon: Lexicon, tally: Tally, spellings: Rows) -> list[str]:
    """``Papers.words`` of each two texts: a title, whose spelling of a term wins, and an abstract."""
    texts = np.repeat(np.arange(len(tally.sizes)), tally.sizes)
    vocabulary = int(tally.numbers.max(initial=0)) + 1
    terms = texts // 2 * vocabulary + tally.numbers
    in_title = texts % 2 == 0
    titled = np.zeros(len(tally.sizes) // 2 * vocabulary, dtype=bool)
    titled[terms[in_title]] = True
    inflected = np.frombuffer(bytes(lexicon.inflected), dtype=bool)[spellings]
    rows = np.flatnonzero(inflected & (in_title | ~titled[terms]))
    words = [lexicon.words[number] for number in spellings[rows].tolist()]
    ends = np.cumsum(np.bincount(texts[rows] // 2, minlength=len(tally.sizes) // 2)).tolist()
    return [" ".join(words[begin:end]) for begin, end in pairwise((0, *ends))]


def texts_of(documents: Iterable[Document]) -> list[tuple[str, str]]:
    """What ``tell`` reads of some documents."""
    return [(document.fields.get("title", ""), document.fields.get("abstract", "")) for document in documents]


def analyse(documents: Sequence[Document], model: Model, tellings: Iterable[Told]) -> Analyses:
    """What the index needs of some documents, of whose titles and abstracts this is told, in their order."""
    analyst = Analyst(model)
    analyst.expect(documents)
    for told in tellings:
        analyst.hear(told)
    return analyst.analyses()


class Analyst:
    """Makes the analyses of some documents while their titles and abstracts are read elsewhere."""

    def __init__(self, model: Model) -> None:
        names = [field.name for field in model.fields]
        self._names = names
        self._others = [number for number, name in enumerate(names) if name not in TELLING]
        self._telling = [names.index(name) for name in TELLING]
        self._parts: list[Part] = []
        self._own: list[Card] = []
        self._words: list[str] = []
        self._cards: list[bytes] = []
        self._summaries: list[bytes] = []

    def expect(self, documents: Sequence[Document]) -> None:
        """Take the next documents, of whose titles and abstracts will be told."""
        rest = [document.fields.get(self._names[number], "") for document in documents for number in self._others]
        self._parts.append(_part(_present_lexicon().tally(rest)[0], len(self._own), self._others))
        self._own += [document.card for document in documents]

    def hear(self, told: Told) -> None:
        """Take what is to be known of the titles and abstracts of the next ones of those."""
        first, count = len(self._cards), len(told.titles)
        self._parts.append(_part(told.tally, first, self._telling))
        self._words += told.words
        self._cards += map(card_json, self._own[first : first + count], told.titles)
        self._summaries += told.summaries

    def analyses(self) -> Analyses:
        """What the index needs, once all has been heard."""
        papers = Papers(
            ids=[card.id for card in self._own],
            dates=[card.date for card in self._own],
            votes=[card.votes for card in self._own],
            words=self._words,
            cards=self._cards,
            summaries=self._summaries,
        )
        return Analyses(papers, _labels(self._own), self._parts)


def _part(tally: Tally, first: int, fields: Sequence[int]) -> Part:
    """Of a tally of these fields of documents from ``first`` on."""
    count = len(tally.sizes) // max(len(fields), 1)
    documents = np.repeat(np.arange(first, first + count, dtype=np.int32), len(fields))
    return Part(tally, documents, np.tile(np.array(fields, dtype=np.int32), count))


def _labels(cards: Sequence[Card]) -> dict[Kind, Labelled]:
    named = _Named().__getitem__
    return {
        "topics": _labelled([card.topics for card in cards]),
        "tags": _labelled([card.tags for card in cards]),
        "venues": _labelled([(named(card.venue),) if card.venue else () for card in cards]),
        "authors": _labelled([tuple(map(named, card.authors)) for card in cards]),
    }


class _Named(dict[str, Label]):
    """name -> the label of a value that is no more than its name."""

    def __missing__(self, name: str) -> Label:
        label = self[name] = Label(name, default_slug(name))
        return label


def _labelled(own: Sequence[Sequence[Label]]) -> Labelled:
    position: dict[Label, int] = {}
    distinct = [dict.fromkeys(labels) for labels in own]
    numbers = [position.setdefault(label, len(position)) for labels in distinct for label in labels]
    documents = np.repeat(np.arange(len(own), dtype=np.int32), [len(labels) for labels in distinct])
    return Labelled(list(position), documents, np.array(numbers, dtype=np.int32))


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


def card_json(card: Card, title: str) -> bytes:
    """A card as it is written, but for its summary and the closing bracket."""
    url = 0 if card.url == f"papers/{card.id}/" else card.url
    labels = label_records(card.topics), label_records(card.tags)
    fields = [id_record(card.id, title), url, title, card.authors, card.date, card.venue, card.votes, *labels]
    return msgspec.json.encode(fields)[:-1]
