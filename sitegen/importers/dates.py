"""Dates as a listing prints them: ``Sep 11``, ``Apr 4, 2024``.

A Daily Papers page leaves the year out for days of the year in which it is shown, and only for those. So a
date without a year belongs to the year of capture, and every year that is printed is an earlier one.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

import msgspec

from sitegen.model import Date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DATE = re.compile(
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?\s+(?P<day>\d{1,2})(?:,\s*(?P<year>\d{4}))?"
    r"(?:\s+(?P<votes>\d[\d,]*(?:\.\d+)?k?))?",
    re.IGNORECASE,
)


class PrintedDate(msgspec.Struct, frozen=True):
    """Month and day, with the year and the votes where the line gives them."""

    month: int
    day: int
    year: int | None = None
    votes: int | None = None


def parse_date(line: str) -> PrintedDate | None:
    """The date that fills a whole line, or ``None`` when the line is something else."""
    found = DATE.fullmatch(line.strip())
    if found is None:
        return None
    month = _MONTHS.index(found["month"][:3].lower()) + 1
    year = int(found["year"]) if found["year"] else None
    return PrintedDate(month, int(found["day"]), year, _votes(found["votes"]))


def _votes(text: str | None) -> int | None:
    if text is None:
        return None
    number = text.lower().replace(",", "")
    return round(float(number[:-1]) * 1000) if number.endswith("k") else round(float(number))


class Calendar(msgspec.Struct, frozen=True):
    """Gives dates their year.

    ``latest``: no date without a year lies after this day. ``year``: the year to begin with; ``None`` when
    nothing is known, and then a date without a year stays unknown.
    """

    year: int | None = None
    latest: Date | None = None

    def resolve(self, printed: PrintedDate) -> Date | None:
        """The day meant, or ``None`` when its year is unknown.

        Raises:
            ValueError: for a day that no calendar has.
        """
        if printed.year is not None:
            return datetime.date(printed.year, printed.month, printed.day)
        datetime.date(2024, printed.month, printed.day)  # a leap year: raises for 30 February, not for 29
        if self.year is None:
            return None
        # 29 February goes back to the last leap year, which may be eight years away.
        for year in range(self.year, self.year - 9, -1):
            try:
                day = datetime.date(year, printed.month, printed.day)
            except ValueError:
                continue
            if self.latest is None or day <= self.latest:
                return day
        return None


def calendar_for(
    dates: Iterable[PrintedDate], page: PrintedDate | None, captured: Date | None
) -> tuple[Calendar, bool]:
    """The calendar of one page, and whether its year had to be inferred from the years that are printed.

    In this order: the day of capture, the page's own date if it has a year, the year after the newest
    printed one (a page prints only past years).
    """
    if captured is not None:
        return Calendar(captured.year, captured), False
    if page is not None and page.year is not None:
        try:
            return Calendar(page.year, datetime.date(page.year, page.month, page.day)), False
        except ValueError:
            pass
    years = [date.year for date in dates if date.year is not None]
    if not years:
        return Calendar(), False
    year = min(max(years) + 1, datetime.MAXYEAR)
    try:
        latest = datetime.date(year, page.month, page.day) if page else None
    except ValueError:
        latest = None
    return Calendar(year, latest), True
