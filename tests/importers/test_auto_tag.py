from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.importers.auto_tag import MAX_TAGS, MAX_TOPICS, AutoTagger
from sitegen.model import Paper, Vocabulary


def terms(**signals: list[str]) -> list[Vocabulary]:
    return [Vocabulary(label=label, signals=tuple(words)) for label, words in signals.items()]


def tags(title: str, abstract: str = "", **signals: list[str]) -> tuple[str, ...]:
    return AutoTagger([], terms(**signals)).tags(Paper(id="x", title=title, abstract=abstract))


@pytest.mark.parametrize(
    ("signal", "title"),
    [
        ("graph", "Graphs of Paper"),
        ("graphs", "A Graph of Paper"),
        ("study", "Studies in Folding"),
        ("class", "A Class of Paper"),
        ("pre-training", "Pretraining Sails"),
        ("pretraining", "Pre-Training Sails"),
        ("pre training", "Pre-training Sails"),
        ("low-rank", "Low Rank Paper"),
        ("k-means", "K-Means of Sails"),
        ("Schrodinger bridge", "Light Schrödinger Bridges"),
        ("LoRA", "LoRAs for Sails"),
        ("LORA", "LoRA for Sails"),
        ("C++", "Folding in C++"),
        ("paper folding", "PAPER FOLDING!"),
    ],
)
def test_case_hyphens_accents_and_plurals_do_not_matter(signal: str, title: str) -> None:
    assert tags(title, found=[signal]) == ("found",)


@pytest.mark.parametrize(
    ("signal", "title"),
    [
        ("fold", "Unfolding Paper"),
        ("paper folding", "Paper and Folding"),
        ("SAT", "We Sat on Paper"),
        ("RAG", "Paper from a rag"),
        ("C++", "Folding in C"),
        ("", "Folding"),
        ("--", "Folding -- Again"),
    ],
)
def test_only_whole_words_in_order_count_and_capitals_where_the_signal_has_them(signal: str, title: str) -> None:
    assert tags(title, found=[signal]) == ()


def test_a_title_weighs_more_than_an_abstract_and_a_phrase_more_than_a_word() -> None:
    abstract = "A paper sail, a paper sail and knots knots knots."
    found = tags("On Wind", abstract, knots=["knot"], sails=["paper sail"], wind=["wind"])
    assert found == ("wind", "sails", "knots")


def test_a_word_that_is_only_mentioned_once_is_no_tag() -> None:
    assert tags("Folding", "Some wind.", wind=["wind"]) == ()


def test_a_phrase_counts_once_for_a_term_however_many_of_its_signals_overlap() -> None:
    topics = AutoTagger(terms(nested=["sail", "paper sail", "red paper sail"], other=["red paper sail"]), [])
    both = topics.topics(Paper(id="x", title="A Red Paper Sail"))
    assert both == ("nested", "other")


def test_a_second_topic_is_given_only_when_it_is_nearly_as_good() -> None:
    tagger = AutoTagger(terms(Folding=["paper folding"], Sailing=["sail"], Knots=["fancy knot"]), [])
    paper = Paper(id="x", title="Paper Folding and Fancy Knots", abstract="A sail.")
    assert tagger.topics(paper) == ("Folding", "Knots")
    assert tagger.topics(Paper(id="x", title="Paper Folding", abstract="A sail.")) == ("Folding",)
    assert tagger.topics(Paper(id="x", title="Ducks")) == ()


def test_ties_go_by_the_order_of_the_vocabulary() -> None:
    assert tags("Wind and Sail", b=["sail"], a=["wind"]) == ("b", "a")


@given(st.text(max_size=80), st.text(max_size=200), st.lists(st.text(max_size=12), max_size=12))
@settings(deadline=None)
def test_any_text_is_matched_and_limits_hold(title: str, abstract: str, signals: list[str]) -> None:
    vocabulary = [Vocabulary(label=str(n), signals=(signal,)) for n, signal in enumerate(signals)]
    tagger = AutoTagger(vocabulary, vocabulary)
    paper = Paper(id="x", title=title, abstract=abstract)
    assert len(tagger.topics(paper)) <= MAX_TOPICS
    assert len(tagger.tags(paper)) <= MAX_TAGS
    assert tagger.tags(paper) == AutoTagger(vocabulary, vocabulary).tags(paper)
