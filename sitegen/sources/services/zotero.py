"""A Zotero library or one of its collections (https://www.zotero.org/support/dev/web_api/v3/basics), as CSL-JSON."""

from __future__ import annotations

import os

from sitegen.config_sources import ZoteroOptions
from sitegen.sources.answer import Answer, Page, Task, object_of, refuse_zero
from sitegen.sources.http import FetchError, Response

_API = "https://api.zotero.org"
PAGE = 100
KEY = "ZOTERO_API_KEY"


def fetch(task: Task) -> Answer:
    options: ZoteroOptions = task.options
    library = f"groups/{options.group}" if options.group else f"users/{options.user}"
    folder = f"{library}/collections/{options.collection}" if options.collection else library
    key = os.environ.get(KEY)
    headers = {"Zotero-API-Version": "3"}
    if "version" in task.memory:
        headers["If-Modified-Since-Version"] = task.memory["version"]
    pages: list[Page] = []
    records = start = 0
    version = ""
    while True:
        parameters = {"format": "csljson", "itemType": "-attachment", "limit": str(PAGE), "start": str(start)}
        response = task.get(
            f"{_API}/{folder}/items/top",
            parameters,
            headers=headers,
            secrets={"Zotero-API-Key": key} if key else {},
            pause=0.2,
            check=_checked,
        )
        if response.status == 304:
            return Answer(unchanged=True, memory=task.memory)
        items = object_of(response, "items")["items"]
        records += len(items)
        if items:
            pages.append(Page(response.text, "csl-json"))
        seen = response.headers.get("last-modified-version", "")
        if version and seen != version:
            raise FetchError("changed while it was read")
        version = seen
        start += PAGE
        total = response.headers.get("total-results", "")
        if start >= (int(total) if total.isdecimal() else 0):
            break
    refuse_zero(records, task.memory)
    memory = {"records": records, **({"version": version} if version else {})}
    return Answer(pages=tuple(pages), memory=memory, records=records)


def _checked(response: Response) -> None:
    if not isinstance(object_of(response, "items")["items"], list):
        raise FetchError("sent results that are no list")
