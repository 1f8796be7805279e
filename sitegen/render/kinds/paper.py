"""One page per paper."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.model import Site
from sitegen.render.output import Arguments, Kind, Setup, Wish


def _plan(site: Site, setup: Setup) -> Iterator[Wish]:
    last = len(site.papers) - 1
    for i, slug in enumerate(site.slugs):
        near = site.related[i]
        depends = (
            site.digests[i],
            site.digests[i - 1] if i else None,
            site.digests[i + 1] if i < last else None,
            *[site.digests[similar.paper] for similar in near],
            *[" ".join(similar.terms) for similar in near],
        )
        yield Wish(f"papers/{slug}/", (i,), depends, site.papers[i].source)


def _render(site: Site, setup: Setup, args: Arguments) -> bytes:
    paper = site.papers[int(args[0])]
    template = setup.theme.environment.get_template("paper.html")
    return template.render(paper=paper).encode()


KINDS = (Kind("paper", _plan, _render, ("paper.html",)),)
