"""The JSON that nightly digests of arXiv keep: topic -> number -> a Markdown row of its table or list."""

from __future__ import annotations

import json
import re

from sitegen.errors import Problem
from sitegen.importers.fields import Placed
from sitegen.importers.listing import Entry, Listing
from sitegen.importers.markdown_entry import place_link, plain_text, read_entry
from sitegen.model import Date
from sitegen.text.identifiers import arxiv_number, without_version

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_arxiv_daily(text: str, source: str, captured: Date | None) -> Listing:
    """Every row; a paper that stands under several topics has them all."""
    try:
        topics = json.loads(text)
    except ValueError as error:
        return Listing(captured=captured, problems=(Problem(source=source, message=f"not valid JSON: {error}"),))
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    position = line = 0
    for topic, rows in topics.items():
        if not isinstance(rows, dict):
            problems.append(Problem(source=source, message=f"the topic {topic!r} holds no papers", severity="warning"))
            continue
        for number, row in rows.items():
            found = text.find(f'"{number}"', position)
            if found >= 0:
                line += text.count("\n", position, found)
                position = found
            if number in entries:
                entries[number].raw["topics"].append(topic)
                continue
            placed = _placed(str(row), number)
            placed.raw["topics"] = [topic]
            entries[number] = Entry(placed.raw, line + 1)
    return Listing(captured=captured, entries=tuple(entries.values()), problems=tuple(problems))


def _placed(row: str, number: str) -> Placed:
    """``|**date**|**title**|authors|[id](url)|code|``, or ``- date, **title**, authors, Paper: ...``."""
    placed = Placed()
    row = row.strip()
    cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip("|"))] if row.startswith("|") else _listed(row)
    day = next((found[0] for cell in cells[:2] if (found := _DAY.search(cell))), "")
    words = [cell for cell in cells if plain_text(cell) and not _DAY.fullmatch(plain_text(cell)) and "](" not in cell]
    words = [cell for cell in words if plain_text(cell) != "null"]
    placed.set("title", plain_text(words[0].replace("\\|", "|")) if words else "")
    if len(words) > 1:
        placed.set("authors", plain_text(words[1]))
    placed.set("date", day)
    placed.set("id", without_version(number))
    placed.set("arxiv", arxiv_number(number))
    for link in read_entry(row).links:
        place_link(placed, link)
    placed.links.pop("project", None) if "arxiv.org" in placed.links.get("project", "") else None
    if placed.links:
        placed.raw["links"] = placed.links
    return placed


def _listed(row: str) -> list[str]:
    found = re.match(
        r"[-*]\s*(?:\*\*)?(\d{4}-\d{2}-\d{2})(?:\*\*)?,\s*\*\*(.+?)\*\*,\s*(.*?)(?:,\s*(?:Paper|\[)|$)", row
    )
    return [found[1], f"**{found[2]}**", found[3]] if found else [row]
