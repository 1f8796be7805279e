"""The topics and tags that a new site begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

import sitegen
from sitegen.content.load import Content, load
from sitegen.importers.auto_tag import AutoTagger
from sitegen.model import Paper


@pytest.fixture(scope="module")
def starter() -> Content:
    return load(Path(sitegen.__file__).parent / "starter", "content")


def test_it_loads_without_a_problem(starter: Content) -> None:
    assert [problem for problem in starter.problems if "topics/" in problem.source or "data/" in problem.source] == []
    assert 10 <= len(starter.topics) <= 12
    assert 60 <= len(starter.tags) <= 120


def test_no_name_means_two_terms(starter: Content) -> None:
    for kind in (starter.topics, starter.tags):
        names = [name.casefold() for term in kind for name in {term.label, *term.aliases}]
        assert sorted(names) == sorted(set(names))


def test_every_term_has_signals_and_every_topic_is_described_and_coloured(starter: Content) -> None:
    assert all(term.signals for term in (*starter.topics, *starter.tags))
    assert all(topic.description and topic.hue is not None for topic in starter.topics)
    assert len({topic.hue for topic in starter.topics}) == len(starter.topics)


@pytest.mark.parametrize(
    ("title", "topic", "tag"),
    [
        ("Low-Rank Adapters for Very Small Language Models", "Efficient models", "low-rank methods"),
        ("Caching with Untrusted Predictions: A Competitive Analysis", "Algorithms and complexity", "caching"),
        ("Regret Bounds for Lazy Bandits", "Reinforcement learning and decisions", "bandits"),
        ("Repairing Programs with Code Language Models", "Code and software", "code generation"),
        ("One-Step Diffusion for Text-to-Image Generation", "Vision and generative media", "diffusion models"),
        ("Spiking Neural Networks with Memory", "Learning theory and neural networks", "spiking neural networks"),
    ],
)
def test_invented_papers_land_where_a_person_would_put_them(starter: Content, title: str, topic: str, tag: str) -> None:
    tagger = AutoTagger(starter.topics, starter.tags)
    paper = Paper(id="x", title=title)
    assert tagger.topics(paper)[0] == topic
    assert tag in tagger.tags(paper)
