"""Answers what people type from a published index: the search box for the terminal.

The language is that of ``docs/search-language.md``, the rules are those of the client's ``box-query.js``, ``box.js``,
``word-entries.js`` and ``rank.js``, and a test holds both to the same answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from sitegen.search.analysis import Kind
from sitegen.search.codec import Ints
from sitegen.search.query_language import Phrase, Query, parse
from sitegen.search.reader import Hit, Pages, Rows
from sitegen.search.stemmer import term as term_of
from sitegen.search.tokenize import words
from sitegen.search.word_entries import SHARE, Group, group_of

Scores = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_CANDIDATES = (40, 6)
_PART = 0.4
_PHRASE_CANDIDATES = 40
_KINDS: dict[str, tuple[Kind | None, str]] = {
    "topic": ("topics", "topics"),
    "tag": ("tags", "tags"),
    "author": (None, "authors"),
    "venue": ("venues", "venue"),
}


class Answer(msgspec.Struct, frozen=True):
    """Papers that answer a query, best first.

    Attributes:
        total: how many there are. ``every``: how many of these have all of its words.
        notice: for the reader.
    """

    total: int
    every: int
    notice: str | None
    hits: list[Hit]


class _Scored:
    """Scores of all papers, how many of the wanted words they have, and whether they may answer."""

    def __init__(self, pages: Pages, groups: list[Group]) -> None:
        self._manifest = pages.manifest
        count = self._manifest.documents
        self.scores: Scores = np.zeros(count)
        self.had: Ints = np.zeros(count, dtype=np.int64)
        self.wanted = sum(group.word.presence >= 0 for group in groups)
        self.admitted: Flags = np.ones(count, dtype=bool)
        prohibited: dict[int, Flags] = {}
        for group in groups:
            has = self._having(group.rows)
            if group.word.presence >= 0:
                self._add(group.rows, group.count, group.word.weight, np.zeros(count, dtype=bool))
                if group.others:
                    size = sum(len(row.documents) for row in group.others.values())
                    share = SHARE if group.rows else 1
                    self._add(group.others, size, share * group.word.weight, has)
            has = has | self._having(group.others)
            if group.word.together:
                known = prohibited.get(group.word.together)
                prohibited[group.word.together] = has if known is None else known & has
            elif group.word.presence < 0:
                self.admitted &= ~has
            else:
                self.had += has
                if group.word.presence > 0:
                    self.admitted &= has
        for has in prohibited.values():
            self.admitted &= ~has

    def _having(self, rows: Rows) -> Flags:
        has = np.zeros(self._manifest.documents, dtype=bool)
        for row in rows.values():
            has[row.documents] = True
        return has

    def _add(self, rows: Rows, having: int, factor: float, skip: Flags) -> None:
        """Add the weights of a word that has so many postings to the scores of all papers but some."""
        manifest, count = self._manifest, self._manifest.documents
        idf = np.log(1 + abs((count - having + 0.5) / (having + 0.5)))
        k1, b = manifest.k1, manifest.b
        for f, row in rows.items():
            _, boost, total = manifest.fields[f]
            length, tf = row.lengths / (total / count), row.frequencies
            weight = factor * boost * idf * ((k1 + 1) * tf) / (k1 * (1 - b + b * length) + tf)
            kept = ~skip[row.documents]
            self.scores[row.documents[kept]] += weight[kept]


def _filtered(pages: Pages, query: Query) -> Flags:
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


def _known(pages: Pages, query: Query, groups: list[Group]) -> dict[int, float]:
    """Papers whose identifier or whole title was typed, and how surely."""
    first: dict[int, float] = {}
    identifiers = pages.fields.index("identifiers") if "identifiers" in pages.fields else -1
    for group in groups:
        if group.word.identifier and identifiers in group.rows:
            first |= dict.fromkeys(group.rows[identifiers].documents.tolist(), 2.0)
    counts = Counter(filter(None, map(term_of, query.title)))
    rows_of = {term_of(group.word.word): group.rows for group in groups if group.rows}
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


def _holds(text: str, phrase: Phrase) -> bool:
    """Whether words stand in a text one behind the other."""
    return f" {' '.join(phrase.words)} " in f" {' '.join(words(text))} "


def _has_phrases(hit: Hit, phrases: Iterable[Phrase]) -> bool:
    """Whether what a card says has all phrases: the title and the beginning of the summary."""
    return all(
        (phrase.field != "abstract" and _holds(hit.title, phrase))
        or (phrase.field != "title" and _holds(hit.summary, phrase))
        for phrase in phrases
    )


def _notice(groups: Iterable[Group], phrased: int, checked: int) -> str | None:
    """What to tell of how a query was answered."""
    meant = [f"“{group.word.word}”" for group in groups if group.typo]
    if meant:
        return f"No paper has {', '.join(meant)}; similar words were used."
    if phrased == checked:
        return None
    return (
        f"Titles and summaries of {phrased} of the first {checked} papers have the phrase; the others have its words."
    )


def search_site(folder: Path, query: str, limit: int = 10) -> Answer:
    """The papers of the built site in ``folder`` that answer a query, as the search box orders them.

    Raises ``UsageError`` when there is no readable index.
    """
    pages = Pages(folder)
    asked = parse(query)
    groups = [group_of(pages, word) for word in asked.words]
    scored = _Scored(pages, groups)
    admitted = scored.admitted & _filtered(pages, asked)
    scores = scored.scores
    checked = _PHRASE_CANDIDATES if asked.phrases else 0
    if not scored.wanted:
        nothing = bool(query.strip()) and not (groups or asked.filters or asked.years)
        documents = every = np.flatnonzero(admitted & (not nothing))
        order = documents[::-1]
    else:
        documents = np.flatnonzero(admitted & (scored.had > 0))
        every = np.flatnonzero(admitted & (scored.had == scored.wanted))
        most = (_CANDIDATES[0] if pages.near is not None else _CANDIDATES[1]) if pages.manifest.neighbours else 0
        first = _known(pages, asked, groups)
        order = _best(documents, scores, max(limit, most, checked))
        if most and len(order) > 2:
            _rerank(pages, order[:most], scores)
        top = float(scores[order].max(initial=0.0))
        inside = [d for d in first if admitted[d] and scored.had[d]]
        for d in inside:
            scores[d] += top * 2 * first[d]
        order = _best(
            np.unique(np.concatenate([order, np.array(inside, dtype=np.int64)])), scores, len(order) + len(inside)
        )
    checked = min(checked, len(documents))
    has = np.array([_has_phrases(pages.card(int(d)), asked.phrases) for d in order[:checked]], dtype=bool)
    if checked:
        order = np.concatenate([order[:checked][has], order[:checked][~has], order[checked:]])
    hits = [msgspec.structs.replace(pages.card(int(d)), score=float(scores[d]), near=[]) for d in order[:limit]]
    return Answer(len(documents), len(every), _notice(groups, int(has.sum()), checked), hits)
