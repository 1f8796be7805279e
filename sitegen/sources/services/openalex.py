"""Works of OpenAlex (https://docs.openalex.org), newest first, page by page with a cursor."""

from __future__ import annotations

import datetime
import os

from sitegen.config_sources import OpenAlexOptions
from sitegen.model import Date
from sitegen.sources.answer import Answer, Page, Task, newest, object_of, refuse_zero
from sitegen.sources.http import FetchError, Response

_API = "https://api.openalex.org/works"
PAGE = 200
# OpenAlex learns of many works weeks after they appeared.
OVERLAP_DAYS = 45
KEY = "OPENALEX_API_KEY"


def fetch(task: Task) -> Answer:
    options: OpenAlexOptions = task.options
    before = task.memory.get("newest", "")
    first = (
        Date.fromisoformat(before) - datetime.timedelta(OVERLAP_DAYS)
        if before
        else task.today - datetime.timedelta(options.days)
    )
    filters = ",".join(filter(None, (options.filter, f"from_publication_date:{first.isoformat()}")))
    key = os.environ.get(KEY)
    pages: list[Page] = []
    days: list[str] = []
    cursor, records, total = "*", 0, 0
    while cursor:
        parameters = {"filter": filters, "sort": "publication_date:desc", "per-page": str(PAGE), "cursor": cursor}
        parameters |= {"search": options.search} if options.search else {}
        secrets = {"Authorization": f"Bearer {key}"} if key else {}
        response = task.get(_API, parameters, secrets=secrets, pause=0.2, check=_checked)
        answer = object_of(response, "results", "meta")
        results = answer["results"]
        total = int(answer["meta"].get("count") or 0)
        records += len(results)
        days += [str(work.get("publication_date") or "") for work in results if isinstance(work, dict)]
        if results:
            pages.append(Page(response.text, "json"))
        cursor = answer["meta"].get("next_cursor") or ""
        if not results or (not before and records >= options.max):
            break
    cut = not before and records >= options.max
    if records < total and not cut:
        raise FetchError(f"sent {records} of {total} papers that it announced")
    refuse_zero(records, task.memory)
    notes = (f"the first fetch took the newest {records} of {total}",) if cut and records < total else ()
    memory = {"newest": newest(days, task.today, before)}
    return Answer(pages=tuple(pages), memory=memory, records=records, notes=notes)


def _checked(response: Response) -> None:
    if not isinstance(object_of(response, "results", "meta")["results"], list):
        raise FetchError("sent results that are no list")
