"""Answers what people type from a published index: the search box for the terminal.

The rules are those of ``sitegen/client/search/box-query.js``, ``box.js`` and ``rank.js``, and a test holds both to the
same answers; only half words are of the browser alone, since a command is sent when it is complete.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
from lunr.stop_word_filter import WORDS as STOP_WORDS

from sitegen.search.analysis import Kind
from sitegen.search.codec import Ints
from sitegen.search.reader import Hit, Pages, Row, Rows
from sitegen.search.stemmer import term as term_of
from sitegen.search.tokenize import words

Scores = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_LONGEST = 2000
_MOST_WORDS = 64
_SENTENCE = 9
_MEANT = 8
_CANDIDATES = (40, 6)
_PART = 0.4
_FILTER = re.compile(r'(topic|tag|author|venue|year):(?:"([^"]*)"?|(\S+))', re.IGNORECASE)
_QUOTED = re.compile(r'([+-]?)["“”]([^"“”]*)["“”]')
_YEARS = re.compile(r"([0-9]{4})?(\.\.)?([0-9]{4})?")
_IDENTIFIER = re.compile(r"10\.[0-9]{4,9}/|[0-9]{4}\.[0-9]{4,5}$|.*/[0-9]{7}$", re.DOTALL)
_ADDRESS = frozenset(("http", "https", "www", "doi", "dx", "org", "com", "arxiv", "abs", "pdf", "html"))
_KINDS: dict[str, tuple[Kind | None, str]] = {
    "topic": ("topics", "topics"),
    "tag": ("tags", "tags"),
    "author": (None, "authors"),
    "venue": ("venues", "venue"),
}


class Answer(msgspec.Struct, frozen=True):
    """Papers that answer a query, best first; ``total`` counts all of them, ``notice`` is for the reader."""

    total: int
    notice: str | None
    hits: list[Hit]


class _Word(msgspec.Struct):
    word: str
    presence: int
    identifier: bool
    count: int = 1


class _Query(msgspec.Struct):
    words: list[_Word]
    title: list[str]
    filters: list[tuple[str, str]]
    years: list[tuple[int, int]]


class _Group(msgspec.Struct):
    """What one word stands for: its rows, merged where it was meant for others."""

    word: _Word
    rows: Rows
    exact: bool
    meant: bool


def _is_identifier(word: str) -> bool:
    return _IDENTIFIER.match(word) is not None


def _is_stops(said: Sequence[str]) -> bool:
    return len(said) == 1 and said[0].endswith("_") and not _is_identifier(said[0])


def _years(value: str) -> tuple[int, int] | None:
    found = _YEARS.fullmatch(value)
    if not found:
        return None
    since, dots, until = found.groups()
    if since and not dots and not until:
        return int(since), int(since)
    return (int(since or 0), int(until or 9999)) if dots and (since or until) else None


def parse(typed: str) -> _Query:
    """Words, operators and filters of what was typed. Nothing is an error."""
    text = typed[:_LONGEST]
    filters: list[tuple[str, str]] = []
    years: list[tuple[int, int]] = []
    pieces: list[tuple[str, int]] = []
    rest = text.strip()
    while rest:
        found = _FILTER.match(rest)
        kind, value = (
            (found[1].lower(), (found[2] if found[2] is not None else found[3]).strip()) if found else ("", "")
        )
        span = _years(value) if kind == "year" else None
        if found and span:
            years.append(span)
            used = found.end()
        elif found and kind != "year" and words(value):
            filters.append((kind, value))
            used = found.end()
        else:
            quoted = _QUOTED.match(rest)
            plain = rest.split(maxsplit=1)[0]
            used = quoted.end() if quoted else len(plain)
            sign = quoted[1] if quoted else plain[0] if plain[0] in "+-" and plain[1:2].isalnum() else ""
            presence = (-1 if pieces else 0) if sign == "-" else int(bool(quoted) or sign == "+")
            pieces.append((quoted[2] if quoted else plain, presence))
        rest = rest[used:].lstrip()
    if len(re.split(r"\s+", text)) >= _SENTENCE:
        pieces = [(piece, 0) for piece, _ in pieces]
    shown = words(" ".join(piece for piece, presence in pieces if presence >= 0))
    if _is_stops(shown):
        return _Query([_Word(shown[0], 0, False)], shown, filters, years)
    return _Query(_distinct(pieces), shown, filters, years)


def _distinct(pieces: Iterable[tuple[str, int]]) -> list[_Word]:
    found: dict[str, _Word] = {}
    for piece, presence in pieces:
        said = words(piece)
        if _is_stops(said):
            continue
        if any(map(_is_identifier, said)):
            said = [word for word in said if _is_identifier(word)]
        elif re.match(r"https?://|www\.", piece, re.IGNORECASE):
            said = [word for word in said if word not in _ADDRESS]
        for word in said:
            if word in STOP_WORDS:
                continue
            if word in found:
                found[word].count += 1
            elif len(found) < _MOST_WORDS:
                found[word] = _Word(word, presence, _is_identifier(word))
    if any(word.identifier for word in found.values()):
        found = {name: word for name, word in found.items() if name not in _ADDRESS or word.presence != 0}
    return list(found.values())


def within_one_edit(term: str, word: str) -> bool:
    """Whether one character more, less or other, or two neighbours changed, makes one of the other."""
    if abs(len(term) - len(word)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(term, word, strict=False)) if a != b), min(len(term), len(word)))
    a, b = term[at:], word[at:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _meant(pages: Pages, word: str) -> Rows:
    """What the commonest words one edit away have, together."""
    if len(word) < 4:
        return {}
    stem = term_of(word) or word
    for first in dict.fromkeys(word[:2]):
        near = [
            (-count, term)
            for term, count in pages.vocabulary(first)
            if within_one_edit(term, stem) or within_one_edit(term, word)
        ]
        if near:
            entries = [pages.entry(term) or {} for _, term in sorted(near)[:_MEANT]]
            return {f: _merged([e[f] for e in entries if f in e]) for f in sorted({f for e in entries for f in e})}
    return {}


def _merged(rows: list[Row]) -> Row:
    documents, position = np.unique(np.concatenate([row.documents for row in rows]), return_inverse=True)
    frequencies = np.bincount(position, np.concatenate([row.frequencies for row in rows])).astype(np.int64)
    lengths = np.zeros(len(documents), dtype=np.int64)
    lengths[position] = np.concatenate([row.lengths for row in rows])
    return Row(documents, frequencies, lengths)


class _Scored:
    """Scores of all papers, which words they have, and whether they may answer."""

    def __init__(self, pages: Pages, groups: list[_Group]) -> None:
        manifest, count = pages.manifest, pages.manifest.documents
        self.scores: Scores = np.zeros(count)
        self.had: Flags = np.zeros(count, dtype=bool)
        self.admitted: Flags = np.ones(count, dtype=bool)
        for group in groups:
            has = np.zeros(count, dtype=bool)
            for row in group.rows.values():
                has[row.documents] = True
            if group.word.presence < 0:
                self.admitted &= ~has
                continue
            self.had |= has
            if group.word.presence > 0:
                self.admitted &= has
            having = sum(len(row.documents) for row in group.rows.values())
            idf = np.log(1 + abs((count - having + 0.5) / (having + 0.5)))
            for f, row in group.rows.items():
                _, boost, total = manifest.fields[f]
                length = row.lengths / (total / count)
                k1, b, tf = manifest.k1, manifest.b, row.frequencies
                weight = idf * ((k1 + 1) * tf) / (k1 * (1 - b + b * length) + tf)
                self.scores[row.documents] += group.word.count * boost * weight


def _filtered(pages: Pages, query: _Query) -> Flags:
    """The papers that pass all filters; values of one kind are alternatives."""
    count = pages.manifest.documents
    admitted = np.ones(count, dtype=bool)
    if query.years:
        some = np.zeros(count, dtype=bool)
        ends = [*(first for _, first in pages.manifest.years[1:]), count]
        for (year, first), end in zip(pages.manifest.years, ends, strict=False):
            some[first:end] |= any(since <= year <= until for since, until in query.years)
        admitted &= some
    for kind in dict(query.filters):
        some = np.zeros(count, dtype=bool)
        for value in [value for other, value in query.filters if other == kind]:
            some[_labelled(pages, kind, value)] = True
        admitted &= some
    return admitted


def _labelled(pages: Pages, kind: str, value: str) -> Ints:
    part, field = _KINDS[kind]
    labels, documents = pages.labelled(part) if part else ([], [])
    said = words(value)
    rows = [d for x, d in zip(labels, documents, strict=True) if x.slug == value or words(x.label) == said]
    if rows:
        return np.unique(np.concatenate(rows))
    nothing = np.zeros(0, dtype=np.int64)
    if field not in pages.fields:
        return nothing
    f = pages.fields.index(field)
    found: Ints | None = None
    for term in filter(None, map(term_of, said)):
        row = (pages.entry(term) or {}).get(f)
        some = row.documents if row else nothing
        found = some if found is None else np.intersect1d(found, some)
    return nothing if found is None else found


def _best(documents: Ints, scores: Scores, count: int) -> Ints:
    """The first by score, equal scores newest first."""
    return documents[np.lexsort((-documents, -scores[documents]))[:count]]


def _rerank(pages: Pages, candidates: Ints, scores: Scores) -> None:
    """Give each candidate a share of the scores of its neighbours that are candidates too."""
    own = {int(d): float(scores[d]) for d in candidates}
    scores *= 1 - _PART
    for d in own:
        near = pages.near[d].tolist() if pages.near is not None else pages.card(d).near
        others = [n for n in near if n != d]
        for n in others:
            scores[d] += _PART * own.get(n, 0.0) / len(others)


def _known(pages: Pages, query: _Query, groups: list[_Group]) -> dict[int, float]:
    """Papers whose identifier or whole title was typed, and how surely."""
    first: dict[int, float] = {}
    identifiers = pages.fields.index("identifiers") if "identifiers" in pages.fields else -1
    for group in groups:
        if group.word.identifier and group.exact and identifiers in group.rows:
            first |= dict.fromkeys(group.rows[identifiers].documents.tolist(), 2.0)
    counts = Counter(filter(None, map(term_of, query.title)))
    rows_of = {term_of(g.word.word): g.rows for g in groups if g.exact}
    title, length = pages.fields.index("title"), sum(counts.values())
    same: set[int] | None = None
    for term, count in counts.items():
        row = rows_of.get(term, {}).get(title)
        if row is None:
            same = set()
            break
        fits = set(row.documents[(row.frequencies == count) & (row.lengths == length)].tolist())
        same = fits if same is None else same & fits
    for d in sorted(same or ())[:8]:
        written = words(pages.card(d).title)
        first[d] = max(first.get(d, 0.0), 1.0 if written == query.title else 0.5)
    return first


def search_site(folder: Path, query: str, limit: int = 10) -> Answer:
    """The papers of the built site in ``folder`` that answer a query, as the search box orders them.

    Raises ``UsageError`` when there is no readable index.
    """
    pages = Pages(folder)
    asked = parse(query)
    groups = []
    for word in asked.words:
        term = term_of(word.word)
        entry = pages.entry(term) if term else None
        rows = entry if entry is not None else _meant(pages, word.word) if word.presence >= 0 else {}
        groups.append(_Group(word, rows, entry is not None, entry is None and bool(rows)))
    scored = _Scored(pages, groups)
    admitted = scored.admitted & _filtered(pages, asked)
    scores = scored.scores
    if not any(group.word.presence >= 0 for group in groups):
        nothing = bool(query.strip()) and not (groups or asked.filters or asked.years)
        documents = np.flatnonzero(admitted & (not nothing))
        order = documents[::-1]
    else:
        documents = np.flatnonzero(admitted & scored.had)
        most = (_CANDIDATES[0] if pages.near is not None else _CANDIDATES[1]) if pages.manifest.neighbours else 0
        first = _known(pages, asked, groups)
        order = _best(documents, scores, max(limit, most))
        if most and len(order) > 2:
            _rerank(pages, order[:most], scores)
        top = float(scores[order].max(initial=0.0))
        inside = [d for d in first if admitted[d] and scored.had[d]]
        for d in inside:
            scores[d] += top * 2 * first[d]
        order = _best(
            np.unique(np.concatenate([order, np.array(inside, dtype=np.int64)])), scores, len(order) + len(inside)
        )
    hits = [msgspec.structs.replace(pages.card(int(d)), score=float(scores[d]), near=[]) for d in order[:limit]]
    meant = [f"“{group.word.word}”" for group in groups if group.meant]
    notice = f"No paper has {', '.join(meant)}; similar words were used." if meant else None
    return Answer(len(documents), notice, hits)
