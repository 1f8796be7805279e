"""A formula in plain characters, ``\varepsilon^{-s}`` as ``ε^-s``: for search, titles of feeds, metadata."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from sitegen.text.latex_symbols import SILENT, character
from sitegen.text.math import Formula, braces_match, replace

_GROUP = r"\s*\{((?:[^{}]|\{[^{}]*\})*)\}"
_ONE = r"\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|(\\[A-Za-z]+|[A-Za-z0-9]))"
_FRACTION = re.compile(rf"\\(?:[dtsc]|nice)?frac(?![A-Za-z]){_ONE}{_ONE}")
_BINOMIAL = re.compile(rf"\\[dt]?binom(?![A-Za-z]){_ONE}{_ONE}")
_ROOT = re.compile(rf"\\sqrt(?![A-Za-z])\s*(?:\[([^\[\]]*)\])?{_ONE}")
_POWER = re.compile(rf"([\^_]){_GROUP}")
_SEVERAL_TERMS = re.compile(r"(?<=[^{(^_,=])\s*[-+/*]|[=<>]|\\(?:pm|mp|cdot|times|in|le|leq|ge|geq|to)(?![A-Za-z])")
_ABOVE = re.compile(rf"\\(?:overset|stackrel){_GROUP}{_GROUP}")
_BELOW = re.compile(rf"\\underset{_GROUP}{_GROUP}")
_ARROW = re.compile(rf"\\x(right|left)arrow\s*(?:\[([^\[\]]*)\])?{_GROUP}")
_DROPPED = re.compile(
    r"\\(?:label|hspace\*?|vspace\*?|color|phantom|[hv]phantom|cline)\s*\{[^{}]*\}"
    r"|\\(?:begin|end)\s*\{(?:array|tabular)\}(?:\{[^{}]*\})?|\\(?:begin|end)\s*\{[^{}]*\}"
    r"|\\(?:left|right|middle)\s*\.|\\[bB]igg?[lrm]?(?![A-Za-z])|\\(?:nonumber|notag)(?![A-Za-z])"
)
_ACCENT = re.compile(
    r"\\(wide)?(hat|tilde|bar|vec|dot|ddot|check|breve|acute|grave|mathring|overline)(?![A-Za-z])"
    r"\s*(?:\{\s*([A-Za-z]|\\[A-Za-z]+)\s*\}|([A-Za-z])|(\\[A-Za-z]+))"
)
_COMBINING = {
    "hat": "\u0302",
    "tilde": "\u0303",
    "bar": "\u0304",
    "overline": "\u0304",
    "vec": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308",
    "check": "\u030c",
    "breve": "\u0306",
    "acute": "\u0301",
    "grave": "\u0300",
    "mathring": "\u030a",
}
_NOT = re.compile(r"\\not\s*(\\[A-Za-z]+|[=<>])")
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?\s*")
_ROW_END = re.compile(r"\s*\\\\(?:\[[^\]]*\])?\s*")
_COLUMN_END = re.compile(r"(?<!\\)&")
_BEFORE_RELATION = re.compile(r"(?<!\\)&(?=\s*(?:[=<>]|\\(?:le|ge|in|to|approx|sim|neq|equiv)))")
_SPACING = re.compile(r"\\[,;:> ]|~")
_BRACES = str.maketrans("", "", "{}$")
# Stand for braces that are shown while those that only group are taken away.
_SHOWN = str.maketrans({"\x0e": "{", "\x0f": "}"})
_SILENT = SILENT | frozenset(
    "mathbf mathbb mathcal mathrm mathit mathsf mathtt mathfrak mathscr mathds mathbbm mathnormal mathop mathrel "
    "mathbin mathord text textbf textit textrm texttt textsf textsc textup textnormal mbox hbox emph operatorname "
    "boldsymbol bm boxed substack underbrace overbrace underline overline widehat widetilde hat tilde bar vec dot ddot "
    "hspace ensuremath smash tag pmb qquad quad displaylimits scriptscriptstyle cr".split()
)
_NAMED = {
    "thinspace": " ",
    "enspace": " ",
    "colon": ":",
    "bmod": " mod ",
    "pmod": " mod ",
    "lbrace": "\x0e",
    "rbrace": "\x0f",
}


def plain_math(text: str) -> str:
    """A text with its formulas in plain characters."""
    return replace(text, words)


@lru_cache(maxsize=4096)
def words(formula: Formula) -> str:
    """The formula in one line; fractions with a stroke, brackets where the braces meant something.

    One whose braces do not match is no formula that could be set, and stays as typed.
    """
    if not braces_match(formula.latex):
        return formula.source
    text = formula.latex.replace(r"\{", "\x0e").replace(r"\}", "\x0f").replace(r"\|", "‖").replace(r"\!", "")
    text = _ACCENT.sub(_accented, _DROPPED.sub("", text))
    if "&" in text or r"\\" in text:
        text = _ROW_END.sub("; ", _COLUMN_END.sub(" ", _BEFORE_RELATION.sub("", text)))
    text = _in_one_line(_SPACING.sub(" ", text))
    text = _NOT.sub(lambda found: unicodedata.normalize("NFC", _sign(found[1]) + "\u0338"), text)
    text = _COMMAND.sub(lambda found: _shown(found[1]), text)
    text = text.translate(_BRACES).translate(_SHOWN)
    text = " ".join(re.sub(r"\\(.)", r"\1", text).split()).replace(" ^", "^").replace(" _", "_")
    return text.strip("; ") if ";" in text else text


def _shown(name: str) -> str:
    if name in _NAMED:
        return _NAMED[name]
    if name in _SILENT:
        return ""
    found = character(name)
    return found if found is not None else name + " "


def _sign(typed: str) -> str:
    return (character(typed[1:]) or typed) if typed.startswith("\\") else typed


def _accented(found: re.Match[str]) -> str:
    letter = found[3] or found[4] or found[5]
    letter = _sign(letter)
    if len(letter) != 1:
        return found[0]
    return unicodedata.normalize("NFC", letter + _COMBINING[found[2]])


def _in_one_line(latex: str) -> str:
    """Only a power, an index, a fraction or a root of several terms gets brackets: ``2^{n+1}`` -> ``2^{(n+1)}``."""
    # From within: a fraction in a fraction has one pair of braces less each time.
    for _ in range(40):
        before = latex
        latex = _FRACTION.sub(lambda found: f"{_grouped(found, 1)}/{_grouped(found, 3)}", latex)
        latex = _BINOMIAL.sub(lambda found: f"({_either(found, 1)} choose {_either(found, 3)})", latex)
        if before == latex:
            break
    latex = _ROOT.sub(lambda found: f"{_degree(found[1])}√{_grouped(found, 2)}", latex)
    latex = _BELOW.sub(r"\2_{\1}", _ABOVE.sub(r"\2^{\1}", latex))
    latex = _ARROW.sub(lambda found: f"{'→' if found[1] == 'right' else '←'}^{{{found[3]}}}", latex)
    return _POWER.sub(lambda found: f"{found[1]}{_bracketed(found[2])}", latex)


def _degree(degree: str | None) -> str:
    return degree.strip().translate(str.maketrans("0123456789n", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ")) if degree else ""


def _either(found: re.Match[str], group: int) -> str:
    return found[group] if found[group] is not None else found[group + 1]


def _grouped(found: re.Match[str], group: int) -> str:
    return _bracketed(_either(found, group))


def _bracketed(latex: str) -> str:
    return f"{{({latex})}}" if _SEVERAL_TERMS.search(latex.strip()) else f"{{{latex}}}"
