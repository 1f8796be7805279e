"""The index is the one that lunr.py builds from the same folded text."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from sitegen.search.inverted_index import Index
from sitegen.search.lunr_json import lunr_json
from sitegen.search.model import Card, Document, Field, Model

ODD = "graph graphs graphing the of C++ GPT-4 Łukasz 深層學習 $\\alpha$ don't 3.5 arXiv:2401.00001v2 try lay"
WORD = st.one_of(st.sampled_from(ODD.split()), st.text(max_size=6))
TEXT = st.lists(WORD, max_size=12).map(" ".join)
BOOST = st.sampled_from((1, 2, 10, 0.5))


MODEL = st.builds(
    lambda title, abstract, k1, b: Model((Field("title", title), Field("abstract", abstract)), k1, b),
    st.sampled_from((1, 2, 10)),
    st.sampled_from((1, 0.5)),
    st.sampled_from((1.2, 0.9, 2)),
    st.sampled_from((0.75, 0, 1)),
)


@examples(150)
@given(rows=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6), model=MODEL)
def test_the_whole_index_is_byte_for_byte_that_of_lunr_py(
    make_index: Callable[..., Index],
    make_lunr: Callable[..., Any],
    rows: list[tuple[str, str]],
    model: Model,
) -> None:
    found = [
        Document(
            {"title": title, "abstract": abstract},
            Card(id=f"p{i}", url="", date=f"20{i % 7:02d}-01-01"),
        )
        for i, (title, abstract) in enumerate(rows)
    ]
    expected = json.dumps(make_lunr(found, model).serialize())
    assert json.dumps(json.loads(lunr_json(make_index(found, model)))) == expected


def test_a_collection_as_large_as_a_small_site_has_lunr_pys_index(
    papers: list[Document], index: Index, make_lunr: Callable[..., Any]
) -> None:
    assert json.dumps(json.loads(lunr_json(index))) == json.dumps(make_lunr(papers).serialize())
