from __future__ import annotations

import datetime

import pytest

from sitegen.importers.dates import Calendar, PrintedDate, calendar_for, parse_date


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Sep 11 4", PrintedDate(9, 11, None, 4)),
        ("Sep 11", PrintedDate(9, 11)),
        ("Apr 4, 2024 1", PrintedDate(4, 4, 2024, 1)),
        ("December 1, 2017", PrintedDate(12, 1, 2017)),
        ("Sept. 3 1,204", PrintedDate(9, 3, None, 1204)),
        ("May 28 1.2k", PrintedDate(5, 28, None, 1200)),
        ("may 28", PrintedDate(5, 28)),
        ("March of the Penguins", None),
        ("May 28 and June 3", None),
        ("2025", None),
        ("", None),
    ],
)
def test_a_line_is_a_date_only_as_a_whole(line: str, expected: PrintedDate | None) -> None:
    assert parse_date(line) == expected


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        (PrintedDate(9, 11), datetime.date(2025, 9, 11)),
        (PrintedDate(10, 29), datetime.date(2025, 10, 29)),
        (PrintedDate(10, 30), datetime.date(2024, 10, 30)),
        (PrintedDate(2, 29), datetime.date(2024, 2, 29)),
        (PrintedDate(12, 31, 2030), datetime.date(2030, 12, 31)),
    ],
)
def test_a_date_without_a_year_is_the_last_such_day_up_to_the_capture(printed: PrintedDate, day: datetime.date) -> None:
    calendar, inferred = calendar_for([], None, datetime.date(2025, 10, 29))
    assert calendar.resolve(printed) == day
    assert not inferred


def test_the_page_s_own_date_with_a_year_is_as_good_as_a_day_of_capture() -> None:
    calendar, inferred = calendar_for([PrintedDate(1, 1, 2019)], PrintedDate(3, 12, 2024), None)
    assert calendar.resolve(PrintedDate(3, 1)) == datetime.date(2024, 3, 1)
    assert calendar.resolve(PrintedDate(4, 1)) == datetime.date(2023, 4, 1)
    assert not inferred


@pytest.mark.parametrize(
    "printed", [PrintedDate(2, 30), PrintedDate(2, 30, 2020), PrintedDate(2, 29, 2023), PrintedDate(4, 0)]
)
def test_a_day_that_no_calendar_has_is_an_error(printed: PrintedDate) -> None:
    with pytest.raises(ValueError, match="day"):
        Calendar(2025).resolve(printed)


def test_without_a_known_year_a_day_stays_unknown() -> None:
    calendar, inferred = calendar_for([PrintedDate(9, 11)], PrintedDate(10, 29), None)
    assert calendar.resolve(PrintedDate(9, 11)) is None
    assert not inferred


def test_years_at_the_end_of_the_calendar_do_no_harm() -> None:
    calendar, _ = calendar_for([PrintedDate(1, 1, 9999)], None, None)
    assert calendar.resolve(PrintedDate(1, 1)) == datetime.date(9999, 1, 1)
