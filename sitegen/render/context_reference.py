"""``docs/theme-context.md``: what every template gets, made from the structures of ``context`` and ``views``.

Run ``python -m sitegen.render.context_reference`` in a checkout to write it anew.
"""

from __future__ import annotations

import re
import typing
from pathlib import Path
from typing import Any

import msgspec

from sitegen.render import views
from sitegen.render.context import TEMPLATES, Context

FILE = Path(__file__).resolve().parents[2] / "docs" / "theme-context.md"
_INTRODUCTION = """# What templates get

<!-- Made by `python -m sitegen.render.context_reference` from sitegen/render/context.py. -->

A theme is a folder `themes/NAME/` with `theme.yaml`, `templates/`, `static/` and `words/`. One that extends
another (`extends: default`) takes every file it does not have from there; to change one file, make a theme that
has only that file.

Templates are [Jinja](https://jinja.palletsprojects.com/). All values are escaped; `Markup` is safe HTML that stands
as it is. A name that is not listed here is an error, not an empty text. URLs are relative to the site's root:
write `href="{{ root }}{{ link.url }}"`. What is documented here keeps its meaning; what is not may change.
"""


def reference() -> str:
    """The whole page as Markdown."""
    parts = [_INTRODUCTION, "## Every page\n", f"{Context.__doc__}\n", _table(Context)]
    common = set(Context.__struct_fields__)
    for kind in dict.fromkeys(TEMPLATES.values()):
        names = ", ".join(f"`{name}`" for name, of in TEMPLATES.items() if of is kind)
        parts += [f"## {names}\n", f"{_own_words(kind)}\n"]
        skipped = common if issubclass(kind, Context) else set()
        if issubclass(kind, Context):
            parts.append("Besides what every page gets:\n")
        parts.append(_table(kind, skipped))
    parts.append("## Types\n")
    for kind in _types():
        parts += [f"### {kind.__name__}\n", f"{kind.__doc__}\n", _table(kind)]
    return "\n".join(parts)


def _types() -> list[type[msgspec.Struct]]:
    kinds = [kind for kind in vars(views).values() if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]
    return [kind for kind in kinds if kind is not views.Lazy]


def _own_words(kind: type[msgspec.Struct]) -> str:
    """A docstring without the template's name, which the heading says already."""
    text = re.sub(r"^(?:(?:, | and )?`[^`]*`)+[:,;.]?\s*", "", kind.__doc__ or "")
    return text[:1].upper() + text[1:] or "What surrounds every page."


def _table(kind: type[msgspec.Struct], skipped: set[str] | None = None) -> str:
    hints = typing.get_type_hints(kind, include_extras=True)
    rows = ["| name | type | meaning |", "| --- | --- | --- |"]
    for name in kind.__struct_fields__:
        if name not in (skipped or ()) and not name.startswith("_"):
            hint, meaning = typing.get_args(hints[name])[:2]
            rows.append(f"| `{name}` | {_type_name(hint)} | {meaning} |")
    return "\n".join(rows) + "\n" if len(rows) > 2 else "Nothing.\n"


def _type_name(hint: Any) -> str:
    if hint is type(None):
        return "none"
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return f"list of {_type_name(arguments[0])}"
        return " and ".join(map(_type_name, arguments))
    if origin is not None and issubclass(origin, typing.Mapping):
        return "mapping"
    if arguments:
        return " or ".join(map(_type_name, arguments))
    name = {"str": "text", "int": "number", "bool": "yes or no"}.get(hint.__name__, hint.__name__)
    return f"[{name}](#{name.lower()})" if hint in _types() else name


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(reference(), encoding="utf-8")
