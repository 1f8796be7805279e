"""Lists of papers: of terms, of days, weeks and months, of everything; and the indexes of terms."""

from __future__ import annotations

import re
from typing import Any

import pytest
from html_page import HtmlPage, text_of
from memory_sites import config_of, env_of, outputs_of, paper_of, site_of

from sitegen.config import Config
from sitegen.model import Paper, Vocabulary
from sitegen.render.i18n import Language
from sitegen.render.list_items import ITEM, ROOT, ListItems
from sitegen.render.pages.paging import page_count, pager


def pages_of(
    papers: list[Paper], config: Config | None = None, topics: tuple[Vocabulary, ...] = (), **settings: Any
) -> dict[str, HtmlPage]:
    config = config or config_of(**settings)
    outputs = outputs_of(site_of(papers, config, topics=topics), env_of(config))
    return {path: HtmlPage(html, path) for path, html in outputs.items() if path.endswith(".html")}


def titles(page: HtmlPage) -> list[str]:
    return [text_of(heading) for entry in page.with_class("entry") for heading in entry if heading.tag in ("h3", "h4")]


def headings(page: HtmlPage) -> list[str]:
    return [text_of(part.find("h2")) for part in page.with_class("part") if part.find("h2") is not None]  # type: ignore[arg-type]


def some(count: int, **fields: Any) -> list[Paper]:
    return [paper_of(f"Paper {n:03}", **fields) for n in range(count)]


def test_a_list_is_cut_into_pages_that_lead_to_each_other() -> None:
    pages = pages_of(some(5, tags=["sparse"]), lists={"per_page": 2})
    first, second, third = (pages[f"tags/sparse/{page}index.html"] for page in ("", "page/2/", "page/3/"))
    assert [titles(page) for page in (first, second, third)] == [
        ["Paper 000", "Paper 001"],
        ["Paper 002", "Paper 003"],
        ["Paper 004"],
    ]
    assert [(link.get("rel"), link.get("href")) for link in second.all(".//nav/a[@rel]")] == [
        ("prev", "../../../../tags/sparse/"),
        ("next", "../../../../tags/sparse/page/3/"),
    ]
    assert [link.get("aria-current") for link in second.all(".//nav/ol/li/a")] == [None, "page", None]
    assert "tags/sparse/page/4/index.html" not in pages


def test_a_list_that_fits_has_no_links_to_other_pages() -> None:
    page = pages_of(some(2, tags=["sparse"]), lists={"per_page": 2})["tags/sparse/index.html"]
    assert page.with_class("pager") == []


@pytest.mark.parametrize(
    "number, of, said",
    [
        (1, 3, "[1] 2 3"),
        (1, 9, "[1] 2 3 … 9"),
        (5, 9, "1 2 3 4 [5] 6 7 8 9"),
        (6, 20, "1 … 4 5 [6] 7 8 … 20"),
        (20, 20, "1 … 18 19 [20]"),
    ],
)
def test_far_pages_are_left_out_but_never_a_single_one(number: int, of: int, said: str) -> None:
    found = pager("tags/x/", number, of, Language("en", env_of().theme.words))
    assert found is not None
    assert " ".join(f"[{page.label}]" if page.note == "current" else page.label for page in found.pages) == said


def test_an_empty_list_has_one_page() -> None:
    assert [page_count(items, 50) for items in (0, 1, 50, 51)] == [1, 1, 1, 2]


def test_a_topic_without_papers_has_a_page_that_says_so() -> None:
    topic = Vocabulary(label="Empty", slug="empty", description="What *would* be here.")
    page = pages_of([], topics=(topic,))["topics/empty/index.html"]
    assert page.text(".//main//em") == "would"
    assert "No papers here yet." in page.text(".//main")


def test_a_topic_shows_its_mark_description_months_and_the_tags_that_go_with_it() -> None:
    papers = [
        paper_of(f"P{n}", date=f"2025-0{n}-01", topics=["Graphs"], tags=["sparse", "rare" if n == 1 else "dense"])
        for n in range(1, 5)
    ]
    topic = Vocabulary(label="Graphs", slug="graphs", hue=30, description="Nodes and edges.")
    page = pages_of(papers, topics=(topic,))["topics/graphs/index.html"]
    assert text_of(page.with_class("hue-2")[0]) == "Graphs"
    chart = page.find(".//main//{*}svg")
    assert chart.get("aria-label") == "Graphs: papers per month, May 2023 to April 2025, at most 1"
    assert [text_of(item) for item in page.with_class("chips")[0].iter("li")] == ["sparse 4", "dense 3"]


