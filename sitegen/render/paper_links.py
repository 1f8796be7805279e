"""Where a paper is read: its links in the order in which readers want them, and searches where there are none."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote_plus

from sitegen.model import Links, Paper
from sitegen.urls import safe_link

# A title is looked for as a phrase by services that know phrases.
_SEARCHES = (
    ("arXiv", "https://arxiv.org/search/?searchtype=title&query={title}"),
    ("Google Scholar", "https://scholar.google.com/scholar?q=%22{title}%22"),
    ("Semantic Scholar", "https://www.semanticscholar.org/search?q={title}"),
)
# Of these a list shows the first that there is.
_TO_READ = ("pdf", "arxiv", "doi", "project")


def links_of(paper: Paper) -> Iterator[tuple[str, str]]:
    """``(kind, address)``: the PDF first, then arXiv and DOI, then code and the rest.

    An arXiv number says where the PDF is, too. Addresses are absolute, or paths from the site's root without a leading
    slash; what a browser must not follow is left out.
    """
    own = {kind: safe_link(url) for kind in Links.__struct_fields__ if (url := getattr(paper.links, kind))}
    found = {
        "pdf": own.pop("pdf", None) or (paper.arxiv and f"https://arxiv.org/pdf/{paper.arxiv}"),
        "arxiv": paper.arxiv and f"https://arxiv.org/abs/{paper.arxiv}",
        "doi": paper.doi and f"https://doi.org/{paper.doi}",
        **own,
    }
    for kind, url in found.items():
        if url:
            yield kind, url if ":" in url else url.lstrip("/")


def links_on_lists(paper: Paper) -> list[tuple[str, str]]:
    """Of ``links_of`` the first one to read, and the code."""
    links = dict(links_of(paper))
    shown = [kind for kind in _TO_READ if kind in links][:1] + (["code"] if "code" in links else [])
    return [(kind, links[kind]) for kind in shown]


def can_be_read(paper: Paper) -> bool:
    """Whether a link leads to the paper itself, or to a page of it."""
    return any(kind in _TO_READ for kind, _ in links_of(paper))


def searches_for(title: str) -> Iterator[tuple[str, str]]:
    """``(service, address)`` of searches for a title, given as plain text."""
    for service, address in _SEARCHES:
        yield service, address.format(title=quote_plus(title))
