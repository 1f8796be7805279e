r"""LaTeX -> text: of bibliographies, of listings, of arXiv's titles and abstracts. The one reader of it.

Commands that style go and leave their text, accents and symbols become characters, an unknown command keeps its
argument. Mathematics stays between its dollars; ``text.math`` reads it. One pass from left to right, so the time is
that of the text's length; tables of commands are in ``latex_symbols``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from sitegen.text.latex_symbols import (
    ACCENTS,
    HIDDEN_THEN_SHOWN,
    SILENT,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    accented,
    character,
)

MAX_DEPTH = 40

_MARKUP = re.compile(r"[\\{}~$&]|--|``|''|[!?]`")
_COMMAND = re.compile(r"\\(?:([A-Za-z@]+)(\*?)|(.)|\Z)", re.DOTALL)
_LATEX = re.compile(r"[\\{}~$]|---?|``|''|[!?]`")
_PROSE = re.compile(r"\\|\{(?=\\)")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_MATH_PAIR = re.compile(r"\$\$(?:\\.|[^\\$])+\$\$|\$(?:\\.|[^\\$])+\$|\\\[(?:\\[^\]]|[^\\])+\\\]", re.DOTALL)
_DISPLAY = re.compile(
    r"\\begin\{((?:equation|align|gather|multline|eqnarray|displaymath|math)\*?)\}.{1,2000}?\\end\{\1\}", re.DOTALL
)
_TYPED = {"``": "“", "''": "”", "--": "–", "---": "—", "!`": "¡", "?`": "¿"}
_ENTITY = re.compile(r"&(?:amp;)?(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_QUOTES = re.compile(r"``([^`\n]{1,300}?)''")
_CODE = re.compile(r"(`[^`\n]+`)")
_SWITCH = re.compile(r"\{\\(?:em|it|bf|tt|sc|sl|sf|rm|bfseries|itshape|ttfamily|scshape|color\{[^{}]*\})(?![A-Za-z])")
_BLANKS = re.compile(r"\s*")
_SPACES = {" ", ",", ";", ":", "\n", "\t", "\\", ">"}
_NOTHING = {"!", "/", "-", "@", "(", ")", "[", "]"}
_POSSESSIVE = re.compile(r"(?:[stdm]|re|ve|ll)(?![A-Za-z])")
_ESCAPED_DOLLAR = "\x11"
_IFMMODE = re.compile(r"\\ifmmode\b.*?(?:\\else\b\s*(.*?))?\\fi\b\s*", re.DOTALL)


def latex_to_text(latex: str) -> str:
    r"""A text that is LaTeX, as BibTeX's values are, in plain characters; mathematics as ``$...$``.

    What an abstract means by a lone ``%`` or ``$`` stays. Beyond 40 nested groups only the braces go.
    """
    if not _MARKUP.search(latex):
        return latex
    text = latex.replace("\x11", "")
    if "\\ifmmode" in text:
        text = _IFMMODE.sub(lambda found: found[1] or "", text)
    read = _Reader(text, prose=False).read(0, len(text), 0)
    if "&" in read:
        read = _ENTITY.sub(lambda found: html.unescape(f"&{found[1]};"), read)
    return _with_dollars(read).strip()


def latex_in_prose(text: str) -> str:
    r"""A text that is Markdown or plain and holds some LaTeX all the same: ``Schr\"odinger``, ``100\%``, ``{\em new}``.

    Only what cannot be meant otherwise is read: no braces of their own, no ``~``, nothing in code, no backslash
    that escapes a sign for Markdown. A command without argument that nobody knows stays as typed.
    """
    if "``" in text and "''" in text:
        text = _QUOTES.sub(r"“\1”", text)
    if "\\" not in text:
        return text
    if "`" not in text:
        return _Reader(text, prose=True).read(0, len(text), 0)
    if "``" in text:
        return text
    # A grave accent is no code: "\`a", so these are read before code is looked for.
    text = re.sub(r"\\`(?:\{([AEIOUaeiou])\}|([AEIOUaeiou]))", lambda m: accented("`", m[1] or m[2]), text)
    parts = _CODE.split(text)
    parts[::2] = [_Reader(part, prose=True).read(0, len(part), 0) if "\\" in part else part for part in parts[::2]]
    return "".join(parts)


def latex_title(title: str) -> str:
    r"""A title, in which nothing is Markdown: as ``latex_in_prose``, and ``\_ \{ \} \$`` are these signs."""
    if "\\" not in title:
        return latex_in_prose(title)
    return re.sub(r"\\([_{}$])", r"\1", latex_in_prose(title))


def latex_addresses(latex: str) -> list[tuple[str, str]]:
    r"""The addresses of a text's ``\href`` and ``\url``, each with the text that it stands behind."""
    found = re.findall(r"\\href\s*\{([^{}]*)\}\s*\{((?:[^{}]|\{[^{}]*\})*)\}", latex)
    found += [(url, "") for url in re.findall(r"\\(?:url|nolinkurl|path)\s*\{([^{}]*)\}", latex)]
    return [(_address(url), latex_to_text(text)) for url, text in found]


