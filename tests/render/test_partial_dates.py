"""Papers of which only the year, or the month, is known: nowhere is a day made up."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from html_page import HtmlPage
from memory_sites import config_of, env_of, outputs_of, paper_of, site_of

from sitegen.collection.statistics import timeline
from sitegen.model import Paper
from sitegen.render import feeds
from sitegen.search.documents import listed

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def papers() -> list[Paper]:
    return [
        paper_of("Old", date="1999"),
        paper_of("Year", date="2024"),
        paper_of("Month", date="2024-05"),
        paper_of("Day", date="2024-05-17"),
        paper_of("Unknown"),
    ]


@pytest.fixture(scope="module")
def made(papers: list[Paper]) -> dict[str, bytes]:
    config = config_of()
    return outputs_of(site_of(papers, config), env_of(config))


def page(made: dict[str, bytes], path: str) -> HtmlPage:
    return HtmlPage(made[path], path)


def test_papers_stand_by_year_month_and_day_and_those_without_a_date_last(papers: list[Paper]) -> None:
    site = site_of(papers)
    assert [paper.title for paper in site.papers] == ["Day", "Month", "Year", "Old", "Unknown"]
    assert [entry.date for entry in listed(site)] == ["2024-05-17", "2024-05", "2024", "1999", ""]


def test_a_list_of_days_or_months_holds_those_that_know_theirs(papers: list[Paper]) -> None:
    site = site_of(papers)
    found = {
        period.url: [site.papers[i].title for i in period.papers]
        for period in (*site.days, *site.weeks, *site.months, *site.years)
    }
    assert found == {
        "2024/05/17/": ["Day"],
        "2024/W20/": ["Day"],
        "2024/05/": ["Day", "Month"],
        "2024/": ["Day", "Month", "Year"],
        "1999/": ["Old"],
    }


def test_a_date_is_shown_as_far_as_it_is_known(made: dict[str, bytes]) -> None:
    times = page(made, "2024/index.html").texts(".//main//time")
    assert times == ["17 May 2024", "May 2024", "2024"] or times == ["May 17, 2024", "May 2024", "2024"]
    time = page(made, "papers/month/index.html").all(".//main//time")[0]
    assert time.get("datetime") == "2024-05"
    assert [link.get("href") for link in time] == ["../../2024/05/"]
    assert 'citation_publication_date" content="2024/05"' in made["papers/month/index.html"].decode()
    assert 'citation_publication_date" content="1999"' in made["papers/old/index.html"].decode()


def test_the_archive_leads_to_a_year_without_months(made: dict[str, bytes]) -> None:
    targets = page(made, "papers/index.html").targets()
    assert {"1999/index.html", "2024/05/index.html"} <= set(targets)


def test_rss_and_json_say_no_day_and_atom_the_first_instant(made: dict[str, bytes]) -> None:
    items = ElementTree.fromstring(made["rss.xml"]).iter("item")
    assert {item.findtext("title"): item.findtext("pubDate") for item in items} == {
        "Day": "Fri, 17 May 2024 00:00:00 +0000",
        **dict.fromkeys(("Month", "Year", "Old", "Unknown")),
    }
    entries = ElementTree.fromstring(made["atom.xml"]).iter(f"{ATOM}entry")
    told = {e.findtext(f"{ATOM}title"): (e.findtext(f"{ATOM}updated"), e.findtext(f"{ATOM}published")) for e in entries}
    assert told["Month"] == ("2024-05-01T00:00:00Z", None)
    assert told["Old"] == ("1999-01-01T00:00:00Z", None)
    assert told["Unknown"][0] == feeds.rfc3339(None)
    assert not any("1970" in str(dates) for dates in told.values())
    published = {item["title"]: item.get("date_published") for item in json.loads(made["feed.json"])["items"]}
    assert published["Day"] == "2024-05-17T00:00:00Z"
    assert published["Month"] is None and published["Old"] is None


def test_of_a_collection_that_knows_years_the_numbers_are_by_year(papers: list[Paper]) -> None:
    line = timeline(site_of(papers))
    assert line.unit == "year"
    assert (sum(line.counts), line.undated) == (4, 1)
