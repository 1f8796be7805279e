"""The services, one module each."""

from __future__ import annotations

from sitegen.sources.answer import Service
from sitegen.sources.services import (
    arxiv,
    arxiv_announcements,
    biorxiv,
    crossref,
    documents,
    huggingface,
    openalex,
    openreview,
    semantic_scholar,
    zotero,
)

SERVICES: dict[str, Service] = {
    "arxiv": arxiv.fetch,
    "arxiv-announcements": arxiv_announcements.fetch,
    "huggingface": huggingface.fetch,
    "openalex": openalex.fetch,
    "semantic-scholar": semantic_scholar.fetch,
    "crossref": crossref.fetch,
    "openreview": openreview.fetch,
    "biorxiv": biorxiv.fetch,
    "zotero": zotero.fetch,
    "feed": documents.fetch_feed,
    "url": documents.fetch_url,
}
"""Key in the settings -> what asks the service."""
