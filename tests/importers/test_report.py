from __future__ import annotations

import json

import msgspec

from sitegen.errors import Problem
from sitegen.importers.report import ImportReport, Kept, ReassignReport, SourceReport

REPORT = ImportReport(
    sources=(
        SourceReport(
            source="a.txt",
            listing="a",
            format="ris",
            entries=4,
            new=2,
            merged=1,
            unchanged=1,
            with_authors=4,
            with_date=3,
            with_link=1,
            unused={"C1": 3, "M3": 1},
            unread=(4, 9),
            notes=("a note",),
        ),
        SourceReport(source="b.txt", listing="b", format="csv", entries=2, new=1, failed=1),
    ),
    papers=4,
    written=("content/papers/x.md",),
    kept=(Kept("content/papers/y.md", ("abstract", "date")),),
    elsewhere=("content/papers/z.bib",),
    problems=(Problem(source="a.txt", line=7, message="not understood: '7'", severity="warning"),),
)


def test_a_person_reads_problems_first_and_the_sum_last() -> None:
    assert REPORT.lines() == [
        "a.txt:7: not understood: '7'",
        "a.txt: ris, 4 entries: 2 new, 1 merged, 1 unchanged",
        "a.txt: of 4 papers 4 have authors, 3 a date, 0 an abstract, 1 a link",
        "a.txt: fields not used: C1 (3), M3 (1)",
        "a.txt: lines that name no paper: 4, 9",
        "a.txt: a note",
        "b.txt: csv, 2 entries: 1 new, 0 merged, 0 unchanged, 1 failed",
        "b.txt: of 1 paper 0 have authors, 0 a date, 0 an abstract, 0 a link",
        "content/papers/y.md: edited by hand and kept: abstract, date",
        "content/papers/z.bib: known here, left as it is",
        "4 papers: 3 new, 1 merged, 1 unchanged; 1 file written",
    ]
    assert ReassignReport(papers=3, written=("x.md",)).lines() == ["3 imported papers: 1 assigned anew"]


def test_a_program_reads_the_same_as_an_object() -> None:
    data = json.loads(msgspec.json.encode(REPORT))
    assert data["sources"][1] == {
        "source": "b.txt",
        "listing": "b",
        "format": "csv",
        "entries": 2,
        "new": 1,
        "merged": 0,
        "unchanged": 0,
        "failed": 1,
        "with_authors": 0,
        "with_date": 0,
        "with_abstract": 0,
        "with_link": 0,
        "unused": {},
        "unread": [],
        "notes": [],
    }
    assert data["kept"] == [{"record": "content/papers/y.md", "fields": ["abstract", "date"]}]
