"""Dates as exact as they are known, and the one reader of dates as sources write them.

A date is stored as EDTF level 0 (https://www.loc.gov/standards/datetime/): ``2023``, ``2023-05``, ``2023-05-17``.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

import msgspec

_EDTF = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\S.*))?)?)?")
_MONTHS = "january february march april may june july august september october november december".split()
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?![\d/]*\d)(.*)", re.DOTALL)
_REST_OF_ISO = re.compile(
    r"(?:[T ]\s*(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?|/{0,2})?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6}|T\d{4,6}Z?)?")
_EPOCH = re.compile(r"(\d{10})(?:\.\d+)?|(\d{10})\d{3}")
_BY_DAY = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:[ T]\d{1,2}:\d{2}.*)?")
_TIME = re.compile(
    r"\b\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?(?:\s*(?:[A-Z]{2,4}|[+-]\d{4}))?", re.IGNORECASE
)
_TOKEN = re.compile(r"\d++(?:st|nd|rd|th)(?![^\W\d_])|\d++[^\W\d_]*|[^\W\d_]+|[^\w\s]+")
_SILENT = frozenset(
    ("of", "the", ",", ".", "/", "~", "-", "published", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
)
_WEEKDAY = re.compile(r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)day", re.IGNORECASE)
# Nothing longer is a date; prose may hold a year.
_LONGEST = 60


class PartialDate(msgspec.Struct, frozen=True, order=True, array_like=True):
    """A year, a month of a year, or a day; ordered, what is not known before what is.

    Attributes:
        year: 1 to 9999. month: 1 to 12, or 0 where it is not known. day: 1 to 31, or 0.
    """

    year: int
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        """As EDTF: ``2023``, ``2023-05`` or ``2023-05-17``."""
        text = f"{self.year:04}"
        if self.month:
            text += f"-{self.month:02}"
            if self.day:
                text += f"-{self.day:02}"
        return text

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """The date of an EDTF text; a time of day behind a day is looked at and dropped.

        Raises:
            ValueError: for every other text, and for a day that no calendar has.
        """
        found = _EDTF.fullmatch(text.strip())
        if found is None:
            raise ValueError("not a date")
        if found[4] is not None:
            datetime.datetime.fromisoformat(text.strip())
        return cls.of(int(found[1]), int(found[2] or 0), int(found[3] or 0), parts=1 + bool(found[2]) + bool(found[3]))

    @classmethod
    def of(cls, year: int, month: int = 0, day: int = 0, *, parts: int = 0) -> PartialDate:
        """The date of these numbers. ``parts``: how many of them are said, where a 0 is not "not known".

        Raises:
            ValueError: when there is no such day, month or year.
        """
        known = parts or 1 + bool(month) + bool(month and day)
        datetime.date(year, month if known > 1 else 1, day if known > 2 else 1)
        return cls(year, month if known > 1 else 0, day if known > 2 else 0)

    @classmethod
    def of_day(cls, day: datetime.date) -> PartialDate:
        return cls(day.year, day.month, day.day)

    @property
    def month_known(self) -> bool:
        return self.month != 0

    @property
    def day_known(self) -> bool:
        return self.day != 0

    is_full = day_known

    def first_day(self) -> datetime.date:
        """The first day that the date may mean."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    def whole_day(self) -> datetime.date | None:
        """The day that the date is, or ``None`` where only a month or a year is known."""
        return datetime.date(self.year, self.month, self.day) if self.day else None


@lru_cache(maxsize=16384)
def read_date(text: str, *, day_first: bool | None = None) -> tuple[PartialDate | None, str]:
    """A date in any usual form, as far as it can be known, and the rest of the text, which says more or something else.

    ``May 17, 2024``, ``17 May 2024``, ``2024/05/17``, ``20240517``, ``Wed, 01 May 2024 10:00:00 GMT``, seconds or
    milliseconds since 1970 leave no rest; ``c. 1998``, ``2018--2019``, ``2004a`` and ``Spring 2020`` give the year, and
    what is more than that as the rest.

    Args:
        day_first: how ``5/6/2024`` is read; where nobody knows, only its year is taken.
    """
    text = " ".join(text.replace("~", " ").split())
    if not text:
        return None, ""
    for pattern, read in ((_ISO, _of_iso), (_COMPACT, _of_iso), (_EPOCH, _of_epoch)):
        found = pattern.fullmatch(text)
        if found and (known := read(found)):
            return known, "" if pattern is not _ISO or _REST_OF_ISO.fullmatch(found[4]) else found[4].strip(" /")
    if found := _BY_DAY.fullmatch(text):
        return _of_numbers(found, day_first)
    return _of_words(text)


