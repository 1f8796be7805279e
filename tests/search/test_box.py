"""The search box takes what people type, and never fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sitegen.search.model import Card, Document
from sitegen.search.stemmer import term
from sitegen.search.tokenize import words

Ask = Callable[..., dict[str, Any]]

# Things that browsers, programmers and attackers type.
ODD = (
    "constructor", "__proto__", "hasOwnProperty toString valueOf", "prototype", "~", "a~", "a^", "a^x", "title:",
    "nosuchfield:word", "+", "-", "+- *", "*", "*e*", "graph~8", "C++", "C#", '"exact phrase"', '"', "\\", "(", "[",
    ".*", "a{99999}", "<img src=x onerror=window.__xss=1>", '"><svg onload=1>', "%", "%E0%A4%A", "", "   ", "\x00",
    "the", "😀", "What is the question?", "x" * 10_000, "a " * 5000, "*" * 60 + "x", "y" * 3000, "topic:", "year:",
    "year:99999", "topic:\"", "author:\"\"", "-graph", "--", "+graph -graph", "\ud800", "10." * 2000, "(a" * 500,
)  # fmt: skip


@pytest.fixture(scope="module")
def ask(site: Path, node: Callable[..., Any]) -> Ask:
    def asked(text: str, **options: object) -> dict[str, Any]:
        [answer] = node("answers.mjs", site, given=[{"text": text, "options": options}])
        return dict(answer)

    return asked


@pytest.fixture(scope="module")
def paper_site(
    make_index: Any, publish_index: Any, make_documents: Any, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A site where some titles are hard to find."""
    titles = (
        "BERT: Pre-training of Deep Models", "To Be or Not To Be", "The", "What is it?", "C++ for Robots", "On C",
        "深層學習", "Naïve Café Models", "GPT-4", "Attention for Graphs", "Graphs for Attention",
        "A $\\mathcal{O}(n \\log n)$ bound", "state-of-the-art", "Łukasiewicz’s logic",
    )  # fmt: skip
    hard = [
        Document({"title": title, "identifiers": f"10.5555/h.{i}"}, Card(id=f"h{i}", url=f"papers/h{i}/"))
        for i, title in enumerate(titles)
    ]
    return Path(publish_index(make_index([*make_documents(300), *hard]), tmp_path_factory.mktemp("hard")))


@pytest.mark.parametrize("syntax", ["box", "lunr"])
def test_nothing_that_can_be_typed_throws_or_pollutes(syntax: str, site: Path, node: Callable[..., Any]) -> None:
    answers = node("hostile.mjs", site, syntax, given=list(ODD))
    for text, answer in zip(ODD, answers["answers"], strict=True):
        assert isinstance(answer["total"], int), text[:60]
        assert len(answer["hits"]) <= 10
    assert answers["polluted"] is False


def test_every_title_of_the_collection_finds_its_paper_first(
    papers: list[Document], site: Path, node: Callable[..., Any]
) -> None:
    answers = node("answers.mjs", site, given=[{"text": p.fields["title"], "options": {"limit": 1}} for p in papers])
    for paper, answer in zip(papers, answers, strict=True):
        assert words(answer["hits"][0]["title"]) == words(paper.fields["title"])


def test_hard_titles_and_identifiers_find_their_paper_first(paper_site: Path, node: Callable[..., Any]) -> None:
    asked = {
        "BERT: Pre-training of Deep Models": "h0", "to be or not to be": "h1", "The": "h2", "what is it": "h3",
        "c++ robots": "h4", "學習": "h6", "naive cafe": "h7", "gpt4": "h8", "gpt 4": "h8",
        "Attention for Graphs": "h9", "graphs for attention": "h10", "O(n log n) bound": "h11",
        "state of the art": "h12", "lukasiewicz": "h13", "https://doi.org/10.5555/h.5": "h5", "10.5555/H.7.": "h7",
        "see arXiv:2401.00044v2": "p44", "https://arxiv.org/pdf/2401.00045": "p45",
    }  # fmt: skip
    answers = node("answers.mjs", paper_site, given=[{"text": text} for text in asked])
    assert {text: answer["hits"][0]["id"] for text, answer in zip(asked, answers, strict=True)} == asked


