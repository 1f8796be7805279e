"""An import from beginning to end: read the sources, match their papers with the site's, write records.

``Import`` is the same without files and the command line: what fetches papers gives it texts.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from sitegen.config import Config
from sitegen.content.files import MAX_SOURCE_BYTES, decode, is_passed_over, marked
from sitegen.content.load import load
from sitegen.content.record import FIELDS, paper_from
from sitegen.errors import Problem, UsageError, did_you_mean
from sitegen.importers.auto_tag import FIT_FROM, FIT_SHARE, AutoTagger
from sitegen.importers.bibtex import read_bibliography
from sitegen.importers.dedupe import SourceKeys, key_of
from sitegen.importers.detect import detect, reason
from sitegen.importers.formats import FORMATS
from sitegen.importers.listing import Entry, Listing
from sitegen.importers.paper_file import as_written
from sitegen.importers.paper_store import PaperStore
from sitegen.importers.report import ImportReport, PaperLine, ReassignReport, SourceReport
from sitegen.model import Appearance, Date, Paper

_SUFFIXES = frozenset(suffix for each in FORMATS.values() for suffix in each.suffixes)
# What --set may give: everything that a source can say of a paper and an import may write.
SETTABLE = frozenset(FIELDS) - {"id", "title", "slug", "aliases", "imported", "links", "extra", "notice"}
STDIN = "-"


class Import:
    """One import into a site: ``add`` texts, then ``finish``.

    Args:
        root: the site folder.
        captured: the day on which the sources were taken; gives a year to dates without one.
        given: field -> value for what papers lack.
        topics_from_headings: whether the heading above a paper is its topic where it has none.

    Raises:
        UsageError: for a field that ``given`` may not hold.
    """

    def __init__(
        self,
        root: Path,
        config: Config,
        *,
        captured: Date | None = None,
        given: Mapping[str, Any] | None = None,
        topics_from_headings: bool = True,
    ) -> None:
        self._given = dict(given or {})
        for field in self._given:
            if field not in SETTABLE:
                raise UsageError(f"cannot set {field!r} ({did_you_mean(field, sorted(SETTABLE))})")
        content = load(root, config.content, macros=config.bibtex.macros)
        self._store = PaperStore(
            root, root / config.content / "papers", content, AutoTagger(content.topics, content.tags)
        )
        self._captured = captured
        self._headings = topics_from_headings
        self._macros = dict(config.bibtex.macros)
        self._reports: list[SourceReport] = []
        self._problems: list[Problem] = []
        self._papers: set[int] = set()
        self._shown: list[PaperLine] = []

    def add(self, text: str, name: str, listing_name: str, format_name: str | None = None) -> SourceReport | None:
        """Take in the papers of one source.

        Args:
            text: with ``\\n`` line ends. ``name``: what problems call it. ``listing_name``: what records remember.
            format_name: a key of ``FORMATS``; found from the text and the name when it is not given.

        Returns:
            what became of its papers, or ``None`` when the source is in no known format, which ``finish`` tells.
        """
        found = self.read(text, name, format_name)
        if isinstance(found, Problem):
            self._problems.append(found)
            return None
        chosen, listing = found
        report = self.take(listing, name, listing_name, chosen)
        if not listing.entries and not listing.problems and not listing.macros:
            hint = f"is it really {FORMATS[chosen].title}?" if format_name else reason(text, name)
            self._problems.append(Problem(source=name, message="no papers found", hint=hint))
        return report

    def read(self, text: str, name: str, format_name: str | None = None) -> tuple[str, Listing] | Problem:
        """The format of a source and what it holds, before anything is taken in; or why it holds nothing."""
        found = detect(text, name)
        chosen = format_name or found
        if chosen is None:
            return Problem(source=name, message="no format that is known", hint=reason(text, name))
        if chosen == "daily-papers" and found not in ("daily-papers", None):
            hint = f"it looks like {FORMATS[found].title}: sitegen import --format {found} {name}"
            return Problem(source=name, message="is no text of a Daily Papers page", hint=hint)
        if chosen == "bibtex":
            listing = read_bibliography(text, name, self._captured, self._macros)
            self._macros |= listing.macros
        else:
            listing = FORMATS[chosen].read(text, name, self._captured)
        return chosen, listing

    def take(
        self, listing: Listing, name: str, listing_name: str, chosen: str, *, given: Mapping[str, Any] | None = None
    ) -> SourceReport:
        """Take in what ``read`` gave. ``given``: for this source, instead of that of the whole import."""
        given = self._given if given is None else given
        appearance = Appearance(listing_name, listing.captured)
        counts: Counter[str] = Counter()
        unused: Counter[str] = Counter()
        papers: list[Paper] = []
        for entry in listing.entries:
            unused.update(set(entry.unused))
            paper = self._paper(entry, name, given)
            if paper is None:
                counts["failed"] += 1
            else:
                papers.append(paper)
        keys = SourceKeys(papers)
        asking, plain = self._store.fit(papers)
        fits = asking < FIT_FROM or plain >= FIT_SHARE * asking
        for paper in papers:
            position, outcome = self._store.upsert(paper, appearance, keys, topics_by_rule=fits)
            if others := keys.others(position, paper):
                self._problems.append(_taken_for_one(name, paper, others))
            counts[outcome] += 1
            counts["authors"] += bool(paper.authors)
            counts["dated"] += paper.date is not None
            counts["abstracts"] += bool(paper.abstract)
            counts["links"] += bool(paper.doi or paper.arxiv or any(msgspec.structs.astuple(paper.links)))
            self._papers.add(position)
            self._shown.append(PaperLine.of(paper, outcome))
        self._problems += listing.problems
        report = SourceReport(
            source=name,
            listing=listing_name,
            format=chosen,
            entries=len(listing.entries),
            new=counts["new"],
            merged=counts["merged"],
            unchanged=counts["unchanged"],
            failed=counts["failed"],
            with_authors=counts["authors"],
            with_date=counts["dated"],
            with_abstract=counts["abstracts"],
            with_link=counts["links"],
            unused=dict(sorted(unused.items(), key=lambda item: (-item[1], item[0]))),
            unread=listing.unread,
            notes=(*listing.notes, *([] if fits else [_no_topics(asking, plain)])),
        )
        self._reports.append(report)
        return report

    def refuse(self, problem: Problem) -> None:
        """Remember a source that could not be read at all."""
        self._problems.append(problem)

    def finish(self, *, dry_run: bool = False) -> ImportReport:
        """Write what is new or changed, unless ``dry_run``, and tell of everything."""
        written, unwritten = self._store.write(dry_run=dry_run)
        return ImportReport(
            sources=tuple(self._reports),
            papers=len(self._papers),
            written=written,
            kept=self._store.kept(),
            elsewhere=self._store.elsewhere(),
            problems=(*self._problems, *unwritten),
            shown=tuple(self._shown) if dry_run else (),
        )

    def _paper(self, entry: Entry, name: str, given: Mapping[str, Any]) -> Paper | None:
        raw = {key: value for key, value in entry.raw.items() if key not in ("imported", "aliases")}
        if self._headings and entry.heading:
            raw.setdefault("topics", [entry.heading])
        for field, value in given.items():
            if raw.get(field) in (None, "", [], {}):
                raw[field] = value
        paper, problems = paper_from(raw, name, line=entry.line, forgiving=True)
        self._problems += problems
        return as_written(paper) if paper else None


def run_import(
    root: Path,
    config: Config,
    sources: Sequence[Path | str],
    format_name: str | None = None,
    *,
    captured: Date | None = None,
    given: Mapping[str, Any] | None = None,
    topics_from_headings: bool = True,
    dry_run: bool = False,
) -> ImportReport:
    """Import papers into a site's ``content/papers/``.

    Args:
        root: the site folder.
        sources: files, folders of them, or ``"-"`` for the standard input. A file's name without its suffix is the
            name of the listing, which records remember.
        format_name: a key of ``FORMATS``; found for each source when it is not given.
        captured, given, topics_from_headings: see ``Import``.
        dry_run: report what would happen and write nothing.

    Raises:
        UsageError: for an unknown format or no source at all.
    """
    if format_name is not None and format_name not in FORMATS:
        raise UsageError(f"unknown format {format_name!r} ({did_you_mean(format_name, FORMATS)})")
    if not sources:
        raise UsageError("name at least one file to import, or '-' for the standard input")
    run = Import(root, config, captured=captured, given=given, topics_from_headings=topics_from_headings)
    for source in _files(sources):
        text = _text_of(source, format_name)
        if isinstance(text, Problem):
            run.refuse(text)
        else:
            run.add(text, str(source), _listing_name(source, text), format_name)
    return run.finish(dry_run=dry_run)


def reassign(root: Path, config: Config, *, dry_run: bool = False) -> ReassignReport:
    """Give imported papers their tags and topics anew, from the vocabularies as they are now.

    Only terms that an import assigned change. A term that a person added stays, one that a person took out
    stays out, and a list of which a person replaced every term is left alone.
    """
    content = load(root, config.content, macros=config.bibtex.macros)
    store = PaperStore(root, root / config.content / "papers", content, AutoTagger(content.topics, content.tags))
    papers = store.reassign()
    written, problems = store.write(dry_run=dry_run)
    return ReassignReport(papers=papers, written=written, problems=problems)


def is_format(word: str, others: Sequence[str]) -> bool:
    """Whether the first word behind ``import`` names a format, rightly or wrongly, and no file."""
    return not Path(word).exists() and (
        word in FORMATS or (bool(others) and re.fullmatch(r"[a-z-]+", word) is not None)
    )


def _no_topics(asking: int, plain: int) -> str:
    return (
        f"no topics are given by rule: {plain} of {asking} papers are plainly about one of the site's; write topics of "
        "your own in content/topics/"
    )


def _taken_for_one(name: str, paper: Paper, others: Sequence[str]) -> Problem:
    message = f"{key_of(paper)!r} is taken for the same paper as {', '.join(map(repr, others))}"
    hint = "nothing that both say differs; give one of them a type, year, venue or pages of its own if they are two"
    return Problem(source=name, line=paper.line, message=message, hint=hint, severity="warning")


def parse_given(settings: Sequence[str]) -> dict[str, Any]:
    """``FIELD=VALUE`` as a mapping.

    Raises:
        UsageError: for a setting without ``=``.
    """
    given: dict[str, Any] = {}
    for setting in settings:
        field, sign, value = setting.partition("=")
        if not sign or not field.strip():
            raise UsageError(f"write --set FIELD=VALUE, not {setting!r}")
        name = {"year": "date", "topic": "topics", "tag": "tags"}.get(field.strip(), field.strip())
        given[name] = value.strip()
    return given


def _files(sources: Sequence[Path | str]) -> Iterator[Path | str]:
    """The sources with the files of each folder in its place; Hugo's pages of a section are none."""
    for source in sources:
        if str(source) != STDIN and Path(source).is_dir():
            for path in sorted(Path(source).rglob("*")):
                hidden = any(is_passed_over(part) for part in path.relative_to(source).parts)
                if path.is_file() and not hidden and path.suffix.lower() in _SUFFIXES and path.name != "_index.md":
                    yield path
        else:
            yield source


