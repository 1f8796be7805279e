"""Papers may be given to the index in any parts, and their texts be read before or after the next ones are given."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sitegen.search.analysis import Analyses, Analyzer, analyze, analyze_texts, as_written, texts_of
from sitegen.search.inverted_index import Index, build_index
from sitegen.search.model import Document, Model
from sitegen.search.shards import pages


def read_as_given(papers: list[Document], size: int) -> Analyses:
    analyst = Analyzer(Model())
    for first in range(0, len(papers), size):
        some = papers[first : first + size]
        analyst.add_documents(some)
        analyst.add_analysis(analyze_texts(as_written, texts_of(some)))
    return analyst.analyses()


def given_then_read(papers: list[Document], size: int) -> Analyses:
    parts = [papers[first : first + 2 * size] for first in range(0, len(papers), 2 * size)]
    texts = texts_of(papers)
    analyst = Analyzer(Model())
    for part in parts:
        analyst.add_documents(part)
    for first in range(0, len(texts), size):
        analyst.add_analysis(analyze_texts(as_written, texts[first : first + size]))
    return analyst.analyses()


@pytest.mark.parametrize("size", [1, 7, 300])
@pytest.mark.parametrize("analyses_of", [read_as_given, given_then_read])
def test_the_index_does_not_depend_on_how_papers_are_parted(
    numbered: list[Document], index: Index, analyses_of: Callable[[list[Document], int], Analyses], size: int
) -> None:
    parted = build_index(analyses_of(numbered, size), Model())
    assert dict(pages(parted)) == dict(pages(index))


def test_analyses_that_were_used_up_are_refused(numbered: list[Document]) -> None:
    some = numbered[:3]
    analyses = analyze(some, Model(), [analyze_texts(as_written, texts_of(some))])
    build_index(analyses, Model())
    with pytest.raises(ValueError, match="in an index already"):
        build_index(analyses, Model())
