from __future__ import annotations

import http.client
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from patience import eventually

from sitegen.errors import Problem
from sitegen.serve.reload_state import ReloadState
from sitegen.serve.server import PreviewServer, path_segments

SECRET = "nobody outside may read this"


@pytest.fixture
def live() -> ReloadState:
    live = ReloadState()
    live.publish(())
    return live


@pytest.fixture
def server(tmp_path: Path, live: ReloadState) -> Iterator[PreviewServer]:
    folder = tmp_path / "site"
    files = {
        "index.html": "<!doctype html><title>Home</title><body>home</BODY></html>",
        "404.html": "<!doctype html><title>Not here</title><body>nothing here</body>",
        "papers/x/index.html": "<!doctype html><body>paper x</body>",
        "papers/ünï/index.html": "<!doctype html><body>paper ü</body>",
        "assets/1/theme.css": "body{}",
        "assets/1/search.js": "export {};",
        "search/manifest.json": "{}",
        "rss.xml": "<rss/>",
        ".nojekyll": "",
        ".git/config": SECRET,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (tmp_path / "secret.txt").write_text(SECRET)
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    server = PreviewServer(folder, tmp_path, live, port=0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    live.close()
    server.shutdown()
    server.server_close()
    thread.join()


def raw(server: PreviewServer, request: bytes) -> tuple[int, bytes, bytes]:
    """Status, head and body of the answer to bytes sent as they are."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), head, body


def get(server: PreviewServer, path: str, *headers: str) -> tuple[int, bytes, bytes]:
    lines = [f"GET {path} HTTP/1.1", *headers, "Connection: close", "", ""]
    if not any(header.startswith("Host:") for header in headers):
        lines.insert(1, f"Host: 127.0.0.1:{server.port}")
    return raw(server, "\r\n".join(lines).encode())


def header(head: bytes, name: str) -> str | None:
    for line in head.decode().split("\r\n")[1:]:
        key, _, value = line.partition(": ")
        if key.lower() == name.lower():
            return value
    return None


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/%252e%252e/%252e%252e/etc/passwd",
        "/..\\..\\etc\\passwd",
        "/%5c..%5c..%5cetc%5cpasswd",
        "//etc/passwd",
        "/./../etc/passwd",
        "/../secret.txt",
        "/papers/../../secret.txt",
        "/papers/%2e%2e/%2e%2e/secret.txt",
        "/link.txt",
        "/static/../../config.yml",
        "/c:/windows/win.ini",
        "/con",
        "/nul.txt",
        "/a%00.html",
        "/%",
        "/%zz",
        "/ÿ",
        "/%ff",
        "/.git/config",
        "/.env",
        "/index.html/",
        "/papers/x/index.html/",
        "/__sitegen/../../secret.txt",
        "/__sitegen/last/../../secret.txt",
        "/__sitegen/last/%2e%2e/secret.txt",
        "/__sitegen/server.py",
        "http://evil.invalid/index.html",
    ],
)
def test_no_path_leads_out_of_the_site(server: PreviewServer, path: str) -> None:
    status, _, body = get(server, path)
    assert status in {400, 404}
    assert SECRET.encode() not in body
    assert b"root:" not in body


@pytest.mark.parametrize(
    "host",
    ["evil.invalid", "127.0.0.1.evil.invalid:{port}", "localhost.evil.invalid:{port}", "127.0.0.1:1", "127.0.0.1", ""],
)
def test_a_foreign_host_is_refused(server: PreviewServer, host: str) -> None:
    status, _, body = get(server, "/", f"Host: {host.format(port=server.port)}")
    assert status == 421
    assert b"home" not in body


def test_a_request_without_a_host_or_with_two_is_refused(server: PreviewServer) -> None:
    assert raw(server, b"GET / HTTP/1.1\r\n\r\n")[0] == 400
    own = f"Host: 127.0.0.1:{server.port}\r\n"
    assert raw(server, f"GET / HTTP/1.1\r\n{own}{own}\r\n".encode())[0] == 400


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}", "[::1]:{port}"])
def test_names_of_this_machine_are_answered(server: PreviewServer, host: str) -> None:
    assert get(server, "/", f"Host: {host.format(port=server.port)}")[0] == 200


def test_no_other_origin_may_read_and_none_gets_the_stream(server: PreviewServer) -> None:
    for path in ("/", "/search/manifest.json", "/__sitegen/events"):
        status, head, _ = get(server, path, "Origin: https://evil.invalid")
        assert header(head, "Access-Control-Allow-Origin") is None
        assert header(head, "Cross-Origin-Resource-Policy") == "same-origin"
        assert (status == 403) == path.endswith("events")
    assert get(server, "/__sitegen/events", "Sec-Fetch-Site: cross-site")[0] == 403
    assert get(server, "/__sitegen/events", "Origin: null")[0] == 403


@pytest.mark.parametrize(
    "line",
    [
        "Range: bytes=0-99999999999999999999",
        "Content-Length: 99999999999",
        "Content-Length: minus one",
        "Transfer-Encoding: chunked",
        "Cookie: " + "c" * 30_000,
    ],
)
def test_odd_headers_do_no_harm(server: PreviewServer, line: str) -> None:
    status, _, body = get(server, "/", line)
    assert (status, b"home" in body) == (200, True)
    assert get(server, "/")[0] == 200


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /?" + b"a" * 9000 + b" HTTP/1.1",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1",
        b"GET / HTTP/9.9",
        b"\x00\xff\xfe / HTTP/1.1",
        b"DELETE / HTTP/1.1",
    ],
)
def test_odd_requests_do_no_harm(server: PreviewServer, request_line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(request_line + f"\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n\r\n".encode())
        connection.settimeout(5)
        assert connection.recv(100).startswith((b"HTTP/", b"<!DOCTYPE"))
    assert get(server, "/")[0] == 200


@pytest.mark.parametrize("count, status", [(50, 200), (150, 431)])
def test_too_many_headers_are_refused(server: PreviewServer, count: int, status: int) -> None:
    assert get(server, "/", *[f"X-{n}: x" for n in range(count)])[0] == status


def test_a_body_is_never_taken_for_a_second_request(server: PreviewServer) -> None:
    second = f"GET /papers/x/ HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n"
    first = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: {len(second)}\r\n\r\n"
    _, _, body = raw(server, (first + second).encode())
    assert b"paper x" not in body


@pytest.mark.parametrize(
    "path, content_type",
    [
        ("/", "text/html; charset=utf-8"),
        ("/assets/1/theme.css", "text/css; charset=utf-8"),
        ("/assets/1/search.js", "text/javascript; charset=utf-8"),
        ("/search/manifest.json", "application/json"),
        ("/rss.xml", "application/xml"),
        ("/__sitegen/reload.js", "text/javascript; charset=utf-8"),
    ],
)
def test_files_have_their_types_and_are_not_stored(server: PreviewServer, path: str, content_type: str) -> None:
    status, head, _ = get(server, path)
    assert status == 200
    assert header(head, "Content-Type") == content_type
    assert header(head, "Cache-Control") == "no-store"
    assert header(head, "X-Content-Type-Options") == "nosniff"


def test_only_pages_carry_the_reload_script_and_before_the_body_ends(server: PreviewServer, live: ReloadState) -> None:
    _, head, body = get(server, "/papers/x/")
    script = f'<script type="module" src="/__sitegen/reload.js?version={live.version}&amp;page='
    assert script in body.decode().rpartition("<")[0]
    assert f"page={header(head, 'X-Sitegen-Page')}" in body.decode()
    assert body.endswith(b"</script></body>")
    assert header(head, "Content-Length") == str(len(body))
    assert get(server, "/assets/1/theme.css")[2] == b"body{}"
    server.reload = False
    assert b"reload.js" not in get(server, "/")[2]


def test_a_folder_without_its_slash_redirects_within_the_site(server: PreviewServer) -> None:
    status, head, _ = get(server, "/papers/x?q=1")
    assert (status, header(head, "Location")) == (302, "/papers/x/?q=1")
    status, head, _ = get(server, "//papers//x")
    assert (status, header(head, "Location")) == (302, "/papers/x/")
    status, head, _ = get(server, "/papers/%C3%BCn%C3%AF")
    assert (status, header(head, "Location")) == (302, "/papers/%C3%BCn%C3%AF/")


def test_what_is_missing_shows_the_sites_own_page(server: PreviewServer) -> None:
    status, _, body = get(server, "/papers/missing/")
    assert status == 404
    assert b"nothing here" in body
    assert b"reload.js" in body


def test_head_tells_the_length_and_sends_nothing(server: PreviewServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request("HEAD", "/assets/1/theme.css")
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Content-Length"), answer.read()) == (200, "6", b"")
    connection.close()


def test_problems_take_the_place_of_pages_and_name_file_line_and_hint(
    server: PreviewServer, live: ReloadState, tmp_path: Path
) -> None:
    (tmp_path / "broken.md").write_text("---\ntitle: <b>x</b>\ndate: soon & later\n---\n")
    live.publish(
        (
            Problem(
                source="broken.md", line=3, field="date", message="not a date: <soon>", hint="write it as 2025-10-29"
            ),
        )
    )
    status, _, body = get(server, "/papers/x/")
    page = body.decode()
    assert status == 500
    for text in ("broken.md:3", "not a date: &lt;soon&gt;", "write it as 2025-10-29", "date: soon &amp; later"):
        assert text in page
    assert "reload.js" in page
    assert 'href="/__sitegen/last/papers/x/"' in page
    assert get(server, "/assets/1/theme.css")[0] == 200
    assert b"paper x" in get(server, "/__sitegen/last/papers/x/")[2]


def test_when_the_problems_are_gone_so_is_their_page_and_the_way_around_it(
    server: PreviewServer, live: ReloadState
) -> None:
    live.publish((Problem(source="broken.md", message="broken"),))
    live.publish(())
    assert get(server, "/papers/x/")[0] == 200
    status, head, _ = get(server, "/__sitegen/last/papers/x/")
    assert (status, header(head, "Location")) == (302, "/papers/x/")


def test_a_waiting_page_is_told_of_the_next_build(server: PreviewServer, live: ReloadState) -> None:
    seen = live.version
    answers: list[bytes] = []
    own = f"Origin: http://127.0.0.1:{server.port}"
    waiting = threading.Thread(
        target=lambda: answers.append(get(server, f"/__sitegen/events?version={seen}", own)[2]), daemon=True
    )
    waiting.start()
    live.publish(())
    waiting.join(5)
    assert answers == [f"data: {live.version}\n\n".encode()]
    assert live.version != seen


@pytest.mark.parametrize(("asked", "url"), [("/", ""), ("/papers/x/", "papers/x/"), ("/papers/%C3%BCn/", "papers/ün/")])
def test_a_page_that_waits_is_known_to_be_open_until_it_is_told(
    server: PreviewServer, live: ReloadState, asked: str, url: str
) -> None:
    query = urlencode({"version": live.version, "page": asked})
    waiting = threading.Thread(target=get, args=(server, f"/__sitegen/events?{query}"))
    waiting.start()
    assert eventually(lambda: live.open_pages == [url])
    live.publish(())
    waiting.join(5)
    assert live.open_pages == []


def test_pages_tell_of_the_index_that_they_may_search(server: PreviewServer) -> None:
    _, head, body = get(server, "/papers/x/")
    index = header(head, "X-Sitegen-Index")
    assert f"index={index}" in body.decode()
    (server.folder / "search" / "manifest.json").write_text('{"another": true}')
    assert header(get(server, "/papers/x/")[1], "X-Sitegen-Index") != index


def test_a_page_that_comes_late_is_told_at_once(server: PreviewServer, live: ReloadState) -> None:
    assert get(server, "/__sitegen/events?version=of-another-run")[2] == f"data: {live.version}\n\n".encode()


@pytest.mark.parametrize(
    ("error", "told"), [(ConnectionResetError(), False), (TimeoutError(), False), (KeyError(), True)]
)
def test_a_browser_that_goes_away_is_no_news_but_a_fault_is(
    server: PreviewServer, capsys: pytest.CaptureFixture[str], error: Exception, told: bool
) -> None:
    try:
        raise error
    except Exception:
        server.handle_error(None, ("127.0.0.1", 1))
    assert ("Traceback" in capsys.readouterr().err) is told


def test_a_port_in_use_is_passed_over(server: PreviewServer, tmp_path: Path) -> None:
    other = PreviewServer(tmp_path, tmp_path, ReloadState(), port=server.port)
    assert other.port > server.port
    other.server_close()


def test_the_address_is_one_that_a_browser_here_can_open(tmp_path: Path) -> None:
    server = PreviewServer(tmp_path, tmp_path, ReloadState(), host="0.0.0.0", port=0)
    assert server.url == f"http://127.0.0.1:{server.port}/"
    assert server.answers_to(f"192.0.2.7:{server.port}")
    assert not server.answers_to(f"evil.invalid:{server.port}")
    server.server_close()


def test_segments_are_decoded_once() -> None:
    assert path_segments("/a%20b/%C3%BC/") == ["a b", "ü"]
    assert path_segments("/%252e%252e") == ["%2e%2e"]
    assert path_segments("/.well-known/x.json") == [".well-known", "x.json"]
    assert path_segments("/") == []


@pytest.mark.parametrize("path", ["/" + "x" * 300, "/" + "x/" * 3000, "/" + "%C3%BC" * 200])
def test_a_name_that_no_file_can_have_leads_nowhere(
    server: PreviewServer, path: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert get(server, path)[0] in (400, 404)
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="no file there has such a name")
@pytest.mark.parametrize("name", ["a:b.txt", "zero\u200bwidth.txt"])
def test_files_of_unusual_names_are_served(server: PreviewServer, name: str) -> None:
    (server.folder / name).write_text("here")
    assert get(server, "/" + quote(name))[::2] == (200, b"here")


def test_a_link_that_leads_nowhere_is_no_page(server: PreviewServer, capfd: pytest.CaptureFixture[str]) -> None:
    (server.folder / "dangling.html").symlink_to("nowhere.html")
    assert get(server, "/dangling.html")[0] == 404
    assert "Traceback" not in capfd.readouterr().err
