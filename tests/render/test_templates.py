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


def rendered(folder: Path, files: dict[str, str], **values: Any) -> tuple[str, str]:
    """What ``page.html`` becomes here, and with Jinja as it comes."""
    for name, text in files.items():
        (folder / name).write_text(text)
    plain = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), autoescape=True, undefined=jinja2.StrictUndefined
    )
    ours = Environment([folder])
    plain.trim_blocks = plain.lstrip_blocks = True
    return tuple(some.get_template("page.html").render(values) for some in (ours, plain))  # type: ignore[return-value]


PARTS = {
    "base.html": "<{% block head %}base{% endblock %}|{% block main %}{% endblock %}|{{ value }}>",
    "middle.html": "{% extends 'base.html' %}{% block main %}[{% block inner %}i{% endblock %}]{% endblock %}",
    "part.html": "part",
    "shown.html": "{{ value }}!",
    "macros.html": "{% macro one(a, b='B') %}{{ a }}-{{ b }}{% endmacro %}{% macro all() %}{{ varargs }}{% endmacro %}"
    "{% macro named() %}{{ kwargs }}{% endmacro %}{% macro around(a) %}({{ a }}{{ caller() }}){% endmacro %}",
}


@pytest.mark.parametrize(
    "template",
    [
        "a{% for v in [1, 2] %}{{ v }}{% include 'shown.html' %}{% endfor %}z",
        "a{% include 'part.html' without context %}b{% if value %}{% include 'part.html' without context %}{% endif %}",
        "{% extends 'middle.html' %}{% block head %}{{ super() }}+{% endblock %}{% block inner %}i{% endblock %}",
        "{% if value %}{% extends 'base.html' %}{% endif %}{% block main %}m{% endblock %}",
        "a{% if not value %}{% extends 'base.html' %}{% endif %}b{% block main %}m{% endblock %}c",
        "{% set x %}<b>{{ value }}</b>{% endset %}{{ x }}{% filter upper %}{{ value }}x{% endfilter %}{{ self.m() }}"
        "{% block m %}m{% endblock %}",
        "{% for v in [[1, [2]]] recursive %}{% if v is iterable %}({{ loop(v) }}){% endif %}{{ v }}{% endfor %}",
    ],
)
def test_text_stands_in_the_order_of_the_template(template: str, tmp_path: Path) -> None:
    ours, plain = rendered(tmp_path, PARTS | {"page.html": template}, value="<v>")
    assert ours == plain


class Thing:
    text, mark, number, nothing = "<&'>", Markup("<b>"), 7, None
    loud, marked, parts = Loud(), Marked(), {"key": '"<"', "items": "of a mapping"}


@pytest.mark.parametrize(
    "template",
    [
        "{{ it.text }}{{ it.mark }}{{ it.number }}{{ it.nothing }}{{ it.loud }}{{ it.marked }}",
        "{{ it.parts.key }}{{ it.parts['key'] }}{{ it.parts.key.upper() }}{{ it.parts.values() | list | first }}",
        "{{ it.text | upper }}{{ it.text ~ it.mark }}{{ it.mark.striptags() }}",
        "{{ it.text if it.absent is defined else it.number }}{{ it.absent | default(it.text) }}",
        "{% autoescape false %}{{ it.text }}{{ it.loud }}{% endautoescape %}{{ it.text }}",
        "{% autoescape it.number %}{{ it.text }}{% endautoescape %}",
        "{% autoescape it.nothing %}{{ it.text }}{{ it.mark }}{% endautoescape %}",
        "{% for it in [it, it] %}{{ it.text }}{{ loop.index }}{% endfor %}",
        "{% macro show(it) %}{{ it.text }}{% endmacro %}{{ show(it) }}",
    ],
)
def test_attributes_are_shown_as_jinja_shows_them(template: str, tmp_path: Path) -> None:
    ours, plain = rendered(tmp_path, {"page.html": template}, it=Thing())
    assert ours == plain


def test_an_unknown_attribute_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(jinja2.UndefinedError, match="absent"):
        rendered(tmp_path, {"page.html": "{{ it.absent }}"}, it=Thing())


@pytest.mark.parametrize(
    "call",
    [
        "m.one(value, '<')",
        "m.one(value)",
        "m.one(b=value, a='<')",
        "m.all(1, '<')",
        "m.all()",
        "m.named(a=value)",
        "m.named()",
        "m.one(m.one(value, 1), 2) | upper",
    ],
)
def test_a_macro_may_be_called_in_every_way(call: str, tmp_path: Path) -> None:
    page = f"{{% import 'macros.html' as m %}}{{{{ {call} }}}}{{% call m.around(1) %}}{{{{ value }}}}{{% endcall %}}"
    ours, plain = rendered(tmp_path, PARTS | {"page.html": page}, value="<v>")
    assert ours == plain


@pytest.mark.parametrize("call", ["m.one(1, 2, 3)", "m.one(1, 2, c=3)", "m.all(a=1)"])
def test_a_wrong_call_of_a_macro_is_an_error(call: str, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="macro"):
        rendered(tmp_path, PARTS | {"page.html": f"{{% import 'macros.html' as m %}}{{{{ {call} }}}}"})


def test_templates_are_compiled_once_as_long_as_they_stay_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str | None] = []
    real = Environment.compile

    def compile_noting(self: Environment, source: Any, name: str | None = None, *rest: Any, **named: Any) -> Any:
        compiled.append(name)
        return real(self, source, name, *rest, **named)

    monkeypatch.setattr(Environment, "compile", compile_noting)
    (tmp_path / "page").write_text("{% include 'part' %} of all")
    for part, expected in (("one", ["page", "part"]), ("one", []), ("two", ["part"])):
        (tmp_path / "part").write_text(part)
        compiled.clear()
        assert Environment([tmp_path]).get_template("page").render() == f"{part} of all"
        assert compiled == expected
