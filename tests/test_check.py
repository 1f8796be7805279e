from __future__ import annotations

from pathlib import Path

import pytest
from site_maker import SiteMaker, paper, write_files

from sitegen.build import BuildOptions
from sitegen.check import BrokenLink, broken_links, check
from sitegen.config import load_config
from sitegen.publish.staging import MANIFEST

BASE = "https://papers.example/reading/"


@pytest.fixture
def published(tmp_path: Path) -> Path:
    files = {
        "index.html": '<a href="papers/x/#top">x</a><a href="./">home</a><a href="?q=1">q</a>',
        "papers/x/index.html": '<p id="top">x</p><a href="../../">home</a><a href="#top">up</a><img src="../../a.png">',
        "404.html": '<a href="/reading/">home</a><a href="/elsewhere/">not ours</a>',
        "a.png": b"",
    }
    write_files(tmp_path, files)
    (tmp_path / MANIFEST).write_text("\n".join(files))
    return tmp_path


def add(folder: Path, path: str, text: str) -> None:
    write_files(folder, {path: text})
    with (folder / MANIFEST).open("a") as manifest:
        manifest.write(f"\n{path}\n")


def test_a_site_whose_links_all_lead_somewhere_has_none_broken(published: Path) -> None:
    assert broken_links(published, BASE) == (3, 8, [])


@pytest.mark.parametrize(
    "address, anchor",
    [
        ("papers/y/", False),
        ("papers/x", None),
        ("papers/x/index.html", None),
        ("papers/x/#bottom", True),
        ("../outside/", False),
        ("b.png", False),
        (BASE, None),
        (BASE + "papers/x/", None),
        (BASE + "papers/y/", False),
        ("https://other.example/", None),
        ("mailto:reader@papers.example", None),
        ("//other.example/x", None),
        ("papers/%78/", None),
        ("http://[", False),
    ],
)
def test_each_link_is_followed_as_a_browser_would(published: Path, address: str, anchor: bool | None) -> None:
    add(published, "page.html", f'<a href="{address}">link</a>')
    expected = [] if anchor is None else [BrokenLink("page.html", address, anchor)]
    assert broken_links(published, BASE)[2] == expected


def test_every_kind_of_reference_is_a_link(published: Path) -> None:
    add(published, "page.html", '<img src="1.png" srcset="2.png 2x, a.png 3x"><video poster="3.png"></video>')
    assert [link.address for link in broken_links(published, BASE)[2]] == ["1.png", "2.png", "3.png"]


def test_the_number_of_processes_does_not_show(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.check.BATCH", 2)
    for n in range(9):
        link = f"p{n + 1}.html#place" if n % 3 else "nowhere/"
        add(published, f"p{n}.html", f'<p id="place"><a href="{link}">on</a><a href="/reading/">home</a>')
    alone = broken_links(published, BASE)
    assert [link.page for link in alone[2]] == ["p0.html", "p3.html", "p6.html", "p8.html"]
    assert broken_links(published, BASE, jobs=3) == alone


def test_files_of_others_are_not_looked_at(published: Path) -> None:
    (published / "notes.html").write_text('<a href="nowhere/">x</a>')
    assert broken_links(published, BASE)[2] == []


def test_check_tells_problems_of_sources_and_leaves_the_published_folder_alone(make_site: SiteMaker) -> None:
    root = make_site(
        {
            "content/papers/good.md": paper("Good"),
            "content/papers/bad.md": paper("Bad", date="2025-02-30"),
        }
    )
    report = check(root, load_config(root / "sitegen.yaml"), BuildOptions(jobs=1))
    assert report.papers == 1
    assert [(problem.source, problem.line) for problem in report.problems] == [("content/papers/bad.md", 3)]
    assert not (root / "public").exists()


def test_an_address_that_is_still_an_example_is_told(make_site: SiteMaker) -> None:
    root = make_site({"sitegen.yaml": "title: New\nbase_url: https://example.org/papers/\n"})
    options = BuildOptions(jobs=1)
    (problem,) = check(root, load_config(root / "sitegen.yaml"), options).problems
    assert (problem.source, problem.line, problem.severity) == ("sitegen.yaml", 2, "warning")
    elsewhere = load_config(root / "sitegen.yaml", base_url="https://papers.example/")
    assert check(root, elsewhere, options).problems == ()
