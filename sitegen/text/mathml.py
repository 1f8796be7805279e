"""A formula's LaTeX -> MathML, when the site is built.

``latex2mathml`` converts; what it does not know is written first in what it does, and only elements and attributes
of MathML Core that are listed here pass. A formula that cannot be converted whole shows its source.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from sitegen.text.math import Formula, is_prose

MAX_DEPTH = 40
# Commands whose effect is to hide, restyle or link; nothing that a reader of an abstract needs.
_REFUSED = re.compile(r"\\(?:href|style|class|cssId|bbox|phantom|[hv]phantom|smash|[rl]lap|color|require|unicode)\b")
_COMMENT = re.compile(r"(?<!\\)%")
_NAME = re.compile(r"\\(operatorname\*?)\s*\{([^{}]*)\}")
_NAME_SPACE = re.compile(r"\\[,;: ]|~")
_REWRITTEN = (
    (re.compile(r"\\(?:label|tag\*?)\s*\{[^{}]*\}|\\(?:nonumber|notag|xspace|allowbreak)(?![A-Za-z])"), ""),
    (re.compile(r"\\(begin|end)\s*\{(?:align|aligned|eqnarray|flalign|split)\*?\}"), r"\\\1{align*}"),
    (re.compile(r"\\(begin|end)\s*\{(?:gather|gathered|multline|equation|displaymath)\*?\}"), r"\\\1{matrix}"),
    (re.compile(r"\\(?:sfrac|nicefrac)(?![A-Za-z])"), r"\\frac"),
    (re.compile(r"\\(?:textsc|textnormal|textup|mbox|hbox)(?=\s*\{)"), r"\\text"),
    (re.compile(r"\\bm(?![A-Za-z])"), r"\\boldsymbol"),
    (re.compile(r"\\ensuremath(?=\s*\{)|\\middle(?![A-Za-z])"), ""),
    (
        re.compile(r"\\x(rightarrow|leftarrow)\s*\[([^\[\]{}]*)\]\s*\{((?:[^{}]|\{[^{}]*\})*)\}"),
        r"\\underset{\2}{\\overset{\3}{\\long\1}}",
    ),
    (re.compile(r"\\x(rightarrow|leftarrow)\s*\{((?:[^{}]|\{[^{}]*\})*)\}"), r"\\overset{\2}{\\long\1}"),
    # The converter knows no braces and double bars of these sizes.
    (re.compile(r"\\[bB]igg?[lrm]?\s*(?=\\[{}|])"), ""),
)
# What the converter takes for letters.
_OPERATORS = {"~": "∼", "⌊": "⌊", "⌋": "⌋", "⟦": "⟦", "⟧": "⟧", ":": ":", "⟶": "⟶", "⟵": "⟵"}
_UNDER_AND_OVER = frozenset("∑∏∐⋃⋂⋁⋀⨁⨂⨀") | frozenset(
    ("lim", "max", "min", "sup", "inf", "lim sup", "lim inf", "arg max", "arg min", "argmax", "argmin", "Pr", "det")
)
_LIMITS = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}

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


@lru_cache(maxsize=4096)
def mathml(formula: Formula, *, block: bool | None = None) -> Markup:
    """The formula as MathML, or its source as text in ``<code class="math-source">``."""
    as_block = formula.block if block is None else block
    converted = _convert(formula.latex, display=as_block)
    if converted is None:
        return Markup('<code class="math-source">') + escape(formula.source) + Markup("</code>")
    return Markup(f'<math display="block">{converted}</math>' if as_block else f"<math>{converted}</math>")


def _prepared(latex: str) -> str:
    """The formula in commands that the converter knows."""
    latex = _NAME.sub(_operator_name, latex)
    for pattern, meant in _REWRITTEN:
        latex = pattern.sub(meant, latex)
    return latex.strip()


def _operator_name(found: re.Match[str]) -> str:
    name = _NAME_SPACE.sub("\u2009", found[2])
    return f"\\{found[1]}{{{name}}}"


def _convert(latex: str, *, display: bool = False) -> str | None:
    if _REFUSED.search(latex) or _COMMENT.search(latex) or latex.count("{") > 200 or _depth(latex) > MAX_DEPTH:
        return None
    if is_prose(latex):
        return None
    from latex2mathml.converter import convert_to_element

    try:
        return "".join(_serialized(child, 0, display) for child in convert_to_element(_prepared(latex)))
    # The converter raises many kinds of exception on broken input, IndexError and its own among them.
    except Exception:
        return None


def _depth(latex: str) -> int:
    deepest = depth = 0
    for character in latex:
        depth += (character == "{") - (character == "}")
        deepest = max(deepest, depth)
    return deepest + latex.count("\\left")


def _serialized(element: Any, depth: int, display: bool) -> str:
    """The converter's own text form does not escape; only known elements and attributes pass here."""
    tag, children = element.tag, list(element)
    text = html.unescape(element.text or "")
    if tag not in _ELEMENTS or depth > 4 * MAX_DEPTH or len(children) != _CHILDREN.get(tag, len(children)):
        raise ValueError(tag)
    if text.startswith("\\") and len(text) > 1:
        raise ValueError(text)
    if tag == "mi" and text in _OPERATORS:
        tag, text = "mo", _OPERATORS[text]
    if display and tag in _LIMITS and _takes_limits(children[0]):
        tag = _LIMITS[tag]
    given = "".join(
        f' {name}="{value}"'
        for name, value in element.attrib.items()
        if name in _ATTRIBUTES and _ATTRIBUTES[name].fullmatch(value)
    )
    if tag == "mrow" and len(children) == 1:
        return _serialized(children[0], depth + 1, display)
    inner = str(escape(text)) + "".join(_serialized(child, depth + 1, display) for child in children)
    return f"<{tag}{given}>{inner}</{tag}>"


def _takes_limits(base: Any) -> bool:
    text = html.unescape(base.text or "")
    return base.tag == "mo" and (text in _UNDER_AND_OVER or base.get("movablelimits") == "true")
