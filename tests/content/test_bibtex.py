from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.content.bibtex import MAX_VALUE, read_bibtex
from sitegen.content.record import papers_from
from sitegen.errors import Problem
from sitegen.model import Paper


def read_papers(text: str, source: str) -> tuple[list[Paper], list[Problem]]:
    read = read_bibtex(text, source)
    return papers_from(read.records, read.problems, source)


def fields(text: str) -> list[dict[str, Any]]:
    return [raw for raw, _ in read_bibtex(text, "a.bib").records]


def told(text: str) -> list[str]:
    return [str(problem) for problem in read_bibtex(text, "a.bib").problems]


def only(text: str, kind: str = "article") -> dict[str, Any]:
    (raw,) = fields(f"@{kind}{{a, title={{T}}, {text}}}")
    return raw


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
  award     = {Best Fold},
}
"""
    ) == [
        {
            "id": "doe2020",
            "citation_key": "doe2020",
            "title": "Folding NASA Sheets in Übersee: 50% of $x^2$",
            "authors": [
                {"name": "Ada Doe", "family": "Doe", "given": "Ada"},
                {"name": "The Folding Collaboration", "literal": True},
                {
                    "name": "Jan van der Berg Jr",
                    "family": "Berg",
                    "given": "Jan",
                    "particle": "van der",
                    "suffix": "Jr",
                },
            ],
            "more_authors": True,
            "date": "2020-05",
            "type": "paper-conference",
            "venue": "Paper Days",
            "pages": "1–9",
            "abstract": "We fold 50% of it.\n\nThen we rest.",
            "tags": ["wind", "creases", "knots"],
            "doi": "10.1234/fold_1",
            "links": {"pdf": "https://example.org/p.pdf"},
            "extra": {"entry_type": "inproceedings", "award": "Best Fold"},
        }
    ]


def test_what_a_program_noted_for_itself_is_not_used_and_counted_by_name() -> None:
    text = "@article{a, title={T}, file={/home/a.pdf}, preview={a.png}, award={Best}}"
    assert read_bibtex(text, "a.bib").unused == [("file", "preview")]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("year={2020}, month=jan, day={7}", "2020-01-07"),
        ("date={2020-01-07}", "2020-01-07"),
        ("date={2020-01}", "2020-01"),
        ("date={2020-01-07/2020-01-09}", "2020-01-07"),
        ("year={2020}, month={January}", "2020-01"),
        ("year={2020}, month={5}", "2020-05"),
        ("year=2020, month=10 # {~} # jan", "2020-01-10"),
        ("year={2020}", "2020"),
        ("date={1999}, year={2020}", "1999"),
    ],
)
def test_dates_are_as_exact_as_they_are_known(text: str, date: str) -> None:
    assert only(text)["date"] == date
    assert told(f"@article{{a, title={{T}}, {text}}}") == []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("year={2018--2019}", "2018"),
        ("year={2004a}", "2004"),
        ("year={c. 1998}", "1998"),
        ('year={2020}, month="23--27 " # may', "2020-05"),
        ("year={2020}, month=feb, day={30}", "2020-02"),
    ],
)
def test_what_a_date_says_beyond_it_is_told(text: str, date: str) -> None:
    assert only(text)["date"] == date
    (line,) = told(f"@article{{a, title={{T}}, {text}}}")
    assert line.startswith(f"a.bib:1: year: read as {date}; ")


@pytest.mark.parametrize("year", ["in press", "forthcoming", "199X"])
def test_a_year_that_is_none_is_shown_as_a_note(year: str) -> None:
    assert only(f"year={{{year}}}")["note"] == year


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("url={https://doi.org/10.1234/a\\_b}", "doi", "10.1234/a_b"),
        ("doi={10.1234%2Fab}", "doi", "10.1234/ab"),
        ("url={https://github.com/example/fold}", "links", {"code": "https://github.com/example/fold"}),
        ("url={https://example.org/~fold}", "links", {"project": "https://example.org/~fold"}),
        ("url={https://example.org/{\\textasciitilde}fold}", "links", {"project": "https://example.org/~fold"}),
        ("howpublished={\\url{https://example.org/a_b}}", "links", {"project": "https://example.org/a_b"}),
        ("pdf={https://example.org/1}", "links", {"pdf": "https://example.org/1"}),
        ("poster={https://example.org/1}", "links", {"poster": "https://example.org/1"}),
        ("website={https://example.org/1}", "links", {"project": "https://example.org/1"}),
        ("abbr={NeurIPS}", "venue_short", "NeurIPS"),
        ("subtitle={A Handbook}", "title", "T: A Handbook"),
        ("editor={Roe, Ben}", "editors", [{"name": "Ben Roe", "family": "Roe", "given": "Ben"}]),
        ("collaboration={BOAT}", "collaboration", "BOAT"),
        ("number={3}", "issue", "3"),
        ("eid={A12}", "number", "A12"),
        ("langid={ngerman}", "language", "de"),
        ("journal={\\apj}", "venue", "The Astrophysical Journal"),
        ("author={A and B}", "authors", ["A", "B"]),
    ],
)
def test_every_field_finds_its_place(text: str, field: str, value: Any) -> None:
    assert only(text)[field] == value


@pytest.mark.parametrize(
    "text",
    [
        "journal={arXiv preprint arXiv:2401.00003}",
        "journal={CoRR}, volume={abs/2401.00003}",
        "eprint={2401.00003}",
        "eprint={2401.00003}, archivePrefix={arXiv}",
        "note={arXiv:2401.00003 [cs.LG]}",
        "publisher={arXiv}, number={arXiv:2401.00003}",
        "journal={arXiv:2401.00003 [cs]}",
        "journal={ArXiv}, url={https://arxiv.org/html/2401.00003}",
        "url={https://huggingface.co/papers/2401.00003}",
        "doi={10.48550/arXiv.2401.00003}",
        "arxiv={2401.00003}",
    ],
)
def test_an_arxiv_number_is_one_number_and_no_venue_however_it_is_written(text: str) -> None:
    raw = only(text)
    assert (raw["arxiv"], raw["type"]) == ("2401.00003", "article")
    assert not raw.keys() & {"venue", "volume", "number", "note", "publisher", "doi", "links"}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("article", "article-journal"),
        ("phdthesis", "thesis"),
        ("mastersthesis", "thesis"),
        ("techreport", "report"),
        ("book", "book"),
        ("proceedings", "book"),
        ("incollection", "chapter"),
        ("inbook", "chapter"),
        ("dataset", "dataset"),
        ("software", "software"),
        ("misc", "document"),
        ("unpublished", "manuscript"),
        ("online", "webpage"),
        ("never-heard-of", "document"),
    ],
)
def test_types_are_csl_s_and_the_entry_s_own_is_kept(kind: str, expected: str) -> None:
    raw = only("year=2020", kind)
    assert (raw["type"], raw["extra"]["entry_type"]) == (expected, kind)


def test_a_school_and_a_publisher_are_no_venue() -> None:
    thesis = only("school={University of Boats}", "phdthesis")
    book = only("publisher={Boat Press}, editor={Roe, Ben}", "book")
    assert (thesis["publisher"], book["publisher"]) == ("University of Boats", "Boat Press")
    assert "venue" not in thesis and "venue" not in book and "authors" not in book


def test_of_two_addresses_the_first_is_kept_and_the_other_told() -> None:
    text = "@article{a, title={T}, url={https://example.org/a https://example.org/b}}"
    assert fields(text)[0]["links"] == {"project": "https://example.org/a"}
    assert told(text) == ["a.bib:1: url: holds 2 addresses; https://example.org/a is kept"]


def test_a_path_on_a_person_s_own_machine_is_no_link_and_told() -> None:
    text = "@article{a, title={T}, pdf={sails.pdf}}"
    assert "links" not in fields(text)[0]
    assert told(text) == ["a.bib:1: pdf: not an address: 'sails.pdf'; put the file into static/, write '/NAME'"]


@pytest.mark.parametrize("before", [True, False])
def test_a_paper_has_from_its_volume_what_holds_for_both(before: bool) -> None:
    volume = (
        "@proceedings{v, editor={Ben Roe}, title={Proceedings of Boats}, publisher={Boat Press}, year=2020, doi={1}}"
    )
    paper = "@inproceedings{p, author={Ada Poe}, title={Keels}, pages={1--4}, crossref={V}}"
    by_id = {raw["id"]: raw for raw in fields(f"{volume}\n{paper}" if before else f"{paper}\n{volume}")}
    keels = by_id["p"]
    assert (keels["title"], keels["venue"], keels["date"]) == ("Keels", "Proceedings of Boats", "2020")
    assert (keels["publisher"], keels["editors"][0]["name"]) == ("Boat Press", "Ben Roe")
    assert "doi" not in keels
    assert by_id["v"]["title"] == "Proceedings of Boats"


def test_shared_data_is_inherited_and_no_paper() -> None:
    text = "@xdata{x, journal={Boats}, year=2020}\n@article{a, title={A}, xdata={x, y}}"
    assert [(raw["venue"], raw["date"]) for raw in fields(text)] == [("Boats", "2020")]
    assert told(text) == ["a.bib:2: xdata: no entry has the key 'y'"]


def test_entries_that_inherit_from_each_other_come_to_an_end() -> None:
    chain = "\n".join(f"@inbook{{k{n}, title={{T}}, crossref={{k{n + 1}}}}}" for n in range(3000))
    assert len(fields(chain)) == 3000
    assert len(fields("@inbook{a, title={A}, crossref={b}}\n@inbook{b, title={B}, crossref={a}}")) == 2


def test_a_broken_entry_costs_only_itself_and_is_told_by_line() -> None:
    text = "@article{a, title={A}}\n@article{b, title {B}}\n@article{c, title={C}}\n"
    papers, problems = read_papers(text, "a.bib")
    assert [(paper.title, paper.line) for paper in papers] == [("A", 1), ("C", 3)]
    assert [str(problem) for problem in problems] == ["a.bib:2: not valid BibTeX: no '=' behind 'title'"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("@article{b title={B}}", "a.bib:1: not valid BibTeX: a comma is missing behind the key 'b'"),
        (
            "@article{b,\n title={B}\n year=2020}",
            "a.bib:3: not valid BibTeX: a comma is missing behind the field",
        ),
        ("@article{b, title={B}}, year=2020}", "is there a brace too many before them?"),
    ],
)
def test_a_slip_is_an_error_that_says_so_and_the_entry_is_read(text: str, message: str) -> None:
    (line,) = told(text)
    assert message in line
    assert fields(text)[0]["title"] == "B"


def test_an_entry_without_a_title_is_told_and_others_stay() -> None:
    papers, problems = read_papers("@article{a, year=2020}\n@article{b, title={B}}", "a.bib")
    assert [paper.id for paper in papers] == ["b"]
    assert [str(problem) for problem in problems] == ["a.bib:1: title: is empty (every paper needs a title)"]


def test_entries_and_fields_given_twice_are_not_lost() -> None:
    text = "@article{a, title={A}}\n@article{a, title={B}}\n@article{c, title={C}, title={D}}"
    assert [raw["title"] for raw in fields(text)] == ["A", "B", "C"]
    assert told(text) == ["a.bib:3: title: is given twice; the first one counts"]


def test_macros_are_put_in_and_unknown_ones_keep_their_name_and_are_told() -> None:
    assert fields('@string{x="y"}\n@article{a, title = x # { and } # "z" # 7}')[0]["title"] == "y and z7"
    assert fields("@article{a, title = {T}, journal = nature}")[0]["venue"] == "nature"
    assert told("@article{a, title = {T}, journal = nature}") == [
        "a.bib:1: journal: no @string defines 'nature', which stays as it is"
    ]
    assert told("@article{a, title = {T}, selected = true, month = may, year = 2020}") == []


def test_macros_of_other_files_hold() -> None:
    first = read_bibtex("@string{jbo = {Journal of Boats}}", "a.bib")
    text = "@article{a, title={T}, journal=JBO}"
    assert read_bibtex(text, "b.bib", first.macros).records[0][0]["venue"] == "Journal of Boats"
    assert read_bibtex(text, "b.bib").undefined == {"jbo"}


def test_macros_that_multiply_without_end_are_stopped() -> None:
    lines = ['@string{a = "xxxxxxxxxx"}']
    lines += [f"@string{{{new} = {' # '.join([old] * 10)}}}" for old, new in zip("abcdefgh", "bcdefghi", strict=True)]
    text = "\n".join([*lines, "@article{l, title = {L}}"])
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


def test_an_unclosed_value_costs_no_other_entry() -> None:
    assert [raw["title"] for raw in fields("@article{a, title={A\n@article{b, title={B}}")] == ["B"]


@pytest.mark.parametrize(
    "piece",
    ["@comment{", "@article{a, t={\n", "@string{", '@a{"', "@a{b,x=1,", "{", '"', "@a(b,c={\\", "@xdata{x,xdata={x},"],
)
def test_many_slips_at_once_are_read_in_little_time_and_without_a_fault(piece: str) -> None:
    assert len(fields(piece * 20_000)) <= 20_000


@given(st.text(alphabet='@article{}(),="#\\ \n12ab', max_size=200))
@settings(deadline=None)
def test_no_text_is_a_fault_of_the_program(text: str) -> None:
    read = read_bibtex(text, "a.bib")
    assert len(read.records) == len(read.unused)


_word = st.text(alphabet="abcdefgxyz", min_size=1, max_size=8)
_value = st.lists(_word, min_size=1, max_size=4).map(" ".join)


@given(
    st.lists(st.dictionaries(_word, _value, max_size=5), min_size=1, max_size=5), st.sampled_from(['"{}"', "{{{}}}"])
)
@settings(deadline=None)
def test_what_was_written_is_read(entries: list[dict[str, str]], form: str) -> None:
    text = "\n".join(
        f"@misc{{k{n}, title = {{T}}" + "".join(f",\n  q{k} = {form.format(v)}" for k, v in entry.items()) + "}"
        for n, entry in enumerate(entries)
    )
    extras = [{k[1:]: v for k, v in raw["extra"].items() if k != "entry_type"} for raw in fields(text)]
    assert extras == entries
    assert told(text) == []


def test_commands_are_text_and_never_carried_out() -> None:
    (raw,) = fields('@preamble{"\\def\\x{\\x}"}\n@article{a, title={\\x \\input{/etc/hostname}Folding}}')
    assert raw["title"].endswith("Folding")


@pytest.mark.parametrize("author", ["and and and", "", ",", ", ,", "{", "A, B, C, D"])
def test_strange_names_do_no_harm(author: str) -> None:
    papers, _ = read_papers(f'@article{{a, title={{T}}, author = "{author}"}}', "a.bib")
    assert len(papers) <= 1
