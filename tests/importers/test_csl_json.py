from __future__ import annotations

import json
from typing import Any

from sitegen.importers.csl_json import read_csl_json


def raw(item: dict[str, Any]) -> dict[str, Any]:
    [entry] = read_csl_json(json.dumps([item]), "list.json", None).entries
    return entry.raw


def test_an_item_arrives_with_all_that_a_citation_needs() -> None:
    assert raw(
        {
            "id": "poe2020",
            "citation-key": "poe2020",
            "type": "article-journal",
            "title": "Kites and <i>Tails</i>",
            "author": [
                {"family": "Poe", "given": "Ada"},
                {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
                {"literal": "The Kite Team"},
            ],
            "container-title": "Journal of Kites",
            "container-title-short": "J. Kites",
            "volume": 3,
            "issue": "2",
            "page": "1-9",
            "issued": {"date-parts": [["2020", 5]]},
            "DOI": "10.1000/kite.1",
            "URL": "https://doi.org/10.1000/kite.1",
            "abstract": "<jats:p>We fold.</jats:p><jats:p>We fly.</jats:p>",
            "keyword": "kites, tails",
        }
    ) == {
        "id": "poe2020",
        "citation_key": "poe2020",
        "type": "article-journal",
        "title": "Kites and Tails",
        "authors": [
            {"name": "Ada Poe", "family": "Poe", "given": "Ada"},
            {"name": "Jan van der Berg", "family": "Berg", "given": "Jan", "particle": "van der"},
            {"name": "The Kite Team", "literal": True},
        ],
        "venue": "Journal of Kites",
        "venue_short": "J. Kites",
        "volume": "3",
        "issue": "2",
        "pages": "1-9",
        "date": "2020-05",
        "doi": "10.1000/kite.1",
        "abstract": "We fold.\n\nWe fly.",
        "tags": ["kites", "tails"],
    }


def test_a_preprint_on_arxiv_has_its_number_and_no_venue() -> None:
    found = raw(
        {
            "id": "x",
            "type": "report",
            "number": "1906.10001",
            "title": "Oars",
            "container-title": "arXiv",
            "issued": {"raw": "2019-06"},
        }
    )
    assert (found["arxiv"], found["date"]) == ("1906.10001", "2019-06")
    assert "venue" not in found
    assert "number" not in found


def test_what_has_no_place_is_named() -> None:
    [entry] = read_csl_json(
        '[{"title": "T", "issued": {}, "call-number": "A 1", "accessed": {"raw": "x"}}]', "l", None
    ).entries
    assert entry.unused == ("call-number",)
