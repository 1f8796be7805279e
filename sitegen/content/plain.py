"""Plain text -> Markdown that reads the same."""

from __future__ import annotations

import re

# Math stays as it is: a backslash inside it would change the formula.
_MATH = re.compile(r"(\$(?:\\.|[^$\\\n])+\$)")
_INLINE = re.compile(r"[`*\[\]]|<(?=[A-Za-z/!?])|&(?=#?\w+;)|(?<!\w)_(?=\S)|(?<=\S)_(?!\w)|\\(?=[\\`*_{}\[\]()>#+.!-])")
_BLOCK = re.compile(r"^(?:(#{1,6}|[-+>=]|:{1,3})(?=\s|$|[-=>])|(\d{1,9})([.)])(?=\s))", re.MULTILINE)
_ENTITIES = {"<": "&lt;", "&": "&amp;"}


def to_markdown(text: str) -> str:
    """Escape what Markdown would take for markup, and nothing else, so that a person can still read it."""
    parts = _MATH.split(text)
    parts[::2] = [_INLINE.sub(_escaped, part) for part in parts[::2]]
    return _BLOCK.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", "".join(parts))


def _escaped(found: re.Match[str]) -> str:
    return _ENTITIES.get(found[0], f"\\{found[0]}")
