"""The first page."""

from __future__ import annotations

from typing import Any

from html_page import HtmlPage, text_of
from memory_sites import config_of, env_of, outputs_of, paper_of, site_of

from sitegen.model import Paper, Vocabulary


def home_of(papers: list[Paper], topics: tuple[Vocabulary, ...] = (), **settings: Any) -> HtmlPage:
    config = config_of(**settings)
    return HtmlPage(
        outputs_of(site_of(papers, config, topics=topics), env_of(config), "home")["index.html"], "index.html"
    )


def days(page: HtmlPage) -> list[str]:
    return page.texts(".//section/header/h2")


def test_the_newest_day_leads_with_its_most_voted_papers() -> None:
    papers = [paper_of(f"P{n:02}", date="2025-10-29", upvotes=n, topics=["Graphs"]) for n in range(40)]
    page = home_of(papers, (Vocabulary(label="Graphs"),))
    assert days(page) == ["Wednesday, October 29, 2025"]
    lead = page.with_class("lead")[0]
    assert [text_of(heading) for heading in lead.iter("h3")] == ["P39", "P38", "P37", "P36", "P35"]
    assert "All 40 papers of this day" in page.text(".//main")


def test_a_day_shows_a_few_papers_of_each_topic_and_leads_to_the_rest() -> None:
    topics = tuple(Vocabulary(label=f"Topic {n}", order=n) for n in range(1, 4))
    papers = [paper_of(f"P{n:02}", date="2025-10-29", topics=[f"Topic {n % 3 + 1}"]) for n in range(30)]
    page = home_of(papers, topics)
    parts = [heading for heading in page.all(".//h3") if heading.get("class") == "part"]
    assert [text_of(part) for part in parts] == ["Topic 1", "Topic 2", "Topic 3"]
    assert len(page.with_class("entry")) == 6


def test_where_days_are_short_more_of_them_are_shown() -> None:
    papers = [paper_of(f"P{n:02}", date=f"2025-10-{n:02}") for n in range(1, 31)]
    assert len(days(home_of(papers, pages={"home_days": 3}))) == 24


def test_without_any_date_the_papers_themselves_are_the_news() -> None:
    page = home_of([paper_of("A"), paper_of("B")])
    assert days(page) == ["Newest papers"]
    assert len(page.with_class("entry")) == 2


def test_an_empty_collection_has_a_first_page_that_says_so() -> None:
    page = home_of([])
    assert "waiting for its first paper" in page.text(".//main")


def test_trending_and_topics_stand_beside_the_news() -> None:
    papers = [paper_of(f"P{n}", date=f"2025-0{n}-01", upvotes=n, topics=["Graphs"]) for n in range(1, 4)]
    page = home_of(papers, (Vocabulary(label="Graphs", hue=120), Vocabulary(label="Empty")))
    assert page.texts(".//ol[@class='ranked']/li") == ["P3 3 votes", "P2 2 votes", "P1 1 vote"]
    (row,) = page.find(".//ul[@class='topic-list']")
    assert text_of(row) == "Graphs3"
    assert row.find("{*}svg") is not None


def test_the_box_leads_to_the_search_page_without_any_script() -> None:
    form = home_of([paper_of("A")]).find(".//main//form")
    assert (form.get("action"), form.get("method")) == ("./search/", None)
    assert [field.get("name") for field in form.iter("input")] == ["q"]


def test_without_search_there_is_no_box_and_no_search_page() -> None:
    config = config_of(search={"enabled": False})
    outputs = outputs_of(site_of([paper_of("A")], config), env_of(config))
    assert "search/index.html" not in outputs
    assert all(b'role="search"' not in html for path, html in outputs.items() if path.endswith(".html"))


def test_with_the_option_volumes_every_paper_stands_under_its_venue_and_session() -> None:
    papers = [paper_of(f"P{n}", venue="Conf", extra={"session": f"Session {n}"}) for n in (1, 2)]
    config = config_of(theme={"name": "proceedings"})
    site = site_of([*papers, paper_of("Elsewhere")], config)
    page = HtmlPage(outputs_of(site, env_of(config), "home")["index.html"])
    assert page.texts(".//section/header/h2") == ["Conf", "More papers"]
    assert [text_of(heading) for heading in page.with_class("session")] == ["Session 1", "Session 2"]
    assert len(page.with_class("entry")) == 3


def test_many_papers_by_venue_have_a_first_page_of_volumes_in_natural_order() -> None:
    config = config_of(theme={"name": "proceedings"})
    papers = [paper_of(f"P {n}", venue=f"Volume {1 + n % 11}", date="2023") for n in range(220)]
    html = outputs_of(site_of(papers, config), env_of(config), "home")["index.html"].decode()
    page = HtmlPage(html.encode(), "index.html")
    (contents,) = page.with_class("contents")
    links = list(contents.iter("a"))
    assert [text_of(link) for link in links] == [f"Volume {n}" for n in range(1, 12)]
    assert links[0].get("href") == "./venues/volume-1/"
    assert not page.with_class("entry")
