"""A fetch from beginning to end: ask each source, give its answer to the importers, remember how far it came.

A source that fails takes nothing away and stops no other: its papers, and what is remembered of it, stay as they were,
so the next fetch asks again for all that this one did not get.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sitegen.config import Config
from sitegen.config_sources import Source
from sitegen.errors import Problem, UsageError, did_you_mean
from sitegen.importers.formats import FORMATS
from sitegen.importers.run import SETTABLE, Import
from sitegen.model import Date
from sitegen.sources.answer import Answer, Task, short
from sitegen.sources.http import Client, FetchError
from sitegen.sources.memory import Memory
from sitegen.sources.report import FetchReport, SourceResult
from sitegen.sources.services import SERVICES


def fetch(
    root: Path,
    config: Config,
    names: Sequence[str] = (),
    *,
    today: Date,
    client: Client | None = None,
    dry_run: bool = False,
    remember: bool = True,
    progress: Callable[[str, int, int], None] | None = None,
) -> FetchReport:
    """Ask the site's sources for papers and put them into ``content/papers/``.

    Args:
        root: the site folder.
        names: only these sources, enabled or not; else all that are enabled.
        today: the day of the fetch; services are asked for papers up to it.
        client: asks the services; the tests give one with a clock of their own.
        dry_run: ask, and write nothing.
        remember: keep how far each source was read; else each must have papers, as one asked for by name does.

    Raises:
        UsageError: for an unknown name, or when there is no source.
        ContentError: when the memory of earlier fetches cannot be read.
    """
    sources = _chosen(config, names)
    _check(sources)
    memory = Memory(root, config.content)
    importer = Import(root, config)
    asked = client or Client(config.base_url, config.contact)
    results: list[SourceResult] = []
    answers: list[tuple[Source, Answer]] = []
    try:
        for number, source in enumerate(sources):
            if progress:
                progress(source.name, number, len(sources))
            try:
                answer = _ask(source, memory, asked, today)
                if not remember and not answer.records:
                    raise FetchError("knows no such paper")
                results.append(_take(importer, source, answer))
                answers.append((source, answer))
            except FetchError as error:
                results.append(SourceResult(name=source.name, service=source.service, failure=str(error)))
    finally:
        if client is None:
            asked.close()
    imported = importer.finish(dry_run=dry_run)
    written = list(imported.written)
    if not dry_run and not any(problem.message.startswith("cannot be written") for problem in imported.problems):
        # Only now: what is remembered as read must be on the disk.
        for source, answer in answers if remember else ():
            memory.keep(source, answer.memory)
        written += [memory.name] if memory.write() else []
    return FetchReport(
        sources=tuple(results),
        papers=imported.papers,
        written=tuple(sorted(written)),
        kept=tuple(f"{kept.record}: {', '.join(kept.fields)}" for kept in imported.kept),
        problems=imported.problems,
    )


def _chosen(config: Config, names: Sequence[str]) -> list[Source]:
    known = {source.name: source for source in config.sources}
    if not known:
        raise UsageError("there are no sources (write some under 'sources:' in sitegen.yaml, see docs/fetching.md)")
    for name in names:
        if name not in known:
            raise UsageError(f"no source is called {name!r} ({did_you_mean(name, known)})")
    if names:
        return [source for source in config.sources if source.name in names]
    return [source for source in config.sources if source.enabled]


def _check(sources: Sequence[Source]) -> None:
    """Refuse what only the importers know to be wrong."""
    for source in sources:
        for field in source.set:
            if field not in SETTABLE:
                raise UsageError(f"source {source.name!r}: cannot set {field!r} ({did_you_mean(field, SETTABLE)})")
        chosen = getattr(source.options, "format", "")
        if chosen and chosen not in FORMATS:
            hint = did_you_mean(chosen, FORMATS)
            raise UsageError(f"source {source.name!r}: unknown format {chosen!r} ({hint})")


def _ask(source: Source, memory: Memory, client: Client, today: Date) -> Answer:
    task = Task(
        options=source.options,
        client=client,
        today=today,
        endpoint=source.endpoint,
        memory=memory.of(source),
        pause=source.pause,
    )
    try:
        return SERVICES[source.service](task)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        # An answer of a shape that nobody foresaw is the service's failure, and must not stop the others.
        raise FetchError(
            f"sent an answer that is not understood ({type(error).__name__}: {short(str(error))})"
        ) from error


def _take(importer: Import, source: Source, answer: Answer) -> SourceResult:
    """Give the pages to the importers. Their listing is the source's name, on no day: one mention a source."""
    given: dict[str, Any] = {**source.set, **({"topics": list(source.topics)} if source.topics else {})}
    counts = dict.fromkeys(("entries", "new", "merged", "unchanged", "failed"), 0)
    listings = []
    for page in answer.pages:
        read = importer.read(page.text, source.name, page.format)
        if isinstance(read, Problem):
            raise FetchError(f"sent {read.message}" + (f" ({read.hint})" if read.hint else ""))
        listings.append(read)
    found = sum(len(listing.entries) for _, listing in listings)
    if answer.pages and not found:
        wrong = next((str(problem.message) for _, listing in listings for problem in listing.problems), "")
        raise FetchError("sent no papers" + (f" that can be read: {short(wrong)}" if wrong else ""))
    for chosen, listing in listings:
        report = importer.take(listing, source.name, source.name, chosen, given=given)
        for name in counts:
            counts[name] += getattr(report, name)
    return SourceResult(
        name=source.name,
        service=source.service,
        entries=counts["entries"],
        new=counts["new"],
        merged=counts["merged"],
        unchanged=counts["unchanged"],
        failed=counts["failed"],
        notes=answer.notes,
    )