def test_half_a_word_never_loses_what_the_whole_word_finds(
    papers: list[Document], site: Path, node: Callable[..., Any]
) -> None:
    whole = sorted({word for paper in papers[:10] for word in words(paper.fields["abstract"]) if word.isalpha()})
    halves = [(word[:size], word) for word in whole for size in range(3, len(word))]
    options = {"limit": 1000, "sort": "plain"}
    given = [{"text": text, "options": options} for text in [*(half for half, _ in halves), *whole]]
    answers = node("answers.mjs", site, given=given)
    found = dict(zip([one["text"] for one in given], ({hit["id"] for hit in a["hits"]} for a in answers), strict=True))
    lost = [(half, word) for half, word in halves if not found[word] <= found[half]]
    assert lost == []


def test_two_letters_that_are_a_word_stand_for_nothing_else(ask: Ask) -> None:
    assert ask("graph in 3d", limit=1)["terms"] == ask("graph in 3d ", limit=1)["terms"]


def test_a_phrase_is_looked_for_in_titles_and_summaries_and_it_is_said_where_it_is_not(
    papers: list[Document], ask: Ask
) -> None:
    said = words(papers[7].fields["title"])[:2]
    answer = ask(f'"{" ".join(said)}"', limit=40)
    texts = [" ".join(words(hit["title"])) + " | " + " ".join(words(hit["summary"])) for hit in answer["hits"]]
    having = [f" {' '.join(said)} " in f" {text} " for text in texts]
    assert having[0]
    assert having == sorted(having, reverse=True)
    assert (answer["notice"] is None) == all(having)


def test_a_prohibited_phrase_takes_away_only_papers_with_all_of_its_words(ask: Ask) -> None:
    def found(text: str) -> set[str]:
        return {hit["id"] for hit in ask(text, limit=1000)["hits"]}

    both = found("+graph +model ")
    assert both
    assert found('learning -"graph model" ') == found("learning ") - both


def test_words_are_looked_for_in_one_field_alone(papers: list[Document], ask: Ask) -> None:
    found = {hit["id"] for hit in ask("title:graph ", limit=1000)["hits"]}
    assert found == {paper.card.id for paper in papers if "graph" in map(term, words(paper.fields["title"]))}


@pytest.mark.parametrize(
    ("year", "wanted"),
    [
        ("2018-2019", range(2018, 2020)),
        (">2018", range(2019, 3000)),
        (">=2018", range(2018, 3000)),
        ("<2018", range(1, 2018)),
        ("<=2018", range(1, 2019)),
    ],
)
def test_years_may_be_written_as_ranges_and_comparisons(year: str, wanted: range, ask: Ask) -> None:
    all_years = [int(hit["date"][:4]) for hit in ask("", limit=5000)["hits"] if hit["date"]]
    found = [int(hit["date"][:4]) for hit in ask(f"year:{year}", limit=5000)["hits"]]
    assert found
    assert sorted(found) == sorted(one for one in all_years if one in wanted)


def test_a_weight_moves_papers_of_its_word_forward(ask: Ask) -> None:
    for word in ("graph", "robust"):
        having = {hit["id"] for hit in ask(f"{word} ", limit=1000)["hits"]}
        hits = ask(f"graph robust {word}^50 ", limit=10, sort="plain")["hits"]
        assert {hit["id"] for hit in hits} <= having
    first = [ask(text, limit=10, sort="plain")["hits"] for text in ("graph^50 robust ", "graph robust^50 ")]
    assert [hit["id"] for hit in first[0]] != [hit["id"] for hit in first[1]]


def test_papers_with_all_words_are_counted_beside_those_with_some(
    ask: Ask, site: Path, node: Callable[..., Any]
) -> None:
    answer = ask("graph sparse ", limit=1000, countAll=True)
    both = ask("+graph +sparse ", limit=1000)["total"]
    assert (answer["every"], answer["total"] > both > 0) == (both, True)
    facets = node("facets.mjs", site, given={"text": "graph sparse ", "kinds": ["topics"]})
    assert facets["every"] == both
    assert sum(topic["count"] for topic in facets["topics"]) == both


