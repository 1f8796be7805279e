"""The contract with theme authors: what is documented is what templates get, in both directions."""

from __future__ import annotations

import types
import typing
from pathlib import Path
from typing import Any

import jinja2
import msgspec
import pytest
from jinja2 import nodes
from memory_sites import config_of, env_of, paper_of, site_of

from sitegen.model import Page, Vocabulary
from sitegen.render import context, views
from sitegen.render.context import TEMPLATES
from sitegen.render.context_reference import reference
from sitegen.render.output import RenderEnv
from sitegen.render.plan import plan, render
from sitegen.render.theme import Theme
from sitegen.render.theme_files import SHIPPED

REFERENCE = SHIPPED.parent / "docs" / "theme-context.md"
FOLDERS = [SHIPPED / "default" / "templates", SHIPPED / "proceedings" / "templates"]


class Recorder:
    """Keeps what each template was rendered with."""

    def __init__(self) -> None:
        self.seen: dict[str, dict[str, Any]] = {}

    def attach(self, environment: jinja2.Environment) -> None:
        load = environment.get_template
        recorder = self

        def get_template(name: str, *args: Any, **kwargs: Any) -> Any:
            template = load(name, *args, **kwargs)

            class Recorded:
                def render(self, values: dict[str, Any]) -> str:
                    recorder.seen.setdefault(name, dict(values))
                    return template.render(values)

            return Recorded() if name in TEMPLATES else template

        environment.get_template = get_template  # type: ignore[method-assign]


@pytest.fixture(scope="module")
def seen() -> dict[str, dict[str, Any]]:
    papers = [
        paper_of(
            f"Paper {n}",
            abstract="Text.",
            date=f"2025-10-{n + 1:02}",
            topics=["T"],
            tags=["g"],
            upvotes=n,
            authors=["A"],
        )
        for n in range(3)
    ]
    config = config_of()
    site = site_of(papers, config, topics=[Vocabulary(label="T")], pages=[Page(slug="about", title="About", body="x")])
    # A theme of its own, because it is tampered with.
    env = RenderEnv(Path("nowhere"), config, Theme(Path("nowhere"), "default", {}))
    recorder = Recorder()
    recorder.attach(env.theme.environment)
    for output in plan(site, env):
        if output.path.endswith(".html"):
            render(site, env, output)
    return recorder.seen


def test_every_template_of_the_default_theme_is_documented_or_a_part_of_one_that_is() -> None:
    names = {file.name for file in FOLDERS[0].glob("*.html")}
    assert set(TEMPLATES) <= names
    assert names - set(TEMPLATES) == {"base.html", "_parts.html", "_find.html", "_find_input.html"}


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_a_template_gets_just_what_is_documented(template: str, seen: dict[str, dict[str, Any]]) -> None:
    assert set(seen[template]) == set(fields_of(TEMPLATES[template]))


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_documented_values_are_of_the_documented_types(template: str, seen: dict[str, dict[str, Any]]) -> None:
    hints = typing.get_type_hints(TEMPLATES[template])
    for name, value in seen[template].items():
        assert fits(value, hints[name]), f"{template}: {name}: {hints[name]}"


def fits(value: Any, hint: Any) -> bool:
    """Whether a value is of a type, through tuples and structures."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return True
    if origin in (typing.Union, types.UnionType):
        return any(fits(value, arg) for arg in args)
    if origin is tuple:
        inner = args[:1] * len(value) if args[-1] is Ellipsis else args
        return isinstance(value, tuple) and all(fits(item, arg) for item, arg in zip(value, inner, strict=True))
    if origin is not None:
        return isinstance(value, origin)
    if issubclass(hint, msgspec.Struct):
        hints = typing.get_type_hints(hint)
        return isinstance(value, hint) and all(fits(getattr(value, name), hints[name]) for name in fields_of(hint))
    return isinstance(value, hint)


def kinds() -> list[type[msgspec.Struct]]:
    """All that templates get, and its parts."""
    found = (vars(views) | vars(context)).values()
    return [kind for kind in found if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and fields_of(kind)]


def fields_of(kind: type[msgspec.Struct]) -> list[str]:
    return [name for name in kind.__struct_fields__ if not name.startswith("_")]


def test_every_field_is_documented() -> None:
    assert len(kinds()) > len(TEMPLATES)
    for kind in kinds():
        hints = typing.get_type_hints(kind, include_extras=True)
        for name in fields_of(kind):
            assert typing.get_args(hints[name])[-1].strip(), f"{kind.__name__}.{name}"


@pytest.mark.parametrize("file", sorted(file for folder in FOLDERS for file in folder.glob("*.html")), ids=str)
def test_templates_ask_only_for_documented_fields(file: Path) -> None:
    environment = env_of().theme.environment
    tree = environment.parse(file.read_text(encoding="utf-8"))
    fields = {name for kind in kinds() for name in fields_of(kind)}
    asked = {node.attr for node in tree.find_all(nodes.Getattr) if not is_of(node, "words", "options")}
    assert asked <= fields | {"first", "index", "last", "get", "startswith"}
    assert {node.attr for node in tree.find_all(nodes.Getattr) if is_of(node, "options")} <= set(env_of().theme.options)


def is_of(node: nodes.Getattr, *names: str) -> bool:
    return isinstance(node.node, nodes.Name) and node.node.name in names


def test_the_reference_in_the_docs_is_up_to_date() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == reference(), "run: python -m sitegen.render.context_reference"
