from __future__ import annotations

import json

import msgspec

from sitegen.errors import Problem
from sitegen.importers.report import ImportReport, Kept, ReassignReport, SourceReport

REPORT = ImportReport(
    sources=(
        SourceReport(source="a.txt", listing="a", entries=4, new=2, merged=1, unchanged=1, notes=("a note",)),
        SourceReport(source="b.txt", listing="b", entries=2, new=1, failed=1),
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
        "a.txt: 4 entries: 2 new, 1 merged, 1 unchanged",
        "a.txt: a note",
        "b.txt: 2 entries: 1 new, 0 merged, 0 unchanged, 1 failed",
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
        "entries": 2,
        "new": 1,
        "merged": 0,
        "unchanged": 0,
        "failed": 1,
        "notes": [],
    }
    assert data["kept"] == [{"record": "content/papers/y.md", "fields": ["abstract", "date"]}]
