"""A theme's words, read from its ``words/*.yaml`` and those of the themes that it extends."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from sitegen.content.files import decode
from sitegen.content.frontmatter import parse_yaml
from sitegen.errors import ContentError, Problem
from sitegen.render.i18n import FALLBACK
from sitegen.render.theme_files import SHIPPED


class WordTables(Mapping[str, Mapping[str, str]]):
    """language -> key -> text; see ``words/en.yaml``. Parsed when they are asked for: a site speaks one language.

    Tables are joined word by word along the themes, so that a theme says only what it says differently.
    """

    def __init__(self, files: Mapping[str, Sequence[Path]]) -> None:
        self._files = {language: [(file, file.read_bytes()) for file in own] for language, own in files.items()}
        self._tables: dict[str, dict[str, str]] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __getitem__(self, language: str) -> Mapping[str, str]:
        if language not in self._tables:
            table: dict[str, str] = {}
            for file, raw in self._files[language]:
                name = f"themes/{file.parent.parent.name}/words/{file.name}"
                text = decode(raw, name)
                words = text if isinstance(text, Problem) else parse_yaml(text, name)
                if isinstance(words, Problem):
                    raise ContentError([words])
                table |= self._checked(words, name)
            self._tables[language] = table
        return self._tables[language]

    def _checked(self, words: Any, name: str) -> dict[str, str]:
        """A file's words.

        Raises:
            ContentError: where one is no text, or has a placeholder that nothing fills.
        """
        if not isinstance(words or {}, dict):
            raise ContentError([Problem(source=name, message="is no table of words", hint="write KEY: TEXT")])
        wrong: list[Problem] = []
        for key, text in (words or {}).items():
            if not isinstance(key, str) or not isinstance(text, str):
                wrong.append(Problem(source=name, field=str(key)[:80], message="is no text", hint="put it in quotes"))
            elif "{" in text or "}" in text:
                fault = _placeholder_fault(text, self._known.get(key))
                if fault:
                    wrong.append(Problem(source=name, field=key, message=fault))
        if wrong:
            raise ContentError(wrong)
        return words or {}

    @cached_property
    def _known(self) -> dict[str, set[str]]:
        """The placeholders of each word that the program fills, as the default theme has them."""
        text = (SHIPPED / "default" / "words" / f"{FALLBACK}.yaml").read_text(encoding="utf-8")
        words = parse_yaml(text, FALLBACK)
        return (
            {key: set(re.findall(r"\{(\w+)\}", word)) for key, word in words.items()} if isinstance(words, dict) else {}
        )

    def state(self) -> list[tuple[str, bytes]]:
        """What all of it follows from."""
        return [(language, text) for language, own in sorted(self._files.items()) for _, text in own]


def _placeholder_fault(text: str, known: set[str] | None) -> str:
    """What is wrong with the ``{name}`` of a word, or an empty text. ``known``: those that are filled."""
    try:
        fields = [field for field in string.Formatter().parse(text) if field[1] is not None]
    except ValueError as error:
        return f"has braces that are none of a placeholder ({error}); write {{{{ and }}}} for braces"
    for _, name, form, conversion in fields:
        if not re.fullmatch(r"[a-z]+", name or "") or form or conversion:
            return f"has a placeholder that is no plain name: {name!r}"
        if known is not None and name not in known:
            allowed = ", ".join(f"{{{one}}}" for one in sorted(known)) or "none"
            return f"has the placeholder {{{name}}}, which nothing fills (there is {allowed})"
    return ""
