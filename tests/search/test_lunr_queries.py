"""The client answers Lunr's language as lunr.py does: same papers and order, scores to the last bit."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lunr.exceptions import QueryParseError

from sitegen.search.inverted_index import Index
from sitegen.search.model import Document, Field, Model


def queries(index: Index, count: int, seed: int) -> list[str]:
    """Queries of every form of the language over the words of an index, and over words that it lacks."""
    rng = random.Random(seed)
    fields = [field.name for field in index.model.fields]

    def word() -> str:
        found = rng.choice(index.terms) if rng.random() < 0.9 else "unheardof"
        if rng.random() < 0.1 and len(found) > 2:
            at = rng.randrange(len(found) - 1)
            found = found[:at] + found[at + 1] + found[at] + found[at + 2 :]
        return found.replace(":", "").replace("-", "")

    def clause() -> str:
        text, form = word(), rng.random()
        if form < 0.12:
            text = text[: rng.randint(1, 4)] + "*"
        elif form < 0.18:
            text = "*" + text[-3:]
        elif form < 0.24:
            text = text[:2] + "*" + text[-1:]
        elif form < 0.36:
            text += f"~{rng.choice((1, 1, 1, 2))}"
        elif form < 0.38:
            text = text[:3] + "*~1"
        if rng.random() < 0.2:
            text += f"^{rng.choice((0, 2, 5, 10))}"
        if rng.random() < 0.25:
            text = f"{rng.choice(fields)}:{text}"
        return rng.choices(("", "+", "-"), weights=(7, 2, 1))[0] + text

    return [" ".join(clause() for _ in range(rng.choices((1, 2, 3, 6), weights=(4, 4, 2, 1))[0])) for _ in range(count)]


ALL = {"syntax": "lunr", "limit": 100_000}
BOOSTED = Model(fields=(Field("title", 3), Field("abstract"), Field("tags", 0.5)), k1=0.9, b=0.4)
WRONG = (
    "nosuch:graph",
    "title:",
    "title:title:graph",
    "+",
    "-",
    "graph^",
    "graph~",
    "a^x",
    "~1",
    "^2 a",
    ":",
)


@pytest.mark.parametrize(
    ("model", "page"), [(Model(), 2500), (BOOSTED, 200)], ids=["plain", "boosted, terms in two layers"]
)
def test_every_form_of_query_has_the_papers_order_and_scores_of_lunr_py(
    model: Model,
    page: int,
    papers: list[Document],
    make_index: Callable[..., Index],
    make_lunr: Callable[..., Any],
    publish_index: Callable[[Index, Path], Path],
    node: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sitegen.search.shards._PAGE", page)
    monkeypatch.setattr("sitegen.search.shards._FREQUENT", page)
    index = make_index(papers, model)
    publish_index(index, tmp_path)
    reference = make_lunr(papers, model)
    asked = queries(index, 1000, seed=7)
    answers = node("answers.mjs", tmp_path, given=[{"text": text, "options": ALL} for text in asked])
    for text, answer in zip(asked, answers, strict=True):
        expected = [(hit["ref"], hit["score"]) for hit in reference.search(text)]
        assert [(hit["id"], hit["score"]) for hit in answer["hits"]] == expected, text
        assert answer["total"] == len(expected)


@pytest.mark.parametrize("text", WRONG)
def test_what_lunr_calls_a_parse_error_is_a_notice(
    text: str, papers: list[Document], make_lunr: Callable[..., Any], site: Path, node: Callable[..., Any]
) -> None:
    with pytest.raises(QueryParseError):
        make_lunr(papers[:3]).search(text)
    [answer] = node("answers.mjs", site, given=[{"text": text, "options": {"syntax": "lunr"}}])
    assert answer["notice"]["kind"] == "syntax"
    assert answer["hits"] == []


def test_escaped_operators_are_part_of_the_term(
    papers: list[Document], make_lunr: Callable[..., Any], site: Path, node: Callable[..., Any]
) -> None:
    reference = make_lunr(papers)
    for text in (r"title\:graph graph", r"gra\ph", r"graph\~1 model", "graph\\", r"\+graph"):
        [answer] = node("answers.mjs", site, given=[{"text": text, "options": {"syntax": "lunr", "limit": 1000}}])
        assert [(h["id"], h["score"]) for h in answer["hits"]] == [
            (h["ref"], h["score"]) for h in reference.search(text)
        ]