def read_parts(year: str, month: str = "", day: str = "") -> tuple[PartialDate | None, str]:
    """The same for a date of which a source gives the parts apart; ``month`` is a number or holds a name."""
    found, rest = read_date(year)
    if found is None or (found.month and not month.strip()):
        return found, rest
    if found.month:
        found = PartialDate(found.year)
    month, day = " ".join(month.replace("~", " ").split()), day.strip()
    if not month:
        return found, " ".join(filter(None, (rest, day)))
    if re.fullmatch(r"0?[1-9]|1[0-2]", month):
        number, day_in_month, more = int(month), "", ""
    else:
        number, day_in_month, more = _month_in(month)
    if not number:
        return found, " ".join(filter(None, (rest, month, day)))
    day = day or day_in_month
    rest = " ".join(filter(None, (rest, more)))
    try:
        return PartialDate.of(found.year, number, int(day) if day else 0), rest
    except ValueError:
        return PartialDate(found.year, number), " ".join(filter(None, (rest, day)))


def month_of(word: str) -> int:
    """1 to 12 for the English name of a month or a beginning of it of three letters or more, else 0."""
    word = word.lower().rstrip(".")
    if len(word) < 3:
        return 0
    word = "sep" if word == "sept" else word
    return next((number for number, name in enumerate(_MONTHS, 1) if name.startswith(word)), 0)


def _of_iso(found: re.Match[str]) -> PartialDate | None:
    try:
        return PartialDate.of(int(found[1]), int(found[2]), int(found[3] or 0), parts=2 + bool(found[3]))
    except ValueError:
        return None


def _of_epoch(found: re.Match[str]) -> PartialDate:
    seconds = int(found[1] or found[2])
    return PartialDate.of_day(datetime.datetime.fromtimestamp(seconds, datetime.UTC).date())


def _of_numbers(found: re.Match[str], day_first: bool | None) -> tuple[PartialDate | None, str]:
    one, other, year = int(found[1]), int(found[3]), int(found[4])
    if day_first is None and one != other and max(one, other) <= 12:
        if found[2] != ".":
            return (PartialDate(year), found[0]) if year else (None, found[0])
        day_first = True
    month, day = (other, one) if day_first or one > 12 else (one, other)
    try:
        return PartialDate.of(year, month, day, parts=3), ""
    except ValueError:
        return (PartialDate(year), found[0]) if year else (None, found[0])


def _of_words(text: str) -> tuple[PartialDate | None, str]:
    if len(text) > _LONGEST:
        return None, text
    tokens = _TOKEN.findall(_TIME.sub(" ", text))
    at = next((i for i, token in enumerate(tokens) if _year(token)), None)
    if at is None:
        return None, text
    year, letter = _year(tokens[at]) or 0, tokens[at][4:]
    others = tokens[:at] + ([letter] if letter else []) + tokens[at + 1 :]
    number, day, rest = _month_in(" ".join(others))
    if not number:
        return PartialDate(year), rest
    try:
        return PartialDate.of(year, number, int(day) if day else 0), rest
    except ValueError:
        return PartialDate(year, number), " ".join(filter(None, (day, rest)))


def _year(token: str) -> int | None:
    """Of a token such as ``2004`` or ``2004a``."""
    found = re.fullmatch(r"([12]\d{3})[a-z]?", token)
    return int(found[1]) if found else None


def _month_in(text: str) -> tuple[int, str, str]:
    """The first month that is named, the day where it is one number, and the rest."""
    tokens = _TOKEN.findall(text)
    at = next((i for i, token in enumerate(tokens) if month_of(token)), None)
    if at is None:
        return 0, "", _joined(tokens)
    others = tokens[:at] + tokens[at + 1 :]
    numbers = [token for token in others if token[0].isdigit()]
    named = [token for token in others if month_of(token)]
    if len(numbers) == 1 and not named and (found := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", numbers[0])):
        others.remove(numbers[0])
        return month_of(tokens[at]), found[1], _joined(others)
    return month_of(tokens[at]), "", _joined(others)


def _joined(tokens: list[str]) -> str:
    kept = [token for token in tokens if token.lower() not in _SILENT and not _WEEKDAY.fullmatch(token)]
    if any(token[0].isalnum() for token in kept):
        kept = [token for token in tokens if token.lower() not in _SILENT - {"-", "/", "."} or token == "--"]
        return " ".join(kept).strip(" ,-/").replace(" -- ", "--").replace(" - ", "-").replace(" .", ".").strip()
    return ""
