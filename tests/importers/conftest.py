"""A small site to import into, and listings in invented words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

TOPIC_FOLDING = """---
title: Folding
order: 1
hue: 20
signals: [origami, paper folding, crease]
---

Paper that bends.
"""
TOPIC_SAILING = """---
title: Sailing
order: 2
hue: 200
signals: [sail, regatta, keel]
---

Boats that lean.
"""
TAGS = """wind:
  signals: [wind, gust]
creases: [crease, fold line]
knots:
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site folder with two topics, three tags and no paper."""
    root = tmp_path / "site"
    for name, text in {
        "topics/folding.md": TOPIC_FOLDING,
        "topics/sailing.md": TOPIC_SAILING,
        "data/tags.yaml": TAGS,
    }.items():
        file = root / "content" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def listing(tmp_path: Path) -> Callable[..., Path]:
    """Writes a listing to a file and returns its path."""

    def write(text: str, name: str = "monday.txt") -> Path:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8", newline="")
        return file

    return write
