"""Stars and the reading list: kept in the browser, given away only as a file or a link."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

BIBTEX = """@article{{x, title = {{{title}}}, year = 2024}}
@article{{y, title = {{A paper that nobody put here about zymurgy}}}}
"""
KEPT = "[data-list-papers] > li"


def keep(page: Page, demo: str, count: int) -> list[str]:
    """Stars the first papers of the list of all papers; their titles."""
    page.goto(f"{demo}papers/")
    titles = []
    for entry in page.locator("[data-entry]").all()[:count]:
        entry.locator(".bookmark").click()
        titles.append((entry.locator("h2, h3").text_content() or "").strip())
    return titles


def test_a_starred_paper_is_on_the_list_after_a_reload(page: Page, demo: str) -> None:
    keep(page, demo, 1)
    page.locator("[data-entry] :is(h2, h3) a").first.click()
    bookmark = page.get_by_role("button", name="On your reading list")
    expect(bookmark).to_have_attribute("aria-pressed", "true")
    title = page.get_by_role("heading", level=1).text_content() or ""
    page.locator(".keep").get_by_role("link", name="Reading list").click()
    expect(page.locator(KEPT)).to_have_count(1)
    page.reload()
    expect(page.locator(f"{KEPT} h2")).to_have_text([title])


def test_a_paper_taken_off_can_be_put_back_until_the_page_is_left(page: Page, demo: str) -> None:
    keep(page, demo, 2)
    page.goto(f"{demo}reading-list/")
    first = page.locator(KEPT).first
    first.locator(".bookmark").click()
    expect(first.locator(".bookmark")).to_have_attribute("aria-pressed", "false")
    expect(page.locator(KEPT)).to_have_count(2)
    first.locator(".bookmark").click()
    expect(first.locator(".bookmark")).to_have_attribute("aria-pressed", "true")
    first.locator(".bookmark").click()
    page.reload()
    expect(page.locator(KEPT)).to_have_count(1)


def test_papers_are_marked_as_read(page: Page, demo: str) -> None:
    keep(page, demo, 2)
    page.goto(f"{demo}reading-list/")
    page.locator(KEPT).nth(1).get_by_role("checkbox").check()
    expect(page.locator(KEPT).nth(1).get_by_role("checkbox")).to_be_focused()
    page.reload()
    expect(page.locator(KEPT).nth(0).get_by_role("checkbox")).not_to_be_checked()
    expect(page.locator(KEPT).nth(1).get_by_role("checkbox")).to_be_checked()


@pytest.mark.parametrize("label", ["BibTeX", "RIS", "JSON"])
def test_the_list_is_written_to_a_file_and_read_from_it(
    new_page: Callable[..., Page], demo: str, tmp_path: Path, label: str
) -> None:
    page = new_page()
    titles = keep(page, demo, 3)
    page.goto(f"{demo}reading-list/")
    page.locator(KEPT).first.get_by_role("checkbox").check()
    with page.expect_download() as download:
        page.get_by_role("button", name=label, exact=True).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    text = file.read_text(encoding="utf-8")
    assert len(re.findall(r"^@\w+\{|^TY  - |\"id\":", text, re.M)) == 3
    if label == "JSON":
        assert {item["title"] for item in json.loads(text)} == set(titles)

    other = new_page()
    other.goto(f"{demo}reading-list/")
    other.locator("input[type=file]").set_input_files(file)
    expect(other.get_by_role("status")).to_contain_text("3 papers of 3 found here, 3 new")
    assert sorted(other.locator(f"{KEPT} h2").all_text_contents()) == sorted(titles)
    assert other.locator(f"{KEPT} :checked").count() == (1 if label == "JSON" else 0)


def test_a_foreign_bibliography_finds_the_papers_of_this_site_by_title(page: Page, demo: str, tmp_path: Path) -> None:
    page.goto(f"{demo}papers/")
    title = (page.locator("[data-entry] :is(h2, h3)").nth(4).text_content() or "").strip()
    file = tmp_path / "mine.bib"
    file.write_text(BIBTEX.format(title=title), encoding="utf-8")
    page.goto(f"{demo}reading-list/")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("status")).to_contain_text("1 paper of 2 found here, 1 new")
    expect(page.locator(f"{KEPT} h2")).to_have_text([title])


def test_a_link_shares_the_papers_and_adds_nothing_by_itself(new_page: Callable[..., Page], demo: str) -> None:
    page = new_page()
    titles = keep(page, demo, 2)
    page.goto(f"{demo}reading-list/")
    link = page.locator("[data-list-share]").evaluate("link => link.href")
    other = new_page()
    other.goto(link)
    expect(other.get_by_role("heading", name="2 papers shared with you")).to_be_visible()
    assert sorted(other.locator(".shared li h2").all_text_contents()) == sorted(titles)
    expect(other.locator(KEPT)).to_have_count(0)
    other.get_by_role("button", name="Add all to my list").click()
    expect(other.locator(KEPT)).to_have_count(2)


def test_a_hostile_link_or_storage_shows_nothing_and_breaks_nothing(page: Page, demo: str) -> None:
    page.goto(f"{demo}reading-list/#papers=../../x,%3Cimg src=x onerror=alert(1)%3E,__proto__/../..")
    expect(page.locator("[data-list-empty]")).to_be_visible()
    key = "reading-list " + page.evaluate("new URL('../', location.href).pathname")
    bad = {"url": "javascript:alert(1)", "title": "<img src=x onerror=alert(1)>"}
    good = {"url": "papers/x/", "title": "<img src=x onerror=alert(1)>", "date": "never", "authors": 3}
    page.evaluate("([key, value]) => localStorage.setItem(key, value)", [key, json.dumps({"papers": [bad, good, 1]})])
    page.reload()
    expect(page.locator(f"{KEPT} h2")).to_have_text(["<img src=x onerror=alert(1)>"])
    assert page.locator("main img").count() == 0


def test_a_star_is_offered_on_search_results_too(page: Page, demo: str) -> None:
    page.goto(f"{demo}search/?q=pruning")
    entry = page.locator("[data-search-results] [data-entry]").first
    title = entry.locator("h2, h3").text_content() or ""
    entry.locator(".bookmark").click()
    page.goto(f"{demo}reading-list/")
    expect(page.locator(f"{KEPT} h2")).to_have_text([title])


def test_nothing_of_the_list_leaves_the_browser(page: Page, demo: str) -> None:
    asked: list[str] = []
    page.goto(f"{demo}papers/")
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page.locator("[data-entry] .bookmark").first.click()
    page.locator("[data-entry] .bookmark").nth(1).click()
    page.wait_for_timeout(200)
    assert [request for request in asked if "/assets/" not in request] == []


def test_without_storage_a_star_holds_for_the_page(page: Page, demo: str) -> None:
    page.add_init_script(
        "Storage.prototype.setItem = Storage.prototype.getItem = () => { throw new Error('forbidden') }"
    )
    page.goto(f"{demo}papers/")
    bookmark = page.locator("[data-entry] .bookmark").first
    bookmark.click()
    expect(bookmark).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_reading_list(new_page: Callable[..., Page], demo: str, axe: str, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 800}, bypass_csp=True)
    for starred in (0, 2):
        if starred:
            keep(page, demo, starred)
        page.goto(f"{demo}reading-list/")
        expect(page.locator(KEPT)).to_have_count(starred)
        page.evaluate(axe)
        found = page.evaluate("axe.run('main').then(result => result.violations.map(rule => rule.id))")
        assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
