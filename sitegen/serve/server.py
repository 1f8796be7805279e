"""HTTP over a built folder, for one person on one machine.

It answers only to names of this machine (another site's page could otherwise point a name of its own at
127.0.0.1 and read everything), lets no other origin read anything, and knows no file outside its folder.
"""

from __future__ import annotations

import http.server
import ipaddress
import os
import re
import socket
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote_to_bytes, urlsplit

from sitegen.serve import pages
from sitegen.serve.reload_state import ReloadState

HEARTBEAT = 15.0
IDLE_SECONDS = 30.0
TRIED_PORTS = 20
# Bytes and characters that file systems take at most.
_LONGEST_NAME, _LONGEST_PATH = 255, 2000
# A drive of Windows, and what no file can be called anywhere.
_NO_NAME = re.compile(r"[/\\\x00-\x1f\x7f-\x9f]" + ("|^[A-Za-z]:" if os.name == "nt" else ""))

# Not the system's table, which on some machines calls scripts plain text.
CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/jsonl; charset=utf-8",
    ".map": "application/json",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/xml",
    ".opml": "text/x-opml; charset=utf-8",
    ".xsl": "application/xslt+xml",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".bib": "application/x-bibtex; charset=utf-8",
    ".ris": "application/x-research-info-systems; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/vnd.microsoft.icon",
    ".pdf": "application/pdf",
    ".wasm": "application/wasm",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".zip": "application/zip",
}


