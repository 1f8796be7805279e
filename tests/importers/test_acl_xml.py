from __future__ import annotations

from sitegen.importers.acl_xml import read_acl_xml

XML = """<?xml version='1.0' encoding='UTF-8'?>
<collection id="2025.kite"><volume id="long" type="proceedings">
<meta><booktitle>Proceedings of KITE 2025</booktitle>
<publisher>Kite Press</publisher><month>April</month><year>2025</year></meta>
<paper id="1">
<title><fixed-case>K</fixed-case>ite<fixed-case>BERT</fixed-case> at <tex-math>O(n)</tex-math></title>
<author orcid="0000-0002-1825-0097"><first>Ada</first><last>Poe</last>
<affiliation>Kite University</affiliation></author>
<author><first/><last>Roe</last></author>
<pages>1-23</pages><abstract>We are <i>folded</i> by <tex-math>\\alpha</tex-math>.</abstract>
<url>2025.kite-long.1</url><bibkey>poe-roe-2025-kitebert</bibkey><doi>10.1000/kite.14</doi><award>Best Paper</award>
</paper></volume></collection>
"""


def test_a_paper_arrives_with_its_volume_mathematics_and_pdf() -> None:
    listing = read_acl_xml(XML, "2025.kite.xml", None)
    [entry] = listing.entries
    assert listing.problems == ()
    assert entry.raw == {
        "id": "2025.kite-long.1",
        "title": "KiteBERT at $O(n)$",
        "abstract": "We are folded by $\\alpha$.",
        "authors": [
            {
                "name": "Ada Poe",
                "given": "Ada",
                "family": "Poe",
                "orcid": "0000-0002-1825-0097",
                "affiliation": "Kite University",
            },
            {"name": "Roe", "family": "Roe"},
        ],
        "doi": "10.1000/kite.14",
        "pages": "1-23",
        "citation_key": "poe-roe-2025-kitebert",
        "extra": {"award": "Best Paper"},
        "venue": "Proceedings of KITE 2025",
        "type": "paper-conference",
        "date": "April 2025",
        "publisher": "Kite Press",
        "links": {
            "pdf": "https://aclanthology.org/2025.kite-long.1.pdf",
            "project": "https://aclanthology.org/2025.kite-long.1/",
        },
    }
    assert entry.line == 5


def test_a_file_that_is_cut_off_gives_what_was_whole_and_says_where_it_ends() -> None:
    whole = XML.index("</paper>") + len("</paper>")
    listing = read_acl_xml(XML[:whole], "2025.kite.xml", None)
    assert [entry.raw["id"] for entry in listing.entries] == ["2025.kite-long.1"]
    assert listing.problems[0].message.startswith("not valid XML")
