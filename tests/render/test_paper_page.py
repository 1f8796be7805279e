"""What a reader finds on a paper's page."""

from __future__ import annotations

from typing import Any

import pytest
from html_page import HtmlPage, text_of
from memory_sites import config_of, env_of, outputs_of, paper_of, site_of

from sitegen.collection.assemble import with_related
from sitegen.config import Config
from sitegen.model import Paper, Similar

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


def page_of(paper: Paper, *others: Paper, config: Config | None = None) -> HtmlPage:
    config = config or config_of()
    site = site_of([paper, *others], config)
    path = f"papers/{site.slugs[[p.id for p in site.papers].index(paper.id)]}/index.html"
    return HtmlPage(outputs_of(site, env_of(config), "paper")[path], path)


def shown(title: str = "A title", **fields: Any) -> HtmlPage:
    return page_of(paper_of(title, **fields))


def test_it_answers_in_order_what_who_where_when_what_it_says_and_how_to_cite() -> None:
    page = shown(
        "What it is",
        authors=["Ada Alpha"],
        date="2025-10-29",
        abstract="What it says.",
        notes="What we thought.",
        links={"pdf": "https://files.example/a.pdf"},
        notice={"kind": "erratum", "text": "Mind the sign."},
    )
    html = page.html[page.html.index("<main") :]
    marks = ["What it is</h1>", "Ada Alpha", "a.pdf", "October 29, 2025", "Mind the sign.", "What it says."]
    marks += ["What we thought.", "BibTeX"]
    assert [html.index(mark) for mark in marks] == sorted(html.index(mark) for mark in marks)


def test_authors_stand_in_printed_order_and_lead_to_their_pages() -> None:
    page = shown(
        authors=["Zoe Last", {"name": "Ada Alpha", "orcid": "0000-0002-1825-0097", "affiliation": "Invented U"}]
    )
    authors = page.find(".//ul[@class='authors']")
    assert [text_of(item) for item in authors] == ["Zoe Last", "Ada Alpha iD Invented U"]
    assert [link.get("href") for link in authors.iter("a")] == [
        "../../authors/zoe-last/",
        "../../authors/ada-alpha/",
        "https://orcid.org/0000-0002-1825-0097",
    ]


def test_of_two_hundred_authors_ten_are_shown_and_the_rest_unfold() -> None:
    page = shown(authors=[f"Author {n}" for n in range(200)])
    first, rest = page.with_class("authors")
    assert (len(first), len(rest)) == (10, 190)
    assert page.text(".//details/summary") == "and 190 more"


@pytest.mark.parametrize(
    "fields, said", [({"author_count": 5}, ["5 authors"]), ({"author_count": 1}, ["1 author"]), ({}, [])]
)
def test_where_no_names_are_known_their_number_stands_for_them(fields: dict[str, int], said: list[str]) -> None:
    assert [text_of(item) for items in shown(**fields).with_class("authors") for item in items] == said


def test_a_paper_of_which_only_the_title_is_known_has_a_page_that_looks_meant() -> None:
    page = shown("Only this")
    assert page.text(".//h1") == "Only this"
    assert "No abstract is known for this paper." in page.text(".//main")
    assert not page.all(".//main//time")


def test_math_is_mathml_and_a_bad_formula_shows_its_source() -> None:
    page = shown(r"Bounds of $n^2$", abstract=r"Good $\frac{1}{2}$, bad $\frac{1$.")
    assert len(page.all(".//h1//{*}math")) == 1
    assert len(page.all(".//section//{*}math")) == 1
    assert r"\frac{1$" in page.text(".//section")
    assert page.text(".//title") == "Bounds of n^2 · Test papers"


@pytest.mark.parametrize(
    "title, label", [(r"$x^2$", "x^2"), (r"$x$ $y$", "x y"), (r"$x$ matters", None), ("No math", None)]
)
def test_a_title_that_is_all_math_is_also_a_text_for_programs_that_read_aloud(title: str, label: str | None) -> None:
    assert shown(title).find(".//h1").get("aria-label") == label


def test_links_are_named_and_paths_of_the_site_are_relative() -> None:
    page = shown(links={"pdf": "files/a.pdf", "code": "https://code.example/x"}, doi="10.1000/xyz", arxiv="2501.00001")
    links = page.with_class("links")[0]
    assert [(text_of(link), link.get("href")) for link in links.iter("a")] == [
        ("PDF", "../../files/a.pdf"),
        ("arXiv", "https://arxiv.org/abs/2501.00001"),
        ("DOI", "https://doi.org/10.1000/xyz"),
        ("Code", "https://code.example/x"),
    ]


def test_an_arxiv_number_says_where_the_pdf_is() -> None:
    links = shown(arxiv="2501.00001").with_class("links")[0]
    assert [link.get("href") for link in links.iter("a")] == [
        "https://arxiv.org/pdf/2501.00001",
        "https://arxiv.org/abs/2501.00001",
    ]


