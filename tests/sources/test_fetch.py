from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from services_world import FAULTS, Fault, Work, World

from sitegen.errors import ContentError, UsageError
from sitegen.sources.http import ATTEMPTS

ARXIV = "  - arxiv: {query: 'all:lists', days: 30}\n    endpoint: ENDPOINT\n"
DAILY = "  - huggingface: {}\n    endpoint: ENDPOINT\n"
ANNOUNCED = "  - arxiv-announcements: cs.IR\n    endpoint: ENDPOINT\n"
OPENALEX = "  - openalex: {search: lists}\n    endpoint: ENDPOINT\n"
LIST = "  - name: ours\n    url: ENDPOINT/list.json\n"


def works(world: World, count: int, *, days: int = 14) -> None:
    for number in range(count):
        day = world.today - datetime.timedelta(number % days)
        world.works.append(Work(number=f"2611.{number:05}", title=f"On list {number}", day=day, daily=day))


def test_all_pages_are_read_and_a_second_fetch_changes_nothing(site: Any, world: World) -> None:
    works(world, 250)
    site.sources(ARXIV + OPENALEX)
    report = site.fetch()
    assert [(result.new, result.merged) for result in report.sources] == [(250, 0), (0, 250)]
    assert len(site.papers()) == 250
    before = site.files()
    again = site.fetch()
    assert again.written == ()
    assert site.files() == before


def test_arxiv_is_asked_once_in_three_seconds(site: Any, world: World) -> None:
    works(world, 250)
    site.sources(ARXIV)
    site.fetch()
    assert site.clock.slept == [3.0, 3.0]
    site.sources(ARXIV + "    pause: 0\n")
    site.clock.slept.clear()
    site.fetch()
    assert site.clock.slept == []


def test_one_paper_from_four_sources_is_one_paper(site: Any, world: World) -> None:
    works(world, 3, days=1)
    world.documents["/list.json"] = (json.dumps([{"title": "On list 1", "arxiv": "2611.00001"}]), "")
    site.sources(ARXIV + ANNOUNCED + DAILY + OPENALEX + LIST)
    report = site.fetch()
    assert report.failed == ()
    assert len(site.papers()) == 3
    text = site.papers()["papers/2611.00001.md"]
    for name in ("arxiv", "arxiv-announcements", "huggingface", "openalex", "ours"):
        assert f"listing: {name}}}" in text
    assert "upvotes: 3" in text
    assert "featured_on: [2026-11-16]" in text


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_failure_takes_nothing_away_stops_no_other_and_is_made_up_for(site: Any, world: World, name: str) -> None:
    works(world, 130, days=4)
    site.sources(ARXIV + DAILY)
    site.fetch()
    before = site.files()
    world.today += datetime.timedelta(1)
    world.works.append(Work(number="2611.09999", title="On what was missed", day=world.today))
    world.works.append(Work(number="2611.00100", title="On a day", day=world.today, daily=world.today))
    world.fault["arxiv"] = FAULTS[name]
    report = site.fetch()
    arxiv, daily = report.sources
    assert arxiv.failure
    assert "\n" not in arxiv.line()
    assert (daily.failure, daily.new + daily.merged) == (None, 1)
    kept = site.files()
    assert before["papers/2611.00003.md"] == kept["papers/2611.00003.md"]
    assert len(kept) >= len(before)
    world.fault.clear()
    assert site.fetch().failed == ()
    assert "papers/2611.09999.md" in site.files()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>https://arxiv.org/api/errors#bad</id>"
            "<title>Error</title><summary>incorrect id format for x</summary></entry></feed>",
            "answered with an error: incorrect id format for x",
        ),
        ("<!DOCTYPE html><html><body>Rate exceeded.</body></html>", "a web page instead of a feed"),
        ("Rate exceeded.", "cut off or not valid XML"),
        ("<rss><channel/></rss>", "does not say how many papers"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><entry>", "cut off or not valid XML"),
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><feed/>", "document type is not allowed"),
        ("<other/>", "no feed"),
    ],
)
def test_what_is_no_answer_is_told_with_its_reason(site: Any, world: World, body: str, told: str) -> None:
    site.sources(ARXIV)
    world.fault["arxiv"] = Fault(200, body)
    [result] = site.fetch().sources
    assert told in result.failure
    assert site.files() == {}


