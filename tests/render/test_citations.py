from __future__ import annotations

import json
import re
from typing import Any

import bibtexparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory_sites import paper_of

from sitegen.content.bibtex import read_bibtex
from sitegen.content.record import paper_from
from sitegen.model import Paper
from sitegen.render.citations import bibliography, citation_key, citations
from sitegen.render.reference import Name, name_of, reference
from sitegen.urls import slugify

TEXT = st.text(st.sampled_from("aZ é{}\\$&%#_~^\",'@=-0\n漢and "), min_size=1, max_size=40)


def fields_of(bibtex: str) -> dict[str, str]:
    library = bibtexparser.parse_string(bibtex)
    assert not library.failed_blocks
    (entry,) = library.entries
    return {"type": entry.entry_type, "key": entry.key, **{field.key: field.value for field in entry.fields}}


def ris_rows(ris: str) -> list[tuple[str, str]]:
    rows = []
    for line in ris.split("\r\n")[:-1]:
        assert re.match(r"[A-Z][A-Z0-9]  - ", line), line
        rows.append((line[:2], line[6:]))
    assert rows[0][0] == "TY" and rows[-1] == ("ER", "")
    return rows


def csl_of(text: str) -> dict[str, Any]:
    (row,) = json.loads(text)
    assert isinstance(row, dict)
    return row


@pytest.fixture
def full() -> Paper:
    return paper_of(
        "The $k$-Server & 100% of #1_x",
        "An *abstract*.",
        authors=["Ada Invented", {"name": "Jan van der Berg"}, {"name": "Mei Li", "family": "Li", "given": "Mei"}],
        date="2025-10-09",
        venue="Proceedings of the Made-up Conference",
        doi="10.1234/ab_c",
        arxiv="2510.00001",
        tags=["graphs"],
        extra={"pages": "12--19", "volume": 3, "publisher": "Nobody & Sons"},
    )


def test_bibtex_holds_every_known_fact_and_can_be_parsed(full: Paper) -> None:
    assert fields_of(citations(full, "https://papers.example/x/").bibtex) == {
        "type": "inproceedings",
        "key": "invented2025server",
        "title": r"{The $k$-Server \& 100\% of \#1\_x}",
        "author": "Invented, Ada and van der Berg, Jan and Li, Mei",
        "booktitle": "Proceedings of the Made-up Conference",
        "volume": "3",
        "pages": "12--19",
        "publisher": r"Nobody \& Sons",
        "year": "2025",
        "doi": "10.1234/ab_c",
        "eprint": "2510.00001",
        "archiveprefix": "arXiv",
        "url": "https://papers.example/x/",
        "month": "oct",
    }


def test_ris_holds_every_known_fact(full: Paper) -> None:
    rows = ris_rows(citations(full, "https://papers.example/x/").ris)
    assert ("TY", "CPAPER") in rows
    assert ("TI", "The k-Server & 100% of #1_x") in rows
    assert [value for tag, value in rows if tag == "AU"] == ["Invented, Ada", "van der Berg, Jan", "Li, Mei"]
    assert ("DA", "2025/10/09/") in rows
    assert ("SP", "12") in rows and ("EP", "19") in rows


def test_csl_json_holds_every_known_fact(full: Paper) -> None:
    row = csl_of(citations(full).csl)
    assert row["type"] == "paper-conference"
    assert row["issued"] == {"date-parts": [[2025, 10, 9]]}
    assert row["author"][1] == {"family": "van der Berg", "given": "Jan"}
    assert row["URL"] == "https://doi.org/10.1234/ab_c"
    assert row["volume"] == "3" and row["page"] == "12–19"


def test_plain_text_reads_as_a_sentence(full: Paper) -> None:
    assert citations(full, "https://papers.example/x/").text == (
        "Ada Invented, Jan van der Berg, Mei Li: The k-Server & 100% of #1_x. Proceedings of the Made-up Conference "
        "3, pp. 12–19, 2025. https://doi.org/10.1234/ab_c https://papers.example/x/"
    )


def test_a_paper_of_which_only_the_title_is_known_has_citations_without_empty_fields() -> None:
    made = citations(paper_of("Is it so?", author_count=5))
    assert fields_of(made.bibtex) == {"type": "misc", "key": "isitso", "title": "{Is it so?}"}
    assert csl_of(made.csl) == {"id": "isitso", "type": "document", "title": "Is it so?"}
    assert made.text == "Is it so?"
    assert {tag for tag, _ in ris_rows(made.ris)} == {"TY", "ID", "TI", "ER"}


