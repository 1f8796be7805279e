"""What services answer with, one module each: ``matches(record)`` knows its records, ``placed(record)`` reads one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sitegen.importers.fields import Placed
from sitegen.importers.services import (
    arxiv_snapshot,
    crossref,
    huggingface,
    openalex,
    openreview,
    semantic_scholar,
)


class Service(NamedTuple):
    """One service's records."""

    matches: Callable[[dict[str, Any]], bool]
    placed: Callable[[dict[str, Any]], Placed]


SERVICES = {
    "huggingface": Service(huggingface.matches, huggingface.placed),
    "openalex": Service(openalex.matches, openalex.placed),
    "crossref": Service(crossref.matches, crossref.placed),
    "semantic-scholar": Service(semantic_scholar.matches, semantic_scholar.placed),
    "openreview": Service(openreview.matches, openreview.placed),
    "arxiv-snapshot": Service(arxiv_snapshot.matches, arxiv_snapshot.placed),
}
"""Format -> its service, in the order in which a record is tried."""
