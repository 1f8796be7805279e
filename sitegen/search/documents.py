"""``Site`` -> the documents of the search index, and their analyses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import msgspec

from sitegen.config import SearchConfig
from sitegen.model import Paper, Site, TermKind
from sitegen.search.analysis import Analysis, Card, Document, Label, Model, analyse
from sitegen.search.state import Listed

Readable = Callable[[str, str], tuple[str, str]]
Mapper = Callable[[Callable[[bytes], bytes], Iterable[bytes]], Iterable[bytes]]
# Documents in one task, and fewer than which no tasks are made at all.
BATCH = 250
# Letters and figures without a blank or a hyphen.
_CODE = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9])[A-Za-z0-9._:/]+")


class _Batch(msgspec.Struct, frozen=True):
    model: Model
    documents: list[Document]


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
        Listed(paper.date.isoformat() if paper.date else "", paper.id, digest)
        for paper, digest in zip(site.papers, site.digests, strict=True)
    ]


def document(site: Site, position: int) -> Document:
    """One paper as search sees it, but for its title and abstract, which are still Markdown with math."""
    paper, own = site.papers[position], site.membership[position]

    def labels(kind: TermKind, positions: Sequence[int]) -> tuple[Label, ...]:
        terms = site.terms[kind]
        return tuple([Label(terms[i].label, terms[i].slug) for i in positions])

    topics, tags = labels("topics", own.topics), labels("tags", own.tags)
    authors = tuple([site.terms["authors"][i].label for i in own.authors])
    return Document(
        fields={
            "title": paper.title,
            "authors": " ".join(authors),
            "tags": " ".join([label.label for label in tags]),
            "topics": " ".join([label.label for label in topics]),
            "venue": paper.venue or "",
            "abstract": paper.abstract,
            "identifiers": " ".join(_identifiers(paper)),
        },
        card=Card(
            id=paper.id,
            url=f"papers/{site.slugs[position]}/",
            title=paper.title,
            authors=authors,
            date=paper.date.isoformat() if paper.date else "",
            venue=paper.venue or "",
            votes=paper.upvotes,
            topics=topics,
            tags=tags,
        ),
    )


def analyses(site: Site, positions: Sequence[int], model: Model, readable: Readable, mapper: Mapper) -> list[Analysis]:
    """The analyses of the papers at some positions.

    Args:
        readable: turns titles and abstracts into plain words; a function that workers can import by its name.
        mapper: applies a function to packed batches, perhaps in other processes; keeps their order.
    """
    batches = [
        msgspec.msgpack.encode(_Batch(model, [document(site, i) for i in positions[start : start + BATCH]]))
        for start in range(0, len(positions), BATCH)
    ]
    decoder = msgspec.msgpack.Decoder(list[Analysis])
    task = partial(analyse_packed, readable)
    packed = mapper(task, batches) if len(batches) > 1 else map(task, batches)
    return [analysis for batch in packed for analysis in decoder.decode(batch)]


def analyse_packed(readable: Readable, batch: bytes) -> bytes:
    """``analyse`` for a batch that travels between processes."""
    given = msgspec.msgpack.decode(batch, type=_Batch)
    return msgspec.msgpack.encode([analyse(_in_words(one, readable), given.model) for one in given.documents])


def _in_words(given: Document, readable: Readable) -> Document:
    title, abstract = readable(given.fields["title"], given.fields["abstract"])
    card = msgspec.structs.replace(given.card, title=title, summary=abstract)
    return Document(given.fields | {"title": title, "abstract": abstract}, card)


def _identifiers(paper: Paper) -> list[str]:
    """What is typed to find one paper. An id made of the title's words would count these twice in every score."""
    own = paper.id if _CODE.fullmatch(paper.id) else None
    return [identifier for identifier in (paper.arxiv, paper.doi, own) if identifier]
