"""The index in pages: what a reader's browser fetches instead of the whole index.

``docs/search-format.md`` describes every byte. All pages but the manifest carry a digest of their content in
their name, so they can be cached for ever and an old page never meets a new index.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec
import numpy as np
import numpy.typing as npt

from sitegen.search.index import Card, Index, Ints, Label, stable_order

FORMAT = 1
MANIFEST = "search/manifest.json"

_PAGE = 6_000  # bytes before compression at which a term page is cut, at the next cutting point
_PAGE_PAPERS = 12_000  # papers up to which that holds; twice as many make pages twice as large
_VOCABULARY = 12_000  # the same for a block of the vocabulary
_CARDS = 4  # result cards in a block, while that makes fewer than _MOST_BLOCKS files
_MOST_BLOCKS = 1250
_SUMMARY = 240  # characters of a summary that a card keeps
_SUMMARY_PAPERS = 20_000  # papers up to which cards have summaries: above, a block would be too large
_AUTHORS_PAPERS = 20_000  # papers up to which authors can be counted as a facet
NEIGHBOURS = 5  # similar papers that ranking knows of each paper: five did best of three to ten (bench/)
_NEAR_BYTES = 48_000  # up to this size all neighbours are one file, above they stand on the cards

Bytes = npt.NDArray[np.uint8]


def varints(values: Ints) -> tuple[Bytes, Ints]:
    """LEB128 of non-negative numbers, and where each begins (one more than there are values)."""
    sizes = np.ones(len(values), dtype=np.int64)
    for bits in (7, 14, 21, 28):
        sizes += values >> bits > 0
    begins = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(sizes, out=begins[1:])
    out = np.empty(int(begins[-1]), dtype=np.uint8)
    for k in range(int(sizes.max(initial=0))):
        some = np.flatnonzero(sizes > k)
        more = (sizes[some] > k + 1) * 128
        out[begins[some] + k] = (values[some] >> (7 * k) & 127) | more
    return out, begins


def varint(value: int) -> bytes:
    """LEB128 of one number."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def columns(*parts: bytes) -> bytes:
    """Byte strings one after the other, each behind its length."""
    return b"".join(varint(len(part)) + part for part in parts)


def term_table(terms: Sequence[str]) -> bytes:
    """Sorted terms by what each adds to the one before: three columns."""
    shared, added, tails = [], [], []
    before = ""
    for term in terms:
        keep = 0
        for a, b in zip(before, term, strict=False):
            if a != b:
                break
            keep += 1
        shared.append(keep)
        added.append(len(term) - keep)
        tails.append(term[keep:])
        before = term
    prefix, suffix = (varints(np.array(x, dtype=np.int64))[0].tobytes() for x in (shared, added))
    return columns(prefix, suffix, "".join(tails).encode())


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


def pack(content: bytes) -> bytes:
    return zlib.compress(content, 9)


def name(content: bytes, characters: int) -> str:
    """A file name from a digest of the content: lower case and figures, safe on every file system."""
    return base64.b32encode(hashlib.blake2b(content, digest_size=10).digest()).decode().lower()[:characters]


def term_cuts(index: Index) -> list[int]:
    """Where the term pages of an index begin and end."""
    terms = index.terms
    per_term = np.diff(index.starts[:: len(index.model.fields)])
    sizes = (per_term * 3 + np.fromiter(map(len, terms), dtype=np.int64, count=len(terms))).tolist()
    return cut(terms, sizes, doubled(_PAGE, len(index.cards), _PAGE_PAPERS))


