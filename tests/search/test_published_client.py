"""The client answers as it is published, joined and trimmed, just as it does as it is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from published_client import publish_client

from sitegen.search.inverted_index import Index
from sitegen.search.model import Document

JS = Path(__file__).parents[1] / "js"
TYPED = [
    "graph netw",
    "topic:robotics",
    "langauge ",
    "sparse -model",
    "title:graph^3 +model~1",
    '"deep sparse" year:2016..',
    "p",
]


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_client(tmp_path_factory.mktemp("client"))


def test_published_modules_answer_alike(scripts: Path, site: Path, node: Callable[..., Any]) -> None:
    marks = {"authors": 2, "snippet": 80}
    given = [
        {"text": text, "options": {"syntax": syntax, "marks": marks}} for text in TYPED for syntax in ("box", "lunr")
    ]
    answers = node(scripts / "answers.mjs", site, given=given)
    assert answers == node("answers.mjs", site, given=given)
    assert any(answer["hits"] for answer in answers)


def test_published_modules_count_alike(scripts: Path, site: Path, node: Callable[..., Any]) -> None:
    given = {"text": "graph", "kinds": ["topics", "tags", "venues", "authors", "years"]}
    assert node(scripts / "facets.mjs", site, given=given) == node("facets.mjs", site, given=given)


def test_published_modules_read_text_alike(scripts: Path, node: Callable[..., Any]) -> None:
    given = [vector["text"] for vector in json.loads((JS / "text-vectors.json").read_text(encoding="utf-8"))]
    assert node(scripts / "text-vectors.mjs", given=given) == node("text-vectors.mjs", given=given)


@pytest.mark.parametrize("near_bytes", [1 << 20, 0], ids=["neighbours in a file", "neighbours on the cards"])
def test_the_first_screen_does_not_wait_for_the_cards_below_it(
    near_bytes: int,
    index: Index,
    publish_index: Callable[[Index, Path], Path],
    node: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sitegen.search.shards._NEAR_BYTES", near_bytes)
    site = publish_index(index, tmp_path)
    seen = node("screen.mjs", site, given={"text": "graph model", "screen": 6, "limit": 12})
    assert seen["screen"] == seen["all"][:6]
    assert len(seen["all"]) == 12
    assert seen["waiting"] > 0


def test_a_query_that_was_given_up_fetches_no_cards(
    site: Path, papers: list[Document], node: Callable[..., Any]
) -> None:
    seen = node("aborted.mjs", site, given=papers[5].fields["title"])
    assert seen["error"] == "AbortError"
    assert "terms" in seen["fetched"] and "cards" not in seen["fetched"]


def test_what_the_next_key_makes_useless_is_not_fetched(site: Path, node: Callable[..., Any]) -> None:
    known = {"cards": "graph mod", "endings": "graph ", "what was meant": "graph mod"}
    typed = {"cards": "graph mod", "endings": "graph mo", "what was meant": "graph modxl"}
    given = [{"known": known[kind], "text": typed[kind]} for kind in typed]
    for seen in node("typing.mjs", site, given=given):
        assert seen["error"] == "AbortError"
        assert seen["early"] == []
        assert len(seen["typing"]) == 10
        assert seen["typing"] == seen["anew"]


def test_facets_make_way_for_a_query_which_may_want_the_same_files(site: Path, node: Callable[..., Any]) -> None:
    seen = node("facets-aborted.mjs", site, given={"topic": ["robotics"]})
    assert seen["error"] == "AbortError"
    assert seen["total"] > 0
    assert seen["asked"] == ["low", None]
