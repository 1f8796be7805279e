from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sitegen.config import Config
from sitegen.content.load import load
from sitegen.importers.run import reassign, run_import
from sitegen.model import Paper

LISTING = "Paper Folding in the Wind\n\nWe fold paper in strong wind. Every fold line is measured twice.\n"
RECORD = "content/papers/paper-folding-in-the-wind.md"


def imported(site: Path, listing: Callable[..., Path]) -> Path:
    run_import(site, Config(), [listing(LISTING)], "daily-papers")
    return site / RECORD


def paper(site: Path) -> Paper:
    (found,) = load(site, "content").papers
    return found


def vocabulary(site: Path, tags: str) -> None:
    (site / "content" / "data" / "tags.yaml").write_text(tags, encoding="utf-8")


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_the_same_vocabulary_changes_nothing(site: Path, listing: Callable[..., Path]) -> None:
    file = imported(site, listing)
    before = file.read_bytes(), file.stat().st_mtime_ns
    report = reassign(site, Config())
    assert (report.papers, report.written) == (1, ())
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before


def test_a_better_vocabulary_assigns_anew(site: Path, listing: Callable[..., Path]) -> None:
    imported(site, listing)
    assert paper(site).tags == ("wind", "creases")
    vocabulary(site, "wind:\npaper craft: [paper folding]\n")
    assert reassign(site, Config()).written == (RECORD,)
    assert paper(site).tags == ("wind", "paper craft")
    assert reassign(site, Config()).written == ()


def test_a_term_that_a_person_added_stays(site: Path, listing: Callable[..., Path]) -> None:
    edit(imported(site, listing), "\ntags: [wind, creases]", "\ntags: [mine, wind]")
    vocabulary(site, "paper craft: [paper folding]\nwind:\n")
    reassign(site, Config())
    assert paper(site).tags == ("mine", "wind", "paper craft")


def test_a_term_that_a_person_took_out_stays_out_for_good(site: Path, listing: Callable[..., Path]) -> None:
    edit(imported(site, listing), "\ntags: [wind, creases]", "\ntags: [wind]")
    vocabulary(site, "wind:\n")
    reassign(site, Config())
    vocabulary(site, "wind:\ncreases: [fold line]\n")
    reassign(site, Config())
    assert paper(site).tags == ("wind",)


def test_a_list_that_a_person_wrote_anew_or_emptied_is_left_alone(site: Path, listing: Callable[..., Path]) -> None:
    file = imported(site, listing)
    edit(file, "\ntags: [wind, creases]\n", "\ntags: [kites]\n")
    edit(file, "\ntopics: [Folding]\n", "\n")
    vocabulary(site, "paper craft: [paper folding]\nwind:\n")
    assert reassign(site, Config()).written == ()
    assert (paper(site).tags, paper(site).topics) == (("kites",), ())


def test_records_that_no_import_wrote_are_not_looked_at(site: Path) -> None:
    file = site / RECORD
    file.parent.mkdir(parents=True)
    file.write_text("---\ntitle: Paper Folding in the Wind\n---\n", encoding="utf-8")
    assert reassign(site, Config()).papers == 0
    assert paper(site).topics == ()


def test_a_paper_without_a_term_gets_one_when_the_vocabulary_learns_it(
    site: Path, listing: Callable[..., Path]
) -> None:
    vocabulary(site, "kites:\n")
    imported(site, listing)
    assert paper(site).tags == ()
    vocabulary(site, "wind:\n")
    reassign(site, Config())
    assert paper(site).tags == ("wind",)
