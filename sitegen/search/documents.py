"""``Site`` -> the documents of the search index, and their analyses, kept from build to build."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import msgspec

from sitegen.config import SearchConfig
from sitegen.model import Paper, Site, TermKind
from sitegen.search.index import Analysis, Card, Document, Label, Model, analyse

Readable = Callable[[str, str], tuple[str, str]]
Mapper = Callable[[Callable[[bytes], bytes], Iterable[bytes]], Iterable[bytes]]
# Documents in one task, and fewer than which no tasks are made at all.
BATCH = 250


class Analysed(msgspec.Struct, frozen=True, array_like=True):
    """An analysis and the digest of the paper that it was made from."""

    digest: bytes
    analysis: Analysis


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


def state_of(site: Site, model: Model) -> bytes:
    """16 bytes that change whenever the index may: papers, their order, and the model."""
    state = hashlib.blake2b(msgspec.msgpack.encode(model), digest_size=16)
    state.update(b"".join(site.digests))
    return state.digest()


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


def analyses(
    site: Site, model: Model, readable: Readable, previous: Mapping[str, Analysed], mapper: Mapper
) -> dict[str, Analysed]:
    """The analysis of every paper by id; those of unchanged papers are taken from ``previous``.

    Args:
        readable: turns titles and abstracts into plain words; a function that workers can import by its name.
        mapper: applies a function to packed batches, perhaps in other processes; keeps their order.
    """
    todo = [
        position
        for position, paper in enumerate(site.papers)
        if (known := previous.get(paper.id)) is None or known.digest != site.digests[position]
    ]
    batches = [
        msgspec.msgpack.encode(_Batch(model, [document(site, i) for i in todo[start : start + BATCH]]))
        for start in range(0, len(todo), BATCH)
    ]
    decoder = msgspec.msgpack.Decoder(list[Analysis])
    fresh: list[Analysis] = []
    task = partial(analyse_packed, readable)
    for packed in mapper(task, batches) if len(batches) > 1 else map(task, batches):
        fresh += decoder.decode(packed)
    made = {position: Analysed(site.digests[position], found) for position, found in zip(todo, fresh, strict=True)}
    return {paper.id: made.get(i) or previous[paper.id] for i, paper in enumerate(site.papers)}


def analyse_packed(readable: Readable, batch: bytes) -> bytes:
    """``analyse`` for a batch that travels between processes."""
    given = msgspec.msgpack.decode(batch, type=_Batch)
    return msgspec.msgpack.encode([analyse(_in_words(one, readable), given.model) for one in given.documents])


def _in_words(given: Document, readable: Readable) -> Document:
    title, abstract = readable(given.fields["title"], given.fields["abstract"])
    card = msgspec.structs.replace(given.card, title=title, summary=abstract)
    return Document(given.fields | {"title": title, "abstract": abstract}, card)


def _identifiers(paper: Paper) -> list[str]:
    return [identifier for identifier in (paper.arxiv, paper.doi, paper.id) if identifier]
