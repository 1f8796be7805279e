"""Texts without characters that no text may hold."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.content.characters import NOT_TEXT, cleaned, is_plain


@given(st.one_of(st.text(), st.text(st.characters(max_codepoint=127))))
@example("a\nb")
@example("a\tb")
@example("a\rb")
@example("\x7f")
@example("é\n\x85")
def test_a_plain_text_is_printable_but_for_its_line_feeds(text: str) -> None:
    assert is_plain(text) == all(sign == "\n" or sign.isprintable() for sign in text)
    assert not (is_plain(text) and NOT_TEXT.search(text))


@given(st.text())
def test_nothing_is_left_of_what_is_not_text(text: str) -> None:
    assert not NOT_TEXT.search(cleaned(text))
