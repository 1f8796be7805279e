"""What commands say: problems and progress on stderr, results on stdout."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click
import msgspec

from sitegen.errors import Problem

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from sitegen.build import BuildReport

# A bar that is gone again before it can be read only flickers.
_BAR_AFTER_SECONDS = 0.4


class Console:
    """One command's voice.

    Args:
        quiet: say nothing but errors. ``verbose``: say more.
        as_json: the result is one JSON object on stdout.
    """

    def __init__(self, *, quiet: bool = False, verbose: bool = False, as_json: bool = False) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.as_json = as_json

    def note(self, line: str) -> None:
        """News that is not the result."""
        if not self.quiet:
            click.echo("\n".join(map(printable, line.split("\n"))), err=True)

    def detail(self, line: str) -> None:
        """What only ``--verbose`` wants to know."""
        if self.verbose:
            click.echo(line, err=True)

    def problems(self, problems: Iterable[Problem]) -> None:
        """One line each; warnings say that they are."""
        for problem in problems:
            if problem.severity == "error":
                click.echo(printable(str(problem)), err=True)
            elif not self.quiet:
                click.echo(printable(f"{problem} [warning]"), err=True)

    def result(self, line: str, fields: dict[str, Any]) -> None:
        """How a command ended: a line for people or an object for programs."""
        if self.as_json:
            click.echo(msgspec.json.encode(fields, order="deterministic"))
        elif not self.quiet:
            click.echo(line)

    def progress(self) -> ProgressBar | None:
        """A bar where a person looks on."""
        return ProgressBar() if sys.stderr.isatty() and not self.quiet else None


class ProgressBar:
    """Called with ``(stage, done, total)``; appears only when the work takes long enough to be seen."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._bar: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._bar is None:
            if time.monotonic() - self._started < _BAR_AFTER_SECONDS:
                return
            self._bar = self._start()
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(stage, total=total)
        self._bar.update(self._tasks[stage], completed=done, total=total)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()

    @staticmethod
    def _start() -> Progress:
        from rich.console import Console as RichConsole
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        bar = Progress(*columns, console=RichConsole(stderr=True), transient=True)
        bar.start()
        return bar


def build_summary(report: BuildReport) -> str:
    """The one line that a build ends with."""
    files = f"{report.written:,} written, {report.unchanged:,} unchanged, {report.removed:,} removed"
    return f"{count(report.papers, 'paper')}; files: {files}; {report.seconds:.2f} s"


def build_fields(report: BuildReport, problems: Sequence[Problem]) -> dict[str, Any]:
    """The same as an object; ``problems`` in full, ``stages`` in seconds."""
    fields: dict[str, Any] = msgspec.to_builtins(report)
    return fields | {"problems": msgspec.to_builtins(problems)}


def count(number: int, noun: str) -> str:
    """``1 paper``, ``2 papers``, ``1,000 papers``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def printable(text: str) -> str:
    """The text without what would move a terminal's cursor or colour it; sources are hostile."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
