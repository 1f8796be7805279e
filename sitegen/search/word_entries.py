"""The index entries that each word of a query stands for, as the client's ``word-entries.js`` has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec
import numpy as np

from sitegen.search.query_language import Word
from sitegen.search.reader import Pages, Row, Rows
from sitegen.search.stemmer import term as term_of
from sitegen.search.tokenize import is_unspaced

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_LONGEST = 64
_SHORT = 3
_FEW = 3
SHARE = 0.3
# What may follow where a word breaks off.
_ENDINGS = """s es ed ing ings ly er ers ion ions tion tions ation ations ization izations ational al als ally ity ities
ive ively iveness ment ments ness ful fulness ous ously ousness able ible ably ant ent ance ence ances ences ism isms
ist ists ize izes ized izing izer ate ates ated ating ator ators ic ical ically y ies e logy logies""".split()
_TAILS = ("", *dict.fromkeys(end[i:] for end in _ENDINGS for i in range(len(end))))


class _Limit(NamedTuple):
    """What the terms that one word stands for may cost together."""

    terms: int
    pages: int
    postings: int


_PREFIX_LIMIT = _Limit(256, 10, 200_000)
_TYPO_LIMIT = _Limit(8, 6, 100_000)


class Group(msgspec.Struct):
    """What one word stands for.

    Attributes:
        rows: its own.
        others: those of what it may be the beginning of or was meant for, as one.
    """

    word: Word
    rows: Rows
    others: Rows
    typo: bool


def within_edits(term: str, word: str, edits: int) -> bool:
    """Whether some edits make one of the other, edits being what Lunr takes for one.

    One is a character more, less or other, or two neighbours changed, after which the first of them may be edited
    again. A state is what is left of the word: perhaps a character put back by a swap, then ``word[j:]``.
    """

    def go(i: int, back: str, j: int, edits: int) -> bool:
        left = len(back) + len(word) - j
        if abs(len(term) - i - left) > edits:
            return False
        if i == len(term):
            return True
        if left:
            want, after = (back, j) if back else (word[j], j + 1)
            if want == term[i] and go(i + 1, "", after, edits):
                return True
            if edits and (go(i, "", after, edits - 1) or go(i + 1, "", after, edits - 1)):
                return True
            if edits and left > 1 and word[after] == term[i] and go(i + 1, want, after + 1, edits - 1):
                return True
        return edits > 0 and go(i + 1, back, j, edits - 1)

    return go(0, "", 0, edits)


def _within_limit(pages: Pages, found: Iterable[tuple[str, int]], most: _Limit) -> list[str]:
    """The commonest terms, as many as ``most`` allows."""
    touched: set[int] = set()
    taken: list[str] = []
    postings = 0
    for term, count in sorted(found, key=lambda pair: -pair[1]):
        page = pages.place(term)
        if len(taken) >= most.terms or postings + count > most.postings:
            break
        if page not in touched and len(touched) >= most.pages:
            continue
        touched.add(page)
        taken.append(term)
        postings += count
    return taken


def _prefix_matches(pages: Pages, word: str) -> list[str]:
    """The terms that begin with a word, or may be the whole of it."""
    if (len(word) < 2 and not is_unspaced(word)) or len(word) > _LONGEST:
        return []
    longer = pages.vocabulary(word)
    wholes = dict.fromkeys(term_of(word + tail) for tail in _TAILS)
    taken = [t for t, _ in longer] if pages.spread(word) <= _FEW else _within_limit(pages, longer, _PREFIX_LIMIT)
    return taken + [term for term in wholes if term and not term.startswith(word)]


def _edited(word: str) -> Iterator[str]:
    """All that one edit makes of a word: a letter less, more or other, or two neighbours changed."""
    for i in range(len(word) + 1):
        before, after = word[:i], word[i:]
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in _LETTERS)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        yield from (before + letter + after for letter in _LETTERS)


def _typo_matches(pages: Pages, word: str, edits: int) -> list[str]:
    """The commonest terms of words within some edits of a word, as they are written and not as they are stemmed."""
    if not 4 <= len(word) <= _LONGEST:
        return []
    stem = term_of(word) or ""
    stems = {term_of(other) for other in (word, *_edited(word))}
    for first in dict.fromkeys(word[:2]):
        near = [
            (term, count)
            for term, count in pages.vocabulary(first)
            if term in stems or (edits > 1 and within_edits(term, stem, edits))
        ]
        if near:
            return _within_limit(pages, near, _TYPO_LIMIT)
    return []


def group_of(pages: Pages, word: Word) -> Group:
    """What one word stands for: ``groupOf`` of the client's ``word-entries.js``."""
    own = term_of(word.word) or ""
    field = pages.fields.index(word.field) if word.field in pages.fields else None

    def entries(terms: Iterable[str]) -> dict[str, Rows]:
        """Those that any paper has, in the one field that counts where there is one."""
        found = ((term, pages.entry(term) or {}) for term in terms)
        limited = ((term, rows if field is None else {f: rows[f] for f in rows if f == field}) for term, rows in found)
        return {term: rows for term, rows in limited if rows}

    rows = entries([own] if own else []).get(own)
    others: dict[str, Rows] = {}
    may_go_on = word.open and (rows is None or (len(word.word) >= _SHORT and not pages.is_frequent(own)))
    if word.prefix or may_go_on or (rows is None and word.presence >= 0):
        others = entries(term for term in _prefix_matches(pages, word.word) if term != own)
    typo = False
    if word.edits or (rows is None and not others and not word.prefix and word.presence >= 0):
        meant = entries(term for term in _typo_matches(pages, word.word, word.edits or 1) if term != own)
        typo = not word.edits and bool(meant)
        others |= meant
    return Group(word, rows or {}, _together(others.values()), typo)


def _together(entries: Iterable[Rows]) -> Rows:
    """Several entries as one."""
    rows = list(entries)
    fields = sorted({f for entry in rows for f in entry})
    return {f: _merged([entry[f] for entry in rows if f in entry]) for f in fields}


def _merged(rows: list[Row]) -> Row:
    documents, position = np.unique(np.concatenate([row.documents for row in rows]), return_inverse=True)
    frequencies = np.bincount(position, np.concatenate([row.frequencies for row in rows])).astype(np.int64)
    lengths = np.zeros(len(documents), dtype=np.int64)
    lengths[position] = np.concatenate([row.lengths for row in rows])
    return Row(documents, frequencies, lengths)