def test_a_year_without_a_day_is_cited() -> None:
    made = citations(paper_of("Old", authors=["A B"], extra={"year": 1999, "month": 3}))
    assert fields_of(made.bibtex)["year"] == "1999"
    assert csl_of(made.csl)["issued"] == {"date-parts": [[1999, 3]]}
    assert ("DA", "1999/03//") in ris_rows(made.ris)


def test_authors_beyond_those_named_are_others() -> None:
    made = citations(paper_of("T", authors=["A B"], author_count=7))
    assert fields_of(made.bibtex)["author"] == "B, A and others"
    assert made.text.startswith("A B et al.: T.")


@pytest.mark.parametrize(
    ("name", "family", "given", "suffix"),
    [
        ("Ada Invented", "Invented", "Ada", ""),
        ("Jan van der Berg", "van der Berg", "Jan", ""),
        ("John Made Jr.", "Made", "John", "Jr."),
        ("李明", "李明", "", ""),
        ("Plato", "Plato", "", ""),
        ("de Facto", "Facto", "de", ""),
    ],
)
def test_names_come_apart_as_a_library_would_file_them(name: str, family: str, given: str, suffix: str) -> None:
    assert name_of(paper_of("T", authors=[name]).authors[0]) == Name(family, given, suffix)


def test_the_type_follows_the_source_then_the_venue() -> None:
    def kind(**fields: Any) -> str:
        return reference(paper_of("T", **fields)).type

    assert kind(venue="Journal of Nothing") == "article-journal"
    assert kind(venue="Workshop on Nothing") == "paper-conference"
    assert kind(venue="Workshop on Nothing", extra={"entry_type": "article"}) == "article-journal"
    assert kind(venue="Paper University", type="thesis") == "thesis"
    assert kind(arxiv="2510.00001") == "article"
    assert kind() == "document"


def test_a_bibliography_has_distinct_keys_and_a_papers_own_key_stays() -> None:
    twins = [paper_of("Same Words", id=f"p{i}", authors=["A B"], date="2025-01-01") for i in range(3)]
    keys = [entry.key for entry in bibtexparser.parse_string(bibliography(twins, "bibtex")).entries]
    assert len(set(keys)) == 3
    assert keys[0] == citation_key(twins[0]) == "b2025same"
    assert [row["id"] for row in json.loads(bibliography(twins, "csl"))] == keys


@given(st.text(st.sampled_from("abcdeXYZ019:,.?!()&'+/#é"), min_size=1, max_size=45))
def test_a_word_stands_in_a_key_as_in_a_slug(word: str) -> None:
    assert citation_key(paper_of(word)) == slugify(word).replace("-", "")[:40]


def test_a_bibliography_carries_abstracts(full: Paper) -> None:
    assert "abstract = {An abstract.}" in bibliography([full], "bibtex")
    assert ("AB", "An abstract.") in ris_rows(bibliography([full], "ris"))


@given(TEXT, TEXT, TEXT)
def test_no_title_name_or_venue_breaks_a_format(title: str, name: str, venue: str) -> None:
    if not title.strip() or not name.strip():
        return
    paper = paper_of(title, authors=[{"name": name}], venue=venue, date="2025-10-09")
    made = citations(paper)
    fields = fields_of(made.bibtex)
    assert fields["title"].count("{") == fields["title"].count("}")
    assert re.fullmatch(r"[a-z0-9-]+", fields["key"])
    assert dict(ris_rows(made.ris))["PY"] == "2025"
    assert csl_of(made.csl)["title"]


def test_bibtex_that_is_written_is_read_again_as_the_same_paper(full: Paper) -> None:
    papers = [full, paper_of("Über {braces}, 100% & $\\alpha_1$ sets", authors=["李明", "Zoë Ünal"], date="2024-02-29")]
    read = read_bibtex(bibliography(papers, "bibtex"), "made.bib")
    assert read.problems == []
    for paper, (fields, _) in zip(papers, read.records, strict=True):
        again, _ = paper_from(fields, "made.bib")
        assert again is not None
        assert again.title == paper.title
        assert [author.name for author in again.authors] == [author.name for author in paper.authors]
        assert (again.doi, again.arxiv, again.venue) == (paper.doi, paper.arxiv, paper.venue)
