"""The index in pages: what a reader's browser fetches instead of the whole index.

``docs/search-format.md`` describes every byte. All pages but the manifest carry a digest of their content in
their name, so they can be cached for ever and an old page never meets a new index.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec
import numpy as np
import numpy.typing as npt

from sitegen.search.index import Card, Index, Ints, Label, stable_order

FORMAT = 1
MANIFEST = "search/manifest.json"

_PAGE = 12_000  # bytes before compression at which a term page is cut, at the next cutting point
_CARDS = 8  # result cards in a block, while that makes fewer than _MOST_BLOCKS files
_MOST_BLOCKS = 1250
_SUMMARY = 240  # characters of a summary that a card keeps

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


def term_pages(index: Index) -> Iterator[tuple[str, bytes]]:
    """(separator, content) of each term page, before compression."""
    fields, terms = len(index.model.fields), index.terms
    per_field = np.diff(index.starts)
    per_term = per_field.reshape(-1, fields).sum(axis=1)
    sizes = (per_term * 3 + np.fromiter(map(len, terms), dtype=np.int64, count=len(terms))).tolist()
    cuts = cut(terms, sizes, _PAGE)

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


def card_record(card: Card) -> list[object]:
    """A card as it is written: what follows from another part is left out."""
    summary = card.summary
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


def block_size(documents: int) -> int:
    """Cards in a block: a power of two, so that a growing collection seldom changes it."""
    size = _CARDS
    while documents > size * _MOST_BLOCKS:
        size *= 2
    return size


def card_blocks(cards: Sequence[Card], size: int) -> Iterator[bytes]:
    """JSON of each block of cards, before compression."""
    for begin in range(0, len(cards), size):
        yield msgspec.json.encode([card_record(card) for card in cards[begin : begin + size]])


def pages(index: Index) -> Iterator[tuple[str, bytes]]:
    """(path, content) of every file of the index; the manifest comes last."""
    model, totals = index.model, index.lengths.sum(axis=0).tolist()
    starts, names = [], []
    for separator, content in term_pages(index):
        starts.append(separator)
        names.append(name(content, 10))
        yield f"search/terms/{names[-1]}.bin", pack(content)

    size = block_size(len(index.cards))
    blocks = []
    for i, content in enumerate(card_blocks(index.cards, size)):
        blocks.append(name(content, 6))
        yield f"search/cards/{i}-{blocks[-1]}.bin", pack(content)

    yield (
        MANIFEST,
        msgspec.json.encode(
            {
                "format": FORMAT,
                "documents": len(index.cards),
                "fields": [[f.name, f.boost, total] for f, total in zip(model.fields, totals, strict=True)],
                "k1": model.k1,
                "b": model.b,
                "terms": {"starts": " ".join(starts), "names": "".join(names)},
                "cards": {"size": size, "names": "".join(blocks)},
            }
        ),
    )
