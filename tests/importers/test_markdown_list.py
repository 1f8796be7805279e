from __future__ import annotations

from typing import Any

import pytest

from sitegen.importers.listing import Listing
from sitegen.importers.markdown_list import read_markdown_list


def read(text: str) -> Listing:
    return read_markdown_list(text, "list.md", None)


def raws(text: str) -> list[dict[str, Any]]:
    return [entry.raw for entry in read(text).entries]


TABLE = r"""
# Awesome Kites

- [Contents](#contents)

## 1. Lift

|Date|Title|Paper|Code|Stars|
|:---:|:---|:---:|---|---|
|2024.02|🔥[**KiteNet**] Fast Kites(@Kite Univ.)|[[pdf]](https://arxiv.org/pdf/2402.10001)|[[KiteNet]](https://github.com/example/kitenet)|⭐️|
|2023.10|[Tails](https://example.org/tails)|⚠️|-||

## Lines
| Title | Venue | Date |
|-------|:-----:|------|
| ![Star](https://img.example/y) <br> [**String: Wind \| Knot**](https://arxiv.org/abs/2401.10002) | KITE | 2024-01-30 |
"""


def test_columns_of_a_table_are_known_by_their_headings() -> None:
    first, second, third = read(TABLE).entries
    assert first.raw == {
        "title": "Fast Kites",
        "date": "2024-02",
        "arxiv": "2402.10001",
        "links": {"code": "https://github.com/example/kitenet"},
    }
    assert (first.line, first.heading) == (10, "Lift")
    assert second.raw == {"title": "Tails", "date": "2023-10", "links": {"project": "https://example.org/tails"}}
    assert third.raw["title"] == "String: Wind | Knot"
    assert (third.raw["venue"], third.raw["date"], third.raw["arxiv"]) == ("KITE", "2024-01-30", "2401.10002")
    assert third.heading == "Lines"


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            "- [Keel-LM](https://arxiv.org/abs/2401.10011): Training Long Keels | KITE' 24 | Kite Univ.",
            {"title": "Keel-LM: Training Long Keels", "venue": "KITE", "date": "2024", "arxiv": "2401.10011"},
        ),
        ("* Ropes Without a Link | SAIL' 24", {"title": "Ropes Without a Link", "venue": "SAIL", "date": "2024"}),
        (
            "* `serving` `ropes` [Knots in Real Time](http://arxiv.org/abs/2401.10012v1)\n  > **TL;DR**: Knots hold.",
            {
                "title": "Knots in Real Time",
                "tags": ["serving", "ropes"],
                "arxiv": "2401.10012v1",
                "abstract": "Knots hold.",
            },
        ),
        (
            "- **Pennants in Wind**, *Ada Poe, Ben Roe*, KITE 2024. [[paper](https://example.org/p.pdf)]",
            {
                "title": "Pennants in Wind",
                "authors": "Ada Poe, Ben Roe",
                "venue": "KITE",
                "date": "2024",
                "links": {"pdf": "https://example.org/p.pdf"},
            },
        ),
        (
            "- (KITE 2023) **Buoys** [[Paper](https://arxiv.org/abs/2301.10013)] [[Project](https://example.org/b)]",
            {
                "title": "Buoys",
                "venue": "KITE",
                "date": "2023",
                "arxiv": "2301.10013",
                "links": {"project": "https://example.org/b"},
            },
        ),
        (
            "- arXiv 2024.07, **Flow** as the Interface of Kites, [arXiv](https://arxiv.org/abs/2407.10014)",
            {"title": "Flow as the Interface of Kites", "date": "2024-07", "arxiv": "2407.10014"},
        ),
        (
            "1. **Kites: A Review.** arxiv 2019. [paper](https://arxiv.org/pdf/1901.10015.pdf)\n\n"
            "    *Coe, Cy and Poe, Ada and others.*",
            {
                "title": "Kites: A Review",
                "date": "2019",
                "authors": "Coe, Cy and Poe, Ada and others",
                "arxiv": "1901.10015",
            },
        ),
    ],
)
def test_an_item_gives_what_is_written_on_it(item: str, expected: dict[str, Any]) -> None:
    assert raws(f"## Papers\n{item}\n") == [expected]


def test_a_title_in_bold_has_its_links_in_the_items_below_it() -> None:
    text = "# Strings\n\n**Kites for All**\n\n- Paper: https://arxiv.org/abs/2311.10021\n- Code: https://github.com/example/k\n"
    assert raws(text) == [
        {"title": "Kites for All", "arxiv": "2311.10021", "links": {"code": "https://github.com/example/k"}}
    ]


def test_a_week_in_a_heading_is_the_day_on_which_papers_were_featured() -> None:
    text = (
        "## Top Papers of the Week (July 6 - July 12) - 2025\n| **Paper** | **Links** |\n| --- | --- |\n"
        "| 1) **Kite-V4** - a survey of folding. <br> - Point. | [Paper](https://arxiv.org/abs/2507.10031), "
        "[Tweet](https://x.com/a/1) |\n"
    )
    [entry] = read(text).entries
    assert entry.raw["title"] == "Kite-V4"
    assert entry.raw["featured_on"] == ["2025-07-12"]
    assert entry.raw["arxiv"] == "2507.10031"
    assert entry.unused == ("Tweet",)


def test_a_paragraph_with_a_quoted_title_names_its_authors_before_it() -> None:
    text = '**[7]** Roe, Ben, et al. "**Deep residual kites**." (2015). [[pdf]](https://arxiv.org/pdf/1512.10041.pdf)\n'
    [raw] = raws(text)
    assert (raw["title"], raw["authors"], raw["date"]) == ("Deep residual kites", "Roe, Ben, et al", "2015")


def test_contents_code_and_comments_are_no_papers_and_what_names_none_is_told_by_line() -> None:
    text = (
        "- [Surveys](#surveys)\n\n```\n- [Not This](https://arxiv.org/abs/2401.10051)\n```\n"
        "<!-- - [Nor This](https://arxiv.org/abs/2401.10052) -->\n- Be kind to each other\n"
        "- [But This](https://arxiv.org/abs/2401.10053)\n"
    )
    listing = read(text)
    assert [entry.raw["title"] for entry in listing.entries] == ["But This"]
    assert listing.unread == (7,)


def test_an_item_without_links_above_papers_is_their_topic() -> None:
    text = (
        "- Balloons\n  - [Hot Air](https://arxiv.org/abs/2401.10061)\n  - [Helium](https://arxiv.org/abs/2401.10062)\n"
    )
    assert [(entry.raw["title"], entry.heading) for entry in read(text).entries] == [
        ("Hot Air", "Balloons"),
        ("Helium", "Balloons"),
    ]
