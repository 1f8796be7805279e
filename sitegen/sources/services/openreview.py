"""Papers of a venue at OpenReview (https://docs.openreview.net/reference/api-v2)."""

from __future__ import annotations

from sitegen.config_sources import OpenReviewOptions
from sitegen.sources.answer import Answer, Page, Task, object_of, refuse_zero
from sitegen.sources.http import FetchError, Response

_API = "https://api2.openreview.net/notes"
PAGE = 1000


def fetch(task: Task) -> Answer:
    options: OpenReviewOptions = task.options
    pages: list[Page] = []
    records = 0
    while True:
        parameters = {
            "content.venueid": options.venue,
            "limit": str(PAGE),
            "offset": str(records),
            "sort": "number:asc",
        }
        response = task.get(_API, parameters, pause=0.5, check=_checked)
        answer = object_of(response, "notes")
        notes = answer["notes"]
        records += len(notes)
        if notes:
            pages.append(Page(response.text, "json"))
        total = int(answer.get("count") or 0)
        if not notes or records >= total > 0 or (not total and len(notes) < PAGE):
            break
    if records < total:
        raise FetchError(f"sent {records} of {total} papers that it announced")
    refuse_zero(records, task.memory)
    notes_of_fetch = () if records else (f"no papers at {options.venue} (its venue id stands in the venue's address)",)
    return Answer(pages=tuple(pages), memory={"records": records}, records=records, notes=notes_of_fetch)


def _checked(response: Response) -> None:
    if not isinstance(object_of(response, "notes")["notes"], list):
        raise FetchError("sent results that are no list")
