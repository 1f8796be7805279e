"""Memory of the processes of one build, which all of them need at the same time."""

from __future__ import annotations

import contextlib
import ctypes

# Papers from which on memory counts for more than the tenths of a second that it takes to give it back.
LARGE = 30_000


def trim_heap(papers: int) -> None:
    """Return memory that is not used any more to the system, if the site has so many papers that it matters.

    Without this the allocator keeps it, and every process that is forked then inherits it.
    """
    if papers >= LARGE:
        # Only the GNU library has it, and Windows has no library without a name.
        with contextlib.suppress(AttributeError, OSError, TypeError):
            ctypes.CDLL(None).malloc_trim(0)
