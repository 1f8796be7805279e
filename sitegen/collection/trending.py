"""Which papers readers talk about now: votes that fade with age."""

from __future__ import annotations

from collections.abc import Sequence

from sitegen.config import TrendingConfig
from sitegen.model import Date, Paper


def trending(papers: Sequence[Paper], config: TrendingConfig) -> tuple[int, ...]:
    """Positions of the papers with votes, best first.

    The score is ``votes * 0.5 ** (age / half_life_days)``: a paper's votes count half after each half-life. Age
    is in days from the newest date in the collection, so that the order never depends on the clock. A paper's
    day is the last one on which it was featured, else its date; without any it counts as the oldest of all.
    Ties go to the newer paper.
    """
    days = [last_seen(paper) for paper in papers]
    dated = [day for day in days if day]
    if not dated:
        return tuple(sorted(_voted(papers), key=lambda i: (-(papers[i].upvotes or 0), i))[: config.count])
    newest, oldest = max(dated), min(dated)

    def score(position: int) -> float:
        age = (newest - (days[position] or oldest)).days
        return float((papers[position].upvotes or 0) * 0.5 ** (age / config.half_life_days))

    return tuple(sorted(_voted(papers), key=lambda i: (-score(i), i))[: config.count])


def last_seen(paper: Paper) -> Date | None:
    """The last day on which a listing featured the paper, else its date."""
    if paper.featured_on:
        return max(paper.featured_on)
    return paper.date.first_day() if paper.date else None


def _voted(papers: Sequence[Paper]) -> list[int]:
    return [position for position, paper in enumerate(papers) if paper.upvotes]
