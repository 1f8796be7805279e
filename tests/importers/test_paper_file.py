from __future__ import annotations

import datetime
import os
from pathlib import Path

import msgspec
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from sitegen.content.frontmatter import split
from sitegen.content.record import paper_from
from sitegen.errors import Problem
from sitegen.importers.paper_file import RecordError, as_written, render, revise, write_atomically
from sitegen.model import Appearance, Imported, Links, Paper, PartialDate, Person

BY_HAND = """---
# kept in this order on purpose
upvotes: 4   # at lunch
title: "Folding"

# the days
featured_on:
  - 2025-10-28
authors: [ Ada Example ,  "Bo Sample" ]
---

In my own words.
"""


def read(text: str, stem: str = "folding") -> Paper:
    matter = split(text.replace("\r\n", "\n"), stem)
    assert not isinstance(matter, Problem)
    paper, problems = paper_from(matter.fields, stem, body=matter.body, default_id=stem)
    assert paper is not None, problems
    return paper


def test_a_new_file_reads_well() -> None:
    paper = Paper(
        id="folding",
        title="Folding: Sheets & Swans",
        authors=(Person("Ada Example"), Person("Bo Sample", family="Sample", given="Bo")),
        date=PartialDate(2025, 9, 11),
        abstract="We fold.\n\nTwice.",
        links=Links(pdf="https://example.org/p.pdf"),
        tags=("no", "1.0"),
        upvotes=0,
        extra={"shelf": "1-9", "deep": {"er": ["1", "two"]}},
        imported=Imported(listings=(Appearance("monday", datetime.date(2025, 10, 29)),), fields={"title": "ab"}),
    )
    assert (
        render(paper, "folding")
        == """---
title: 'Folding: Sheets & Swans'
authors:
- Ada Example
- {name: Bo Sample, family: Sample, given: Bo}
date: 2025-09-11
links: {pdf: 'https://example.org/p.pdf'}
tags: ['no', '1.0']
upvotes: 0
extra:
  shelf: 1-9
  deep:
    er: ['1', two]
imported:
  listings:
  - {listing: monday, captured: 2025-10-29}
  fields: {title: ab}
---

We fold.

Twice.
"""
    )


def test_numbers_in_free_fields_become_the_text_that_a_file_gives_back() -> None:
    paper = as_written(Paper(id="folding", title="Folding", extra={"volume of": 2020, "open": True, "a": [1.5, None]}))
    assert paper.extra == {"volume of": "2020", "open": "true", "a": ["1.5", None]}
    assert read(render(paper, "folding")).extra == paper.extra


def test_an_id_is_written_only_where_the_file_name_does_not_say_it() -> None:
    assert "id:" not in render(Paper(id="folding", title="Folding"), "folding")
    assert "id:" not in render(Paper(id="2023.acl-long.1", title="Folding"), "2023.acl-long.1")
    assert "id: Folding\n" in render(Paper(id="Folding", title="Folding"), "folding")


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=40)


@given(WORDS, WORDS, WORDS, st.lists(WORDS, max_size=3))
@examples(200)
def test_any_text_survives_the_way_to_a_file_and_back(title: str, abstract: str, venue: str, tags: list[str]) -> None:
    raw = {"title": f"T {title}", "abstract": abstract, "venue": venue, "tags": tags, "extra": {"note": venue}}
    paper, _ = paper_from(raw, "list.txt", default_id="folding")
    assert paper is not None
    again = read(render(paper, "folding"))
    assert again.digest == msgspec.structs.replace(again).digest
    for field in ("title", "abstract", "venue", "tags", "extra"):
        assert getattr(again, field) == getattr(paper, field)


def test_only_the_lines_of_a_changed_field_change() -> None:
    paper = msgspec.structs.replace(read(BY_HAND), upvotes=9)
    assert revise(BY_HAND, paper, "folding", {"upvotes"}) == BY_HAND.replace("upvotes: 4   # at lunch", "upvotes: 9")


def test_a_new_field_stands_below_the_others_and_the_memory_of_imports_below_all() -> None:
    paper = msgspec.structs.replace(read(BY_HAND), imported=Imported(titles=("ab",)))
    once = revise(BY_HAND, paper, "folding", {"imported"})
    assert once == BY_HAND.replace('Sample" ]\n', 'Sample" ]\nimported:\n  titles: [ab]\n')
    twice = revise(once, msgspec.structs.replace(paper, author_count=2), "folding", {"author_count"})
    assert twice == once.replace("imported:\n", "author_count: 2\nimported:\n")


def test_a_list_over_several_lines_is_replaced_whole_and_comments_stay() -> None:
    days = (datetime.date(2025, 10, 28), datetime.date(2025, 10, 29))
    paper = msgspec.structs.replace(read(BY_HAND), featured_on=days)
    assert revise(BY_HAND, paper, "folding", {"featured_on"}) == BY_HAND.replace(
        "featured_on:\n  - 2025-10-28\n", "featured_on: [2025-10-28, 2025-10-29]\n"
    )


def test_an_empty_body_takes_an_abstract() -> None:
    text = "---\ntitle: Folding\n---\n"
    paper = msgspec.structs.replace(read(text), abstract="We fold.\n\nTwice.")
    assert revise(text, paper, "folding", {"abstract"}) == "---\ntitle: Folding\n---\n\nWe fold.\n\nTwice.\n"


def test_line_ends_stay_as_they_are() -> None:
    text = BY_HAND.replace("\n", "\r\n")
    paper = msgspec.structs.replace(read(text), upvotes=9)
    assert revise(text, paper, "folding", {"upvotes"}) == text.replace("upvotes: 4   # at lunch", "upvotes: 9")


@pytest.mark.parametrize(
    "text",
    ["---\n{title: Folding}\n---\n", "no front matter", "---\ntitle: Folding\nabstract: &a x\nvenue: *a\n---\n"],
)
def test_what_cannot_be_changed_safely_is_left_alone(text: str) -> None:
    paper = Paper(id="folding", title="Folding", abstract="y", venue="x")
    with pytest.raises(RecordError):
        revise(text, paper, "folding", {"abstract"})


def test_a_file_is_replaced_whole_and_keeps_its_rights(tmp_path: Path) -> None:
    file = tmp_path / "papers" / "folding.md"
    write_atomically(file, "one")
    file.chmod(0o640)
    write_atomically(file, "two")
    assert file.read_text(encoding="utf-8") == "two"
    assert file.stat().st_mode & 0o777 == 0o640
    assert os.listdir(file.parent) == ["folding.md"]


def test_a_link_to_a_file_stays_a_link(tmp_path: Path) -> None:
    target = tmp_path / "shared.md"
    target.write_text("one", encoding="utf-8")
    link = tmp_path / "folding.md"
    link.symlink_to(target)
    write_atomically(link, "two")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "two"
