from __future__ import annotations

import datetime

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.importers.merge import FIELDS, create, digest, merge
from sitegen.model import Appearance, Links, Paper, Person

MONDAY = Appearance("monday", datetime.date(2025, 10, 27))
TUESDAY = Appearance("tuesday", datetime.date(2025, 10, 28))
BARE = Paper(id="folding", title="Folding")
FULL = Paper(
    id="folding",
    title="Folding",
    authors=(Person("Ada Example"),),
    author_count=3,
    date=datetime.date(2025, 9, 11),
    featured_on=(datetime.date(2025, 10, 28),),
    abstract="We fold.",
    venue="Paper Days",
    arxiv="2401.00001",
    links=Links(code="https://example.org/code"),
    upvotes=4,
    extra={"organization": "Example Lab"},
)


def test_a_new_record_remembers_its_listing_and_what_it_said() -> None:
    record = create(FULL, MONDAY)
    assert record.imported is not None
    assert record.imported.listings == (MONDAY,)
    assert record.imported.fields["abstract"] == digest("We fold.")
    assert "doi" not in record.imported.fields


def test_a_second_listing_fills_what_the_first_left_empty() -> None:
    merged = merge(create(BARE, MONDAY), FULL, TUESDAY)
    assert merged.kept == ()
    for field in FIELDS:
        assert getattr(merged.paper, field) == getattr(FULL, field)
    assert merged.paper.imported is not None
    assert merged.paper.imported.listings == (MONDAY, TUESDAY)


def test_a_second_listing_does_not_replace_what_the_first_said() -> None:
    other = msgspec.structs.replace(FULL, abstract="They fold.", date=datetime.date(2020, 1, 1))
    merged = merge(create(FULL, MONDAY), other, TUESDAY)
    assert merged.paper.abstract == "We fold."
    assert merged.paper.date == FULL.date


def test_votes_become_the_highest_and_days_add_up() -> None:
    record = create(FULL, MONDAY)
    fewer = msgspec.structs.replace(FULL, upvotes=2, featured_on=(datetime.date(2025, 10, 27),))
    more = msgspec.structs.replace(FULL, upvotes=9)
    assert merge(record, fewer, TUESDAY).paper.upvotes == 4
    assert merge(record, more, TUESDAY).paper.upvotes == 9
    days = merge(record, fewer, TUESDAY).paper.featured_on
    assert days == (datetime.date(2025, 10, 27), datetime.date(2025, 10, 28))


def test_single_links_and_free_fields_are_completed() -> None:
    more = msgspec.structs.replace(
        FULL,
        links=Links(pdf="https://example.org/p.pdf", code="https://example.org/other"),
        extra={"organization": "Other", "pages": "1-9"},
    )
    merged = merge(create(FULL, MONDAY), more, TUESDAY).paper
    assert merged.links == Links(pdf="https://example.org/p.pdf", code="https://example.org/code")
    assert merged.extra == {"organization": "Example Lab", "pages": "1-9"}


def test_an_edited_value_stays_and_is_told() -> None:
    edited = msgspec.structs.replace(create(FULL, MONDAY), abstract="In my own words.", upvotes=1)
    merged = merge(edited, msgspec.structs.replace(FULL, upvotes=9), TUESDAY)
    assert (merged.paper.abstract, merged.paper.upvotes) == ("In my own words.", 1)
    assert merged.kept == ("abstract", "upvotes")


def test_a_value_that_was_taken_out_stays_out() -> None:
    edited = msgspec.structs.replace(create(FULL, MONDAY), extra={}, featured_on=(), abstract="")
    merged = merge(edited, FULL, TUESDAY)
    assert (merged.paper.extra, merged.paper.featured_on, merged.paper.abstract) == ({}, (), "")
    assert merged.kept == ("abstract", "featured_on", "extra")


def test_a_record_written_by_hand_learns_only_what_it_does_not_say() -> None:
    by_hand = msgspec.structs.replace(BARE, abstract="By hand.", featured_on=(datetime.date(2024, 1, 1),))
    merged = merge(by_hand, FULL, MONDAY)
    assert merged.paper.abstract == "By hand."
    assert merged.paper.featured_on == (datetime.date(2024, 1, 1),)
    assert merged.paper.upvotes == 4
    assert merged.kept == ()


def test_terms_that_a_person_took_out_are_no_gap_for_keywords() -> None:
    record = create(BARE, MONDAY)
    assert record.imported is not None
    ruled = msgspec.structs.replace(record, imported=msgspec.structs.replace(record.imported, tags=("wind",)))
    keywords = msgspec.structs.replace(BARE, tags=("sails",))
    assert merge(ruled, keywords, TUESDAY).paper.tags == ()
    assert merge(record, keywords, TUESDAY).paper.tags == ("sails",)


def test_a_listing_counts_once_for_each_day_of_capture() -> None:
    record = create(BARE, Appearance("monday"))
    dated = merge(record, BARE, MONDAY).paper
    assert dated.imported is not None
    assert dated.imported.listings == (MONDAY,)
    assert merge(dated, BARE, Appearance("monday")).paper == dated
    later = Appearance("monday", datetime.date(2025, 11, 3))
    again = merge(dated, BARE, later).paper
    assert again.imported is not None
    assert again.imported.listings == (MONDAY, later)


PAPERS = st.builds(
    Paper,
    id=st.just("folding"),
    title=st.sampled_from(["Folding", "Folding!"]),
    abstract=st.sampled_from(["", "We fold.", "They fold."]),
    upvotes=st.none() | st.integers(0, 9),
    author_count=st.none() | st.integers(1, 9),
    featured_on=st.lists(st.dates(datetime.date(2025, 1, 1), datetime.date(2025, 1, 5)), max_size=2).map(
        lambda days: tuple(sorted(set(days)))
    ),
    extra=st.dictionaries(st.sampled_from("ab"), st.integers(0, 2), max_size=2),
)


@given(PAPERS, st.lists(st.tuples(PAPERS, st.sampled_from([MONDAY, TUESDAY])), max_size=5))
@settings(deadline=None)
def test_showing_the_same_listings_again_changes_nothing(first: Paper, shown: list[tuple[Paper, Appearance]]) -> None:
    record = create(first, MONDAY)
    for paper, appearance in shown:
        record = merge(record, paper, appearance).paper
    for paper, appearance in [(first, MONDAY), *shown]:
        again = merge(record, paper, appearance)
        assert again.paper == record
        assert again.kept == ()
