from __future__ import annotations

import datetime
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from sitegen.config import Config
from sitegen.content.load import load
from sitegen.content.record import paper_from
from sitegen.errors import UsageError
from sitegen.importers.report import ImportReport, Kept
from sitegen.importers.run import FORMATS, run_import
from sitegen.model import Appearance, Paper, PartialDate

CAPTURED = datetime.date(2025, 10, 29)
MONDAY = """Daily Papers

Oct 27

Paper Folding in the Wind

We fold paper in strong wind. Every fold line is measured twice, and every gust is drawn.

  • 2 authors
·
Oct 20 4

A Keel of Paper

We build a keel from paper and sail. It is a short race and a wet one.
"""
TUESDAY = """Oct 28

Paper folding in the wind

We fold paper in strong wind. Every fold line is measured twice, and every gust is drawn.

  • 2 authors
·
Oct 20 9

Knots

Every knot in this paper was tied by hand. None of them holds.
"""


def run(site: Path, *sources: Path | str, name: str = "daily-papers") -> ImportReport:
    return run_import(site, Config(), sources, name, captured=CAPTURED)


def papers(site: Path) -> dict[str, Paper]:
    content = load(site, "content")
    assert content.problems == ()
    return {paper.id: paper for paper in content.papers}


def snapshot(site: Path) -> dict[str, tuple[bytes, int]]:
    files = (site / "content" / "papers").rglob("*")
    return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in files if file.is_file()}


def counts(report: ImportReport) -> tuple[int, int, int]:
    return report.total("new"), report.total("merged"), report.total("unchanged")


def edit(site: Path, name: str, old: str, new: str) -> Path:
    file = site / "content" / "papers" / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


FOLDING = "paper-folding-in-the-wind.md"


def test_a_paper_in_two_listings_becomes_one_record(site: Path, listing: Callable[..., Path]) -> None:
    report = run(site, listing(MONDAY), listing(TUESDAY, "tuesday.txt"))
    assert counts(report) == (3, 1, 0)
    assert report.papers == 3
    assert report.problems == ()
    found = papers(site)
    assert sorted(found) == ["a-keel-of-paper", "knots", "paper-folding-in-the-wind"]
    folding = found["paper-folding-in-the-wind"]
    assert folding.upvotes == 9
    assert folding.featured_on == (datetime.date(2025, 10, 27), datetime.date(2025, 10, 28))
    assert folding.imported is not None
    assert folding.imported.listings == (Appearance("monday", CAPTURED), Appearance("tuesday", CAPTURED))


def test_importing_again_writes_nothing(site: Path, listing: Callable[..., Path]) -> None:
    sources = listing(MONDAY), listing(TUESDAY, "tuesday.txt")
    run(site, *sources)
    before = snapshot(site)
    for order in (sources, sources[::-1]):
        report = run(site, *order)
        assert counts(report) == (0, 0, 4)
        assert report.written == ()
    assert snapshot(site) == before


def test_listings_one_after_the_other_give_the_same_records_as_together(
    site: Path, listing: Callable[..., Path], tmp_path: Path
) -> None:
    sources = listing(MONDAY), listing(TUESDAY, "tuesday.txt")
    run(site, *sources)
    together = {name: text for name, (text, _) in snapshot(site).items()}
    for file in (site / "content" / "papers").iterdir():
        file.unlink()
    for source in sources:
        run(site, source)
    assert {name: text for name, (text, _) in snapshot(site).items()} == together


def test_papers_get_topics_and_tags_and_the_record_says_so(site: Path, listing: Callable[..., Path]) -> None:
    run(site, listing(MONDAY))
    folding = papers(site)["paper-folding-in-the-wind"]
    assert folding.topics == ("Folding",)
    assert folding.tags == ("wind", "creases")
    assert folding.imported is not None
    assert (folding.imported.topics, folding.imported.tags) == (folding.topics, folding.tags)


def test_an_edit_by_hand_is_never_overwritten(site: Path, listing: Callable[..., Path]) -> None:
    run(site, listing(MONDAY))
    edit(site, FOLDING, "We fold paper", "# My own words\n\nThey fold paper")
    edit(site, FOLDING, "upvotes: 4", "upvotes: 1  # I counted")
    edit(site, FOLDING, "author_count: 2\n", "")
    edit(site, FOLDING, "\ntags: [wind, creases]", "\ntags: [kites]")
    before = snapshot(site)
    again = run(site, listing(MONDAY))
    assert snapshot(site) == before
    record = f"content/papers/{FOLDING}"
    assert again.kept == (Kept(record, ("author_count", "abstract", "upvotes")),)

    report = run(site, listing(TUESDAY, "tuesday.txt"))
    text = (site / record).read_text(encoding="utf-8")
    assert "upvotes: 1  # I counted" in text
    assert "They fold paper" in text
    assert "\nauthor_count" not in text
    assert "tags: [kites]" in text
    assert "listing: tuesday" in text
    assert f"{record}: edited by hand and kept: author_count, abstract, upvotes" in report.lines()


