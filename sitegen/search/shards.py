"""The index in pages: what a reader's browser fetches instead of the whole index.

``docs/search-format.md`` describes every byte. All pages but the manifest carry a digest of their content in
their name, so they can be cached for ever and an old page never meets a new index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import msgspec
import numpy as np

from sitegen.search.codec import Ints, name, pack, pack_numbers, varint_bytes
from sitegen.search.facets import card_block, facet, years
from sitegen.search.inverted_index import Index
from sitegen.search.ranking import Neighbours
from sitegen.search.term_pages import Layer, Terms, postings_size, separators

FORMAT = 3
MANIFEST = "search/manifest.json"

_PAGE = 2_500  # bytes before compression at which a term page is cut
_POSTINGS = 3_000_000  # bytes of all postings up to which that holds; twice as many make pages twice as large
_FREQUENT = 24_000  # bytes of postings, before compression, above which a reader may save more than a round trip costs
_CARDS = 2  # result cards in a block, while that makes fewer than _MOST_BLOCKS files
_MOST_BLOCKS = 1250
_STEPS = [factor * 2**power for power in range(40) for factor in (1, 1.25, 1.5, 1.75)]
_SUMMARY_PAPERS = 20_000  # papers up to which cards have summaries: above, a block would be too large
_AUTHORS_PAPERS = 20_000  # papers up to which authors can be counted as a facet
_NAME = 8  # characters of a name, 40 bits; blocks of cards are numbered too and need fewer
_NEAR_BYTES = 48_000  # up to this size all neighbours are one file, above they stand on the cards
_NEAR_PAPERS = 20_000  # papers up to which they are published: above, cards cannot afford them


class File(msgspec.Struct, frozen=True):
    """A file of the index. ``make`` computes its content, which need not be done where the file lies already."""

    path: str
    make: Callable[[], bytes]


class Made(msgspec.Struct, frozen=True):
    """All files of an index, the manifest last, and what the next build need not compute again.

    ``known``: digest of what a page is made from -> the name of the page.
    """

    files: list[File]
    known: dict[bytes, str]


def _stepped(size: int, amount: int, enough: int) -> int:
    """``size`` while the amount is at most ``enough``, then larger by steps of about a quarter: a growing collection
    seldom passes a step, and only then all pages change."""
    step = next(step for step in _STEPS if step * enough >= amount)
    return int(size * step)


def _term_pages(
    part: str, terms: Terms, layer: Layer, known: Mapping[bytes, str]
) -> tuple[list[File], dict[bytes, str]]:
    """The pages of one layer: their files, and their names by what they are made from."""
    pages = {terms.digest(numbers, layer): numbers for numbers in layer.pages}
    fresh = [digest for digest in pages if digest not in known]
    made = dict(zip(fresh, terms.contents([pages[digest] for digest in fresh], layer), strict=True))
    files, names = [], {}
    for digest, numbers in pages.items():
        content = made.get(digest)
        names[digest] = known[digest] if content is None else name(content, _NAME)
        make = partial(_page, terms, numbers, layer) if content is None else partial(pack_numbers, content)
        files.append(File(f"search/{part}/{names[digest]}.bin", make))
    return files, names


def _packed(make: Callable[[], bytes]) -> bytes:
    return pack(make())


def _page(terms: Terms, numbers: Ints, layer: Layer) -> bytes:
    return pack_numbers(*terms.contents([numbers], layer))


def make_pages(index: Index, near: Neighbours | None = None, known: Mapping[bytes, str] | None = None) -> Made:
    """The files of an index. ``known``: what ``Made.known`` was when pages were last made."""
    papers, model = index.papers, index.model
    count, totals = len(papers.ids), index.lengths.sum(axis=0, dtype=np.int64).tolist()
    having = np.count_nonzero(index.lengths, axis=0).tolist()
    page = _stepped(_PAGE, postings_size(index), _POSTINGS)
    terms = Terms(index, page, max(page, _FREQUENT))
    files, names = _term_pages("terms", terms, terms.head_layer, known or {})
    tail_files, tail_names = _term_pages("rest", terms, terms.tail_layer, known or {})
    files += tail_files

    vocabulary: list[tuple[int, str]] = []
    for first, content in terms.vocabulary():
        vocabulary.append((first, name(content, _NAME)))
        files.append(File(f"search/vocabulary/{vocabulary[-1][1]}.bin", partial(pack, content)))

    if count > _NEAR_PAPERS:
        near = None
    whole = near is not None and near.size * max(count - 1, 1).bit_length() <= _NEAR_BYTES * 8
    size = _stepped(_CARDS, count, _CARDS * _MOST_BLOCKS)
    blocks = []
    for i, first in enumerate(range(0, count, size)):
        rows = slice(first, first + size)
        block = partial(card_block, papers, rows, None if whole else near, count <= _SUMMARY_PAPERS)
        blocks.append(name(block(), 6))
        # All cards are large and soon made again.
        files.append(File(f"search/cards/{i}-{blocks[-1]}.bin", partial(_packed, block)))

    votes = [-1 if n is None else max(n, 0) for n in papers.votes]
    parts: dict[str, bytes] = {kind: facet(some) for kind, some in index.labelled.items()}
    parts["votes"] = varint_bytes(np.array(votes, dtype=np.int64) + 1)
    if count > _AUTHORS_PAPERS:
        del parts["authors"]
    if near is not None and whole:
        parts["near"] = near.packed()
    part_names = {part: name(content, _NAME) for part, content in parts.items()}
    files += [File(f"search/{part}/{part_names[part]}.bin", partial(pack, parts[part])) for part in parts]

    manifest = {
        "format": FORMAT,
        "documents": count,
        "fields": [[f.name, float(f.boost), *sums] for f, *sums in zip(model.fields, totals, having, strict=True)],
        "k1": float(model.k1),
        "b": float(model.b),
        "terms": {"starts": " ".join(separators(index.terms, terms.head_layer.cuts)), "names": "".join(names.values())},
        "rest": {
            "terms": " ".join(terms.words(terms.tail_layer.numbers)),
            "sizes": [len(numbers) for numbers in terms.tail_layer.pages],
            "names": "".join(tail_names.values()),
        },
        "vocabulary": {"pages": [p for p, _ in vocabulary], "names": "".join(n for _, n in vocabulary)},
        "cards": {"size": size, "names": "".join(blocks)},
        "parts": part_names,
        "years": years(papers.dates),
        "neighbours": near.each if near is not None else 0,
    }
    files.append(File(MANIFEST, partial(msgspec.json.encode, manifest)))
    return Made(files, names | tail_names)


def pages(index: Index, near: Neighbours | None = None) -> Iterator[tuple[str, bytes]]:
    """(path, content) of every file of the index; the manifest comes last."""
    for file in make_pages(index, near).files:
        yield file.path, file.make()
