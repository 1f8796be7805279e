"""arXiv's daily announcements (https://info.arxiv.org/help/rss.html): the papers of one day, none at weekends.

Yesterday's announcement is nowhere to be had today. Where a day was missed, arXiv's search closes the gap with the
papers of the same categories.
"""

from __future__ import annotations

import datetime
import email.utils
import re
from xml.etree.ElementTree import Element

import msgspec

from sitegen.config_sources import AnnouncementsOptions, ArxivOptions
from sitegen.model import Date
from sitegen.sources.answer import ATOM, Answer, Page, Task, feed_of
from sitegen.sources.http import FetchError
from sitegen.sources.services import arxiv

_FEED = "https://rss.arxiv.org/atom/"


def fetch(task: Task) -> Answer:
    options: AnnouncementsOptions = task.options
    conditions = {
        header: task.memory[key]
        for header, key in (("If-None-Match", "etag"), ("If-Modified-Since", "modified"))
        if key in task.memory
    }
    url = f"{_FEED}{'+'.join(options.categories)}"
    response = task.get(url, headers=conditions, pause=arxiv.PAUSE_SECONDS, check=feed_of)
    before = task.memory.get("newest", "")
    if response.status == 304:
        return Answer(unchanged=True, memory=task.memory)
    root, entries = feed_of(response)
    day = _day_of(root)
    if before and day < before:
        raise FetchError(f"sent the announcement of {day}, which is older than that of {before}")
    text = _only(response.text, options, len(entries))
    pages = [Page(text, "feed")] if entries else []
    records = len(entries)
    notes: tuple[str, ...] = ()
    # A weekday without papers may be a holiday or a failure; the day after it looks for them.
    memory = {"newest": max(day, before) if entries else before}
    memory |= {key: value for key in ("etag",) if (value := response.headers.get(key))}
    if value := response.headers.get("last-modified"):
        memory["modified"] = value
    if before and _announcements_between(Date.fromisoformat(before), Date.fromisoformat(day)):
        gap = ArxivOptions(categories=options.categories)
        missed = arxiv.fetch(msgspec.structs.replace(task, options=gap, memory={"newest": before}))
        pages = [*missed.pages, *pages]
        records += missed.records
        notes = (f"announcements after {before} were missed; arXiv's search closes the gap", *missed.notes)
    return Answer(pages=tuple(pages), memory=memory, records=records, notes=notes)


def _only(text: str, options: AnnouncementsOptions, entries: int) -> str:
    """The feed without the kinds of announcements that are not wanted; what remains keeps its lines."""
    kept = set(options.kinds)

    def one(entry: re.Match[str]) -> str:
        kind = re.search(r"announce_type>\s*([a-z-]+)\s*<", entry[0])
        return entry[0] if not kind or kind[1] in kept else "\n" * entry[0].count("\n")

    return re.sub(r"<(entry|item)\b.*?</\1>", one, text, flags=re.DOTALL) if entries else text


def _day_of(root: Element) -> str:
    """The day of the announcement."""
    for element in root.iter():
        if element.tag in (f"{ATOM}updated", "pubDate", "lastBuildDate") and element.text:
            text = element.text.strip()
            if re.match(r"\d{4}-\d\d-\d\d", text):
                return text[:10]
            try:
                return email.utils.parsedate_to_datetime(text).date().isoformat()
            except (TypeError, ValueError):
                continue
    raise FetchError("sent a feed without a day", transient=True)


def _announcements_between(before: Date, day: Date) -> bool:
    """Whether a weekday lies between the two days."""
    days = (before + datetime.timedelta(n) for n in range(1, (day - before).days))
    return any(between.weekday() < 5 for between in days)
