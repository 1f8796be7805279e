from __future__ import annotations

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from sitegen.content.plain import to_markdown
from sitegen.text.markdown import plain


@pytest.mark.parametrize(
    "text",
    [
        "R^* is large, and so is R^*, called the constant.",
        "A* search and D* lite",
        "1024 * 1024 images within 6 seconds, 2*3*4",
        "# is a sign",
        "## is two",
        "1. first things first",
        "- a dash",
        "> 0.5 is enough",
        "O(varepsilon^{-s}d^s) for 0<delta<1. Then W_V, W_Q and p_{gen} > 0",
        "The _getextrema function and __init__ [2020] of T[i, ., j]",
    ],
)
def test_plain_text_reads_the_same_on_a_page(text: str) -> None:
    assert plain(to_markdown(text)) == text


@pytest.mark.parametrize("text", ["*new* and **bold**", "`code * x`", "$a*b*c$ of it", "Nothing at all, 50\\% of it."])
def test_what_the_authors_marked_stays(text: str) -> None:
    assert to_markdown(text) == text


@given(st.text(alphabet="ab *#1.->+ ", max_size=30))
@examples(300)
def test_no_asterisk_that_stands_alone_is_lost(text: str) -> None:
    line = " ".join(text.split())
    if line.count("*") == 1:
        assert plain(to_markdown(line)) == line
