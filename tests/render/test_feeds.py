from __future__ import annotations

import json
import re
import subprocess
import warnings
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import feedparser
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from memory_sites import BASE, config_of, env_of, outputs_of, paper_of, site_of
from tools import program

from sitegen.model import Date, Paper, Site
from sitegen.render import feeds
from sitegen.render.output import RenderEnv
from sitegen.render.plan import plan

RFC822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} 00:00:00 \+0000"
)
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT00:00:00Z")
HOSTILE = st.text(st.sampled_from("<>&\"']]/!-{}% $\\`*_[]()\u2028é漢\x0b\ufffe\ud800abc\n"), min_size=1, max_size=50)
ATOM = "{http://www.w3.org/2005/Atom}"


def parse(data: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = feedparser.parse(data)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


def many(count: int, first: int = 1) -> list[Paper]:
    """Papers of consecutive days, the last one the newest."""
    return [
        paper_of(
            f"Paper {n}", f"About {n}.", id=f"p{n}", date=Date.fromordinal(738000 + n).isoformat(), topics=["Trees"]
        )
        for n in range(first, first + count)
    ]


@lru_cache
def env_for(settings: str) -> RenderEnv:
    return env_of(config_of(**json.loads(settings)))


def files(papers: Iterable[Paper], **settings: Any) -> dict[str, bytes]:
    env = env_for(json.dumps(settings))
    return outputs_of(site_of(list(papers), env.config), env, "feed", "feed-archive", "opml")


def links(document: bytes) -> dict[str, str]:
    return {e.attrib["rel"]: e.attrib["href"] for e in ElementTree.fromstring(document).findall(f"{ATOM}link")}


@pytest.fixture
def full() -> Paper:
    return paper_of(
        "On <trees> & $x^2$",
        "An *abstract* with $y_1$ and a [link](tags/x/).",
        id="tree-1",
        authors=["Ada Invented", "B. Made"],
        date="2025-10-09",
        updated="2025-11-02",
        tags=["graphs"],
        topics=["Trees"],
        venue="Journal of Trees",
        doi="10.1234/x",
        links={"pdf": "files/a.pdf", "code": "https://code.example/x?a=1&b=2"},
        notice={"kind": "retraction", "text": "Withdrawn & gone."},
    )


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_a_feed_reader_finds_every_fact_of_a_paper(full: Paper, name: str) -> None:
    parsed = parse(files([full])[name])
    assert parsed.feed.title == "Test papers" and parsed.feed.link == BASE
    (entry,) = parsed.entries
    assert entry.title == "On &lt;trees&gt; &amp; x^2" or entry.title == "On <trees> & x^2"
    assert entry.link == BASE + "papers/tree-1/"
    assert entry.id == feeds.entry_id(full)
    assert entry.published_parsed[:3] == (2025, 10, 9)
    assert [author["name"] for author in entry.authors] == ["Ada Invented", "B. Made"]
    assert [tag["term"] for tag in entry.tags] == ["Trees", "graphs"]
    content = entry.content[0].value if "content" in entry else entry.summary
    assert "<em>abstract</em>" in content and "y_1" in content
    assert f'href="{BASE}tags/x/"' in content
    assert f'href="{BASE}files/a.pdf"' in content
    assert 'href="https://code.example/x?a=1&amp;b=2"' in content
    assert "Withdrawn &amp; gone." in content


def test_a_json_feed_holds_every_fact_of_a_paper(full: Paper) -> None:
    feed = json.loads(files([full])["feed.json"])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == BASE + "feed.json"
    (item,) = feed["items"]
    assert item["id"] == feeds.entry_id(full)
    assert item["date_published"] == "2025-10-09T00:00:00Z"
    assert item["date_modified"] == "2025-11-02T00:00:00Z"
    assert item["authors"] == [{"name": "Ada Invented"}, {"name": "B. Made"}]
    assert item["external_url"] == "https://doi.org/10.1234/x"
    assert "<em>abstract</em>" in item["content_html"]


def test_every_list_has_feeds_with_its_papers_only(full: Paper) -> None:
    made = files([full, paper_of("Other", topics=["Stones"])])
    for url in ("topics/trees/", "tags/graphs/", "authors/ada-invented/", "venues/journal-of-trees/"):
        for name in feeds.FILES.values():
            assert url + name in made
        parsed = parse(made[url + "rss.xml"])
        assert [entry.id for entry in parsed.entries] == [feeds.entry_id(full)]
        assert parsed.feed.link == BASE + url
    assert len(parse(made["rss.xml"]).entries) == 2


def test_formats_and_kinds_follow_the_configuration(full: Paper) -> None:
    made = files([full], feeds={"formats": ["rss"], "kinds": ["topics"]})
    assert {path for path in made if not path.endswith(".opml")} == {"rss.xml", "topics/trees/rss.xml"}


def test_a_kind_with_too_many_terms_has_no_feeds_and_its_pages_offer_none(full: Paper) -> None:
    config = config_of(feeds={"max_terms": 1})
    site, env = site_of([full], config), env_of(config)
    made = outputs_of(site, env)
    assert "topics/trees/rss.xml" in made and "authors/b-made/rss.xml" not in made
    assert b"rss.xml" in made["topics/trees/index.html"] and b"rss.xml" not in made["authors/b-made/index.html"]


def test_an_id_survives_a_new_slug_title_and_address(full: Paper) -> None:
    moved = paper_of("Another title", id="tree-1", slug="elsewhere")
    ids = [
        parse(files([full])["atom.xml"]).entries[0].id,
        parse(files([moved], base_url="https://other.example/")["rss.xml"]).entries[0].id,
    ]
    assert ids[0] == ids[1]
    assert ids[0].startswith("urn:uuid:")


def test_all_dates_are_of_the_prescribed_form(full: Paper) -> None:
    made = files([full, paper_of("No date"), *many(3)])
    rss = ElementTree.fromstring(made["rss.xml"])
    dates = [element.text or "" for element in rss.iter() if element.tag in ("pubDate", "lastBuildDate")]
    assert len(dates) == 5 and all(map(RFC822.fullmatch, dates)), dates
    atom = ElementTree.fromstring(made["atom.xml"])
    dates = [element.text or "" for element in atom.iter() if element.tag in (f"{ATOM}updated", f"{ATOM}published")]
    assert len(dates) == 1 + 5 + 4 and all(map(RFC3339.fullmatch, dates)), dates


def test_a_paper_without_a_date_has_none_in_rss_and_json_and_the_oldest_in_atom() -> None:
    made = files([paper_of("No date")])
    assert b"Date>" not in made["rss.xml"]
    assert "date_published" not in json.loads(made["feed.json"])["items"][0]
    assert parse(made["atom.xml"]).entries[0].updated == "0001-01-01T00:00:00Z"


def test_a_day_is_named_in_english_whatever_the_locale() -> None:
    assert feeds.rfc822(Date(2025, 10, 9)) == "Thu, 09 Oct 2025 00:00:00 +0000"


def test_an_empty_site_has_valid_feeds() -> None:
    made = files([])
    assert parse(made["rss.xml"]).entries == [] and parse(made["atom.xml"]).entries == []
    assert json.loads(made["feed.json"])["items"] == []


def test_the_limits_leave_the_newest() -> None:
    made = files(many(12), feeds={"limit": 5, "term_limit": 3})
    newest = [f"Paper {n}" for n in range(12, 0, -1)]
    assert [entry.title for entry in parse(made["atom.xml"]).entries] == newest[:5]
    assert [entry.title for entry in parse(made["topics/trees/atom.xml"]).entries] == newest[:3]


def test_current_feed_and_archives_together_hold_every_paper_once_linked() -> None:
    made = files(many(12), feeds={"limit": 5})
    seen, url = set(), "atom.xml"
    hops = []
    while url:
        hops.append(url)
        seen |= {entry.title for entry in parse(made[url]).entries}
        url = links(made[url]).get("prev-archive", "").removeprefix(BASE)
    assert hops == ["atom.xml", "feeds/2/atom.xml", "feeds/1/atom.xml"]
    assert seen == {f"Paper {n}" for n in range(1, 13)}
    assert links(made["feeds/1/atom.xml"])["next-archive"] == BASE + "feeds/2/atom.xml"
    assert links(made["feeds/2/atom.xml"])["current"] == BASE + "atom.xml"
    archive = ElementTree.fromstring(made["feeds/1/atom.xml"])
    assert archive.find("{http://purl.org/syndication/history/1.0}archive") is not None


def test_a_new_paper_leaves_full_archives_as_they_are() -> None:
    before, after = (files(many(n), feeds={"limit": 5}) for n in (12, 13))
    assert {path for path in before if path.startswith("feeds/")} == {"feeds/1/atom.xml", "feeds/2/atom.xml"}
    assert all(before[path] == after[path] for path in before if path.startswith("feeds/"))
    assert before["atom.xml"] != after["atom.xml"]


def test_archives_can_be_switched_off() -> None:
    assert not [path for path in files(many(12), feeds={"limit": 5, "archive": False}) if path.startswith("feeds/")]


def test_opml_lists_every_feed_under_its_kind(full: Paper) -> None:
    body = ElementTree.fromstring(files([full])["feeds.opml"]).find("body")
    assert body is not None
    top = {element.attrib["text"]: element for element in body}
    assert top["Test papers"].attrib["xmlUrl"] == BASE + "atom.xml"
    (topic,) = top["Topics"]
    assert topic.attrib == {
        "type": "rss",
        "text": "Trees",
        "title": "Trees",
        "xmlUrl": BASE + "topics/trees/atom.xml",
        "htmlUrl": BASE + "topics/trees/",
    }


@given(HOSTILE, HOSTILE, HOSTILE)
@examples(100)
def test_no_text_makes_a_feed_that_is_not_well_formed(title: str, body: str, name: str) -> None:
    if not re.search("[a-zé漢]", title):
        return
    made = files([paper_of(title, body, authors=[{"name": f"x{name}"}], tags=[f"x{name}"], venue=f"x{name}")])
    for path, data in made.items():
        if path.endswith(".json"):
            json.loads(data)
        else:
            ElementTree.fromstring(data)
            assert b"<script" not in data


@pytest.mark.parametrize("tool", ["xmllint", "ruby"])
def test_other_validators_accept_the_feeds(full: Paper, tool: str, tmp_path: Path) -> None:
    program(tool)
    made = files([full, paper_of("No date"), *many(12)], feeds={"limit": 5})
    for name in ("rss.xml", "atom.xml", "feeds/1/atom.xml", "feeds.opml"):
        file = tmp_path / name.replace("/", "-")
        file.write_bytes(made[name])
        if tool == "xmllint":
            subprocess.run(["xmllint", "--noout", file], check=True, capture_output=True)
        elif name != "feeds.opml":
            script = "abort unless RSS::Parser.parse(File.read(ARGV[0]), true)"
            subprocess.run(["ruby", "-rrss", "-e", script, file], check=True, capture_output=True)


def test_only_the_feeds_that_hold_a_paper_are_planned_anew_when_it_changes() -> None:
    papers = [*many(3), paper_of("Stone", id="s", topics=["Stones"])]
    changed = [*papers[:-1], paper_of("Stone!", id="s", topics=["Stones"])]

    def fingerprints(papers: list[Paper]) -> dict[str, bytes]:
        site: Site = site_of(papers)
        return {o.path: o.fingerprint for o in plan(site, env_for("{}")) if o.kind == "feed"}

    before, after = fingerprints(papers), fingerprints(changed)
    different = {path for path in before if before[path] != after[path]}
    assert different == {f"{folder}{name}" for folder in ("", "topics/stones/") for name in feeds.FILES.values()}
