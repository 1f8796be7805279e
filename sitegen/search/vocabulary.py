"""Counting the terms of many texts at once.

Texts are cut at white space, and each chunk is looked up by what it was found to say before: folding and stemming
are done once for each distinct chunk and word. All the rest is done on numbers, in arrays.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

from sitegen.search.arrays import ranges, stable_order
from sitegen.search.stemmer import term as term_of
from sitegen.search.tokenize import words, words_of_chunk

Rows: TypeAlias = npt.NDArray[np.int32]
Counts: TypeAlias = npt.NDArray[np.uint16]
MOST = 65535  # repetitions of one term in one text that are counted
_MEMO = 1 << 18  # chunks that a vocabulary remembers


class TermCounts(msgspec.Struct, frozen=True):
    """How often which terms stand in some texts.

    Attributes:
        terms: the distinct terms of all the texts, joined by blanks, in no particular order.
        lengths: number of terms of each text, with repetitions.
        sizes: number of distinct terms of each text.
        numbers: the distinct terms of each text in order of first use, as positions in ``terms``; text by text.
        frequencies: how often each of these stands in its text.
    """

    terms: str
    lengths: Rows
    sizes: Rows
    numbers: Rows
    frequencies: Counts


class _Numbered(dict[str, int]):
    """text -> number, found when first asked for."""

    def __init__(self, find: Callable[[str], int]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, text: str) -> int:
        number = self[text] = self._find(text)
        return number


class Vocabulary:
    """The words and terms that were met so far, by number.

    Attributes:
        words: every distinct word that has a term. ``inflected``: which of them are not their own term.
    """

    def __init__(self) -> None:
        self.words: list[str] = []
        self.inflected = bytearray()
        self._terms: list[str] = []
        self._entry_of_chunk = _Numbered(self._enter_chunk)
        self._entry_of_word = _Numbered(self._enter_word)
        self._number_of_term = _Numbered(self._enter_term)
        self._term_of_word = array("i")
        # An entry is some words in a row, by number, from its begin to that of the next; entry 0 has none.
        self._entered = array("i")
        self._begins = array("i", [0, 0])

    @property
    def full(self) -> bool:
        """Whether it should be cleared, to bound its memory."""
        return len(self._entry_of_chunk) >= _MEMO

    def clear(self) -> None:
        """Forget all of them."""
        for numbers in (self._entry_of_chunk, self._entry_of_word, self._number_of_term):
            numbers.clear()
        self.words.clear()
        self.inflected.clear()
        self._terms.clear()
        del self._term_of_word[:], self._entered[:], self._begins[2:]

    def count(self, texts: Iterable[str]) -> tuple[TermCounts, Rows]:
        """Count the terms of each text, as ``text.terms`` finds them.

        Returns:
            the counts, and for each of its ``numbers`` the word that stands for that term first in its text, as a
            position in ``words``.
        """
        entry = self._entry_of_chunk.__getitem__
        found: list[int] = []
        ends = [0]
        for text in texts:
            own = list(map(entry, text.split()))
            # Where no chunk says anything, the text as a whole may: see ``text.words``.
            found += own if any(own) or not own else (self._entry(words(text)),)
            ends.append(len(found))
        begins, entries = np.array(self._begins), np.array(found, dtype=np.int32)
        sizes = np.diff(begins)[entries]
        said = np.array(self._entered)[ranges(begins[entries], sizes)]
        lengths = np.diff(np.concatenate(([0], np.cumsum(sizes)))[ends])
        return self._counted(said, lengths)

    def _counted(self, said: Rows, lengths: npt.NDArray[np.int64]) -> tuple[TermCounts, Rows]:
        terms = np.array(self._term_of_word)[said]
        met = np.flatnonzero(np.bincount(terms, minlength=len(self._terms)))
        local = np.zeros(len(self._terms), dtype=np.int32)
        local[met] = np.arange(len(met))
        terms, texts = local[terms], np.repeat(np.arange(len(lengths)), lengths)
        order = stable_order(terms)
        order = order[stable_order(texts[order])]
        firsts = np.flatnonzero(np.diff(texts[order] * max(len(met), 1) + terms[order], prepend=-1))
        repeated = np.zeros(len(terms), dtype=np.uint16)
        repeated[order[firsts]] = np.minimum(np.diff(firsts, append=len(order)), MOST)
        rows = np.flatnonzero(repeated)
        counts = TermCounts(
            terms=" ".join([self._terms[i] for i in met.tolist()]),
            lengths=lengths.astype(np.int32),
            sizes=np.bincount(texts[rows], minlength=len(lengths)).astype(np.int32),
            numbers=terms[rows],
            frequencies=repeated[rows],
        )
        return counts, said[rows]

    def _enter_chunk(self, chunk: str) -> int:
        return self._entry(words_of_chunk(chunk))

    def _entry(self, found: Sequence[str]) -> int:
        """The entry of all words in ``found`` that have a term."""
        entries = [entry for entry in map(self._entry_of_word.__getitem__, found) if entry]
        if len(entries) > 1:
            self._entered.extend([self._entered[self._begins[entry]] for entry in entries])
            self._begins.append(len(self._entered))
            return len(self._begins) - 2
        return entries[0] if entries else 0

    def _enter_word(self, word: str) -> int:
        term = term_of(word)
        if term is None:
            return 0
        self._entered.append(len(self.words))
        self._begins.append(len(self._entered))
        self.words.append(word)
        self.inflected.append(term != word)
        self._term_of_word.append(self._number_of_term[term])
        return len(self._begins) - 2

    def _enter_term(self, term: str) -> int:
        self._terms.append(term)
        return len(self._terms) - 1