def _text_of(source: Path | str, format_name: str | None) -> str | Problem:
    name = str(source)
    try:
        if name == STDIN:
            raw = sys.stdin.buffer.read()
        else:
            path = Path(source)
            if path.stat().st_size > MAX_SOURCE_BYTES:
                return Problem(source=name, message=f"larger than {MAX_SOURCE_BYTES >> 20} MiB", hint="split the file")
            raw = path.read_bytes()
    except FileNotFoundError:
        hint = "check its path"
        if name in FORMATS:
            hint = "name a file behind the format"
        return Problem(source=name, message="no such file", hint=hint)
    except (OSError, ValueError) as error:
        return Problem(source=name, message=f"cannot be read: {getattr(error, 'strerror', None) or error}")
    in_pieces = FORMATS[format_name].in_pieces if format_name else name.lower().endswith((".bib", ".json", ".jsonl"))
    return marked(raw) if in_pieces else decode(raw, name)


def _listing_name(source: Path | str, text: str) -> str:
    """A file's name without its suffix; text from a pipe is told by its digest, so a second time changes nothing."""
    if str(source) == STDIN:
        return f"stdin-{hashlib.blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=4).hexdigest()}"
    path = Path(source)
    stem = path.parent.name if re.fullmatch(r"index\.\w+", path.name) and path.parent.name else path.stem
    return " ".join(stem.encode("utf-8", "replace").decode().split()) or "listing"
