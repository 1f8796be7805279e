"""``Content`` -> ``Site``: sort, filter, link. Pure: the same content gives the same site."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from operator import attrgetter

import msgspec

from sitegen.collection.listings import Labels, memberships, periods, terms_of
from sitegen.collection.trending import trending
from sitegen.collection.visibility import EVERYTHING_DUE, Visibility
from sitegen.config import Config
from sitegen.content.load import Content
from sitegen.model import Membership, Paper, PartialDate, Similar, Site, Term, TermKind
from sitegen.text.math import with_macros
from sitegen.urls import assign_slugs, segments

NO_DATE = PartialDate(0)


def assemble(
    content: Content, config: Config, visibility: Visibility = EVERYTHING_DUE, *, compared: bool = True
) -> Site:
    """The site of all papers that ``visibility`` shows; of papers with one id the first is kept.

    Args:
        compared: whether the site's digests will be compared with any. Without them it is there a quarter sooner.
    """
    unique = {paper.id: paper for paper in reversed(content.papers) if visibility.shows(paper)}
    papers = sorted(unique.values(), key=attrgetter("id"))
    if config.math.macros:
        papers = [_with_macros(paper, config.math.macros) for paper in papers]
    papers.sort(key=lambda paper: paper.date or NO_DATE, reverse=True)
    wishes = segments([paper.slug or paper.id for paper in papers])
    slug_of = assign_slugs(dict(zip([paper.id for paper in papers], wishes, strict=True)))
    terms, membership = _terms(papers, content)
    slugs = tuple([slug_of[paper.id] for paper in papers])
    days, weeks, months, years = periods(papers)
    return Site(
        papers=tuple(papers),
        slugs=slugs,
        membership=membership,
        digests=_digests(papers, slugs, membership, terms) if compared else (b"",) * len(papers),
        terms=terms,
        days=days,
        weeks=weeks,
        months=months,
        years=years,
        trending=trending(papers, config.trending),
        related=((),) * len(papers),
        pages=content.pages,
        static=content.static,
    )


def with_related(site: Site, related: Sequence[tuple[Similar, ...]]) -> Site:
    """The same site with its papers' similar papers."""
    return msgspec.structs.replace(site, related=tuple(related))


def _terms(
    papers: Sequence[Paper], content: Content
) -> tuple[dict[TermKind, tuple[Term, ...]], tuple[Membership, ...]]:
    people = content.people
    printed = [tuple([author.name for author in paper.authors]) for paper in papers]
    names = [[people[name].name if name in people else name for name in own] for own in printed] if people else printed
    labels: dict[TermKind, tuple[Labels, Sequence[Sequence[str]]]] = {
        "topics": (Labels(content.topics), [paper.topics for paper in papers]),
        "tags": (Labels(content.tags), [paper.tags for paper in papers]),
        "authors": (Labels(), names),
        "venues": (Labels(), [(paper.venue,) if paper.venue else () for paper in papers]),
    }
    persons = {author.name: author for paper in papers for author in paper.authors if author.family or author.literal}
    persons |= {person.name: person for person in people.values()}
    terms, positions = {}, {}
    for kind, (rule, own) in labels.items():
        resolved = rule.resolve(own)
        described = rule.vocabulary
        if described and kind != "topics":
            used = set().union(*resolved)
            described = {label: entry for label, entry in described.items() if label in used}
        terms[kind], positions[kind] = terms_of(kind, resolved, described, persons if kind == "authors" else {})
    return terms, memberships(positions, len(papers))


def _with_macros(paper: Paper, macros: Mapping[str, str]) -> Paper:
    """The paper with the site's own commands written out in its formulas."""
    texts = {name: with_macros(getattr(paper, name), macros) for name in ("title", "abstract", "notes")}
    if all(getattr(paper, name) == text for name, text in texts.items()):
        return paper
    said = b"\0".join([paper.digest, *[text.encode("utf-8", "surrogatepass") for text in texts.values()]])
    return msgspec.structs.replace(paper, **texts, digest=hashlib.blake2b(said, digest_size=16).digest())


def _digests(
    papers: Sequence[Paper],
    slugs: Sequence[str],
    membership: Sequence[Membership],
    terms: dict[TermKind, tuple[Term, ...]],
) -> tuple[bytes, ...]:
    names = {
        kind: [f"{term.label}\0{term.slug}\0{term.hue}\0".encode("utf-8", "surrogatepass") for term in of_kind]
        for kind, of_kind in terms.items()
    }
    topics, tags, authors, venues = [names[kind].__getitem__ for kind in ("topics", "tags", "authors", "venues")]
    digests = []
    for paper, slug, own in zip(papers, slugs, membership, strict=True):
        said = [paper.digest, slug.encode(), b"\1", *map(topics, own.topics), b"\1", *map(tags, own.tags)]
        said += [b"\1", *map(authors, own.authors), b"\1", *map(venues, own.venues)]
        digests.append(hashlib.blake2b(b"\0".join(said), digest_size=16).digest())
    return tuple(digests)
