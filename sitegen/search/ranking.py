"""What the default order of the search box needs beside Lunr's scores: the nearest papers of each paper.

A candidate keeps part of its own score and gets the rest from those of its neighbours that are candidates too.
On Cranfield and CACM five neighbours did best, and their cosines added nothing to being neighbours at all
(``bench/relevance.py``), so document numbers are all that is published.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sitegen.search.codec import Ints

NEIGHBOURS = 5


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
