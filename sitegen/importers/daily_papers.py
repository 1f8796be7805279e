"""Text copied from a Daily Papers page.

Below a page's head (boilerplate and the page's own date) every paper shows its title and its abstract, then
sometimes how many authors there are or the organisation, a dot, and the date with the votes:

    Learning to Fold Proteins on a Phone

    We present ...

      • 5 authors
    ·
    Sep 11 4

Copies differ: with or without blank lines, with or without the lines below the abstract, on one line or on
three, the head glued to the first title. Lines that say what they are (dates, author counts, dots) cut the
text into runs; within a run ``classify_lines`` decides which lines are titles. A line that is none of these is
told by its number and costs nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from sitegen.content.plain import to_markdown
from sitegen.errors import Problem
from sitegen.importers.dates import Calendar, PrintedDate, calendar_for, parse_date
from sitegen.importers.line_classifier import Line, PaperText, classify_lines
from sitegen.importers.listing import Entry, Listing
from sitegen.model import Date

Kind = Literal["text", "authors", "date", "dot", "head", "stray"]

_HEAD = re.compile(
    r"new|subscribe|get trending papers in your email inbox(?: once a day)?\s*!?|daily papers|"
    r"by\s*ak and the research community",
    re.IGNORECASE,
)
# A copied page runs its parts together: "SubscribeFrom ...", "Daily PapersbyAK and ...".
_GLUED = re.compile(
    r"(?:(?P<subscribe>Subscribe)(?!rs?\b)|Daily Papers(?=\s*by\s*AK)|by\s*AK and the research community|"
    r"Get trending papers in your email inbox(?: once a day)?!)\s*(?=\S)"
)
_AUTHORS = re.compile(r"[•·*–-]?\s*(\d[\d,]*)\s+authors?", re.IGNORECASE)
_DOT = re.compile(r"[•·∙⋅・|]")
_DOTS = re.compile(r"\s*[•·∙⋅・]\s*")
_SAY_WHEN = "say when the page was copied: --captured 2025-10-29"
_NUMBER = re.compile(r"(?=\D*\d)[\d\s.,:%+k-]+")


class _Token(msgspec.Struct, frozen=True):
    """One line, or a part of one that carries several."""

    kind: Kind
    line: Line
    authors: int | None = None
    date: PrintedDate | None = None


class _Draft(msgspec.Struct):
    """An entry while its lines are being read; ``page`` counts the heads above it."""

    found: PaperText
    page: int
    authors: int | None = None
    date: PrintedDate | None = None
    date_line: int = 0


def read_daily_papers(text: str, source: str, captured: Date | None) -> Listing:
    """All papers of one copied page, or of several pages one below the other."""
    tokens = _with_numeric_titles(list(_tokens(text)))
    reader = _Reader(source, abstracts=any(token.kind in ("authors", "dot") for token in tokens))
    for run in _runs(tokens):
        reader.take(run)
    return reader.listing(captured)


def _tokens(text: str) -> Iterator[_Token]:
    in_head = True
    gap = False
    for number, raw in enumerate(text.split("\n"), 1):
        rest = " ".join(raw.split())
        if not rest:
            gap = True
            continue
        if _HEAD.fullmatch(rest) and (in_head or len(rest) > 9):
            in_head, gap = True, False
            yield _Token("head", Line(number, rest))
            continue
        while in_head and (glued := _GLUED.match(rest)) and not _is_title(rest, glued):
            rest = rest[glued.end() :]
        for token in _parts(Line(number, rest, gap)):
            in_head = in_head and token.kind != "text"
            yield token
        gap = False


def _is_title(line: str, glued: re.Match[str]) -> bool:
    """ "Subscribe to this" stands as it is; "SubscribeTo This" lost the break before its title."""
    return bool(glued["subscribe"]) and line[len("Subscribe")].isspace()


def _parts(line: Line) -> Iterator[_Token]:
    """A line as one token, or "5 authors · Sep 11 4" as three."""
    pieces = [piece for piece in _DOTS.split(line.text) if piece]
    if 2 <= len(pieces) <= 3 and parse_date(pieces[-1]) and all(len(piece) <= 100 for piece in pieces):
        for piece in pieces[:-1]:
            yield _token(msgspec.structs.replace(line, text=piece))
        yield _Token("dot", line)
        yield _token(msgspec.structs.replace(line, text=pieces[-1], gap=False))
    else:
        yield _token(line)


def _token(line: Line) -> _Token:
    if found := _AUTHORS.fullmatch(line.text):
        return _Token("authors", line, authors=int(found[1].replace(",", "")))
    if date := parse_date(line.text.lstrip("•· ")):
        return _Token("date", line, date=date)
    if _DOT.fullmatch(line.text):
        return _Token("dot", line)
    return _Token("stray" if _NUMBER.fullmatch(line.text) else "text", line)


def _with_numeric_titles(tokens: list[_Token]) -> list[_Token]:
    """A number on a line of its own is a counter, but right above an abstract that has no title it is one."""
    found = list(tokens)
    for position, token in enumerate(tokens[:-1]):
        if token.kind == "stray" and _is_long(tokens[position + 1]):
            before = tokens[position - 1] if position else None
            if before is None or before.kind != "text" or _is_long(before):
                found[position] = msgspec.structs.replace(token, kind="text")
    return found


def _is_long(token: _Token) -> bool:
    return token.kind == "text" and len(token.line.text) > 150


def _runs(tokens: Iterable[_Token]) -> Iterator[list[_Token]]:
    """Groups of lines: some text and then the lines below it that are not text."""
    run: list[_Token] = []
    for token in tokens:
        if run and token.kind == "text" and run[-1].kind != "text":
            yield run
            run = []
        run.append(token)
    if run:
        yield run


class _Reader:
    """Collects entries, page dates and problems, run by run."""

    def __init__(self, source: str, *, abstracts: bool) -> None:
        self._source = source
        self._abstracts = abstracts
        self._drafts: list[_Draft] = []
        self._pages: list[_Token | None] = [None]
        self._problems: list[Problem] = []

    def take(self, run: list[_Token]) -> None:
        lines = [token.line for token in run if token.kind == "text"]
        below = [token for token in run if token.kind != "text"]
        kinds = [token.kind for token in below]
        found = classify_lines(
            lines,
            closed=bool({"authors", "date"} & {*kinds}),
            signed=kinds[:2] == ["dot", "date"],
            abstracts=self._abstracts,
        )
        self._drafts += [_Draft(each, len(self._pages) - 1) for each in found]
        current = self._drafts[-1] if found else None
        for token in below:
            if token.kind == "head":
                current = None
                if self._drafts and self._drafts[-1].page == len(self._pages) - 1:
                    self._pages.append(None)
            elif not self._belongs(token, current):
                self._stray(token.line)

    def _belongs(self, token: _Token, current: _Draft | None) -> bool:
        """Whether the line found its place: below a paper, or in the head as the page's date."""
        if current is None:
            if token.date is None or token.date.votes is not None or self._pages[-1]:
                return False
            self._pages[-1] = token
        elif token.authors is not None and current.authors is None:
            current.authors = token.authors
        elif token.date is not None and current.date is None:
            current.date, current.date_line = token.date, token.line.number
        else:
            return token.kind == "dot" and current.date is None
        return True

    def _stray(self, line: Line) -> None:
        shown = line.text if len(line.text) <= 60 else line.text[:57] + "..."
        self._problem(line.number, f"not understood: {shown!r}")

    def _problem(self, line: int, message: str) -> None:
        self._problems.append(Problem(source=self._source, line=line, message=message, severity="warning"))

    def listing(self, captured: Date | None) -> Listing:
        page_dates = [page.date if page else None for page in self._pages]
        printed = [date for date in (*page_dates, *(draft.date for draft in self._drafts)) if date is not None]
        calendars: list[Calendar] = []
        page_days: list[Date | None] = []
        notes: list[str] = []
        for page, date in zip(self._pages, page_dates, strict=True):
            calendar, inferred = calendar_for(printed, date, captured)
            calendars.append(calendar)
            page_days.append(self._day(calendar, date, page.line.number if page else 0))
            if inferred and any(date.year is None for date in printed):
                notes.append(f"dates without a year: {calendar.year} inferred ({_SAY_WHEN})")
            elif calendar.year is None and printed:
                notes.append(f"dates without a year are left out ({_SAY_WHEN})")
        entries = tuple(self._entry(draft, calendars[draft.page], page_days[draft.page]) for draft in self._drafts)
        bare = [draft.found.line for draft in self._drafts if not draft.found.paragraphs]
        if bare:
            notes.append(f"titles without an abstract: {len(bare)} (line {', '.join(map(str, bare[:10]))})")
        return Listing(
            captured=captured or max(filter(None, page_days), default=None),
            entries=entries,
            problems=tuple(sorted(self._problems)),
            notes=tuple(dict.fromkeys(notes)),
        )

    def _day(self, calendar: Calendar, printed: PrintedDate | None, line: int) -> Date | None:
        if printed is None:
            return None
        try:
            return calendar.resolve(printed)
        except ValueError:
            self._problem(line, "no such day in any calendar")
            return None

    def _entry(self, draft: _Draft, calendar: Calendar, page_day: Date | None) -> Entry:
        found = draft.found
        day = self._day(calendar, draft.date, draft.date_line)
        votes = draft.date.votes if draft.date else None
        raw = {
            "title": found.title,
            "abstract": to_markdown("\n\n".join(found.paragraphs)),
            "date": day and day.isoformat(),
            "featured_on": [page_day.isoformat()] if page_day else None,
            "author_count": draft.authors,
            "upvotes": votes,
            "extra": {"organization": _organization(found.signature)} if found.signature else None,
        }
        return Entry({field: value for field, value in raw.items() if value not in (None, "")}, found.line)


def _organization(line: str) -> str:
    """The account's name in front of its display name says nothing new: "examplelab Example Lab"."""
    account, _, name = line.partition(" ")
    if name and account.casefold() == re.sub(r"[\W_]", "", name).casefold():
        return name
    return line
