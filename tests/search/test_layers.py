"""Of frequent terms a reader may have read the first layer only; the answer is that of the whole posting lists."""

from __future__ import annotations

import gc
import json
import random
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sitegen.search.inverted_index import Index
from sitegen.search.model import Document, Field, Model
from sitegen.search.ranking import average_lengths, field_weights, saturated
from sitegen.search.term_pages import BOUND, Terms

BOOSTED = Model(fields=(Field("title", 3), Field("abstract"), Field("tags", 0.5)), k1=0.9, b=0.4)
PAGE = 300


@pytest.fixture(params=[Model(), BOOSTED], ids=["plain", "boosted"], scope="module")
def layered(
    request: pytest.FixtureRequest,
    make_documents: Callable[..., list[Document]],
    make_index: Callable[..., Index],
    publish_index: Callable[[Index, Path], Path],
    make_lunr: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, Index, Any]:
    """A site nearly all words of which have two layers, its index, and lunr.py's."""
    papers = make_documents(900, seed=4)
    index = make_index(papers, request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sitegen.search.shards._PAGE", PAGE)
        patch.setattr("sitegen.search.shards._FREQUENT", PAGE)
        patch.setattr("sitegen.search.shards._NEAR_BYTES", 0)
        site = publish_index(index, tmp_path_factory.mktemp("layered"))
    return site, index, make_lunr(papers, request.param)


def texts(index: Index, count: int) -> list[str]:
    """Queries of one to four words, most of them frequent, and whole titles."""
    rng = random.Random(9)
    rows = np.diff(index.starts[:: len(index.model.fields)])
    some = [index.terms[t] for t in np.argsort(-rows)[:60]]

    def word() -> str:
        return rng.choice(some) if rng.random() < 0.85 else rng.choice(index.terms).replace(":", "").replace("-", "")

    found = [" ".join(word() for _ in range(rng.choices((1, 2, 3, 4), weights=(2, 5, 4, 1))[0])) for _ in range(count)]
    return [*found, "graph graph model", "network networks"]


def ask(node: Callable[..., Any], site: Path, asked: list[str], **options: object) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = node(
        "answers.mjs", site, "anew", given=[{"text": t, "options": options} for t in asked]
    )
    return answers


@pytest.mark.parametrize("limit", [1, 10, 25])
def test_the_first_papers_have_lunrs_order_and_scores(
    limit: int, layered: tuple[Path, Index, Any], node: Callable[..., Any]
) -> None:
    site, index, reference = layered
    asked = texts(index, 300)
    answers = ask(node, site, asked, syntax="lunr", limit=limit)
    for text, answer in zip(asked, answers, strict=True):
        expected = [(hit["ref"], hit["score"]) for hit in reference.search(text)]
        assert [(hit["id"], hit["score"]) for hit in answer["hits"]] == expected[:limit], text
        assert answer["total"] == len(expected), text


@pytest.mark.parametrize("sort", ["relevance", "plain", "date"])
@pytest.mark.parametrize("filters", [{}, {"topic": ["robotics"]}], ids=["all papers", "one topic"])
def test_the_box_answers_as_it_does_from_whole_lists(
    sort: str, filters: dict[str, list[str]], layered: tuple[Path, Index, Any], node: Callable[..., Any]
) -> None:
    site, index, _ = layered
    options = {"sort": sort, "filters": filters}
    titles = [json.loads(card + b"]")[2] for card in index.papers.cards[::20]]
    asked = [
        *texts(index, 150),
        *titles,
        *(f"{text} -tensor" for text in texts(index, 20)),
        "+graph model",
        "graph matirx",
    ]
    whole = ask(node, site, asked, **options, countAll=True)
    partly = ask(node, site, asked, **options)
    for text, expected, answer in zip(asked, whole, partly, strict=True):
        assert answer["hits"] == expected["hits"], text
        assert answer["notice"] == expected["notice"], text
        assert expected["counted"]
        if answer["counted"]:
            assert answer["total"] == expected["total"]
        else:
            assert 10 < answer["total"] <= expected["total"]
    assert (sum(not answer["counted"] for answer in partly) > 0) == (sort != "date")


def test_half_a_word_has_the_papers_of_both_layers(layered: tuple[Path, Index, Any], node: Callable[..., Any]) -> None:
    site, _, _ = layered
    for half in ("mod", "networ", "graph la", "learn gra"):
        whole, partly = (ask(node, site, [half], countAll=count)[0] for count in (True, False))
        assert partly["hits"] == whole["hits"], half


def test_no_paper_of_the_second_layer_weighs_more_than_the_bound(layered: tuple[Path, Index, Any]) -> None:
    _, index, _ = layered
    fields, lengths = len(index.model.fields), index.lengths
    average = average_lengths(lengths)
    k1, b = index.model.k1, index.model.b
    terms = Terms(index, PAGE, PAGE)
    assert len(terms.tail_layer.numbers) > 20
    for t in terms.tail_layer.numbers.tolist():
        lead = terms.head(t)
        rows = slice(index.starts[t * fields], index.starts[(t + 1) * fields])
        field = np.repeat(np.arange(fields), np.diff(index.starts[t * fields : (t + 1) * fields + 1]))
        documents, tf = index.documents[rows], index.frequencies[rows]
        weight = field_weights(index.model)[field]
        length = lengths[documents, field] / average[field]
        weights = saturated(np.bincount(documents, weight * tf / (1 - b + b * length)), k1)
        assert weights[documents[~lead.rows]].max() < lead.bound / BOUND
        assert set(documents[lead.rows]).isdisjoint(documents[~lead.rows])
        assert documents.min() in documents[lead.rows]


def test_pages_that_are_done_with_go_without_a_collection_of_garbage(layered: tuple[Path, Index, Any]) -> None:
    terms = Terms(layered[1], PAGE, PAGE)
    for layer in (terms.head_layer, terms.tail_layer):
        assert all(terms.contents(layer.pages, layer))
    there = weakref.ref(terms)
    gc.disable()
    try:
        del terms
        assert there() is None
    finally:
        gc.enable()


def test_a_frequent_term_has_most_of_its_postings_in_the_second_layer(layered: tuple[Path, Index, Any]) -> None:
    site, _, _ = layered
    manifest = json.loads((site / "search/manifest.json").read_text())
    sizes = {
        part: sum(
            (site / f"search/{part}/{''.join(name)}.bin").stat().st_size
            for name in zip(*[iter(manifest[part]["names"])] * 8, strict=True)
        )
        for part in ("terms", "rest")
    }
    assert sizes["rest"] > sizes["terms"]
    terms = manifest["rest"]["terms"].split(" ")
    assert terms == sorted(terms)
    assert len(terms) == sum(manifest["rest"]["sizes"])


def test_what_was_read_whole_is_not_read_in_part_again(
    layered: tuple[Path, Index, Any], node: Callable[..., Any]
) -> None:
    site, _, _ = layered
    asked = [{"text": "model", "options": {"countAll": count, "sort": "plain"}} for count in (False, True, False)]
    answers = node("answers.mjs", site, given=asked)
    assert [answer["counted"] for answer in answers] == [False, True, True]
