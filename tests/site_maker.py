"""Tiny invented sites for tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

SiteMaker = Callable[[Mapping[str, str | bytes]], Path]

CONFIG = "title: Test papers\nbase_url: https://papers.example/\n"


def write_files(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write ``{path: text or bytes}`` below ``root``."""
    for name, content in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def paper(title: str, body: str = "", **fields: object) -> str:
    """The text of a Markdown paper."""
    lines = [f"{name}: {value}" for name, value in {"title": title, **fields}.items()]
    return "\n".join(["---", *lines, "---", body, ""])
