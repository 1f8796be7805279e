"""A paper's page in two other forms beside it: ``index.md`` for people with editors, ``index.json`` for programs.

Both hold the fields of a source record; the Markdown can be put into another site's ``content/papers/`` as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from sitegen.content.record import plain_fields
from sitegen.model import Paper, Site
from sitegen.render.layout import Layout
from sitegen.render.output import Arguments, OutputKind, PageSpec, RenderEnv
from sitegen.render.views import Feed

# How a paper came in is no part of it.
_LEFT_OUT = frozenset({"imported", "draft"})
_encode = msgspec.json.Encoder().encode


def alternates_of(url: str) -> tuple[Feed, ...]:
    """The other forms of the paper at ``url``, for its page's head."""
    return (
        Feed("Markdown", f"{url}index.md", "text/markdown", "Markdown"),
        Feed("JSON", f"{url}index.json", "application/json", "JSON"),
    )


def as_json(paper: Paper) -> str:
    """The paper as a record: one JSON object, one field a line."""
    lines = [f'"{name}": {_encode(value).decode()}' for name, value in _fields(paper)]
    return "{" + ",\n ".join(lines) + "}\n"


def as_markdown(paper: Paper) -> str:
    """The paper as a Markdown file with front matter, in which every value is JSON and therefore YAML too."""
    body = paper.abstract
    lines = [f"{name}: {_encode(value).decode()}\n" for name, value in _fields(paper) if name != "abstract"]
    return f"---\n{''.join(lines)}---\n\n{body}\n"


def _fields(paper: Paper) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in plain_fields(paper).items() if name not in _LEFT_OUT)


def _plan(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    if env.memoize(site, Layout).alternates:
        for i, slug in enumerate(site.slugs):
            paper = site.papers[i]
            yield PageSpec(f"papers/{slug}/index.md", (i, "md"), (paper.digest,), paper.source)
            yield PageSpec(f"papers/{slug}/index.json", (i, "json"), (paper.digest,), paper.source)


def _render(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    paper = site.papers[int(args[0])]
    return (as_markdown(paper) if args[1] == "md" else as_json(paper)).encode()


KINDS = (OutputKind("alternate", _plan, _render),)
