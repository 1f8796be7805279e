"""Semantic Scholar's bulk search (https://api.semanticscholar.org/api-docs/graph), page by page with a token."""

from __future__ import annotations

import datetime
import os

from sitegen.config_sources import SemanticScholarOptions
from sitegen.model import Date
from sitegen.sources.answer import Answer, Page, Task, newest, object_of, refuse_zero
from sitegen.sources.http import FetchError, Response

_API = "https://api.semanticscholar.org/graph/v1/paper/search/bulk"
_FIELDS = (
    "title,abstract,authors,venue,year,publicationDate,publicationTypes,journal,externalIds,openAccessPdf,url,"
    "fieldsOfStudy"
)
OVERLAP_DAYS = 45
KEY = "SEMANTIC_SCHOLAR_API_KEY"


def fetch(task: Task) -> Answer:
    options: SemanticScholarOptions = task.options
    before = task.memory.get("newest", "")
    first = (
        Date.fromisoformat(before) - datetime.timedelta(OVERLAP_DAYS)
        if before
        else task.today - datetime.timedelta(options.days)
    )
    parameters = {
        "query": options.query,
        "fields": _FIELDS,
        "sort": "publicationDate:desc",
        "publicationDateOrYear": f"{first.isoformat()}:",
    }
    if options.fields_of_study:
        parameters["fieldsOfStudy"] = ",".join(options.fields_of_study)
    key = os.environ.get(KEY)
    pages: list[Page] = []
    days: list[str] = []
    records, total, token = 0, 0, ""
    while True:
        asked = parameters | ({"token": token} if token else {})
        response = task.get(_API, asked, secrets={"x-api-key": key} if key else {}, pause=1.1, check=_checked)
        answer = object_of(response, "data", "total")
        total = int(answer["total"] or 0)
        records += len(answer["data"])
        days += [str(paper.get("publicationDate") or "") for paper in answer["data"] if isinstance(paper, dict)]
        if answer["data"]:
            pages.append(Page(response.text, "json"))
        token = answer.get("token") or ""
        if not token or not answer["data"] or (not before and records >= options.max):
            break
    cut = not before and records >= options.max
    # The total of a bulk search is an estimate; an answer that ends while it still has a token is not whole.
    if token and not cut:
        raise FetchError(f"sent {records} of {total} papers that it announced")
    refuse_zero(records, task.memory)
    notes = (f"the first fetch took the newest {records} of {total}",) if cut and records < total else ()
    memory = {"newest": newest(days, task.today, before)}
    return Answer(pages=tuple(pages), memory=memory, records=records, notes=notes)


def _checked(response: Response) -> None:
    if not isinstance(object_of(response, "data", "total")["data"], list):
        raise FetchError("sent results that are no list")
