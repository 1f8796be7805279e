"""Templates escape everything, however quickly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from sitegen.render.templates import Environment, escaped


class Loud:
    def __str__(self) -> str:
        return "<loud>"


class Marked:
    def __html__(self) -> str:
        return "<b>marked</b>"


@given(st.one_of(st.text(alphabet="<>&\"'ab \u2028é"), st.text(), st.integers(), st.none()))
def test_quick_escaping_gives_what_markupsafe_gives(value: Any) -> None:
    assert escaped(value) == escape(value)


@pytest.mark.parametrize("value", [Loud(), Marked(), Markup("<i>x</i>"), "<script>", 1.5, None])
def test_values_that_are_not_texts_are_escaped_too(value: Any, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{{ value }}|{% for v in [value] %}{{ v }}{% endfor %}")
    html = Environment([tmp_path]).get_template("page.html").render(value=value)
    assert html == f"{escape(value)}|{escape(value)}"


@pytest.mark.parametrize(
    "template", ["{{ missing }}", "{% for x in missing %}{% endfor %}", "{% if missing %}{% endif %}"]
)
def test_an_unknown_name_is_an_error_rather_than_an_empty_text(template: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(template)
    with pytest.raises(jinja2.UndefinedError):
        Environment([tmp_path]).get_template("page.html").render()


def test_a_template_is_looked_for_in_each_folder_in_order(tmp_path: Path) -> None:
    for name, files in {"own": ["a.html"], "parent": ["a.html", "b.html"]}.items():
        for file in files:
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / file).write_text(name)
    environment = Environment([tmp_path / "own", tmp_path / "parent"])
    assert [environment.get_template(name).render() for name in ("a.html", "b.html")] == ["own", "parent"]
