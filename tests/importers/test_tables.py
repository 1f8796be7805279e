from __future__ import annotations

from typing import Any

import pytest

from sitegen.importers.tables import citation_authors, looks_like_table, read_table


def raws(text: str) -> list[dict[str, Any]]:
    return [entry.raw for entry in read_table(text, "list.csv", None).entries]


def test_a_zotero_export_arrives_without_files_and_private_notes() -> None:
    text = (
        '\ufeff"Key","Item Type","Publication Year","Author","Title","Publication Title","DOI","Url","Abstract Note",'
        '"Date","Pages","Notes","File Attachments","Manual Tags","Automatic Tags"\n'
        '"RLTX","conferencePaper","2020","Poe, Ada; Roe, Ben","Kite, Distilled","Kites 2020","10.1000/kite.11",'
        '"http://arxiv.org/abs/2003.10091","We distil.","2020-07","170-186","<p>mine</p>","/home/x/a.pdf","Unread",'
        '"Kites; Strings"\n'
    )
    assert raws(text) == [
        {
            "id": "RLTX",
            "type": "paper-conference",
            "authors": "Poe, Ada; Roe, Ben",
            "title": "Kite, Distilled",
            "venue": "Kites 2020",
            "doi": "10.1000/kite.11",
            "arxiv": "2003.10091",
            "abstract": "We distil.",
            "date": "2020-07",
            "pages": "170-186",
            "tags": ["Unread", "Kites", "Strings"],
        }
    ]


def test_pubmed_s_names_are_family_names_and_initials() -> None:
    text = 'PMID,Title,Authors,Journal/Book,Publication Year,DOI\n1,Kites.,"Poe A, Roe BB.",J Kites,2021,10.1000/k.13\n'
    [raw] = raws(text)
    assert raw["authors"] == [
        {"name": "A. Poe", "family": "Poe", "given": "A."},
        {"name": "B. B. Roe", "family": "Roe", "given": "B. B."},
    ]
    assert (raw["id"], raw["date"], raw["venue"]) == ("pmid-1", "2021", "J Kites")


def test_scopus_full_names_count_before_initials_and_lose_their_numbers() -> None:
    text = (
        '"Authors","Author full names","Author(s) ID","Title","Year","Source title","Page start","Page end","EID"\n'
        '"Poe A.; Roe B.","Poe, Ada (123); Roe, Ben (456)","123; 456","Kites","2022","J. Kites","5","9","2-s2"\n'
    )
    [raw] = raws(text)
    assert raw["authors"] == "Poe, Ada; Roe, Ben"
    assert raw["pages"] == "5-9"


def test_a_conference_s_list_with_bars_between_names_and_lines_in_cells() -> None:
    [raw] = raws(
        'UID,title,authors,abstract,keywords\nB1,"Kites, Again",Ada Poe|Ben Roe,"We ""fly"",\nand fly.",kites|oars\n'
    )
    assert raw["authors"] == ["Ada Poe", "Ben Roe"]
    assert raw["abstract"].startswith('We "fly"')
    assert raw["tags"] == ["kites", "oars"]


def test_academicpages_write_days_as_americans_do_and_authors_in_a_citation() -> None:
    text = 'pub_date\ttitle\tvenue\tcitation\n5/1/17\tRepair\tJ. Kites\t"Poe, A., & Roe, B. (2017). Repair."\n'
    [raw] = raws(text)
    assert (raw["date"], raw["authors"]) == ("2017-05-01", "Poe, A.; Roe, B.")


def test_a_row_that_is_too_long_is_told_and_read() -> None:
    listing = read_table("title,year\nKites,2020,more\n", "list.csv", None)
    assert [problem.line for problem in listing.problems] == [2]
    assert listing.entries[0].raw == {"title": "Kites", "date": "2020"}


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("title,year\na,1\n", True), ("Title;Authors\n", True), ("name,size\n", False), ("A title, and a year\n", False)],
)
def test_a_table_is_known_by_its_headings(text: str, is_one: bool) -> None:
    assert looks_like_table(text) is is_one


def test_a_citation_without_people_names_nobody() -> None:
    assert citation_authors("2017 report (2017).") == ""
