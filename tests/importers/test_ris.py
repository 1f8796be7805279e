from __future__ import annotations

from typing import Any

import pytest

from sitegen.importers.ris import date_of, looks_like_ris, read_ris

RECORD = """\ufeffTY  - JOUR
TI  - Keels
AU  - Poe, Ada
AU  - van der Berg, Jan
T2  - Journal of Kites
J2  - J. Kites
AB  - We keel
over and
over.
DA  - 2020/05/01/
PY  - 2020
DO  - 10.1000/kite.8
VL  - 3
IS  - 2
SP  - 1
EP  - 9
UR  - https://example.org/keels
L1  - C:/Users/x/keels.pdf
KW  - kites
KW  - keels
C7  - e12
ER  -
"""


def raws(text: str) -> list[dict[str, Any]]:
    return [entry.raw for entry in read_ris(text, "list.ris", None).entries]


def test_a_record_arrives_without_files_of_its_owner_s_machine() -> None:
    [entry] = read_ris(RECORD, "list.ris", None).entries
    assert entry.raw == {
        "title": "Keels",
        "abstract": "We keel over and over.",
        "venue": "Journal of Kites",
        "venue_short": "J. Kites",
        "date": "2020-05-01",
        "volume": "3",
        "issue": "2",
        "doi": "10.1000/kite.8",
        "type": "article-journal",
        "authors": ["Poe, Ada", "van der Berg, Jan"],
        "pages": "1-9",
        "tags": ["kites", "keels"],
        "links": {"project": "https://example.org/keels"},
    }
    assert (entry.line, entry.unused) == (1, ("C7",))


def test_records_need_neither_an_end_nor_a_blank_line_between_them() -> None:
    text = "TY  - CONF\nT1  - One\nTY  - THES\nTI  - Two\nER  -\nTY  - BOOK\nTI  - Three\nER  - "
    assert [(raw["title"], raw["type"]) for raw in raws(text)] == [
        ("One", "paper-conference"),
        ("Two", "thesis"),
        ("Three", "book"),
    ]


def test_a_line_outside_of_every_record_is_told() -> None:
    listing = read_ris("Exported today\nTY  - JOUR\nTI  - One\nER  - \nmore\n", "list.ris", None)
    assert [problem.line for problem in listing.problems] == [1, 5]
    assert len(listing.entries) == 1


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2020/05/01/", "2020-05-01"),
        ("2020///", "2020"),
        ("2020/05//undefined", "2020-05"),
        ("2020-05-01", "2020-05-01"),
        ("2020/5", "2020-05"),
    ],
)
def test_a_date_is_as_exact_as_it_is_known(written: str, date: str) -> None:
    assert date_of(written) == date


def test_a_date_in_words_takes_its_year_from_beside_it() -> None:
    assert date_of("SEP 12", "2019") == "SEP 12 2019"


def test_only_what_opens_with_a_record_looks_like_ris() -> None:
    assert looks_like_ris(RECORD.lstrip("\ufeff"))
    assert not looks_like_ris("A text about TY  - tags")
