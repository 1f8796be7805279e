"""Sources -> ``Site`` in one step, for those who read a collection and build nothing."""

from __future__ import annotations

from pathlib import Path

from sitegen.collection.assemble import assemble
from sitegen.collection.visibility import EVERYTHING_DUE, Visibility
from sitegen.config import Config
from sitegen.content.load import load
from sitegen.errors import Problem
from sitegen.model import Site


def read_site(root: Path, config: Config, visibility: Visibility = EVERYTHING_DUE) -> tuple[Site, tuple[Problem, ...]]:
    """The site of all sources that are sound, and the problems of the others."""
    content = load(root, config.content, macros=config.bibtex.macros)
    return assemble(content, config, visibility), content.problems