def term_pages(index: Index, cuts: Sequence[int]) -> Iterator[tuple[str, bytes]]:
    """(separator, content) of each term page, before compression."""
    fields, terms = len(index.model.fields), index.terms
    per_field = np.diff(index.starts)
    per_term = per_field.reshape(-1, fields).sum(axis=1)

    page_of_term = np.repeat(np.arange(len(cuts) - 1), np.diff(cuts))
    cell = np.repeat(np.arange(len(per_field)), per_field)
    field = cell % fields
    # Field by field within a page: numbers of one kind stand together and compress better.
    by_page = stable_order(page_of_term[cell // fields] * fields + field)
    documents, cell = index.documents[by_page], cell[by_page]
    gaps = np.diff(documents, prepend=0) - 1
    begins_list = np.flatnonzero(np.diff(cell, prepend=-1))
    gaps[begins_list] = documents[begins_list]
    lengths = index.lengths[documents, field[by_page]]
    streams = [varints(gaps), varints(index.frequencies[by_page] - 1), varints(lengths)]
    rows = np.concatenate(([0], np.cumsum(per_term)))

    matrix = per_field.reshape(-1, fields)
    masks = ((matrix > 0) << np.arange(fields)).sum(axis=1)
    for separator, (begin, end) in zip(separators(terms, cuts), pairwise(cuts), strict=True):
        counts = matrix[begin:end]
        low, high = rows[begin], rows[end]
        yield (
            separator,
            columns(
                term_table(terms[begin:end]),
                varints(index.ordinals[begin:end])[0].tobytes(),
                varints(masks[begin:end])[0].tobytes(),
                varints(counts[counts > 0])[0].tobytes(),
                *(out[at[low] : at[high]].tobytes() for out, at in streams),
            ),
        )


def _labels(labels: Sequence[Label]) -> list[object]:
    return [x.label if x.slug == x.label.lower().replace(" ", "-") else x for x in labels]


def card_record(card: Card, with_summary: bool) -> list[object]:
    """A card as it is written: what follows from another part is left out."""
    summary = card.summary if with_summary else ""
    if len(summary) > _SUMMARY:
        summary = summary[:_SUMMARY].rsplit(" ", 1)[0] + "…"
    return [
        card.id,
        0 if card.url == f"papers/{card.id}/" else card.url,
        card.title,
        card.authors,
        card.date,
        card.venue,
        card.votes,
        _labels(card.topics),
        _labels(card.tags),
        summary,
    ]


def doubled(size: int, documents: int, enough: int) -> int:
    """``size``, doubled until ``enough`` goes into ``documents`` no more often: a growing collection, which
    seldom passes a power of two, seldom changes it."""
    while documents > enough:
        size, enough = size * 2, enough * 2
    return size


def card_blocks(cards: Sequence[Card], size: int, near: Ints | None) -> Iterator[bytes]:
    """JSON of each block of cards, before compression; with their neighbours, when given."""
    summaries = len(cards) <= _SUMMARY_PAPERS
    records = [card_record(card, summaries) for card in cards]
    if near is not None:
        for record, row in zip(records, near.tolist(), strict=True):
            record.append(row)
    for begin in range(0, len(cards), size):
        yield msgspec.json.encode(records[begin : begin + size])


def vocabulary_blocks(index: Index, cuts: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """(first term page, content) of each block: the terms of consecutive pages and how often they occur."""
    fields, terms = len(index.model.fields), index.terms
    counts = np.diff(index.starts).reshape(-1, fields).sum(axis=1)
    first, filled = 0, 0
    for page, (begin, end) in enumerate(pairwise(cuts)):
        if filled >= _VOCABULARY and (zlib.crc32(terms[begin].encode()) & 3 == 0 or filled >= 2 * _VOCABULARY):
            low = cuts[first]
            yield first, columns(term_table(terms[low:begin]), varints(counts[low:begin])[0].tobytes())
            first, filled = page, 0
        filled += sum(map(len, terms[begin:end]))
    if terms:
        low = cuts[first]
        yield first, columns(term_table(terms[low:]), varints(counts[low:])[0].tobytes())


def facet(values: Iterable[Iterable[Label]]) -> bytes:
    """The labels of one kind, commonest first, and the documents of each."""
    found: dict[Label, list[int]] = {}
    for document, labels in enumerate(values):
        for label in dict.fromkeys(labels):
            found.setdefault(label, []).append(document)
    ordered = sorted(found, key=lambda label: (-len(found[label]), label.label, label.slug))
    gaps = [np.diff(np.array(found[label]), prepend=-1) - 1 for label in ordered]
    return columns(
        msgspec.json.encode(_labels(ordered)),
        varints(np.array([len(found[label]) for label in ordered], dtype=np.int64))[0].tobytes(),
        varints(np.concatenate(gaps) if gaps else np.zeros(0, dtype=np.int64))[0].tobytes(),
    )


def years(cards: Sequence[Card]) -> list[tuple[int, int]]:
    """(year, first document) of each year; documents before the first have no date."""
    found: dict[int, int] = {}
    for document, card in enumerate(cards):
        if card.date:
            found.setdefault(int(card.date[:4]), document)
    return list(found.items())


def packed(near: Ints) -> bytes:
    """Neighbours in as few bits as the largest document number needs, most significant first."""
    bits = max(int(len(near) - 1).bit_length(), 1)
    return np.packbits((near.reshape(-1, 1) >> np.arange(bits - 1, -1, -1)) & 1).tobytes()


def pages(index: Index, near: Ints | None = None) -> Iterator[tuple[str, bytes]]:
    """(path, content) of every file of the index; the manifest comes last.

    ``near``: the neighbours of each paper for ranking, shape (documents, ``NEIGHBOURS``), with the paper's own
    number where there are fewer.
    """
    cards, model = index.cards, index.model
    count, totals = len(cards), index.lengths.sum(axis=0).tolist()
    cuts = term_cuts(index)

    terms: list[tuple[str, str]] = []
    for separator, content in term_pages(index, cuts):
        terms.append((separator, name(content, 10)))
        yield f"search/terms/{terms[-1][1]}.bin", pack(content)

    vocabulary: list[tuple[int, str]] = []
    for first, content in vocabulary_blocks(index, cuts):
        vocabulary.append((first, name(content, 10)))
        yield f"search/vocabulary/{vocabulary[-1][1]}.bin", pack(content)

    whole = near is not None and near.size * max(count - 1, 1).bit_length() <= _NEAR_BYTES * 8
    size = doubled(_CARDS, count, _CARDS * _MOST_BLOCKS)
    blocks = []
    for i, content in enumerate(card_blocks(cards, size, None if whole else near)):
        blocks.append(name(content, 6))
        yield f"search/cards/{i}-{blocks[-1]}.bin", pack(content)

    votes = np.array([0 if card.votes is None else card.votes + 1 for card in cards], dtype=np.int64)
    parts = {
        "topics": facet(card.topics for card in cards),
        "tags": facet(card.tags for card in cards),
        "venues": facet(_named([card.venue] if card.venue else []) for card in cards),
        "votes": varints(votes)[0].tobytes(),
    }
    if count <= _AUTHORS_PAPERS:
        parts["authors"] = facet(_named(card.authors) for card in cards)
    if whole and near is not None:
        parts["near"] = packed(near)
    names = {}
    for part, content in parts.items():
        names[part] = name(content, 10)
        yield f"search/{part}/{names[part]}.bin", pack(content)

    yield (
        MANIFEST,
        msgspec.json.encode(
            {
                "format": FORMAT,
                "documents": count,
                "fields": [[f.name, f.boost, total] for f, total in zip(model.fields, totals, strict=True)],
                "k1": model.k1,
                "b": model.b,
                "terms": {"starts": " ".join(s for s, _ in terms), "names": "".join(n for _, n in terms)},
                "vocabulary": {"pages": [p for p, _ in vocabulary], "names": "".join(n for _, n in vocabulary)},
                "cards": {"size": size, "names": "".join(blocks)},
                "parts": names,
                "years": years(cards),
                "neighbours": NEIGHBOURS if near is not None else 0,
            }
        ),
    )


def _named(names: Iterable[str]) -> list[Label]:
    """Values without a page of their own: the label is all there is."""
    return [Label(name, name.lower().replace(" ", "-")) for name in names]
