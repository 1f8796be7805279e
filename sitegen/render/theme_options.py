"""A theme's options: defaults of its ``theme.yaml`` and of those it extends, with what a site sets over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from sitegen.config import setting_problem
from sitegen.errors import ContentError, did_you_mean
from sitegen.render import appearance
from sitegen.render.theme_files import Manifest


def options_of(site_root: Path, manifests: Iterable[Manifest], given: dict[str, Any], name: str) -> dict[str, Any]:
    """The options of the theme ``name``, whose manifests stand nearest first.

    Raises:
        ContentError: where a site sets an option that is unknown, of another type, or cannot be used.
    """
    options: dict[str, Any] = {}
    for manifest in reversed(list(manifests)):
        options |= {key: _typed(value) for key, value in manifest.options.items()}
    for key in given:
        if key not in options:
            hint = did_you_mean(key, options) or f"the theme {name!r} has no options"
            raise ContentError([setting_problem(site_root, f"theme.options.{key}", "unknown option", hint)])
    for key, value in given.items():
        kind = _kind_of(options[key])
        if not kind.fits(value):
            message = f"is not {kind.words}"
            raise ContentError(
                [setting_problem(site_root, f"theme.options.{key}", message, f"by default {options[key]!r}")]
            )
    options |= given
    wrong = [setting_problem(site_root, f"theme.options.{key}", *said) for key, *said in appearance.faults(options)]
    if wrong:
        raise ContentError(wrong)
    return options


def _typed(value: Any) -> Any:
    """A value of ``theme.yaml``, where all are read as texts, as what it looks like: a number or a switch."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value)
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


class _OptionKind(msgspec.Struct, frozen=True):
    """What an option may be set to: told by its default."""

    words: str
    fits: Callable[[Any], bool]


_TEXT = _OptionKind("a text of at most 200 characters", lambda value: isinstance(value, str) and len(value) <= 200)
_TEXTS = _OptionKind(
    "a list of texts", lambda value: isinstance(value, list) and len(value) <= 100 and all(map(_TEXT.fits, value))
)
_TEXT_OR_TEXTS = _OptionKind("a text or a list of texts", lambda value: _TEXT.fits(value) or _TEXTS.fits(value))
_NUMBER = _OptionKind("a whole number from 0 to 10000", lambda value: type(value) is int and 0 <= value <= 10_000)
_SWITCH = _OptionKind("true or false", lambda value: isinstance(value, bool))
_ANYTHING = _OptionKind("anything", lambda value: True)


def _kind_of(default: Any) -> _OptionKind:
    if default == "":
        return _TEXT_OR_TEXTS
    kinds = {bool: _SWITCH, int: _NUMBER, str: _TEXT, list: _TEXTS}
    return kinds.get(type(default), _ANYTHING)
