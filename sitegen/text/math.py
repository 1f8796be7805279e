r"""LaTeX math in running text: found, turned into MathML when the site is built, or into readable words.

Recognised are ``$...$``, ``$$...$$``, ``\(...\)`` and ``\[...\]``. A dollar sign opens a formula only where
print would: not before a space, and its partner neither after a space nor before a digit, so ``$5 and $10``
stays an amount of money. A formula that cannot be converted whole shows its source; it never disappears.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec
from markupsafe import Markup, escape

from sitegen.text.latex_symbols import SYMBOLS

MAX_LENGTH = 2000
MAX_DEPTH = 40

_BODY = r"[^$`\\\n]|\\[^\n]|\n(?![ \t]*\n)"
_FORMULA = re.compile(
    rf"""
        \$(?<!\\\$)(?:
            \$(?P<block>(?:{_BODY}){{1,{MAX_LENGTH}}})\$\$
          | (?<!\$\$)(?![\s$])(?P<dollar>(?:{_BODY}){{1,{MAX_LENGTH}}})(?<!\s)\$(?![\d$])
        )
      | \\(?<!\\\\)(?:
            \[(?P<square>(?:[^`\\\n]|\\[^\[\]\n]|\n(?![ \t]*\n)){{1,{MAX_LENGTH}}})\\\]
          | \((?P<round>(?:[^`\\\n]|\\[^()\n]|\n(?![ \t]*\n)){{1,{MAX_LENGTH}}})\\\)
        )""",
    re.VERBOSE,
)
_AMOUNT = re.compile(r"\d[\d.,]*\s+[^\W\d_]{2}")
# Commands whose effect is to hide, restyle or link; nothing that a reader of an abstract needs.
_REFUSED = re.compile(r"\\(?:href|style|class|cssId|bbox|phantom|[hv]phantom|smash|[rl]lap|color|require|unicode)\b")
_COMMENT = re.compile(r"(?<!\\)%")
# MathML has no spaces between letters: a formula that is a sentence is better read as typed.
_TEXT_COMMAND = re.compile(r"\\(?:text\w*|mathrm|operatorname\*?|mbox)\s*\{[^{}]*\}")
_PROSE = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{4,}\s+[A-Za-z]{2,}")

_ELEMENTS = frozenset(
    "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mmultiscripts "
    "mprescripts none mtable mtr mtd mstyle menclose".split()
)
_CHILDREN = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
_ATTRIBUTES = {
    "stretchy": re.compile("true|false"),
    "fence": re.compile("true|false"),
    "form": re.compile("prefix|infix|postfix"),
    "accent": re.compile("true|false"),
    "accentunder": re.compile("true|false"),
    "movablelimits": re.compile("true|false"),
    "largeop": re.compile("true|false"),
    "displaystyle": re.compile("true|false"),
    "scriptlevel": re.compile(r"\d"),
    "linethickness": re.compile(r"0(?:em|px|pt)?"),
    "width": re.compile(r"-?[0-3]?(?:\.\d+)?em"),
    "mathvariant": re.compile("normal"),
    "minsize": re.compile(r"[0-4](?:\.\d+)?em"),
    "maxsize": re.compile(r"[0-4](?:\.\d+)?em"),
    "columnalign": re.compile(r"(?:left|center|right)(?: (?:left|center|right))*"),
    "notation": re.compile("[a-z]+"),
}


class Formula(msgspec.Struct, frozen=True):
    """One formula: the LaTeX between its delimiters, as typed with them, and whether it stands on its own line."""

    latex: str
    source: str
    block: bool


def replace(text: str, replacement: Callable[[Formula], str]) -> str:
    """``text`` with every formula replaced."""
    if "$" not in text and "\\" not in text:
        return text

    def found(match: re.Match[str]) -> str:
        kind = match.lastgroup or ""
        latex = match[kind]
        if kind == "dollar":
            before = text[match.start() - 1] if match.start() else " "
            if _AMOUNT.match(latex) or (before.isalnum() and latex[0] not in "\\^_{"):
                return match[0]
        return replacement(Formula(latex, match[0], kind in ("block", "square"))) if latex.strip() else match[0]

    return _FORMULA.sub(found, text)


def formulas_of(text: str) -> list[Formula]:
    """Every formula in a text, in order."""
    found: list[Formula] = []

    def keep(formula: Formula) -> str:
        found.append(formula)
        return formula.source

    replace(text, keep)
    return found


@lru_cache(maxsize=4096)
def mathml(formula: Formula, *, block: bool | None = None) -> Markup:
    """The formula as MathML, or its source as text in ``<code class="math-source">``."""
    as_block = formula.block if block is None else block
    converted = _convert(formula.latex)
    if converted is None:
        return Markup('<code class="math-source">') + escape(formula.source) + Markup("</code>")
    return Markup(f'<math display="block">{converted}</math>' if as_block else f"<math>{converted}</math>")


@lru_cache(maxsize=4096)
def words(formula: Formula) -> str:
    r"""The formula in plain characters, ``\varepsilon^{-s}`` as ``ε^-s``: for search, feeds' titles, snippets."""
    text = _in_one_line(_SPACING.sub(" ", formula.latex))
    text = _COMMAND.sub(lambda match: SYMBOLS.get(match[1], "" if match[1] in _SILENT else match[1] + " "), text)
    text = text.translate(_BRACES).replace("~", " ")
    return " ".join(re.sub(r"\\(.)", r"\1", text).split()).replace(" ^", "^").replace(" _", "_")


