"""axe on the search box in each of its states: WCAG 2.2 AA and good practice, light and dark, narrow and wide."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

BOX = "main input[name=q]"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run('main', {runOnly: rules}).then(result => result.violations)", RULES)
    return [f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_search_page(
    new_page: Callable[..., Page], demo: str, axe: str, width: int, scheme: str
) -> None:
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
    page.goto(f"{demo}search/")
    assert violations(page, axe) == []
    page.locator(BOX).press_sequentially("learning")
    expect(page.locator("[data-search-results] h2").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.locator("[data-search-facets]").evaluate("facets => { facets.open = true }")
    page.locator('[data-facet="topic"] button[aria-pressed]').first.click()
    expect(page.locator('[data-facet="topic"] [aria-pressed="true"]')).to_be_visible()
    assert violations(page, axe) == []
    page.locator(BOX).fill("zzzzqqqq")
    expect(page.get_by_role("status")).to_contain_text("No paper")
    assert violations(page, axe) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_open_list_of_the_first_page(
    new_page: Callable[..., Page], demo: str, axe: str, scheme: str
) -> None:
    page = new_page(color_scheme=scheme, bypass_csp=True)
    page.goto(demo)
    page.locator(BOX).press_sequentially("learning")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert violations(page, axe) == []
