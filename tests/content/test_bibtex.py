from __future__ import annotations

from typing import Any

import pytest

from sitegen.content.bibtex import MAX_VALUE, read_bibtex, read_papers


def fields(text: str) -> list[dict[str, Any]]:
    return [raw for raw, _ in read_bibtex(text, "a.bib")[0]]


def told(text: str) -> list[str]:
    return [str(problem) for problem in read_bibtex(text, "a.bib")[1]]


def test_an_entry_becomes_a_record() -> None:
    assert fields(
        r"""% a comment
@string{pd = "Paper " # "Days"}
@InProceedings{doe2020,
  author    = {Doe, Ada and {The Folding Collaboration} and van der Berg, Jr, Jan and others},
  title     = {Folding {NASA} Sheets in {\"U}bersee: 50\% of $x^2$},
  booktitle = pd,
  year      = 2020,
  month     = may,
  pages     = {1--9},
  abstract  = {We fold 50% of it.

               Then we rest.},
  keywords  = {wind, creases; knots},
  doi       = {10.1234/fold_1},
  url       = {https://example.org/p.pdf},
  file      = {:/home/someone/p.pdf:PDF},
}
"""
    ) == [
        {
            "id": "doe2020",
            "title": "Folding NASA Sheets in Übersee: 50% of $x^2$",
            "authors": [
                {"name": "Ada Doe", "family": "Doe", "given": "Ada"},
                "The Folding Collaboration",
                {"name": "Jan van der Berg Jr", "family": "van der Berg Jr", "given": "Jan"},
            ],
            "abstract": "We fold 50% of it.\n\nThen we rest.",
            "venue": "Paper Days",
            "tags": ["wind", "creases", "knots"],
            "doi": "10.1234/fold_1",
            "links": {"pdf": "https://example.org/p.pdf"},
            "date": "2020-05",
            "extra": {"entry_type": "inproceedings", "pages": "1–9"},
        }
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("year={2020}, month=jan, day={7}", {"date": "2020-01-07"}),
        ("date={2020-01-07}", {"date": "2020-01-07"}),
        ("date={2020-01}", {"date": "2020-01"}),
        ("year={2020}, month={January}", {"date": "2020-01"}),
        ("year={2020}", {"date": "2020"}),
        ("year={2020}, month=feb, day={30}", {"date": "2020-02"}),
        ("year={n.d.}", {}),
        ("year={20244}", {}),
    ],
)
def test_dates_as_far_as_they_are_known(text: str, expected: dict[str, Any]) -> None:
    (raw,) = fields(f"@article{{a, title={{T}}, {text}}}")
    known = {"date": raw["date"]} if "date" in raw else {k: v for k, v in raw["extra"].items() if k != "entry_type"}
    assert known == expected


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("eprint={2401.00001}, archivePrefix={arXiv}", "arxiv", "2401.00001"),
        ("url={https://arxiv.org/abs/2401.00001v2}", "arxiv", "2401.00001v2"),
        ("url={https://doi.org/10.1234/a\\_b}", "doi", "10.1234/a_b"),
        ("url={https://github.com/example/fold}", "links", {"code": "https://github.com/example/fold"}),
        ("url={https://example.org/~fold}", "links", {"project": "https://example.org/~fold"}),
    ],
)
def test_addresses_and_numbers_find_their_field(text: str, field: str, value: Any) -> None:
    (raw,) = fields(f"@misc{{a, title={{T}}, {text}}}")
    assert raw[field] == value


def test_a_broken_entry_costs_only_itself_and_is_told_by_line() -> None:
    text = "@article{a, title={A}}\n@article{b title={B}}\n@article{c, title={C}}\n"
    papers, problems = read_papers(text, "a.bib")
    assert [(paper.title, paper.line) for paper in papers] == [("A", 1), ("C", 3)]
    assert [str(problem) for problem in problems] == [
        "a.bib:2: not valid BibTeX: expected comma after entry key, but found ="
    ]


def test_an_entry_without_a_title_is_told_and_others_stay() -> None:
    papers, problems = read_papers("@article{a, year=2020}\n@article{b, title={B}}", "a.bib")
    assert [paper.id for paper in papers] == ["b"]
    assert [str(problem) for problem in problems] == ["a.bib:1: title: is empty (every paper needs a title)"]


def test_entries_and_fields_given_twice_are_not_lost() -> None:
    text = "@article{a, title={A}}\n@article{a, title={B}}\n@article{c, title={C}, title={D}}"
    assert [raw["title"] for raw in fields(text)] == ["A", "B", "C"]
    assert told(text) == ["a.bib:3: title: is given twice; the first one counts"]


def test_macros_are_put_in_and_unknown_ones_are_told() -> None:
    assert fields('@string{x="y"}\n@article{a, title = x # { and } # "z" # 7}')[0]["title"] == "y and z7"
    assert fields('@article{a, title = nobody # " knows"}')[0]["title"] == "knows"
    assert told('@article{a, title = nobody # " knows"}') == ["a.bib:1: title: no @string defines 'nobody'"]


def test_macros_that_multiply_without_end_are_stopped() -> None:
    lines = ['@string{a = "xxxxxxxxxx"}']
    lines += [f"@string{{{new} = {' # '.join([old] * 10)}}}" for old, new in zip("abcdefgh", "bcdefghi", strict=True)]
    text = "\n".join([*lines, "@article{k, title = i}", "@article{l, title = {L}}"])
    papers, problems = read_papers(text, "a.bib")
    assert [paper.title for paper in papers] == ["L"]
    assert f"longer than {MAX_VALUE} characters" in str(problems[0])


@pytest.mark.parametrize("text", ["", "% only a comment", "@" * 50_000, "@comment{x @article{b,title={hidden}}}"])
def test_text_without_entries_gives_none(text: str) -> None:
    assert read_papers(text, "a.bib") == ([], [])


@pytest.mark.parametrize("text", ["@article{a, title={unclosed", "@article{a,title={" + "{" * 50_000])
def test_an_entry_that_does_not_end_is_told(text: str) -> None:
    papers, problems = read_papers(text, "a.bib")
    assert papers == []
    assert [problem.line for problem in problems] == [1]


def test_commands_are_text_and_never_carried_out() -> None:
    (raw,) = fields('@preamble{"\\def\\x{\\x}"}\n@article{a, title={\\x \\input{/etc/hostname}Folding}}')
    assert raw["title"] == "x Folding"


@pytest.mark.parametrize("author", ["and and and", "", ",", ", ,", "{", "A, B, C, D"])
def test_strange_names_do_no_harm(author: str) -> None:
    papers, _ = read_papers(f'@article{{a, title={{T}}, author = "{author}"}}', "a.bib")
    assert len(papers) <= 1
