from __future__ import annotations

from sitegen.importers.dblp_xml import read_dblp_xml

XML = """<dblpperson><r><inproceedings key="conf/kite/PoeR20"><author orcid="0000-0002-1825-0097">Ada Poe 0001</author>
<author>Ben Roe</author><title>Kites in Wind.</title><pages>1-9</pages><year>2020</year><booktitle>KITE</booktitle>
<ee>https://doi.org/10.1000/kite.20</ee></inproceedings></r>
<r><article key="journals/corr/abs-2401-10070"><author>Ada Poe 0001</author><title>Strings.</title>
<volume>abs/2401.10070</volume><journal>CoRR</journal><year>2024</year></article></r>
<www key="homepages/p/Poe"><author>Ada Poe 0001</author></www></dblpperson>
"""


def test_homonyms_lose_their_numbers_titles_their_full_stop_and_corr_is_arxiv() -> None:
    first, second = read_dblp_xml(XML, "poe.xml", None).entries
    assert first.raw["title"] == "Kites in Wind"
    assert first.raw["authors"] == [{"name": "Ada Poe", "orcid": "0000-0002-1825-0097"}, "Ben Roe"]
    assert (first.raw["venue"], first.raw["type"], first.raw["doi"]) == ("KITE", "paper-conference", "10.1000/kite.20")
    assert (second.raw["arxiv"], second.raw["type"]) == ("2401.10070", "article")
    assert "venue" not in second.raw
