"""bioRxiv and medRxiv (https://api.biorxiv.org): all versions of a range of days, page by page."""

from __future__ import annotations

import datetime
import json
from typing import Any

from sitegen.config_sources import BiorxivOptions
from sitegen.model import Date
from sitegen.sources.answer import Answer, Page, Task, newest, object_of, refuse_zero
from sitegen.sources.http import FetchError, Response

_API = "https://api.biorxiv.org/details"
OVERLAP_DAYS = 4


def fetch(task: Task) -> Answer:
    options: BiorxivOptions = task.options
    before = task.memory.get("newest", "")
    if before:
        first = Date.fromisoformat(before) - datetime.timedelta(OVERLAP_DAYS)
    else:
        first = task.today - datetime.timedelta(options.days)
    parameters = {"category": options.category.replace(" ", "_")} if options.category else {}
    pages: list[Page] = []
    days: list[str] = []
    records, total = 0, 0
    while True:
        url = f"{_API}/{options.server}/{first.isoformat()}/{task.today.isoformat()}/{records}/json"
        response = task.get(url, parameters, pause=1.0, check=_collection)
        found, total = _collection(response)
        records += len(found)
        days += [str(paper.get("date") or "") for paper in found if isinstance(paper, dict)]
        if found:
            # Its messages are a list of objects too, and no papers.
            pages.append(Page(json.dumps(found), "json"))
        if not found or records >= total:
            break
    if records < total:
        raise FetchError(f"sent {records} of {total} papers that it announced")
    refuse_zero(records, task.memory)
    memory = {"newest": newest(days, task.today, before)}
    return Answer(pages=tuple(pages), memory=memory, records=records)


def _collection(response: Response) -> tuple[list[Any], int]:
    answer = object_of(response, "messages")
    said = answer["messages"][0] if isinstance(answer["messages"], list) and answer["messages"] else {}
    status = str(said.get("status") or "")
    if status == "ok":
        found = answer.get("collection")
        if not isinstance(found, list):
            raise FetchError("sent results that are no list")
        return found, int(said.get("total") or len(found))
    if "no posts found" in status:
        return [], 0
    raise FetchError(f"answered with an error: {status or 'no reason given'}")
