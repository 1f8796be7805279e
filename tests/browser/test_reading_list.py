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


def test_notes_and_lists_stay_and_the_list_can_be_narrowed_by_them(page: Page, demo: str) -> None:
    titles = keep(page, demo, 3)
    page.goto(f"{demo}reading-list/")
    entry = page.locator(KEPT).filter(has_text=titles[1])
    entry.locator("summary").click()
    entry.get_by_role("textbox", name="Note").fill("compare with chapter two")
    entry.locator("[data-lists]").fill("thesis, to discuss")
    entry.locator("[data-lists]").press("Tab")
    page.reload()
    expect(entry.locator("[data-note-shown]")).to_have_text("compare with chapter two")
    page.locator("[data-list-controls] [name=name]").select_option("to discuss")
    expect(page.locator(f"{KEPT} h2")).to_have_text([titles[1]])
    page.locator("[data-list-controls] [name=name]").select_option("")
    page.get_by_role("searchbox", name="Find").fill("CHAPTER")
    expect(page.locator(f"{KEPT} h2")).to_have_text([titles[1]])
    page.get_by_role("searchbox", name="Find").fill("nothing like it")
    expect(page.get_by_text("No paper of the list is like this.")).to_be_visible()


def test_the_list_is_sorted_and_shows_what_is_unread(page: Page, demo: str) -> None:
    titles = keep(page, demo, 3)
    page.goto(f"{demo}reading-list/")
    expect(page.locator(f"{KEPT} h2")).to_have_text(titles[::-1])
    page.locator("[data-list-controls] [name=sort]").select_option("title")
    expect(page.locator(f"{KEPT} h2")).to_have_text(sorted(titles, key=str.lower))
    page.locator(KEPT).first.get_by_role("checkbox").check()
    page.locator("[data-list-controls] [name=read]").select_option("unread")
    expect(page.locator(KEPT)).to_have_count(2)


def test_two_browsers_put_their_lists_together_by_a_link_without_loss(new_page: Callable[..., Page], demo: str) -> None:
    one, two = new_page(), new_page()
    titles = keep(one, demo, 2)
    keep(two, demo, 3)
    for page, note in ((one, "from one"), (two, "from two")):
        page.goto(f"{demo}reading-list/")
        entry = page.locator(KEPT).filter(has_text=titles[0])
        entry.locator("summary").click()
        entry.get_by_role("textbox", name="Note").fill(note)
        entry.get_by_role("textbox", name="Note").press("Tab")
    one.locator(KEPT).filter(has_text=titles[1]).get_by_role("checkbox").check()
    one.context.grant_permissions(["clipboard-read", "clipboard-write"])
    one.get_by_role("button", name="Copy all for my other browser").click()
    expect(one.get_by_role("status")).to_contain_text("keep it to yourself")
    two.goto(one.evaluate("navigator.clipboard.readText()"))
    two.get_by_role("button", name="Add all to my list").click()
    expect(two.locator(KEPT)).to_have_count(3)
    note = two.locator(KEPT).filter(has_text=titles[0]).locator("[data-note-shown]").text_content() or ""
    assert sorted(note.split("\n")) == ["from one", "from two"]
    expect(two.locator(KEPT).filter(has_text=titles[1]).get_by_role("checkbox")).to_be_checked()


def test_the_list_is_written_as_markdown(page: Page, demo: str, tmp_path: Path) -> None:
    keep(page, demo, 2)
    page.goto(f"{demo}reading-list/")
    page.locator(KEPT).first.get_by_role("checkbox").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Markdown").click()
    download.value.save_as(tmp_path / "papers.md")
    lines = (tmp_path / "papers.md").read_text(encoding="utf-8").splitlines()
    assert [line[:5] for line in lines] == ["- [x]", "- [ ]"]
    assert all(f"]({demo}papers/" in line for line in lines)


def test_papers_for_you_are_near_the_list_and_say_why(page: Page, demo: str) -> None:
    titles = keep(page, demo, 2)
    page.goto(f"{demo}reading-list/")
    page.locator("[data-list-suggest] > summary").click()
    found = page.locator("[data-list-suggest] li")
    expect(found.first).to_be_visible()
    for item in found.all():
        assert (item.locator("h2").text_content() or "") not in titles
        assert any(title in (item.locator("[data-why]").text_content() or "") for title in titles)
    found.first.locator(".bookmark").click()
    expect(page.locator(KEPT)).to_have_count(3)


def test_a_browser_that_keeps_nothing_is_told_so(page: Page, demo: str) -> None:
    page.goto(f"{demo}reading-list/")
    expect(page.locator("[data-list-blocked]")).to_be_hidden()
    page.add_init_script("Storage.prototype.setItem = () => { throw new Error('forbidden') }")
    page.reload()
    expect(page.locator("[data-list-blocked]")).to_be_visible()
