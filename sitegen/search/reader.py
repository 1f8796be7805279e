"""Reads a published index from disk: the pages that ``pages.py`` writes, as the browser reads them."""

from __future__ import annotations

import zlib
from bisect import bisect_right
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import numpy as np

from sitegen.errors import UsageError
from sitegen.search.analysis import Kind, default_slug, id_of
from sitegen.search.codec import Ints
from sitegen.search.model import Label
from sitegen.search.shards import FORMAT, MANIFEST


class Row(msgspec.Struct, frozen=True):
    """The postings of a term in one field."""

    documents: Ints
    frequencies: Ints
    lengths: Ints


Rows: TypeAlias = dict[int, Row]


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A result: the card of a paper and its score."""

    number: int
    id: str
    url: str
    title: str
    authors: list[str]
    date: str
    venue: str
    votes: int | None
    topics: list[Label]
    tags: list[Label]
    summary: str
    score: float = 0.0
    near: list[int] = []


class _Named(msgspec.Struct, frozen=True):
    """Names of files, one after the other; ``starts`` and ``pages`` say what each begins with, ``size`` and ``sizes``
    how much each holds, ``terms`` what all of them hold."""

    names: str
    starts: str = ""
    terms: str = ""
    sizes: list[int] = []
    pages: list[int] = []
    size: int = 1


class Manifest(msgspec.Struct, frozen=True):
    """What the manifest says that a reader needs."""

    format: int
    documents: int
    fields: list[tuple[str, float, int, int]]
    k1: float
    b: float
    terms: _Named
    rest: _Named
    vocabulary: _Named
    cards: _Named
    parts: dict[str, str]
    years: list[tuple[int, int]]
    neighbours: int


def columns(data: bytes) -> list[bytes]:
    """Byte strings, each behind its length."""
    found, at = [], 0
    while at < len(data):
        length = shift = 0
        while True:
            byte = data[at]
            at += 1
            length |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        found.append(data[at : at + length])
        at += length
    return found


def numbers(data: bytes) -> Ints:
    """LEB128 numbers, without end or count."""
    if not data:
        return np.zeros(0, dtype=np.int64)
    raw = np.frombuffer(data, dtype=np.uint8).astype(np.int64)
    ends = np.flatnonzero(raw < 128)
    begins = np.concatenate(([0], ends[:-1] + 1))
    sizes = ends - begins + 1
    shifts = 7 * (np.arange(len(raw)) - np.repeat(begins, sizes))
    found: Ints = np.add.reduceat((raw & 127) << shifts, begins)
    return found


def term_table(data: bytes) -> list[str]:
    shared, added, tails = columns(data)
    text, at, term, found = tails.decode(), 0, "", []
    for keep, more in zip(numbers(shared).tolist(), numbers(added).tolist(), strict=True):
        term = term[:keep] + text[at : at + more]
        at += more
        found.append(term)
    return found


def _joined(rows: list[Row]) -> Row:
    """The postings of rows which share no document."""
    documents = np.concatenate([row.documents for row in rows])
    order = np.argsort(documents)
    frequencies = np.concatenate([row.frequencies for row in rows])
    lengths = np.concatenate([row.lengths for row in rows])
    return Row(documents[order], frequencies[order], lengths[order])


def _ascending(gaps: Ints) -> Ints:
    return np.cumsum(gaps + 1) - 1


class Pages:
    """The index below ``folder``, the root of a built site."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "search"
        try:
            self.manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        except (OSError, msgspec.DecodeError) as error:
            raise UsageError(f"{folder}: no search index here (build the site first)") from error
        if self.manifest.format != FORMAT:
            raise UsageError(f"{folder}: the search index is of another version (build the site again)")
        self.fields = [name for name, *_ in self.manifest.fields]
        self._starts = self.manifest.terms.starts.split(" ") if self.manifest.documents else []
        pages = np.repeat(np.arange(len(self.manifest.rest.sizes)), self.manifest.rest.sizes).tolist()
        self._rest = dict(zip(self.manifest.rest.terms.split(), pages, strict=True))
        self._kept: dict[str, Any] = {}

    def _read(self, path: str) -> bytes:
        try:
            return zlib.decompress((self._folder / path).read_bytes())
        except (OSError, zlib.error) as error:
            raise UsageError(f"{self._folder / path}: cannot be read (build the site again)") from error

    def entry(self, term: str) -> Rows | None:
        """The rows of a term by field number, or ``None``."""
        page = bisect_right(self._starts, term) - 1
        leading = self._page("terms", self.manifest.terms.names, page).get(term) if page >= 0 else None
        if leading is None or term not in self._rest:
            return leading
        both = leading, self._page("rest", self.manifest.rest.names, self._rest[term])[term]
        fields = sorted({f for rows in both for f in rows})
        return {f: _joined([rows[f] for rows in both if f in rows]) for f in fields}

    def _page(self, part: str, names: str, page: int) -> dict[str, Rows]:
        """A term page of one layer."""
        path = f"{part}/{names[8 * page : 8 * page + 8]}.bin"
        if path not in self._kept:
            self._kept[path] = self._term_page(self._read(path))
        found: dict[str, Rows] = self._kept[path]
        return found

    def _term_page(self, data: bytes) -> dict[str, Rows]:
        table, *rest = columns(data)
        masks, counts, gaps, frequencies, lengths = map(numbers, rest[:5])
        terms = term_table(table)
        entries: dict[str, Rows] = {term: {} for term in terms}
        sizes, at = {}, 0
        for t, mask in enumerate(masks.tolist()):
            for f in range(len(self.fields)):
                if mask >> f & 1:
                    sizes[f, t] = int(counts[at])
                    at += 1
        at = 0
        for f, t in sorted(sizes):
            part = slice(at, at + sizes[f, t])
            entries[terms[t]][f] = Row(_ascending(gaps[part]), frequencies[part] + 1, lengths[part])
            at = part.stop
        return entries

    def place(self, term: str) -> int:
        """The number of the term page where a term must be."""
        return max(bisect_right(self._starts, term) - 1, 0)

    def spread(self, prefix: str) -> int:
        """On how many term pages there may be terms with a prefix."""
        first, end = self._span(prefix)
        return end - first

    def is_frequent(self, term: str) -> bool:
        """Whether a term has a second layer of postings."""
        return term in self._rest

    def _span(self, prefix: str) -> tuple[int, int]:
        """The first term page, and one past the last, that may hold terms with a prefix."""
        first = self.place(prefix)
        end = min(first + 1, len(self._starts))
        while end < len(self._starts) and (self._starts[end] < prefix or self._starts[end].startswith(prefix)):
            end += 1
        return first, end

    def vocabulary(self, prefix: str) -> list[tuple[str, int]]:
        """Terms that begin with a prefix, and in how many rows each occurs."""
        blocks = self.manifest.vocabulary
        first, end = self._span(prefix)
        found = []
        for i, page in enumerate(blocks.pages):
            if page < end and (i + 1 == len(blocks.pages) or blocks.pages[i + 1] > first):
                table, counts = columns(self._read(f"vocabulary/{blocks.names[8 * i : 8 * i + 8]}.bin"))
                pairs = zip(term_table(table), numbers(counts).tolist(), strict=True)
                found += [(term, count) for term, count in pairs if term.startswith(prefix)]
        return found

    def labelled(self, kind: Kind) -> tuple[list[Label], list[Ints]]:
        """The labels of one kind and the documents of each; none where there is no such file."""
        if kind not in self.manifest.parts:
            return [], []
        labels, counts, gaps = columns(self._read(f"{kind}/{self.manifest.parts[kind]}.bin"))
        ends = np.cumsum(numbers(counts))[:-1]
        rows = np.split(numbers(gaps), ends)
        return [_label(x) for x in msgspec.json.decode(labels)], [_ascending(row) for row in rows]

    @cached_property
    def near(self) -> Ints | None:
        """The neighbours of all documents, where they are one file."""
        if "near" not in self.manifest.parts:
            return None
        bits = max((self.manifest.documents - 1).bit_length(), 1)
        raw = np.frombuffer(self._read(f"near/{self.manifest.parts['near']}.bin"), dtype=np.uint8)
        count = self.manifest.documents * self.manifest.neighbours
        spread = np.unpackbits(raw)[: count * bits].reshape(-1, bits).astype(np.int64)
        packed: Ints = spread @ (1 << np.arange(bits - 1, -1, -1))
        return packed.reshape(-1, self.manifest.neighbours)

    def card(self, number: int) -> Hit:
        """The card of a document."""
        size, names = self.manifest.cards.size, self.manifest.cards.names
        block = number // size
        key = f"cards/{block}-{names[6 * block : 6 * block + 6]}.bin"
        if key not in self._kept:
            self._kept[key] = msgspec.json.decode(self._read(key))
        card = self._kept[key][number % size]
        record, url, title, authors, date, venue, votes, topics, tags, summary, *near = card
        paper = id_of(record, title)
        return Hit(
            number=number,
            id=paper,
            url=url or f"papers/{paper}/",
            title=title,
            authors=authors,
            date=date,
            venue=venue,
            votes=votes,
            topics=[_label(x) for x in topics],
            tags=[_label(x) for x in tags],
            summary=summary,
            near=near[0] if near else [],
        )


def _label(record: Any) -> Label:
    return Label(record, default_slug(record)) if isinstance(record, str) else Label(*record)
