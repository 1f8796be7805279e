"""Records that a writer of each format wrote come back equal."""

from __future__ import annotations

import csv
import io
import json

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from sitegen.content.record import paper_from
from sitegen.importers.formats import FORMATS
from sitegen.importers.tables import citation_authors
from sitegen.model import Paper


def papers(text: str, format_name: str) -> list[Paper]:
    found = []
    for entry in FORMATS[format_name].read(text, "source", None).entries:
        paper, problems = paper_from(entry.raw, "source", line=entry.line)
        assert paper is not None, problems
        found.append(paper)
    return found


words = st.text("abcdefgh ", min_size=1, max_size=30).map(str.strip).filter(bool)
records = st.fixed_dictionaries(
    {
        "title": words,
        "authors": st.lists(st.sampled_from(["Ada Poe", "Ben Roe", "Cy Coe"]), unique=True),
        "venue": words,
        "volume": st.integers(1, 99).map(str),
        "date": st.sampled_from(["2020", "2020-05", "2020-05-17"]),
    }
)


@examples(100)
@given(st.lists(records, min_size=1, max_size=5))
def test_what_was_written_as_ris_comes_back(written: list[dict[str, object]]) -> None:
    text = ""
    for record in written:
        text += f"TY  - JOUR\r\nTI  - {record['title']}\r\nT2  - {record['venue']}\r\nVL  - {record['volume']}\r\n"
        text += f"DA  - {str(record['date']).replace('-', '/')}/\r\n"
        for name in record["authors"]:  # type: ignore[attr-defined]
            given_name, family = name.split()
            text += f"AU  - {family}, {given_name}\r\n"
        text += "ER  - \r\n\r\n"
    read = papers(text.replace("\r\n", "\n"), "ris")
    assert [
        {
            "title": paper.title,
            "authors": [person.name for person in paper.authors],
            "venue": paper.venue,
            "volume": paper.volume,
            "date": str(paper.date),
        }
        for paper in read
    ] == [
        record | {"title": " ".join(str(record["title"]).split()), "venue": " ".join(str(record["venue"]).split())}
        for record in written
    ]


names = st.sampled_from(["Poe", "Roe", "Coe", "Wu"])
dates = st.one_of(
    st.tuples(st.integers(1900, 2030)),
    st.tuples(st.integers(1900, 2030), st.integers(1, 12)),
    st.tuples(st.integers(1900, 2030), st.integers(1, 12), st.integers(1, 28)),
)


@examples(100)
@given(
    st.lists(names, max_size=3, unique=True), dates, st.sampled_from(["book", "thesis", "paper-conference", "chapter"])
)
def test_people_dates_and_types_come_back(families: list[str], parts: tuple[int, ...], kind: str) -> None:
    authors = [{"family": family, "given": "Ada"} for family in families]
    item = {"id": "a1", "title": "Keels", "type": kind, "author": authors, "issued": {"date-parts": [list(parts)]}}
    (paper,) = papers(json.dumps([item]), "csl-json")
    assert [person.family for person in paper.authors] == families
    assert (paper.type, str(paper.date)) == (kind, "-".join(f"{part:02}" for part in parts))


text_cells = st.text('abc ,"\n;', min_size=1, max_size=20).filter(lambda cell: any(sign in "abc" for sign in cell))


@examples(100)
@given(st.lists(text_cells, min_size=1, max_size=6))
def test_titles_come_back_whatever_signs_they_hold(titles: list[str]) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["title", "venue"])
    writer.writerows([title, "Boat Days"] for title in titles)
    assert [paper.title for paper in papers(buffer.getvalue(), "csv")] == [" ".join(title.split()) for title in titles]


@pytest.mark.parametrize(
    ("citation", "names"),
    [
        ('A. Poe, <b>B. Roe</b>. (2024). "Moorings."', "A. Poe; B. Roe"),
        ("Poe, A., & Roe, B. (2017). Moorings.", "Poe, A.; Roe, B."),
        ("A. Poe and B. B. Roe (2017)", "A. Poe; B. B. Roe"),
    ],
)
def test_the_authors_of_a_citation_in_words_are_told_apart(citation: str, names: str) -> None:
    assert citation_authors(citation) == names
