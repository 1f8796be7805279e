"""One document at one address: a feed, or a file in any format that import knows."""

from __future__ import annotations

from sitegen.config_sources import FeedOptions, UrlOptions
from sitegen.sources.answer import Answer, Page, Task, feed_of, looks_like_html, refuse_zero
from sitegen.sources.http import FetchError, Response


def fetch_feed(task: Task) -> Answer:
    options: FeedOptions = task.options
    response = _conditional(task, options.url, feed_of)
    if response is None:
        return Answer(unchanged=True, memory=task.memory)
    records = len(feed_of(response)[1])
    refuse_zero(records, task.memory)
    pages = (Page(response.text, "feed"),) if records else ()
    return Answer(pages=pages, memory={"records": records, **_validators(response)}, records=records)


def fetch_url(task: Task) -> Answer:
    options: UrlOptions = task.options
    response = _conditional(task, options.url, _no_web_page)
    if response is None:
        return Answer(unchanged=True, memory=task.memory)
    return Answer(pages=(Page(response.text, options.format or None),), memory=_validators(response))


def _conditional(task: Task, url: str, check: object) -> Response | None:
    """The document, or ``None`` when it is the one of the last fetch."""
    conditions = {
        header: task.memory[key]
        for header, key in (("If-None-Match", "etag"), ("If-Modified-Since", "modified"))
        if key in task.memory
    }
    response = task.get(url, headers=conditions, check=check)  # type: ignore[arg-type]
    return None if response.status == 304 else response


def _validators(response: Response) -> dict[str, str]:
    pairs = (("etag", "etag"), ("modified", "last-modified"))
    return {key: value for key, header in pairs if (value := response.headers.get(header))}


def _no_web_page(response: Response) -> None:
    if not response.content.strip():
        raise FetchError("sent an empty answer", transient=True)
    if looks_like_html(response.text):
        raise FetchError("sent a web page instead of a list", transient=True)
