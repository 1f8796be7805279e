"""Publications of other generators: HugoBlox, academicpages, Jekyll collections, Quarto, and notes on literature.

Each is a Markdown file with front matter of its own names. Shortcodes and links between notes mean nothing here and
are taken out; what is left of the text are notes, or the abstract where it is called one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sitegen.content.files import stem_of
from sitegen.content.frontmatter import FrontMatter, split
from sitegen.content.record import FIELDS, UNKNOWN_KEY
from sitegen.errors import Problem
from sitegen.importers.fields import NAMES, Placed, is_empty, place, plain
from sitegen.importers.listing import Entry, Listing
from sitegen.importers.tables import citation_authors
from sitegen.model import Date
from sitegen.text.item_types import item_type

# HugoBlox' old numbers of publication types (https://docs.hugoblox.com/reference/content-types/).
_NUMBERED = {
    "1": "paper-conference",
    "2": "article-journal",
    "3": "article",
    "4": "report",
    "5": "book",
    "6": "chapter",
    "7": "thesis",
    "8": "patent",
}
_TYPES = {"manuscripts": "article-journal", "conferences": "paper-conference", "workshops": "paper-conference"}
# Of the page rather than of the paper.
_QUIET = frozenset(
    "image projects featured hugoblox author_notes permalink collection layout bibkey status created aliases "
    "reading_time share profile commentable editable show_date header math weight url_dummy format execute draft "
    "lastmod publishDate read_status bibtexurl biburl rating cssclass cssclasses toc slug paper_type".split()
)
_PARTICULAR = frozenset({"publication_types", "publication_short", "citation", "excerpt", "author_notes"})
_SHORTCODE = re.compile(r"\{\{[<%].*?[%>]\}\}|\{%.*?%\}", re.DOTALL)
_WIKI_LINK = re.compile(r"\[\[(?:[^\]|]*\|)?([^\]]*)\]\]")
_ABSTRACT = re.compile(r"^\s*(?:\*\*Abstract:?\*\*:?|#+\s*Abstract|Abstract:)\s*", re.IGNORECASE)
_CALLOUT = re.compile(r"^>\s*\[!\w+\].*$\n?", re.MULTILINE)
_DOWNLOAD = re.compile(r"^\[[^\]]*(?:download|here)[^\]]*\]\((https?://[^)\s]+)\)\s*$", re.IGNORECASE | re.MULTILINE)


def read_front_matter(text: str, source: str, captured: Date | None) -> Listing:
    """The one paper of a file; ``source`` names it, and a file called ``index.md`` has the name of its folder."""
    matter = split(text, source)
    if isinstance(matter, Problem):
        return Listing(captured=captured, problems=(matter,))
    placed = placed_matter(matter.fields, matter.body)
    placed.set("id", stem_of(source))
    entry = Entry(placed.raw, matter.first_line, tuple(placed.unused))
    return Listing(captured=captured, entries=(entry,), problems=tuple(placed.warnings(source, matter.first_line)))


def is_foreign(fields: Mapping[str, Any]) -> bool:
    """Whether a front matter has keys that other generators use: such a file is read as theirs."""
    keys = [str(key) for key in fields if key not in FIELDS]
    return any(key in _QUIET or key in _PARTICULAR or re.sub(r"[\W_]+", "", key).casefold() in NAMES for key in keys)


def own_fields(matter: FrontMatter, source: str) -> tuple[dict[str, Any], str, list[Problem]]:
    """The front matter of another generator as fields of a record, what is left of its text, and what has no place."""
    placed = placed_matter(matter.fields, matter.body)
    kept = {key: value for key, value in matter.fields.items() if key in FIELDS and key not in placed.raw}
    problems = placed.warnings(source, matter.first_line)
    for key in placed.unused:
        problem = Problem(source=source, line=matter.line_of(key), field=key, message=UNKNOWN_KEY, severity="warning")
        problems.append(problem)
    return {**kept, **placed.raw}, "", problems


def placed_matter(fields: Mapping[str, Any], body: str) -> Placed:
    """Front matter and text as fields of a record."""
    own = {key: value for key, value in fields.items() if key not in _QUIET and not is_empty(value)}
    citation = own.pop("citation", None)
    kinds = own.pop("publication_types", None) or own.pop("category", None)
    publication = own.pop("publication", None)
    own_ids = fields.get("hugoblox")
    if isinstance(own_ids, Mapping) and isinstance(own_ids.get("ids"), Mapping):
        own = {**own_ids["ids"], **own}
    if isinstance(citation, Mapping):
        own = {**citation, **own}
    if str(own.get("citekey", "")).startswith("@"):
        own["citekey"] = str(own["citekey"]).removeprefix("@")
    summary = own.pop("summary", None) if "abstract" in own else None
    placed = place(own)
    if publication:
        placed.set("venue", re.sub(r"^\s*In\s+|\s*\([^()]*\)\s*$|[*_]", "", plain(publication)).strip(" ,."))
    if "venue_short" in placed.raw:
        placed.raw["venue_short"] = re.sub(r"^\s*In\s+|[*_]", "", placed.raw["venue_short"]).strip(" ,.")
    kind = plain(kinds[0] if isinstance(kinds, list) and kinds else kinds or placed.raw.get("type", ""))
    placed.raw["type"] = _NUMBERED.get(kind) or _TYPES.get(kind) or item_type(kind) or ""
    _people(placed, citation)
    _text(placed, body)
    if summary and not placed.raw.get("abstract"):
        placed.raw["abstract"] = plain(summary)
    placed.raw = {key: value for key, value in placed.raw.items() if not is_empty(value)}
    if placed.links:
        placed.raw["links"] = placed.links
    return placed


def _people(placed: Placed, citation: Any) -> None:
    authors = placed.raw.get("authors")
    if isinstance(authors, list):
        # "admin" is the owner of a HugoBlox site, whose name stands elsewhere: such a paper has one author more.
        named = [_WIKI_LINK.sub(r"\1", name) if isinstance(name, str) else name for name in authors if name != "admin"]
        if len(named) < len(authors):
            placed.doubts.append(("authors", "'admin' stands for the site's owner: write the name"))
            placed.raw["author_count"] = len(authors)
        placed.raw["authors"] = named
    elif not authors and isinstance(citation, str):
        placed.set("authors", citation_authors(re.sub(r"&[a-z]+;", '"', citation)))


def _text(placed: Placed, body: str) -> None:
    for url in _DOWNLOAD.findall(body):
        placed.address(url)
    body = _DOWNLOAD.sub("", _SHORTCODE.sub("", body))
    body = _WIKI_LINK.sub(r"\1", _CALLOUT.sub("", body)).strip()
    if found := _ABSTRACT.match(body):
        abstract, _, notes = body[found.end() :].strip().partition("\n\n")
        placed.raw["abstract"] = abstract
        placed.set("notes", notes.strip())
    elif body and not placed.raw.get("abstract"):
        placed.raw["abstract"] = body
    elif body and body != placed.raw.get("abstract"):
        placed.set("notes", body)
