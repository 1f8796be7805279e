"""Files of other programs that lie among a site's own papers."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.content.load import Content, load

RIS = "TY  - JOUR\r\nTI  - Keels\r\nAU  - Poe, Ada\r\nPY  - 2020\r\nID  - keels\r\nER  - \r\n"
NBIB = "PMID- 1\nTI  - Keels.\nFAU - Poe, Ada\nDP  - 2020\n"
CSV = "\ufeffTitle,Authors,Year\nKeels,Ada Poe,2020\n"
CSL = '[{"id": "keels", "title": "Keels", "author": [{"family": "Poe", "given": "Ada"}], "issued": {"raw": "2020"}}]'
YAML = "- title: Keels\n  authors: Ada Poe\n  year: 2020\n"
ACL = (
    "<collection id='b'><volume id='1'><meta><year>2020</year></meta><paper id='1'><title>Keels</title>"
    "<author><first>Ada</first><last>Poe</last></author></paper></volume></collection>"
)


def content_of(tmp_path: Path, files: dict[str, str]) -> Content:
    for name, text in files.items():
        path = tmp_path / "content" / "papers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return load(tmp_path, "content")


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.ris", RIS), ("a.nbib", NBIB), ("a.csv", CSV), ("a.json", CSL), ("a.yaml", YAML), ("a.xml", ACL)],
)
def test_a_file_of_another_program_is_read_where_it_lies(tmp_path: Path, name: str, text: str) -> None:
    content = content_of(tmp_path, {name: text})
    assert [(paper.title, paper.authors[0].name, str(paper.date)) for paper in content.papers] == [
        ("Keels", "Ada Poe", "2020")
    ]
    assert not [problem for problem in content.problems if problem.severity == "error"]


def test_fields_that_are_not_used_are_told_once_a_file(tmp_path: Path) -> None:
    content = content_of(tmp_path, {"a.csv": "Title,Year,ISSN\nKeels,2020,1\nSails,2021,2\n"})
    assert [str(problem) for problem in content.problems] == ["content/papers/a.csv: fields not used: ISSN (2)"]


def test_a_file_that_holds_no_papers_is_told_with_the_reason(tmp_path: Path) -> None:
    content = content_of(tmp_path, {"a.xml": "<html><body>Keels</body></html>"})
    assert content.papers == ()
    assert "web page" in str(content.problems[0])


def test_a_folder_of_another_generator_is_read_with_the_folders_for_names(tmp_path: Path) -> None:
    page = (
        "---\ntitle: Keels\nauthors: [Ada Poe]\ndate: '2023-07-01T00:00:00Z'\npublication: In *Boat Days*\n"
        "publication_types: ['1']\nurl_pdf: https://example.org/k.pdf\nimage: {caption: ''}\n---\nMore.\n"
    )
    content = content_of(tmp_path, {"keels/index.md": page, "_index.md": "---\ntitle: Publications\n---\n"})
    (paper,) = content.papers
    assert (paper.id, paper.venue, paper.type, str(paper.date)) == (
        "keels",
        "Boat Days",
        "paper-conference",
        "2023-07-01",
    )
    assert paper.links.pdf == "https://example.org/k.pdf"
    assert content.problems == ()


def test_a_strange_key_of_many_files_is_told_once_with_their_number(tmp_path: Path) -> None:
    page = "---\ntitle: {}\nyear: 2020\ncolour: red\n---\n"
    content = content_of(tmp_path, {f"{name}.md": page.format(name) for name in ("Keels", "Oars", "Sails")})
    assert len(content.papers) == 3
    (problem,) = content.problems
    assert str(problem).startswith("content/papers/Keels.md:4: colour: is no field of a paper")
    assert "here and in 2 more" in problem.message


def test_a_slip_in_a_front_matter_of_our_own_is_still_an_error_with_a_hint(tmp_path: Path) -> None:
    content = content_of(tmp_path, {"a.md": "---\ntitle: Keels\nvenu: Boat Days\n---\n"})
    assert content.papers == ()
    assert "did you mean 'venue'?" in str(content.problems[0])
