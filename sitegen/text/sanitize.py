"""Python-Markdown and the sanitizer: the long way from a text to safe HTML.

Loaded only when a text needs it (see ``markdown``). What differs from plain Markdown: HTML shows as typed, but for
a handful of inline tags without attributes; a picture becomes a link to it; bare web addresses are links.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable

import nh3
from markdown import Markdown
from markdown.inlinepatterns import ImageInlineProcessor, InlineProcessor
from markdown.util import AtomicString

from sitegen.text import bare_urls
from sitegen.urls import safe_link

ROOT_MARK = "\x12"
"""Stands before every link to the site itself. Sources have no control characters: ``markdown`` drops them."""

_TAG_MARK = "\x13"
_SIMPLE_TAG_AT = re.compile(f"{_TAG_MARK}(/?[a-z]+){_TAG_MARK}")
_TAGS = set(
    "p br hr em strong b i sub sup code pre blockquote ul ol li h1 h2 h3 h4 h5 h6 a table thead tbody tr th td".split()
)
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_EXTERNAL = re.compile(r'<a href="(?=https?:)', re.IGNORECASE)
_NO_LINK = re.compile(r"<a>((?:(?!</?a\b).)*)</a>", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")

Found = tuple[ElementTree.Element | str | None, int | None, int | None]


def converter() -> Callable[[str], str]:
    """A function from Markdown to sanitized HTML; one for a process, as setting it up takes a while."""
    parser = Markdown(extensions=["fenced_code", "tables", "sane_lists"], output_format="html")
    parser.preprocessors.deregister("html_block")
    patterns = parser.inlinePatterns
    patterns.deregister("html")
    patterns.deregister("image_reference")
    patterns.deregister("short_image_ref")
    patterns.register(_ImageLink(r"\!\[", parser), "image_link", 150)
    patterns.register(_BareUrl(bare_urls.PATTERN.pattern, parser), "bare_url", 110)
    patterns.register(_SimpleTag(r"</?(?:b|br|i|em|strong|sub|sup)>", parser), "simple_tag", 90)

    def convert(text: str) -> str:
        parser.reset()
        return _cleaned(_SIMPLE_TAG_AT.sub(r"<\1>", parser.convert(_trimmed(text))))

    return convert


def _cleaned(body: str) -> str:
    cleaned = nh3.clean(
        body,
        tags=_TAGS,
        clean_content_tags=set(),
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    if "<a>" in cleaned:
        cleaned = _NO_LINK.sub(r"\1", cleaned)
    return _EXTERNAL.sub('<a rel="nofollow noopener" href="', cleaned).strip()


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "start":
        return value if value.isascii() and value.isdecimal() and len(value) < 10 else None
    url = safe_link(value)
    if url is None or url.startswith("#") or _SCHEME.match(url):
        return url
    return ROOT_MARK + url.lstrip("/")


def _trimmed(text: str) -> str:
    """Lines without more than the two spaces at their end that mean a line break."""
    return "\n".join(
        f"{line.rstrip(' ')}  " if line.endswith("  ") else line.rstrip(" \t") for line in text.split("\n")
    )


class _BareUrl(InlineProcessor):
    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]  # noqa: N802
        url = bare_urls.url_of(m)
        if url is None:
            return None, None, None
        element = ElementTree.Element("a", href=url)
        element.text = AtomicString(url)
        return element, m.start(0), m.start(0) + len(url)


class _ImageLink(ImageInlineProcessor):
    """``![what it shows](picture.png)`` as a link: a page loads nothing that its text asks for."""

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]  # noqa: N802
        image, start, end = super().handleMatch(m, data)
        if image is None or isinstance(image, str):
            return image, start, end
        link = ElementTree.Element("a", href=image.get("src", ""))
        link.text = AtomicString(self.unescape(image.get("alt", "")))
        return link, start, end


class _SimpleTag(InlineProcessor):
    """Leaves a mark for the tag; the library's own stash for HTML is slow where there is much of it."""

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]  # noqa: N802
        return f"{_TAG_MARK}{m[0][1:-1]}{_TAG_MARK}", m.start(0), m.end(0)
