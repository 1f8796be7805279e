from __future__ import annotations

import pytest
from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st
from lunr.pipeline import Pipeline
from lunr.stemmer import stemmer
from lunr.stop_word_filter import stop_word_filter
from lunr.trimmer import trimmer

from sitegen.search.stemmer import _STEP2, _STEP3, _STEP4, stem, term

PIPELINE = Pipeline()
PIPELINE.add(trimmer, stop_word_filter, stemmer)
ENDINGS = sorted(
    {suffix for rules in (*_STEP2.values(), *_STEP3.values()) for suffix, _ in rules}
    | {suffix for suffixes in _STEP4.values() for suffix in suffixes}
    | {"s", "sses", "ies", "eed", "ed", "ing", "y", "e", "ll", "ational", "ization", "ings", "ousness"}
)
STARTS = st.text("aeiouybcdlmnrstwxz", max_size=6)


def _lunr(word: str) -> str | None:
    found = PIPELINE.run_string(word)
    assert len(found) <= 1
    return found[0] if found else None


@examples(2000)
@given(STARTS, st.sampled_from(ENDINGS), st.sampled_from(["", *ENDINGS]))
def test_a_word_with_any_ending_gets_the_term_that_lunr_gives(start: str, ending: str, more: str) -> None:
    word = start + ending + more
    assert term(word) == _lunr(word)


@examples(2000)
@given(STARTS, st.sampled_from(ENDINGS), st.sampled_from(["", *ENDINGS]))
def test_in_nothing_but_its_last_letter_may_a_stem_differ_from_the_beginning_of_the_word(
    start: str, ending: str, more: str
) -> None:
    word = start + ending + more
    assert word.startswith(stem(word)[:-1])


@examples(1000)
@given(st.text(min_size=1, max_size=12))
@example("ion")
@example("ies")
@example("yyy")
@example("sky")
@example("été")
@example("_x_")
@example("...")
@example("a-b")
def test_any_text_gets_the_term_that_lunr_gives(word: str) -> None:
    assert term(word) == _lunr(word)


@pytest.mark.parametrize("word", ["the", "and", "'the'", "of"])
def test_stop_words_have_no_term(word: str) -> None:
    assert term(word) is None
