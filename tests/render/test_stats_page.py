from __future__ import annotations

import re
from typing import Any

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory_sites import config_of, env_of, outputs_of, paper_of, site_of

from sitegen.model import Paper
from sitegen.render.charts import bar, columns
from sitegen.render.plan import plan


def papers(count: int = 6) -> list[Paper]:
    return [
        paper_of(
            f"Paper <{n}>",
            f"About {n}.",
            id=f"p{n}",
            date=f"2025-{n + 1:02}-03",
            topics=["Trees" if n % 2 else "Stones & more"],
            tags=["graphs"],
            authors=["Ada Invented", f"Other {n}"],
            upvotes=10 * n,
        )
        for n in range(count)
    ]


def page_of(made: list[Paper], **settings: Any) -> Any:
    config = config_of(**settings)
    html = outputs_of(site_of(made, config), env_of(config), "stats")["stats/index.html"].decode()
    return html5lib.parse(html, namespaceHTMLElements=False)


def section(tree: Any, anchor: str) -> Any:
    (found,) = [e for e in tree.iter("section") if e.attrib.get("aria-labelledby") == anchor]
    return found


def text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def test_every_picture_has_words_and_its_numbers_in_a_table() -> None:
    tree = page_of(papers())
    for found in tree.iter("section"):
        tables = list(found.iter("table"))
        assert tables, found.attrib
        pictures = list(found.iter("{http://www.w3.org/2000/svg}svg"))
        assert pictures
        for svg in pictures:
            assert svg.attrib.get("aria-hidden") == "true" or svg.attrib["aria-label"]
    line = section(tree, "time")
    rows = [[text(cell) for cell in row] for row in line.iter("tr")]
    assert rows[0] == ["Month", "Papers"]
    assert rows[1] == ["June 2025", "1"] and rows[-1] == ["January 2025", "1"]
    assert len(rows) == 1 + 6


def test_numbers_and_links_of_topics_tags_authors_and_votes_are_right() -> None:
    tree = page_of(papers())
    topics = {text(row[0]): text(row[-1]) for row in section(tree, "topics").find("table").iter("tr")}
    assert topics == {"Stones & more": "3", "Trees": "3"}
    authors = section(tree, "authors")
    assert [text(row) for row in authors.iter("tr")] == ["Ada Invented6"]
    assert next(authors.iter("a")).attrib["href"] == "../authors/ada-invented/"
    voted = [text(row[0]) for row in section(tree, "voted").iter("tr")]
    assert voted == [f"Paper <{n}>" for n in range(5, 0, -1)]


def test_nothing_on_the_page_needs_an_inline_style_or_script() -> None:
    for element in page_of(papers()).iter():
        assert "style" not in element.attrib
        assert not any(name.startswith("on") for name in element.attrib)


def test_what_is_not_known_has_no_chart() -> None:
    tree = page_of([paper_of("Bare")])
    assert list(tree.iter("section")) == []
    assert "1 paper" in text(tree)


def test_the_page_can_be_switched_off_and_is_not_made_for_an_empty_site() -> None:
    config = config_of(pages={"stats": False})
    kinds = {output.kind for output in plan(site_of(papers(), config), env_of(config))}
    assert "stats" not in kinds
    assert "stats" not in {output.kind for output in plan(site_of([]), env_of())}


def test_editing_an_abstract_leaves_the_page_alone_and_a_vote_does_not() -> None:
    def fingerprint(made: list[Paper]) -> bytes:
        (found,) = [o.fingerprint for o in plan(site_of(made), env_of()) if o.kind == "stats"]
        return found

    before = papers()
    edited = [paper_of("Paper <0>", "Other words.", **fields(before[0])), *before[1:]]
    voted = [paper_of("Paper <0>", "About 0.", **(fields(before[0]) | {"upvotes": 99})), *before[1:]]
    assert fingerprint(edited) == fingerprint(before) != fingerprint(voted)


def fields(paper: Paper) -> dict[str, Any]:
    return {
        "id": paper.id,
        "date": str(paper.date),
        "topics": list(paper.topics),
        "tags": list(paper.tags),
        "authors": [author.name for author in paper.authors],
        "upvotes": paper.upvotes,
    }


@given(st.lists(st.integers(0, 10**6), max_size=20))
def test_columns_are_as_high_as_their_share_of_the_highest(values: list[int]) -> None:
    svg = columns(values, [f"<{i}>" for i in range(len(values))], 'a "label"')
    heights = [int(height) for height in re.findall(r'width="8" height="(\d+)"', svg)]
    shown = [value for value in values if value]
    assert len(heights) == len(shown)
    for height, value in zip(heights, shown, strict=True):
        assert height == max(1, round(100 * value / max(values)))
    assert "<0>" not in svg and 'a "label"' not in svg


@pytest.mark.parametrize(("share", "width", "loss"), [(1, "100", False), (0.25, "25", False), (-0.5, "50", True)])
def test_a_bar_is_as_long_as_its_share(share: float, width: str, loss: bool) -> None:
    assert f'width="{width}"' in bar(share)
    assert ("is-loss" in bar(share)) == loss


def test_the_subscribe_page_offers_every_feed() -> None:
    config = config_of()
    made = outputs_of(site_of(papers(), config), env_of(config))
    tree = html5lib.parse(made["subscribe/index.html"].decode(), namespaceHTMLElements=False)
    offered = {a.attrib["href"].removeprefix("../") for a in tree.iter("a") if a.attrib.get("type")}
    feeds = {path for path in made if path.endswith(("rss.xml", "atom.xml", "feed.json", ".opml"))}
    assert offered == {path for path in feeds if not path.startswith("feeds/")}


def test_of_many_authors_the_subscribe_page_shows_those_with_most_papers_and_leads_to_the_rest() -> None:
    many = [paper_of(f"Solo {n}", authors=[f"Solo Author{n}"]) for n in range(60)]
    config = config_of()
    site = site_of([*many, *papers()], config)
    html = outputs_of(site, env_of(config), "subscribe")["subscribe/index.html"].decode()
    assert "Ada Invented" in html
    assert "19 more, each with feeds on its own page" in html
