from __future__ import annotations

from typing import Any

import pytest

from sitegen.content.record import paper_from, plain_fields
from sitegen.model import Paper, PartialDate, Person


def read(**fields: Any) -> tuple[Paper | None, list[str]]:
    forgiving = fields.pop("forgiving", False)
    paper, problems = paper_from({"title": "Folding"} | fields, "a.md", forgiving=forgiving)
    return paper, [str(problem) for problem in problems]


def sound(**fields: Any) -> Paper:
    paper, told = read(**fields)
    assert paper is not None
    assert told == []
    return paper


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2023", PartialDate(2023)),
        (2023, PartialDate(2023)),
        ("2023-05", PartialDate(2023, 5)),
        ("2023-05-17", PartialDate(2023, 5, 17)),
        ("2023-05-17T10:00:00Z", PartialDate(2023, 5, 17)),
        ("May 2024", PartialDate(2024, 5)),
        ("2018/04/05", PartialDate(2018, 4, 5)),
    ],
)
def test_a_date_is_as_exact_as_it_is_known(value: str | int, date: PartialDate) -> None:
    assert sound(date=value).date == date
    assert sound(updated=value).updated == date


@pytest.mark.parametrize("value", ["2024-01-01T25:61:00Z", "2025-01-01 or so", "c. 1998", "2018--2019"])
def test_what_a_date_says_beyond_it_is_told(value: str) -> None:
    paper, told = read(date=value)
    assert paper is not None and paper.date is not None
    assert len(told) == 1
    assert f"is read as {paper.date}" in told[0]


def test_an_arxiv_number_tells_year_and_month_where_nothing_else_does() -> None:
    assert sound(arxiv="2401.00001").date == PartialDate(2024, 1)
    assert sound(arxiv="math/9301001").date == PartialDate(1993, 1)
    assert sound(arxiv="2401.00001", date="2025").date == PartialDate(2025)


def test_records_from_before_keep_their_date_and_place() -> None:
    paper = sound(extra={"year": "2020", "month": "5", "entry_type": "inproceedings", "pages": "1--9", "volume": 7})
    assert (paper.date, paper.type, paper.pages, paper.volume) == (PartialDate(2020, 5), "paper-conference", "1–9", "7")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("thesis", "thesis"),
        ("inproceedings", "paper-conference"),
        ("journalArticle", "article-journal"),
        ("JOUR", "article-journal"),
    ],
)
def test_types_are_csl_s_or_what_others_call_them(value: str, kind: str) -> None:
    assert sound(type=value).type == kind


def test_a_type_that_nobody_knows_is_told() -> None:
    paper, told = read(type="spam")
    assert paper is not None and paper.type is None
    assert told[0].startswith("a.md: type: not a type of CSL")


@pytest.mark.parametrize(
    ("value", "pages"),
    [("1-9", "1–9"), ("10-1--10-5", "10-1–10-5"), ("S12---S20", "S12–S20"), ("1--9, 12--14", "1–9, 12–14"), (7, "7")],
)
def test_the_longest_dash_parts_a_range_of_pages(value: str | int, pages: str) -> None:
    assert sound(pages=value).pages == pages


def test_people_come_in_all_forms() -> None:
    authors = ["Lee, Ann", "Ben Roe*", {"family": "Poe", "given": "Ada"}, {"literal": "Boats, Sails"}, "et al."]
    paper = sound(authors=authors, editors="Roe, Ben and Poe, Ada")
    assert paper.authors == (
        Person("Ann Lee", family="Lee", given="Ann"),
        Person("Ben Roe"),
        Person("Ada Poe", family="Poe", given="Ada"),
        Person("Boats, Sails", literal=True),
    )
    assert paper.more_authors
    assert [person.name for person in paper.editors] == ["Ben Roe", "Ada Poe"]


def test_an_orcid_is_looked_at() -> None:
    assert sound(authors=[{"name": "A", "orcid": "https://orcid.org/0000-0002-1825-0097"}]).authors[0].orcid is not None
    paper, told = read(authors=[{"name": "A", "orcid": "0000-0002-1825-0098"}])
    assert paper is not None and paper.authors == (Person("A"),)
    assert "not an ORCID" in told[0]


