"""Pages as readers use them: by keyboard, in light and dark, on paper, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from site_maker import SiteMaker, paper

from sitegen.build import BuildOptions, build
from sitegen.config import load_config


def colours(page: Page) -> str:
    """The page's background as the browser paints it."""
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


def any_paper(page: Page, demo: str) -> str:
    page.goto(f"{demo}papers/")
    address = page.locator("[data-entry] h3 a").first.get_attribute("href") or ""
    return demo + address.removeprefix("../")


@pytest.mark.parametrize("scheme, dark", [("light", False), ("dark", True)])
def test_colours_follow_the_system(new_page: Callable[..., Page], demo: str, scheme: str, dark: bool) -> None:
    page = new_page(color_scheme=scheme)
    page.goto(demo)
    assert (colours(page) == "rgb(22, 24, 27)") is dark


def test_a_chosen_tint_is_kept_on_the_next_page_from_its_first_paint(new_page: Callable[..., Page], demo: str) -> None:
    page = new_page(color_scheme="light")
    page.goto(demo)
    light = colours(page)
    button = page.locator("button[data-tint]")
    button.click()
    expect(button).to_have_attribute("title", "Light")
    button.click()
    dark = colours(page)
    assert dark != light
    # The script that sets the tint stands before anything that is painted.
    page.goto(f"{demo}topics/")
    assert colours(page) == dark
    assert page.locator("head script[src*='theme.js']:not([type]):not([defer]):not([async])").count() == 1
    button.click()
    assert colours(page) == light


def test_a_slash_goes_to_the_search_box_from_anywhere(page: Page, demo: str) -> None:
    page.goto(f"{demo}topics/")
    page.keyboard.press("/")
    expect(page.locator("header input[name=q]")).to_be_focused()
    page.keyboard.type("a/b?")
    expect(page.locator("header input[name=q]")).to_have_value("a/b?")


def test_j_and_k_walk_through_the_papers_of_a_list(page: Page, demo: str) -> None:
    page.goto(f"{demo}papers/")
    titles = page.locator("[data-entry] h3 a")
    for key, expected in [("j", 0), ("j", 1), ("j", 2), ("k", 1), ("k", 0)]:
        page.keyboard.press(key)
        expect(titles.nth(expected)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".paper h1")).to_be_visible()


def test_left_and_right_turn_to_the_older_and_the_newer_day(page: Page, demo: str) -> None:
    page.goto(demo)
    newest = demo + (page.locator(".newest h2 a").get_attribute("href") or "").removeprefix("./")
    page.goto(newest)
    page.keyboard.press("ArrowLeft")
    expect(page).not_to_have_url(newest)
    page.wait_for_load_state()
    older = page.url
    page.keyboard.press("ArrowRight")
    page.wait_for_url(newest)
    assert older < newest


def test_a_question_mark_shows_the_shortcuts_and_escape_hides_them(page: Page, demo: str) -> None:
    page.goto(f"{demo}tags/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_contain_text("Go to the search box")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert page.url.endswith("tags/")


def test_keys_do_nothing_with_control_or_command(page: Page, demo: str) -> None:
    page.goto(f"{demo}papers/")
    page.keyboard.press("Control+j")
    assert page.evaluate("document.activeElement === document.body")


def test_a_citation_is_copied_as_it_stands(new_page: Callable[..., Page], demo: str) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(any_paper(page, demo))
    page.get_by_text("BibTeX", exact=True).click()
    opened = page.locator(".cite details[open]")
    expect(opened).to_have_count(1)
    button = opened.get_by_role("button")
    button.click()
    expect(button).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == opened.locator("pre").text_content()


def test_a_script_unfolds_the_other_formats_of_a_citation(page: Page, demo: str) -> None:
    page.goto(any_paper(page, demo))
    expect(page.locator(".cite summary")).to_have_text(["Text", "BibTeX", "RIS", "CSL-JSON"])
    page.get_by_text("RIS", exact=True).click()
    opened = page.locator(".cite details[open]")
    expect(opened).to_have_count(1)
    expect(opened.locator("pre")).to_contain_text("TY  - ")
    expect(opened.get_by_role("button")).to_have_text("Copy")


def test_lists_can_be_read_without_summaries(page: Page, demo: str) -> None:
    page.goto(f"{demo}trending/")
    expect(page.locator(".summary").first).to_be_visible()
    page.get_by_role("button", name="Compact list").click()
    expect(page.locator(".summary").first).to_be_hidden()
    page.reload()
    expect(page.locator(".summary").first).to_be_hidden()
    expect(page.get_by_role("button", name="Compact list")).to_have_attribute("aria-pressed", "true")


def test_the_menu_opens_on_a_phone(new_page: Callable[..., Page], demo: str) -> None:
    page = new_page(viewport={"width": 360, "height": 740}, has_touch=True)
    page.goto(f"{demo}tags/")
    expect(page.locator("#menu a").first).to_be_hidden()
    page.get_by_role("button", name="Menu").tap()
    page.get_by_role("link", name="Topics", exact=True).tap()
    page.wait_for_url(f"{demo}topics/")


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_no_page_is_wider_than_the_screen(new_page: Callable[..., Page], demo: str, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 740})
    paths = ["", "papers/", "topics/", "tags/", "authors/", "trending/", "search/", "keys/", "stats/", "subscribe/"]
    paths.append("reading-list/")
    for address in [any_paper(page, demo), *(demo + path for path in paths)]:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.mark.parametrize("width", [320, 1280])
