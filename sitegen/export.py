"""A collection, or a part of it, in formats that other programs read."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from sitegen.config import Config
from sitegen.content.record import plain_fields
from sitegen.errors import UsageError, did_you_mean
from sitegen.model import TERM_KINDS, Date, Paper, Site, TermKind
from sitegen.urls import absolute, slugify

Format = Literal["bibtex", "ris", "csl-json", "text", "jsonl"]
FORMATS: tuple[Format, ...] = get_args(Format)


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Which papers: those that have every one of the named terms and were dated between the two days, inclusive (of a
    month or a year its first day counts).
    A term is named by its label or its slug; a paper without a date is in no span of days."""

    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    since: Date | None = None
    until: Date | None = None


def export(site: Site, config: Config, style: Format, choice: Choice = Choice()) -> str:  # noqa: B008 (it is frozen)
    """The chosen papers, newest first, as the text of one file. With ``jsonl`` it is a source that ``build`` reads.

    Raises:
        UsageError: when a term is not one of the site's.
    """
    positions = choose(site, choice)
    papers = [site.papers[position] for position in positions]
    if style == "jsonl":
        return "".join(map(_record, papers))
    from sitegen.render.citations import bibliography

    pages = {site.papers[i].id: absolute(config.base_url, f"papers/{site.slugs[i]}/") for i in positions}
    return bibliography(papers, "csl" if style == "csl-json" else style, lambda paper: pages[paper.id])


def choose(site: Site, choice: Choice) -> list[int]:
    """Positions of the chosen papers, newest first.

    Raises:
        UsageError: naming a term that is not one of the site's, with the nearest one that is.
    """
    chosen = set(range(len(site.papers)))
    for kind in TERM_KINDS:
        for name in getattr(choice, kind):
            chosen &= _papers_with(site, kind, name)
    return sorted(position for position in chosen if _dated(site.papers[position], choice.since, choice.until))


def _papers_with(site: Site, kind: TermKind, name: str) -> set[int]:
    folded, slug = name.casefold(), slugify(name)
    found = [term for term in site.terms[kind] if term.label.casefold() == folded]
    found = found or [term for term in site.terms[kind] if term.slug == slug]
    if not found:
        labels = [term.label for term in site.terms[kind]]
        hint = did_you_mean(name, labels) if len(labels) < 1000 else None
        raise UsageError(f"no paper has {name!r} among its {kind}" + (f" ({hint})" if hint else ""))
    return {position for term in found for position in term.papers}


def _dated(paper: Paper, since: Date | None, until: Date | None) -> bool:
    if since is None and until is None:
        return True
    return paper.date is not None and (since or Date.min) <= paper.date.first_day() <= (until or Date.max)


def _record(paper: Paper) -> str:
    return msgspec.json.encode(plain_fields(paper)).decode() + "\n"
