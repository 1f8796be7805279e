from __future__ import annotations

from typing import Any

from sitegen.importers.front_matter import read_front_matter, stem_of


def raw(text: str, source: str = "publication/kites/index.md") -> dict[str, Any]:
    [entry] = read_front_matter(text, source, None).entries
    return entry.raw


def test_a_hugoblox_page_has_its_folder_s_name_and_its_links() -> None:
    found = raw(
        "---\ntitle: 'Piers and Planks'\nauthors:\n  - Ben Roe\n  - Ada Poe\ndate: '2023-07-01T00:00:00Z'\n"
        "publication_types: ['2']\npublication: In *Kite Conference* (Oral)\npublication_short: In *KITE*\n"
        "abstract: We stand.\nsummary: Standing.\ntags: [Piers]\nurl_pdf: 'https://arxiv.org/pdf/2301.10061.pdf'\n"
        "url_code: 'https://github.com/example/piers'\nurl_video: ''\nlinks:\n- name: Blog\n  url: https://example.org/b\n"
        '---\nMore **text**, and {{< cite page="/x" >}} here.\n'
    )
    assert found["id"] == "kites"
    assert found["authors"] == ["Ben Roe", "Ada Poe"]
    assert (found["venue"], found["venue_short"], found["type"]) == ("Kite Conference", "KITE", "article-journal")
    assert found["arxiv"] == "2301.10061"
    assert found["links"]["code"] == "https://github.com/example/piers"
    assert found["links"]["project"] == "https://example.org/b"
    assert found["abstract"] == "We stand."
    assert "cite page" not in found["notes"]


def test_an_academicpages_file_has_its_authors_in_the_citation() -> None:
    found = raw(
        '---\ntitle: "Moorings"\ncollection: publications\ncategory: manuscripts\ndate: 2024/07/29\n'
        "venue: 'Journal of Kites'\npaperurl: 'https://doi.org/10.1000/kite.6'\n"
        "citation: 'Poe, A., & Roe, B. (2024). &quot;Moorings.&quot; <i>Journal of Kites</i>.'\n---\n"
        "**Abstract:** We moor.\n\n[Download paper here](https://example.org/m.pdf)\n",
        "_publications/2024-moorings.md",
    )
    assert found["id"] == "2024-moorings"
    assert found["authors"] == "Poe, A.; Roe, B."
    assert found["doi"] == "10.1000/kite.6"
    assert found["links"] == {"pdf": "https://example.org/m.pdf"}
    assert found["abstract"] == "We moor."


def test_a_note_on_literature_keeps_no_links_between_notes() -> None:
    found = raw(
        '---\ntype: literature\ntitle: "MAST"\nauthors: ["Poe, Ada", "[[Cy Coe]]"]\nyear: 2024\ncitekey: "@poe2024"\n'
        'arxiv: "2403.10081"\naliases: ["Poe 2024"]\n---\n> [!abstract]\n> We stand.\n\nSee [[Other note]].\n',
        "notes/mast.md",
    )
    assert found["authors"] == ["Poe, Ada", "Cy Coe"]
    assert (found["citation_key"], found["date"], found["arxiv"]) == ("poe2024", "2024", "2403.10081")
    assert "[[" not in found["abstract"]
    assert "aliases" not in found


def test_quarto_keeps_its_publication_under_citation() -> None:
    found = raw(
        '---\ntitle: "Buoyancy"\nauthor:\n  - name: Ada Poe\n    orcid: 0000-0002-1825-0097\n  - Ben Roe\n'
        "date: 2023-04-05\ncategories: [kites]\ndoi: 10.1000/kite.7\ncitation:\n  type: article-journal\n"
        "  container-title: Journal of Kites\n  volume: 3\n---\nWe float.\n",
        "posts/buoyancy.qmd",
    )
    assert found["authors"] == [{"name": "Ada Poe", "orcid": "0000-0002-1825-0097"}, "Ben Roe"]
    assert (found["venue"], found["volume"], found["type"]) == ("Journal of Kites", "3", "article-journal")
    assert found["topics"] == ["kites"]


def test_a_page_is_called_after_its_file_or_after_its_folder() -> None:
    assert stem_of("a/kites/index.md") == "kites"
    assert stem_of("a/kites.markdown") == "kites"
