"""arXiv's search (https://info.arxiv.org/help/api/user-manual.html).

The newest versions are asked for first, until those of the last fetch and a window of days before it: so new
versions and withdrawals come too, and whatever a half-published day left out.
"""

from __future__ import annotations

import datetime
from xml.etree.ElementTree import Element

from sitegen.config_sources import ArxivOptions
from sitegen.sources.answer import ATOM, Answer, Page, Task, feed_of, newest, refuse_zero, short
from sitegen.sources.http import FetchError, Response

_API = "https://export.arxiv.org/api/query"
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
PAUSE_SECONDS = 3.0
"""arXiv's terms: no more than one request in three seconds (https://info.arxiv.org/help/api/tou.html)."""
PAGE = 100
OVERLAP_DAYS = 5
# arXiv answers no request for what lies deeper.
_DEEPEST = 30_000


def fetch(task: Task) -> Answer:
    options: ArxivOptions = task.options
    pages: list[Page] = []
    updated: list[str] = []
    notes: list[str] = []
    total = 0
    if query := _query(options):
        since = _days_before(task.memory.get("newest", ""), OVERLAP_DAYS)
        total, found, note = _search(task, query, since, pages)
        updated += found
        notes += note
    records = len(updated)
    for start in range(0, len(options.ids), PAGE):
        wanted = options.ids[start : start + PAGE]
        parameters = {"id_list": ",".join(wanted), "max_results": str(len(wanted))}
        response = task.get(_API, parameters, pause=PAUSE_SECONDS, check=_checked)
        entries = feed_of(response)[1]
        if len(entries) < len(set(wanted)):
            notes.append(f"arXiv knows {len(entries)} of {len(set(wanted))} numbers")
        records += len(entries)
        pages.append(Page(response.text, "arxiv-atom"))
    if query:
        refuse_zero(total, task.memory)
    memory = {"newest": newest(updated, task.today, task.memory.get("newest", ""))}
    return Answer(pages=tuple(pages), memory=memory if query else {}, records=records, notes=tuple(notes))


def _search(task: Task, query: str, since: str, pages: list[Page]) -> tuple[int, list[str], list[str]]:
    """All pages down to ``since``. Returns how many papers arXiv has, the days of those seen, and notes."""
    options: ArxivOptions = task.options
    updated: list[str] = []
    start = 0
    while True:
        size = PAGE if since else min(PAGE, options.max - start)
        parameters = {
            "search_query": query,
            "sortBy": "lastUpdatedDate",
            "sortOrder": "descending",
            "start": str(start),
            "max_results": str(size),
        }

        def check(response: Response, start: int = start, size: int = size) -> None:
            root, entries = _checked(response)
            wanted = min(size, _total(root) - start)
            if len(entries) < wanted:
                raise FetchError(f"sent {len(entries)} of {wanted} papers that it announced", transient=True)

        response = task.get(_API, parameters, pause=PAUSE_SECONDS, check=check)
        root, entries = feed_of(response)
        total = _total(root)
        days = [(entry.findtext(f"{ATOM}updated") or "")[:10] for entry in entries]
        if entries:
            pages.append(Page(response.text, "arxiv-atom"))
        updated += days
        start += len(entries)
        first = since or _days_before(max(updated, default=""), options.days)
        if start >= total or not entries or min(days) < first:
            return total, updated, []
        if not since and start >= options.max:
            return total, updated, [f"the first fetch took the newest {start} of {total}"]
        if start >= _DEEPEST:
            return total, updated, [f"arXiv shows no more than {_DEEPEST} papers, and {since} was not reached"]


def _checked(response: Response) -> tuple[Element, list[Element]]:
    root, entries = feed_of(response)
    for entry in entries:
        if "/api/errors" in (entry.findtext(f"{ATOM}id") or ""):
            said = entry.findtext(f"{ATOM}summary") or "no reason given"
            raise FetchError(f"answered with an error: {short(said)}")
    return root, entries


def _total(root: Element) -> int:
    text = (root.findtext(f"{_OPENSEARCH}totalResults") or "").strip()
    if not text.isdecimal():
        raise FetchError("sent a feed that does not say how many papers there are", transient=True)
    return int(text)


def _query(options: ArxivOptions) -> str:
    categories = " OR ".join(f"cat:{category}" for category in options.categories)
    if options.query and categories:
        return f"({options.query}) AND ({categories})"
    return options.query or categories


def _days_before(day: str, days: int) -> str:
    return (datetime.date.fromisoformat(day) - datetime.timedelta(days)).isoformat() if day else ""
