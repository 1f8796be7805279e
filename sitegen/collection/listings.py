"""Which papers stand on which list: terms, days, weeks, months, in order."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

import msgspec

from sitegen.model import Date, Membership, Paper, Period, PeriodKind, Person, Term, TermKind, Vocabulary
from sitegen.text.collation import collation_key
from sitegen.text.names import name_parts
from sitegen.urls import assign_slugs, day_url, month_url, slugify, week_url, year_url

Positions = tuple[int, ...]
Periods = tuple[Period, ...]


class Labels:
    """Spellings of one kind of term -> the one label that stands for all of them.

    Two spellings are one term when they are equal without regard to case and spacing, or when the curator's
    vocabulary says so. The curator's spelling wins, else the commonest one.
    """

    def __init__(self, vocabulary: Iterable[Vocabulary] = ()) -> None:
        self.vocabulary = {entry.label: entry for entry in vocabulary}
        self._known = {}
        for entry in self.vocabulary.values():
            for spelling in (*entry.aliases, entry.slug, entry.label):
                if spelling:
                    self._known[_folded(spelling)] = entry.label

    def resolve(self, papers_labels: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
        """The labels of each paper, resolved, each once."""
        counts = Counter(chain.from_iterable(papers_labels))
        chosen = self._choose(counts)
        if all(label == spelling for spelling, label in chosen.items()):
            return [tuple(labels) for labels in papers_labels]
        return [tuple(dict.fromkeys([chosen[label] for label in labels])) for labels in papers_labels]

    def _choose(self, counts: Mapping[str, int]) -> dict[str, str]:
        folded = {spelling: _folded(spelling) for spelling in counts}
        best: dict[str, str] = {}
        for spelling, key in folded.items():
            rival = best.setdefault(key, spelling)
            if (-counts[spelling], spelling) < (-counts[rival], rival):
                best[key] = spelling
        return {spelling: self._known.get(key) or best[key] for spelling, key in folded.items()}


def terms_of(
    kind: TermKind,
    labels: Sequence[Sequence[str]],
    vocabulary: Mapping[str, Vocabulary],
    people: Mapping[str, Person],
) -> tuple[tuple[Term, ...], list[Positions]]:
    """All terms of one kind, and for each paper the positions of its own.

    Args:
        labels: the resolved labels of each paper, papers newest first.
        vocabulary: label -> what the curator says of it; an entry without papers is a term too.
        people: author's name -> person, for the details that a term shows and the family name.
    """
    holders: dict[str, list[int]] = defaultdict(list, {label: [] for label in vocabulary})
    for position, own in enumerate(labels):
        for label in own:
            holders[label].append(position)
    ordered = sorted(holders, key=lambda label: _rank(label, vocabulary))
    wishes = {label: (vocabulary[label].slug if label in vocabulary else "") or slugify(label) for label in ordered}
    slugs = assign_slugs(wishes)
    terms = []
    for label in ordered:
        entry, person = vocabulary.get(label), people.get(label)
        terms.append(
            Term(
                kind=kind,
                slug=slugs[label],
                label=label,
                papers=tuple(holders[label]),
                description=entry.description if entry else "",
                hue=entry.hue if entry else None,
                orcid=person.orcid if person else None,
                affiliation=person.affiliation if person else None,
                family=name_parts(person or Person(label)).family if kind == "authors" else "",
            )
        )
    position_of = {label: position for position, label in enumerate(ordered)}.__getitem__
    return tuple(terms), [tuple(map(position_of, own)) for own in labels]


def memberships(positions: Mapping[TermKind, Sequence[Positions]], count: int) -> tuple[Membership, ...]:
    """The terms of each of ``count`` papers."""
    none: list[Positions] = [()] * count
    kinds = [positions.get(field.name, none) for field in msgspec.structs.fields(Membership)]  # type: ignore[call-overload]
    return tuple(Membership(*row) for row in zip(*kinds, strict=True))


def periods(papers: Sequence[Paper]) -> tuple[Periods, Periods, Periods, Periods]:
    """Days, ISO weeks, months and years that have papers, newest first.

    A paper of which only the month or the year is known is on no list of a day or a week, or of a month.
    """
    by_day: dict[Date, list[int]] = defaultdict(list)
    by_month: dict[Date, list[int]] = defaultdict(list)
    by_year: dict[Date, list[int]] = defaultdict(list)
    for position, paper in enumerate(papers):
        date, own = paper.date, None
        if date:
            if date.day:
                own = date.first_day()
                by_day[own].append(position)
            else:
                (by_month if date.month else by_year)[date.first_day()].append(position)
        for day in paper.featured_on:
            if day != own:
                by_day[day].append(position)
    days = [Period(kind="day", url=day_url(d), start=d, papers=tuple(by_day[d])) for d in sorted(by_day, reverse=True)]
    weeks = _joined("week", days, {}, week_url, lambda day: day - datetime.timedelta(day.weekday()))
    months = _joined("month", days, by_month, month_url, lambda day: day.replace(day=1))
    years = _joined("year", months, by_year, year_url, lambda day: day.replace(month=1))
    return tuple(days), weeks, months, years


def _joined(
    kind: PeriodKind,
    shorter: Iterable[Period],
    others: Mapping[Date, Iterable[int]],
    url: Callable[[Date], str],
    first: Callable[[Date], Date],
) -> Periods:
    """Periods of the papers of shorter ones, by the first day that ``first`` gives, and of ``others`` besides."""
    joined: dict[Date, list[int]] = defaultdict(list)
    for period in shorter:
        joined[first(period.start)] += period.papers
    for start, papers in others.items():
        joined[start] += papers
    return tuple(
        Period(kind=kind, url=url(start), start=start, papers=tuple(sorted(set(joined[start]))))
        for start in sorted(joined, reverse=True)
    )


def _rank(label: str, vocabulary: Mapping[str, Vocabulary]) -> tuple[int, tuple[str, str]]:
    entry = vocabulary.get(label)
    return (entry.order if entry and entry.order else 1_000_000, collation_key(label))


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())
