from __future__ import annotations

import datetime
from typing import Any

import pytest

from sitegen.content.files import decode
from sitegen.importers.daily_papers import read_daily_papers
from sitegen.importers.listing import Listing

HEAD = """new

Get trending papers in your email inbox!

Subscribe

Daily Papers

byAK and the research community

Oct 29

"""
FOLDS = "We fold very large sheets of paper and count how often they tear. Most tear at the seventh fold, some earlier."
SAILS = "A sail that knows the wind is a better sail. We build one from a kitchen towel and race it against a duck."
KNOTS = "Every knot in this paper was tied by hand. We prove that the last one cannot be untied by anybody."


def read(text: str, captured: datetime.date | None = None) -> Listing:
    return read_daily_papers(text, "list.txt", captured)


def raws(listing: Listing) -> list[dict[str, Any]]:
    return [entry.raw for entry in listing.entries]


def titles(listing: Listing) -> list[str]:
    return [raw["title"] for raw in raws(listing)]


def test_blocks_apart_by_blank_lines_with_authors_date_and_votes() -> None:
    listing = read(
        HEAD
        + f"Folding Sheets\n\n{FOLDS}\n\n  • 5 authors\n·\nSep 11 4\n\n"
        + f"Smart Sails\n\n{SAILS}\n\n  • 1 author\n·\nDec 16, 2022\n",
        datetime.date(2025, 10, 29),
    )
    assert raws(listing) == [
        {
            "title": "Folding Sheets",
            "abstract": FOLDS,
            "author_count": 5,
            "date": "2025-09-11",
            "upvotes": 4,
            "featured_on": ["2025-10-29"],
        },
        {
            "title": "Smart Sails",
            "abstract": SAILS,
            "author_count": 1,
            "date": "2022-12-16",
            "featured_on": ["2025-10-29"],
        },
    ]
    assert listing.problems == ()
    assert [entry.line for entry in listing.entries] == [13, 21]


def test_one_line_each_without_blank_lines_and_with_a_glued_head() -> None:
    listing = read(
        "Get trending papers in your email inbox once a day!\nGet trending papers in your email inbox!\n"
        f"SubscribeFrom Sheets to Swans\n{FOLDS}\nSmart Sails\n{SAILS}\nThe Last Knot\n{KNOTS}"
    )
    assert titles(listing) == ["From Sheets to Swans", "Smart Sails", "The Last Knot"]
    assert [raw["abstract"] for raw in raws(listing)] == [FOLDS, SAILS, KNOTS]
    assert listing.captured is None


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("SubscribeFrom Sheets", "From Sheets"),
        ("Subscribeμ-Folding", "μ-Folding"),
        ("Subscribe3D Paper", "3D Paper"),
        ("Subscribe to Origami: A Study", "Subscribe to Origami: A Study"),
        ("Subscribers Churn in Spring", "Subscribers Churn in Spring"),
        ("Daily PapersbyAK and the research communityOct 29", None),
        ("Newton Folds", "Newton Folds"),
    ],
)
def test_only_what_is_glued_is_cut_off(line: str, title: str | None) -> None:
    listing = read(f"Get trending papers in your email inbox!\n{line}\n{'' if title else 'Folding'}\n{FOLDS}")
    assert titles(listing) == [title or "Folding"]


def test_a_head_without_blank_lines_gives_the_day_and_no_paper() -> None:
    listing = read(f"new\nSubscribe\nDaily Papers\nbyAK and the research community\nMar 12, 2024\nFolding\n{FOLDS}\n")
    assert titles(listing) == ["Folding"]
    assert listing.captured == datetime.date(2024, 3, 12)


@pytest.mark.parametrize(
    "below",
    [
        "  • 5 authors\n·\nSep 11 4",
        "5 authors\n\n·\n\nSep 11 4",
        "• 5 authors · Sep 11 4",
        "\t• 5 authors\t\n·\nSep 11\t4",
        "5 authors\nSep 11 4",
    ],
)
def test_the_lines_below_an_abstract_may_be_spread_in_any_way(below: str) -> None:
    (raw,) = raws(read(f"Folding\n\n{FOLDS}\n\n{below}\n", datetime.date(2025, 10, 29)))
    assert (raw["author_count"], raw["date"], raw["upvotes"]) == (5, "2025-09-11", 4)


@pytest.mark.parametrize("below", ["examplelab Example Lab\n·\nOct 14 2", "examplelab Example Lab · Oct 14 2"])
def test_an_organisation_may_stand_in_place_of_the_author_count(below: str) -> None:
    listing = read(f"{HEAD}Folding\n\n{FOLDS}\n\n{below}\n\nSails\n\n{SAILS}\n", datetime.date(2025, 10, 29))
    first, second = raws(listing)
    assert first["extra"] == {"organization": "Example Lab"}
    assert (first["date"], first["upvotes"]) == ("2025-10-14", 2)
    assert "author_count" not in first
    assert second["title"] == "Sails"


def test_an_organisation_without_an_account_name_stays_whole() -> None:
    (raw,) = raws(read(f"Folding\n\n{FOLDS}\n\nInstitute of Paper\n·\nOct 14, 2020\n"))
    assert raw["extra"] == {"organization": "Institute of Paper"}


def test_entries_with_and_without_lines_below_may_alternate() -> None:
    listing = read(f"{HEAD}A Fold\n\n{FOLDS}\n\nA Sail\n\n{SAILS}\n\n  • 2 authors\n·\nMay 4\n\nA Knot\n\n{KNOTS}")
    assert titles(listing) == ["A Fold", "A Sail", "A Knot"]
    assert ["author_count" in raw for raw in raws(listing)] == [False, True, False]


