from __future__ import annotations

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory_sites import paper_of, site_of

from sitegen.collection import statistics
from sitegen.collection.statistics import (
    MOST_MONTHS,
    MOST_YEARS,
    histogram,
    most_used,
    teams,
    timeline,
    trends,
)
from sitegen.model import Date, Paper, Site

DAY = Date(2025, 10, 29)
NUMBERS = itertools.count()


def on(days_before: int, *tags: str) -> Paper:
    return paper_of(
        f"Paper {next(NUMBERS)}", date=Date.fromordinal(DAY.toordinal() - days_before).isoformat(), tags=tags
    )


def labels(site: Site, found: Iterable[int]) -> list[str]:
    return [site.terms["tags"][tag].label for tag in found]


def test_papers_are_counted_by_month_without_gaps() -> None:
    site = site_of(
        [
            paper_of("One", date="2024-11-03", topics=["A"]),
            paper_of("Two", date="2025-02-01", topics=["A", "B"]),
            paper_of("Three", featured_on=["2025-02-27", "2025-03-01"]),
            paper_of("Undated"),
        ]
    )
    line = timeline(site)
    assert line.unit == "month"
    assert [str(start) for start in line.starts] == ["2024-11-01", "2024-12-01", "2025-01-01", "2025-02-01"]
    assert line.counts == (1, 0, 0, 2)
    assert line.topics == ((1, 0, 0, 1), (0, 0, 0, 1))
    assert line.undated == 1


def test_a_collection_of_many_months_is_counted_by_year() -> None:
    line = timeline(site_of([paper_of("Old", date="2001-12-31"), paper_of("New", date="2025-01-01")]))
    assert line.unit == "year"
    assert len(line.starts) == 25 and line.starts[0] == Date(2001, 1, 1)
    assert (line.counts[0], line.counts[-1], sum(line.counts)) == (1, 1, 2)
    assert MOST_MONTHS < 25 * 12


def test_one_paper_with_a_wrong_year_does_not_stretch_the_picture() -> None:
    dates = ["0205-01-01", "2001-12-31", "2024-05-01", "2025-01-01", "9202-01-01"]
    line = timeline(site_of([paper_of(f"Of {date}", date=date, topics=["A"]) for date in dates]))
    assert (line.starts[0], line.starts[-1]) == (Date(2001, 1, 1), Date(2025, 1, 1))
    assert sum(line.counts) == sum(line.topics[0]) == 3
    assert (line.undated, line.outside) == (0, 2)


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=30))
def test_the_years_shown_hold_as_many_papers_as_any_other_years_in_a_row(years: list[int]) -> None:
    line = timeline(site_of([paper_of(f"{n}", date=f"{year:04}-06-01") for n, year in enumerate(years)]))
    if line.unit == "year":
        assert len(line.starts) <= MOST_YEARS
        assert sum(line.counts) == max(sum(0 <= year - first < MOST_YEARS for year in years) for first in years)
    assert sum(line.counts) + line.outside == len(years)


def test_an_undated_collection_has_no_timeline() -> None:
    line = timeline(site_of([paper_of("Undated", topics=["A"])]))
    assert line.starts == () and line.topics == ((),) and line.undated == 1


@given(st.lists(st.dates(min_value=Date(2024, 1, 1), max_value=Date(2026, 1, 1)), max_size=12))
def test_every_dated_paper_is_in_exactly_one_period(days: list[Date]) -> None:
    site = site_of([paper_of(f"Paper {i}", date=day.isoformat()) for i, day in enumerate(days)])
    assert sum(timeline(site).counts) == len(days)


def test_a_tag_rises_when_its_share_of_the_newest_papers_grew() -> None:
    new = [on(i, "up", *(["steady"] if i < 9 else [])) for i in range(30)]
    old = [on(100 + i, "down", *(["steady"] if i < 9 else [])) for i in range(30)]
    site = site_of([*new, *old, on(400), paper_of("Undated", tags=["up"])])
    found = trends(site, 5)
    assert found.papers == 30
    assert labels(site, [trend.tag for trend in found.rising]) == ["up"]
    assert labels(site, [trend.tag for trend in found.falling]) == ["down"]
    assert (found.rising[0].recent, found.rising[0].before, found.rising[0].change) == (30, 0, 1)


def test_no_more_than_the_newest_papers_are_held_against_as_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "TREND_PAPERS", 25)
    site = site_of([*[on(i) for i in range(25)], *[on(100 + i, "old") for i in range(25)], on(200, "older")])
    found = trends(site, 5)
    assert found.papers == 25
    assert labels(site, [trend.tag for trend in found.falling]) == ["old"]


def test_too_few_papers_have_no_trends() -> None:
    few = trends(site_of([on(days, "a") for days in range(30)]), 5)
    assert few.rising == () and few.falling == ()


def test_the_most_used_come_first_and_ties_keep_their_order() -> None:
    assert most_used([(1,), (1, 2), (), (3, 4), (5,)], 3) == (1, 3, 0)
    assert most_used([(1,), (1, 2)], 5, least=2) == (1,)


@given(st.lists(st.integers(1, 500), max_size=30))
def test_a_histogram_counts_every_value_once(values: list[int]) -> None:
    counts = histogram(values, (1, 3, 10))
    assert counts == (
        sum(1 <= value < 3 for value in values),
        sum(3 <= value < 10 for value in values),
        sum(value >= 10 for value in values),
    )


def test_a_team_is_as_large_as_the_larger_of_names_and_count() -> None:
    assert teams([paper_of("A", authors=["X Y"]), paper_of("B", author_count=7), paper_of("C")]) == [1, 7]
