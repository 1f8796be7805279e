"""CSL-JSON -> one line of text."""

from __future__ import annotations

from collections.abc import Sequence

from sitegen.render.citations.csl import Item, custom, date_in, names_in


def text(rows: Sequence[Item]) -> str:
    return "".join([f"{sentence(row)}\n" for row in rows])


def sentence(row: Item) -> str:
    """``A. Author, B. Author: Title. Venue 12(3), 2025. https://...`` in reading order of names."""
    authors = _people(row)
    title = row["title"]
    volume, issue = row.get("volume", ""), row.get("issue", "")
    numbered = f"{volume}({issue})" if volume and issue else volume or issue
    place = " ".join([part for part in (row.get("container-title", ""), numbered) if part])
    arxiv = custom(row, "arxiv")
    publisher = row.get("publisher", "")
    if not place:
        place = f"arXiv:{arxiv}" if arxiv else ", ".join(filter(None, (row.get("genre", ""), publisher)))
    page, year = row.get("page", ""), date_in(row)[0]
    source = ", ".join([part for part in (place, page and f"pp. {page}", f"{year:04}" if year else "") if part])
    sentences = (f"{authors}: {title}" if authors else title, source)
    said = [s if s.endswith((".", "?", "!")) else f"{s}." for s in sentences if s]
    own = custom(row, "pdf")
    if row.get("DOI") or arxiv:
        own = f"https://doi.org/{row['DOI']}" if row.get("DOI") else f"https://arxiv.org/abs/{arxiv}"
    return " ".join([*said, *[link for link in dict.fromkeys((own, row.get("URL", ""))) if link]])


def _people(row: Item) -> str:
    names = [name.printed for name in names_in(row, "author")]
    editors = [name.printed for name in names_in(row, "editor")]
    if not names and editors:
        return f"{', '.join(editors[:10])} ({'eds.' if len(editors) > 1 else 'ed.'})"
    more = len(names) > 10 or bool(custom(row, "more_authors"))
    said = ", ".join(names[:10]) + (" et al." if more else "")
    group = custom(row, "collaboration")
    return f"{said} ({group})" if said and group else said or str(group)
