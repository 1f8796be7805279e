"""Hugging Face's daily papers (``/api/daily_papers``, https://huggingface.co/docs/hub/api).

Papers come to a day, and votes to papers, for days after it; so the last days are asked for again each time. A day
without papers is no failure (nobody works on Sunday), and none is passed over: the next fetch begins where papers
last were.
"""

from __future__ import annotations

import datetime

from sitegen.config_sources import HuggingFaceOptions
from sitegen.model import Date
from sitegen.sources.answer import Answer, Page, Task, json_of, refuse_zero
from sitegen.sources.http import FetchError, Response

_API = "https://huggingface.co/api/daily_papers"
PAGE = 100
OVERLAP_DAYS = 5


def fetch(task: Task) -> Answer:
    options: HuggingFaceOptions = task.options
    last = min(options.until or task.today, task.today)
    if before := task.memory.get("newest"):
        first = Date.fromisoformat(before) - datetime.timedelta(OVERLAP_DAYS)
    else:
        first = options.since or last - datetime.timedelta(options.days - 1)
    if options.since:
        first = max(first, options.since)
    pages: list[Page] = []
    newest = before or ""
    records = 0
    day = first
    while day <= last:
        number = 0
        while True:
            parameters = {"date": day.isoformat(), "limit": str(PAGE), "p": str(number)}
            response = task.get(_API, parameters, pause=0.2, check=_papers)
            found = len(_papers(response))
            if found:
                pages.append(Page(response.text, "json"))
                newest = max(newest, day.isoformat())
            records += found
            number += 1
            if found < PAGE:
                break
        day += datetime.timedelta(1)
    refuse_zero(records, task.memory)
    return Answer(pages=tuple(pages), memory={"newest": newest}, records=records)


def _papers(response: Response) -> list[object]:
    found = json_of(response)
    if not isinstance(found, list):
        said = found.get("error") if isinstance(found, dict) else None
        raise FetchError(f"answered with an error: {said}" if isinstance(said, str) else "sent JSON that is no list")
    return found
