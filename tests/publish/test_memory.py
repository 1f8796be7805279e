from __future__ import annotations

import ctypes

import pytest

from sitegen.publish.memory import LARGE, trim_heap


class Library:
    """The system's library, which writes down what it is asked for."""

    def __init__(self) -> None:
        self.kept: list[int] = []

    def malloc_trim(self, kept: int) -> None:
        self.kept.append(kept)


def test_a_large_site_gives_back_all_that_it_does_not_use(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library()
    monkeypatch.setattr(ctypes, "CDLL", lambda name: library)
    trim_heap(LARGE - 1)
    assert library.kept == []
    trim_heap(LARGE)
    assert library.kept == [0]


@pytest.mark.parametrize("library", [object(), OSError("no such library"), TypeError("no name")])
def test_where_the_system_cannot_take_it_back_nothing_happens(library: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: None) -> object:
        if isinstance(library, Exception):
            raise library
        return library

    monkeypatch.setattr(ctypes, "CDLL", load)
    trim_heap(LARGE)
