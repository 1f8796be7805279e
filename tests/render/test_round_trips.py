"""What goes in as BibTeX, CSL-JSON or RIS comes out again as the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.content.bibtex import read_bibtex
from sitegen.content.record import paper_from
from sitegen.model import Paper
from sitegen.render.citations import bibliography
from sitegen.text.markdown import plain_title

ENTRIES = """
@article{a1, title = {Folding}, author = {Poe, Ada and van Roe, Jr., Ben and others}, journal = {J. Boats},
  volume = {3}, number = {2}, pages = {10-1--10-5}, year = {2020}, month = may, doi = {10.1234/a}}
@inproceedings{c1, title = {Creases of $\\sqrt{n}$}, author = {Poe, Ada}, booktitle = {Proc. of Boats},
  editor = {Roe, Ben}, series = {Papers}, publisher = {Nobody}, pages = {1--9}, year = {2021}}
@phdthesis{t1, title = {A Thesis}, author = {Poe, Ada}, school = {Paper University}, year = {2019}}
@mastersthesis{t2, title = {A Smaller Thesis}, author = {Roe, Ben}, school = {Paper University}, year = {2018}}
@techreport{r1, title = {A Report}, author = {{Boat Institute}}, institution = {Boat Institute}, number = {TR-7},
  year = {2017}}
@book{b1, title = {A Book}, editor = {Poe, Ada and Roe, Ben}, publisher = {Nobody}, edition = {2},
  isbn = {978-3-16-148410-0}, year = {2016}}
@incollection{i1, title = {A Chapter}, author = {Poe, Ada}, booktitle = {A Book}, editor = {Roe, Ben},
  publisher = {Nobody}, pages = {5--8}, year = {2015}}
@inbook{i2, title = {Part of a Book}, author = {Poe, Ada}, booktitle = {A Book}, publisher = {Nobody}, year = {2014}}
@proceedings{p1, title = {Proc. of Boats}, editor = {Poe, Ada}, publisher = {Nobody}, year = {2013}}
@dataset{d1, title = {Boats, Measured}, author = {Poe, Ada}, publisher = {Data House}, year = {2012}}
@software{s1, title = {Boatmaker}, author = {Poe, Ada}, year = {2011}}
@unpublished{u1, title = {A Draft}, author = {Poe, Ada}, note = {Never printed}, year = {2010}}
@misc{m1, title = {Something}, author = {Poe, Ada}, eprint = {2001.00001}, archiveprefix = {arXiv}, year = {2020}}
"""
COMPARED = (
    "title authors more_authors editors type date venue volume issue pages publisher edition isbn number series note "
    "citation_key arxiv doi collaboration"
).split()


def papers_in(bibtex: str) -> list[Paper]:
    read = read_bibtex(bibtex, "made.bib")
    papers = [paper_from(fields, "made.bib")[0] for fields, _ in read.records]
    assert all(papers) and not [problem for problem in read.problems if problem.severity == "error"]
    return [paper for paper in papers if paper]


def types_in(bibtex: str) -> dict[str, str]:
    return dict(reversed(line[1:].rstrip(",").split("{")) for line in bibtex.splitlines() if line.startswith("@"))


@pytest.mark.parametrize("key", [*types_in(ENTRIES.replace(", title", ",\n title"))])
def test_a_bibtex_entry_comes_out_as_what_it_went_in(key: str) -> None:
    entry = next("@" + part for part in ENTRIES.split("\n@") if part.partition("{")[2].startswith(f"{key},"))
    (first,) = papers_in(entry)
    made = bibliography([first], "bibtex")
    (second,) = papers_in(made)
    assert types_in(made)[key] == entry[1:].partition("{")[0]
    for name in COMPARED:
        assert getattr(second, name) == getattr(first, name), made


NAMES = st.sampled_from(["Ada Poe", "Ben van Roe", "Martin King Jr.", "李明", "Zoë Ünal", "C. D. Doe"])
TEXTS = st.text("abc XYZ éß&%#_~^{}$-,:", min_size=1, max_size=20).map(lambda text: f"T {text.strip()} t")
# Of these fields pages show no mathematics, so two dollars mean nothing in them.
NOTES = TEXTS.filter(lambda text: "$" not in text)
RECORDS = st.fixed_dictionaries(
    {"title": TEXTS, "authors": st.lists(NAMES, min_size=1, max_size=3, unique=True), "id": st.just("x")},
    optional={
        "type": st.sampled_from("article-journal paper-conference book chapter thesis report dataset software".split()),
        "date": st.sampled_from(["2020", "2020-05", "1999-12"]),
        "publisher": NOTES,
        "volume": st.sampled_from(["1", "IV"]),
        "pages": st.sampled_from(["1–9", "10-1–10-5", "7"]),
        "series": NOTES,
        "doi": st.just("10.1234/ab_c"),
        "arxiv": st.just("2001.00001"),
        "note": NOTES,
    },
)


@example({"title": "T -- ``q'' t", "authors": ["Ada Poe"], "id": "x"})
@example({"title": "T ${$ t", "authors": ["Ada Poe"], "id": "x"})
@given(RECORDS)
@examples(150)
def test_generated_records_come_back_from_bibtex(record: dict[str, Any]) -> None:
    first, _ = paper_from(record, "a.md")
    assert first
    (second,) = papers_in(bibliography([first], "bibtex"))
    for name in ("title", "authors", "volume", "pages", "publisher", "series", "note", "doi", "arxiv"):
        mine, theirs = getattr(first, name), getattr(second, name)
        if name == "authors":
            mine, theirs = [person.name for person in mine], [person.name for person in theirs]
        if name == "title":
            # Dollars that are no formula's may come back with the backslash that says so.
            assert plain_title(theirs) == plain_title(mine), bibliography([first], "bibtex")
            mine, theirs = mine.replace("\\$", "$"), theirs.replace("\\$", "$")
        assert theirs == mine, bibliography([first], "bibtex")
    # An article of no journal that is on arXiv is read as the preprint that it is.
    assert second.type == first.type or not first.type or (first.type == "article-journal" and first.arxiv)


@given(RECORDS)
@examples(100)
def test_csl_json_says_every_field(record: dict[str, Any]) -> None:
    first, _ = paper_from(record, "a.md")
    assert first
    (row,) = json.loads(bibliography([first], "csl"))
    assert row["type"] == first.type or not first.type
    assert len(row["author"]) == len(first.authors)
    said = {"volume": "volume", "page": "pages", "publisher": "publisher", "collection-title": "series", "note": "note"}
    for variable, name in said.items():
        assert row.get(variable, "") in (getattr(first, name) or "", "arXiv")
    if first.date:
        parts = [number for number in (first.date.year, first.date.month, first.date.day) if number]
        assert row["issued"] == {"date-parts": [parts]}
