"""What search remembers from build to build, and how it follows the papers.

A state is an index, its similar papers and the names of its pages, as bytes that the caller keeps. It is never
trusted to be that of the present papers, only compared with them: a paper whose digest differs is analysed
anew, one that is gone leaves the arrays, and the result is that of a build from nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
import numpy as np

from sitegen.collection.related import Profiles, Related, related, updated_related
from sitegen.search.analysis import KINDS, Analyses, Labelled, Papers
from sitegen.search.codec import Ints
from sitegen.search.index import Index, empty_index, updated
from sitegen.search.model import Label, Listed, Model
from sitegen.search.pages import Made, make_pages
from sitegen.search.ranking import NEIGHBOURS, near_of

_SIZE_BYTES = 8


class State(msgspec.Struct, frozen=True):
    """Everything that search knows of a collection.

    Attributes:
        digests: what each document of the index was made from. ``related``: ``None`` when it is switched off.
        known: see ``pages.Made``.
    """

    index: Index
    digests: list[bytes]
    related: Related | None
    known: dict[bytes, str]

    @property
    def positions(self) -> dict[str, int]:
        """id -> number in the index."""
        return {paper: number for number, paper in enumerate(self.index.papers.ids)}


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """A state as it is stored, but for the content of its arrays, of which there are types and shapes."""

    model: Model
    papers: Papers
    digests: list[bytes]
    labels: list[list[Label]]
    terms: str
    arrays: list[tuple[str, list[int]]]
    reasons: list[list[str]] | None
    told: int
    known: dict[bytes, str]


class Step(msgspec.Struct, frozen=True):
    """The way from one state to the next.

    Attributes:
        papers: the present papers, in the order of their numbers.
        source: for each its number in the state before, or -1 where it is new, has changed or has moved.
    """

    before: State | None
    model: Model
    papers: list[Listed]
    source: Ints

    @property
    def wanted(self) -> list[str]:
        """The ids of the papers whose analyses ``follow`` needs, in the order in which it takes them."""
        return [paper.id for paper, was in zip(self.papers, self.source.tolist(), strict=True) if was < 0]


def compare(before: State | None, model: Model, papers: Iterable[Listed]) -> Step:
    """What became of the papers since a state; in any order, ids once each."""
    if before is not None and before.index.model != model:
        before = None
    listed = sorted(papers)
    return Step(before, model, listed, _source(before, listed))


def follow(step: Step, analyses: Callable[[], Analyses], similar: int) -> State:
    """The state of the present papers.

    Args:
        analyses: makes those of ``step.wanted``; they are let go as soon as they are in the index.
        similar: how many similar papers to find for each; 0 for none.
    """
    before, source = step.before, step.source
    old = before.index if before else empty_index(step.model)
    same = bool((source >= 0).all()) and len(source) == len(old.papers.ids)
    index = old if same else updated(old, source, analyses())
    near = _followed(before, index, source, similar)
    if before is not None and index is before.index and near is before.related:
        return before
    return State(index, [paper.digest for paper in step.papers], near, before.known if before else {})


def _source(before: State | None, listed: Sequence[Listed]) -> Ints:
    if before is None:
        return np.full(len(listed), -1, dtype=np.int64)
    positions, dates, digests = before.positions, before.index.papers.dates, before.digests
    numbers = [positions.get(paper.id, -1) for paper in listed]
    return np.array(
        [
            was if was >= 0 and digests[was] == paper.digest and dates[was] == paper.date else -1
            for paper, was in zip(listed, numbers, strict=True)
        ],
        dtype=np.int64,
    )


def _followed(before: State | None, index: Index, source: Ints, similar: int) -> Related | None:
    if not similar:
        return None
    count = max(similar, NEIGHBOURS)
    if (
        before is None
        or before.related is None
        or (before.related.best.shape[1], before.related.told) != (count, similar)
        or 2 * np.count_nonzero(source >= 0) < len(source)
    ):
        return related(index, count, similar)
    if index is before.index:
        return before.related
    return updated_related(before.related, before.index, index, source)


def pages_of(state: State) -> tuple[Made, State]:
    """The files of the index, and the state that knows their names."""
    near = near_of(state.related.best) if state.related and len(state.index.papers.ids) > NEIGHBOURS else None
    made = make_pages(state.index, near, state.known)
    return made, msgspec.structs.replace(state, known=made.known)


def _arrays(state: State) -> dict[str, np.ndarray[Any, Any]]:
    index = state.index
    found: dict[str, np.ndarray[Any, Any]] = {
        name: getattr(index, name) for name in ("lengths", "starts", "documents", "frequencies", "places")
    }
    for kind in KINDS:
        found[f"{kind} documents"] = index.labelled[kind].documents
        found[f"{kind} numbers"] = index.labelled[kind].numbers
    if state.related:
        known = state.related.profiles
        found |= {"scarce": state.related.scarce, "best": state.related.best, "cosines": state.related.cosines}
        found |= {"profile starts": known.starts, "profile terms": known.terms, "profile weights": known.weights}
    return found


def to_parts(state: State) -> list[bytes | memoryview]:
    """The state as bytes for ``from_bytes`` of the same program, in parts, since it is large: the size of what is not
    in arrays (8 bytes, the lowest first), that, and each array as it lies in memory."""
    arrays = [np.ascontiguousarray(array) for array in _arrays(state).values()]
    kept = _Kept(
        model=state.index.model,
        papers=state.index.papers,
        digests=state.digests,
        labels=[state.index.labelled[kind].labels for kind in KINDS],
        terms=" ".join(state.index.terms),
        arrays=[(array.dtype.str, list(array.shape)) for array in arrays],
        reasons=state.related.reasons if state.related else None,
        told=state.related.told if state.related else 0,
        known=state.known,
    )
    head = msgspec.msgpack.encode(kept)
    return [
        len(head).to_bytes(_SIZE_BYTES, "little"),
        head,
        *[array.reshape(-1).view(np.uint8).data for array in arrays],
    ]


def from_bytes(data: bytes | memoryview) -> State | None:
    """A stored state, or ``None`` when the bytes are something else. Its arrays are views of ``data``."""
    place = _SIZE_BYTES + int.from_bytes(data[:_SIZE_BYTES], "little")
    found = []
    try:
        kept = msgspec.msgpack.decode(memoryview(data)[_SIZE_BYTES:place], type=_Kept)
        for dtype, shape in kept.arrays:
            array = np.frombuffer(data, dtype, math.prod(shape), place).reshape(shape)
            found.append(array)
            place += array.nbytes
    except (msgspec.DecodeError, ValueError):
        return None
    arrays = iter(found)
    lengths, starts, documents, frequencies, places = (next(arrays) for _ in range(5))
    labelled = {
        kind: Labelled(labels, next(arrays), next(arrays)) for kind, labels in zip(KINDS, kept.labels, strict=True)
    }
    index = Index(
        model=kept.model,
        papers=kept.papers,
        labelled=labelled,
        lengths=lengths,
        terms=kept.terms.split(" ") if kept.terms else [],
        starts=starts,
        documents=documents,
        frequencies=frequencies,
        places=places,
    )
    if kept.reasons is None:
        return State(index, kept.digests, None, kept.known)
    scarce, best, cosines, *profile = arrays
    return State(
        index, kept.digests, Related(scarce, Profiles(*profile), best, cosines, kept.reasons, kept.told), kept.known
    )
