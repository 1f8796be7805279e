"""A state of search as bytes that the next build finds, and back.

It is large, so it goes in parts, none of which holds more than one column of it: what is not in arrays in sections of
MessagePack, each behind its size (8 bytes, the lowest first), then each array as it lies in memory. Only the program
that wrote it reads it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec
import numpy as np

from sitegen.search.analysis import KINDS, Labelled, Papers
from sitegen.search.inverted_index import Index
from sitegen.search.model import Label, Model
from sitegen.search.related import Profiles, Related
from sitegen.search.state import State

Array = np.ndarray[Any, Any]
T = TypeVar("T")
_SIZE_BYTES = 8


class _Head(msgspec.Struct, frozen=True, array_like=True):
    """What is not in a section of its own. ``arrays``: types and shapes; ``explained``: ``None`` without neighbours."""

    model: Model
    digests: list[bytes]
    labels: list[list[Label]]
    terms: str
    explained: int | None
    known: dict[bytes, str]
    arrays: list[tuple[str, list[int]]]


def to_parts(state: State) -> Iterator[bytes | memoryview]:
    """The state as bytes, a part at a time."""
    index, related = state.index, state.related
    arrays = [np.ascontiguousarray(array) for array in _arrays(state)]
    head = _Head(
        model=index.model,
        digests=state.digests,
        labels=[index.labelled[kind].labels for kind in KINDS],
        terms=" ".join(index.terms),
        explained=related.explained if related else None,
        known=state.known,
        arrays=[(array.dtype.str, list(array.shape)) for array in arrays],
    )
    columns = [getattr(index.papers, name) for name in Papers.__struct_fields__]
    for section in (head, *columns, related.reasons if related else []):
        packed = msgspec.msgpack.encode(section)
        yield len(packed).to_bytes(_SIZE_BYTES, "little")
        yield packed
    for array in arrays:
        yield array.reshape(-1).view(np.uint8).data


def from_bytes(data: bytes | memoryview) -> State | None:
    """A stored state, or ``None`` when the bytes are something else. Its arrays are views of ``data``."""
    reader = _Reader(memoryview(data))
    try:
        head = reader.section(_Head)
        papers = Papers(*[reader.section(field.type) for field in msgspec.structs.fields(Papers)])
        reasons = reader.section(list[list[str]])
        arrays = iter([reader.array(*form) for form in head.arrays])
    except (msgspec.DecodeError, ValueError):
        return None
    lengths, starts, documents, frequencies, places = (next(arrays) for _ in range(5))
    labelled = {
        kind: Labelled(labels, next(arrays), next(arrays)) for kind, labels in zip(KINDS, head.labels, strict=True)
    }
    index = Index(
        model=head.model,
        papers=papers,
        labelled=labelled,
        lengths=lengths,
        terms=head.terms.split(" ") if head.terms else [],
        starts=starts,
        documents=documents,
        frequencies=frequencies,
        places=places,
    )
    related = None
    if head.explained is not None:
        term_weights, best, cosines, *profile = arrays
        related = Related(term_weights, Profiles(*profile), best, cosines, reasons, head.explained)
    return State(index, head.digests, related, head.known)


def _arrays(state: State) -> list[Array]:
    index, related = state.index, state.related
    found: list[Array] = [index.lengths, index.starts, index.documents, index.frequencies, index.places]
    for kind in KINDS:
        found += [index.labelled[kind].documents, index.labelled[kind].numbers]
    if related:
        known = related.profiles
        found += [related.term_weights, related.best, related.cosines, known.starts, known.terms, known.weights]
    return found


class _Reader:
    """What ``to_parts`` wrote, one after the other. Raises what msgspec does, or ``ValueError``."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._place = 0

    def section(self, kind: type[T]) -> T:
        begin = self._place + _SIZE_BYTES
        self._place = begin + int.from_bytes(self._data[self._place : begin], "little")
        return msgspec.msgpack.decode(self._data[begin : self._place], type=kind)

    def array(self, kind: str, shape: list[int]) -> Array:
        found = np.frombuffer(self._data, kind, math.prod(shape), self._place).reshape(shape)
        self._place += found.nbytes
        return found
