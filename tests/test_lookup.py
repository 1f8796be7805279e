from __future__ import annotations

import pytest
from site_maker import SiteMaker, paper

from sitegen.collection.read import read_site
from sitegen.config import SearchConfig, load_config
from sitegen.errors import UsageError
from sitegen.lookup import Lookup


@pytest.fixture
def lookup(make_site: SiteMaker) -> Lookup:
    root = make_site(
        {
            "content/papers/spiking.md": paper("Spiking neural networks", "Neurons that spike rarely."),
            "content/papers/lora.md": paper("LoRA for everyone", "Low-rank matrices.", tags="[fine-tuning]"),
            "content/papers/mueller.md": paper("On networks", authors="[Ada Müller]", date="2025-10-29"),
        }
    )
    return Lookup(read_site(root, load_config(root / "sitegen.yaml"))[0], SearchConfig())


def ids(lookup: Lookup, text: str) -> list[str]:
    return [hit.id for hit in lookup.find(text)]


def test_papers_that_hold_all_words_are_found_whatever_their_form(lookup: Lookup) -> None:
    assert ids(lookup, "SPIKING networks") == ["spiking"]
    assert ids(lookup, "muller") == ["mueller"]
    assert ids(lookup, "lora") == ["lora"]


def test_the_last_word_may_be_half_typed(lookup: Lookup) -> None:
    assert ids(lookup, "neural netw") == ["spiking"]


def test_where_no_paper_holds_all_words_those_that_hold_some_are_found(lookup: Lookup) -> None:
    assert set(ids(lookup, "spiking lora")) == {"spiking", "lora"}


def test_punctuation_is_no_syntax(lookup: Lookup) -> None:
    assert ids(lookup, "lora: for everyone~ +") == ["lora"]
    assert ids(lookup, ":::") == []
    assert ids(lookup, "") == []


def test_lunrs_own_language_is_understood(lookup: Lookup) -> None:
    assert [hit.id for hit in lookup.ask("+title:network -title:neural")] == ["mueller"]
    with pytest.raises(UsageError, match="not a Lunr query"):
        lookup.ask("nofield:x")


def test_a_hit_tells_where_and_what_the_paper_is(lookup: Lookup) -> None:
    [hit] = lookup.find("müller")
    assert (hit.title, hit.url, hit.date) == ("On networks", "papers/mueller/", "2025-10-29")
    assert hit.score > 0


def test_an_empty_collection_finds_nothing(make_site: SiteMaker) -> None:
    root = make_site({})
    lookup = Lookup(read_site(root, load_config(root / "sitegen.yaml"))[0], SearchConfig())
    assert lookup.find("anything") == []
    assert lookup.ask("anything") == []
