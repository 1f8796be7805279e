"""Jinja as themes get it: everything is escaped, unknown names are errors, and escaping is quick."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import jinja2
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape


def escaped(value: Any) -> str:
    """The same text as ``markupsafe.escape``, which always makes a new ``Markup`` first.

    A page is made of a hundred small values, most of them without anything to escape.
    """
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]
    if kind is str and not ("<" in value or "&" in value or '"' in value or ">" in value or "'" in value):
        return value  # type: ignore[no-any-return]
    return escape(value)


class _Generator(CodeGenerator):
    def _output_child_pre(self, node: Any, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


class Environment(jinja2.Environment):
    """Templates of a theme, looked for in its folders in order."""

    code_generator_class = _Generator
    escaped = staticmethod(escaped)

    def __init__(self, folders: list[Path]) -> None:
        super().__init__(
            loader=jinja2.FileSystemLoader(folders),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
            extensions=["jinja2.ext.do"],
        )

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A plain mapping: it is copied for each rendering, which takes a fifth of the time that Jinja's own takes."""
        return {**self.globals, **(d or {})}
