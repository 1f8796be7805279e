"""What an import did, for people and, by ``msgspec.json.encode``, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import msgspec

from sitegen.errors import Problem
from sitegen.model import Paper

# Names of fields, and numbers of lines, that one line of the report shows.
MOST_NAMES = 12


class SourceReport(msgspec.Struct, frozen=True, kw_only=True):
    """One source.

    Attributes:
        source: its path. ``listing``: what records remember of it. ``format``: a key of ``formats.FORMATS``.
        entries: how many it holds; each is counted once: as ``new`` (a record was made), ``merged`` (a known record
            learnt something, be it only that this listing shows it too), ``unchanged``, or ``failed``.
        with_authors, with_date, with_abstract, with_link: how many of those that did not fail have it.
        unused: name of a field of which nothing arrived -> how many entries had it, most first.
        unread: lines that look like an entry and name no paper.
        notes: what had to be inferred.
    """

    source: str
    listing: str
    format: str = ""
    entries: int = 0
    new: int = 0
    merged: int = 0
    unchanged: int = 0
    failed: int = 0
    with_authors: int = 0
    with_date: int = 0
    with_abstract: int = 0
    with_link: int = 0
    unused: dict[str, int] = {}
    unread: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The report as a person reads it."""
        read = self.entries - self.failed
        lines = [
            f"{self.source}: {self.format}, {_count(self.entries, 'entry', 'entries')}: {self.new} new, "
            f"{self.merged} merged, {self.unchanged} unchanged" + (f", {self.failed} failed" if self.failed else "")
        ]
        if read:
            lines.append(
                f"{self.source}: of {_count(read, 'paper')} {self.with_authors} have authors, {self.with_date} a date, "
                f"{self.with_abstract} an abstract, {self.with_link} a link"
            )
        if self.unused:
            shown = [f"{name} ({number})" for name, number in self.unused.items()]
            rest = f" and {len(shown) - MOST_NAMES} more" if len(shown) > MOST_NAMES else ""
            lines.append(f"{self.source}: fields not used: {', '.join(shown[:MOST_NAMES])}{rest}")
        if self.unread:
            shown = [str(number) for number in self.unread]
            rest = f" and {len(shown) - MOST_NAMES} more" if len(shown) > MOST_NAMES else ""
            lines.append(f"{self.source}: lines that name no paper: {', '.join(shown[:MOST_NAMES])}{rest}")
        return [*lines, *(f"{self.source}: {note}" for note in self.notes)]


class PaperLine(msgspec.Struct, frozen=True):
    """One paper as ``--dry-run`` shows it."""

    outcome: str
    title: str
    authors: str
    date: str
    venue: str
    identifier: str

    @classmethod
    def of(cls, paper: Paper, outcome: str) -> Self:
        first = paper.authors[0].name if paper.authors else ""
        authors = f"{first} +{len(paper.authors) - 1}" if len(paper.authors) > 1 else first
        identifier = paper.arxiv or paper.doi or ""
        return cls(outcome, paper.title, authors, str(paper.date or ""), paper.venue or "", identifier)


class Kept(msgspec.Struct, frozen=True):
    """Fields of a record that a person edited, and that an import would have liked to be different."""

    record: str
    fields: tuple[str, ...]


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """One import.

    Attributes:
        sources: in the order in which they were given.
        papers: distinct papers that the sources hold.
        written: files made or changed, relative to the site folder, sorted.
        kept: edits by hand that were left as they are.
        elsewhere: papers that live in a ``.bib`` or ``.jsonl`` file, which an import never writes.
        problems: lines not understood, entries that cannot be published, files that cannot be read or changed.
        shown: every paper, for a dry run.
    """

    sources: tuple[SourceReport, ...] = ()
    papers: int = 0
    written: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()
    elsewhere: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    shown: tuple[PaperLine, ...] = ()

    def total(self, name: str) -> int:
        """The sum of one of the counts of ``SourceReport``."""
        return sum(getattr(source, name) for source in self.sources)

    def lines(self) -> list[str]:
        """The report as a person reads it, problems first."""
        lines = [str(problem) for problem in self.problems]
        for source in self.sources:
            lines += source.lines()
        lines += table(self.shown)
        lines += [f"{kept.record}: edited by hand and kept: {', '.join(kept.fields)}" for kept in self.kept]
        lines += [f"{source}: known here, left as it is" for source in self.elsewhere]
        lines.append(
            f"{_count(self.papers, 'paper')}: {self.total('new')} new, {self.total('merged')} merged, "
            f"{self.total('unchanged')} unchanged; {_count(len(self.written), 'file')} written"
        )
        return lines


class ReassignReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a new assignment of tags and topics did. ``written``: files changed; ``papers``: records looked at,
    which are those that an import wrote; ``problems``: files that cannot be changed."""

    papers: int = 0
    written: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def lines(self) -> list[str]:
        """The report as a person reads it, problems first."""
        return [*map(str, self.problems), f"{_count(self.papers, 'imported paper')}: {len(self.written)} assigned anew"]


def table(papers: Sequence[PaperLine]) -> list[str]:
    """The papers in columns, as a person looks them through before an import."""
    widths = (9, 60, 24, 10, 20, 24)
    rows = [msgspec.structs.astuple(paper) for paper in papers]
    return [
        "  ".join(_cell(str(value), width) for value, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _cell(text: str, width: int) -> str:
    return (text if len(text) <= width else text[: width - 1] + "…").ljust(width)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
