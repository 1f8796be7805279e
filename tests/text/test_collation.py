from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sitegen.text.collation import collation_key


def test_letters_with_marks_stand_beside_those_without() -> None:
    names = ["Zed", "Łukasz", "Lee", "Öre", "Ore", "Ødegaard", "Oz", "Berg", "Åke", "Émile", "lima", "王", "Ж"]
    expected = ["Åke", "Berg", "Émile", "Lee", "lima", "Łukasz", "Ødegaard", "Ore", "Öre", "Oz", "Zed", "Ж", "王"]
    assert sorted(names, key=collation_key) == expected


@given(st.lists(st.text()))
def test_texts_are_equal_only_to_themselves(texts: list[str]) -> None:
    assert len({collation_key(text) for text in texts}) == len(set(texts))