def _with_dollars(read: str) -> str:
    """Escaped dollars as dollars, unless they would then be taken for the start of a formula."""
    if _ESCAPED_DOLLAR not in read:
        return read
    from sitegen.text.math import formulas_of

    plain = read.replace(_ESCAPED_DOLLAR, "$")
    same = [f.latex for f in formulas_of(plain)] == [f.latex for f in formulas_of(read.replace(_ESCAPED_DOLLAR, "\\$"))]
    return plain if same else read.replace(_ESCAPED_DOLLAR, "\\$")


def _address(url: str) -> str:
    return re.sub(r"\\([#%&_~{}$])", r"\1", url.strip()).replace("{\\textasciitilde}", "~")


class _Reader:
    """Reads one text; ``prose`` says that not all of it is LaTeX."""

    def __init__(self, text: str, *, prose: bool) -> None:
        self._text = text
        self._prose = prose
        self._special = _PROSE if prose else _LATEX
        self._closing = _closing_braces(text) if "{" in text else {}
        self._missing: set[str] = set()

    def read(self, start: int, end: int, depth: int) -> str:
        """The text between two positions."""
        text, at, out = self._text, start, []
        while found := self._special.search(text, at, end):
            out.append(text[at : found.start()])
            piece, at = self._special_at(found.start(), found[0], end, depth)
            out.append(piece)
        out.append(text[at:end])
        return "".join(out)

    def _special_at(self, at: int, sign: str, end: int, depth: int) -> tuple[str, int]:
        text = self._text
        if sign == "\\":
            return self._command(at, end, depth)
        if sign == "{":
            closing = self._closing.get(at, end)
            if closing >= end:
                return ("{" if self._prose else ""), at + 1
            if self._prose and not self._is_group(at, closing):
                return "{", at + 1
            return self._group(at, depth), closing + 1
        if sign == "}":
            return "", at + 1
        if sign == "~":
            return " ", at + 1
        if sign == "$":
            if pair := _MATH_PAIR.match(text, at, end):
                return pair[0], pair.end()
            return "$", at + 1
        return _TYPED[sign], at + len(sign)

    def _is_group(self, at: int, closing: int) -> bool:
        r"""Of prose: whether braces that begin with a command are LaTeX's, as in ``{\em new}`` and ``{\'e}``."""
        if _SWITCH.match(self._text, at):
            return True
        found = _COMMAND.match(self._text, at + 1)
        if not found:
            return False
        if found[1]:
            return character(found[1]) is not None or found[1] in ACCENTS or found.end() < closing
        return found[3] in ACCENTS

    def _group(self, at: int, depth: int) -> str:
        closing = self._closing[at]
        if depth >= MAX_DEPTH:
            return re.sub(r"(?<!\\)[{}]", "", self._text[at + 1 : closing])
        return self.read(at + 1, closing, depth + 1)

    def _argument(self, at: int, end: int, depth: int) -> tuple[str, int] | None:
        """What follows a command: a group, a command, or one character; and where it ends."""
        at = _BLANKS.match(self._text, at).end()  # type: ignore[union-attr]
        if at >= end:
            return None
        if self._text[at] == "{":
            closing = self._closing.get(at, end)
            return (self._group(at, depth), closing + 1) if closing < end else None
        if self._text[at] == "\\":
            return self._command(at, end, depth + 1) if depth < MAX_DEPTH else None
        return self._text[at], at + 1

    def _raw_argument(self, at: int, end: int) -> tuple[str, int] | None:
        at = _BLANKS.match(self._text, at).end()  # type: ignore[union-attr]
        closing = self._closing.get(at, end)
        return (self._text[at + 1 : closing], closing + 1) if closing < end else None

    def _after_options(self, at: int, end: int) -> tuple[str, int]:
        """The text of ``[...]`` right behind a command, and where it ends."""
        if at < end and self._text[at] == "[":
            closing = self._text.find("]", at, min(end, at + 200))
            if closing > 0:
                return self._text[at + 1 : closing], closing + 1
        return "", at

    def _command(self, at: int, end: int, depth: int) -> tuple[str, int]:
        found = _COMMAND.match(self._text, at, end)
        if not found:
            return "\\", at + 1
        name, sign, after = found[1], found[3], found.end()
        if name is None:
            return self._sign(at, sign, after, end, depth)
        if "@" in name and self._prose:
            return found[0], after
        return self._word(name, at, after, end, depth)

    def _sign(self, at: int, sign: str | None, after: int, end: int, depth: int) -> tuple[str, int]:
        if sign is None:
            return "\\", after
        if sign in ACCENTS:
            return self._accent(sign, at, after, end, depth)
        if self._prose:
            return (sign if sign in "%&#$" else "\\" + sign), after
        if sign == "$":
            return _ESCAPED_DOLLAR, after
        if sign in "([" and (pair := self._bracketed(sign, at, end)):
            return pair
        if sign in _SPACES:
            if sign == "\\":
                after = self._after_options(after, end)[1]
            return " ", after
        return ("" if sign in _NOTHING else sign), after

    def _bracketed(self, sign: str, at: int, end: int) -> tuple[str, int] | None:
        close = "\\)" if sign == "(" else "\\]"
        # What is not behind one bracket is not behind the next one either.
        closing = -1 if close in self._missing else self._text.find(close, at + 2, end)
        if closing < 0:
            if end == len(self._text):
                self._missing.add(close)
            return None
        inner = self._text[at + 2 : closing]
        return (f"${inner}$" if sign == "(" else f"\\[{inner}\\]"), closing + 2

    def _accent(self, name: str, at: int, after: int, end: int, depth: int) -> tuple[str, int]:
        as_typed = self._text[at:after], after
        if self._prose:
            return self._accent_in_prose(name, at, after, end) or as_typed
        argument = self._argument(after, end, depth)
        if argument is None:
            return ("" if name in "'`\"=." or name.isalpha() else name), after
        if not argument[0].strip():
            return (name if name in "^~" else "") + argument[0], argument[1]
        if argument[0][0].isspace() or not argument[0][0].isalpha():
            return argument
        return accented(name, argument[0]), argument[1]

    def _accent_in_prose(self, name: str, at: int, after: int, end: int) -> tuple[str, int] | None:
        text = self._text
        braced = after < end and text[after] == "{"
        if name.isalpha() and not braced:
            return None
        start = after + braced
        found = re.compile(r"\\?([A-Za-z])").match(text, start, end)
        if not found or (braced and text[found.end() : found.end() + 1] != "}"):
            return None
        if found[0][0] == "\\" and found[1] not in "ij":
            return None
        if name == "'" and not braced and at and text[at - 1].isalpha() and _POSSESSIVE.match(text, after):
            return "'", after
        made = accented(name, found[1])
        return (made, found.end() + braced) if len(made) == 1 else None

    def _word(self, name: str, at: int, after: int, end: int, depth: int) -> tuple[str, int]:
        text = self._text
        if name == "begin" and (display := _DISPLAY.match(text, at, end)):
            return display[0], display.end()
        special = _SPECIAL.get(name)
        if special and (made := special(self, name, after, end, depth)):
            return made
        if name in ACCENTS and (name.isalpha()):
            return self._accent(name, at, after, end, depth)
        if name in HIDDEN_THEN_SHOWN and (not self._prose or text[after : after + 1] in ("{", "[")):
            return self._hidden_then_shown(name, after, end, depth)
        following = text[after : after + 1]
        known = character(name)
        if known is not None and (not self._prose or following != "{" or text.startswith("{}", after)):
            return known, self._behind_name(after, end)
        if name in SILENT and following != "{":
            return self._silent(name, at, after, end)
        if self._prose and following not in ("{", "["):
            return text[at:after], after
        return self._unknown(name, at, after, end, depth)

    def _behind_name(self, after: int, end: int) -> int:
        """A command's name ends with blanks that are not shown, or with ``{}``."""
        if self._text.startswith("{}", after):
            return after + 2
        return after if self._prose else min(end, _BLANKS.match(self._text, after).end())  # type: ignore[union-attr]

    def _silent(self, name: str, at: int, after: int, end: int) -> tuple[str, int]:
        in_group = at > 0 and self._text[at - 1] == "{"
        if self._prose and not in_group and name != "item":
            return self._text[at:after], after
        after = _BLANKS.match(self._text, after).end()  # type: ignore[union-attr]
        if name == "item":
            return ("\n- " if self._prose else " • "), after
        # Words on both sides of the command stay two.
        return (" " if name in ("par", "newline", "linebreak", "hfill") else ""), min(after, end)

    def _unknown(self, name: str, at: int, after: int, end: int, depth: int) -> tuple[str, int]:
        """Its arguments' text; its name where there is none."""
        behind = self._after_options(after, end)[1]
        if self._text[behind : behind + 1] != "{":
            if self._prose:
                return self._text[at:after], after
            return name, (after + 2 if self._text.startswith("{}", after) else after)
        parts = []
        while self._text[behind : behind + 1] == "{":
            argument = self._argument(behind, end, depth)
            if argument is None:
                break
            parts.append(argument[0])
            behind = argument[1]
            if len(parts) == 1 and self._prose:
                break
        if not parts:
            return (self._text[at:after] if self._prose else name), after
        shown = " ".join(part for part in parts if part)
        return shown or ("" if name in SILENT else name), behind

    def _hidden_then_shown(self, name: str, after: int, end: int, depth: int) -> tuple[str, int]:
        hidden, shown = HIDDEN_THEN_SHOWN[name]
        at = self._after_options(after, end)[1]
        for _ in range(hidden):
            argument = self._raw_argument(at, end)
            if argument is None:
                return "", at
            at = argument[1]
            at = self._after_options(at, end)[1]
        said = ""
        if shown and (argument := self._argument(at, end, depth)):
            said, at = argument
        return said, at

    def verbatim(self, name: str, after: int, end: int, depth: int) -> tuple[str, int] | None:
        after += self._text.startswith("*", after)
        mark = self._text[after : after + 1]
        if not mark.strip() or mark.isalnum():
            return None
        closing = self._closing.get(after, -1) if mark == "{" else self._text.find(mark, after + 1, end)
        return (self._text[after + 1 : closing], closing + 1) if closing > 0 else None

    def address(self, name: str, after: int, end: int, depth: int) -> tuple[str, int] | None:
        found = self._raw_argument(after, end)
        return (_address(found[0]), found[1]) if found else None

    def link(self, name: str, after: int, end: int, depth: int) -> tuple[str, int] | None:
        url = self._raw_argument(after, end)
        label = self._argument(url[1], end, depth) if url else None
        if not url or not label:
            return None
        address, shown = _address(url[0]), label[0].strip()
        if self._prose:
            return f"[{shown}]({address})", label[1]
        return (f"{shown} ({address})" if shown and shown != address else address), label[1]

    def note(self, name: str, after: int, end: int, depth: int) -> tuple[str, int] | None:
        found = self._argument(self._after_options(after, end)[1], end, depth)
        if not found or (self._prose and self._text[after : after + 1] not in ("{", "[")):
            return None
        said = found[0].strip()
        return (f" ({said})" if said else ""), found[1]

    def cited(self, name: str, after: int, end: int, depth: int) -> tuple[str, int] | None:
        options = []
        while self._text[after : after + 1] == "[":
            option, behind = self._after_options(after, end)
            if behind == after:
                break
            options.append(option)
            after = behind
        found = self._raw_argument(after, end)
        if not found:
            return None
        return f"[{', '.join([found[0].strip(), *filter(None, options)])}]", found[1]

    def raised(self, name: str, after: int, end: int, depth: int) -> tuple[str, int] | None:
        found = self._argument(after, end, depth)
        if not found or (self._prose and self._text[after : after + 1] != "{"):
            return None
        table = SUPERSCRIPTS if name == "textsuperscript" else SUBSCRIPTS
        text = found[0].strip()
        if text and all(sign in table and (sign not in "ni" or len(text) == 1) for sign in text):
            return "".join(table[sign] for sign in text), found[1]
        return found

    def mathematics(self, name: str, after: int, end: int, depth: int) -> tuple[str, int] | None:
        found = self._raw_argument(after, end)
        if not found:
            return None
        if "$" in found[0] or not re.search(r"[\^_{]", found[0]):
            # One sign, as reference managers write it: "\\ensuremath{\\beta}-decay".
            return self.read(found[1] - 1 - len(found[0]), found[1] - 1, depth + 1), found[1]
        return f"${found[0].strip()}$", found[1]

    def fraction(self, name: str, after: int, end: int, depth: int) -> tuple[str, int] | None:
        above = self._argument(after, end, depth)
        below = self._argument(above[1], end, depth) if above else None
        if not above or not below or (self._prose and self._text[after : after + 1] != "{"):
            return None
        return "/".join(f"({t})" if re.search(r".[-+ ]", t) else t for t in (above[0], below[0])), below[1]

    def root(self, name: str, after: int, end: int, depth: int) -> tuple[str, int] | None:
        found = self._argument(after, end, depth)
        if not found or (self._prose and self._text[after : after + 1] != "{"):
            return None
        return (f"√{found[0]}" if len(found[0]) == 1 else f"√({found[0]})"), found[1]

    def first_of_two(self, name: str, after: int, end: int, depth: int) -> tuple[str, int] | None:
        first = self._argument(after, end, depth)
        second = self._raw_argument(first[1], end) if first else None
        return (first[0], second[1]) if first and second else None

    def environment(self, name: str, after: int, end: int, depth: int) -> tuple[str, int] | None:
        found = self._raw_argument(after, end)
        if not found:
            return None
        return ("\n\n" if self._prose and found[0] in ("itemize", "enumerate", "quote", "center") else " "), found[1]

    def quoted(self, name: str, after: int, end: int, depth: int) -> tuple[str, int] | None:
        found = self._argument(after, end, depth) if self._text[after : after + 1] == "{" else None
        return (f"“{found[0]}”", found[1]) if found else None


