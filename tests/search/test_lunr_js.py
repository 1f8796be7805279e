"""``search/lunr.json`` loads in lunr.js itself, and lunr.js answers as our client does."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from tools import npm_package

from sitegen.search.inverted_index import Index
from sitegen.search.lunr_json import lunr_json

LUNR = "lunr@2.3.9"


@pytest.fixture(scope="session")
def lunr_js() -> Path:
    return npm_package(LUNR) / "lunr.js"


def asked(index: Index) -> list[str]:
    """Queries of every form. Words that the two stemmers of Lunr make different terms of are left out."""
    rng = random.Random(11)
    plain = [term for term in index.terms if re.fullmatch("[a-z]{4,}", term) and not term.endswith(("y", "i"))]

    def clause() -> str:
        word = rng.choice(plain)
        form = rng.choice(("{w}", "{w}", "{p}*", "*{s}", "{p}*{s}", "{w}~1", "title:{w}", "{w}^5", "+{w}", "-{w}"))
        return form.format(w=word, p=word[:3], s=word[-2:])

    return [" ".join(clause() for _ in range(rng.randint(1, 4))) for _ in range(1000)]


def test_lunr_js_has_the_same_papers_order_and_scores(
    index: Index, site: Path, lunr_js: Path, node: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "lunr.json").write_bytes(lunr_json(index))
    queries = asked(index)
    theirs = node("lunr-js.mjs", lunr_js, tmp_path / "lunr.json", given=queries)
    options = {"syntax": "lunr", "limit": 100_000}
    ours = node("answers.mjs", site, given=[{"text": text, "options": options} for text in queries])
    assert sum(len(answer) for answer in theirs) > len(queries)
    for text, expected, answer in zip(queries, theirs, ours, strict=True):
        found = [(hit["id"], hit["score"]) for hit in answer["hits"]]
        assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-12), text
        assert tied(found) == tied(expected), text


def tied(hits: list[Any]) -> list[set[str]]:
    """Papers in order; those with one score together. The two Lunrs order these by how their languages order
    the keys of an object, and add fields up in that order too, hence the rounding."""
    groups = groupby(hits, key=lambda hit: round(hit[1], 9))
    return [{paper for paper, _ in group} for _, group in groups]
