"""What a site sets of its theme is checked where it is read, and told in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from html_page import HtmlPage
from hypothesis import given
from hypothesis import strategies as st
from memory_sites import config_of, env_of, outputs_of, paper_of, site_of

from sitegen.errors import ContentError
from sitegen.model import Vocabulary
from sitegen.render import appearance
from sitegen.render.theme import Theme


def theme_with(**options: Any) -> Theme:
    return Theme(Path("nowhere"), "default", options)


def told(make: Any) -> str:
    with pytest.raises(ContentError) as caught:
        make()
    (problem,) = caught.value.problems
    return f"{problem.source}: {problem.field}: {problem.message}"


endless: list[Any] = []
endless.append(endless)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"list_authors": float("inf")}, "is not a whole number"),
        ({"list_authors": True}, "is not a whole number"),
        ({"list_authors": 10**23}, "is not a whole number"),
        ({"styles": endless}, "is not a list of texts"),
        ({"styles": "theme.css"}, "is not a list of texts"),
        ({"home": ["days"]}, "is not a text"),
        ({"accent": "blue"}, "is no colour"),
        ({"accent": ["#1f4b82", "#93bdf2", "#000"]}, "is no colour"),
        ({"accent": "#ffdd00"}, "has a contrast of 1.2 to the light ground; 4.5 are needed"),
        ({"title_font": "x; } body { display: none"}, "is no list of fonts"),
    ],
)
def test_an_option_that_cannot_be_used_is_told(options: dict[str, Any], message: str) -> None:
    (name,) = options
    said = told(lambda: theme_with(**options))
    assert said.startswith(f"sitegen.yaml: theme.options.{name}: ")
    assert message in said


def test_colours_and_fonts_become_properties_of_the_last_stylesheet() -> None:
    theme = theme_with(accent="#7a1f1f", title_font='Charter, "Times New Roman", serif')
    style = theme.assets[f"{theme.asset_root}theme.css"].decode()
    last = style.strip().splitlines()[-1]
    assert last.startswith(':root { --serif: Charter, "Times New Roman", serif; --accent: light-dark(#7a1f1f, #')


colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(colours, st.sampled_from(appearance.GROUNDS))
def test_every_colour_can_be_made_readable(colour: str, ground: str) -> None:
    assert appearance.contrast_of(appearance.readable(colour, ground), ground) >= appearance.LEAST_CONTRAST


def test_contrast_is_that_of_wcag() -> None:
    assert appearance.contrast_of("#fff", "#000000") == pytest.approx(21)
    assert appearance.contrast_of("#777777", "#fff") == pytest.approx(4.478, abs=0.001)


def home(options: dict[str, Any], **more: Any) -> HtmlPage:
    config = config_of(theme={"options": options})
    papers = [paper_of("A", date="2025-10-29", topics=["T"], upvotes=3)]
    site = site_of(papers, config, topics=[Vocabulary(label="T")], **more)
    return HtmlPage(outputs_of(site, env_of(config), "home")["index.html"], "index.html")


def test_the_parts_of_the_home_page_stand_in_the_order_of_the_option() -> None:
    html = home({"home_parts": ["topics", "days"]}).html
    assert html.index('class="topic-list"') < html.index('class="day newest"')
    assert 'class="ranked"' not in html
    assert "is-single" in home({"home_parts": ["days"]}).html


def test_a_logo_that_is_not_there_is_told() -> None:
    assert told(lambda: home({"logo": "logo.svg"})).endswith("theme.options.logo: there is no 'logo.svg'")


def theme_in(folder: Path, files: dict[str, bytes]) -> Theme:
    own = folder / "themes" / "mine"
    for name, content in ({"theme.yaml": b"name: mine\nextends: default\n"} | files).items():
        (own / name).parent.mkdir(parents=True, exist_ok=True)
        (own / name).write_bytes(content)
    return Theme(folder, "mine", {})


@pytest.mark.parametrize(
    "content, message",
    [
        (b"- a\n- b\n", "is no table of words"),
        (b"papers: null\n", "papers: is no text"),
        (b"search: [7]\n", "search: is no text"),
        (b'papers.other: "{count} {x.__class__}"\n', "papers.other: has the placeholder {count}, which nothing fills"),
        (b'search: "{n.real}"\n', "search: has a placeholder that is no plain name: 'n.real'"),
        (b'search: "{n!r}"\n', "search: has a placeholder that is no plain name: 'n'"),
        (b'search: "{"\n', "search: has braces that are none of a placeholder"),
        (b"search: \xff\n", "UTF-8"),
    ],
)
def test_words_that_cannot_be_used_are_told_with_their_file(tmp_path: Path, content: bytes, message: str) -> None:
    theme = theme_in(tmp_path, {"words/en.yaml": content})
    said = told(lambda: theme.words["en"])
    assert said.startswith("themes/mine/words/en.yaml: ")
    assert message in said


def test_files_of_a_theme_that_are_not_utf_8_are_told(tmp_path: Path) -> None:
    assert "themes/mine/theme.yaml" in told(lambda: theme_in(tmp_path, {"theme.yaml": b"name: \xff\n"}))
    theme = theme_in(tmp_path / "two", {"templates/home.html": b"\xff"})
    assert "themes/mine/templates/home.html" in told(lambda: theme.template_digest("home.html"))


@pytest.mark.parametrize(
    "language, message", [("english", "is no language tag: 'english'"), ("it", "the theme has no words in 'it'")]
)
def test_a_language_that_is_none_or_has_no_words_is_told_rather_than_mixed(language: str, message: str) -> None:
    config = config_of(language=language)
    said = told(lambda: outputs_of(site_of([paper_of("A")], config), env_of(config), "home"))
    assert said == f"sitegen.yaml: language: {message}"


def test_a_region_of_a_known_language_has_its_words() -> None:
    config = config_of(language="de-CH")
    assert b'lang="de-CH"' in outputs_of(site_of([paper_of("A")], config), env_of(config), "home")["index.html"]
