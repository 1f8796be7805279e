"""The demonstration site keeps its promises: enough papers, a chosen vocabulary in use, facts that make sense."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from sitegen.content.load import Content, load

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def demo() -> Content:
    return load(ROOT, "content")


def test_the_demo_loads_without_a_single_problem(demo: Content) -> None:
    assert demo.problems == ()
    assert len(demo.papers) >= 150


def test_every_topic_and_tag_of_the_demo_is_in_its_vocabulary_and_in_use(demo: Content) -> None:
    for kind, vocabulary in (("topics", demo.topics), ("tags", demo.tags)):
        used = Counter(label for paper in demo.papers for label in getattr(paper, kind))
        assert set(used) == {term.label for term in vocabulary}
    assert 10 <= len(demo.topics) <= 12
    assert 60 <= len(demo.tags) <= 120


def test_every_topic_of_the_demo_has_papers_to_browse(demo: Content) -> None:
    sizes = Counter(topic for paper in demo.papers for topic in paper.topics)
    assert min(sizes.values()) >= 8


def test_every_paper_of_the_demo_has_a_summary_of_a_readable_length(demo: Content) -> None:
    lengths = {paper.id: len(paper.abstract.split()) for paper in demo.papers}
    assert {identity: words for identity, words in lengths.items() if not 40 <= words <= 100} == {}


def test_no_paper_of_the_demo_is_newer_than_the_listing_that_showed_it(demo: Content) -> None:
    shown = [paper for paper in demo.papers if paper.date and paper.featured_on]
    assert shown
    assert [paper.id for paper in shown if paper.date and paper.date.first_day() > paper.featured_on[-1]] == []
