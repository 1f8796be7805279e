from __future__ import annotations

from pathlib import Path

import pytest
from site_maker import SiteMaker, paper

from sitegen.build import BuildOptions, build
from sitegen.config import load_config
from sitegen.publish.staging import MANIFEST
from sitegen.verify import verify


@pytest.fixture
def built(make_site: SiteMaker) -> Path:
    root = make_site({"content/papers/boats.md": paper("Paper boats")})
    build(root, load_config(root / "sitegen.yaml"), BuildOptions(jobs=1))
    return root


def found(root: Path) -> list[tuple[str, str]]:
    problems = verify(root, load_config(root / "sitegen.yaml"), BuildOptions(jobs=1))
    return [(problem.source, problem.message) for problem in problems]


def test_a_fresh_build_is_as_it_should_be(built: Path) -> None:
    assert found(built) == []


def test_a_file_that_differs_one_that_is_missing_and_one_left_over_are_each_named(built: Path) -> None:
    (built / "public/papers/boats/index.html").write_text("changed by hand")
    (built / "public/robots.txt").unlink()
    with (built / "public" / MANIFEST).open("a") as manifest:
        manifest.write("papers/gone/index.html\n")
    assert found(built) == [
        ("public/papers/boats/index.html", "differs from a build from nothing"),
        ("public/papers/gone/index.html", "is left over from an earlier build"),
        ("public/robots.txt", "is missing"),
    ]


def test_verifying_changes_nothing(built: Path) -> None:
    page = built / "public/papers/boats/index.html"
    page.write_text("changed by hand")
    found(built)
    assert page.read_text() == "changed by hand"
