"""Which ES modules a page runs, so that it can name them all at once and no browser reads one to learn of the next."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_STATIC_IMPORT = re.compile(r"^(?:import|export|\})[^'\n]*'\./([\w.-]+)'", re.MULTILINE)


@cache
def modules(folder: Path, *entries: str) -> tuple[str, ...]:
    """The files which some modules of a folder import, and these, and so on; sorted, the given ones included."""
    found, pending = set[str](), list(entries)
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += _STATIC_IMPORT.findall((folder / name).read_text(encoding="utf-8"))
    return tuple(sorted(found))
