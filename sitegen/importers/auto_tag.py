"""Tags and topics by rule: which words of a curator's vocabulary a paper uses.

A signal is a word or a phrase. It is found in any case, with or without hyphens, in the singular or the
plural. A signal in capitals (``RAG``, ``MoE``) is found only where the paper writes capitals too. The score
of a term is the sum over its signals of

    words(signal) * (3 in the title + 2 * n / (n + 1) for n times in the abstract),    words = 1 + (n - 1) / 2

where overlapping signals of one term count once, the longest first. No statistics of the collection enter, so
the same paper gets the same terms wherever and whenever it is imported.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence

import msgspec

from sitegen.model import Paper, Vocabulary

MAX_TOPICS = 2
MAX_TAGS = 6
TOPIC_THRESHOLD = 1.0
SECOND_TOPIC_THRESHOLD = 4.0
SECOND_TOPIC_SHARE = 0.65
TAG_THRESHOLD = 1.5
# A word in the title, or several in the abstract. A passing word in an abstract, as "sampling" or "network" stands in
# papers of every field, is less.
PLAIN_SCORE = 2.5
# Of lists shorter than this, nothing can be said. Of computer science, 55 to 95 in 100 papers of ten public lists were
# plainly about one of the starter's topics; of immunology, medicine and economics, 19 to 43.
FIT_FROM = 10
FIT_SHARE = 0.5
TAG_SHARE = 0.25

_WORD = re.compile(r"[^\W_]+(?:[+#]+(?!\w))?")
_TITLE_WEIGHT = 3.0
_ABSTRACT_WEIGHT = 2.0
_Signal = tuple[str, ...]


class _Text(msgspec.Struct, frozen=True):
    """A text's words, folded, and which of them were written with two capitals or more."""

    words: tuple[str, ...]
    capitals: tuple[bool, ...]


class AutoTagger:
    """The vocabularies of a site, ready to be matched against papers."""

    def __init__(self, topics: Sequence[Vocabulary], tags: Sequence[Vocabulary]) -> None:
        self._topics = _Matcher(topics)
        self._tags = _Matcher(tags)

    def topics(self, paper: Paper) -> tuple[str, ...]:
        """The best topic, and a second one when it is nearly as good; empty when no signal is found."""
        ranked = self._topics.ranked(_forms(paper.title), _forms(paper.abstract))
        if not ranked or ranked[0][1] < TOPIC_THRESHOLD:
            return ()
        best = ranked[0][1]
        others = [
            label
            for label, score in ranked[1:MAX_TOPICS]
            if score >= max(SECOND_TOPIC_THRESHOLD, SECOND_TOPIC_SHARE * best)
        ]
        return (ranked[0][0], *others)

    def fit(self, papers: Sequence[Paper]) -> tuple[int, int]:
        """How well the topics fit a list: papers that bring none, and of these those that are plainly about one."""
        asking = [paper for paper in papers if not paper.topics] if self._topics.has_keywords else []
        plain = 0
        for paper in asking:
            ranked = self._topics.ranked(_forms(paper.title), _forms(paper.abstract))
            plain += bool(ranked) and ranked[0][1] >= PLAIN_SCORE
        return len(asking), plain

    def tags(self, paper: Paper) -> tuple[str, ...]:
        """The best tags, best first, as far as the paper really is about them."""
        ranked = self._tags.ranked(_forms(paper.title), _forms(paper.abstract))
        floor = max(TAG_THRESHOLD, TAG_SHARE * ranked[0][1]) if ranked else 0.0
        return tuple(label for label, score in ranked[:MAX_TAGS] if score >= floor)


class _Matcher:
    """Finds the signals of all terms in one pass over a text."""

    def __init__(self, vocabulary: Sequence[Vocabulary]) -> None:
        self._labels = [term.label for term in vocabulary]
        # first word -> (whole signal, whether it asks for capitals, the terms it stands for)
        self._signals: dict[str, dict[tuple[_Signal, bool], list[int]]] = {}
        for position, term in enumerate(vocabulary):
            for signal in dict.fromkeys(term.signals):
                asks_capitals = _is_acronym(signal)
                for form in _forms(signal):
                    if form.words:
                        same = self._signals.setdefault(form.words[0], {}).setdefault((form.words, asks_capitals), [])
                        same += [position] if position not in same else []

    @property
    def has_keywords(self) -> bool:
        """Whether any term can be found at all."""
        return bool(self._signals)

    def ranked(self, title: Sequence[_Text], abstract: Sequence[_Text]) -> list[tuple[str, float]]:
        """Every term with a signal in the texts and its score, best first, ties in the vocabulary's order."""
        in_title = self._found(title)
        in_abstract = self._found(abstract)
        scores: dict[int, float] = defaultdict(float)
        for term, signal in dict.fromkeys([*in_title, *in_abstract]):
            words = 1 + (len(signal) - 1) / 2
            count = in_abstract[term, signal]
            titled = _TITLE_WEIGHT if in_title[term, signal] else 0.0
            scores[term] += words * (titled + _ABSTRACT_WEIGHT * count / (count + 1))
        order = sorted(scores, key=lambda term: (-round(scores[term], 9), term))
        return [(self._labels[term], scores[term]) for term in order]

    def _found(self, forms: Sequence[_Text]) -> Counter[tuple[int, _Signal]]:
        counts: Counter[tuple[int, _Signal]] = Counter()
        for form in forms:
            counts |= self._found_in(form)
        return counts

    def _found_in(self, text: _Text) -> Counter[tuple[int, _Signal]]:
        counts: Counter[tuple[int, _Signal]] = Counter()
        covered: dict[int, int] = {}
        for start, word in enumerate(text.words):
            signals = self._signals.get(word)
            if signals is None:
                continue
            here = [
                (len(signal), terms, signal)
                for (signal, asks_capitals), terms in signals.items()
                if text.words[start : start + len(signal)] == signal
                and (not asks_capitals or any(text.capitals[start : start + len(signal)]))
            ]
            for length, terms, signal in sorted(here, reverse=True):
                for term in terms:
                    if covered.get(term, 0) <= start:
                        covered[term] = start + length
                        counts[term, signal] += 1
        return counts


@functools.lru_cache(maxsize=8)
def _forms(text: str) -> tuple[_Text, ...]:
    """The text with hyphens as spaces and with hyphens dropped: "pre-training" is both."""
    spaced = _read(text.replace("-", " "))
    return (spaced, _read(text.replace("-", ""))) if "-" in text else (spaced,)


def _read(text: str) -> _Text:
    plain = text
    if not text.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    found = _WORD.findall(plain)
    return _Text(tuple(map(_folded, found)), tuple(map(_has_capitals, found)))


def _has_capitals(word: str) -> bool:
    return not word[1:].islower() and sum(map(str.isupper, word)) > 1


def _is_acronym(signal: str) -> bool:
    return any(map(_has_capitals, _WORD.findall(signal)))


def _folded(word: str) -> str:
    """Case and a plural ending gone. The same rule for signals and papers, so it need not be good English."""
    word = word.casefold()
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
