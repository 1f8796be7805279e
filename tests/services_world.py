"""A world of papers and the services that tell of it, played by one local HTTP server.

Each service answers below its own path, as the real one does. Faults are put in the way of any of them.
"""

from __future__ import annotations

import datetime
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

import msgspec

Date = datetime.date


class Work(msgspec.Struct, kw_only=True):
    """One paper of the world. ``day``: when arXiv has it; ``daily``: when it is a daily paper, ``votes`` then."""

    number: str
    title: str
    day: Date
    updated: Date | None = None
    version: int = 1
    abstract: str = "It is told in few words."
    comment: str = ""
    category: str = "cs.IR"
    daily: Date | None = None
    votes: int = 3

    @property
    def people(self) -> list[str]:
        return ["Ada Poe", f"Ben Roe{self.number[-3:].translate(str.maketrans('0123456789', 'abcdefghij'))}"]


class Fault(msgspec.Struct, frozen=True):
    """What stands in the way: a status with headers and a body; or ``how``: hang up, cut off, half, wait."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = {}
    how: str = ""


FAULTS = {
    "too many": Fault(429, headers={"Retry-After": "7"}),
    "not acceptable": Fault(406),
    "broken": Fault(500, "oh"),
    "away": Fault(503, "<html><body>maintenance</body></html>"),
    "web page": Fault(200, "<!doctype html><html><body>Rate exceeded.</body></html>"),
    "nothing": Fault(200, ""),
    "hang up": Fault(how="hang up"),
    "cut off": Fault(how="cut off"),
    "half": Fault(how="half"),
    "too slow": Fault(how="wait"),
}


Route = Callable[[dict[str, str]], tuple[str, dict[str, str]]]
"""Query -> text and headers."""


class World:
    """The papers, the day, and who is asked what.

    ``fault``: by service, all its requests meet it, or the first ``times`` of them. ``held_back``: numbers that no
    service shows yet, though their day has come.
    """

    def __init__(self, today: Date) -> None:
        self.today = today
        self.works: list[Work] = []
        self.fault: dict[str, Fault] = {}
        self.times: dict[str, int] = {}
        self.requests: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.documents: dict[str, tuple[str, str]] = {}
        self.routes: dict[str, Route] = {}
        self.held_back: set[str] = set()
        self.wait = 0.5

    def shown(self) -> list[Work]:
        return [work for work in self.works if work.day <= self.today and work.number not in self.held_back]

    def answer(self, path: str, query: dict[str, str], half: bool) -> tuple[str, dict[str, str]]:
        """What the service answers with. Raises KeyError for a path of none."""
        if path in self.routes:
            return self.routes[path](query)
        if path == "/api/query":
            return self._arxiv(query, half)
        if path.startswith("/atom/"):
            return self._announcements(half)
        if path == "/api/daily_papers":
            return self._daily_papers(query)
        if path == "/works":
            return self._openalex(query, half)
        text, etag = self.documents[path]
        return text, {"ETag": etag} if etag else {}

    def _arxiv(self, query: dict[str, str], half: bool) -> tuple[str, dict[str, str]]:
        found = self.shown()
        if "id_list" in query:
            found = [work for work in found if work.number in query["id_list"].split(",")]
        found.sort(key=lambda work: (work.updated or work.day, work.number), reverse=True)
        start, size = int(query.get("start", 0)), int(query["max_results"])
        page = found[start : start + size]
        return atom(page[: len(page) // 2] if half else page, len(found)), {}

    def _announcements(self, half: bool) -> tuple[str, dict[str, str]]:
        rows = [work for work in self.shown() if (work.updated or work.day) == self.today]
        rows = [] if self.today.weekday() > 4 else rows
        body = ""
        for work in rows[: len(rows) // 2] if half else rows:
            kind = "new" if work.version == 1 else "replace"
            body += (
                f"<entry><id>oai:arXiv.org:{work.number}v{work.version}</id><title>{escape(work.title)}</title>"
                f"<link rel='alternate' href='https://arxiv.org/abs/{work.number}'/>"
                f"<summary>arXiv:{work.number}v{work.version} Announce Type: {kind}\n"
                f"Abstract: {escape(work.abstract)}</summary><published>{self.today}T00:00:00-05:00</published>"
                f"<arxiv:announce_type>{kind}</arxiv:announce_type>"
                f"<dc:creator>{', '.join(work.people)}</dc:creator><category term='{work.category}'/></entry>\n"
            )
        return (
            "<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns='http://www.w3.org/2005/Atom' "
            "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:arxiv='http://arxiv.org/schemas/atom'>"
            f"<title>updates</title><updated>{self.today}T00:00:00Z</updated>{body}</feed>"
        ), {"ETag": f'"{self.today}-{len(rows)}"'}

    def _daily_papers(self, query: dict[str, str]) -> tuple[str, dict[str, str]]:
        day = Date.fromisoformat(query["date"])
        found = [work for work in self.shown() if work.daily == day and day <= self.today]
        start = int(query.get("p", 0)) * int(query["limit"])
        rows = [
            {
                "paper": {
                    "id": work.number,
                    "title": work.title,
                    "authors": [{"name": name} for name in work.people],
                    "summary": work.abstract,
                    "publishedAt": f"{work.day}T09:00:00.000Z",
                    "submittedOnDailyAt": f"{work.daily}T00:00:00.000Z",
                    "upvotes": work.votes,
                },
                "title": work.title,
                "publishedAt": f"{work.day}T09:00:00.000Z",
            }
            for work in found[start : start + int(query["limit"])]
        ]
        return json.dumps(rows), {"Content-Type": "application/json"}

    def _openalex(self, query: dict[str, str], half: bool) -> tuple[str, dict[str, str]]:
        since = query["filter"].rpartition("from_publication_date:")[2]
        found = [work for work in self.shown() if work.day.isoformat() >= since]
        found.sort(key=lambda work: (work.day, work.number), reverse=True)
        start = 0 if query["cursor"] == "*" else int(query["cursor"])
        size = int(query["per-page"])
        rows = [
            {
                "id": f"https://openalex.org/W{work.number.replace('.', '')}",
                "doi": f"https://doi.org/10.48550/arxiv.{work.number}",
                "title": work.title,
                "display_name": work.title,
                "publication_date": work.day.isoformat(),
                "authorships": [{"author": {"display_name": name}, "raw_author_name": name} for name in work.people],
                "abstract_inverted_index": {word: [at] for at, word in enumerate(work.abstract.split())},
                "type": "preprint",
            }
            for work in found[start : start + size]
        ]
        following = str(start + size) if start + size < len(found) else None
        meta = {"count": len(found), "per_page": size, "next_cursor": following}
        return json.dumps({"meta": meta, "results": rows[: len(rows) // 2] if half else rows}), {}


def service_of(path: str) -> str:
    """The service that a request is for."""
    names = {"/api/query": "arxiv", "/api/daily_papers": "huggingface", "/works": "openalex"}
    return names.get(path) or ("arxiv-announcements" if path.startswith("/atom/") else path)


def atom(works: list[Work], total: int) -> str:
    """What arXiv's search answers with."""
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{work.number}v{work.version}</id><title>{escape(work.title)}</title>"
        f"<updated>{work.updated or work.day}T10:00:00Z</updated><published>{work.day}T10:00:00Z</published>"
        f"<summary>{escape(work.abstract)}</summary>"
        + "".join(f"<author><name>{name}</name></author>" for name in work.people)
        + (f"<arxiv:comment>{escape(work.comment)}</arxiv:comment>" if work.comment else "")
        + f"<link href='https://arxiv.org/abs/{work.number}v{work.version}' rel='alternate' type='text/html'/>"
        f"<link title='pdf' href='https://arxiv.org/pdf/{work.number}v{work.version}' rel='related'/>"
        f"<category term='{work.category}' scheme='http://arxiv.org/schemas/atom'/></entry>\n"
        for work in works
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns='http://www.w3.org/2005/Atom' "
        "xmlns:arxiv='http://arxiv.org/schemas/atom' xmlns:opensearch='http://a9.com/-/spec/opensearch/1.1/'>"
        f"<opensearch:totalResults>{total}</opensearch:totalResults>{entries}</feed>"
    )


@contextmanager
def serving(world: World) -> Iterator[str]:
    """The world on a port of this machine; gives the endpoint."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            world.requests.append((parts.path, query, headers))
            service = service_of(parts.path)
            fault = world.fault.get(service)
            if fault is not None and service in world.times:
                world.times[service] -= 1
                fault = fault if world.times[service] >= 0 else None
            how = fault.how if fault is not None else ""
            if fault is not None and how not in ("half", "cut off"):
                self._meet(fault)
                return
            try:
                text, more = world.answer(parts.path, query, how == "half")
            except KeyError:
                self._send(404, "no such page", {})
                return
            if "ETag" in more and headers.get("if-none-match") == more["ETag"]:
                self._send(304, "", more)
                return
            self._send(200, text, more, cut=how == "cut off")

        def _meet(self, fault: Fault) -> None:
            if fault.how == "wait":
                threading.Event().wait(world.wait)
            if fault.how in ("wait", "hang up"):
                self.close_connection = True
                return
            self._send(fault.status, fault.body, fault.headers)

        def _send(self, status: int, text: str, headers: dict[str, str], *, cut: bool = False) -> None:
            body = text.encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if cut else body)
            self.close_connection = cut

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def now(self) -> float:
        return self.seconds
