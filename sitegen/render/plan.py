"""The table of all kinds of output, and ``plan``: Site -> Outputs.

To add a kind of page, write its planner and renderer in a module of ``sitegen/render/pages/`` (of any other
kind of file, ``files/``) and name the module here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from sitegen.errors import ContentError, Problem
from sitegen.model import Site
from sitegen.render.files import alternates, assets, feeds, programs, redirects, sitemap
from sitegen.render.output import Output, OutputKind, RenderEnv
from sitegen.render.pages import home, lists, paper, periods, standalone, stats, subscribe, term_index
from sitegen.urls import duplicates, path_of

_PAGES = (home, paper, lists, periods, term_index, standalone, stats, subscribe)
_FILES = (feeds, alternates, redirects, sitemap, assets, programs)
KINDS: dict[str, OutputKind] = {kind.name: kind for module in (*_PAGES, *_FILES) for kind in module.KINDS}


def plan(site: Site, env: RenderEnv, *, similar: bool | None = None) -> list[Output]:
    """Every output of the site, in a fixed order.

    Args:
        similar: plan only what shows similar papers, or only what does not.
    """
    return list(planned(site, env, similar=similar))


def planned(site: Site, env: RenderEnv, *, similar: bool | None = None) -> Iterator[Output]:
    """As ``plan``, each output when it is asked for."""
    for kind in KINDS.values():
        if similar is None or kind.similar is similar:
            for url, args, fingerprint, source in kind.outputs(site, env):
                yield Output(path_of(url), kind.name, args, fingerprint, source)


def check_path_collisions(outputs: Sequence[Output]) -> None:
    """See to it that every output has a path of its own, and that none is a file where others need a folder.

    Raises:
        ContentError: naming all sources, when several want one path.
    """
    rivals = duplicates((output.path, output.source) for output in outputs)
    needed: dict[str, Output] = {}
    for output in outputs:
        folder = _folded(output.path).rpartition("/")[0]
        while folder and folder not in needed:
            needed[folder] = output
            folder = folder.rpartition("/")[0]
    for output in outputs:
        if other := needed.get(_folded(output.path)):
            rivals[output.path] = [other.source, output.source]
    if rivals:
        raise ContentError(_collision(path, sources) for path, sources in rivals.items())


def _folded(path: str) -> str:
    """A path as disks compare it that know no case and one Unicode form."""
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def _collision(path: str, sources: Sequence[str]) -> Problem:
    # A file can be renamed, a page that the program makes cannot.
    *others, last = sorted(sources, key=lambda source: ("/" in source, source))
    return Problem(source=last, message=f"wants /{path}, as does {', '.join(others)}", hint="rename one")


def render(site: Site, env: RenderEnv, output: Output) -> bytes:
    """The bytes of one output."""
    return KINDS[output.kind].render(site, env, output.args)
