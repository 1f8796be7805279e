"""Works of Crossref (https://api.crossref.org), page by page with a cursor.

The day of indexing is asked for, not that of publication: so a work that Crossref learns of late, and every
correction and retraction, comes too.
"""

from __future__ import annotations

import datetime
from typing import Any

from sitegen.config_sources import CrossrefOptions
from sitegen.model import Date
from sitegen.sources.answer import Answer, Page, Task, newest, object_of, refuse_zero
from sitegen.sources.http import FetchError, Response

_API = "https://api.crossref.org/works"
PAGE = 200
OVERLAP_DAYS = 5


def fetch(task: Task) -> Answer:
    options: CrossrefOptions = task.options
    before = task.memory.get("newest", "")
    if options.filter.startswith("doi:"):
        since = ""  # one work, of whatever day
    elif before:
        since = f"from-index-date:{(Date.fromisoformat(before) - datetime.timedelta(OVERLAP_DAYS)).isoformat()}"
    else:
        since = f"from-pub-date:{(task.today - datetime.timedelta(options.days)).isoformat()}"
    pages: list[Page] = []
    days: list[str] = []
    cursor, records, total = "*", 0, 0
    while True:
        parameters = {"filter": ",".join(filter(None, (options.filter, since))), "rows": str(PAGE), "cursor": cursor}
        parameters |= {"query": options.query} if options.query else {}
        response = task.get(_API, parameters, pause=0.2, check=_message)
        message = _message(response)
        items = message["items"]
        total = int(message.get("total-results") or 0)
        records += len(items)
        days += [str((item.get("indexed") or {}).get("date-time") or "") for item in items if isinstance(item, dict)]
        if items:
            pages.append(Page(response.text, "json"))
        cursor = message.get("next-cursor") or ""
        if not items or not cursor or records >= total or (not before and records >= options.max):
            break
    cut = not before and records >= options.max
    if records < total and not cut:
        raise FetchError(f"sent {records} of {total} papers that it announced")
    refuse_zero(records, task.memory)
    notes = (f"the first fetch took {records} of {total}",) if cut and records < total else ()
    memory = {"newest": newest(days, task.today, before)}
    return Answer(pages=tuple(pages), memory=memory, records=records, notes=notes)


def _message(response: Response) -> dict[str, Any]:
    message = object_of(response, "message")["message"]
    if not isinstance(message, dict) or not isinstance(message.get("items"), list):
        raise FetchError("sent results that are no list")
    return message
