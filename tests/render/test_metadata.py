from __future__ import annotations

import html
import json
import re
import struct
import urllib.parse
import zlib
from typing import Any

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory_sites import BASE, config_of, env_of, outputs_of, paper_of, site_of

from sitegen.render.metadata import Metadata, coins, home_metadata, list_metadata, page_metadata, paper_metadata
from sitegen.render.reference import reference
from sitegen.render.share_image import HEIGHT, WIDTH, share_image

HOSTILE = st.text(st.sampled_from("<>/&\"'\\-!{}scriptSCRIPT\u2028 $"), max_size=40)


def metadata_of(title: str = "On trees", body: str = "", **fields: Any) -> Metadata:
    site = site_of([paper_of(title, body, **fields)])
    return paper_metadata(site, env_of(), 0, reference(site.papers[0], f"{BASE}papers/{site.slugs[0]}/"))


def values(metadata: Metadata, key: str) -> list[str]:
    return [content for names, content in metadata.metas if f'"{key}"' in names]


def citation_names(metadata: Metadata) -> list[str]:
    return [name for names, _ in metadata.metas for name in re.findall('name="(citation_[a-z_]+)"', names)]


def read_as_page(metadata: Metadata) -> dict[str, Any]:
    """The JSON-LD as a browser would read it from a page."""
    tree = html5lib.parse(
        f'<script type="application/ld+json">{metadata.jsonld}</script><p>after</p>', namespaceHTMLElements=False
    )
    (script,) = tree.iter("script")
    assert [element.text for element in tree.iter("p")] == ["after"]
    data = json.loads(script.text)
    assert data["@context"] == "https://schema.org"
    return dict(data)


def test_highwire_tags_are_what_google_scholar_and_zotero_want() -> None:
    made = metadata_of(
        "On $k$ trees",
        authors=[{"name": "Ada Invented", "affiliation": "Nowhere", "orcid": "0000-0000-0000-0001"}, "B. Made"],
        date="2025-03-09",
        venue="Journal of Trees",
        doi="10.1234/x",
        tags=["graphs", "trees"],
        links={"pdf": "files/a b.pdf".replace(" ", "-")},
    )
    assert values(made, "citation_title") == ["On k trees"]
    names = [name for name in citation_names(made) if name.startswith("citation_author")]
    assert names == ["citation_author", "citation_author_institution", "citation_author_orcid", "citation_author"]
    assert values(made, "citation_author") == ["Invented, Ada", "Made, B."]
    assert values(made, "citation_publication_date") == ["2025/03/09"]
    assert values(made, "citation_journal_title") == ["Journal of Trees"]
    assert values(made, "citation_pdf_url") == [BASE + "files/a-b.pdf"]
    assert values(made, "citation_keywords") == ["graphs; trees"]
    assert values(made, "og:title") == ["On k trees"]


def test_what_is_not_known_has_no_tag() -> None:
    made = metadata_of("Bare")
    assert all(content for _, content in made.metas)
    assert citation_names(made) == ["citation_title"]
    assert all(read_as_page(made).values())


def test_a_pdf_elsewhere_keeps_its_address() -> None:
    made = metadata_of(links={"pdf": "https://a.example/x.pdf"})
    assert values(made, "citation_pdf_url") == ["https://a.example/x.pdf"]


def test_json_ld_describes_a_scholarly_article() -> None:
    made = metadata_of(
        authors=[{"name": "Ada Invented", "orcid": "0000-0000-0000-0001"}],
        date="2025-03-09",
        doi="10.1234/x",
        arxiv="2503.00001",
        notice={"kind": "retraction", "text": "No."},
        language="de",
    )
    data = read_as_page(made)
    assert data["@type"] == "ScholarlyArticle"
    assert data["author"] == [
        {"@type": "Person", "name": "Ada Invented", "sameAs": "https://orcid.org/0000-0000-0000-0001"}
    ]
    assert data["datePublished"] == "2025-03-09"
    assert data["sameAs"] == ["https://doi.org/10.1234/x", "https://arxiv.org/abs/2503.00001"]
    assert data["creativeWorkStatus"] == "Retracted"
    assert data["inLanguage"] == values(made, "citation_language")[0] == "de"


def test_the_home_page_offers_its_search_to_machines() -> None:
    data = read_as_page(home_metadata(env_of()))
    assert data["@type"] == "WebSite"
    assert data["potentialAction"]["target"]["urlTemplate"] == BASE + "search/?q={search_term_string}"
    without = home_metadata(env_of(config_of(search={"enabled": False})))
    assert "potentialAction" not in read_as_page(without)


def test_a_list_says_how_many_papers_it_has_and_to_which_site_it_belongs() -> None:
    data = read_as_page(list_metadata(env_of(), "Graphs", 51))
    assert (data["@type"], data["name"]) == ("CollectionPage", "Graphs")
    assert data["mainEntity"] == {"@type": "ItemList", "numberOfItems": 51}
    assert data["isPartOf"]["@id"] == read_as_page(home_metadata(env_of()))["@id"]


def test_every_page_has_a_title_and_an_absolute_image_to_share() -> None:
    for made in (metadata_of(), home_metadata(env_of()), page_metadata(env_of(), "About")):
        assert values(made, "og:image") == [BASE + "share.png"]
        assert len(values(made, "og:title")) == 1


def test_what_people_share_of_a_page_is_its_description() -> None:
    made = outputs_of(site_of([paper_of("On trees", "What it says.")]), env_of(), "paper")
    head = html5lib.parse(made["papers/on-trees/index.html"].decode(), namespaceHTMLElements=False).find("head")
    (meta,) = [meta for meta in head.iter("meta") if meta.attrib.get("property") == "og:description"]
    assert (meta.attrib["name"], meta.attrib["content"]) == ("description", "What it says.")


