"""Web addresses that stand in running text without any markup ("Code: https://example.org/x.")."""

from __future__ import annotations

import re

from sitegen.urls import safe_link

# The host must look like one with a name at its end: addresses that a browser might read in another way
# than we do stay text.
PATTERN = re.compile(
    r"(?<![\w/])https?://(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w.-])"
    r"(?:[/?#][^\s<>\"'`\\^{|}\[\]\x00-\x20\x7f\u2018-\u201f]*)?"
)
_TRAILING = ".,;:!?*_"


def url_of(match: re.Match[str]) -> str | None:
    """The address of a match without the punctuation that ends the sentence; ``None`` if it should stay text."""
    url = match[0]
    excess, end = url.count(")") - url.count("("), len(url)
    while end and (url[end - 1] in _TRAILING or (url[end - 1] == ")" and excess > 0)):
        excess -= url[end - 1] == ")"
        end -= 1
    return safe_link(url[:end])