def test_a_typing_error_finds_what_was_meant_and_says_so(ask: Ask) -> None:
    answer = ask("langauge ", limit=1000)
    assert answer["notice"]["kind"] == "typo"
    assert "langauge" in answer["notice"]["message"]
    meant = {hit["id"] for hit in ask("language ", limit=1000)["hits"]}
    assert meant
    assert meant <= {hit["id"] for hit in answer["hits"]}


def test_filters_typed_or_chosen_admit_the_same_papers(papers: list[Document], ask: Ask) -> None:
    typed = ask('topic:"Machine Learning" year:2018..2019 graph ', limit=1000)
    chosen = ask("graph ", limit=1000, filters={"topic": ["machine-learning"], "year": [2018, 2019]})
    ids = {hit["id"] for hit in typed["hits"]}
    assert ids == {hit["id"] for hit in chosen["hits"]}
    assert ids
    cards = {paper.card.id: paper.card for paper in papers}
    assert all(cards[i].topics[0].slug == "machine-learning" and cards[i].date[:4] in ("2018", "2019") for i in ids)


def test_filters_alone_list_all_their_papers_newest_first(papers: list[Document], ask: Ask) -> None:
    answer = ask("topic:robotics", limit=1000)
    expected = [paper.card.id for paper in papers if paper.card.topics[0].slug == "robotics"]
    assert sorted(hit["id"] for hit in answer["hits"]) == sorted(expected)
    dates = [hit["date"] for hit in answer["hits"]]
    assert dates == sorted(dates, reverse=True)


def test_required_and_prohibited_words_hold(ask: Ask) -> None:
    both, without = ask("+graph model ", limit=1000), ask("model -graph ", limit=1000)
    graph = {hit["id"] for hit in ask("graph ", limit=1000)["hits"]}
    assert {hit["id"] for hit in both["hits"]} == graph
    assert not {hit["id"] for hit in without["hits"]} & graph


def test_results_by_date_and_by_votes_have_every_word(papers: list[Document], ask: Ask) -> None:
    for sort in ("date", "votes"):
        hits = ask("sparse graph ", sort=sort, limit=1000)["hits"]
        assert hits
        keys = [hit["date"] if sort == "date" else -1 if hit["votes"] is None else hit["votes"] for hit in hits]
        assert keys == sorted(keys, reverse=True)
    sparse, graph = ({hit["id"] for hit in ask(word, limit=1000)["hits"]} for word in ("sparse ", "graph "))
    assert {hit["id"] for hit in hits} == sparse & graph


def test_facets_count_the_papers_that_choosing_them_would_show(ask: Ask, site: Path, node: Callable[..., Any]) -> None:
    facets = node(
        "facets.mjs", site, given={"text": "graph ", "kinds": ["topics", "tags", "venues", "authors", "years"]}
    )
    for kind, one in (("topic", "topics"), ("tag", "tags"), ("venue", "venues")):
        assert facets[one]
        for label in facets[one][:3]:
            assert ask("graph ", filters={kind: [label["slug"]]})["total"] == label["count"]
    for label in facets["years"]:
        assert ask(f"graph year:{label['label']}")["total"] == label["count"]
    assert sum(label["count"] for label in facets["topics"]) == ask("graph ")["total"]


def test_more_results_continue_the_list(ask: Ask) -> None:
    whole = ask("graph model ", limit=60)["hits"]
    parts = ask("graph model ", limit=20)["hits"] + ask("graph model ", limit=40, offset=20)["hits"]
    assert [hit["id"] for hit in parts] == [hit["id"] for hit in whole]


def test_an_index_published_anew_is_read_once_more(
    papers: list[Document], make_index: Any, publish_index: Any, node: Callable[..., Any], tmp_path: Path
) -> None:
    publish_index(make_index(papers[:200]), tmp_path / "old")
    publish_index(make_index(papers), tmp_path / "new")
    answers = node("stale.mjs", tmp_path / "old", tmp_path / "new", given="graph ")
    assert answers["before"] < answers["after"]
