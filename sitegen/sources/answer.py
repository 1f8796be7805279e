"""What a service answers with, and what counts as no answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any
from xml.etree.ElementTree import Element

import msgspec

from sitegen.model import Date
from sitegen.sources.http import Client, FetchError, Response

ATOM = "{http://www.w3.org/2005/Atom}"


class Page(msgspec.Struct, frozen=True):
    """One page of results: a text in a format that import knows (its name, or ``None`` when it must be found out)."""

    text: str
    format: str | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """All that a source had to say.

    Attributes:
        pages: in the order in which they were asked for.
        memory: what the next fetch must know; stored only after the papers have been.
        records: how many papers the service says are on the pages.
        unchanged: the service said that nothing has changed, and sent nothing.
        notes: what the person who runs the fetch should know.
    """

    pages: tuple[Page, ...] = ()
    memory: dict[str, Any] = {}
    records: int = 0
    unchanged: bool = False
    notes: tuple[str, ...] = ()


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What a service module is given.

    Attributes:
        options: of the service's own kind (see ``config_sources``).
        endpoint: instead of the service's own scheme and host, or empty.
        memory: what the last fetch left; empty at first.
        today: the day of the fetch.
        pause: seconds between two requests, or ``None`` for the service's own.
    """

    options: Any
    client: Client
    today: Date
    endpoint: str = ""
    memory: dict[str, Any] = {}
    pause: float | None = None

    def get(
        self,
        url: str,
        parameters: dict[str, str] | None = None,
        *,
        headers: dict[str, str] | None = None,
        secrets: dict[str, str] | None = None,
        pause: float = 0.0,
        check: Callable[[Response], Any] | None = None,
    ) -> Response:
        """One request below the service's address or the endpoint that stands for it; see ``Client.get``."""
        if self.endpoint:
            url = self.endpoint + re.sub(r"^https?://[^/]+", "", url)
        paced = pause if self.pause is None else self.pause
        return self.client.get(url, parameters, headers=headers, secrets=secrets, pause=paced, check=check)


Service = Callable[[Task], Answer]


def json_of(response: Response) -> Any:
    """The JSON that was sent.

    Raises:
        FetchError: when it is a web page or cut off; asking again may help.
    """
    text = response.text
    if looks_like_html(text):
        raise FetchError("sent a web page instead of JSON", transient=True)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        what = "sent an empty answer" if not text.strip() else "sent JSON that is cut off or not valid"
        raise FetchError(what, transient=True) from None


def object_of(response: Response, *keys: str) -> dict[str, Any]:
    """A JSON object that has these keys; an error that a service puts into an object is told in its words."""
    found = json_of(response)
    if isinstance(found, dict) and all(key in found for key in keys):
        return found
    said = found.get("error") or found.get("message") or found.get("detail") if isinstance(found, dict) else None
    if isinstance(said, str) and said:
        raise FetchError(f"answered with an error: {short(said)}")
    raise FetchError(f"sent JSON without {' and '.join(map(repr, keys))}" if keys else "sent JSON that is no object")


def looks_like_html(text: str) -> bool:
    return re.match(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", text[:2000], re.I | re.S) is not None


def feed_of(response: Response) -> tuple[Element, list[Element]]:
    """The root of an RSS or Atom feed and its entries.

    Raises:
        FetchError: when it is a web page, another XML, or cut off; asking again may help.
    """
    from sitegen.importers.xml_elements import elements, local_name

    text = response.text
    if looks_like_html(text):
        raise FetchError("sent a web page instead of a feed", transient=True)
    roots = (f"{ATOM}feed", "rss", "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF")
    found, problems = elements(text, "", roots)
    if problems:
        what = "sent an empty answer" if not text.strip() else f"sent a feed that is cut off or {problems[0].message}"
        raise FetchError(what, transient=True)
    if not found:
        raise FetchError("sent something that is no feed", transient=True)
    root = found[-1][0]
    return root, [element for element in root.iter() if local_name(element) in ("entry", "item")]


def short(text: str) -> str:
    """A service's words in a line of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= 200 else f"{line[:199]}…"


def newest(days: Iterable[str], today: Date, before: str = "") -> str:
    """The latest of some ISO days that is not after today: a date in the future would hide what comes until then."""
    limit = today.isoformat()
    return max([before, *(day[:10] for day in days if re.match(r"\d{4}-\d\d-\d\d", day) and day[:10] <= limit)])


def refuse_zero(records: int, memory: dict[str, Any]) -> None:
    """Zero where there were papers before is no answer. What is asked for overlaps what was read, so some must come.

    Raises:
        FetchError: then.
    """
    if not records and (memory.get("newest") or memory.get("records")):
        before = memory.get("records") or "some"
        raise FetchError(f"sent no papers where there were {before} before")
