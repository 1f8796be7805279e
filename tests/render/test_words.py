"""The theme's words in every language, and dates, numbers and plurals around them."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from babel import Locale
from memory_sites import config_of, env_of

from sitegen.errors import ContentError
from sitegen.render.i18n import Language
from sitegen.render.theme import Theme
from sitegen.render.theme_files import SHIPPED

TABLES = env_of().theme.words
DAY = datetime.date(2025, 10, 29)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def names(table: dict[str, str]) -> set[str]:
    """The keys without their plural forms."""
    return {key.partition(".")[0] if "." in key else key for key in table}


def test_seven_languages_are_shipped() -> None:
    assert sorted(TABLES) == ["ar", "de", "en", "es", "fr", "ja", "zh"]


@pytest.mark.parametrize("language", sorted(TABLES))
def test_every_table_says_what_the_english_one_says(language: str) -> None:
    table, english = TABLES[language], TABLES["en"]
    assert names(table) == names(english)
    plurals = {key.partition(".")[0] for key in english if "." in key}
    forms = {"other"} | (set(Locale.parse(language).plural_form.rules) & {"one", "two", "few"})
    for name in plurals:
        assert {key.partition(".")[2] for key in table if key.startswith(f"{name}.")} == forms, name


@pytest.mark.parametrize("language", sorted(TABLES))
def test_every_text_has_the_placeholders_of_the_english_one(language: str) -> None:
    english = TABLES["en"]
    for key, text in TABLES[language].items():
        like = english.get(key) or english[f"{key.partition('.')[0]}.other"]
        assert set(_PLACEHOLDER.findall(text)) == set(_PLACEHOLDER.findall(like)), key


def test_every_word_is_said_somewhere() -> None:
    folders = [SHIPPED, Path(SHIPPED.parent, "sitegen")]
    said = "\n".join(
        file.read_text(encoding="utf-8")
        for folder in folders
        for suffix in ("*.html", "*.py", "*.js")
        for file in folder.rglob(suffix)
    )
    unsaid = [
        name
        for name in names(TABLES["en"])
        if not re.search(rf"words\.{name}\b|[\"'`]{name}[\"'`.]", said) and not name.startswith(("link_", "notice_"))
    ]
    assert unsaid == []


@pytest.mark.parametrize(
    "language, one, many, day, direction",
    [
        ("en", "1 paper", "12 papers", "Oct 29, 2025", "ltr"),
        ("de", "1 Arbeit", "12 Arbeiten", "29.10.2025", "ltr"),
        ("de-AT", "1 Arbeit", "12 Arbeiten", "29.10.2025", "ltr"),
        ("fr", "1 article", "12 articles", "29 oct. 2025", "ltr"),
        ("es", "1 artículo", "12 artículos", "29 oct 2025", "ltr"),
        ("zh", "1 篇论文", "12 篇论文", "2025年10月29日", "ltr"),
        ("ja", "論文 1 件", "論文 12 件", "2025/10/29", "ltr"),
        ("he", "1 paper", "12 papers", "29 באוק׳ 2025", "rtl"),
        ("x-unknown", "1 paper", "12 papers", "Oct 29, 2025", "ltr"),
    ],
)
def test_counts_and_dates_follow_the_language(language: str, one: str, many: str, day: str, direction: str) -> None:
    spoken = Language(language, TABLES)
    assert (spoken.count("papers", 1), spoken.count("papers", 12)) == (one, many)
    assert spoken.date(DAY) == day
    assert spoken.direction == direction


def test_large_numbers_are_grouped_as_the_language_does() -> None:
    assert Language("en", TABLES).count("votes", 12345) == "12,345 votes"
    assert Language("de", TABLES).count("votes", 12345) == "12.345 Stimmen"


def test_a_week_is_said_as_its_seven_days() -> None:
    assert Language("en", TABLES).week(datetime.date(2025, 10, 27)) == "Oct 27\u2009–\u2009Nov 2, 2025"


def test_a_regional_table_stands_above_that_of_its_language_and_english_below_both() -> None:
    tables = {"en": {"a": "en", "b": "en", "c": "en"}, "de": {"a": "de", "b": "de"}, "de-CH": {"a": "ch"}}
    spoken = Language("de-CH", tables)
    assert [spoken.words.a, spoken.words.b, spoken.words.c] == ["ch", "de", "en"]


def test_a_page_is_in_the_language_of_the_configuration() -> None:
    assert env_of(config_of(language="ja")).language.words.papers == "論文"


def test_a_theme_says_only_the_words_that_it_says_differently(tmp_path: Path) -> None:
    own = tmp_path / "themes" / "mine"
    (own / "words").mkdir(parents=True)
    (own / "theme.yaml").write_text("name: mine\nextends: default\n")
    (own / "words" / "en.yaml").write_text("papers: Articles\n")
    words = Theme(tmp_path, "mine", {}).words["en"]
    assert (words["papers"], words["topics"]) == ("Articles", "Topics")


def test_a_table_that_cannot_be_read_is_told_by_its_name(tmp_path: Path) -> None:
    own = tmp_path / "themes" / "mine"
    (own / "words").mkdir(parents=True)
    (own / "theme.yaml").write_text("name: mine\nextends: default\n")
    (own / "words" / "fr.yaml").write_bytes(b"papers: \xe9tudes\n")
    words = Theme(tmp_path, "mine", {}).words
    assert words["de"]["papers"]
    with pytest.raises(ContentError) as raised:
        words["fr"]
    assert raised.value.problems[0].source == "themes/mine/words/fr.yaml"
