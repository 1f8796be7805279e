from __future__ import annotations

from sitegen.importers.nbib import looks_like_nbib, read_nbib

RECORD = """
PMID- 30700001
OWN - NLM
VI  - 50
IP  - 3
DP  - 2019 Mar 5
TI  - Impact of Folding on Kites in the
      Wind Registry.
PG  - 697-704
LID - 10.1000/kite.10 [doi]
AB  - BACKGROUND: We fold.
      METHODS: We fly.
FAU - Poe, Ada B
AU  - Poe AB
AUID- ORCID: 0000-0002-1825-0097
AD  - Kite University.
FAU - Roe, Ben
AU  - Roe B
CN  - WIND Collaborators
LA  - eng
PT  - Journal Article
TA  - J Kites
JT  - Journal of kites
MH  - *Kites/methods
OT  - folding
ZZ  - odd

PMID- 30700002
TI  - Another.
AU  - Coe C
"""


def test_records_arrive_with_full_names_orcids_and_keywords() -> None:
    first, second = read_nbib(RECORD, "list.nbib", None).entries
    assert first.raw == {
        "id": "pmid-30700001",
        "title": "Impact of Folding on Kites in the Wind Registry",
        "venue": "Journal of kites",
        "venue_short": "J Kites",
        "volume": "50",
        "issue": "3",
        "pages": "697-704",
        "date": "2019 Mar 5",
        "doi": "10.1000/kite.10",
        "abstract": "BACKGROUND: We fold. METHODS: We fly.",
        "authors": [
            {
                "name": "Ada B Poe",
                "family": "Poe",
                "given": "Ada B",
                "orcid": "0000-0002-1825-0097",
                "affiliation": "Kite University",
            },
            {"name": "Ben Roe", "family": "Roe", "given": "Ben"},
        ],
        "collaboration": "WIND Collaborators",
        "language": "en",
        "type": "article-journal",
        "tags": ["Kites", "folding"],
        "extra": {"pmid": "30700001"},
    }
    assert (first.line, first.unused) == (2, ("ZZ",))
    assert second.raw["authors"] == ["Coe C"]


def test_pubmed_s_text_is_known_by_its_first_tag() -> None:
    assert looks_like_nbib(RECORD)
    assert not looks_like_nbib("TY  - JOUR\nTI  - PMID- 1\n")
