r"""LaTeX that abstracts and titles carry outside of formulas: ``Schr\"odinger``, ``100\%``, ``{\em new}``.

Listings lose the dollar signs and keep the commands. What has a plain reading gets it; all else stays as typed,
so nothing is lost.
"""

from __future__ import annotations

import re
import unicodedata

from sitegen.text.math import SYMBOLS

_QUOTES = re.compile(r"``([^`\n]{1,300}?)''")
_ACCENT = re.compile(r"\\([\"'^~=.])(?:\{([A-Za-z])\}|([A-Za-z]))")
_GRAVE = re.compile(r"\\`(?:\{([AEIOUaeiou])\}|([AEIOUaeiou]))")
_CARON_OR_CEDILLA = re.compile(r"\\([vcHkru])\{([A-Za-z])\}")
_ESCAPED = re.compile(r"\\([%&#])")
_STYLED = re.compile(r"\\(?:textbf|textit|textsc|texttt|textsf|textrm|emph|underline|url)\{([^{}]*)\}")
_SWITCHED = re.compile(r"\{\\(?:em|it|bf|tt|sc|sl|sf|rm)\s+([^{}]*)\}")
_NAMED = re.compile(r"\{\\([A-Za-z]+)\}|\\([A-Za-z]+)(?![A-Za-z{])")
_COMBINING = {
    '"': "\u0308",
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "v": "\u030c",
    "c": "\u0327",
    "H": "\u030b",
    "k": "\u0328",
    "r": "\u030a",
    "u": "\u0306",
}
_LETTERS = {
    "L": "Ł",
    "l": "ł",
    "O": "Ø",
    "o": "ø",
    "AA": "Å",
    "aa": "å",
    "AE": "Æ",
    "ae": "æ",
    "OE": "Œ",
    "oe": "œ",
    "ss": "ß",
    "i": "ı",
    "textgreater": ">",
    "textless": "<",
    "textemdash": "—",
    "textendash": "–",
}


def readable(text: str) -> str:
    """The text with such commands replaced. Where there is code (a backtick), nothing but quotes is."""
    if "``" in text and "''" in text:
        text = _QUOTES.sub(r"“\1”", text)
    if "\\" not in text:
        return text
    text = _GRAVE.sub(lambda match: _accented("`", match[1] or match[2]), text)
    if "`" in text:
        return text
    text = _ACCENT.sub(lambda match: _accented(match[1], match[2] or match[3]), text)
    text = _CARON_OR_CEDILLA.sub(lambda match: _accented(match[1], match[2]), text)
    text = _ESCAPED.sub(r"\1", text)
    text = _SWITCHED.sub(r"\1", _STYLED.sub(r"\1", text))
    return _NAMED.sub(_named, text)


def _accented(accent: str, letter: str) -> str:
    return unicodedata.normalize("NFC", letter + _COMBINING[accent])


def _named(match: re.Match[str]) -> str:
    name = match[1] or match[2]
    return _LETTERS.get(name) or SYMBOLS.get(name) or match[0]
