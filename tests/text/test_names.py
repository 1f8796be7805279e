from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.model import Person
from sitegen.text.latex import latex_to_text
from sitegen.text.names import (
    bibtex_name,
    family_given,
    is_doubtful,
    is_suffix,
    name_parts,
    parse_name,
    parse_names,
    read_name,
    sort_key,
)


def old_parts(name: str) -> tuple[str, str, str]:
    """The family name, given name and suffix as citations found them before there was one parser."""
    words = name.split()
    suffix = (
        words.pop() if len(words) > 2 and words[-1].lower() in {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"} else ""
    )
    start = len(words) - 1
    while start > 1 and words[start - 1].islower():
        start -= 1
    return " ".join(words[start:]), " ".join(words[:start]), suffix


def old_list(text: str) -> list[str]:
    return [name for part in re.split(r"\s+and\s+|,(?=\s)", text) if (name := " ".join(part.split()))]


# "A. Jr" has a suffix and no family name to set it off from; nobody is called so.
word = st.from_regex(r"[A-ZÉÖŁ][a-zéöł]{1,8}", fullmatch=True).filter(lambda text: not is_suffix(text))
initial = st.from_regex(r"[A-Z]\.", fullmatch=True)
particle = st.sampled_from(["", "van der ", "de la ", "von "])
suffix = st.sampled_from(["", " Jr.", " III"])
whole_name = st.builds(
    lambda *parts: f"{parts[0]} {parts[1]}{parts[2]}{parts[3]}", word | initial, particle, word, suffix
)


@given(whole_name)
@settings(deadline=None)
def test_names_in_reading_order_have_the_parts_that_they_had(name: str) -> None:
    person = parse_name(name)
    assert person is not None
    parts = name_parts(person)
    assert person == Person(name)
    assert (parts.whole_family, parts.given, parts.suffix) == old_parts(name)


# A capital behind a particle belongs to the family name, and a name of two words may end in a suffix.
MENDED = {
    "Charles de la Vallée Poussin": ("de la Vallée Poussin", "Charles", ""),
    "Smith Jr.": ("Smith", "", "Jr."),
}


@pytest.mark.parametrize("name", MENDED)
def test_faults_of_before_are_mended(name: str) -> None:
    parts = name_parts(Person(name))
    assert (parts.whole_family, parts.given, parts.suffix) == MENDED[name] != old_parts(name)


@given(st.lists(whole_name, min_size=1, max_size=6), st.booleans())
@settings(deadline=None)
def test_lists_of_whole_names_are_parted_as_before(names: list[str], last: bool) -> None:
    text = ", ".join(names[:-1]) + (" and " if last else ", ") + names[-1] if len(names) > 1 else names[0]
    found, more = parse_names(text)
    assert [person.name for person in found] == old_list(text) == names
    assert not more and not is_doubtful(text)


@given(st.lists(st.tuples(word | initial, particle, word, suffix), min_size=1, max_size=5))
@settings(deadline=None)
def test_bibtex_reads_back_what_it_is_given(parts: list[tuple[str, str, str, str]]) -> None:
    names = [Person(f"{given} {small}{family}{end}") for given, small, family, end in parts]
    text = " and ".join(map(bibtex_name, names))
    found, _ = parse_names(text, str)
    assert [person.name for person in found] == [person.name for person in names]
    assert [name_parts(person) for person in found] == [name_parts(person) for person in names]


@given(st.text(max_size=60))
@settings(deadline=None)
def test_every_text_is_read_without_a_fault(text: str) -> None:
    for plain in (None, str):
        people, _ = parse_names(text, plain)
        assert all(person.name.strip() and family_given(person) and sort_key(person) for person in people)


@pytest.mark.parametrize(
    ("text", "inverted"),
    [
        ("Martin Luther King Jr.", "King, Martin Luther, Jr."),
        ("King, Jr., Martin", "King, Martin, Jr."),
        ("King, Martin, Jr.", "King, Martin, Jr."),
        ("King Jr., Martin", "King, Martin, Jr."),
        ("Ana de la Cruz III", "de la Cruz, Ana, III"),
        ("de la Cruz, Ana", "de la Cruz, Ana"),
        ("family=Sartre, given=Jean-Paul, prefix=de", "de Sartre, Jean-Paul"),
        ("Lee, Ann", "Lee, Ann"),
        ("The Boat Collaboration", "The Boat Collaboration"),
        ("王小明", "王小明"),
        ("Plato", "Plato"),
    ],
)
def test_all_forms_of_a_name(text: str, inverted: str) -> None:
    person = parse_name(text)
    assert person is not None
    assert family_given(person) == inverted


@pytest.mark.parametrize(
    ("text", "name"), [("山田 太郎", "山田太郎"), ("山田, 太郎", "山田太郎"), ("김 철수", "김철수")]
)
def test_names_in_east_asian_scripts_keep_their_order_and_have_no_blank(text: str, name: str) -> None:
    person = parse_name(text)
    assert person is not None
    assert person.name == name
    assert (person.family, person.given) == (text[: text.find(" ")].strip(","), text.rpartition(" ")[2])


@pytest.mark.parametrize(
    "text", ["Ben Roe*", "Ben Roe†", "Ben Roe†,1", "Ben Roe^{1,2}", "Ben Roe¹²", "Ben Roe 0001", "Roe$^\\dagger$, Ben"]
)
def test_marks_behind_a_name_are_no_part_of_it(text: str) -> None:
    person = parse_name(text)
    assert person is not None
    assert person.name == "Ben Roe"


@pytest.mark.parametrize("text", ["", " ", ":", "others", "et al.", "and", "---", "n/a", "unknown"])
def test_what_names_nobody_is_nobody(text: str) -> None:
    assert parse_name(text) is None


def test_degrees_are_told() -> None:
    assert read_name("Ada Poe, Ph.D.") == (Person("Ada Poe"), "Ph.D.")


@pytest.mark.parametrize(
    ("text", "names", "more"),
    [
        ("Poe, Ada and Roe, Ben and others", ["Ada Poe", "Ben Roe"], True),
        ("Ada Poe, Ben Roe, et al.", ["Ada Poe", "Ben Roe"], True),
        ("Ada Poe and 12 others", ["Ada Poe"], True),
        ("Poe, Ada; Roe, Ben", ["Ada Poe", "Ben Roe"], False),
        ("Ada Poe|Ben Roe", ["Ada Poe", "Ben Roe"], False),
        ("Poe, A., Roe, B. C.", ["A. Poe", "B. C. Roe"], False),
        ("Poe, Ada and Ben Roe", ["Ada Poe", "Ben Roe"], False),
        ("Martin King, Jr., Ada Poe", ["Martin King Jr.", "Ada Poe"], False),
        ("Ada Poe, PhD, Ben Roe, MD", ["Ada Poe", "Ben Roe"], False),
        ("Ada Poe1,2, Ben Roe3 and Cy Coe1", ["Ada Poe", "Ben Roe", "Cy Coe"], False),
    ],
)
def test_names_in_one_text(text: str, names: list[str], more: bool) -> None:
    people, found = parse_names(text)
    assert ([person.name for person in people], found) == (names, more)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"{\'E}mile Zed and \AA{}ke Berg and \'Emile Zed", ["Zed, Émile", "Berg, Åke", "Zed, Émile"]),
        ("{Barnes and Noble} and Poe, Ada", ["Barnes and Noble", "Poe, Ada"]),
        ("{Paper Boat Team} and others", ["Paper Boat Team"]),
        ("Roe*, Ben and Coe\\textsuperscript{1}, Cy", ["Roe, Ben", "Coe, Cy"]),
        ("{von Roe}, Ben and Ben {von Roe}", ["von Roe, Ben", "von Roe, Ben"]),
        ("family=Roe, given=Ben, prefix=van and given={Ada}, family={Poe}", ["van Roe, Ben", "Poe, Ada"]),
    ],
)
def test_names_in_latex(text: str, expected: list[str]) -> None:
    people, _ = parse_names(text, latex_to_text)
    assert [family_given(person) for person in people] == expected


def test_a_group_is_never_taken_apart() -> None:
    (group,), _ = parse_names("{Boats, Sails and Oars}", latex_to_text)
    assert group == Person("Boats, Sails and Oars", literal=True)
    assert bibtex_name(group) == "{Boats, Sails and Oars}"
    assert name_parts(Person("R Boat Team")).literal


def test_a_list_as_the_mla_has_it_turns_only_the_first_name_around() -> None:
    people, more = parse_names("Poe, Ada, Ben Roe, and Cy Coe")
    assert [person.name for person in people] == ["Ada Poe", "Ben Roe", "Cy Coe"]
    assert not more


@pytest.mark.parametrize("piece", ["and ", "* ", "<sup>", "others ", "Poe, ", "{", "$", "A & "])
def test_a_long_list_of_odd_pieces_comes_to_an_end(piece: str) -> None:
    for plain in (None, latex_to_text):
        assert len(parse_names(piece * 5_000, plain)[0]) <= 5_000