def test_a_paper_whose_title_was_edited_or_whose_file_was_moved_is_found_again(
    site: Path, listing: Callable[..., Path]
) -> None:
    run(site, listing(MONDAY))
    file = edit(site, FOLDING, "title: Paper Folding in the Wind", "title: Folding, Windy")
    moved = file.parent / "2025" / "windy.md"
    moved.parent.mkdir()
    file.rename(moved)
    before = snapshot(site)
    assert counts(run(site, listing(MONDAY))) == (0, 0, 2)
    assert snapshot(site) == before


def test_a_paper_written_by_hand_learns_and_keeps_its_words(site: Path, listing: Callable[..., Path]) -> None:
    file = site / "content" / "papers" / "mine.md"
    file.parent.mkdir(parents=True)
    text = '---\n# mine\ntopics: [Sailing]\ntitle: "Paper Folding in the Wind"\n---\nMy own summary.\n'
    file.write_text(text, encoding="utf-8")
    report = run(site, listing(MONDAY))
    assert counts(report) == (1, 1, 0)
    new = file.read_text(encoding="utf-8")
    assert new.startswith('---\n# mine\ntopics: [Sailing]\ntitle: "Paper Folding in the Wind"\n')
    assert new.endswith("---\nMy own summary.\n")
    mine = papers(site)["mine"]
    assert (mine.abstract, mine.upvotes, mine.topics) == ("My own summary.", 4, ("Sailing",))
    assert counts(run(site, listing(MONDAY))) == (0, 0, 2)


def test_a_file_keeps_its_byte_order_mark_and_line_ends(site: Path, listing: Callable[..., Path]) -> None:
    file = site / "content" / "papers" / "mine.md"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\xef\xbb\xbf---\r\ntitle: Paper Folding in the Wind\r\n---\r\nMine.\r\n")
    assert counts(run(site, listing(MONDAY))) == (1, 1, 0)
    raw = file.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf---\r\ntitle: Paper Folding in the Wind\r\n")
    assert raw.endswith(b"---\r\nMine.\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert counts(run(site, listing(MONDAY))) == (0, 0, 2)


def test_papers_in_bibliographies_and_json_lines_are_known_and_left_alone(
    site: Path, listing: Callable[..., Path]
) -> None:
    folder = site / "content" / "papers"
    folder.mkdir(parents=True)
    (folder / "a.bib").write_text("@article{x, title={Paper {Folding} in the Wind}}", encoding="utf-8")
    (folder / "b.jsonl").write_text('{"title": "A Keel of Paper"}\n', encoding="utf-8")
    before = snapshot(site)
    report = run(site, listing(MONDAY))
    assert counts(report) == (0, 0, 2)
    assert report.elsewhere == ("content/papers/a.bib", "content/papers/b.jsonl")
    assert snapshot(site) == before


def test_two_papers_that_want_one_address_get_two(site: Path, listing: Callable[..., Path]) -> None:
    text = (
        "C++\n\nWe fold a language until it breaks. Then we fold it again.\n\nC plus plus\n\nWe count to three in C.\n"
    )
    report = run(site, listing(text))
    assert counts(report) == (2, 0, 0)
    found = papers(site)
    assert {paper.title for paper in found.values()} == {"C++", "C plus plus"}
    assert "c-plus-plus" in found
    before = snapshot(site)
    assert counts(run(site, listing(text))) == (0, 0, 2)
    assert snapshot(site) == before


def test_a_broken_file_in_the_way_is_told_and_not_overwritten(site: Path, listing: Callable[..., Path]) -> None:
    file = site / "content" / "papers" / FOLDING
    file.parent.mkdir(parents=True)
    file.write_text("---\ntitle: [unclosed\n---\n", encoding="utf-8")
    report = run(site, listing(MONDAY))
    assert file.read_text(encoding="utf-8") == "---\ntitle: [unclosed\n---\n"
    assert [problem.source for problem in report.problems] == [f"content/papers/{FOLDING}"]
    assert report.written == ("content/papers/a-keel-of-paper.md",)


def test_a_file_that_cannot_be_changed_safely_is_told_and_left(site: Path, listing: Callable[..., Path]) -> None:
    file = site / "content" / "papers" / "mine.md"
    file.parent.mkdir(parents=True)
    file.write_text("---\n{title: Paper Folding in the Wind}\n---\n", encoding="utf-8")
    report = run(site, listing(MONDAY))
    assert file.read_text(encoding="utf-8") == "---\n{title: Paper Folding in the Wind}\n---\n"
    assert [problem.source for problem in report.problems] == ["content/papers/mine.md"]


def test_a_bad_source_costs_only_itself(site: Path, listing: Callable[..., Path], tmp_path: Path) -> None:
    latin = tmp_path / "latin.txt"
    latin.write_bytes("Title\n\nCaf\u00e9".encode("latin-1"))
    empty = listing("", "empty.txt")
    report = run(site, tmp_path / "none.txt", latin, empty, listing(MONDAY))
    assert counts(report) == (2, 0, 0)
    assert [str(problem) for problem in report.problems] == [
        f"{tmp_path}/none.txt: no such file (check its path)",
        f"{latin}:3: not UTF-8 text (save the file as UTF-8)",
        f"{empty}: no papers found (is it really text of a Daily Papers page?)",
    ]


def test_a_dry_run_reports_and_writes_nothing(site: Path, listing: Callable[..., Path]) -> None:
    report = run_import(site, Config(), [listing(MONDAY)], "daily-papers", captured=CAPTURED, dry_run=True)
    assert len(report.written) == 2
    assert not (site / "content" / "papers").exists()


def test_text_from_the_standard_input_is_one_listing_however_often(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for expected in [(2, 0, 0), (0, 0, 2)]:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(MONDAY.encode())))
        assert counts(run(site, "-")) == expected


