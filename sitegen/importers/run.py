"""An import from beginning to end: read the sources, match their papers with the site's, write records."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from sitegen.config import Config
from sitegen.content.files import MAX_SOURCE_BYTES, decode, marked
from sitegen.content.load import load
from sitegen.content.record import paper_from
from sitegen.errors import Problem, UsageError, did_you_mean
from sitegen.importers.arxiv_atom import read_atom
from sitegen.importers.assign import Assigner
from sitegen.importers.bibtex import read_bibliography
from sitegen.importers.daily_papers import read_daily_papers
from sitegen.importers.json_records import read_json
from sitegen.importers.listing import Importer, Listing
from sitegen.importers.record import as_written
from sitegen.importers.report import ImportReport, ReassignReport, SourceReport
from sitegen.importers.shelf import Shelf
from sitegen.model import Appearance, Date, Paper

IMPORTERS: dict[str, Importer] = {
    "daily-papers": read_daily_papers,
    "bibtex": read_bibliography,
    "jsonl": read_json,
    "json": read_json,
    "arxiv-atom": read_atom,
}
"""Name on the command line -> importer."""

# Formats whose importers tell of single papers that are no text, and need not refuse the others.
_IN_PIECES = frozenset({"bibtex", "jsonl", "json"})

STDIN = "-"


def run_import(
    root: Path,
    config: Config,
    format_name: str,
    sources: Sequence[Path | str],
    *,
    captured: Date | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Import papers into a site's ``content/papers/``.

    Args:
        root: the site folder.
        format_name: a key of ``IMPORTERS``.
        sources: files, or ``"-"`` for the standard input. A file's name without its suffix is the name of
            the listing, which records remember.
        captured: the day on which the sources were taken; gives a year to dates without one.
        dry_run: report what would happen and write nothing.

    Raises:
        UsageError: for an unknown format or no source at all.
    """
    if format_name not in IMPORTERS:
        raise UsageError(f"unknown format {format_name!r} ({did_you_mean(format_name, IMPORTERS)})")
    if not sources:
        raise UsageError("name at least one file to import, or '-' for the standard input")
    content = load(root, config.content)
    shelf = Shelf(root, root / config.content / "papers", content, Assigner(content.topics, content.tags))
    reports: list[SourceReport] = []
    problems: list[Problem] = []
    papers: set[int] = set()
    for source in sources:
        name = str(source)
        text = _text_of(source, format_name)
        if isinstance(text, Problem):
            problems.append(text)
            continue
        listing = IMPORTERS[format_name](text, name, captured)
        appearance = Appearance(_listing_name(source, text), listing.captured)
        counts = {"new": 0, "merged": 0, "unchanged": 0, "failed": 0}
        found = list(_papers(listing, name))
        for paper, wrong in found:
            problems += wrong
            if paper is None:
                counts["failed"] += 1
                continue
            position, outcome = shelf.put(paper, appearance)
            counts[outcome] += 1
            papers.add(position)
        problems += listing.problems
        if not found and not listing.problems:
            hint = f"is it really {format_name}?"
            problems.append(Problem(source=name, message="no papers found", hint=hint))
        reports.append(
            SourceReport(source=name, listing=appearance.listing, entries=len(found), notes=listing.notes, **counts)
        )
    written, unwritten = shelf.write(dry_run=dry_run)
    return ImportReport(
        sources=tuple(reports),
        papers=len(papers),
        written=written,
        kept=shelf.kept(),
        elsewhere=shelf.elsewhere(),
        problems=(*problems, *unwritten),
    )


def reassign(root: Path, config: Config, *, dry_run: bool = False) -> ReassignReport:
    """Give imported papers their tags and topics anew, from the vocabularies as they are now.

    Only terms that an import assigned change. A term that a person added stays, one that a person took out
    stays out, and a list of which a person replaced every term is left alone.
    """
    content = load(root, config.content)
    shelf = Shelf(root, root / config.content / "papers", content, Assigner(content.topics, content.tags))
    papers = shelf.reassign()
    written, problems = shelf.write(dry_run=dry_run)
    return ReassignReport(papers=papers, written=written, problems=problems)


def _papers(listing: Listing, name: str) -> Iterator[tuple[Paper | None, list[Problem]]]:
    for entry in listing.entries:
        raw = {key: value for key, value in entry.raw.items() if key != "imported"}
        paper, problems = paper_from(raw, name, line=entry.line)
        yield as_written(paper) if paper else None, problems


def _text_of(source: Path | str, format_name: str) -> str | Problem:
    name = str(source)
    try:
        if name == STDIN:
            raw = sys.stdin.buffer.read()
        else:
            path = Path(source)
            if path.is_dir():
                return Problem(source=name, message="is a folder", hint="name the files in it")
            if path.stat().st_size > MAX_SOURCE_BYTES:
                return Problem(source=name, message=f"larger than {MAX_SOURCE_BYTES >> 20} MiB", hint="split the file")
            raw = path.read_bytes()
    except FileNotFoundError:
        return Problem(source=name, message="no such file", hint="check its path")
    except (OSError, ValueError) as error:
        return Problem(source=name, message=f"cannot be read: {getattr(error, 'strerror', None) or error}")
    return marked(raw) if format_name in _IN_PIECES else decode(raw, name)


def _listing_name(source: Path | str, text: str) -> str:
    """A file's name without its suffix; text from a pipe is told by its digest, so a second time changes nothing."""
    if str(source) == STDIN:
        return f"stdin-{hashlib.blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=4).hexdigest()}"
    return " ".join(Path(source).stem.encode("utf-8", "replace").decode().split()) or "listing"