def test_a_day_is_led_by_its_votes_and_goes_on_by_topic() -> None:
    papers = [paper_of(f"Voted {n}", date="2025-10-29", upvotes=n, topics=["Trees"]) for n in range(1, 8)]
    papers += [paper_of("Of graphs", date="2025-10-29", topics=["Graphs", "Trees"])]
    papers += [paper_of("Of nothing", date="2025-10-29")]
    topics = (Vocabulary(label="Graphs", order=1), Vocabulary(label="Trees", order=2))
    page = pages_of(papers, topics=topics)["2025/10/29/index.html"]
    assert page.text(".//h1") == "Wednesday, October 29, 2025"
    assert headings(page) == ["Most voted", "Graphs", "Trees", "More papers"]
    leading = [f"Voted {n}" for n in (7, 6, 5, 4, 3)]
    assert titles(page) == [*leading, "Of graphs", "Voted 1", "Voted 2", "Of nothing"]


def test_a_short_day_is_one_list() -> None:
    page = pages_of(some(2, date="2025-10-29", topics=["Graphs"], upvotes=1))["2025/10/29/index.html"]
    assert headings(page) == []


def test_days_without_papers_are_skipped_between_older_and_newer() -> None:
    papers = [paper_of(f"P{n}", date=f"2025-10-{n}") for n in (10, 20, 29)]
    page = pages_of(papers)["2025/10/20/index.html"]
    assert [(link.get("rel"), link.get("href")) for link in page.with_class("prev-next")[0]] == [
        ("prev", "../../../2025/10/10/"),
        ("next", "../../../2025/10/29/"),
    ]


def test_a_day_that_featured_an_undated_paper_shows_it() -> None:
    pages = pages_of([paper_of("Undated", featured_on=["2025-10-29"])])
    assert titles(pages["2025/10/29/index.html"]) == ["Undated"]
    assert titles(pages["2025/10/index.html"]) == ["Undated"]
    assert titles(pages["2025/W44/index.html"]) == ["Undated"]


def test_a_week_and_a_month_lead_to_their_days() -> None:
    papers = [
        paper_of(f"P{n}", date=day) for n, day in enumerate(("2025-10-27", "2025-10-29", "2025-10-29", "2025-11-01"))
    ]
    pages = pages_of(papers)
    week, month = pages["2025/W44/index.html"], pages["2025/10/index.html"]
    assert [text_of(item) for item in week.with_class("chips")[0].iter("li")] == [
        "Saturday, November 1, 2025 1",
        "Wednesday, October 29, 2025 2",
        "Monday, October 27, 2025 1",
    ]
    assert [link.get("href") for link in month.with_class("chips")[0].iter("a")] == [
        "../../2025/10/29/",
        "../../2025/10/27/",
    ]
    assert "Week 44, 2025" in week.text(".//header[@class='title']")


def test_all_papers_stand_in_the_archive_undated_ones_last() -> None:
    pages = pages_of([paper_of("Undated"), paper_of("Old", date="2020-01-01"), paper_of("New", date="2025-01-01")])
    page = pages["papers/index.html"]
    assert titles(page) == ["New", "Old", "Undated"]
    assert [text_of(item) for item in page.with_class("years")[0].iter("li")] == ["January 1", "January 1"]


def test_trending_is_numbered_on_from_page_to_page() -> None:
    pages = pages_of([paper_of(f"P{n}", date="2025-01-01", upvotes=n) for n in range(1, 4)], lists={"per_page": 2})
    assert titles(pages["trending/index.html"]) == ["P3", "P2"]
    assert pages["trending/page/2/index.html"].find(".//ol[@start]").get("start") == "3"


def test_a_venue_is_grouped_by_session_in_natural_order() -> None:
    papers = [
        paper_of(f"P{n}", venue="Conf", **({"extra": {"session": f"Session {n}"}} if n else {})) for n in (10, 2, 0)
    ]
    page = pages_of(papers)["venues/conf/index.html"]
    assert headings(page) == ["Session 2", "Session 10"]
    assert titles(page) == ["P2", "P10", "P0"]


def test_a_session_may_be_called_anything() -> None:
    papers = [paper_of(name, venue="Conf", extra={"session": name}) for name in ("leading", "rest", "-1")]
    assert headings(pages_of(papers)["venues/conf/index.html"]) == ["-1", "leading", "rest"]


def test_authors_are_indexed_by_family_name_under_letters() -> None:
    names = [f"Given{n} {letter}amily{n:02}" for n, letter in enumerate("BACÉÖ王" * 8)]
    page = pages_of([paper_of(f"P{n}", authors=[name]) for n, name in enumerate(names)])["authors/index.html"]
    assert [text_of(heading) for heading in page.all(".//main//h2")] == ["A", "B", "C", "E", "O", "Others"]
    assert page.texts(".//section[1]/ul/li/a")[:2] == ["Given1 Aamily01", "Given7 Aamily07"]
    anchors = {heading.get("id") for heading in page.all(".//h2[@id]")}
    letters = page.with_class("letters")[0]
    assert {(link.get("href") or "").removeprefix("#") for link in letters} == anchors


