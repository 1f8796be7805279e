"""Which ES modules a page runs, so that it can name them all at once and no browser reads one to learn of the next."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_STATIC_IMPORT = re.compile(r"^(?:import|export|\})[^'\n]*'\./([\w.-]+)'", re.MULTILINE)


@cache
def modules(folder: Path, *entries: str) -> tuple[str, ...]:
    """Some modules of a folder, each followed by what it imports, in the order in which a browser needs them."""
    found: dict[str, None] = {}
    for entry in entries:
        pending = [entry]
        for name in pending:
            if name not in found:
                found[name] = None
                pending += _STATIC_IMPORT.findall((folder / name).read_text(encoding="utf-8"))
    return tuple(found)