@pytest.mark.parametrize(
    "fields, looked_for",
    [({}, True), ({"links": {"code": "https://code.example/x"}}, True), ({"doi": "10.1000/xyz"}, False)],
)
def test_a_paper_without_a_link_to_it_is_looked_for_by_its_title(fields: dict[str, Any], looked_for: bool) -> None:
    boxes = shown(r"Sums & $n^2$", **fields).with_class("find-it")
    assert len(boxes) == looked_for
    for box in boxes:
        assert text_of(box) == "Look for it: arXiv Google Scholar Semantic Scholar"
        (arxiv, scholar, semantic) = [link.get("href") for link in box.iter("a")]
        assert arxiv == "https://arxiv.org/search/?searchtype=title&query=Sums+%26+n%5E2"
        assert scholar == "https://scholar.google.com/scholar?q=%22Sums+%26+n%5E2%22"
        assert semantic == "https://www.semanticscholar.org/search?q=Sums+%26+n%5E2"


@pytest.mark.parametrize(
    "kind, label", [("erratum", "Erratum"), ("retraction", "Retracted"), ("concern", "Expression of concern")]
)
def test_a_notice_stands_before_the_abstract(kind: str, label: str) -> None:
    notice = {"kind": kind, "text": "See *there*.", "url": "https://journal.example/n", "date": "2025-10-30"}
    page = shown(abstract="Says.", notice=notice)
    (box,) = page.with_class("notice")
    assert box.get("aria-label") == label
    assert text_of(box) == f"{label} Oct 30, 2025 See there. Read the notice"
    assert page.html.index('class="notice') < page.html.index("<p>Says.")


def test_days_that_featured_it_are_linked_beside_its_date() -> None:
    page = shown(date="2025-10-27", featured_on=["2025-10-29", "2025-10-27"])
    assert [link.get("href") for link in page.with_class("meta")[0].iter("a")] == [
        "../../2025/10/27/",
        "../../2025/10/29/",
    ]


def test_similar_papers_say_which_words_made_them_so() -> None:
    config = config_of()
    site = site_of([paper_of("A"), paper_of("B")], config)
    related = with_related(site, [(Similar(1, "graph spectral"),), ()])
    outputs = outputs_of(related, env_of(config), "paper")
    page = HtmlPage(outputs["papers/a/index.html"], "papers/a/index.html")
    assert page.texts(".//section[@class='similar']/ul/li") == ["B similar: graph, spectral"]
    assert not HtmlPage(outputs["papers/b/index.html"]).with_class("similar")


def test_the_older_and_the_newer_paper_are_one_link_away() -> None:
    papers = [
        paper_of(title, date=date)
        for title, date in [("Old", "2025-01-01"), ("Mid", "2025-01-02"), ("New", "2025-01-03")]
    ]
    page = page_of(papers[1], papers[0], papers[2])
    assert [(link.get("rel"), link.get("href")) for link in page.with_class("prev-next")[0]] == [
        ("prev", "../../papers/old/"),
        ("next", "../../papers/new/"),
    ]


def test_it_can_be_cited_without_a_script_as_text_and_bibtex() -> None:
    page = shown("On trees", authors=["Ada Alpha"], date="2025-10-29")
    assert page.texts(".//section[@class='cite']//summary") == ["Text", "BibTeX"]
    text, bibtex = page.texts(".//section[@class='cite']//pre")
    assert bibtex.startswith("@") and "On trees" in text


def test_a_paper_in_another_language_says_so() -> None:
    page = shown("深度学习", language="zh", abstract="本文。")
    article = page.find(".//article")
    assert (article.get("lang"), article.get("dir")) == ("zh", "auto")
    assert page.root.get("lang") == "en"


def test_terms_without_pages_are_named_without_a_link() -> None:
    config = config_of(lists={"kinds": ["topics"], "days": False})
    terms = {"tags": ["sparse"], "authors": ["Ada Alpha"], "venue": "Conf", "topics": ["Graphs"]}
    paper = paper_of("A", date="2025-10-29", arxiv="2501.00001", **terms)
    page = page_of(paper, config=config)
    linked = [link.get("href") for link in page.find(".//article/header").iter("a")]
    assert linked[2:] == ["../../topics/graphs/"]
    said = page.text(".//article/header")
    assert all(label in said for label in ("sparse", "Ada Alpha", "Conf"))


def test_headings_of_a_text_follow_the_page_s_own_without_a_gap() -> None:
    page = shown(abstract="# One\n\n## Two", notes="# Three", notice={"kind": "update", "text": "# Four"})
    headings = [(element.tag, text_of(element)) for element in page.find(".//main").iter() if element.tag in HEADINGS]
    assert headings[:6] == [
        ("h1", "A title"),
        ("h2", "Four"),
        ("h2", "One"),
        ("h3", "Two"),
        ("h2", "Notes"),
        ("h3", "Three"),
    ]


def test_a_page_stays_small() -> None:
    abstract = "A sentence of some length that says something about the matter at hand. " * 18
    paper = paper_of(
        "A title of the usual length for a paper of this field", authors=["Ada Alpha", "Bo Beta"], abstract=abstract
    )
    assert len(page_of(paper).html) < 9_000
