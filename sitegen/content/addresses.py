"""What an address says of a paper: its DOI, its arXiv number, its PDF, or just a page about it."""

from __future__ import annotations

import re
from typing import Literal

Meaning = Literal["doi", "arxiv", "pdf", "code", "project"]

_ARXIV = re.compile(r"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf)/(\S+?)(?:\.pdf)?/?", re.IGNORECASE)
_DOI = re.compile(r"https?://(?:dx\.|www\.)?doi\.org/(10\.\S+)", re.IGNORECASE)
_CODE = re.compile(r"https?://(?:www\.)?(?:github\.com|gitlab\.com|codeberg\.org)/\S+", re.IGNORECASE)


def meaning_of(url: str) -> tuple[Meaning, str]:
    """The field of a record that the address fills (``pdf``, ``code`` and ``project`` are links), and its value."""
    url = url.strip()
    if found := _ARXIV.fullmatch(url):
        return "arxiv", found[1]
    if found := _DOI.fullmatch(url):
        return "doi", found[1]
    if _CODE.fullmatch(url):
        return "code", url
    return ("pdf" if re.search(r"\.pdf$", url, re.IGNORECASE) else "project"), url
