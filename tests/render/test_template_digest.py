"""What a template's digest depends on, and what need not be found out again of a theme's files."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest

from sitegen.render.theme import Theme


@pytest.fixture
def site(tmp_path: Path) -> Path:
    templates = tmp_path / "themes/own/templates"
    templates.mkdir(parents=True)
    (tmp_path / "themes/own/theme.yaml").write_text("name: own\n")
    page = "{% extends 'base.html' %}{% block main %}{% include 'part.html' %}{% endblock %}"
    (templates / "page.html").write_text(page)
    (templates / "base.html").write_text("<main>{% block main %}{% endblock %}</main>")
    (templates / "part.html").write_text("part")
    (templates / "alone.html").write_text("alone")
    return tmp_path


def _templates(site: Path) -> Path:
    return site / "themes/own/templates"


def test_a_digest_changes_with_every_template_that_is_used(site: Path) -> None:
    seen = {Theme(site, "own", {}).template_digest("page.html")}
    for name in ("page.html", "base.html", "part.html"):
        file = _templates(site) / name
        file.write_text(file.read_text() + " ")
        seen.add(Theme(site, "own", {}).template_digest("page.html"))
    assert len(seen) == 4


def test_a_digest_does_not_change_with_others(site: Path) -> None:
    before = Theme(site, "own", {}).template_digest("page.html")
    (_templates(site) / "alone.html").write_text("altered")
    assert Theme(site, "own", {}).template_digest("page.html") == before


def test_templates_whose_references_are_known_are_not_parsed(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Theme(site, "own", {})
    digest = first.template_digest("page.html")
    parsed: list[str | None] = []
    parse = jinja2.Environment.parse

    def watched(self: jinja2.Environment, source: str, name: str | None = None, file: str | None = None) -> object:
        parsed.append(name)
        return parse(self, source, name, file)

    monkeypatch.setattr(jinja2.Environment, "parse", watched)
    assert Theme(site, "own", {}, first.memory).template_digest("page.html") == digest
    assert parsed == []
    (_templates(site) / "part.html").write_text("{% include 'alone.html' %}")
    third = Theme(site, "own", {}, first.memory)
    assert third.template_digest("page.html") != digest
    assert parsed == ["part.html", "alone.html"]
    assert sorted(map(sorted, third.memory.references.values())) == [[], [], ["alone.html"], ["base.html", "part.html"]]


def test_scripts_that_are_known_are_not_joined_again(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    static = site / "themes/own/static"
    static.mkdir()
    (static / "page.js").write_text("import { two } from './part.js';\nalert(two);\n")
    (static / "part.js").write_text("export const two = 2;\n")
    (static / "latin.js").write_bytes(b"alert('\xe9');\n")
    first = Theme(site, "own", {})
    monkeypatch.setattr("sitegen.render.theme.published", lambda scripts, ours: {"joined.js": "anew"})
    assert Theme(site, "own", {}, first.memory).assets == first.assets
    (static / "part.js").write_text("export const two = 3;\n")
    assert b"anew" in Theme(site, "own", {}, first.memory).assets.values()
