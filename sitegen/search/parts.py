"""The parts of the published index beside its terms: cards, facets, years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from sitegen.search.analysis import Labelled, Papers, label_records
from sitegen.search.arrays import stable_order
from sitegen.search.codec import columns, varint_bytes
from sitegen.search.ranking import Near


def card_blocks(papers: Papers, size: int, near: Near | None, with_summaries: bool) -> Iterator[bytes]:
    """JSON of each block of cards; with the neighbours of each paper, when given."""
    ends = [b"]"] * len(papers.ids)
    if near is not None:
        ends = [b",%b]" % msgspec.json.encode(row) for row in near.neighbours.tolist()]
    summaries = papers.summaries if with_summaries else [b'""'] * len(papers.ids)
    cards = [b"%b,%b%b" % parts for parts in zip(papers.cards, summaries, ends, strict=True)]
    for begin in range(0, len(cards), size):
        yield b"[%b]" % b",".join(cards[begin : begin + size])


def facet(labelled: Labelled) -> bytes:
    """The labels of one kind, commonest first, and the documents of each."""
    labels = labelled.labels
    counts = np.bincount(labelled.numbers, minlength=len(labels)).tolist()
    ordered = sorted((i for i in range(len(labels)) if counts[i]), key=lambda i: (-counts[i], labels[i]))
    rank = np.zeros(len(labels) + 1, dtype=np.int64)
    rank[ordered] = np.arange(len(ordered))
    ranks = rank[labelled.numbers]
    order = stable_order(ranks)
    ranks, documents = ranks[order], labelled.documents[order].astype(np.int64)
    gaps = np.diff(documents, prepend=0) - 1
    begins = np.flatnonzero(np.diff(ranks, prepend=-1))
    gaps[begins] = documents[begins]
    return columns(
        msgspec.json.encode(label_records([labels[i] for i in ordered])),
        varint_bytes(np.array([counts[i] for i in ordered], dtype=np.int64)),
        varint_bytes(gaps),
    )


def years(dates: Sequence[str]) -> list[tuple[int, int]]:
    """(year, first document) of each year; documents before the first have no date."""
    found: dict[str, int] = {}
    for document, date in enumerate(dates):
        if date:
            found.setdefault(date[:4], document)
    return [(int(year), document) for year, document in found.items()]
