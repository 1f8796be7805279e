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
from sitegen.search.ranking import (
    exact_factor,
    field_weight,
    is_short,
    neighbours_share,
    rarity,
    saturated,
    title_factor,
)
from sitegen.search.reader import Hit, Pages, Rows
from sitegen.search.stemmer import term as term_of
from sitegen.search.tokenize import words
from sitegen.search.word_entries import SHARE, Group, group_of

Scores = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_CANDIDATES = 6
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
    """What is known of all papers after their words were weighed.

    Attributes:
        scores: BM25F's. ``had``: how many of the ``wanted`` words they have.
        titles: the rarities of the words that they have in their titles, together; ``rarity``: those of all words.
        admitted: whether they may answer. ``is_short``: whether a few words were typed, and no sentence.
    """

    def __init__(self, pages: Pages, groups: list[Group], typed: int) -> None:
        self._manifest = pages.manifest
        count = self._manifest.documents
        self.scores: Scores = np.zeros(count)
        self.titles: Scores = np.zeros(count)
        self.rarity = 0.0
        self.had: Ints = np.zeros(count, dtype=np.int64)
        self.wanted = sum(group.word.presence >= 0 for group in groups)
        self.is_short = is_short(self.wanted, typed)
        self.admitted: Flags = np.ones(count, dtype=bool)
        prohibited: dict[int, Flags] = {}
        for group in groups:
            has = np.zeros(count, dtype=bool)
            share = SHARE if group.rows else 1
            said = [
                self._add(rows, factor * group.word.weight, has, group.word.presence >= 0)
                for rows, factor in ((group.rows, 1), (group.others, share))
                if rows
            ]
            if group.word.together:
                known = prohibited.get(group.word.together)
                prohibited[group.word.together] = has if known is None else known & has
            elif group.word.presence < 0:
                self.admitted &= ~has
            else:
                self.rarity += max(said, default=0.0)
                self.had += has
                if group.word.presence > 0:
                    self.admitted &= has
        for has in prohibited.values():
            self.admitted &= ~has

    def _add(self, rows: Rows, factor: float, has: Flags, counts: bool) -> float:
        """Weigh a word for all papers that do not have it already, and mark all that have it; what the word says."""
        manifest, count = self._manifest, self._manifest.documents
        frequencies: Scores = np.zeros(count)
        for f, row in rows.items():
            name, boost, total, papers = manifest.fields[f]
            relative = row.lengths / (total / papers)
            weighted = field_weight(name, boost) * row.frequencies / (1 - manifest.b + manifest.b * relative)
            frequencies[row.documents] += weighted
        holders = frequencies > 0
        says = factor * rarity(int(holders.sum()), count)
        if counts:
            fresh = holders & ~has
            self.scores[fresh] += says * saturated(frequencies[fresh], manifest.k1)
            for f, row in rows.items():
                if manifest.fields[f][0] == "title":
                    self.titles[row.documents[~has[row.documents]]] += says
        has |= holders
        return says

    def final(self, pages: Pages, documents: Ints) -> Scores:
        """The scores by which papers that answer are ordered, from the first on: see ``scoresOf`` in ``box.js``."""
        base = self.scores * self.had / self.wanted if self.is_short else self.scores
        in_title = title_factor(self.titles / self.rarity if self.rarity else self.titles)
        found: Scores = base * in_title
        each = pages.manifest.neighbours
        if each:
            near = pages.near
            first = documents if near is not None else _best(documents, found, _CANDIDATES)
            rows = near[first] if near is not None else [pages.card(int(d)).near for d in first]
            own = np.array(rows, dtype=np.int64).reshape(-1, each)
            counts = own != first[:, None] if near is not None else np.isin(own, first) & (own != first[:, None])
            theirs = np.where(counts, base[own], 0.0).sum(axis=1)
            found[first] += neighbours_share(self.is_short) / each * theirs * in_title[first]
        return found


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


def _by_exact_words(pages: Pages, query: Query, order: Ints, scores: Scores) -> Ints:
    """Papers in order, the first screen of them by the words that stand in their titles just as they were typed."""
    typed = {word for word in query.title if term_of(word)}
    first = order[:_CANDIDATES]
    if len(first) < 2:
        return order
    for d in first.tolist():
        scores[d] *= exact_factor(len(typed & set(words(pages.card(d).title))), len(typed))
    return np.concatenate([_best(first, scores, len(first)), order[len(first) :]])


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
    scored = _Scored(pages, groups, len(asked.title))
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
        first = _known(pages, asked, groups)
        scores = scored.final(pages, documents)
        order = _best(documents, scores, max(limit, _CANDIDATES, checked))
        if scored.is_short:
            order = _by_exact_words(pages, asked, order, scores)
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
