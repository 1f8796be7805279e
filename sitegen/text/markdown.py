r"""Markdown and LaTeX math -> safe HTML. This is the only way from a source's text to a page.

What a text may do: paragraphs, emphasis, lists, quotations, code, tables, headings, links to ``http``,
``https``, ``mailto`` and the site itself, and math. It may not: carry HTML (shown as typed, but for ``<i> <b>
<em> <strong> <sub> <sup> <br>`` without attributes), load anything from elsewhere, or stand out of its place (headings
start below the page's own). Every result has passed an allow-list.

Most abstracts are plain paragraphs. They take a short path that is proven equal to the long one by a
property test, and that does not load Python-Markdown at all.
"""

from __future__ import annotations

import html as entities
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from markupsafe import Markup, escape

from sitegen.content.characters import NOT_TEXT, is_plain
from sitegen.text import bare_urls, math
from sitegen.text.latex import latex_in_prose, latex_title
from sitegen.text.limits import is_too_much
from sitegen.text.math import Formula
from sitegen.text.math_words import plain_math, words
from sitegen.text.mathml import mathml

# Formulas and the site's root stand for themselves as control characters while a text is worked on. A source
# cannot forge them: control characters are dropped first.
_FORMULA_MARK = "\x11"
_ROOT_MARK = "\x12"
_MARK_UP = "\\`*_[]<>&\t\r"
_LINE_MARK_UP = r"(?:[^\S\n]|[#+=|:~-]|\d+\.)"
_FIRST_LINE_MARK_UP = re.compile(_LINE_MARK_UP)
# Begins with what is rare, so that a text is passed over quickly; so do the two patterns below.
_NEXT_LINE_MARK_UP = re.compile(rf"\n(?:(?<=[^\S\n]\n)|{_LINE_MARK_UP})")
# Emphasis and links of the simplest kind, which is nearly all of them; anything else goes the long way.
_WORDS = r"[A-Za-z0-9](?:[A-Za-z0-9 ,;'()./-]*[A-Za-z0-9])?"
_SPAN = re.compile(
    rf"\*(?<![\w*]\*)(?:\*(?P<strong>{_WORDS})\*\*|(?P<em>{_WORDS})\*)(?![\w*])"
    rf"|\[(?<![\w!\]]\[)(?P<label>{_WORDS})\]\((?P<url>https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[A-Za-z0-9./~-]*)\)(?![\w(\[:])"
)
# One that is nothing but itself: "R&D", not "&lt;".
_AMPERSAND = re.compile("&(?![A-Za-z0-9#]*;)")
_FORMULA_AT = re.compile(f"{_FORMULA_MARK}(\\d+){_FORMULA_MARK}")
_BLANK_LINE = re.compile(r"\n\n+")
_TAG_OR_FORMULA = re.compile(
    f'<(?P<close>/?)(?P<name>[a-z0-9]+)(?:"[^"]*"|[^">])*>|{_FORMULA_MARK}(?P<formula>\\d+){_FORMULA_MARK}'
)
_HEADING = re.compile(r"<(/?)h([1-6])>")
_TAG = re.compile(r"<(/?[a-z0-9]+)(?:\"[^\"]*\"|[^\">])*>")
_INLINE_TAGS = frozenset("em strong b i sub sup code a".split())
_SENTENCE_END = re.compile(r"[.!?。！？][)\"'”’]*(?:(?=\s)|(?<=[。！？]))")


def html(markdown: str, *, root: str = "", top: int = 3, math: Literal["mathml", "words"] = "mathml") -> Markup:
    """Safe HTML of a Markdown text.

    Args:
        root: put before links to the site itself (``topics/x/``): the page's way back to the root, or the
            site's address where absolute links are needed.
        top: level of the highest heading in the text; the others follow it.
        math: ``words`` writes formulas in plain characters, for readers that drop MathML (most feed readers).
    """
    body, found = _rendered(markdown)
    if found:
        body = _with_formulas(body, found, _escaped_words if math == "words" else mathml)
    if _ROOT_MARK in body:
        body = body.replace(_ROOT_MARK, str(escape(root)))
    return Markup(_with_headings(body, top) if "<h" in body else body)


def inline(title: str) -> Markup:
    """A title: plain text, escaped; only its math is rendered."""
    if "$" not in title and "\\" not in title:
        return escape(_clean(title))
    text, found = _without_formulas(_clean(title).strip())
    escaped = str(escape(latex_title(text)))
    return Markup(_FORMULA_AT.sub(lambda match: str(mathml(found[int(match[1])], block=False)), escaped))


@lru_cache(maxsize=4096)
def plain(markdown: str) -> str:
    """The text in one line without markup, math as readable characters."""
    text, found = _source(markdown)
    if not _is_plain(text):
        body = _rendered(markdown)[0].replace(_ROOT_MARK, "")
        text = entities.unescape(_TAG.sub(lambda match: "" if match[1].lstrip("/") in _INLINE_TAGS else " ", body))
    if found:
        text = _FORMULA_AT.sub(lambda match: words(found[int(match[1])]), text)
    return _in_one_line(text)


@lru_cache(maxsize=4096)
def plain_title(title: str) -> str:
    """A title in one line with its math as readable characters; nothing in it counts as Markdown."""
    text = _clean(title)
    if "$" in text or "\\" in text:
        text = latex_title(plain_math(text))
    return _in_one_line(text)


