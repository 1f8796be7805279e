"""The parts of the published index beside its terms: cards, facets, years."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from sitegen.search.analysis import Labelled, Papers, label_records
from sitegen.search.arrays import stable_order
from sitegen.search.codec import columns, varint_bytes
from sitegen.search.ranking import Neighbours


def card_block(papers: Papers, rows: slice, near: Neighbours | None, with_summaries: bool) -> bytes:
    """JSON of the cards of some papers; with the neighbours of each, when given."""
    cards = papers.cards[rows]
    summaries = papers.summaries[rows] if with_summaries else [b'""'] * len(cards)
    ends = [b"]"] * len(cards)
    if near is not None:
        ends = [b",%b]" % msgspec.json.encode(row) for row in near.neighbours[rows].tolist()]
    return b"[%b]" % b",".join([b"%b,%b%b" % parts for parts in zip(cards, summaries, ends, strict=True)])


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