def test_titles_alone_are_papers_too_and_are_told() -> None:
    listing = read("Title only\n\n\n\nNext title")
    assert titles(listing) == ["Title only", "Next title"]
    assert listing.notes == ("titles without an abstract: 2 (line 1, 5)",)


def test_an_abstract_in_paragraphs_or_wrapped_lines_is_one_abstract() -> None:
    long = " ".join([FOLDS] * 4)
    paragraphs = read(f"Folding\n\n{long}\n\n{long}\n\nSails\n\n{SAILS}\n")
    assert [raw["abstract"] for raw in raws(paragraphs)] == [f"{long}\n\n{long}", SAILS]
    wrapped = read("Folding\n\nWe fold very large sheets of paper and count how often\nthey tear before lunch.\n")
    assert [raw["abstract"] for raw in raws(wrapped)] == [
        "We fold very large sheets of paper and count how often they tear before lunch."
    ]


def test_several_pages_in_one_text_keep_their_own_days() -> None:
    second = HEAD.replace("Oct 29", "Oct 30")
    listing = read(f"{HEAD}A Fold\n\n{FOLDS}\n\n{second}A Sail\n\n{SAILS}\n", datetime.date(2025, 11, 2))
    assert [raw["featured_on"] for raw in raws(listing)] == [["2025-10-29"], ["2025-10-30"]]


def test_math_and_half_broken_math_stay_as_they_are() -> None:
    title = "Rates of Oleft(k^{-3} right) for $4$-Folds in $(P_t,C_3)$-free Paper"
    abstract = "We need O(varepsilon^{-s}d^s) folds for 0<delta<1, with W_V and 100\\% of the paper, and p_{gen} > 0."
    (raw,) = raws(read(f"{title}\n\n{abstract}\n"))
    assert raw == {"title": title, "abstract": abstract}


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_change_nothing(end: str, mark: bytes) -> None:
    plain = f"{HEAD}A Fold\n\n{FOLDS}\n\n  • 2 authors\n·\nMay 4, 2020\n"
    text = decode(mark + plain.replace("\n", end).encode(), "list.txt")
    assert isinstance(text, str)
    assert read(text) == read(plain)


def test_lines_that_are_not_understood_are_told_by_number_and_cost_nothing() -> None:
    listing = read(f"A Fold\n\n{FOLDS}\n\n  • 2 authors\n·\nMay 4, 2020\n17\nMay 5, 2020\n\nA Sail\n\n{SAILS}\n")
    assert titles(listing) == ["A Fold", "A Sail"]
    assert [str(problem) for problem in listing.problems] == [
        "list.txt:8: not understood: '17'",
        "list.txt:9: not understood: 'May 5, 2020'",
    ]


def test_a_day_that_no_calendar_has_is_told_and_the_paper_stays() -> None:
    listing = read(f"A Fold\n\n{FOLDS}\n\n2 authors\n·\nFeb 30, 2020\n")
    assert "date" not in raws(listing)[0]
    assert [str(problem) for problem in listing.problems] == ["list.txt:7: no such day in any calendar"]


def test_the_year_is_inferred_from_the_newest_printed_one_and_said() -> None:
    body = f"A Fold\n\n{FOLDS}\n\n2 authors\n·\nApr 4, 2023\n\nA Sail\n\n{SAILS}\n\n3 authors\n·\nSep 11\n"
    listing = read(HEAD + body)
    # A page leaves out only the year in which it is shown, so the year is the one after the newest printed.
    assert raws(listing)[1]["date"] == "2024-09-11"
    assert listing.captured == datetime.date(2024, 10, 29)
    assert listing.notes == (
        "dates without a year: 2024 inferred (say when the page was copied: --captured 2025-10-29)",
    )


def test_without_any_year_days_stay_unknown_and_that_is_said() -> None:
    listing = read(f"{HEAD}A Fold\n\n{FOLDS}\n")
    assert "featured_on" not in raws(listing)[0]
    assert listing.notes == ("dates without a year are left out (say when the page was copied: --captured 2025-10-29)",)


def test_a_number_is_a_title_only_where_an_abstract_wants_one() -> None:
    long = f"{FOLDS} {FOLDS}"
    listing = read(f"A Fold\n\n{long}\n\n1984\n\n{long}\n\n2 authors\n·\nMay 4, 2020\n17\n\nA Sail\n\n{long}\n")
    assert titles(listing) == ["A Fold", "1984", "A Sail"]
    assert [problem.line for problem in listing.problems] == [12]


def test_a_page_s_own_date_that_no_calendar_has_is_told_by_its_line() -> None:
    listing = read(f"Daily Papers\n\nFeb 30\n\nA Fold\n\n{FOLDS}\n", datetime.date(2025, 10, 29))
    assert "featured_on" not in raws(listing)[0]
    assert [str(problem) for problem in listing.problems] == ["list.txt:3: no such day in any calendar"]


@pytest.mark.parametrize("text", ["=cmd|'/C calc'!A0", "http://x.invalid/a.pdf javascript:window.x=1", "\r\r\rold"])
def test_strange_text_is_a_title_like_any_other(text: str) -> None:
    decoded = decode(text.encode(), "list.txt")
    assert isinstance(decoded, str)
    assert titles(read(decoded)) == [text.strip()]


def test_nothing_gives_no_paper() -> None:
    assert read("").entries == ()
    assert read("\n \n\t\n").entries == ()
    assert read(HEAD).entries == ()