def test_fewer_papers_than_announced_are_asked_for_again_and_then_a_failure(site: Any, world: World) -> None:
    works(world, 40)
    site.sources(ARXIV)
    world.fault["arxiv"] = FAULTS["half"]
    [result] = site.fetch().sources
    assert result.failure == "sent 20 of 40 papers that it announced"
    assert len(world.requests) == ATTEMPTS
    assert site.papers() == {}
    world.times["arxiv"] = 1
    [result] = site.fetch().sources
    assert result.new == 40


@pytest.mark.parametrize("source", [ARXIV, DAILY, OPENALEX])
def test_zero_where_there_were_papers_is_a_failure(site: Any, world: World, source: str) -> None:
    works(world, 30)
    site.sources(source)
    assert site.fetch().failed == ()
    before = site.files()
    world.works.clear()
    [result] = site.fetch().sources
    assert "no papers where there were some" in result.failure
    assert site.files() == before


def test_a_list_that_became_empty_or_another_thing_is_a_failure(site: Any, world: World) -> None:
    site.sources(LIST)
    world.documents["/list.json"] = ('[{"title": "On lists"}]', "")
    site.fetch()
    before = site.files()
    for text in ("[]", "", "[{", "<html>", '{"error": "gone"}'):
        world.documents["/list.json"] = (text, "")
        [result] = site.fetch().sources
        assert result.failure, text
        assert site.files() == before


def test_a_list_that_did_not_change_is_not_sent_again(site: Any, world: World) -> None:
    site.sources(LIST)
    world.documents["/list.json"] = ('[{"title": "On lists"}]', '"one"')
    site.fetch()
    [result] = site.fetch().sources
    assert (result.new, result.unchanged, result.failure) == (0, 0, None)
    assert world.requests[-1][2]["if-none-match"] == '"one"'
    site.sources(LIST + "    topics: [Lists]\n")
    site.fetch()
    assert "if-none-match" not in world.requests[-1][2]


def test_a_missed_announcement_is_made_up_for_by_search(site: Any, world: World) -> None:
    works(world, 2, days=1)
    site.sources(ANNOUNCED)
    site.fetch()
    for days in (1, 2):
        day = world.today + datetime.timedelta(days)
        world.works.append(Work(number=f"2611.1000{days}", title=f"On day {days}", day=day))
    world.today += datetime.timedelta(2)  # nobody asked on Tuesday
    [result] = site.fetch().sources
    assert "were missed" in result.notes[0]
    assert {"papers/2611.10001.md", "papers/2611.10002.md"} <= site.papers().keys()


def test_a_weekend_is_no_gap(site: Any, world: World) -> None:
    world.today = datetime.date(2026, 11, 13)
    works(world, 2, days=1)
    site.sources(ANNOUNCED)
    site.fetch()
    for _ in range(3):
        world.today += datetime.timedelta(1)
        if world.today.weekday() == 0:
            world.works.append(Work(number="2611.10001", title="On Monday", day=world.today))
        [result] = site.fetch().sources
        assert (result.failure, result.notes) == (None, ())
    assert "papers/2611.10001.md" in site.papers()


def test_a_new_version_changes_the_paper_but_not_what_a_person_edited(site: Any, world: World) -> None:
    works(world, 2, days=1)
    site.sources(ARXIV + DAILY)
    site.fetch()
    file = site.root / "content/papers/2611.00000.md"
    file.write_text(file.read_text("utf-8").replace("title: On list 0", "title: On our list"), encoding="utf-8")
    world.today += datetime.timedelta(1)
    for work in world.works:
        work.version, work.updated = 2, world.today
        work.title, work.abstract = f"{work.title}, again", "It is told at length."
    report = site.fetch()
    assert (report.failed, report.problems) == ((), ())
    edited, other = site.papers()["papers/2611.00000.md"], site.papers()["papers/2611.00001.md"]
    assert "title: On our list\n" in edited
    assert "title: On list 1, again\n" in other
    for text in (edited, other):
        assert "It is told at length." in text
        assert "updated: 2026-11-17" in text
        assert "v2" in text