def test_a_line_that_is_not_understood_is_told_by_file_and_line(site: Path, listing: Callable[..., Path]) -> None:
    source = listing(MONDAY + "\n4711\n")
    report = run(site, source)
    assert counts(report) == (2, 0, 0)
    assert str(report.problems[0]) == f"{source}:17: not understood: '4711'"


def test_an_unknown_format_and_no_source_are_mistakes_in_the_command(site: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'daily-papers'"):
        run(site, "x", name="daily-paper")
    with pytest.raises(UsageError, match="at least one file"):
        run(site)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "bibtex",
            "@article{doe2020, title={Knots and {Sails}}, author={Doe, Ada and Roe, Bo}, year=2020}",
        ),
        ("jsonl", '{"id": "doe2020", "title": "Knots and Sails", "authors": ["Ada Doe", "Bo Roe"], "year": 2020}\n'),
        ("json", '[{"id": "doe2020", "title": "Knots and Sails", "authors": ["Ada Doe", "Bo Roe"], "year": "2020"}]'),
    ],
)
def test_other_formats_take_the_same_way(site: Path, listing: Callable[..., Path], name: str, text: str) -> None:
    source = listing(text, "library.txt")
    assert counts(run(site, source, name=name)) == (1, 0, 0)
    paper = papers(site)["doe2020"]
    assert paper.title == "Knots and Sails"
    assert [person.name for person in paper.authors] == ["Ada Doe", "Bo Roe"]
    assert paper.date == PartialDate(2020)
    before = snapshot(site)
    assert counts(run(site, source, name=name)) == (0, 0, 1)
    assert snapshot(site) == before


def test_every_field_of_a_record_survives_an_import(site: Path, listing: Callable[..., Path]) -> None:
    record = {
        "id": "Fold 1",
        "slug": "fold-one",
        "title": "Folding, Once",
        "authors": [{"name": "Ada Doe", "family": "Doe", "given": "Ada", "orcid": "0000-0000-0000-0000"}, "Bo Roe"],
        "author_count": 2,
        "date": "2025-01-02",
        "updated": "2025-02-03",
        "expires": "2030-01-01",
        "draft": True,
        "featured_on": ["2025-01-03"],
        "abstract": "We fold.\n\n- once: 'twice'",
        "notes": "A note\nbelow.",
        "tags": ["mine"],
        "topics": ["Sailing"],
        "venue": "Paper Days",
        "arxiv": "2401.00001",
        "doi": "10.1234/fold",
        "links": {"pdf": "https://example.org/p.pdf"},
        "upvotes": 0,
        "language": "de",
        "notice": {"kind": "erratum", "text": "Wrong fold.", "date": "2025-03-04"},
        "extra": {"shelf": "3"},
    }
    assert counts(run(site, listing(json.dumps(record), "all.json"), name="json")) == (1, 0, 0)
    expected, problems = paper_from(record, "x")
    assert expected is not None, problems
    found = papers(site)["Fold 1"]
    for field in record:
        assert getattr(found, field) == getattr(expected, field), field


def test_every_importer_reads_nothing_as_nothing(site: Path, listing: Callable[..., Path]) -> None:
    for name in FORMATS:
        report = run(site, listing(""), name=name)
        assert counts(report) == (0, 0, 0)
        assert len(report.problems) == 1


