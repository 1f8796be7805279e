"""What search remembers from build to build, and how it follows the papers.

A state is an index, its similar papers and the names of its pages; see ``stored`` for its bytes. It is never
trusted to be that of the present papers, only compared with them: a paper whose digest differs is analysed
anew, one that is gone leaves the arrays, and the result is that of a build from nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from sitegen.search.analysis import Analyses
from sitegen.search.codec import Ints
from sitegen.search.inverted_index import Index, empty_index, updated
from sitegen.search.model import Listed, Model
from sitegen.search.ranking import NEIGHBOURS, neighbours_of
from sitegen.search.related import Related, related, updated_related
from sitegen.search.shards import Made, make_pages


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


def index_of(step: Step, analyses: Analyses) -> Index:
    """The index of the present papers; ``analyses``: those of ``step.wanted``."""
    old = step.before.index if step.before else empty_index(step.model)
    same = bool((step.source >= 0).all()) and len(step.source) == len(old.papers.ids)
    return old if same else updated(old, step.source, analyses)


def follow(step: Step, index: Index, similar: int) -> State:
    """The state of the present papers, of which this is the index.

    Args:
        similar: how many similar papers to find for each; 0 for none.
    """
    before = step.before
    near = _followed(before, index, step.source, similar)
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
        or (before.related.best.shape[1], before.related.explained) != (count, similar)
        or 2 * np.count_nonzero(source >= 0) < len(source)
    ):
        return related(index, count, similar)
    if index is before.index:
        return before.related
    return updated_related(before.related, before.index, index, source)


def pages_of(state: State) -> tuple[Made, State]:
    """The files of the index, and the state that knows their names."""
    near = neighbours_of(state.related.best) if state.related and len(state.index.papers.ids) > NEIGHBOURS else None
    made = make_pages(state.index, near, state.known)
    return made, msgspec.structs.replace(state, known=made.known)
