from __future__ import annotations

import json
from typing import Any

import pytest

from sitegen.importers.json_records import read_json


def raw(answer: Any) -> dict[str, Any]:
    [entry] = read_json(json.dumps(answer), "answer.json", None).entries
    return entry.raw


def test_hugging_face_s_daily_papers() -> None:
    paper = {
        "id": "2401.10042",
        "title": "Harbours\n of Kites",
        "summary": "We rest.",
        "authors": [{"name": "Ada Poe", "hidden": False}, {"name": "Ben Roe", "hidden": True}],
        "publishedAt": "2024-01-07T18:59:00.000Z",
        "submittedOnDailyAt": "2024-01-09T02:11:00.000Z",
        "upvotes": 12,
        "ai_keywords": ["harbours"],
        "githubRepo": "https://github.com/example/h",
    }
    assert raw([{"paper": paper, "title": "Harbours", "numComments": 1}]) == {
        "id": "2401.10042",
        "title": "Harbours of Kites",
        "arxiv": "2401.10042",
        "authors": ["Ada Poe"],
        "abstract": "We rest.",
        "date": "2024-01-07",
        "featured_on": ["2024-01-09"],
        "upvotes": 12,
        "tags": ["harbours"],
        "links": {"code": "https://github.com/example/h"},
    }


def test_openalex_tells_abstracts_by_the_places_of_their_words() -> None:
    work = {
        "id": "https://openalex.org/W1",
        "doi": "https://doi.org/10.1000/kite.3",
        "title": "Lighthouses",
        "publication_date": "2022-02-03",
        "type": "article",
        "authorships": [
            {
                "author": {"display_name": "Ada Poe", "orcid": "https://orcid.org/0000-0002-1825-0097"},
                "institutions": [{"display_name": "Kite Univ."}],
            }
        ],
        "primary_location": {"pdf_url": "https://example.org/l.pdf", "source": {"display_name": "Journal of Kites"}},
        "biblio": {"volume": "4", "issue": "1", "first_page": "5", "last_page": "9"},
        "abstract_inverted_index": {"We": [0, 2], "shine.": [1, 3]},
    }
    found = raw({"meta": {"count": 1}, "results": [work]})
    assert found["abstract"] == "We shine. We shine."
    assert found["authors"] == [{"name": "Ada Poe", "orcid": "0000-0002-1825-0097", "affiliation": "Kite Univ."}]
    assert (found["doi"], found["type"], found["pages"]) == ("10.1000/kite.3", "article-journal", "5-9")
    assert found["links"]["pdf"] == "https://example.org/l.pdf"


def test_crossref_s_lists_of_one_are_what_they_hold() -> None:
    work = {
        "DOI": "10.1000/KITE.4",
        "type": "proceedings-article",
        "title": ["Kites"],
        "subtitle": ["A Survey"],
        "container-title": ["Proc. Kites"],
        "author": [{"given": "Ada", "family": "Poe", "affiliation": [{"name": "Kite Univ."}]}],
        "published-online": {"date-parts": [[2021, 3]]},
        "page": "1-9",
    }
    found = raw({"status": "ok", "message": {"items": [work]}})
    assert found["title"] == "Kites: A Survey"
    assert found["authors"] == [{"name": "Ada Poe", "family": "Poe", "given": "Ada", "affiliation": "Kite Univ."}]
    assert (found["date"], found["venue"], found["type"]) == ("2021-03", "Proc. Kites", "paper-conference")


def test_semantic_scholar_s_identifiers() -> None:
    paper = {
        "paperId": "abc",
        "externalIds": {"ArXiv": "2401.10050", "DOI": "10.1000/kite.5"},
        "title": "Kites",
        "abstract": None,
        "tldr": {"text": "Short."},
        "year": 2024,
        "authors": [{"authorId": "1", "name": "Ada Poe"}],
        "venue": "arXiv.org",
    }
    found = raw({"total": 1, "data": [paper]})
    assert (found["arxiv"], found["doi"], found["date"]) == ("2401.10050", "10.1000/kite.5", "2024")
    assert (found["abstract"], found["authors"]) == ("Short.", ["Ada Poe"])
    assert "venue" not in found


def test_openreview_wraps_every_value() -> None:
    note = {
        "id": "aBcD",
        "forum": "aBcD",
        "cdate": 1704585600000,
        "content": {
            "title": {"value": "Ropes"},
            "authors": {"value": ["Ada Poe", "Ben Roe"]},
            "keywords": {"value": ["ropes"]},
            "venue": {"value": "KITE 2024 poster"},
            "pdf": {"value": "/pdf/x.pdf"},
        },
    }
    found = raw({"notes": [note]})
    assert (found["venue"], found["date"]) == ("KITE", "2024-01-07")
    assert found["links"] == {
        "pdf": "https://openreview.net/pdf/x.pdf",
        "project": "https://openreview.net/forum?id=aBcD",
    }


def test_arxiv_s_snapshot_parses_its_authors_and_dates_by_the_first_version() -> None:
    record = {
        "id": "0704.10012",
        "submitter": "A. Poe",
        "authors": "A. Po\\'e",
        "authors_parsed": [["Poé", "A.", ""], ["Coe", "C.", "Jr.", "Kite Inst."]],
        "title": "Kites and\n  waves",
        "categories": "cs.LG stat.ML",
        "abstract": "  We wave.\n",
        "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}, {"version": "v2", "created": "x"}],
        "update_date": "2008-11-26",
    }
    found = raw(record)
    assert found["title"] == "Kites and waves"
    assert found["authors"][1] == {
        "name": "C. Coe Jr.",
        "family": "Coe",
        "given": "C.",
        "suffix": "Jr.",
        "affiliation": "Kite Inst.",
    }
    assert (found["date"], found["updated"]) == ("2007-04-02", "2008-11-26")
    assert found["extra"]["categories"] == ["cs.LG", "stat.ML"]


@pytest.mark.parametrize(
    "record",
    [
        {"paper": {"id": "2401.00042", "title": "Keels", "authors": [], "upvotes": 1}},
        {"title": "Keels", "authorships": [], "abstract_inverted_index": {"We": [0]}, "biblio": {}, "concepts": []},
        {"title": ["Keels"], "DOI": "10.1000/b", "author": [], "issued": {}, "update-to": []},
        {"paperId": "abc", "title": "Keels", "externalIds": {}, "authors": [], "journal": {}, "openAccessPdf": {}},
        {"id": "aBcD", "content": {"title": {"value": "Keels"}, "authors": {"value": []}}, "cdate": 1},
        {"id": "2401.00042", "title": "Keels", "authors_parsed": [], "versions": [], "categories": "cs.IR"},
    ],
)
def test_a_record_of_an_odd_shape_never_ends_an_import(record: dict[str, Any]) -> None:
    for key in record:
        for odd in (None, 3, "x", [], {}, [[]], {"a": None}, [None]):
            read_json(json.dumps([record | {key: odd}]), "answer.json", None)
