from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.text.dates import PartialDate, read_date, read_parts


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    day = draw(st.dates(min_value=datetime.date(1000, 1, 1), max_value=datetime.date(2999, 12, 31)))
    return draw(st.sampled_from([PartialDate(day.year), PartialDate(day.year, day.month), PartialDate.of_day(day)]))


@given(partial_dates())
@settings(deadline=None)
def test_a_date_is_read_back_from_its_text(date: PartialDate) -> None:
    assert PartialDate.parse(str(date)) == date
    assert read_date(str(date)) == (date, "")


@given(st.dates(min_value=datetime.date(1000, 1, 1), max_value=datetime.date(2999, 12, 31)))
@settings(deadline=None)
def test_a_day_is_the_same_however_it_is_written(day: datetime.date) -> None:
    forms = ["%Y/%m/%d", "%Y%m%d", "%d %B %Y", "%B %d, %Y", "%b %d, %Y", "%d.%m.%Y", "%a, %d %b %Y 10:00:00 GMT"]
    assert {read_date(day.strftime(form)) for form in forms} == {(PartialDate.of_day(day), "")}


@given(st.text(max_size=80))
@settings(deadline=None)
def test_no_text_is_lost_without_a_date_or_a_rest(text: str) -> None:
    date, rest = read_date(text)
    assert date is not None or rest == " ".join(text.replace("~", " ").split())


def test_dates_are_ordered_with_what_is_not_known_first() -> None:
    dates = [PartialDate(2023), PartialDate(2023, 5), PartialDate(2023, 5, 17), PartialDate(2023, 6), PartialDate(2024)]
    assert sorted([*dates[2:], *dates[:2]]) == dates


@pytest.mark.parametrize(
    "text", ["", "2023-5", "2023-00", "2023-13", "2023-02-30", "0000", "2023-01-00", "2024-01-01T25:61:00Z", "May 2024"]
)
def test_what_is_no_edtf_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PartialDate.parse(text)


@pytest.mark.parametrize(
    ("text", "date", "rest"),
    [
        ("2018--2019", "2018", "2019"),
        ("2004a", "2004", "a"),
        ("c. 1998", "1998", "c."),
        ("2018/04/05", "2018-04-05", ""),
        ("2020/05/01/", "2020-05-01", ""),
        ("2020///", "2020", ""),
        ("2020/05//Spring", "2020-05", "Spring"),
        ("Spring 2020", "2020", "Spring"),
        ("May 2024", "2024-05", ""),
        ("1st June 1999", "1999-06-01", ""),
        ("May/June 2020", "2020-05", "June"),
        ("23--27 May 2020", "2020-05", "23--27"),
        ("5/17/2024", "2024-05-17", ""),
        ("5/6/2024", "2024", "5/6/2024"),
        ("1696118400000", "2023-10-01", ""),
        ("2020-02-30", "2020", "02-30"),
        ("2025-01-01 or so", "2025-01-01", "or so"),
        ("2024-01-01T25:61:00Z", "2024-01-01", "T25:61:00Z"),
    ],
)
def test_a_date_is_read_as_far_as_it_is_known(text: str, date: str, rest: str) -> None:
    found, left = read_date(text)
    assert (str(found), left) == (date, rest)


@pytest.mark.parametrize("text", ["199X", "in press", "n.d.", "May", "May 5", "99999", "12"])
def test_what_tells_no_year_is_no_date(text: str) -> None:
    assert read_date(text) == (None, text)


def test_who_knows_how_a_country_writes_days_may_say_so() -> None:
    assert read_date("5/6/2024", day_first=True)[0] == PartialDate(2024, 6, 5)
    assert read_date("5/6/2024", day_first=False)[0] == PartialDate(2024, 5, 6)


@pytest.mark.parametrize(
    ("parts", "date", "rest"),
    [
        (("2020", "may", "7"), "2020-05-07", ""),
        (("2020", "5", ""), "2020-05", ""),
        (("2020", "23--27 may", ""), "2020-05", "23--27"),
        (("2020", "10~jan", ""), "2020-01-10", ""),
        (("2020", "feb", "30"), "2020-02", "30"),
        (("2020", "Spring", ""), "2020", "Spring"),
        (("2020", "", "7"), "2020", "7"),
        (("in press", "may", ""), "None", "in press"),
    ],
)
def test_a_date_in_parts(parts: tuple[str, str, str], date: str, rest: str) -> None:
    found, left = read_parts(*parts)
    assert (str(found), left) == (date, rest)
