"""``Site`` -> the documents of the search index."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from sitegen.config import SearchConfig
from sitegen.model import Paper, Site, TermKind
from sitegen.search.model import Card, Document, Label, Listed, Model
from sitegen.search.tokenize import words

# Letters and figures without a blank or a hyphen.
_CODE = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9])[A-Za-z0-9._:/]+")


def model_of(config: SearchConfig) -> Model:
    """Lunr's settings as the site's configuration has them."""
    fields = [
        msgspec.structs.replace(field, boost=config.boosts.get(field.name, field.boost))  # type: ignore[call-overload]
        for field in Model().fields
    ]
    return Model(fields=tuple(fields), k1=config.k1, b=config.b)


def listed(site: Site) -> list[Listed]:
    """The papers of a site as the search state compares them."""
    return [
        Listed(str(paper.date) if paper.date else "", paper.id, digest)
        for paper, digest in zip(site.papers, site.digests, strict=True)
    ]


def documents(site: Site, positions: Iterable[int]) -> Iterator[Document]:
    """Some papers as search sees them, without their titles and abstracts: these are Markdown with math."""
    kinds: tuple[TermKind, ...] = ("topics", "tags")
    labels = {kind: [Label(term.label, term.slug) for term in site.terms[kind]] for kind in kinds}
    return (_document(site, labels, position) for position in positions)


def _document(site: Site, labels: dict[TermKind, list[Label]], position: int) -> Document:
    paper, own = site.papers[position], site.membership[position]
    topics = tuple([labels["topics"][i] for i in own.topics])
    tags = tuple([labels["tags"][i] for i in own.tags])
    authors = tuple([site.terms["authors"][i].label for i in own.authors])
    return Document(
        fields={
            "authors": " ".join(authors),
            "tags": " ".join([label.label for label in tags]),
            "topics": " ".join([label.label for label in topics]),
            "venue": paper.venue or "",
            "identifiers": " ".join(_identifiers(paper)),
        },
        card=Card(
            id=paper.id,
            url=f"papers/{site.slugs[position]}/",
            authors=authors,
            date=str(paper.date) if paper.date else "",
            venue=paper.venue or "",
            votes=paper.upvotes,
            topics=topics,
            tags=tags,
        ),
    )


def _identifiers(paper: Paper) -> list[str]:
    """What is typed to find one paper. An id made of the title's words would count these twice in every score."""
    own = paper.id if _CODE.fullmatch(paper.id) or len(words(paper.id)) == 1 else None
    return [identifier for identifier in (paper.arxiv, paper.doi, own) if identifier]