def summary(markdown: str, limit: int) -> str:
    """The first sentences of a text, or as many whole words as fit: plain, at most ``limit`` characters."""
    text = _beginning(markdown, limit) or plain(markdown)
    if len(text) <= limit:
        return text
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, limit)]
    if ends and ends[-1] >= limit // 2:
        return text[: ends[-1]]
    start = text[: limit - 1]
    if " " in start[limit // 2 :]:
        start = start[: start.rindex(" ")]
    else:
        while start and (unicodedata.combining(text[len(start)]) or text[len(start)] in "\u200d\ufe0f"):
            start = start[:-1]
    return start.rstrip(" ,;:.-–—(") + "…"


def _beginning(markdown: str, limit: int) -> str:
    """More than ``limit`` characters of the plain text, where they need no look at the rest; else nothing."""
    head = markdown[: 2 * limit]
    if len(head) == len(markdown) or "$" in head or not _is_plain(head):
        return ""
    text = _in_one_line(_clean(head))
    return text if len(text) > limit else ""


@lru_cache(maxsize=1024)
def _rendered(markdown: str) -> tuple[str, tuple[Formula, ...]]:
    """HTML in which marks stand for formulas and for the site's root, and those formulas."""
    text, found = _source(markdown)
    if _is_plain(text):
        return _short_path(text), found
    with_spans = _short_path_with_spans(text)
    return (_long_path(text, found) if with_spans is None else with_spans), found


def _source(text: str) -> tuple[str, tuple[Formula, ...]]:
    """A text as it shall be read, with marks for its formulas."""
    text, found = _without_formulas(_clean(text).strip())
    return latex_in_prose(text), found


def _clean(text: str) -> str:
    if is_plain(text):
        return text
    return NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _in_one_line(text: str) -> str:
    text = text.strip()
    # The blank is the only white space that counts as printable.
    return text if "  " not in text and "\n" not in text and is_plain(text) else " ".join(text.split())


def _without_formulas(text: str) -> tuple[str, tuple[Formula, ...]]:
    found: list[Formula] = []

    def mark(formula: Formula) -> str:
        found.append(formula)
        return f"{_FORMULA_MARK}{len(found) - 1}{_FORMULA_MARK}"

    return math.replace(text, mark), tuple(found)


def _escaped_words(formula: Formula) -> Markup:
    return escape(words(formula))


def _with_formulas(body: str, found: tuple[Formula, ...], shown: Callable[[Formula], Markup]) -> str:
    """Formulas put in place of their marks: as shown in text, as typed in code and attributes."""
    in_code = 0

    def source(match: re.Match[str]) -> str:
        return str(escape(found[int(match[1])].source))

    def put(match: re.Match[str]) -> str:
        nonlocal in_code
        if match["formula"] is None:
            if match["name"] in ("code", "pre"):
                in_code += -1 if match["close"] else 1
            return _FORMULA_AT.sub(source, match[0])
        formula = found[int(match["formula"])]
        return str(escape(formula.source) if in_code else shown(formula))

    return _TAG_OR_FORMULA.sub(put, body)


def _with_headings(body: str, top: int) -> str:
    levels = [int(match[2]) for match in _HEADING.finditer(body)]
    shift = top - min(levels, default=top)
    return _HEADING.sub(lambda match: f"<{match[1]}h{min(6, int(match[2]) + shift)}>", body)


def _is_plain(text: str) -> bool:
    """Whether nothing in the text means anything to Markdown. Asked for every text, so each test is the fastest."""
    for character in _MARK_UP:
        if character in text:
            return False
    if _FIRST_LINE_MARK_UP.match(text) or (text[-1:].isspace() and text[-1] != "\n"):
        return False
    return "\n" not in text or not _NEXT_LINE_MARK_UP.search(text)


def _short_path(text: str) -> str:
    """Paragraphs of plain text; the same bytes as the long path."""
    return _paragraphs(bare_urls.PATTERN.sub(_link, text) if "://" in text else text)


def _short_path_with_spans(text: str) -> str | None:
    """The same for text with simple emphasis, links and ampersands, or ``None`` when it holds more than those."""
    rest = _AMPERSAND.sub("x", _SPAN.sub("x", text))
    if "://" in rest or not _is_plain(rest):
        return None
    return _paragraphs(_AMPERSAND.sub("&amp;", _SPAN.sub(_span, text)))


def _paragraphs(body: str) -> str:
    return "<p>" + _BLANK_LINE.sub("</p>\n<p>", body.replace("\xa0", "&nbsp;")) + "</p>" if body else ""


def _span(match: re.Match[str]) -> str:
    if match["url"]:
        return f'<a rel="nofollow noopener" href="{match["url"]}">{match["label"]}</a>'
    return f"<strong>{match['strong']}</strong>" if match["strong"] else f"<em>{match['em']}</em>"


def _link(match: re.Match[str]) -> str:
    url = bare_urls.url_of(match)
    if url is None:
        return match[0]
    return f'<a rel="nofollow noopener" href="{url}">{url}</a>{match[0][len(url) :]}'


def _long_path(text: str, found: tuple[Formula, ...]) -> str:
    if not is_too_much(text):
        try:
            return _converter()(text)
        # Whatever a strange text breaks in the Markdown library (RecursionError, AssertionError, ...), readers
        # still get the words, and the other papers their pages.
        except Exception:
            _converter.cache_clear()
    typed = _FORMULA_AT.sub(lambda match: found[int(match[1])].source, text)
    return f"<pre>{escape(typed)}</pre>"


@lru_cache(maxsize=1)
def _converter() -> Callable[[str], str]:
    from sitegen.text.sanitize import converter

    return converter()
