r"""LaTeX math in running text: where formulas stand, and what is done with them.

Recognised are ``$...$``, ``$$...$$``, ``\(...\)``, ``\[...\]`` and displays such as ``\begin{align}``. A dollar sign
opens a formula only where print would: not before a blank, and its partner neither after a blank nor before a digit,
so ``$5 and $10`` stays an amount of money; what only mathematics holds (a command, a power, an index) overrules that.
``mathml`` makes MathML of a formula, ``math_words`` readable characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

import msgspec

MAX_LENGTH = 2000
# No text that a person wrote has more; each formula takes up to a millisecond.
_MAX_DOLLARS = 4000
_MAX_DISPLAYS = 400
_MAX_EXPANDED = 4 * MAX_LENGTH

_BODY = r"[^$`\\\n]|\\[^\n]|\n(?![ \t]*\n)"
_FORMULA = re.compile(
    rf"""
        \$(?<!\\\$)(?:
            \$(?P<block>(?:{_BODY}){{1,{MAX_LENGTH}}})\$\$
          | (?!\$)(?P<dollar>(?:{_BODY}){{1,{MAX_LENGTH}}})\$(?!\$(?:\$|\Z))
        )
      | \\(?<!\\\\)(?:
            \[(?P<square>(?:[^`\\\n]|\\[^\[\]\n]|\n(?![ \t]*\n)){{1,{MAX_LENGTH}}})\\\]
          | \((?P<round>(?:[^`\\\n]|\\[^()\n]|\n(?![ \t]*\n)){{1,{MAX_LENGTH}}})\\\)
          | begin\{{(?P<display>(?:equation|align|gather|multline|eqnarray|displaymath|flalign)\*?)\}}
            (?:[^`]{{1,{MAX_LENGTH}}}?)\\end\{{(?P=display)\}}
        )""",
    re.VERBOSE,
)
_AMOUNT = re.compile(r"\s*\d[\d.,]*\s+[^\W\d_]{2}")
_ONLY_MATH = re.compile(r"\\[A-Za-z]|[\^_]")
_LETTER = re.compile(r"\s*[A-Za-z]\s*")
_RELATION = re.compile(r"[\w\s().,+*/|\-]*[A-Za-z][\w\s().,+*/|\-]*[=<>][\w\s().,+*/|=<>\-]*", re.ASCII)
# MathML has no blanks between letters: a formula that is a sentence is better read as typed.
_TEXT_COMMAND = re.compile(r"\\(?:text\w*|math\w+|operatorname\*?|mbox|begin|end)\s*\{[^{}]*\}")
_PROSE = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{4,}\s+[A-Za-z]{2,}")


class Formula(msgspec.Struct, frozen=True):
    """One formula: the LaTeX between its delimiters, as typed with them, and whether it stands on its own line."""

    latex: str
    source: str
    block: bool


def replace(text: str, replacement: Callable[[Formula], str]) -> str:
    """``text`` with every formula replaced."""
    if "$" not in text and "\\" not in text:
        return text
    if text.count("$") > _MAX_DOLLARS or text.count("\\begin{") > _MAX_DISPLAYS:
        return text
    out: list[str] = []
    done = at = 0
    while found := _FORMULA.search(text, at):
        kind = found.lastgroup or ""
        latex = found[0] if kind == "display" else found[kind]
        taken = _dollars(text, found, latex, done) if kind == "dollar" else bool(latex.strip())
        if taken:
            out += [text[done : found.start()], replacement(Formula(latex, found[0], kind not in ("dollar", "round")))]
            done = at = found.end()
        elif taken is None:
            # The dollar that ends this may begin a formula.
            at = found.start() + 1
        else:
            at = found.end()
    return "".join([*out, text[done:]]) if done else text


def formulas_of(text: str) -> list[Formula]:
    """Every formula in a text, in order."""
    found: list[Formula] = []

    def keep(formula: Formula) -> str:
        found.append(formula)
        return formula.source

    replace(text, keep)
    return found


def braces_match(latex: str) -> bool:
    """Whether every brace that opens is closed, and none is closed that did not open; escaped ones count, too."""
    if "{" not in latex and "}" not in latex:
        return True
    depth = 0
    for character in latex:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


def is_prose(latex: str) -> bool:
    """Whether words follow each other outside of ``\\text{...}``."""
    return bool(_PROSE.search(_TEXT_COMMAND.sub("", latex)))


def with_macros(text: str, macros: Mapping[str, str]) -> str:
    r"""A text in whose formulas a site's own commands stand written out: ``{"eps": r"\varepsilon"}``.

    ``#1`` to ``#9`` in a macro's text are its arguments. A macro that grows without end is left as typed.
    """
    if not macros:
        return text
    pattern, arguments = _macro_pattern(tuple(macros)), {name: _arity(meant) for name, meant in macros.items()}

    def expanded(formula: Formula) -> str:
        latex = formula.source
        for _ in range(8):
            before, latex = latex, _expand(latex, pattern, macros, arguments)
            if latex == before:
                return latex
            if len(latex) > _MAX_EXPANDED:
                break
        return formula.source

    return replace(text, expanded)


def _dollars(text: str, found: re.Match[str], latex: str, done: int) -> bool | None:
    """Whether what stands between two dollars is a formula; ``None``: not these two, but perhaps the second."""
    before = text[found.start() - 1] if found.start() else " "
    behind = text[found.end() : found.end() + 1]
    # Two formulas may touch, ``$a$$b$``; else two dollars are no end and no beginning of one.
    if (before == "$" and (not done or done != found.start())) or (behind == "$" and not _ONLY_MATH.search(latex)):
        return None
    if before == "$":
        before = " "
    if latex[0].isspace() or latex[-1].isspace() or behind.isdecimal():
        if not latex.strip() or _AMOUNT.match(latex) or is_prose(latex):
            return None
        blanks_alike = latex[0].isspace() and latex[-1].isspace() and not behind.isdecimal()
        sure = _ONLY_MATH.search(latex) or (blanks_alike and (_LETTER.fullmatch(latex) or _RELATION.fullmatch(latex)))
        if not sure or (latex[0].isspace() and before.isalnum()) or (latex[-1].isspace() and behind.isalnum()):
            return None
    return not (_AMOUNT.match(latex) or (before.isalnum() and latex[0] not in "\\^_{"))


@lru_cache(maxsize=16)
def _macro_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\\({'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?![A-Za-z])")


def _arity(meant: str) -> int:
    return max(map(int, re.findall(r"#([1-9])", meant)), default=0)


def _expand(latex: str, pattern: re.Pattern[str], macros: Mapping[str, str], arguments: Mapping[str, int]) -> str:
    out: list[str] = []
    done = 0
    for found in pattern.finditer(latex):
        if found.start() < done:
            continue
        given: list[str] = []
        end = found.end()
        while len(given) < arguments[found[1]]:
            argument = re.compile(r"\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|(\\[A-Za-z]+|[^\s{}]))").match(latex, end)
            if not argument:
                break
            given.append(argument[1] if argument[2] is None else argument[2])
            end = argument.end()
        meant = macros[found[1]]
        for number, argument_text in enumerate(given, 1):
            meant = meant.replace(f"#{number}", argument_text)
        # Braces keep it one thing: a power of a macro is one of all of it.
        out += [latex[done : found.start()], f"{{{meant}}}"]
        done = end
    return "".join([*out, latex[done:]])
