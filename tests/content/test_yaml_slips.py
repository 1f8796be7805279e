from __future__ import annotations

import pytest
from site_maker import SiteMaker

from sitegen.content.frontmatter import FrontMatter, split
from sitegen.content.load import load


def matter_of(head: str) -> FrontMatter:
    matter = split(f"---\n{head}\n---\n", "a.md")
    assert isinstance(matter, FrontMatter)
    return matter


@pytest.mark.parametrize(
    ("head", "line"),
    [
        (
            'title: "The $\\nabla f$ of boats"',
            "a.md:2: title: '\\\\nabla' in double quotes is no LaTeX: YAML reads",
        ),
        ("id: a\ntitle: Kites #1 best", "a.md:3: title: ends before '#1 best', which is a comment in YAML"),
        ("title: Null", "a.md:2: title: 'Null' means nothing in YAML; taken as the title"),
    ],
)
def test_yaml_that_changes_a_text_is_told_with_the_mend(head: str, line: str) -> None:
    (problem,) = matter_of(head).problems
    assert str(problem).startswith(line)
    assert problem.severity == "warning" and problem.hint


@pytest.mark.parametrize(
    "head",
    [
        "title: 'The $\\nabla f$ of boats'",
        'title: "The $\\\\nabla f$ of boats"',
        "title: The $\\nabla f$ of boats",
        'title: A\nabstract: "We fold.\\nWe rest."',
        "title: 'Kites #1 best'",
        "title: A\nupvotes: 4   # at lunch",
        "title: C#",
        "title: A\nvenue: null",
    ],
)
def test_yaml_that_means_what_it_says_is_not(head: str) -> None:
    assert matter_of(head).problems == ()


def test_a_title_that_is_null_is_a_title(make_site: SiteMaker) -> None:
    content = load(make_site({"content/papers/a.md": "---\ntitle: Null\n---\n"}), "content")
    assert [paper.title for paper in content.papers] == ["Null"]
    assert [problem.field for problem in content.problems] == ["title"]
