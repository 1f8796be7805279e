"""The search page and the boxes that lead to it, as a reader meets them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from sitegen.build import BuildOptions, build
from sitegen.config import load_config

ROOT = Path(__file__).resolve().parents[2]
BOX = "main input[name=q]"
TITLES = "[data-search-results] h2 a"


def query_of(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def found(page: Page) -> int:
    """The number in the status line, once the line speaks of what is in the box."""
    typed = page.locator(BOX).input_value()
    status = page.get_by_role("status")
    expect(status).to_contain_text(f"“{typed}”" if typed else "paper")
    number = re.search(r"[\d,]+", (status.text_content() or "").replace(f"“{typed}”", ""))
    return int(number[0].replace(",", "")) if number else 0


def search_for(page: Page, demo: str, text: str) -> None:
    page.goto(f"{demo}search/")
    page.locator(BOX).press_sequentially(text)
    expect(page.get_by_role("status")).to_contain_text(text)


def test_results_appear_while_typing(page: Page, demo: str) -> None:
    page.goto(f"{demo}search/")
    page.locator(BOX).press_sequentially("quantu")
    expect(page.locator(TITLES).first).to_contain_text(re.compile("quantum", re.I))
    before = found(page)
    page.locator(BOX).press_sequentially("m algorithm")
    expect(page.get_by_role("status")).to_contain_text("quantum algorithm")
    assert before > 0
    assert page.locator(TITLES).count() > 0


def test_hits_are_marked_in_title_and_summary(page: Page, demo: str) -> None:
    search_for(page, demo, "pruning")
    first = page.locator("[data-search-results] [data-entry]").first
    expect(first.locator("h2 mark").first).to_have_text(re.compile("^prun", re.I))
    for mark in page.locator("[data-search-results] mark").all_text_contents():
        assert mark.lower().startswith("prun")


def test_the_address_holds_the_query_and_reloading_restores_it(page: Page, demo: str) -> None:
    search_for(page, demo, "diffusion models")
    expect(page.locator(TITLES)).to_have_count(10)
    titles = page.locator(TITLES).all_text_contents()
    assert query_of(page) == {"q": ["diffusion models"]}
    page.reload()
    expect(page.locator(BOX)).to_have_value("diffusion models")
    expect(page.locator(TITLES)).to_have_text(titles)


def test_back_and_forward_walk_through_what_was_asked(page: Page, demo: str) -> None:
    search_for(page, demo, "pruning")
    page.keyboard.press("Enter")
    page.locator(BOX).fill("quantum")
    expect(page.get_by_role("status")).to_contain_text("“quantum”")
    page.go_back()
    expect(page.locator(BOX)).to_have_value("pruning")
    expect(page.get_by_role("status")).to_contain_text("“pruning”")
    page.go_forward()
    expect(page.locator(BOX)).to_have_value("quantum")
    expect(page.get_by_role("status")).to_contain_text("“quantum”")


def test_typing_leaves_one_entry_in_the_history(page: Page, demo: str) -> None:
    page.goto(demo)
    page.goto(f"{demo}search/")
    for letter in "pruning":
        page.locator(BOX).press_sequentially(letter)
        page.wait_for_timeout(90)
    expect(page.get_by_role("status")).to_contain_text("“pruning”")
    page.go_back()
    expect(page).to_have_url(demo)


def test_arrow_keys_and_enter_open_a_result(page: Page, demo: str) -> None:
    search_for(page, demo, "reinforcement")
    box = page.locator(BOX)
    expect(box).to_have_attribute("role", "combobox")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    chosen = page.locator('[data-search-results] [aria-selected="true"]')
    expect(chosen).to_have_count(1)
    expect(box).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "none")
    title = chosen.locator("h2").text_content() or ""
    assert title == page.locator(TITLES).nth(1).text_content()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_escape_gives_up_the_choice_and_then_the_query(page: Page, demo: str) -> None:
    search_for(page, demo, "reinforcement")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator('[aria-selected="true"]')).to_have_count(0)
    expect(page.locator(BOX)).to_have_value("reinforcement")
    page.keyboard.press("Escape")
    expect(page.locator(BOX)).to_have_value("")
    expect(page.locator("[data-search-start]")).to_be_visible()
    expect(page.locator("[data-search-body]")).to_be_hidden()
    assert query_of(page) == {}


def test_a_typo_is_forgiven_and_said(page: Page, demo: str) -> None:
    search_for(page, demo, "qauntum")
    expect(page.get_by_role("status")).to_contain_text("No paper has “qauntum”")
    expect(page.locator(TITLES).first).to_contain_text(re.compile("quantum", re.I))


def test_what_nothing_answers_is_said_plainly(page: Page, demo: str) -> None:
    search_for(page, demo, "zzzzqqqq xxyyxxyy")
    expect(page.get_by_role("status")).to_contain_text("No paper for")
    expect(page.locator(TITLES)).to_have_count(0)
    expect(page.locator(BOX)).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("facet", ["topic", "tag", "year"])
def test_facets_narrow_and_their_counts_are_true(page: Page, demo: str, facet: str) -> None:
    search_for(page, demo, "learning")
    before = found(page)
    button = page.locator(f'[data-facet="{facet}"] button[aria-pressed]').nth(1)
    count = int(button.locator("[data-count]").text_content() or "")
    button.click()
    expect(page.locator(f'[data-facet="{facet}"] [aria-pressed="true"]')).to_have_count(1)
    expect(page.get_by_role("status")).to_contain_text(f"{count} paper")
    assert 0 < count < before
    assert len(query_of(page)[facet]) == 1
    page.reload()
    expect(page.get_by_role("status")).to_contain_text(f"{count} paper")
    expect(page.locator(f'[data-facet="{facet}"] [aria-pressed="true"]')).to_have_count(1)
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_role("status")).to_contain_text(f"{before} paper")
    assert query_of(page) == {"q": ["learning"]}


def test_filters_alone_list_papers_newest_first(page: Page, demo: str) -> None:
    page.goto(f"{demo}search/?year=2024")
    expect(page.get_by_role("status")).to_contain_text("paper")
    dates = [time.get_attribute("datetime") or "" for time in page.locator("[data-search-results] time").all()]
    assert dates
    assert dates == sorted(dates, reverse=True)
    assert {date[:4] for date in dates} == {"2024"}


def test_results_sort_by_votes_and_by_date(page: Page, demo: str) -> None:
    search_for(page, demo, "learning")
    page.get_by_label("Sort by").select_option("date")
    expect(page).to_have_url(re.compile("sort=date"))
    expect(page.locator("[data-search-results][aria-busy]")).to_have_count(0)
    dates = [time.get_attribute("datetime") or "" for time in page.locator("[data-search-results] time").all()]
    assert dates == sorted(dates, reverse=True)
    page.get_by_label("Sort by").select_option("votes")
    expect(page).to_have_url(re.compile("sort=votes"))
    expect(page.locator("[data-search-results][aria-busy]")).to_have_count(0)
    votes = [int(text.split()[0]) for text in page.locator("[data-search-results] [data-votes]").all_text_contents()]
    assert votes == sorted(votes, reverse=True)
    assert len(votes) > 1


def test_more_results_follow_on_demand(page: Page, demo: str) -> None:
    search_for(page, demo, "learning")
    total = found(page)
    assert total > 40
    expect(page.locator(TITLES)).to_have_count(10)
    page.get_by_role("button", name="Show more", exact=True).click()
    expect(page.locator(TITLES)).to_have_count(20)
    titles = page.locator(TITLES).all_text_contents()
    assert len(set(titles)) == 20


HOSTILE = (
    "__proto__", "constructor hasOwnProperty toString", "~", "a^x", "title:", "nosuchfield:word", "+- *", "*e*",
    "ethanol~8", '"><svg onload=window.__xss=1>', "<img src=x onerror=window.__xss=1>", "%E0%A4%A", "\\", "a{99999}",
    "(", ".*", "😀", "\ud800", "topic:", 'author:"', "year:9999..0", "x" * 10_000, "a " * 5000, "*" * 60 + "x",
    "{n} {query}", "\0",
)  # fmt: skip
UNHARMED = "[window.__xss, ({}).polluted, Object.keys(Object.prototype).length]"


def test_no_query_does_harm(page: Page, demo: str) -> None:
    page.goto(f"{demo}search/")
    box, busy = page.locator(BOX), page.locator("[data-search-results][aria-busy]")
    for query in HOSTILE:
        box.evaluate("(box, text) => { box.value = text; box.form.requestSubmit() }", query)
        expect(busy).to_have_count(0)
        expect(page.get_by_role("status"), query[:20]).to_contain_text(re.compile("paper", re.I))
        page.keyboard.press("ArrowDown")
    assert page.evaluate(UNHARMED) == [None, None, 0]
    assert page.locator("main :is(img, svg, script)").count() == 0


def test_no_address_does_harm(page: Page, demo: str) -> None:
    for query in HOSTILE[:12:3]:
        page.goto(
            f"{demo}search/?{urlencode({'q': query, 'tag': query, 'sort': query, 'year': query, '__proto__': query})}"
        )
        expect(page.get_by_role("status")).to_contain_text(re.compile("paper", re.I))
    page.goto(f"{demo}search/?q=%E0%A4%A&year=..&__proto__[polluted]=1&constructor=x")
    expect(page.get_by_role("status")).to_contain_text(re.compile("paper", re.I))
    assert page.evaluate(UNHARMED) == [None, None, 0]


def test_without_javascript_the_page_offers_the_listings(
    new_page: Callable[..., Page], demo: str, faults: list[str]
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(demo)
    page.locator(BOX).fill("graph")
    page.locator(BOX).press("Enter")
    expect(page).to_have_url(f"{demo}search/?q=graph")
    expect(page.get_by_text("needs JavaScript")).to_be_visible()
    page.locator("main").get_by_role("link", name="Topics").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Topics")
    faults[:] = [fault for fault in faults if "manifest.json was preloaded" not in fault]


def test_the_box_of_the_first_page_shows_papers_at_once(page: Page, demo: str) -> None:
    page.goto(demo)
    page.locator(BOX).press_sequentially("pruning")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text(re.compile("prun", re.I))
    assert options.count() <= 6
    page.keyboard.press("ArrowDown")
    title = options.first.locator("[data-title]").text_content() or ""
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_the_last_option_of_the_first_page_leads_to_all_results(page: Page, demo: str) -> None:
    page.goto(demo)
    page.locator(BOX).press_sequentially("learning")
    expect(page.get_by_role("option")).to_have_count(6)
    page.keyboard.press("ArrowUp")
    expect(page.locator('[role="option"][aria-selected="true"]')).to_contain_text("Show all")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{demo}search/?q=learning")
    expect(page.locator(TITLES)).to_have_count(10)


def test_escape_closes_the_list_of_the_first_page_and_keeps_the_words(page: Page, demo: str) -> None:
    page.goto(demo)
    page.locator(BOX).press_sequentially("pruning")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.locator(BOX)).to_have_value("pruning")


def test_the_box_of_any_page_leads_to_the_results(page: Page, demo: str) -> None:
    page.goto(f"{demo}topics/")
    page.keyboard.press("/")
    page.keyboard.type("pruning")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{demo}search/?q=pruning")
    expect(page.locator(TITLES).first).to_contain_text(re.compile("prun", re.I))


def test_a_failing_network_is_said_and_can_be_tried_again(page: Page, demo: str, faults: list[str]) -> None:
    page.goto(f"{demo}search/?q=pruning")
    expect(page.locator('[data-facet="year"]')).to_be_visible()

    def cut(route: Route) -> None:
        route.abort()

    page.context.route("**/search/**", cut)
    page.locator(BOX).fill("quantum entanglement")
    expect(page.get_by_role("status")).to_contain_text("cannot be reached")
    page.context.unroute("**/search/**", cut)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("status")).to_contain_text("“quantum entanglement”")
    expect(page.get_by_role("button", name="Try again")).to_be_hidden()
    faults[:] = [fault for fault in faults if "ERR_FAILED" not in fault]


def test_where_workers_are_missing_the_page_searches_itself(page: Page, demo: str) -> None:
    page.add_init_script("delete window.Worker")
    search_for(page, demo, "pruning")
    expect(page.locator(TITLES).first).to_contain_text(re.compile("prun", re.I))


def test_filters_fold_away_on_a_phone(new_page: Callable[..., Page], demo: str) -> None:
    page = new_page(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    search_for(page, demo, "learning")
    facet = page.locator('[data-facet="topic"] button[aria-pressed]').first
    expect(facet).to_be_hidden()
    page.get_by_text("Filters", exact=True).tap()
    facet.tap()
    expect(page.locator('[data-facet="topic"] [aria-pressed="true"]')).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_results_do_not_move_the_page(page: Page, demo: str) -> None:
    page.add_init_script("""
        window.shift = 0
        new PerformanceObserver(list => { for (const entry of list.getEntries()) window.shift += entry.value })
            .observe({type: 'layout-shift', buffered: true})
    """)
    page.goto(f"{demo}search/?q=learning")
    expect(page.locator(TITLES)).to_have_count(10)
    expect(page.locator('[data-facet="year"]')).to_be_visible()
    page.wait_for_timeout(100)
    assert page.evaluate("window.shift") < 0.02


def test_one_script_for_the_page_and_one_for_the_worker_bring_the_first_answer(page: Page, demo: str) -> None:
    ran: list[str] = []
    page.on("request", lambda request: ran.append(request.url) if request.url.endswith(".js") else None)
    page.goto(f"{demo}search/?q=pruning%20")
    expect(page.locator('[data-facet="year"]')).to_be_visible()
    named = page.locator("link[rel=modulepreload], script[src]").evaluate_all(
        "all => all.map(one => one.href ?? one.src)"
    )
    assert set(ran) == set(named)
    assert {url.rsplit("/", 1)[1] for url in named} == {"theme.js", "site.js", "search-page.js", "worker.js"}


def test_the_first_screen_stands_before_the_rest_has_come(page: Page, demo: str) -> None:
    held: list[Route] = []
    cards = itertools.count(1)

    def hold(route: Route) -> None:
        if next(cards) > 6:
            held.append(route)
        else:
            route.continue_()

    page.context.route("**/search/cards/**", hold)
    page.goto(f"{demo}search/?q=learning%20")
    expect(page.locator(TITLES)).to_have_count(6)
    expect(page.locator("[data-search-results]")).to_have_attribute("aria-busy", "true")
    first = page.locator(TITLES).all_text_contents()
    page.unroute("**/search/rest/*")
    for route in held:
        route.continue_()
    expect(page.locator(TITLES)).to_have_count(10)
    expect(page.locator("[data-search-results][aria-busy]")).to_have_count(0)
    assert page.locator(TITLES).all_text_contents()[:6] == first


def test_a_star_on_the_results_counts_at_once(page: Page, demo: str) -> None:
    page.goto(f"{demo}search/?q=pruning%20")
    page.locator("[data-search-results] .bookmark").first.click()
    expect(page.locator("[data-reading-count]")).to_have_text("1")


def test_on_a_phone_filters_are_counted_when_they_are_opened(new_page: Callable[..., Page], demo: str) -> None:
    page = new_page(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/search/tags/" in request.url else None)
    page.goto(f"{demo}search/?q=learning")
    expect(page.locator("[data-search-results][aria-busy]")).to_have_count(0)
    expect(page.locator(TITLES)).to_have_count(10)
    page.wait_for_timeout(100)
    assert asked == []
    page.get_by_text("Filters", exact=True).tap()
    expect(page.locator('[data-facet="tag"] button[aria-pressed]').first).to_be_visible()
    assert len(asked) == 1


def test_the_papers_are_counted_after_the_first_are_shown(
    page: Page,
    serve_folder: Callable[[Path], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {"_PAGE": 100, "_FREQUENT": 100, "_NEAR_BYTES": 0}.items():
        monkeypatch.setattr(f"sitegen.search.shards.{name}", value)
    # In this process, where the sizes are those of the test.
    options = BuildOptions(output=tmp_path / "site", cache=tmp_path / "cache", jobs=1)
    build(ROOT, load_config(ROOT / "sitegen.yaml"), options)
    held: list[Route] = []
    page.route("**/search/rest/*", lambda route: held.append(route))
    page.goto(f"{serve_folder(tmp_path / 'site')}search/?q=model")
    expect(page.locator(TITLES)).to_have_count(10)
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+\+ papers"))
    expect(page.get_by_role("button", name="Show more")).to_be_visible()
    for route in held:
        route.continue_()
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+ papers"))


def test_the_same_words_have_the_same_papers_typed_sent_reloaded_and_linked(page: Page, demo: str) -> None:
    for text in ("quantu", "language mod", "prunning"):
        search_for(page, demo, text)
        expect(page.locator("[data-search-results][aria-busy]")).to_have_count(0)
        typed = page.locator(TITLES).all_text_contents(), page.get_by_role("status").text_content()
        assert typed[0]
        page.keyboard.press("Enter")
        page.wait_for_timeout(200)
        seen = [(page.locator(TITLES).all_text_contents(), page.get_by_role("status").text_content())]
        for visit in (page.reload, lambda text=text: page.goto(f"{demo}search/?{urlencode({'q': text})}")):
            visit()
            expect(page.get_by_role("status")).to_contain_text(text)
            expect(page.locator("[data-search-results][aria-busy]")).to_have_count(0)
            seen.append((page.locator(TITLES).all_text_contents(), page.get_by_role("status").text_content()))
        assert seen == [typed] * 3


def test_papers_with_all_words_and_with_some_are_counted(page: Page, demo: str) -> None:
    page.goto(f"{demo}search/?q=video+diffusion")
    expect(page.get_by_role("status")).to_have_text(
        re.compile(r"^\d+ papers? with all words of “video diffusion”, \d+ with some$")
    )
    every, some = (int(n) for n in re.findall(r"\d+", page.get_by_role("status").text_content() or ""))
    assert every < some
    expect(page.locator('[data-facet="topic"]')).to_be_visible()
    topics = page.locator('[data-facet="topic"] [data-count]').all_text_contents()
    assert all(0 < int(count) <= every for count in topics)


def test_every_example_of_the_empty_page_finds_papers(page: Page, demo: str) -> None:
    page.goto(f"{demo}search/")
    examples = page.locator("[data-search-start] dl a").evaluate_all("all => all.map(one => one.href)")
    assert len(examples) > 6
    for address in examples:
        page.goto(address)
        expect(page.locator(TITLES).first).to_be_visible()


def test_where_nothing_is_found_there_are_links_that_may_find_something(page: Page, demo: str) -> None:
    page.goto(f"{demo}search/?q=%2Bpruning+%2Bzzqqx&year=2025")
    others = page.locator("[data-search-try] a")
    expect(others).to_have_text(["Without filters", "Without operators", "Only “pruning”", "Only “zzqqx”"])
    expect(page.locator("[data-search-start] dl")).to_be_visible()
    page.goto(f"{demo}search/?q=%2Bpruning+%2Bzzqqx")
    page.get_by_role("link", name="Without operators").click()
    expect(page.locator(TITLES).first).to_be_visible()
    expect(page.locator("[data-search-try]")).to_be_hidden()


def test_a_phrase_says_where_it_stands(page: Page, demo: str) -> None:
    page.goto(f"{demo}search/?q=%22language+model%22")
    expect(page.get_by_role("status")).to_contain_text("have the phrase in title or summary")
    first = page.locator("[data-search-results] [data-entry]").first.text_content() or ""
    assert "language model" in re.sub(r"\W+", " ", first).lower()


def test_control_and_enter_open_a_result_in_a_new_tab(page: Page, demo: str) -> None:
    search_for(page, demo, "pruning")
    expect(page.locator(TITLES).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    with page.context.expect_page() as opened:
        page.keyboard.press("Control+Enter")
    assert "/papers/" in opened.value.url or opened.value.wait_for_url("**/papers/**") is None
    expect(page.locator(BOX)).to_have_value("pruning")


def test_control_and_k_go_to_the_box_even_from_another_field(page: Page, demo: str) -> None:
    page.goto(f"{demo}search/?q=pruning")
    page.locator("[data-search-sort]").focus()
    page.keyboard.press("Control+k")
    expect(page.locator(BOX)).to_be_focused()


def test_who_comes_back_is_where_they_were_on_the_results(page: Page, demo: str) -> None:
    page.goto(f"{demo}search/?q=model")
    page.locator("[data-search-more]").click()
    expect(page.locator(TITLES)).to_have_count(20)
    page.locator(TITLES).nth(14).scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert before > 500
    page.reload()
    expect(page.locator(TITLES)).to_have_count(20)
    page.wait_for_function("before => Math.abs(scrollY - before) < 40", arg=before)


def test_from_a_disk_the_search_page_says_why_it_finds_nothing(
    new_page: Callable[..., Page], demo_folder: Path, faults: list[str]
) -> None:
    page = new_page()
    page.goto((demo_folder / "search" / "index.html").as_uri(), wait_until="domcontentloaded")
    expect(page.locator(".only-from-disk")).to_be_visible()
    assert faults  # the browser refuses what the page asks for
    faults.clear()
