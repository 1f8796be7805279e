"""Which ES modules a page runs, so that it can name them all at once and no browser reads one to learn of the next."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_STATIC_IMPORT = re.compile(r"^(?:import|export|\})[^'\n]*'\./([\w.-]+)'", re.MULTILINE)


@cache
def modules(folder: Path, *entries: str) -> tuple[str, ...]:
    """Some modules of a folder and what they import, and so on, in the order in which a browser learns of them."""
    found = list(dict.fromkeys(entries))
    for name in found:
        imported = _STATIC_IMPORT.findall((folder / name).read_text(encoding="utf-8"))
        found += [other for other in dict.fromkeys(imported) if other not in found]
    return tuple(found)
