"""Jinja as themes get it: everything is escaped, and unknown names are errors."""

from __future__ import annotations

from pathlib import Path
from types import CodeType
from typing import Any

import jinja2
from jinja2.bccache import Bucket, BytecodeCache


class _Compiled(BytecodeCache):
    """What templates were compiled to in this process. A preview makes an environment for each build, and few templates
    change between two."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, CodeType | None]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._known.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = (bucket.checksum, bucket.code)


# What a template is compiled to depends on its text and place alone: all environments here have the same options.
_COMPILED = _Compiled()


class Environment(jinja2.Environment):
    """Templates of a theme, looked for in its folders in order.

    ``NAME/x.html`` is what ``x.html`` is to the theme NAME among them. So a theme can extend the template that its own
    of the same name stands for: ``{% extends "default/_entry.html" %}``.
    """

    def __init__(self, folders: list[Path]) -> None:
        self._found: dict[str, jinja2.Template] = {}
        by_theme = {folder.parent.name: jinja2.FileSystemLoader(folders[n:]) for n, folder in enumerate(folders)}
        super().__init__(
            loader=jinja2.ChoiceLoader([jinja2.FileSystemLoader(folders), jinja2.PrefixLoader(by_theme)]),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
            extensions=["jinja2.ext.do"],
            bytecode_cache=_COMPILED,
        )

    def get_template(
        self,
        name: Any,
        parent: str | None = None,
        globals: Any = None,  # noqa: A002 -- Jinja's name
    ) -> jinja2.Template:
        """Each page asks for what it extends and imports; no template changes while there is this environment."""
        if globals or not isinstance(name, str):
            return super().get_template(name, parent, globals)
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = super().get_template(name, parent)
        return found
