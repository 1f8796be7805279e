"""What the default order of the search box needs beside Lunr's scores: the nearest papers of each paper.

A candidate keeps part of its own score and gets the rest from those of its neighbours that are candidates too.
On Cranfield and CACM five neighbours did best, and their cosines added nothing to being neighbours at all
(``bench/relevance.py``), so document numbers are all that is published.
"""

from __future__ import annotations

import math
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from sitegen.search.codec import Ints
from sitegen.search.model import Model

NEIGHBOURS = 5
_TITLE = 2.0  # weight of a title beside other fields
_FEW_TERMS = 3  # of which a paper should have all; so it should of FEW_WORDS typed
_FEW_WORDS = 4
_TITLE_SHARE = 0.5  # what a title that has all words adds
_NEIGHBOURS_SHARE = (0.3, 0.8)  # of the mean score of a paper's neighbours: where few words were typed, and else
_EXACT_SHARE = 0.5  # what a title with all words as they were typed adds

Floats = npt.NDArray[np.float64]


def field_weight(name: str, boost: float) -> float:
    """What a term's frequency in a field counts."""
    return boost * (_TITLE if name == "title" else 1.0)


def field_weights(model: Model) -> Floats:
    """``field_weight`` of each field."""
    return np.array([field_weight(field.name, field.boost) for field in model.fields])


def rarity(papers: int, documents: int) -> float:
    """What a term says that so many papers have: its idf, which is never below 0."""
    return math.log(1 + (documents - papers + 0.5) / (papers + 0.5))


def is_short(terms: int, typed: int) -> bool:
    """Whether few words were asked for, so that a paper should have all of them; ``typed``: with stop words."""
    return terms <= _FEW_TERMS or typed <= _FEW_WORDS


def title_factor(share: Floats) -> Floats:
    """How much more papers count that have this share of what the query says in their titles."""
    found: Floats = 1 + _TITLE_SHARE * share**3
    return found


def neighbours_share(is_short: bool) -> float:
    """What a paper gets of the mean score of its neighbours."""
    return _NEIGHBOURS_SHARE[0 if is_short else 1]


def exact_factor(found: int, typed: int) -> float:
    """How much more a paper counts in whose title so many of the typed words stand just as they were typed."""
    return 1 + _EXACT_SHARE * found / max(typed, 1)


def average_lengths(lengths: npt.NDArray[np.integer]) -> Floats:
    """Mean length of each field over the papers that have it; 1 where none has.

    Args:
        lengths: shape (documents, fields).
    """
    papers = np.count_nonzero(lengths, axis=0)
    return np.where(papers, lengths.sum(axis=0, dtype=np.int64) / np.maximum(papers, 1), 1.0)


def saturated(frequency: npt.NDArray[Any], k1: float) -> Floats:
    """What a weighted frequency over all fields says, from 0 to ``k1 + 1``."""
    found: Floats = (k1 + 1) * frequency / (k1 + frequency)
    return found


class Neighbours(msgspec.Struct, frozen=True):
    """Neighbours by document, ascending; a paper's own number stands where there are fewer.

    ``neighbours``: shape (documents, ``each``).
    """

    neighbours: Ints

    @property
    def each(self) -> int:
        return int(self.neighbours.shape[1])

    @property
    def size(self) -> int:
        return int(self.neighbours.size)

    def packed(self) -> bytes:
        """In as few bits as the largest document number needs, most significant first."""
        bits = max(int(len(self.neighbours) - 1).bit_length(), 1)
        spread = self.neighbours.reshape(-1, 1) >> np.arange(bits - 1, -1, -1)
        return np.packbits((spread & 1).astype(np.uint8)).tobytes()


def neighbours_of(best: Ints) -> Neighbours:
    """From the nearest papers of each, best first, those that ranking uses."""
    return Neighbours(np.sort(best[:, :NEIGHBOURS], axis=1))
