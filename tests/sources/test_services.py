"""The services that page or answer in a way of their own, played from answers of their shape."""

from __future__ import annotations

import json
from typing import Any

import pytest
from services_world import World


def titles(site: Any) -> list[str]:
    return sorted(
        line.removeprefix("title: ")
        for text in site.papers().values()
        for line in text.splitlines()
        if line.startswith("title: ")
    )


def crossref_work(number: int) -> dict[str, Any]:
    return {
        "DOI": f"10.1000/{number}",
        "title": [f"On work {number}"],
        "type": "journal-article",
        "author": [{"given": "Ada", "family": "Poe"}],
        "is-referenced-by-count": 0,
        "issued": {"date-parts": [[2026, 11, 2]]},
        "indexed": {"date-time": "2026-11-10T00:00:00Z"},
        "container-title": ["Journal of Lists"],
    }


def test_crossref_is_read_to_the_last_cursor_and_then_by_the_day_of_indexing(site: Any, world: World) -> None:
    works = [crossref_work(number) for number in range(250)]
    asked: list[str] = []

    def answer(query: dict[str, str]) -> tuple[str, dict[str, str]]:
        asked.append(query["filter"])
        start = 0 if query["cursor"] == "*" else int(query["cursor"])
        items = works[start : start + int(query["rows"])]
        message = {"total-results": len(works), "items": items, "next-cursor": str(start + len(items))}
        return json.dumps({"status": "ok", "message-type": "work-list", "message": message}), {}

    world.routes["/works"] = answer
    site.sources("  - crossref: {query: lists}\n    endpoint: ENDPOINT\n    pause: 0\n")
    [result] = site.fetch().sources
    assert (result.new, result.failure) == (250, None)
    assert set(asked) == {"from-pub-date:2026-10-17"}
    site.fetch()
    assert asked[-1] == "from-index-date:2026-11-05"
    works.clear()
    [result] = site.fetch().sources
    assert "no papers where there were some" in result.failure
    assert len(site.papers()) == 250


def test_semantic_scholar_is_read_to_the_last_token(site: Any, world: World) -> None:
    def answer(query: dict[str, str]) -> tuple[str, dict[str, str]]:
        start = int(query.get("token", 0))
        data = [
            {
                "paperId": f"s{number}",
                "externalIds": {"DOI": f"10.1000/{number}"},
                "title": f"On paper {number}",
                "authors": [{"name": "Ada Poe"}],
                "publicationDate": "2026-11-03",
            }
            for number in range(start, start + 2)
        ]
        return json.dumps({"total": 4, "token": "2" if start == 0 else None, "data": data}), {}

    world.routes["/graph/v1/paper/search/bulk"] = answer
    site.sources("  - semantic-scholar: lists\n    endpoint: ENDPOINT\n    pause: 0\n")
    [result] = site.fetch().sources
    assert (result.new, result.failure) == (4, None)
    assert titles(site) == [f"On paper {number}" for number in range(4)]


def test_a_venue_of_openreview_is_read_whole_or_not_at_all(site: Any, world: World) -> None:
    sent = 3

    def answer(query: dict[str, str]) -> tuple[str, dict[str, str]]:
        assert query["content.venueid"] == "Lists.cc/2026/Conference"
        notes = [
            {"id": f"n{number}", "forum": f"n{number}", "content": {"title": {"value": f"On note {number}"}}}
            for number in range(int(query["offset"]), sent)
        ]
        return json.dumps({"notes": notes, "count": 3}), {}

    world.routes["/notes"] = answer
    site.sources("  - openreview: Lists.cc/2026/Conference\n    endpoint: ENDPOINT\n    pause: 0\n")
    sent = 2
    [result] = site.fetch().sources
    assert result.failure == "sent 2 of 3 papers that it announced"
    assert site.papers() == {}
    sent = 3
    assert site.fetch().sources[0].new == 3


def test_biorxiv_is_read_page_by_page_and_an_empty_week_is_no_failure_at_first(site: Any, world: World) -> None:
    def page(start: int, count: int) -> tuple[str, dict[str, str]]:
        rows = [
            {
                "doi": f"10.1101/{number}",
                "title": f"On cell {number}",
                "authors": "Poe, A.; Roe, B.",
                "date": "2026-11-12",
                "abstract": "Cells are counted.",
            }
            for number in range(start, start + count)
        ]
        said = {"status": "ok", "count": count, "total": "3"}
        return json.dumps({"messages": [said], "collection": rows}), {}

    folder = "/details/biorxiv/2026-11-09/2026-11-16"
    site.sources("  - biorxiv: {category: cell biology}\n    endpoint: ENDPOINT\n    pause: 0\n")
    world.routes[f"{folder}/0/json"] = lambda query: ('{"messages": [{"status": "no posts found"}]}', {})
    [result] = site.fetch().sources
    assert (result.new, result.failure) == (0, None)
    world.routes[f"{folder}/0/json"] = lambda query: page(0, 2)
    world.routes[f"{folder}/2/json"] = lambda query: page(2, 1)
    [result] = site.fetch().sources
    assert (result.new, result.failure) == (3, None)
    assert world.requests[-1][1] == {"category": "cell_biology"}


def test_zotero_is_asked_again_only_for_a_newer_version(
    site: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", "hush-hush")
    items = [
        {"id": f"z{number}", "type": "article-journal", "title": f"On item {number}", "DOI": f"10.1000/{number}"}
        for number in range(130)
    ]

    def answer(query: dict[str, str]) -> tuple[str, dict[str, str]]:
        start = int(query["start"])
        headers = {"Total-Results": "130", "Last-Modified-Version": "7"}
        return json.dumps({"items": items[start : start + int(query["limit"])]}), headers

    world.routes["/groups/42/collections/LISTS/items/top"] = answer
    site.sources("  - zotero: {group: 42, collection: LISTS}\n    endpoint: ENDPOINT\n    pause: 0\n")
    [result] = site.fetch().sources
    assert (result.new, result.failure) == (130, None)
    assert world.requests[-1][2]["zotero-api-key"] == "hush-hush"
    site.fetch()
    assert world.requests[-1][2]["if-modified-since-version"] == "7"
    assert "hush" not in "".join(site.files().values())


def test_a_feed_is_read_and_becomes_no_failure_by_staying_as_it_is(site: Any, world: World) -> None:
    text = (
        "<rss version='2.0'><channel><title>Lists</title>"
        "<item><title>On feeds</title><link>https://example.org/feeds</link>"
        "<pubDate>Mon, 02 Nov 2026 08:00:00 GMT</pubDate></item></channel></rss>"
    )
    world.documents["/feed.xml"] = (text, '"one"')
    site.sources("  - feed: ENDPOINT/feed.xml\n")
    assert site.fetch().sources[0].new == 1
    assert titles(site) == ["On feeds"]
    assert site.fetch().failed == ()
    world.documents["/feed.xml"] = ("<rss version='2.0'><channel><title>Lists</title></channel></rss>", '"two"')
    assert "no papers where there were 1" in site.fetch().sources[0].failure
    assert titles(site) == ["On feeds"]