@pytest.mark.parametrize("number", [10**23, str(10**23), -1])
@pytest.mark.parametrize("field", ["upvotes", "author_count"])
def test_a_number_out_of_all_range_is_refused_and_never_a_crash(field: str, number: int | str) -> None:
    paper, told = read(**{field: number})
    assert paper is None and len(told) == 1
    paper, told = read(**{field: number}, forgiving=True)
    assert paper is not None and getattr(paper, field) is None and len(told) == 1


def test_huge_numbers_in_free_fields_are_left_out_and_told() -> None:
    paper, told = read(extra={"n": 10**30, "kept": 1})
    assert paper is not None and paper.extra == {"n": None, "kept": 1}
    assert "more than 64 bits" in told[0]


@pytest.mark.parametrize("language", ["english", "x y", "e"])
def test_a_language_that_is_no_tag_is_told(language: str) -> None:
    paper, told = read(language=language)
    assert paper is not None and paper.language is None
    assert len(told) == 1


def test_read_forgivingly_a_bad_value_costs_its_field_alone() -> None:
    fields: dict[str, Any] = {"upvotes": "1.2k", "date": "soon", "tags": {"a": 1}, "venue": "Paper Days"}
    assert read(**fields)[0] is None
    paper, told = read(**fields, forgiving=True)
    assert paper is not None
    assert (paper.venue, paper.upvotes, paper.date, paper.tags) == ("Paper Days", None, None, ())
    assert len(told) == 3 and all("is left out" in line for line in told)


def test_plain_fields_are_read_back_as_the_same_paper() -> None:
    paper = sound(
        authors=["Ada Poe", "Roe, Ben", {"name": "Boats", "literal": True}],
        date="2023-05",
        updated="2024",
        type="thesis",
        pages="1--9",
        collaboration="BOAT",
        more_authors=True,
        editors=["Cy Coe"],
        links={"poster": "https://example.org/p.pdf"},
        notice={"kind": "erratum", "date": "2024-01-02"},
    )
    again, problems = paper_from(plain_fields(paper), "a.md")
    assert problems == []
    assert again == paper


def test_latex_in_names_and_venues_is_text() -> None:
    record = {"title": "Boats", "authors": ["Ada Po\\'e", {"name": "{\\O}le Coe"}], "venue": "Caf\\'e \\& Boats"}
    paper, problems = paper_from(record, "x.md")
    assert paper is not None, problems
    assert [person.name for person in paper.authors] == ["Ada Poé", "Øle Coe"]
    assert paper.venue == "Café & Boats"


@pytest.mark.parametrize("field", ["tags", "topics", "aliases", "venue"])
def test_a_label_of_which_nothing_can_be_seen_is_told(field: str) -> None:
    unseen = "\u200b"
    paper, told = read(**{field: unseen if field == "venue" else [unseen, "seen"]})
    assert paper is not None and getattr(paper, field) == (None if field == "venue" else ("seen",))
    assert len(told) == 1 and f"{field}: nothing can be seen" in told[0]


@pytest.mark.parametrize(
    "link", ["https:evil.invalid", "http:///x", "https://u:p@x.invalid/", "https://", "javascript:x"]
)
def test_a_link_without_a_host_or_with_a_password_is_told(link: str) -> None:
    paper, told = read(links={"pdf": link})
    assert paper is not None and paper.links.pdf is None
    assert len(told) == 1


@pytest.mark.parametrize(
    "link", ["https://example.org", "https://example.org/@ada", "HTTP://example.org?a@b", "/a.pdf"]
)
def test_usual_links_stay(link: str) -> None:
    assert sound(links={"pdf": link}).links.pdf == link


def test_one_paper_cannot_cost_without_end() -> None:
    labels, people = [f"t{n}" for n in range(10_000)], [f"Ada Poe{n:05}" for n in range(10_000)]
    paper, told = read(tags=labels, authors=people, title="x " * 100_000)
    assert paper is not None
    assert (len(paper.tags), len(paper.authors), len(paper.title)) == (500, 6_000, 9_999)
    assert paper.more_authors and len(told) == 3
    paper, told = read(**{f"field{n}": n for n in range(20_000)})
    assert paper is None and len(told) == 21


def test_an_abstract_that_is_shown_as_typed_is_told() -> None:
    paper, problems = paper_from({"title": "T", "abstract": "* * *\n" * 5000}, "a.md")
    assert paper
    assert [(problem.field, problem.severity) for problem in problems] == [("abstract", "warning")]
