"""A paper's citations, and whole bibliographies. All formats are made of CSL-JSON; each has a module here.

A new format is a module with a function from items to the text of a file, its row in ``FORMATS``, and its like in
``client/citations.js``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Literal

from sitegen.model import Paper
from sitegen.render.citations.bibtex import bibtex
from sitegen.render.citations.csl import Item, csl, item
from sitegen.render.citations.ris import ris
from sitegen.render.citations.text import sentence, text
from sitegen.render.reference import Reference, address, reference
from sitegen.text import markdown
from sitegen.urls import assign_slugs, slugify

Format = Literal["bibtex", "ris", "csl", "text"]
FORMATS: dict[Format, Callable[[Sequence[Item]], str]] = {"bibtex": bibtex, "ris": ris, "csl": csl, "text": text}

_NOISE = frozenset(("a", "an", "the", "on", "of", "for", "in", "to", "and", "is", "are", "do", "does", "can", "with"))
# Words of which a slug is what is left without punctuation; they are most of those that ``slugify`` is slow at.
_USUAL_WORD = re.compile(r"(?=.*[A-Za-z]{5})[A-Za-z0-9:,.?!()-]{5,40}")
_NOT_IN_KEY = re.compile(r"[^a-z0-9]+")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_:./+-]{0,79}")


class Citations:
    """The citations of one paper without its abstract, ready to copy, each made when it is asked for."""

    def __init__(self, paper: Paper, about: Reference) -> None:
        self._paper = paper
        self._about = about

    @cached_property
    def item(self) -> Item:
        return item(self._paper, self._about, _key(self._paper, self._about))

    @property
    def bibtex(self) -> str:
        return bibtex([self.item])

    @property
    def ris(self) -> str:
        return ris([self.item])

    @property
    def csl(self) -> str:
        return csl([self.item])

    @property
    def text(self) -> str:
        return sentence(self.item)


def citations(paper: Paper, url: str = "") -> Citations:
    """The citations of a paper; ``url``: its page's absolute address."""
    return Citations(paper, reference(paper, url))


def bibliography(papers: Iterable[Paper], style: Format, url_of: Callable[[Paper], str] = address) -> str:
    """The references of many papers as one file, with distinct keys; abstracts are included."""
    papers = list(papers)
    keys = _distinct({paper.id: citation_key(paper) for paper in papers})
    return FORMATS[style]([item(p, reference(p, url_of(p)), keys[p.id], abstract=True) for p in papers])


def citation_key(paper: Paper) -> str:
    """The source's own key, or ``noether1918invariante``: first author, year, first telling word of the title; only
    ASCII, never empty.

    It depends on the paper alone, so it stays the same in whatever company the paper is cited.
    """
    return _key(paper, reference(paper))


def _distinct(keys: dict[str, str]) -> dict[str, str]:
    if len(set(keys.values())) == len(keys):
        return keys
    slugs = assign_slugs(keys)
    seen: set[str] = set()
    distinct = {}
    for own, key in keys.items():
        distinct[own] = slugs[own] if key in seen else key
        seen.add(key)
    return distinct


def _key(paper: Paper, about: Reference) -> str:
    if paper.citation_key and _KEY.fullmatch(paper.citation_key):
        return paper.citation_key
    names = about.names or about.editors
    first = _ascii(names[0].whole_family) if names else ""
    for word in markdown.plain_title(paper.title).replace("-", " ").split():
        telling = _ascii(word)
        if len(telling) > 2 and telling not in _NOISE and not telling.isdecimal():
            break
    else:
        telling = _ascii(paper.title)
    return f"{first[:40]}{about.year}{telling[:40]}"


@lru_cache(maxsize=16384)
def _ascii(word: str) -> str:
    if _USUAL_WORD.fullmatch(word):
        return _NOT_IN_KEY.sub("", word.lower())
    return slugify(word).replace("-", "")
