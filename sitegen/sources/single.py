"""Papers that somebody asks for by DOI or arXiv number. What is neither is refused: the text may be a stranger's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from sitegen.config_sources import ArxivOptions, CrossrefOptions, Source
from sitegen.errors import UsageError
from sitegen.text.identifiers import arxiv_number, doi_of, without_version

MOST = 20
_LARGEST_CHARACTERS = 10_000
_ARXIV_DOI = "10.48550/arxiv."


def papers_of_issue(file: Path) -> list[str]:
    """The lines of the first answer in the text that GitHub makes of an issue form.

    Raises:
        UsageError: when there is none, or the text is no form's.
    """
    try:
        text = file.read_text(encoding="utf-8")[:_LARGEST_CHARACTERS]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8 text'})") from None
    found = re.search(r"^###[^\n]*\n(.*?)(?=^###|\Z)", text, re.MULTILINE | re.DOTALL)
    lines = [line.strip().lstrip("-*").strip() for line in found[1].splitlines()] if found else []
    wanted = [line for line in lines if line]
    if not wanted:
        raise UsageError("the issue names no paper (write a DOI or an arXiv number a line below the first heading)")
    return wanted


def sources_of(papers: Sequence[str], configured: Sequence[Source]) -> tuple[Source, ...]:
    """Sources that have just these papers. A mirror that the settings give for a service is asked instead of it.

    Raises:
        UsageError: when one is neither a DOI nor an arXiv number, or there are too many.
    """
    if len(papers) > MOST:
        raise UsageError(f"{len(papers)} papers are asked for, and no more than {MOST} are fetched at once")
    numbers: list[str] = []
    dois: list[str] = []
    for text in papers:
        doi = doi_of(text)
        number = arxiv_number(text)
        if number is None and doi and doi.lower().startswith(_ARXIV_DOI):
            number = doi[len(_ARXIV_DOI) :]
        if number:
            numbers.append(without_version(number))
        elif doi and not re.search(r"[\s,]", doi):
            dois.append(doi)
        else:
            shown = text if len(text) <= 60 else f"{text[:60]}…"
            raise UsageError(f"neither a DOI nor an arXiv number: {shown!r}")
    endpoints = {source.service: source.endpoint for source in reversed(configured)}
    sources = []
    if numbers:
        options = ArxivOptions(ids=tuple(dict.fromkeys(numbers)))
        sources.append(Source(name="by number", service="arxiv", options=options, endpoint=endpoints.get("arxiv", "")))
    for doi in dict.fromkeys(dois):
        single = CrossrefOptions(filter=f"doi:{doi}", max=1)
        sources.append(
            Source(name=f"doi {doi}", service="crossref", options=single, endpoint=endpoints.get("crossref", ""))
        )
    return tuple(sources)
