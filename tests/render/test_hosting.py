"""What stands beside the pages: sitemap, alternates, redirects, and files for hosts, phones and networks."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from typing import Any

import html5lib
import pytest
from memory_sites import BASE, config_of, env_of, outputs_of, paper_of, site_of
from site_maker import SiteMaker, paper

from sitegen.build import build
from sitegen.config import load_config
from sitegen.content.frontmatter import FrontMatter, split
from sitegen.content.record import paper_from
from sitegen.model import Page, Paper, StaticFile
from sitegen.render.files import sitemap
from sitegen.render.files.alternates import as_json, as_markdown
from sitegen.render.files.assets import HASHED_FOLDERS
from sitegen.render.plan import plan

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def everything(papers: list[Paper], **settings: Any) -> dict[str, bytes]:
    config = config_of(**settings)
    pages = [Page(slug="about", title="About")]
    return outputs_of(site_of(papers, config, pages=pages), env_of(config))


def locations(document: bytes) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(document).iter(f"{NAMESPACE}loc")]


@pytest.fixture
def full() -> Paper:
    return paper_of(
        'On "trees": a $\\frac{1}{2}$ view',
        "First paragraph with *marks*: and {braces}.\n\n- a list\n- --- dashes",
        id="tree-1",
        authors=["Ada Invented", {"name": "B. Made", "orcid": "0000-0000-0000-0001"}],
        date="2025-10-09",
        updated="2025-11-02",
        tags=["graphs: all", "#1"],
        topics=["Trees"],
        venue="Journal of Trees",
        doi="10.1234/x",
        links={"pdf": "files/a.pdf"},
        aliases=["old-trees", "Older Trees"],
        notes="Some notes.",
        extra={"pages": "1-2", "deep": {"a": ["x", "é"]}},
    )


def test_every_address_in_the_sitemap_is_a_page_of_the_site(full: Paper) -> None:
    made = everything([full, paper_of("No date")])
    found = locations(made["sitemap.xml"])
    assert BASE in found and BASE + "about/" in found and BASE + "topics/trees/" in found
    assert len(found) == len(set(found))
    for location in found:
        assert location.removeprefix(BASE) + "index.html" in made


def test_a_papers_last_change_is_told_where_it_is_known(full: Paper) -> None:
    tree = ElementTree.fromstring(everything([full, paper_of("No date")])["sitemap.xml"])
    days = {url.findtext(f"{NAMESPACE}loc"): url.findtext(f"{NAMESPACE}lastmod") for url in tree}
    assert days[BASE + "papers/tree-1/"] == "2025-11-02"
    assert days[BASE + "papers/no-date/"] is None


def test_a_long_sitemap_is_split_and_a_new_paper_changes_its_last_part_only(monkeypatch: pytest.MonkeyPatch) -> None:
    papers = [paper_of(f"Paper {n}", id=f"p{n}", date=f"2025-01-{n:02}") for n in range(1, 12)]
    config = config_of(lists={"days": False, "weeks": False, "months": False, "years": False})
    whole = outputs_of(site_of(papers, config), env_of(config), "sitemap")["sitemap.xml"]
    monkeypatch.setattr(sitemap, "MAX_URLS", 5)
    before, after = (outputs_of(site_of(some, config), env_of(config), "sitemap") for some in (papers[:-1], papers))
    parts = [location.removeprefix(BASE) for location in locations(before["sitemap.xml"])]
    assert parts == ["sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml"]
    assert all(len(locations(before[part])) <= 5 for part in parts)
    assert [location for part in parts for location in locations(after[part])] == locations(whole)
    assert [part for part in parts if before[part] != after[part]] == parts[-1:]


def test_the_markdown_twin_is_the_papers_source_again(full: Paper) -> None:
    matter = split(as_markdown(full), "twin.md")
    assert isinstance(matter, FrontMatter)
    again, problems = paper_from(matter.fields, full.source, body=matter.body)
    assert problems == []
    assert again == full


def test_the_json_twin_holds_the_fields_of_a_record(full: Paper) -> None:
    again, problems = paper_from(json.loads(as_json(full)), full.source)
    assert problems == []
    assert again == full


def test_a_paper_page_offers_its_alternates(full: Paper) -> None:
    made = everything([full])
    head = html5lib.parse(made["papers/tree-1/index.html"].decode(), namespaceHTMLElements=False)
    offered = {
        link.attrib["type"]: link.attrib["href"] for link in head.iter("link") if link.attrib["rel"] == "alternate"
    }
    assert offered["text/markdown"] == "../../papers/tree-1/index.md"
    assert offered["application/json"] == "../../papers/tree-1/index.json"
    assert {"papers/tree-1/index.md", "papers/tree-1/index.json"} <= made.keys()


def test_large_collections_have_no_alternates_and_offer_none(full: Paper) -> None:
    made = everything([full, paper_of("Another")], pages={"twins_max_papers": 1})
    assert "papers/tree-1/index.md" not in made
    assert b"text/markdown" not in made["papers/tree-1/index.html"]


def test_a_former_address_leads_to_the_present_one(full: Paper) -> None:
    made = everything([full])
    for former in ("old-trees", "older-trees"):
        page = html5lib.parse(made[f"papers/{former}/index.html"].decode(), namespaceHTMLElements=False)
        refresh = [meta for meta in page.iter("meta") if meta.attrib.get("http-equiv") == "refresh"]
        assert refresh[0].attrib["content"] == "0; url=../tree-1/"
        (canonical,) = (link for link in page.iter("link") if link.attrib["rel"] == "canonical")
        assert canonical.attrib["href"] == BASE + "papers/tree-1/"
    assert made["_redirects"].decode().splitlines() == [
        "/site/papers/old-trees/ /site/papers/tree-1/ 301",
        "/site/papers/older-trees/ /site/papers/tree-1/ 301",
    ]


def test_a_site_without_aliases_has_no_file_of_redirects() -> None:
    assert "_redirects" not in everything([paper_of("One", aliases=["one"])])


def test_an_alias_that_is_another_papers_address_leads_nowhere_else(full: Paper) -> None:
    other = paper_of("Other", id="old-trees")
    made = everything([full, other])
    assert "Other" in made["papers/old-trees/index.html"].decode()
    assert "old-trees" not in made.get("_redirects", b"").decode()


def test_hosts_are_told_the_policy_and_what_may_be_kept(full: Paper) -> None:
    rules: dict[str, list[str]] = {}
    for line in everything([full])["_headers"].decode().splitlines():
        if line.startswith("  "):
            rules[path].append(line.strip())  # noqa: F821
        else:
            path = line
            rules[path] = []
    assert any(rule.startswith("Content-Security-Policy: default-src 'self'") for rule in rules["/site/*"])
    assert rules["/site/assets/*"] == ["Cache-Control: public, max-age=31536000, immutable"]
    assert "_headers" not in everything([full], headers=False)


def test_what_a_site_brings_itself_is_not_made() -> None:
    names = ("_headers", "_redirects", "robots.txt", "share.png", "manifest.webmanifest")
    own = [StaticFile(path=name, source=f"content/static/{name}", digest=b"x") for name in names]
    site = site_of([paper_of("One", aliases=["former"])], static=own)
    kinds = {output.path: output.kind for output in plan(site, env_of())}
    assert {kinds[name] for name in names} == {"static"}


def test_the_web_manifest_names_the_site_and_an_icon_that_is_there(full: Paper) -> None:
    made = everything([full])
    manifest = json.loads(made["manifest.webmanifest"])
    assert manifest["name"] == "Test papers"
    assert manifest["icons"][0]["src"] in made


def test_the_share_image_that_pages_name_is_there(full: Paper) -> None:
    made = everything([full])
    assert made["share.png"].startswith(b"\x89PNG")
    assert f'content="{BASE}share.png"'.encode() in made["index.html"]


def test_every_folder_of_the_index_may_be_kept_and_nothing_else_of_search(make_site: SiteMaker) -> None:
    root = make_site({f"content/papers/{n}.md": paper(f"Paper {n}", "About trees.", tags="[a]") for n in range(5)})
    build(root, load_config(root / "sitegen.yaml"))
    folders = {file.parent.name for file in (root / "public" / "search").rglob("*.bin")}
    assert folders and folders <= set(HASHED_FOLDERS)


def test_programs_are_told_what_there_is_and_how_to_search(full: Paper) -> None:
    made = everything([full], title="Papers <of> ours", description="What we\nread.")
    said = made["llms.txt"].decode()
    assert said.startswith("# Papers <of> ours\n\n> What we read.\n\n1 paper.\n")
    assert f"({BASE}topics/)" in said
    assert f"({BASE}feed.xml)" in said or f"({BASE}feed.atom)" in said or f"({BASE}feed.json)" in said
    root = ElementTree.fromstring(made["opensearch.xml"])
    assert root.findtext("{http://a9.com/-/spec/opensearch/1.1/}LongName") == "Papers <of> ours"
    template = next(element.get("template") for element in root if element.get("type") == "text/html")
    assert template == f"{BASE}search/?q={{searchTerms}}"


def test_a_site_without_search_has_no_description_of_one(full: Paper) -> None:
    made = everything([full], search={"enabled": False})
    assert "opensearch.xml" not in made