_Special = Callable[[_Reader, str, int, int, int], tuple[str, int] | None]
_BY_METHOD: tuple[tuple[_Special, str], ...] = (
    (_Reader.verbatim, "verb lstinline mintinline"),
    (_Reader.address, "url nolinkurl path"),
    (_Reader.link, "href"),
    (_Reader.note, "footnote footnotetext thanks"),
    (_Reader.raised, "textsuperscript textsubscript"),
    (_Reader.mathematics, "ensuremath"),
    (_Reader.fraction, "frac dfrac tfrac nicefrac sfrac"),
    (_Reader.root, "sqrt"),
    (_Reader.first_of_two, "texorpdfstring"),
    (_Reader.environment, "begin end"),
    (_Reader.quoted, "enquote mkbibquote"),
    (_Reader.cited, "cite citep citet citealp citealt citeauthor citeyear parencite textcite autocite nocite"),
    (_Reader.cited, "ref eqref autoref cref Cref pageref"),
)
_SPECIAL = {name: method for method, names in _BY_METHOD for name in names.split()}


def _closing_braces(text: str) -> dict[int, int]:
    """Position of each opening brace -> that of its partner; a brace without one is not there."""
    partners: dict[int, int] = {}
    open_at: list[int] = []
    for found in _BRACE.finditer(text):
        if found[0] == "{":
            open_at.append(found.start())
        elif found[0] == "}" and open_at:
            partners[open_at.pop()] = found.start()
    return partners
