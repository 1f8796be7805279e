from __future__ import annotations

import pytest

from sitegen.importers.feeds import read_feed
from sitegen.importers.listing import Listing

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title>Query results</title>
  <entry>
    <id>http://arxiv.org/abs/2401.00001v2</id>
    <updated>2024-02-03T10:00:00Z</updated>
    <published>2024-01-01T10:00:00Z</published>
    <title>Folding Very
      Large Sheets</title>
    <summary>  We fold sheets of size $2^*$
  and A* sheets.
    </summary>
    <author><name>Ada Example</name>
      <arxiv:affiliation xmlns:arxiv="http://arxiv.org/schemas/atom">Example Lab</arxiv:affiliation></author>
    <author><name>Bo Sample</name></author>
    <arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.1234/fold</arxiv:doi>
    <arxiv:comment xmlns:arxiv="http://arxiv.org/schemas/atom">9 pages</arxiv:comment>
    <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="cs.CG"/>
    <link href="http://arxiv.org/abs/2401.00001v2" rel="alternate" type="text/html"/>
    <link title="pdf" href="http://arxiv.org/pdf/2401.00001v2" rel="related" type="application/pdf"/>
    <category term="cs.CG" scheme="http://arxiv.org/schemas/atom"/>
  </entry>
  <entry><title>Sailing</title></entry>
</feed>
"""


def read(text: str) -> Listing:
    return read_feed(text, "feed.xml", None)


def test_an_entry_becomes_a_record() -> None:
    first, second = read(FEED).entries
    assert first.raw == {
        "id": "2401.00001",
        "title": "Folding Very Large Sheets",
        "abstract": "We fold sheets of size $2^*$ and A\\* sheets.",
        "authors": [{"name": "Ada Example", "affiliation": "Example Lab"}, "Bo Sample"],
        "date": "2024-01-01",
        "updated": "2024-02-03",
        "doi": "10.1234/fold",
        "arxiv": "2401.00001v2",
        "links": {"pdf": "http://arxiv.org/pdf/2401.00001v2"},
        "extra": {"comment": "9 pages", "primary_category": "cs.CG", "categories": ["cs.CG"]},
    }
    assert (first.line, second.line) == (4, 23)
    assert second.raw == {"title": "Sailing"}


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE r [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE r SYSTEM "http://example.invalid/x.dtd">',
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://example.invalid/p">%p;]>',
    ],
)
def test_a_document_type_is_refused(doctype: str) -> None:
    listing = read(FEED.replace("<feed", f"{doctype}\n<feed", 1))
    assert listing.entries == ()
    assert [str(problem) for problem in listing.problems] == [
        "feed.xml:2: a document type is not allowed (take the line with DOCTYPE out)"
    ]


@pytest.mark.parametrize("text", ["<r><title>unclosed", "<r><title>a&#0;b</title></r>", "no XML", "<r>&x;</r>"])
def test_what_is_not_xml_is_refused_in_one_line(text: str) -> None:
    listing = read(text)
    assert listing.entries == ()
    assert [str(problem).startswith("feed.xml:1: not valid XML: ") for problem in listing.problems] == [True]


def test_inclusions_style_sheets_and_other_encodings_are_only_text() -> None:
    text = FEED.replace('encoding="UTF-8"?>', 'encoding="utf-7"?><?xml-stylesheet href="http://example.invalid/x"?>')
    text = text.replace("<title>Sailing", '<title>+ADw-script+AD4- <xi:include xmlns:xi="x" href="/etc/hostname"/>')
    assert [entry.raw["title"] for entry in read(text).entries] == ["Folding Very Large Sheets", "+ADw-script+AD4-"]


def test_deep_nesting_is_no_danger() -> None:
    listing = read("<a>" * 50_000 + "</a>" * 50_000)
    assert (listing.entries, listing.problems) == ((), ())
