"""The terminal and the browser give the same answers from the same pages."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sitegen.errors import UsageError
from sitegen.search.model import Document
from sitegen.search.query import search_site
from sitegen.search.word_entries import within_edits

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
    "title:graph -abstract:model",
    '-"graph network" learning',
    "-graph",
    "-graph year:2018-2020",
    "year:>2020 model",
    "year:<=2016",
    "graph^3 model~1 sparse*",
    'title:"graph network"^2 robust',
    "netw* +deep~2",
    "ne",
    "langu",
    "quantu~2 title:gra*",
)


def generated(papers: list[Document], count: int) -> list[str]:
    """Queries out of the words of papers and every operator of the language."""
    rng = random.Random(11)
    said = sorted({word for paper in papers[:80] for text in paper.fields.values() for word in text.split()})

    def piece() -> str:
        word = rng.choice(said)
        if rng.random() < 0.3:
            word = word[: rng.randint(2, len(word))] if len(word) > 2 else word
        if rng.random() < 0.15 and len(word) > 3:
            at = rng.randrange(len(word) - 1)
            word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if rng.random() < 0.15:
            word = f'"{word} {rng.choice(said)}"'
        field = rng.choice(("", "", "", "title:", "abstract:"))
        ending = rng.choice(("", "", "", "*", "~1", "~2", "^2", "*^0.5"))
        return rng.choice(("", "", "", "+", "-")) + field + word + ending

    filters = ("year:2018..", "year:>2016", "year:2017-2019", "topic:robotics", "tag:graph", "author:lukasz")
    made = []
    for _ in range(count):
        pieces = [piece() for _ in range(rng.randint(1, 4))]
        if rng.random() < 0.2:
            pieces.insert(rng.randrange(len(pieces) + 1), rng.choice(filters))
        made.append(" ".join(pieces) + rng.choice(("", "", " ")))
    return made


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
    typed = [*TYPED, *(f"{text} " for text in TYPED), *titles, *generated(papers, 400)]
    answers = node(
        "answers.mjs", site, given=[{"text": text, "options": {"limit": 30, "countAll": True}} for text in typed]
    )
    for text, answer in zip(typed, answers, strict=True):
        found = search_site(site, text, 30)
        assert (found.total, found.every) == (answer["total"], answer["every"]), text
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
    assert within_edits(term, word, 1) is near


def test_a_folder_without_an_index_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="build the site first"):
        search_site(tmp_path, "graph")


def test_a_damaged_page_is_told_so(papers: list[Document], index: Any, publish_index: Any, tmp_path: Path) -> None:
    publish_index(index, tmp_path)
    for page in (tmp_path / "search" / "terms").iterdir():
        page.write_bytes(b"not what was written")
    with pytest.raises(UsageError, match="build the site again"):
        search_site(tmp_path, "graph")
