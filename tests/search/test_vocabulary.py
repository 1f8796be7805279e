"""Counting many texts at once finds in each what the text alone has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.search.analysis import analyze_texts, as_written
from sitegen.search.inverted_index import Index
from sitegen.search.lunr_json import lunr_json
from sitegen.search.model import Document
from sitegen.search.stemmer import term
from sitegen.search.tokenize import terms
from sitegen.search.vocabulary import Vocabulary

WORD = st.one_of(
    st.sampled_from(
        "the of The models, model modelling (models) C++ GPT-4 it's 深層學習 10.1000/a-b $\\alpha$ 1,000".split()
    ),
    st.text(max_size=5),
)
TEXT = st.lists(WORD, max_size=12).map(" ".join)


@examples(300)
@given(st.lists(TEXT, max_size=8))
@example(["to be", "", "to be or not", "be to be"])
def test_a_tally_has_the_terms_of_each_text_in_order_of_first_use(texts: list[str]) -> None:
    lexicon = Vocabulary()
    for _ in "first", "known by now":
        tally, _ = lexicon.count(texts)
        found, row = tally.terms.split(" "), 0
        for text, length, size in zip(texts, tally.lengths.tolist(), tally.sizes.tolist(), strict=True):
            expected = Counter(terms(text))
            rows = slice(row, row + size)
            counted = zip(tally.numbers[rows].tolist(), tally.frequencies[rows].tolist(), strict=True)
            assert [(found[number], times) for number, times in counted] == list(expected.items())
            assert length == expected.total()
            row += size
        assert row == len(tally.numbers)


@pytest.mark.parametrize(
    ("title", "abstract", "words"),
    [
        ("Pruning graphs", "We prune a graph. Graphs pruned.", "pruning graphs"),
        ("Prune", "Pruning and pruned models", "models"),
        ("", "Modelling models", "modelling"),
        ("The", "", ""),
    ],
)
def test_of_each_term_the_first_word_is_told_where_it_is_another(title: str, abstract: str, words: str) -> None:
    [told] = analyze_texts(as_written, [(title, abstract)]).words
    assert told == words
    assert len({term(word) for word in told.split()}) == len(told.split())


def test_a_lexicon_that_has_met_too_much_is_cleared_and_nothing_else_changes(
    papers: list[Document], index: Index, make_index: Callable[..., Index], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sitegen.search.vocabulary._MEMO", 50)
    assert lunr_json(make_index(papers)) == lunr_json(index)
