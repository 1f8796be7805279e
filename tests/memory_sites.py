"""Sites made in memory, for tests of what is rendered from them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from sitegen.collection.assemble import assemble
from sitegen.config import Config
from sitegen.content.load import Content
from sitegen.content.record import paper_from
from sitegen.model import Page, Paper, Site, StaticFile, Vocabulary
from sitegen.render.output import RenderEnv
from sitegen.render.plan import plan, render
from sitegen.render.theme import Theme

BASE = "https://papers.example/site/"


def paper_of(title: str, body: str = "", **fields: Any) -> Paper:
    """A paper as a reader would make it from front matter."""
    made, problems = paper_from({"title": title, **fields}, "content/papers/made.md", body=body)
    assert made is not None, problems
    return made


def site_of(
    papers: Sequence[Paper],
    config: Config | None = None,
    *,
    topics: Sequence[Vocabulary] = (),
    tags: Sequence[Vocabulary] = (),
    pages: Sequence[Page] = (),
    static: Sequence[StaticFile] = (),
) -> Site:
    content = Content(
        parsed=(),
        papers=tuple(papers),
        topics=tuple(topics),
        tags=tuple(tags),
        people={},
        pages=tuple(pages),
        static=tuple(static),
        problems=(),
        read=len(papers),
    )
    return assemble(content, config or config_of())


def config_of(**settings: Any) -> Config:
    """A configuration from the same mapping that ``sitegen.yaml`` would hold."""
    return msgspec.convert({"title": "Test papers", "base_url": BASE, **settings}, Config)


def env_of(config: Config | None = None, root: Path = Path("nowhere")) -> RenderEnv:
    config = config or config_of()
    return RenderEnv(root, config, _theme(root, config.theme.name, msgspec.json.encode(config.theme.options)))


@lru_cache(maxsize=16)
def _theme(root: Path, name: str, options: bytes) -> Theme:
    """One theme for all tests that use it: its templates are compiled once."""
    return Theme(root, name, msgspec.json.decode(options))


def outputs_of(site: Site, env: RenderEnv, *kinds: str) -> dict[str, bytes]:
    """The rendered outputs of some kinds (all when none is named) by path."""
    return {o.path: render(site, env, o) for o in plan(site, env) if not kinds or o.kind in kinds}
