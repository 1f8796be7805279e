from __future__ import annotations

from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.content import frontmatter
from sitegen.errors import Problem

VALUES = st.one_of(
    st.text(max_size=12),
    st.text(max_size=12).map(lambda text: f'"{text}"'),
    st.lists(st.text(max_size=5)).map(lambda items: "[" + ", ".join(f'"{item}"' for item in items) + "]"),
    st.sampled_from(["null", "yes", "1_000", "2024-01-01", "a b", "a: b", "a #b", "~", "1.5e3", "a-b", "- x", "0x1F"]),
)
NAMES = st.sampled_from(["title", "date", "tags", "y", "null", "long_name"])


@examples(1500)
@given(st.lists(st.tuples(NAMES, VALUES), max_size=4))
@example([("title", '"a, b"'), ("tags", '["a", "b"]')])
@example([("title", "a "), ("date", "")])
@example([("tags", '["a",]')])
def test_the_short_way_through_plain_front_matter_equals_the_long_way(fields: list[tuple[str, str]]) -> None:
    text = "".join(f"{name}: {value}\n" for name, value in fields)
    short = frontmatter._plain_fields(text)
    if short is not None:
        assert short == frontmatter._parse(text, "x.md", 1)


def test_ordinary_front_matter_goes_the_short_way() -> None:
    text = 'title: "On: Things"\ndate: 2024-05-01\nauthors: ["A B", "C D"]\ntags: []\nupvotes: 12\nvenue: Conf 2024\n'
    assert frontmatter._plain_fields(text) == {
        "title": "On: Things",
        "date": "2024-05-01",
        "authors": ["A B", "C D"],
        "tags": [],
        "upvotes": "12",
        "venue": "Conf 2024",
    }


def test_an_alias_bomb_is_neither_expanded_nor_published() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    value = frontmatter.parse_yaml("\n".join(lines), "x.md")
    assert isinstance(value, dict) and value["i"][0] is value["h"]


def test_a_tag_that_makes_objects_is_a_fault() -> None:
    found = frontmatter.parse_yaml("title: !!python/object/apply:os.system [ls]", "x.md", 2)
    assert isinstance(found, Problem) and found.line == 2