class PreviewServer(http.server.ThreadingHTTPServer):
    """Serves ``folder`` at ``url``.

    Binding happens here, so the address is known before anything is built; requests wait until
    ``serve_forever`` runs.

    Args:
        folder: the built site. ``root``: the site folder, to show the lines that problems point at.
        reload_state: the state of the newest build.
        host, port: where to listen; the next free port is taken when this one is in use, 0 takes any.
        reload: put the script into pages that reloads them after a build.

    Raises:
        OSError: when no port could be had.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self,
        folder: Path,
        root: Path,
        reload_state: ReloadState,
        *,
        host: str = "127.0.0.1",
        port: int = 8000,
        reload: bool = True,
    ) -> None:
        self.folder = folder
        self.root = root
        self.reload_state = reload_state
        self.reload = reload
        self.host = host
        if ":" in host:
            self.address_family = socket.AF_INET6
        for candidate in [port] if port == 0 else range(port, min(port + TRIED_PORTS, 65536)):
            try:
                super().__init__((host, candidate), _Handler)
                break
            except OSError as error:
                refused = error
        else:
            raise refused

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        """The address to open in a browser on this machine."""
        everywhere = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}
        host = everywhere.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    def answers_to(self, authority: str) -> bool:
        """Whether a ``Host`` or an origin's authority means this server.

        A name can be pointed at any address by whoever owns it, an address cannot: addresses are fine, of
        names only this machine's own.
        """
        found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?", authority)
        if found is None or int(found[2] or 80) != self.port:
            return False
        name = found[1].strip("[]").lower()
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return name in {"localhost", self.host.lower()} or (self._public and name == socket.gethostname().lower())
        return True

    @property
    def _public(self) -> bool:
        return self.host in {"0.0.0.0", "::", ""}

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away is no news."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class _Handler(http.server.BaseHTTPRequestHandler):
    server: PreviewServer
    protocol_version = "HTTP/1.1"
    server_version = "sitegen"
    sys_version = ""
    timeout = IDLE_SECONDS

    def do_GET(self) -> None:
        if "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:
            self.close_connection = True  # a body is never read, so what follows it is no request
        if not self._welcome():
            return
        path, _, query = self.path.partition("#")[0].partition("?")
        if path.startswith(pages.PREFIX):
            self._own(path.removeprefix(pages.PREFIX), query)
        else:
            self._file(path, query, prefix="/")

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Requests are not news."""

    def _welcome(self) -> bool:
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or not self.path.startswith("/"):
            self._plain(HTTPStatus.BAD_REQUEST, "One Host and a path, please.")
        elif not self.server.answers_to(hosts[0]):
            self._plain(HTTPStatus.MISDIRECTED_REQUEST, f"This is {self.server.url} and nothing else.")
        else:
            return True
        return False

    def _own(self, name: str, query: str) -> None:
        if name == "events":
            self._events(parse_qs(query))
        elif name in pages.FILES:
            self._send(HTTPStatus.OK, pages.FILES[name].read_bytes(), CONTENT_TYPES[pages.FILES[name].suffix])
        elif name.startswith("last/"):
            self._file(name.removeprefix("last"), query, prefix=pages.LAST)
        else:
            self._plain(HTTPStatus.NOT_FOUND, "No such page.")

    def _file(self, target: str, query: str, prefix: str) -> None:
        """A file of the site; below ``prefix`` it is shown even while the newest build has problems."""
        segments = path_segments(target)
        if segments is None:
            return self._plain(HTTPStatus.BAD_REQUEST, "No such address.")
        file = self.server.folder.joinpath(*segments)
        if file.is_dir() and not target.endswith("/"):
            location = prefix + "/".join(map(quote, segments)) + "/" + (f"?{query}" if query else "")
            return self._redirect(location)
        if file.is_dir():
            file /= "index.html"
        elif target.endswith("/"):
            file /= "not-a-folder"
        problems = self.server.reload_state.problems
        is_page = file.suffix == ".html" or not file.suffix
        if prefix == pages.LAST and not problems and is_page:
            return self._redirect("/" + "/".join(map(quote, segments)) + ("/" if target.endswith("/") else ""))
        if problems and prefix != pages.LAST and is_page:
            last = pages.LAST + "/".join(map(quote, segments)) + ("/" if target.endswith("/") and segments else "")
            can_go_on = (self.server.folder / "index.html").is_file()
            page = pages.problem_page(problems, self.server.root, last if can_go_on else None)
            return self._html(HTTPStatus.INTERNAL_SERVER_ERROR, page)
        content = self._read(file)
        if content is not None and file.suffix == ".html":
            return self._html(HTTPStatus.OK, content)
        if content is not None:
            return self._send(
                HTTPStatus.OK, content, CONTENT_TYPES.get(file.suffix.lower(), "application/octet-stream")
            )
        missing = self._read(self.server.folder / "404.html")
        if missing is not None:
            return self._html(HTTPStatus.NOT_FOUND, missing)
        return self._plain(HTTPStatus.NOT_FOUND, "No such page.")

    def _read(self, file: Path) -> bytes | None:
        folder = os.path.realpath(self.server.folder)
        path = os.path.realpath(file)
        if os.path.commonpath([folder, path]) != folder or not os.path.isfile(path):
            return None
        try:
            return Path(path).read_bytes()
        except OSError:
            return None

    def _events(self, query: dict[str, list[str]]) -> None:
        """A stream that says one thing, once: that there is a newer build than the page's."""
        seen, page = query.get("version", [""])[0], query.get("page", ["/"])[0]
        segments = path_segments(page) or []
        url = "/".join(segments) + "/" * (page.endswith("/") and bool(segments))
        origin = self.headers.get("Origin")
        foreign = origin is not None and not self.server.answers_to(urlsplit(origin).netloc)
        if foreign or self.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
            return self._plain(HTTPStatus.FORBIDDEN, "Not for other sites.")
        self.close_connection = True
        self._head(HTTPStatus.OK, {"Content-Type": "text/event-stream"})
        if self.command == "HEAD":
            return None
        state, version = self.server.reload_state, seen
        with state.opened(url):
            while version == seen and not state.closed:
                version = state.wait_for_other(seen, HEARTBEAT)
                self.wfile.write(f"data: {version}\n\n".encode() if version != seen else b": no news\n\n")
                self.wfile.flush()
        return None

    def _html(self, status: HTTPStatus, content: bytes) -> None:
        index = pages.digest_of(self._read(self.server.folder / pages.INDEX) or b"")
        own = {"X-Sitegen-Page": pages.digest_of(content), "X-Sitegen-Index": index}
        if self.server.reload:
            content = pages.with_reload(content, index, self.server.reload_state.version)
        self._send(status, content, CONTENT_TYPES[".html"], own)

    def _plain(self, status: HTTPStatus, text: str) -> None:
        self._send(status, f"{status.value} {status.phrase}. {text}\n".encode(), CONTENT_TYPES[".txt"])

    def _redirect(self, location: str) -> None:
        self._send(HTTPStatus.FOUND, b"", CONTENT_TYPES[".txt"], {"Location": location})

    def _send(self, status: HTTPStatus, content: bytes, content_type: str, more: dict[str, str] | None = None) -> None:
        self._head(status, {"Content-Type": content_type, "Content-Length": str(len(content)), **(more or {})})
        if self.command != "HEAD":
            self.wfile.write(content)

    def _head(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()


def path_segments(target: str) -> list[str] | None:
    """The names between the slashes of a request's path, decoded once.

    Returns:
        ``None`` for what no published file can be called: ``..``, hidden names, backslashes, control
        characters, bytes that are not UTF-8.
    """
    try:
        # http.server hands on the request line as Latin-1, one character a byte.
        names = [unquote_to_bytes(part.encode("latin-1")).decode() for part in target.split("/") if part]
    except UnicodeError:
        return None
    for name in names:
        if name == ".well-known":
            continue
        if name.startswith(".") or len(os.fsencode(name)) > _LONGEST_NAME or re.search(_NO_NAME, name):
            return None
    return names if sum(map(len, names)) + len(names) < _LONGEST_PATH else None
