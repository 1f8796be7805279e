"""What the index needs of one document: its terms, its card, its labels.

``analyse`` looks at one document and nothing else, so it may run anywhere and its result be kept.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from sitegen.search.stem import term as term_of
from sitegen.search.text import terms, terms_and_words

MOST = 65535  # repetitions of one term in one field, and distinct terms of one field, that are counted
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
        labels: by kind, in the order of ``index.KINDS``.
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
        return array("H", [min(n, MOST) for n in counts])


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
