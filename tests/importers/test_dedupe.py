from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.importers.dedupe import KnownPapers, SourceKeys, title_digest, title_key
from sitegen.importers.merge import create
from sitegen.model import Appearance, Paper, Person
from sitegen.urls import segment, slugify


def paper(title: str, **fields: object) -> Paper:
    return Paper(**({"id": slugify(title), "title": title} | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Folding -- Sheets", "Folding: sheets"),
        ("Schr\\\"{o}dinger's Fold", "Schrodinger’s fold"),
        ("Light Schrödinger Bridge", "Light Schro\u0308dinger Bridge"),
        ("$O(n^2)$ Folds", "O(n^2) folds"),
        ("\\textbf{Bold} Folds", "Bold Folds"),
        ("Ｆｕｌｌ Width", "full width"),
    ],
)
def test_titles_that_differ_only_in_spelling_have_one_key(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("C++ Folds", "C Folds"), ("A* Search", "A Search"), ("Fold 1.5", "Fold 15"), ("C# Folds", "C Folds"), ("?", "!")],
)
def test_signs_that_carry_meaning_keep_titles_apart(one: str, other: str) -> None:
    assert title_key(one) != title_key(other)


@given(st.text())
@settings(deadline=None)
def test_every_title_has_a_digest(title: str) -> None:
    assert len(title_digest(title)) == 12


def test_a_known_title_is_found_again() -> None:
    known = KnownPapers([(0, paper("Folding Sheets")), (1, paper("Sailing"))])
    assert known.find(paper("Folding sheets!"), "list", SourceKeys([])) == 0
    assert known.find(paper("Folding Boats"), "list", SourceKeys([])) is None


def test_an_identifier_finds_a_paper_under_another_title_and_version() -> None:
    known = KnownPapers([(0, paper("Folding", arxiv="2401.00001v2")), (1, paper("Sailing", doi="10.1234/AB"))])
    assert known.find(paper("Folding, Revised", arxiv="2401.00001"), "list", SourceKeys([])) == 0
    assert known.find(paper("Sails", doi="10.1234/ab"), "list", SourceKeys([])) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"arxiv": "2401.00001"}, {"arxiv": "2402.00002"}),
        ({"doi": "10.1234/a"}, {"doi": "10.1234/b"}),
        ({"authors": (Person("Ada Example"),)}, {"authors": (Person("Bo Sample"),)}),
    ],
)
def test_one_title_for_two_papers_is_told_apart(one: dict[str, object], other: dict[str, object]) -> None:
    known = KnownPapers([(0, paper("Introduction", **one))])
    assert known.find(paper("Introduction", **other), "list", SourceKeys([])) is None


def test_a_preprint_and_its_publication_are_one_paper() -> None:
    known = KnownPapers([(0, paper("Folding", doi="10.48550/arXiv.2401.00001", authors=(Person("Ada Example"),)))])
    assert known.find(paper("Folding", doi="10.1234/a", authors=(Person("A. Example"),)), "list", SourceKeys([])) == 0


def test_the_doi_that_arxiv_gives_is_the_number_that_arxiv_gives() -> None:
    known = KnownPapers([(0, paper("Folding", arxiv="2401.00001v3"))])
    assert known.find(paper("Folding, Revised", doi="10.48550/arXiv.2401.00001"), "list", SourceKeys([])) == 0
    assert known.find(paper("Folding", doi="10.48550/arXiv.2402.00002"), "list", SourceKeys([])) is None


def test_a_title_edited_by_hand_is_still_found_under_the_old_one() -> None:
    imported = create(paper("Folding"), Appearance("list")).imported
    known = KnownPapers([(0, paper("Folding, and What Came of It", imported=imported))])
    assert known.find(paper("Folding"), "other list", SourceKeys([])) == 0


def test_the_same_key_in_the_same_list_is_the_same_paper() -> None:
    seen = create(paper("Folding", id="doe2020"), Appearance("library"))
    known = KnownPapers([(0, seen)])
    assert known.find(paper("Folding, Corrected", id="doe2020"), "library", SourceKeys([])) == 0
    assert known.find(paper("Sailing", id="doe2020"), "other library", SourceKeys([])) is None


def test_a_key_that_one_list_uses_twice_stands_for_two_papers() -> None:
    known = KnownPapers([(0, create(paper("Folding", id="doe2020"), Appearance("library")))])
    assert known.find(paper("Sailing", id="doe2020"), "library", SourceKeys([]), met={0}) is None
    assert known.find(paper("Folding", id="doe2020"), "library", SourceKeys([]), met={0}) == 0


def test_an_id_that_is_taken_gets_digits_of_its_own_that_do_not_depend_on_order() -> None:
    known = KnownPapers([(0, paper("C Folds")), (1, paper("other", id="X"))])
    free = known.free_id(paper("C: Folds?", doi="10.1234/a"))
    assert free.startswith("c-folds-")
    assert free == KnownPapers([(0, paper("C Folds"))]).free_id(paper("C: Folds?", doi="10.1234/a"))
    assert known.free_id(paper("New")) == "new"
    assert known.free_id(paper("x")) != "x"


@given(st.lists(st.text(min_size=1, max_size=20), max_size=8))
@settings(deadline=None)
def test_free_ids_lead_to_distinct_addresses(titles: list[str]) -> None:
    known = KnownPapers([])
    segments = []
    for position, title in enumerate(titles):
        new = paper(title, id=known.free_id(paper(title, authors=(Person(str(position)),))))
        known.add(position, new)
        segments.append(segment(new.id))
    assert len(set(segments)) == len(titles)
