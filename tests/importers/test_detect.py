from __future__ import annotations

import pytest

from sitegen.importers.detect import detect, reason


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("@article{a, title={T}}", "refs.bib", "bibtex"),
        ("% note\n@article{a, title={T}}", "refs.txt", "bibtex"),
        ("TY  - JOUR\nTI  - T\n", "refs.txt", "ris"),
        ("\n\nPMID- 1\nTI  - T\n", "refs.ris", "nbib"),
        ('[{"title": "T", "issued": {"raw": "2020"}}]', "refs.json", "csl-json"),
        ('[{"title": "T"}]', "refs.json", "json"),
        ('{"title": "T"}\n{"title": "U"}', "refs.jsonl", "json"),
        ('{"Kites": {"2401.10001": "|**2024-01-01**|**T**|A|[x](y)|null|"}}', "d.json", "arxiv-daily"),
        ("<?xml version='1.0'?>\n<feed xmlns='http://www.w3.org/2005/Atom'/>", "f.xml", "feed"),
        ("<rss version='2.0'/>", "f.xml", "feed"),
        ("<collection id='x'/>", "f.xml", "acl-xml"),
        ("<dblpperson name='x'/>", "f.xml", "dblp-xml"),
        ("title,year\nT,2020\n", "list.csv", "csv"),
        ("title\tyear\nT\t2020\n", "list.txt", "csv"),
        ("- title: T\n  year: 2020\n", "list.yml", "yaml"),
        ("---\ntitle: T\n---\nbody", "page.md", "front-matter"),
        ("# L\n- [Kites](https://arxiv.org/abs/2401.10001)\n", "README.md", "markdown"),
        ("Daily Papers\n\nKites\n\nWe fold.\n\n3 authors\n", "page.txt", "daily-papers"),
        ("<html><body>x</body></html>", "page.html", None),
        ("<!DOCTYPE html><html>", "page.txt", None),
        ("%PDF-1.7", "paper.pdf", None),
        ("# Notes\n- buy string\n", "notes.md", None),
        ("", "empty.txt", None),
    ],
)
def test_a_format_is_found_by_what_a_source_holds_before_its_name(text: str, name: str, found: str | None) -> None:
    assert detect(text, name) == found


def test_what_is_no_list_of_papers_is_told_why() -> None:
    assert "web page" in reason("<!DOCTYPE html><html>", "x.html")
    assert "PDF" in reason("%PDF-1.7", "x.pdf")
    assert "empty" in reason(" \n", "x")
    assert "no item or table" in reason("# Notes\n- buy string\n", "notes.md")