def test_of_two_entries_with_one_key_none_is_lost_however_often_they_are_imported(
    site: Path, listing: Callable[..., Path]
) -> None:
    source = listing("@article{k, title={Folding}}\n@article{k, title={Sailing}}\n", "library.bib")
    assert counts(run(site, source, name="bibtex")) == (2, 0, 0)
    assert sorted(paper.title for paper in papers(site).values()) == ["Folding", "Sailing"]
    assert counts(run(site, source, name="bibtex")) == (0, 0, 2)


@pytest.mark.parametrize(
    ("name", "raw", "new", "line"),
    [
        ("bibtex", b"@misc{a, title={On knots}}\n@misc{b, title={On caf\xe9s}}\n@misc{c, title={On keels}}\n", 2, 2),
        ("jsonl", b'{"title": "On knots"}\n{"title": "On caf\xe9s"}\n{"title": "On keels"}\n', 2, 2),
        ("jsonl", b'{"title": "On caf\xe9s"}\n', 0, 1),
        ("json", b'[{"title": "On knots"},\n {"title": "On caf\xe9s"}]', 0, 2),
        ("json", b"%PDF-1.7\n\xe9", 0, 2),
        ("daily-papers", MONDAY.encode().replace(b"strong", b"str\xf6ng"), 0, 7),
    ],
)
def test_bytes_that_are_no_text_are_told_and_cost_no_paper_that_can_be_told_from_them(
    site: Path, tmp_path: Path, name: str, raw: bytes, new: int, line: int
) -> None:
    source = tmp_path / "source"
    source.write_bytes(raw)
    report = run(site, source, name=name)
    assert report.total("new") == new == len(papers(site))
    (problem,) = report.problems
    assert (problem.line, problem.message) == (line, "not UTF-8 text")


TALK = "@inproceedings{roe2004, title={Boat Bounds}, author={Ben Roe}, booktitle={Boat Symp.}, year=2004, pages={1--8}}"
JOURNAL = "@article{roe2006, title={Boat bounds}, author={Ben Roe}, journal={J. Boats}, volume=10, year=2006}"


@pytest.mark.parametrize("entries", [(TALK, JOURNAL), (JOURNAL, TALK)])
def test_a_talk_and_its_journal_version_stay_two_papers_also_when_imported_again(
    site: Path, listing: Callable[..., Path], entries: tuple[str, str]
) -> None:
    assert counts(run(site, listing(f"{TALK}\n{JOURNAL}", "library.bib"), name="bibtex")) == (2, 0, 0)
    assert counts(run(site, listing("\n".join(entries), "library.bib"), name="bibtex")) == (0, 0, 2)
    assert sorted((paper.id, paper.volume) for paper in papers(site).values()) == [("roe2004", None), ("roe2006", "10")]


def test_two_keys_are_one_paper_where_nothing_differs_and_both_are_told(
    site: Path, listing: Callable[..., Path]
) -> None:
    twice = "@article{roe06, title={Boat bounds}, author={Ben Roe}, journal={J. Boats}, year=2006, pages={5--9}}"
    report = run(site, listing(f"{JOURNAL}\n{twice}", "library.bib"), name="bibtex")
    assert (len(papers(site)), report.problems[0].severity) == (1, "warning")
    assert report.problems[0].message == "'roe06' is taken for the same paper as 'roe2006'"


def test_a_preprint_that_gets_a_new_key_with_its_venue_is_still_the_same_paper(
    site: Path, listing: Callable[..., Path]
) -> None:
    before = "@misc{roe2023, title={Boats}, author={Ben Roe}, year=2023, eprint={2301.00001}, archivePrefix={arXiv}}"
    after = "@article{roe2024, title={Boats}, author={Ben Roe}, journal={J. Boats}, year=2024, eprint={2301.00001}}"
    run(site, listing(before, "library.bib"), name="bibtex")
    assert counts(run(site, listing(after, "library.bib"), name="bibtex"))[0] == 0


def test_topics_of_another_field_are_given_to_no_paper_of_a_list_and_the_report_says_so(
    site: Path, listing: Callable[..., Path]
) -> None:
    topic = site / "content" / "topics" / "sails.md"
    topic.parent.mkdir(parents=True, exist_ok=True)
    topic.write_text("---\ntitle: Sails\nkeywords: [sail]\n---\n", encoding="utf-8")
    passing = [{"title": f"Oars {number}", "abstract": "Like a sail."} for number in range(12)]
    report = run(site, listing(json.dumps(passing), "oars.json"), name="json")
    assert not any(paper.topics for paper in papers(site).values())
    assert "0 of 12 papers are plainly about one of the site's" in report.sources[0].notes[0]
    plain = [{"title": f"Sail {number}"} for number in range(12)]
    report = run(site, listing(json.dumps(plain), "sails.json"), name="json")
    assert sum(paper.topics == ("Sails",) for paper in papers(site).values()) == 12
    assert report.sources[0].notes == ()
