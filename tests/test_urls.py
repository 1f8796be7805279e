from __future__ import annotations

import datetime
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen import urls


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Attention Is All You Need", "attention-is-all-you-need"),
        ("Łukasz Kaiser", "lukasz-kaiser"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("GPT-4: What?", "gpt-4-what"),
        ("Straße", "strasse"),
    ],
)
def test_a_slug_keeps_what_can_be_read(text: str, slug: str) -> None:
    assert urls.slugify(text) == slug


@given(st.text())
def test_any_text_gets_a_segment_that_is_safe_on_every_disk(text: str) -> None:
    slug = urls.segment(text)
    assert slug
    assert len(slug.encode()) <= 120
    assert slug.isascii() and slug == slug.lower()
    assert not set(slug) - set("abcdefghijklmnopqrstuvwxyz0123456789-_.")
    assert slug[0] not in ".-_" and slug[-1] not in ".- "
    assert slug.split(".")[0] not in {"con", "prn", "aux", "nul", "com1", "lpt9"}


@given(st.lists(st.one_of(st.text(max_size=6), st.text("ab.1-\n", max_size=5), st.sampled_from(["con", "com1.x"]))))
def test_many_segments_are_those_of_each(texts: list[str]) -> None:
    assert urls.segments(texts) == [urls.segment(text) for text in texts]


@pytest.mark.parametrize("identifier", ["2401.00001", "2023.acl-long.1", "some-paper_2"])
def test_identifiers_of_the_field_are_kept_as_they_are(identifier: str) -> None:
    assert urls.segment(identifier) == identifier


@given(st.sets(st.text(min_size=1), max_size=12))
def test_different_ids_get_different_segments(ids: set[str]) -> None:
    slugs = urls.assign_slugs({key: urls.segment(key) for key in ids})
    assert slugs.keys() == ids
    assert len({unicodedata.normalize("NFC", slug).casefold() for slug in slugs.values()}) == len(ids)


def test_the_exact_spelling_keeps_the_plain_segment_whoever_else_wants_it() -> None:
    alone = urls.assign_slugs({"attention": "attention"})
    rivals = urls.assign_slugs({"Attention": "attention", "ATTENTION": "attention", "attention": "attention"})
    assert alone["attention"] == rivals["attention"] == "attention"
    fewer = urls.assign_slugs({"Attention": "attention", "attention": "attention"})
    assert fewer["Attention"] == rivals["Attention"]


@pytest.mark.parametrize(("url", "root"), [("", "./"), ("search/", "../"), ("papers/x/", "../../")])
def test_the_root_is_as_many_levels_up_as_the_page_is_deep(url: str, root: str) -> None:
    assert urls.root_of(url) == root


def test_years_have_four_digits_from_the_first_on() -> None:
    first = datetime.date(1, 1, 1)
    assert (urls.day_url(first), urls.month_url(first), urls.week_url(first)) == (
        "0001/01/01/",
        "0001/01/",
        "0001/W01/",
    )


def test_a_week_belongs_to_its_iso_year() -> None:
    assert urls.week_url(datetime.date(2024, 12, 30)) == "2025/W01/"
    assert urls.month_url(datetime.date(2024, 12, 30)) == "2024/12/"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//other.example/x",
        "https://x.example/a b",
        "http://x.example/\x00",
        "",
    ],
)
def test_a_link_that_could_run_or_leave_unseen_is_refused(url: str) -> None:
    assert urls.safe_link(url) is None


@pytest.mark.parametrize("url", ["https://x.example/a?b=c#d", "http://x.example", "mailto:a@x.example", "files/a.pdf"])
def test_an_ordinary_link_is_kept(url: str) -> None:
    assert urls.safe_link(url) == url


def test_paths_that_differ_only_by_case_or_unicode_form_are_rivals() -> None:
    claims = [("a/index.html", "1"), ("A/index.html", "2"), ("caf\u00e9", "3"), ("cafe\u0301", "4"), ("b", "5")]
    assert list(urls.duplicates(claims).values()) == [["1", "2"], ["3", "4"]]


@given(st.text(st.sampled_from("abzABZ019 -"), max_size=90))
def test_the_short_way_to_a_slug_equals_the_long_way(text: str) -> None:
    if urls._PLAIN_WORDS.fullmatch(text):
        # A curly quote at the end, which no slug keeps, sends the same words the long way.
        assert urls.slugify(text) == urls.slugify(text + "\u2019")


def test_a_segment_that_tells_papers_apart_may_be_another_s_own() -> None:
    first = urls.assign_slugs({"A": "a", "a": "a"})
    taken = first["A"]
    again = urls.assign_slugs({"A": "a", "a": "a", taken: taken})
    assert len(set(again.values())) == 3
    assert (again["a"], again[taken]) == ("a", taken)
