from __future__ import annotations

from sitegen.importers.yaml_list import read_yaml_list


def test_a_lab_s_list_arrives_with_identifiers_and_repositories() -> None:
    text = (
        "- id: doi:10.1000/kite.17\n  title: Open kites\n  authors:\n  - Ada Poe\n  - Ben Roe\n"
        "  publisher: Kite Press\n"
        "  date: '2019-06-24'\n  repo: example/kites\n  image: x.png\n- title: \"Second: more\"\n  year: 2020\n"
        "  link: https://arxiv.org/abs/2608.10193\n"
    )
    first, second = read_yaml_list(text, "list.yaml", None).entries
    assert first.raw == {
        "title": "Open kites",
        "authors": ["Ada Poe", "Ben Roe"],
        "publisher": "Kite Press",
        "date": "2019-06-24",
        "doi": "10.1000/kite.17",
        "links": {"code": "https://github.com/example/kites"},
    }
    assert second.raw == {"title": "Second: more", "date": "2020", "arxiv": "2608.10193"}
    assert (first.line, second.line) == (1, 10)


def test_lists_under_keys_are_read_and_what_is_no_paper_is_told() -> None:
    listing = read_yaml_list("2024:\n- title: A\n- just text\n2023:\n- title: B\n", "list.yaml", None)
    assert [entry.raw["title"] for entry in listing.entries] == ["A", "B"]
    assert [problem.line for problem in listing.problems] == [3]


def test_a_mistake_is_told_by_line() -> None:
    listing = read_yaml_list("- title: A\n  year: [2020\n- title: B\n", "list.yaml", None)
    assert listing.entries == ()
    assert listing.problems[0].message.startswith("not valid YAML")


def test_an_anchor_may_stand_for_a_value_but_not_multiply() -> None:
    listing = read_yaml_list("- title: Keels\n  authors: &a [Ada Poe]\n- title: Oars\n  authors: *a\n", "a.yaml", None)
    assert [entry.raw["authors"] for entry in listing.entries] == [["Ada Poe"], ["Ada Poe"]]
    bomb = "- title: &a [x, x]\n- title: &b [*a, *a]\n- title: [*b, *b]\n"
    assert read_yaml_list(bomb, "a.yaml", None).entries == ()
