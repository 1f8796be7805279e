"""The interface's language: words from the theme's tables, dates, numbers and plurals from Babel."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Mapping

import msgspec
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval, format_skeleton
from babel.numbers import format_decimal

from sitegen.model import Date, PartialDate

FALLBACK = "en"
_CLIENT_COUNTS = ("papers.", "votes.", "more.")
# The words that the client says, by their beginnings: every page carries those of the search box.
_CLIENT_WORDS = {
    "search": tuple(
        f"search_{name}"
        for name in ("all.", "every.", "failed", "found.", "no_every", "none", "phrase", "try_", "typo.", "wait")
    ),
    "list": tuple(
        f"list_{name}"
        for name in ("added", "because", "copied", "failed", "gone.", "moved", "read", "shared.", "working", "written.")
    ),
}


class Words:
    """A table of words whose entries are attributes: ``words.search`` in a template."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self.__dict__.update({key.replace(".", "_"): text for key, text in table.items()})

    def __getattr__(self, key: str) -> str:
        raise AttributeError(f"no word {key!r} in the theme's words")


class Language:
    """Everything that is said differently in another language.

    Attributes:
        tag: the site's BCP 47 tag. ``direction``: ``ltr`` or ``rtl``.
        words: the theme's table for it; a table for the bare language stands in for a regional one, and
            English for what a table lacks.
    """

    def __init__(self, tag: str, tables: Mapping[str, Mapping[str, str]]) -> None:
        self.tag = tag
        self.locale = _locale(tag)
        self.direction = "rtl" if self.locale.text_direction == "rtl" else "ltr"
        self._table = {**tables.get(FALLBACK, {}), **tables.get(str(self.locale.language), {}), **tables.get(tag, {})}
        self.words = Words(self._table)

    def translate(self, key: str, **values: object) -> str:
        """The text of ``key`` with ``{name}`` replaced by the values."""
        return self._table[key].format_map(values)

    def client_words(self, part: str) -> str:
        """The words that a part of the client says (``search``, ``list``), as JSON: its own and the counts."""
        wanted = (*_CLIENT_WORDS[part], *_CLIENT_COUNTS)
        kept = {key: text for key, text in self._table.items() if key.startswith(wanted)}
        return msgspec.json.encode(kept, order="sorted").decode()

    @functools.lru_cache(maxsize=4096)  # noqa: B019 -- one language lives as long as the build
    def count(self, key: str, number: int) -> str:
        """``papers``, 2 -> "2 papers": the plural form that the language asks for."""
        form = self.locale.plural_form(number)
        text = self._table.get(f"{key}.{form}") or self._table[f"{key}.other"]
        return text.format(n=self.number(number))

    @functools.lru_cache(maxsize=4096)  # noqa: B019
    def number(self, number: int) -> str:
        return format_decimal(number, locale=self.locale)

    def points(self, change: float) -> str:
        """A change in percentage points with its sign and one decimal: ``+1.5``."""
        return format_decimal(round(change, 1), format="+0.0;-0.0", locale=self.locale)

    @functools.lru_cache(maxsize=16384)  # noqa: B019
    def date(self, day: Date | PartialDate, style: str = "medium") -> str:
        """A day: ``medium`` (29 Oct 2025), ``long`` (29 October 2025), ``full`` (with the weekday); a month or a year
        where no more is known: ``Oct 2025``, ``2025``."""
        if isinstance(day, PartialDate):
            if not day.month:
                return self.year(day.first_day())
            if not day.day:
                return format_skeleton("yMMM" if style == "medium" else "yMMMM", day.first_day(), locale=self.locale)
            day = day.first_day()
        return format_date(day, format=style, locale=self.locale)

    @functools.lru_cache(maxsize=1024)  # noqa: B019
    def year(self, day: Date) -> str:
        """``2025``."""
        return format_skeleton("y", day, locale=self.locale)

    @functools.lru_cache(maxsize=4096)  # noqa: B019
    def month(self, day: Date) -> str:
        """``October 2025``."""
        return format_skeleton("yMMMM", day, locale=self.locale)

    @functools.lru_cache(maxsize=512)  # noqa: B019
    def month_name(self, day: Date) -> str:
        """``October``, without its year."""
        return format_date(day, format="LLLL", locale=self.locale)

    def week(self, start: Date) -> str:
        """``27 Oct - 2 Nov 2025``: the seven days from ``start``."""
        return format_interval(start, start + datetime.timedelta(6), "yMMMd", locale=self.locale)


def _locale(tag: str) -> Locale:
    try:
        return Locale.parse(tag.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        base = tag.partition("-")[0]
        try:
            return Locale.parse(base)
        except (UnknownLocaleError, ValueError):
            return Locale.parse(FALLBACK)