def test_a_long_index_is_cut_into_pages_whose_letters_lead_across() -> None:
    papers = [paper_of(f"P{n}", tags=[f"{'ab'[n > 650]}{n:03}"]) for n in range(700)]
    pages = pages_of(papers, feeds={"kinds": []})
    first, second = pages["tags/index.html"], pages["tags/page/2/index.html"]
    assert [link.get("href") for link in first.with_class("letters")[0]] == [
        "#letter-a",
        "../tags/page/2/#letter-b",
    ]
    assert [link.get("href") for link in second.with_class("letters")[0]] == ["../../../tags/#letter-a", "#letter-b"]


def test_an_index_of_many_terms_begins_with_the_most_used() -> None:
    papers = [paper_of(f"P{n}", tags=[f"tag {n}", "common"]) for n in range(45)]
    page = pages_of(papers)["tags/index.html"]
    assert text_of(next(page.with_class("chips")[0].iter("li"))) == "common 45"


def test_lists_name_three_authors_and_count_the_rest() -> None:
    page = pages_of([paper_of("P", tags=["t"], authors=[f"A{n}" for n in range(12)])])["tags/t/index.html"]
    assert text_of(page.with_class("authors")[0]) == "A0, A1, A2 and 9 more"


def test_long_lists_of_months_and_authors_are_titles_where_others_have_summaries() -> None:
    papers = some(6, abstract="What it says.", tags=["t"], authors=["A"], date="2025-10-29")
    pages = pages_of(papers)
    assert all(not pages[f"{url}index.html"].with_class("summary") for url in ("2025/10/", "authors/a/", "papers/"))
    assert all(pages[f"{url}index.html"].with_class("summary") for url in ("2025/10/29/", "2025/W44/", "tags/t/"))
    few = pages_of(papers[:5])
    assert all(few[f"{url}index.html"].with_class("summary") for url in ("2025/10/", "authors/a/"))
    without_days = pages_of(papers, lists={"days": False})
    assert without_days["2025/10/index.html"].with_class("summary")


def test_switched_off_lists_are_neither_made_nor_linked() -> None:
    off = {"kinds": ["topics"], "days": False, "weeks": False, "months": False, "years": False, "trending": False}
    papers = some(2, tags=["t"], authors=["A"], venue="V", topics=["Graphs"], date="2025-10-29", upvotes=2)
    pages = pages_of(papers, lists=off)
    wanted = {"tags", "authors", "venues", "2025", "trending"}
    assert not [path for path in pages if path.split("/")[0] in wanted]
    for page in pages.values():
        assert not [target for target in page.targets() if target.split("/")[0] in wanted], page.path


def test_an_item_stands_wherever_a_template_writes_it_with_links_from_there() -> None:
    list_items = ListItems(site_of([paper_of("One & all"), paper_of("Two")]), env_of())
    two, one = list_items.items([1, 0])
    page = list_items.filled(f"<ul>{two}—{one}</ul>{two}", "../../").decode()
    assert re.findall(r'href="([^"]*papers/[^"]*)"', page) == [f"../../papers/{i}/" for i in ("two", "one-all", "two")]
    assert "—" in page
    assert not re.search(f"[{ROOT}{ITEM}]", page)


def test_the_same_item_is_another_at_another_level_or_density() -> None:
    list_items = ListItems(site_of([paper_of("One", abstract="Said of it.")]), env_of())
    [full], [deep], [dense] = list_items.items([0]), list_items.items([0], 4), list_items.items([0], dense=True)
    shown = [list_items.filled(item, "").decode() for item in (full, deep, dense)]
    assert ["<h4>" in item for item in shown] == [False, True, False]
    assert ["Said of it." in item for item in shown] == [True, True, False]


def test_a_busy_author_has_papers_by_year_and_those_with_whom_one_often_writes() -> None:
    papers = [paper_of(f"P {n}", authors=["Ada Poe", "Ben Roe"], date=str(2020 + n // 3)) for n in range(6)]
    page = pages_of([*papers, paper_of("Alone", authors=["Ada Poe", "Cy Doe"])])["authors/ada-poe/index.html"]
    assert headings(page) == ["2021", "2020", "More papers"]
    (chips,) = page.with_class("chips")
    assert (chips.get("aria-label"), text_of(chips)) == ("Often writes with", "Ben Roe 6")


def test_a_list_names_a_venue_shortly_where_a_short_name_is_known() -> None:
    paper = paper_of("A", venue="Proceedings of a Conference", venue_short="Conf", date="2025-10-29")
    pages = pages_of([paper])
    assert "Conf" in [text_of(link) for link in pages["2025/10/29/index.html"].with_class("meta")[0].iter("a")]
    assert pages["papers/a/index.html"].with_class("meta")[0] is not None
