"""The table of all kinds of output, and ``plan``: Site -> Outputs.

To add a kind of page, write its planner and renderer in a module of ``sitegen/render/kinds/`` and name its
``KINDS`` here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sitegen.errors import ContentError, Problem
from sitegen.model import Site
from sitegen.render.kinds import (
    feeds,
    files,
    home,
    listings,
    pages,
    paper,
    periods,
    redirects,
    sitemap,
    stats,
    subscribe,
    terms,
    twins,
)
from sitegen.render.output import Kind, Output, Setup
from sitegen.urls import duplicates, path_of

_MODULES = (home, paper, listings, periods, terms, pages, stats, subscribe, feeds, twins, redirects, sitemap, files)
KINDS: dict[str, Kind] = {kind.name: kind for module in _MODULES for kind in module.KINDS}


def plan(site: Site, setup: Setup, *, similar: bool | None = None) -> list[Output]:
    """Every output of the site, in a fixed order.

    Args:
        similar: plan only what shows similar papers, or only what does not.
    """
    return list(planned(site, setup, similar=similar))


def planned(site: Site, setup: Setup, *, similar: bool | None = None) -> Iterator[Output]:
    """As ``plan``, each output when it is asked for."""
    for kind in KINDS.values():
        if similar is None or kind.similar is similar:
            for url, args, fingerprint, source in kind.outputs(site, setup):
                yield Output(path_of(url), kind.name, args, fingerprint, source)


def refuse_rivals(outputs: Sequence[Output]) -> None:
    """See to it that every output has a path of its own.

    Raises:
        ContentError: naming all sources, when several want one path.
    """
    rivals = duplicates((output.path, output.source) for output in outputs)
    if rivals:
        raise ContentError(_rivalry(path, sources) for path, sources in rivals.items())


def _rivalry(path: str, sources: Sequence[str]) -> Problem:
    # A file can be renamed, a page that the program makes cannot.
    *others, last = sorted(sources, key=lambda source: ("/" in source, source))
    return Problem(source=last, message=f"wants /{path}, as does {', '.join(others)}", hint="rename one")


def render(site: Site, setup: Setup, output: Output) -> bytes:
    """The bytes of one output."""
    return KINDS[output.kind].render(site, setup, output.args)
