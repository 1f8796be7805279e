"""Cards are written shorter than they are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.search.analysis import id_of, id_record
from sitegen.urls import slugify

TITLES = (
    "Graph Networks: a Survey", "  “Quoted” beginnings, and more", "İstanbul Σ and the Kelvin K scale", "naïve", "-",
    "", "GPT-4 (2023) — state of the art?", "深層學習 for everyone who reads", "ΑΣ final sigmaΣ of words and words",
)  # fmt: skip


def ids_for(title: str) -> list[str]:
    slug = slugify(title)
    return [slug, slug[:20], f"{slug}-17", f"{slug[:11]}x", slug.upper(), "2401.00012", "a", f"x{slug}"]


def test_an_id_made_of_the_title_is_written_by_it() -> None:
    title = "Graph Networks: a Survey"
    assert id_record("graph-networks-a-survey-2", title) == (23, "-2")
    assert id_record("graph-net", title) == (9, "")
    assert id_record("2401.00012", title) == "2401.00012"
    assert id_record("graph", title) == "graph"


@given(title=st.text(max_size=60), paper=st.text(min_size=1, max_size=60), keep=st.integers(0, 60))
def test_any_id_is_read_as_it_was(title: str, paper: str, keep: int) -> None:
    for one in (paper, slugify(title), slugify(title)[:keep] + paper):
        assert id_of(id_record(one, title), title) == one


@pytest.mark.parametrize("title", TITLES)
def test_browsers_read_the_same_ids(title: str, node: Callable[..., Any]) -> None:
    ids = ids_for(title)
    assert node("ids.mjs", given=[[id_record(paper, title), title] for paper in ids]) == ids
