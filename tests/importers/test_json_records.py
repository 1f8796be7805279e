from __future__ import annotations

import json

import pytest

from sitegen.importers.json_records import read_json
from sitegen.importers.listing import Listing


def read(text: str) -> Listing:
    return read_json(text, "list.json", None)


def told(listing: Listing) -> list[str]:
    return [str(problem) for problem in listing.problems]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('{"title": "One"}\n\n{"title": "Two"}\n', [1, 3]),
        ('[{"title": "One"}, {"title": "Two"}]', [1, 1]),
        ('[\n  {"title": "One"},\n  {\n    "title": "Two"\n  }\n]\n', [2, 3]),
        ('{"about": "[",\n "papers": [\n  {"title": "One"},\n  {"title": "Two"}]}', [3, 4]),
    ],
)
def test_lines_arrays_and_an_object_with_papers_are_all_read(text: str, lines: list[int]) -> None:
    listing = read(text)
    assert [entry.raw["title"] for entry in listing.entries] == ["One", "Two"]
    assert [entry.line for entry in listing.entries] == lines
    assert listing.problems == ()


def test_one_object_is_one_paper() -> None:
    assert [entry.raw for entry in read('{"title": "One"}').entries] == [{"title": "One"}]


def test_usual_names_are_put_in_their_place_and_the_rest_is_kept() -> None:
    (entry,) = read(
        json.dumps(
            {
                "title": "Folding",
                "summary": "We fold.",
                "journal": "Paper Days",
                "keywords": ["wind"],
                "year": "2023",
                "pages": "1-9",
                "url": "https://arxiv.org/abs/2401.00001v2",
                "pdf": "https://example.org/p.pdf",
                "links": {"code": "https://example.org/code"},
                "extra": {"shelf": 3},
            }
        )
    ).entries
    assert entry.raw == {
        "title": "Folding",
        "abstract": "We fold.",
        "venue": "Paper Days",
        "tags": ["wind"],
        "arxiv": "2401.00001v2",
        "date": "2023",
        "pages": "1-9",
        "links": {"code": "https://example.org/code", "pdf": "https://example.org/p.pdf"},
        "extra": {"shelf": 3},
    }


def test_the_record_s_own_name_goes_before_a_synonym() -> None:
    (entry,) = read('{"title": "Folding", "abstract": "Own.", "summary": "Other."}').entries
    assert entry.raw == {"title": "Folding", "abstract": "Own.", "extra": {"summary": "Other."}}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"year": 2023}, {"date": "2023"}),
        ({"year": 2023.0, "month": "May"}, {"date": "May 2023"}),
        ({"date": "2023-05"}, {"date": "2023-05"}),
        ({"date": 20230504}, {"date": "20230504"}),
        ({"date": "2023-05-04", "year": 2023}, {"date": "2023-05-04"}),
        ({"published": "2023-05-04T10:00:00Z"}, {"date": "2023-05-04T10:00:00Z"}),
    ],
)
def test_a_year_alone_is_a_date_and_makes_no_day_up(record: dict[str, object], expected: dict[str, object]) -> None:
    (entry,) = read(json.dumps({"title": "Folding"} | record)).entries
    assert entry.raw == {"title": "Folding"} | expected


def test_a_number_of_votes_is_read_as_people_write_it_or_told() -> None:
    listing = read('[{"title": "A", "upvotes": "1.2k"}, {"title": "B", "upvotes": "many"}]')
    assert [entry.raw.get("upvotes") for entry in listing.entries] == [1200, None]
    assert told(listing) == ["list.json:1: upvotes: not a number and is left out: 'many'"]


def test_nan_in_json_lines_is_counted_once() -> None:
    listing = read('{"title": "Buoys", "year": NaN}\n{"title": "Bells"}\n')
    assert len(listing.entries) == 2
    assert told(listing) == ["list.json: NaN is no value in JSON and is read as null (1 times)"]


def test_nan_is_no_value_and_costs_no_paper() -> None:
    listing = read('[{"title": "Buoys", "year": NaN, "venue": "BOAT"}, {"title": "Bells", "venue": NaN}]')
    assert [entry.raw for entry in listing.entries] == [{"title": "Buoys", "venue": "BOAT"}, {"title": "Bells"}]
    assert told(listing) == ["list.json: NaN is no value in JSON and is read as null (2 times)"]


def test_values_that_are_no_objects_are_told_and_cost_nothing() -> None:
    listing = read('[null, 1, "s",\n {"title": "ok"}, []]')
    assert [entry.raw for entry in listing.entries] == [{"title": "ok"}]
    assert told(listing) == [
        "list.json:1: expected an object, found null (one object per paper)",
        "list.json:1: expected an object, found a number or a truth value (one object per paper)",
        "list.json:1: expected an object, found text (one object per paper)",
        "list.json:2: expected an object, found a list (one object per paper)",
    ]


def test_a_key_that_changes_objects_in_scripts_is_left_out() -> None:
    listing = read('[{"title": "Folding", "__proto__": {"polluted": 1}}]')
    assert listing.entries[0].raw == {"title": "Folding"}
    assert told(listing) == ["list.json:1: __proto__: is left out"]


@pytest.mark.parametrize(
    "text",
    ['[{"title": "x"},]', "null", "[" * 100_000, '[{"title": "x", "year": ' + "9" * 5000 + "}]", "{"],
)
def test_what_is_not_json_is_refused_in_one_line(text: str) -> None:
    listing = read(text)
    assert listing.entries == ()
    assert len(listing.problems) == 1
    assert "\n" not in told(listing)[0]


def test_a_broken_line_among_lines_costs_only_itself() -> None:
    listing = read('{"title": "One"}\n{"title": \n{"title": "Two"}\n')
    assert [entry.raw["title"] for entry in listing.entries] == ["One", "Two"]
    assert [problem.line for problem in listing.problems] == [2]


def test_a_key_that_is_given_twice_is_told() -> None:
    listing = read('{"title": "a", "title": "b"}')
    assert listing.entries[0].raw == {"title": "b"}
    assert told(listing) == ["list.json:1: title: is given twice; the last one counts"]
