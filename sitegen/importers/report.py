"""What an import did, for people and, by ``msgspec.json.encode``, for programs."""

from __future__ import annotations

import msgspec

from sitegen.errors import Problem


class SourceReport(msgspec.Struct, frozen=True, kw_only=True):
    """One source. Each of its ``entries`` is counted once: as ``new`` (a record was made), ``merged`` (a known
    record learnt something, be it only that this listing shows it too), ``unchanged``, or ``failed``."""

    source: str
    listing: str
    entries: int = 0
    new: int = 0
    merged: int = 0
    unchanged: int = 0
    failed: int = 0
    notes: tuple[str, ...] = ()


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
    """

    sources: tuple[SourceReport, ...] = ()
    papers: int = 0
    written: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()
    elsewhere: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def total(self, name: str) -> int:
        """The sum of one of the counts of ``SourceReport``."""
        return sum(getattr(source, name) for source in self.sources)

    def lines(self) -> list[str]:
        """The report as a person reads it, problems first."""
        lines = [str(problem) for problem in self.problems]
        for source in self.sources:
            lines.append(
                f"{source.source}: {_count(source.entries, 'entry', 'entries')}: {source.new} new, "
                f"{source.merged} merged, {source.unchanged} unchanged"
                + (f", {source.failed} failed" if source.failed else "")
            )
            lines += [f"{source.source}: {note}" for note in source.notes]
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


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
