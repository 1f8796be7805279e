"""One table of texts, and both languages make the same words and terms of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.search.tokenize import fold, terms, words

VECTORS = json.loads((Path(__file__).parents[1] / "js" / "text-vectors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_python_makes_the_words_and_terms_of_the_table(vector: dict[str, Any]) -> None:
    assert words(vector["text"]) == vector["words"]
    assert terms(vector["text"]) == vector["terms"]


def test_javascript_makes_the_words_and_terms_of_the_table(node: Callable[..., Any]) -> None:
    answers = node("text-vectors.mjs", given=[vector["text"] for vector in VECTORS])
    for vector, answer in zip(VECTORS, answers, strict=True):
        assert answer == [vector["words"], vector["terms"]], vector["text"]


def test_both_languages_agree_on_any_text(node: Callable[..., Any]) -> None:
    alphabet = st.one_of(
        st.characters(exclude_categories=["Cn"]),  # what a newer Unicode adds, one of the two does not know yet
        st.sampled_from("aeiosy'’-+#.,/\\{}$_0123456789 \t\u00a0éßłİςが深学のー가\u0301\u093f\u200d"),
    )
    odd = "10.1000/x-1 2401.00001v2 cs/0112017 C++ \\alpha \\mathbf{ \\o 's generalizations the try"
    word = st.sampled_from(odd.split())
    found: list[str] = []

    @settings(max_examples=600, deadline=None, database=None)
    @given(st.lists(st.one_of(st.text(alphabet, max_size=8), word), max_size=6).map("".join))
    def collect(text: str) -> None:
        found.append(text)

    collect()
    for text, answer in zip(found, node("text-vectors.mjs", given=found), strict=True):
        assert answer == [words(text), terms(text)], ascii(text)


@given(st.text())
def test_folded_text_is_what_lunr_cuts_into_the_same_words(text: str) -> None:
    assert fold(text).split(" ") == (words(text) or [""])
    assert fold(text) == fold(text).lower()


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("lukasz", "Łukasz"),
        ("gpt4", "GPT-4"),
        ("gpt 4", "GPT-4"),
        ("c++", "C++"),
        ("newton", "Newton’s"),
        ("學習", "深層學習"),
        ("apprentissage", "l’apprentissage"),
        ("analyse", "d'analyse"),
        ("intelligenza", "dell'intelligenza"),
        ("2023.acl-long.577", "https://aclanthology.org/2023.acl-long.577/"),
        ("P19-1001", "p19-1001.pdf"),
        ("محمد", "محـــمد"),
        ("ภาษา", "การประมวลผลภาษาธรรมชาติ"),
    ],
)
def test_what_readers_type_meets_what_authors_write(asked: str, written: str) -> None:
    assert set(terms(asked)) <= set(terms(written))
    assert terms(asked)
