from __future__ import annotations

from sitegen.content.jsonl import read_papers


def test_every_line_is_a_paper_with_its_line_number() -> None:
    papers, problems = read_papers('{"title": "A", "upvotes": 3}\n\n{"title": "B", "id": "b1"}\n', "a.jsonl")
    assert [(paper.id, paper.title, paper.upvotes, paper.line) for paper in papers] == [
        ("a", "A", 3, 1),
        ("b1", "B", None, 3),
    ]
    assert problems == []


def test_a_bad_line_costs_only_itself() -> None:
    lines = ['{"title": "A"}', "{", "[]", '{"titel": "B"}', '{"title": NaN}', '{"title": "C"}']
    papers, problems = read_papers("\n".join(lines), "a.jsonl")
    assert [paper.title for paper in papers] == ["A", "C"]
    assert sorted({problem.line for problem in problems if problem.line}) == [2, 3, 4, 5]
    assert "did you mean 'title'?" in " ".join(map(str, problems))


def test_a_key_given_twice_is_a_warning() -> None:
    papers, problems = read_papers('{"title": "A", "title": "B"}', "a.jsonl")
    assert [paper.title for paper in papers] == ["B"]
    assert [problem.severity for problem in problems] == ["warning"]


def test_nothing_is_nothing() -> None:
    assert read_papers("", "a.jsonl") == ([], [])
