"""Whatever the shape of a copied page: as many papers come out as went in, and nothing is lost of any."""

from __future__ import annotations

import datetime
import random

import msgspec
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from sitegen.importers.daily_papers import read_daily_papers
from sitegen.importers.dates import parse_date

CAPTURED = datetime.date(2025, 10, 29)
WORDS = (
    "paper fold Origami sail wind $O(n^2)$ knot GPT-4 über μ-law C++ rope sheet tear A* the of and with for (lite) "
    "O(varepsilon^{-s}d^s) 漢字 new Subscribe authors daily May 42"
).split()
CHANCE = random.Random(7)
TITLES = [
    f"{start} {' '.join(CHANCE.choices(WORDS, k=length))}{end}"
    for start in ("On", "Is", "42", "BERT:", "Über", "Subscribe")
    for length in (2, 5, 14)
    for end in ("", "?", "!", ": A Survey")
]
ABSTRACTS = [
    " ".join(f"We {' '.join(CHANCE.choices(WORDS, k=length))}." for _ in range(sentences))
    for length in (9, 16, 24)
    for sentences in (2, 3, 8)
    for _ in range(3)
]


class Invented(msgspec.Struct, frozen=True):
    title: str
    abstract: str
    authors: int | None
    organization: str | None
    date: datetime.date | None
    votes: int | None


class Shape(msgspec.Struct, frozen=True):
    head: str
    spaced: bool
    joined: bool
    bullet: str
    end: str


@st.composite
def invented(draw: st.DrawFn) -> Invented:
    date = draw(st.none() | st.dates(datetime.date(2015, 1, 1), CAPTURED))
    signature = draw(st.sampled_from(["authors", "organization", "nothing"])) if date else "nothing"
    return Invented(
        draw(st.sampled_from(TITLES)),
        draw(st.sampled_from(ABSTRACTS)),
        draw(st.integers(1, 3000)) if signature == "authors" else None,
        "Institute of Paper" if signature == "organization" else None,
        date,
        draw(st.none() | st.integers(0, 5000)) if date else None,
    )


papers = st.lists(invented(), max_size=6, unique_by=lambda paper: paper.title)
shapes = st.builds(
    Shape,
    head=st.sampled_from(["", "glued", "lines", "lines without a day"]),
    spaced=st.booleans(),
    joined=st.booleans(),
    bullet=st.sampled_from(["  • ", "", "• "]),
    end=st.sampled_from(["\n", "\n\n\n", ""]),
)


def printed(paper: Invented, shape: Shape) -> list[str]:
    """The lines of one paper as a page shows them."""
    lines = [paper.title, paper.abstract]
    if paper.date is None:
        return lines
    date = f"{paper.date:%b} {paper.date.day}"
    if paper.date.year != CAPTURED.year:
        date += f", {paper.date.year}"
    if paper.votes is not None:
        date += f" {paper.votes}"
    below = ["·", date]
    if paper.authors is not None:
        below.insert(0, f"{shape.bullet}{paper.authors} author{'s' if paper.authors > 1 else ''}")
    if paper.organization is not None:
        below.insert(0, paper.organization)
    return [*lines, " ".join(below)] if shape.joined and len(below) == 3 else [*lines, *below]


def page(papers: list[Invented], shape: Shape) -> str:
    gap = "\n\n" if shape.spaced else "\n"
    head = {
        "": [],
        "glued": ["Get trending papers in your email inbox once a day!", "Subscribe"],
        "lines": ["new", "Get trending papers in your email inbox!", "Subscribe", "Daily Papers", "Oct 29"],
        "lines without a day": ["new", "Subscribe", "byAK and the research community"],
    }[shape.head]
    text = gap.join([*head, *(gap.join(printed(paper, shape)) for paper in papers)])
    if shape.head == "glued" and papers:
        text = text.replace(f"Subscribe{gap}", "Subscribe", 1)
    return text + shape.end


@given(papers, shapes)
@examples(200)
def test_n_papers_in_n_papers_out(papers: list[Invented], shape: Shape) -> None:
    listing = read_daily_papers(page(papers, shape), "list.txt", CAPTURED)
    raws = [entry.raw for entry in listing.entries]
    assert [raw["title"] for raw in raws] == [paper.title for paper in papers]
    assert [raw["abstract"].replace("\\*", "*") for raw in raws] == [paper.abstract for paper in papers]
    assert [raw.get("date") for raw in raws] == [paper.date and paper.date.isoformat() for paper in papers]
    assert [raw.get("upvotes") for raw in raws] == [paper.votes for paper in papers]
    assert [raw.get("author_count") for raw in raws] == [paper.authors for paper in papers]
    assert [raw.get("extra", {}).get("organization") for raw in raws] == [paper.organization for paper in papers]
    assert listing.problems == ()


@given(
    st.text(max_size=400)
    | st.lists(st.sampled_from(["Fold", "·", "5 authors", "May 4", "", "new", "7", "x" * 400])).map("\n".join)
)
@examples(200)
def test_every_line_of_any_text_is_a_paper_s_or_is_told(text: str) -> None:
    listing = read_daily_papers(text, "list.txt", CAPTURED)
    kept = "\n".join(
        f"{entry.raw['title']} {entry.raw.get('abstract', '')} {entry.raw.get('extra', '')}"
        for entry in listing.entries
    )
    titles = [entry.raw["title"] for entry in listing.entries]
    told = {problem.line for problem in listing.problems}
    for number, line in enumerate(text.split("\n"), 1):
        words = " ".join(line.split())
        if words == "x" * 400 or words == "Fold":
            assert words in kept or number in told
        elif words == "7":
            assert number in told or "7" in kept
    assert not any(map(parse_date, titles))
