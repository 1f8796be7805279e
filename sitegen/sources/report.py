"""What a fetch did, for people and, by ``msgspec.json.encode``, for programs."""

from __future__ import annotations

import msgspec

from sitegen.errors import Problem


class SourceResult(msgspec.Struct, frozen=True, kw_only=True):
    """One source. ``failure``: why it gave nothing, as the end of a sentence that begins with its name.

    ``entries`` counts what the service sent; each is ``new``, ``merged``, ``unchanged`` or ``failed``.
    """

    name: str
    service: str
    entries: int = 0
    new: int = 0
    merged: int = 0
    unchanged: int = 0
    failed: int = 0
    failure: str | None = None
    notes: tuple[str, ...] = ()

    def line(self) -> str:
        """The source in one line."""
        if self.failure:
            return f"{self.name}: failed: {self.failure}"
        counts = f"{self.new} new, {self.merged} merged, {self.unchanged} unchanged"
        return f"{self.name}: {counts}" + (f", {self.failed} not usable" if self.failed else "")


class FetchReport(msgspec.Struct, frozen=True, kw_only=True):
    """One fetch.

    Attributes:
        sources: in the order of the settings.
        papers: distinct papers that the sources sent.
        written: files made or changed, relative to the site folder, sorted.
        kept: ``file: fields`` that a person edited and that stayed as they are.
        problems: of single papers, and of files that could not be written.
    """

    sources: tuple[SourceResult, ...] = ()
    papers: int = 0
    written: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def failed(self) -> tuple[SourceResult, ...]:
        return tuple(result for result in self.sources if result.failure)

    def lines(self) -> list[str]:
        """The report as a person reads it."""
        lines = []
        for result in self.sources:
            lines += [f"{result.name}: {note}" for note in result.notes]
            lines.append(result.line())
        lines += [f"{kept}: edited by hand and kept" for kept in self.kept]
        files = len(self.written)
        lines.append(f"{files} file{'' if files == 1 else 's'} written")
        return lines

    def markdown(self) -> str:
        """The same as a table, for the summary of a job."""
        rows = ["| Source | New | Merged | Unchanged | |", "| --- | ---: | ---: | ---: | --- |"]
        for each in self.sources:
            said = f"**failed**: {each.failure}" if each.failure else "; ".join(each.notes)
            cells = (each.name, str(each.new), str(each.merged), str(each.unchanged), said)
            rows.append(f"| {' | '.join(_cell(cell) for cell in cells)} |")
        return "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    """Services' words are hostile: no markup of theirs reaches the summary."""
    line = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return line.replace("|", "\\|").replace("`", "'").replace("[", "\\[")