def test_a_withdrawal_is_shown_as_one(site: Any, world: World) -> None:
    works(world, 1)
    site.sources(ARXIV)
    site.fetch()
    world.today += datetime.timedelta(1)
    work = world.works[0]
    work.version, work.updated = 2, world.today
    work.comment = "This paper has been withdrawn by the authors: a lemma is wrong"
    site.fetch()
    assert "kind: retraction" in site.papers()["papers/2611.00000.md"]


def test_a_source_fills_what_its_papers_lack(site: Any, world: World) -> None:
    site.sources(LIST + "    set: {venue: Reading group}\n    topics: [Lists]\n")
    world.documents["/list.json"] = ('[{"title": "On lists"}, {"title": "On hats", "venue": "Hats"}]', "")
    site.fetch()
    texts = site.papers()
    assert "venue: Reading group" in texts["papers/on-lists.md"]
    assert "topics: [Lists]" in texts["papers/on-lists.md"]
    assert "venue: Hats" in texts["papers/on-hats.md"]


def test_a_dry_run_asks_and_writes_nothing(site: Any, world: World) -> None:
    works(world, 3)
    site.sources(ARXIV)
    report = site.fetch(dry_run=True)
    assert report.sources[0].new == 3
    assert site.files() == {}


def test_only_the_named_sources_are_asked_and_one_may_be_switched_off(site: Any, world: World) -> None:
    works(world, 3)
    site.sources(ARXIV + "    enabled: false\n" + DAILY)
    assert [result.name for result in site.fetch().sources] == ["huggingface"]
    assert [result.name for result in site.fetch("arxiv").sources] == ["arxiv"]
    with pytest.raises(UsageError, match="did you mean 'arxiv'"):
        site.fetch("arxif")


def test_without_sources_and_with_wrong_fields_the_way_out_is_told(site: Any) -> None:
    site.sources("")
    with pytest.raises(UsageError, match="there are no sources"):
        site.fetch()
    site.sources(LIST + "    set: {venu: x}\n")
    with pytest.raises(UsageError, match=r"cannot set 'venu' \(did you mean 'venue'"):
        site.fetch()


def test_a_memory_that_cannot_be_read_stops_the_fetch(site: Any, world: World) -> None:
    works(world, 3)
    site.sources(ARXIV)
    file = site.root / "content/data/fetched.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("<<<<<<< HEAD\narxiv: {}\n=======\n", encoding="utf-8")
    with pytest.raises(ContentError, match="marks of a merge"):
        site.fetch()
    assert site.papers() == {}


def test_a_key_is_in_no_file_and_no_report(site: Any, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENALEX_API_KEY", "hush-hush")
    works(world, 3)
    site.sources(OPENALEX)
    report = site.fetch()
    assert world.requests[-1][2]["authorization"] == "Bearer hush-hush"
    world.fault["openalex"] = FAULTS["not acceptable"]
    failed = site.fetch()
    said = "\n".join([*report.lines(), *failed.lines(), failed.markdown(), *site.files().values()])
    assert "hush" not in said


def test_a_services_words_cannot_mark_up_the_summary_of_a_job(site: Any, world: World) -> None:
    site.sources(ARXIV)
    world.fault["arxiv"] = Fault(
        200,
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>http://arxiv.org/api/errors#x</id>"
        "<summary>&lt;img src=x&gt; | [a](http://b) `c`</summary></entry></feed>",
    )
    table = site.fetch().markdown()
    assert "<img" not in table
    assert "[a]" not in table.replace("\\[a]", "")
    assert table.count("\n") == 3
