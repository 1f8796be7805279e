"""What holds on every page of every site, whatever the papers say."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from html_page import HtmlPage
from memory_sites import config_of, env_of, outputs_of, paper_of, site_of

from sitegen.model import Page, Paper, Site, Vocabulary
from sitegen.render.list_items import ITEM, ROOT
from sitegen.render.plan import plan

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7 * 7 }} </title> &amp; \u202e'
LANGUAGES = ["en", "ja", "ar"]


def odd_papers() -> list[Paper]:
    papers = [
        paper_of(
            "Two hundred hands", authors=[f"Given Family{n}" for n in range(200)], date="2025-10-28", topics=["One"]
        ),
        paper_of("A long title " * 23, date="2025-10-28", upvotes=3),
        paper_of("Only a count", author_count=5, abstract="Text. " * 200),
        paper_of("Only a title"),
        paper_of("深度学习", authors=["王小明"], language="zh", abstract="本文。" * 40, date="2025-10-27"),
        paper_of("بحث", authors=["محمد"], language="ar", abstract="ملخص. " * 20, featured_on=["2025-10-29"]),
        paper_of(r"$\sum_{i=1}^n x_i^2$", abstract=r"Display: $$\int_0^1 f$$ and broken $\frac{1$.", date="2025-10-27"),
        paper_of(
            HOSTILE,
            HOSTILE,
            id="hostile",
            authors=[{"name": HOSTILE, "affiliation": HOSTILE}],
            tags=[HOSTILE, "+", "C++"],
            topics=[HOSTILE],
            venue=HOSTILE,
            notes=HOSTILE,
            notice={"kind": "concern", "text": HOSTILE},
            extra={"session": HOSTILE, "pages": HOSTILE},
            date="2025-10-26",
            upvotes=9,
        ),
    ]
    return papers + [paper_of(f"Filler {n}", tags=["full"], date=f"2025-09-{n % 28 + 1:02}") for n in range(120)]


def site_in(language: str, theme: str) -> tuple[Site, dict[str, HtmlPage], set[str]]:
    config = config_of(
        language=language,
        theme={"name": theme},
        lists={"per_page": 20},
        footer=f"[About](about/) {HOSTILE}",
        title=f"Odd {HOSTILE}",
        menu=[{"label": HOSTILE, "url": "https://elsewhere.example/"}],
    )
    topics = [Vocabulary(label="One", description=HOSTILE), Vocabulary(label="Empty")]
    site = site_of(
        odd_papers(), config, topics=topics, pages=[Page(slug="about", title=HOSTILE, body=HOSTILE, menu=True)]
    )
    outputs = outputs_of(site, env_of(config))
    pages = {path: HtmlPage(html, path) for path, html in outputs.items() if path.endswith(".html")}
    return site, pages, set(outputs)


@pytest.fixture(scope="module", params=[("en", "default"), ("ar", "default"), ("ja", "proceedings")], ids="-".join)
def odd(request: pytest.FixtureRequest) -> tuple[dict[str, HtmlPage], set[str]]:
    """All pages of a site of odd papers, parsed without any fault, and the paths of all its files."""
    _, pages, paths = site_in(*request.param)
    return pages, paths


# Types of script elements that browsers never run.
DATA = ("application/ld+json", "application/vnd.citationstyles.csl+json")
Odd = tuple[dict[str, HtmlPage], set[str]]


def test_links_within_the_site_are_relative_and_lead_somewhere(odd: Odd) -> None:
    pages, paths = odd
    for page in pages.values():
        if page.path != "404.html":
            # The search index is not planned as pages are: it is made from all of them.
            assert [target for target in page.targets() if target not in paths | {"search/manifest.json"}] == [], (
                page.path
            )


def test_no_source_can_add_an_element_that_acts(odd: Odd) -> None:
    for page in odd[0].values():
        for element in page.root.iter():
            assert element.tag not in {"iframe", "object", "embed", "base", "style"}, page.path
            assert not [name for name in element.attrib if name.startswith("on") or name == "style"], page.path
        assert not page.all(".//main//img"), page.path
        scripts = [script for script in page.root.iter("script") if script.get("type") not in DATA]
        assert all(script.get("src") and not (script.text or "").strip() for script in scripts), page.path


def test_template_syntax_in_a_text_shows_as_typed(odd: Odd) -> None:
    shown = [page for page in odd[0].values() if page.path.startswith("papers/hostile/")]
    assert "{{ 7 * 7 }}" in shown[0].text(".//h1")
    assert "<script>alert(1)</script>" in shown[0].text(".//h1")


def test_every_page_has_one_main_heading_a_title_a_language_and_a_policy(odd: Odd) -> None:
    for page in odd[0].values():
        if page.all(".//meta[@http-equiv='refresh']"):
            continue
        assert len(page.all(".//h1")) == 1, page.path
        assert page.text(".//title"), page.path
        assert page.root.get("lang") in LANGUAGES, page.path
        policy = page.find(".//meta[@http-equiv='Content-Security-Policy']").get("content") or ""
        assert "default-src 'self'" in policy and not re.search("unsafe|http|\\*", policy), page.path


def test_headings_never_skip_a_level(odd: Odd) -> None:
    for page in odd[0].values():
        levels = [int(tag[1]) for tag in (str(e.tag) for e in page.root.iter()) if re.fullmatch("h[1-6]", tag)]
        assert all(after <= before + 1 for before, after in pairwise(levels)), page.path


def test_names_within_a_page_are_its_own(odd: Odd) -> None:
    for page in odd[0].values():
        names = [element.get("id") for element in page.root.iter() if element.get("id")]
        assert len(names) == len(set(names)), page.path
        for element in page.root.iter():
            for reference in (element.get("aria-labelledby") or "").split():
                assert reference in names, page.path


def test_no_mark_of_ours_is_left_on_a_page(odd: Odd) -> None:
    assert [
        page.path for page in odd[0].values() if re.search("[\x00-\x08\x0b-\x1f]", page.html.replace("\r", ""))
    ] == []
    everything = "".join(page.html for page in odd[0].values())
    assert ROOT not in everything and ITEM not in everything


def test_a_right_to_left_language_turns_every_page() -> None:
    _, pages, _ = site_in("ar", "default")
    assert {page.root.get("dir") for page in pages.values() if not page.all(".//meta[@http-equiv='refresh']")} == {
        "rtl"
    }


def test_a_new_paper_leaves_the_pages_alone_that_do_not_show_it() -> None:
    config = config_of(feeds={"formats": []}, search={"enabled": False}, pages={"stats": False})
    papers = [
        paper_of(f"P{n}", date=f"2025-01-{n:02}", tags=[f"tag {n}"], topics=["T"], upvotes=n) for n in range(1, 29)
    ]
    env = env_of(config)
    before = {output.path: output.fingerprint for output in plan(site_of(papers, config), env)}
    added = paper_of("New", date="2025-02-01", tags=["tag 3"])
    after = {output.path: output.fingerprint for output in plan(site_of([added, *papers], config), env)}
    changed = {path for path, fingerprint in after.items() if before.get(path) != fingerprint}
    assert {path for path in changed if path.startswith(("papers/p", "tags/", "2025/01", "topics/"))} == {
        "papers/p28/index.html",
        "tags/tag-3/index.html",
        "tags/index.html",
        "2025/01/28/index.html",
        "2025/01/index.html",
        "topics/index.html",  # its charts go on by a month
    }