def test_words_of_a_hundred_letters_are_broken_on_every_page(
    new_page: Callable[..., Page], make_site: SiteMaker, serve_folder: Callable[[Path], str], width: int
) -> None:
    long = {"authors": f"[{'A' * 100}]", "venue": "V" * 100, "tags": f"[{'t' * 80}]", "date": "2025-10-28"}
    text = paper("W" * 100, f"{'s' * 200} and `{'c' * 200}`", topics=f"[{'T' * 80}]", **long)
    root = make_site({f"content/papers/p{n}.md": text for n in range(3)})
    build(root, load_config(root / "sitegen.yaml"), BuildOptions())
    address = serve_folder(root / "public")
    page = new_page(viewport={"width": width, "height": 740})
    for file in sorted((root / "public").rglob("index.html")):
        path = file.relative_to(root / "public").as_posix().removesuffix("index.html")
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_everything_but_search_works_without_javascript(new_page: Callable[..., Page], demo: str) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(demo)
    page.get_by_role("link", name="Topics", exact=True).first.click()
    page.locator(".terms a").first.click()
    page.locator("[data-entry] h3 a").first.click()
    expect(page.locator(".paper h1")).to_be_visible()
    page.get_by_text("BibTeX", exact=True).click()
    expect(page.locator(".cite details[open] pre")).to_be_visible()
    page.locator("header input[name=q]").fill("graphs")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search/\?q=graphs"))
    expect(page.get_by_text("Search runs in your browser and needs JavaScript")).to_be_visible()
    expect(page.locator(".tips")).to_be_hidden()
    page.goto(f"{demo}reading-list/")
    expect(page.locator("input[type=file]")).to_be_hidden()


def test_a_paper_prints_with_its_citation_and_address_and_without_the_furniture(page: Page, demo: str) -> None:
    address = any_paper(page, demo)
    page.goto(address)
    page.emulate_media(media="print")
    expect(page.locator(".paper h1")).to_be_visible()
    expect(page.locator(".cite pre").first).to_be_visible()
    expect(page.locator(".cite pre").first).to_contain_text(address.partition("/papers/")[2])
    for furniture in (".top", ".foot", ".prev-next", ".keep", ".cite summary >> nth=0"):
        expect(page.locator(furniture)).to_be_hidden()


def test_nothing_on_the_first_page_moves_while_it_loads(page: Page, demo: str) -> None:
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(e => window.shift += e.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(demo)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shift") < 0.01


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(new_page: Callable[..., Page], demo: str, axe: str, scheme: str, width: int) -> None:
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    page.goto(demo)
    day = page.locator(".newest h2 a").get_attribute("href") or ""
    paths = ["", day, "papers/", "topics/", "tags/", "trending/", "keys/", "about/", "stats/", "subscribe/"]
    paper = any_paper(page, demo)
    for address in [paper, *(demo + path for path in paths)]:
        page.goto(address)
        page.evaluate(axe)
        rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = page.evaluate("rules => axe.run({runOnly: rules})", rules)["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == [], address