def _in_one_line(latex: str) -> str:
    r"""Fractions with a stroke, and brackets where leaving out the braces would say something else.

    Only a power, a fraction or a root of several terms gets brackets: ``2^{n+1}`` -> ``2^{(n+1)}``.
    """
    # From within: a fraction in a fraction has one pair of braces less each time.
    before = ""
    while before != latex:
        before = latex
        latex = _FRACTION.sub(lambda found: f"{_grouped(found[1])}/{_grouped(found[2])}", latex)
    latex = _ROOT.sub(lambda found: f"√{_grouped(found[1])}", latex)
    return _POWER.sub(lambda found: f"^{_grouped(found[1])}", latex)


def _grouped(latex: str) -> str:
    return f"{{({latex})}}" if _SEVERAL_TERMS.search(latex.strip()) else f"{{{latex}}}"


def _convert(latex: str) -> str | None:
    if _REFUSED.search(latex) or _COMMENT.search(latex) or latex.count("{") > 200 or _depth(latex) > MAX_DEPTH:
        return None
    if _PROSE.search(_TEXT_COMMAND.sub("", latex)):
        return None
    from latex2mathml.converter import convert_to_element

    try:
        return "".join(_serialized(child, 0) for child in convert_to_element(latex.strip()))
    # The converter raises many kinds of exception on broken input, IndexError and its own among them.
    except Exception:
        return None


def _depth(latex: str) -> int:
    deepest = depth = 0
    for character in latex:
        depth += (character == "{") - (character == "}")
        deepest = max(deepest, depth)
    return deepest + latex.count("\\left")


def _serialized(element: Any, depth: int) -> str:
    """The converter's own text form does not escape; only known elements and attributes pass here."""
    tag, children = element.tag, list(element)
    text = html.unescape(element.text or "")
    if tag not in _ELEMENTS or depth > 4 * MAX_DEPTH or len(children) != _CHILDREN.get(tag, len(children)):
        raise ValueError(tag)
    if text.startswith("\\") and len(text) > 1:
        raise ValueError(text)
    given = "".join(
        f' {name}="{value}"'
        for name, value in element.attrib.items()
        if name in _ATTRIBUTES and _ATTRIBUTES[name].fullmatch(value)
    )
    if tag == "mrow" and len(children) == 1:
        return _serialized(children[0], depth + 1)
    inner = str(escape(text)) + "".join(_serialized(child, depth + 1) for child in children)
    return f"<{tag}{given}>{inner}</{tag}>"


_GROUP = r"\s*\{((?:[^{}]|\{[^{}]*\})*)\}"
_FRACTION = re.compile(rf"\\[dt]?frac{_GROUP}{_GROUP}")
_ROOT = re.compile(rf"\\sqrt{_GROUP}")
_POWER = re.compile(rf"\^{_GROUP}")
_SEVERAL_TERMS = re.compile(r"(?<=[^{(^_,=])\s*[-+/*]|\\(?:pm|mp|cdot|times)(?![A-Za-z])")
_COMMAND = re.compile(r"\\([A-Za-z]+)\s*")
_SPACING = re.compile(r"\\[,;:!> ]|\\\\")
_BRACES = str.maketrans("", "", "{}$")
_SILENT = frozenset(
    "left right big Big bigg Bigg mathbf mathbb mathcal mathrm mathit mathsf mathtt mathfrak mathscr text textbf "
    "textit textrm texttt textsf emph operatorname boldsymbol bm displaystyle textstyle limits nolimits rm bf it "
    "begin end".split()
)
