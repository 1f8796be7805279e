"""LaTeX text, as bibliographies hold it -> plain text. Math in ``$...$`` is left for the page to show."""

from __future__ import annotations

import functools
import re

from pylatexenc.latex2text import LatexNodes2Text

# The library walks nested groups by recursion and reads quadratically in places; no honest field is longer.
_MAX_LENGTH = 20_000
_MAX_DEPTH = 40
_MARKUP = re.compile(r"[\\{}~$%]|--|``|''")
_BARE_PERCENT = re.compile(r"(?<!\\)%")
_BARE_DOLLAR = re.compile(r"(?<!\\)\$")
# The library prefers the modifier letters for what a keyboard types, and a tie for "~".
_TYPED = str.maketrans({"\xa0": " ", "ˆ": "^", "˜": "~"})
_PAREN_MATH = re.compile(r"\\\((.+?)\\\)", re.DOTALL)


def latex_to_text(latex: str) -> str:
    """Accents, symbols and quotes as characters, commands and braces gone, words kept.

    Text that is not LaTeX at all (an abstract with a lone ``%`` or ``$``) keeps these signs. What cannot be
    read as LaTeX loses its braces and nothing else.
    """
    if not _MARKUP.search(latex):
        return latex
    if len(latex) > _MAX_LENGTH or _depth(latex) > _MAX_DEPTH:
        return _without_braces(latex)
    text = _PAREN_MATH.sub(r"$\1$", _BARE_PERCENT.sub(r"\\%", latex))
    if len(_BARE_DOLLAR.findall(text)) % 2:
        text = _BARE_DOLLAR.sub(r"\\$", text)
    try:
        read = str(_reader().latex_to_text(text))
    except Exception:  # the library lets IndexError and others out for malformed commands
        return _without_braces(latex)
    read = read.translate(_TYPED).strip()
    return read or _without_braces(latex)


@functools.cache
def _reader() -> LatexNodes2Text:
    return LatexNodes2Text(math_mode="verbatim", keep_comments=True)


def _depth(latex: str) -> int:
    depth = deepest = 0
    for sign in latex:
        depth += (sign == "{") - (sign == "}")
        deepest = max(deepest, depth)
    return deepest


def _without_braces(latex: str) -> str:
    return re.sub(r"(?<!\\)[{}]", "", latex)