@given(HOSTILE, HOSTILE)
def test_no_title_or_abstract_ends_the_json_ld_script(title: str, body: str) -> None:
    if not title.strip():
        return
    data = read_as_page(metadata_of(title, body, authors=[{"name": f"x{title}"}], tags=[f"t{body}"]))
    assert data["@type"] == "ScholarlyArticle"


def test_coins_name_the_paper_its_authors_and_its_addresses() -> None:
    paper = paper_of(
        'On "R&D" <b>',
        authors=["Ada Invented", "B. Made"],
        date="2025-03-09",
        venue="Proceedings of X",
        doi="10.1234/x",
    )
    tree = html5lib.parse(f'<span class="Z3988" title="{coins(paper, BASE)}">', namespaceHTMLElements=False)
    (span,) = tree.iter("span")
    read = urllib.parse.parse_qs(span.attrib["title"], strict_parsing=True)
    assert read["ctx_ver"] == ["Z39.88-2004"]
    assert read["rft.atitle"] == ['On "R&D" <b>']
    assert read["rft.genre"] == ["proceeding"]
    assert read["rft.au"] == ["Invented, Ada", "Made, B."]
    assert read["rft.date"] == ["2025-03-09"]
    assert read["rft_id"] == ["info:doi/10.1234/x", BASE]


@pytest.mark.parametrize("title", ["Papers", "別の題"])
def test_the_share_image_is_a_png_of_the_size_it_claims(title: str) -> None:
    image = share_image(title, 200)
    assert image == share_image(title, 200) != share_image(title + "x", 200)
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, position = {}, 8
    while position < len(image):
        length, name = struct.unpack(">I4s", image[position : position + 8])
        data = image[position + 8 : position + 8 + length]
        (check,) = struct.unpack(">I", image[position + 8 + length : position + 12 + length])
        assert check == zlib.crc32(name + data)
        chunks[name] = data
        position += 12 + length
    assert struct.unpack(">II", chunks[b"IHDR"][:8]) == (WIDTH, HEIGHT) == (1200, 630)
    assert len(zlib.decompress(chunks[b"IDAT"])) == HEIGHT * (1 + 3 * WIDTH)


def test_a_built_page_carries_its_metadata_in_its_head() -> None:
    paper = paper_of('On <b> & "x"', authors=['A "B" <C>'], date="2025-03-09", tags=["graphs"])
    site = site_of([paper])
    made = outputs_of(site, env_of(), "paper", "term")
    slug = site.slugs[0]
    head = html5lib.parse(made[f"papers/{slug}/index.html"].decode(), namespaceHTMLElements=False).find("head")
    metas = {
        meta.attrib[key]: meta.attrib["content"]
        for meta in head.iter("meta")
        for key in ("name", "property")
        if key in meta.attrib
    }
    assert metas["citation_title"] == metas["og:title"] == 'On <b> & "x"'
    assert metas["citation_author"] == '<C>, A "B"'
    (script,) = [e for e in head.iter("script") if e.attrib.get("type") == "application/ld+json"]
    assert json.loads(script.text)["author"] == [{"@type": "Person", "name": 'A "B" <C>'}]
    (canonical,) = [link for link in head.iter("link") if link.attrib["rel"] == "canonical"]
    assert canonical.attrib["href"] == f"{BASE}papers/{slug}/"


def test_every_paper_of_a_built_list_has_its_coins() -> None:
    papers = [paper_of(f"Paper {n}", tags=["graphs"]) for n in range(3)]
    html = outputs_of(site_of(papers), env_of(), "term")["tags/graphs/index.html"].decode()
    spans = [
        e for e in html5lib.parse(html, namespaceHTMLElements=False).iter("span") if e.attrib.get("class") == "Z3988"
    ]
    read = [urllib.parse.parse_qs(span.attrib["title"], strict_parsing=True) for span in spans]
    assert {title for row in read for title in row["rft.atitle"]} == {"Paper 0", "Paper 1", "Paper 2"}


@pytest.mark.parametrize(
    ("kind", "tag", "schema", "coins_format"),
    [
        ("article-journal", "citation_journal_title", "ScholarlyArticle", "journal"),
        ("paper-conference", "citation_conference_title", "ScholarlyArticle", "journal"),
        ("chapter", "citation_book_title", "Chapter", "book"),
        ("book", "citation_isbn", "Book", "book"),
        ("thesis", "citation_dissertation_institution", "Thesis", "dissertation"),
        ("report", "citation_technical_report_institution", "Report", "book"),
        ("dataset", "citation_publisher", "Dataset", "journal"),
        ("software", "citation_publisher", "SoftwareSourceCode", "journal"),
    ],
)
def test_reference_managers_are_told_the_type(kind: str, tag: str, schema: str, coins_format: str) -> None:
    facts = {"type": kind, "venue": "A Place", "publisher": "A House", "isbn": "9783161484100", "number": "7"}
    made = metadata_of("Title", authors=["Ada van Poe", {"name": "Boat Group", "literal": True}], **facts)
    assert tag in citation_names(made)
    assert values(made, "citation_author") == ["van Poe, Ada", "Boat Group"]
    data = json.loads(made.jsonld)
    assert data["@type"] == schema
    assert [author["@type"] for author in data["author"]] == ["Person", "Organization"]
    span = dict(urllib.parse.parse_qsl(html.unescape(str(coins(paper_of("Title", **facts))))))
    assert span["rft_val_fmt"] == f"info:ofi/fmt:kev:mtx:{coins_format}"
    assert "Title" in span.values()
