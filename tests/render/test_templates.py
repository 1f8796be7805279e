"""Templates escape everything, say what they do not know, and may extend those of the same name in other themes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
import pytest
from markupsafe import Markup, escape

from sitegen.render.templates import Environment
from sitegen.render.theme import joined_styles


class Loud:
    def __str__(self) -> str:
        return "<loud>"


class Marked:
    def __html__(self) -> str:
        return "<b>marked</b>"


@pytest.mark.parametrize("value", [Loud(), Marked(), Markup("<i>x</i>"), "<script>", 1.5, None])
def test_all_values_are_escaped(value: Any, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{{ value }}|{% for v in [value] %}{{ v }}{% endfor %}")
    html = Environment([tmp_path]).get_template("page.html").render(value=value)
    assert html == f"{escape(value)}|{escape(value)}"


@pytest.mark.parametrize(
    "template",
    ["{{ missing }}", "{% for x in missing %}{% endfor %}", "{% if missing %}{% endif %}", "{{ it.absent }}"],
)
def test_an_unknown_name_is_an_error_rather_than_an_empty_text(template: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(template)
    with pytest.raises(jinja2.UndefinedError):
        Environment([tmp_path]).get_template("page.html").render(it="")


def themes(folder: Path, files: dict[str, str]) -> list[Path]:
    """The templates of the themes ``own`` and ``parent``, from "THEME/FILE" -> text."""
    for name, text in files.items():
        theme, file = name.split("/")
        (folder / theme / "templates").mkdir(parents=True, exist_ok=True)
        (folder / theme / "templates" / file).write_text(text)
    return [folder / "own" / "templates", folder / "parent" / "templates"]


def test_a_template_is_looked_for_in_each_theme_in_order(tmp_path: Path) -> None:
    files = {"own/a.html": "own", "parent/a.html": "parent", "parent/b.html": "parent"}
    environment = Environment(themes(tmp_path, files))
    assert [environment.get_template(name).render() for name in ("a.html", "b.html")] == ["own", "parent"]


def test_a_template_may_extend_the_one_it_stands_for_and_fill_its_blocks(tmp_path: Path) -> None:
    files = {
        "parent/_top.html": "<{% block logo %}name{% endblock %}|{% include 'part.html' %}>",
        "parent/part.html": "part",
        "own/_top.html": "{% extends 'parent/_top.html' %}{% block logo %}logo, {{ super() }}{% endblock %}",
        "own/part.html": "own part",
    }
    assert Environment(themes(tmp_path, files)).get_template("_top.html").render() == "<logo, name|own part>"


def test_stylesheets_that_import_each_other_by_name_become_one_file() -> None:
    files = {
        "theme.css": b'/* all */\n@import "css/a.css";\n@import "css/none.css";\np {}\n',
        "css/a.css": b'@import "b.css";\n@import "a.css";\na {}\n',
        "css/b.css": b"b {}\n",
        "alone.css": b'@import url("css/b.css") screen;\n',
        "text.txt": b'@import "css/b.css";\n',
    }
    assert joined_styles(files) == {
        "theme.css": b'/* all */\nb {}\n@import "a.css";\na {}\n@import "css/none.css";\np {}\n',
        "alone.css": files["alone.css"],
        "text.txt": files["text.txt"],
    }
