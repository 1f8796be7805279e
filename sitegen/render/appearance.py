"""What a site sets of its theme's look without a template or a stylesheet: checked here, and written as CSS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

# Text in the accent colour stands on these of the shipped themes: the darkest of the light grounds, the lightest of
# the dark ones.
GROUNDS = ("#f3f1ea", "#1f2226")
# WCAG 2.2, success criterion 1.4.3, for text of normal size.
LEAST_CONTRAST = 4.5
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")
# Names of font families as CSS has them, in quotation marks or without; nothing that could end the declaration.
_FONTS = re.compile(r"""(?:[\w -]+|"[\w -]+")(?:, *(?:[\w -]+|"[\w -]+"))*""")
_FONT_PROPERTIES = {"title_font": "--serif", "text_font": "--sans"}

Fault = tuple[str, str, str]
"""An option, what is wrong with it, and a hint."""


def faults(options: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with ``accent``, ``title_font`` and ``text_font``."""
    accent = _accent(options)
    if len(accent) > 2 or not all(_COLOUR.fullmatch(colour) for colour in accent):
        yield "accent", f"is no colour: {options['accent']!r}", 'write "#1f4b82", or one for light and one for dark'
        return
    for colour, ground, scheme in zip(accent, GROUNDS, ("light", "dark"), strict=False):
        contrast = contrast_of(colour, ground)
        if contrast < LEAST_CONTRAST:
            better = readable(colour, ground)
            message = f"{colour} has a contrast of {contrast:.1f} to the {scheme} ground; {LEAST_CONTRAST} are needed"
            yield "accent", message, f"{better} of the same hue has enough"
    for name in _FONT_PROPERTIES:
        font = options.get(name)
        if font and not _FONTS.fullmatch(font):
            yield (
                name,
                f"is no list of fonts: {font!r}",
                'write names with commas between: Charter, "Times New Roman", serif',
            )


def css(options: Mapping[str, Any]) -> str:
    """The declarations that follow from the options; an empty text where nothing is set."""
    declarations = [f"{prop}: {options[name]}" for name, prop in _FONT_PROPERTIES.items() if options.get(name)]
    accent = _accent(options)
    if accent:
        light, dark = accent[0], accent[1] if len(accent) > 1 else readable(accent[0], GROUNDS[1])
        declarations.append(f"--accent: light-dark({light}, {dark})")
        declarations.append(f"--on-accent: light-dark({_on(light)}, {_on(dark)})")
    return f":root {{ {'; '.join(declarations)}; }}\n" if declarations else ""


def contrast_of(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    dark, light = sorted((_luminance(_channels(one)), _luminance(_channels(other))))
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str, ground: str) -> str:
    """The colour itself, or mixed with as little white or black as makes it readable on the ground."""
    goal = 255 if _luminance(_channels(ground)) < 0.2 else 0
    for step in range(101):
        mixed = "#" + "".join(f"{round(c + (goal - c) * step / 100):02x}" for c in _channels(colour))
        if contrast_of(mixed, ground) >= LEAST_CONTRAST:
            break
    return mixed


def _accent(options: Mapping[str, Any]) -> list[str]:
    accent = options.get("accent") or []
    return [accent] if isinstance(accent, str) else list(accent)


def _on(colour: str) -> str:
    return max(("#ffffff", "#10151c"), key=lambda text: contrast_of(text, colour))


def _channels(colour: str) -> tuple[int, ...]:
    digits = colour[1:]
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    return tuple(int(digits[i : i + 2], 16) for i in (0, 2, 4))


def _luminance(channels: tuple[int, ...]) -> float:
    """Relative luminance (WCAG 2.2)."""
    red, green, blue = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
