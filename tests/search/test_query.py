"""The terminal and the browser give the same answers from the same pages."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sitegen.errors import UsageError
from sitegen.search.model import Document
from sitegen.search.query import search_site, within_one_edit

TYPED = (
    "graph",
    "graph network",
    "deep nueral langauge",
    "topic:robotics graph",
    'topic:"Machine Learning" year:2018..2020 model',
    "year:..2017 token",
    "author:lukasz memory",
    "venue:journal",
    "tag:graph tag:model year:2016",
    "+graph -model vision",
    '"gradient descent" flow',
    "https://doi.org/10.5555/made.up-7",
    "arXiv:2401.00012v3",
    "what are the ways in which a sparse model of language may be pruned by a robust local policy",
    "the",
    "zzzz",
    "",
    "C++ : title: ~ ^ *",
    "topic: year:20 venue:",
    "the the graph graph graph",
)


@pytest.mark.parametrize(
    ("near_bytes", "page"),
    [(48_000, 2500), (0, 200)],
    ids=["neighbours in one file", "on the cards, terms in two layers"],
)
def test_both_answer_alike(
    near_bytes: int,
    page: int,
    papers: list[Document],
    index: Any,
    publish_index: Any,
    node: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sitegen.search.shards._NEAR_BYTES", near_bytes)
    monkeypatch.setattr("sitegen.search.shards._PAGE", page)
    monkeypatch.setattr("sitegen.search.shards._FREQUENT", page)
    site = publish_index(index, tmp_path)
    rng = random.Random(5)
    titles = [paper.fields["title"] for paper in rng.sample(papers, 20)]
    typed = [f"{text} " for text in (*TYPED, *titles)]
    answers = node(
        "answers.mjs", site, given=[{"text": text, "options": {"limit": 30, "countAll": True}} for text in typed]
    )
    for text, answer in zip(typed, answers, strict=True):
        found = search_site(site, text, 30)
        assert found.total == answer["total"], text
        assert (found.notice or "") == ((answer["notice"] or {}).get("message") or ""), text
        assert [hit.id for hit in found.hits] == [hit["id"] for hit in answer["hits"]], text
        assert [hit.score for hit in found.hits] == pytest.approx([hit["score"] for hit in answer["hits"]]), text
        for hit, card in zip(found.hits, answer["hits"], strict=True):
            assert hit.url == card["url"]
            assert [label.slug for label in hit.topics] == [label["slug"] for label in card["topics"]]


@pytest.mark.parametrize(
    ("term", "word", "near"),
    [
        ("graph", "graph", True),
        ("graph", "grpah", True),
        ("graph", "grap", True),
        ("graph", "graaph", True),
        ("graph", "grabh", True),
        ("graph", "garhp", False),
        ("graph", "gr", False),
        ("ab", "ba", True),
    ],
)
def test_one_edit_is_what_lunr_takes_for_one(term: str, word: str, near: bool) -> None:
    assert within_one_edit(term, word) is near


def test_a_folder_without_an_index_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="build the site first"):
        search_site(tmp_path, "graph")


def test_a_damaged_page_is_told_so(papers: list[Document], index: Any, publish_index: Any, tmp_path: Path) -> None:
    publish_index(index, tmp_path)
    for page in (tmp_path / "search" / "terms").iterdir():
        page.write_bytes(b"not what was written")
    with pytest.raises(UsageError, match="build the site again"):
        search_site(tmp_path, "graph")
