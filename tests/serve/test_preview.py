from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sitegen.build import BuildOptions
from sitegen.errors import ContentError, Problem, UsageError
from sitegen.serve.live import Live
from sitegen.serve.preview import ANYTHING, Built, Preview
from sitegen.serve.server import PreviewServer
from sitegen.serve.site import SiteBuilder, serve
from sitegen.serve.watch import Burst

PATIENCE = 10.0  # seconds; only ever waited for in full when a test fails
QUICK = Burst(quiet=0.02, patience=0.2, spacing=0.1)


class Copier:
    """A builder that publishes one source file as the home page, and counts how often it was called."""

    def __init__(self, root: Path) -> None:
        self.source = root / "source.txt"
        self.folder = root / "site"
        self.folder.mkdir()
        self.calls = 0

    def __call__(self, changed: frozenset[str]) -> Iterator[Built]:
        self.calls += 1
        text = self.source.read_text()
        if text == "broken":
            raise ContentError([Problem(source="source.txt", line=1, message="broken on purpose")])
        if text == "crash":
            raise ZeroDivisionError("a bug")
        (self.folder / "index.html").write_text(f"<body>{text}</body>")
        yield Built((), (self.source,))


@contextmanager
def running(preview: Preview) -> Iterator[None]:
    ready = threading.Event()
    thread = threading.Thread(target=preview.run, args=(ready.set,))
    thread.start()
    assert ready.wait(PATIENCE)
    try:
        yield
    finally:
        preview.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def get(server: PreviewServer, path: str = "/") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def eventually(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def copier(tmp_path: Path) -> Copier:
    copier = Copier(tmp_path)
    copier.source.write_text("one")
    return copier


@pytest.fixture
def preview(copier: Copier, tmp_path: Path) -> Preview:
    said: list[object] = []
    server = PreviewServer(copier.folder, tmp_path, Live(), port=0)
    return Preview(server, copier, (copier.source,), burst=QUICK, say=said.append, tell=said.extend)


def server_of(preview: Preview) -> PreviewServer:
    return preview._server


def test_a_save_is_built_and_shown(preview: Preview, copier: Copier) -> None:
    server = server_of(preview)
    with running(preview):
        assert "one" in get(server)[1]
        before = server.live.version
        copier.source.write_text("two")
        assert eventually(lambda: "<body>two" in get(server)[1])
        assert eventually(lambda: server.live.version != before)


def test_a_broken_source_shows_its_problem_and_heals_at_the_next_save(preview: Preview, copier: Copier) -> None:
    server = server_of(preview)
    with running(preview):
        copier.source.write_text("broken")
        assert eventually(lambda: "source.txt:1" in get(server)[1])
        assert get(server)[0] == 500
        assert "one" in get(server, "/__sitegen/last/")[1]
        copier.source.write_text("two")
        assert eventually(lambda: "<body>two" in get(server)[1])
        assert get(server)[0] == 200


def test_a_source_that_is_broken_from_the_start_is_served_as_a_problem_and_heals(
    preview: Preview, copier: Copier
) -> None:
    server = server_of(preview)
    copier.source.write_text("broken")
    with running(preview):
        status, page = get(server)
        assert (status, "source.txt:1" in page, "as last built" in page) == (500, True, False)
        copier.source.write_text("two")
        assert eventually(lambda: get(server)[0] == 200)


def test_a_bug_in_the_builder_does_not_end_the_preview(preview: Preview, copier: Copier) -> None:
    server = server_of(preview)
    with running(preview):
        copier.source.write_text("crash")
        assert eventually(lambda: "ZeroDivisionError: a bug" in get(server)[1])
        copier.source.write_text("two")
        assert eventually(lambda: "<body>two" in get(server)[1])


def test_idle_causes_no_build(preview: Preview, copier: Copier) -> None:
    with running(preview):
        copier.source.read_text()
        time.sleep(0.5)
        assert copier.calls == 1


def test_a_burst_of_saves_is_one_build_and_ends_with_the_last_text(tmp_path: Path, copier: Copier) -> None:
    server = PreviewServer(copier.folder, tmp_path, Live(), port=0)
    slow_to_act = Burst(quiet=0.3, patience=60.0, spacing=0.0)
    with running(
        Preview(server, copier, (copier.source,), burst=slow_to_act, say=lambda line: None, tell=lambda problems: None)
    ):
        for number in range(300):
            copier.source.write_text(f"text {number}")
        assert eventually(lambda: "text 299" in get(server)[1])
        assert copier.calls == 2


def write_site(root: Path) -> Path:
    (root / "content" / "papers").mkdir(parents=True)
    (root / "content" / "papers" / "sparse-lists.md").write_text("---\ntitle: Sparse lists\n---\n")
    (root / "content" / "papers" / "dense-maps.md").write_text("---\ntitle: Dense maps\n---\n")
    (root / "sitegen.yaml").write_text("title: Test\nbase_url: https://example.org/papers/\n")
    return root / "sitegen.yaml"


def test_a_site_is_built_for_the_local_address_into_a_folder_of_its_own(tmp_path: Path) -> None:
    config_file = write_site(tmp_path)
    home = tmp_path / ".sitegen" / "serve-1"
    [built] = SiteBuilder(config_file, home, "http://127.0.0.1:1/", BuildOptions(), lambda report: None)(ANYTHING)
    assert built.problems == ()
    assert config_file in built.watch
    assert (home / "site" / "papers" / "sparse-lists" / "index.html").is_file()
    assert "http://127.0.0.1:1/" in (home / "site" / "robots.txt").read_text()
    assert not (tmp_path / "public").exists()


def test_a_broken_paper_is_told_and_the_others_are_built(tmp_path: Path) -> None:
    config_file = write_site(tmp_path)
    (tmp_path / "content" / "papers" / "broken.md").write_text("---\ntitle: x\ndate: 2025-02-30\n---\n")
    (tmp_path / "content" / "papers" / "odd.md").write_text("---\ntitle: y\ndoi: nonsense\n---\n")
    builder = SiteBuilder(config_file, tmp_path / "h", "http://127.0.0.1:1/", BuildOptions(), lambda report: None)
    [built] = builder(ANYTHING)
    assert [(problem.source, problem.line) for problem in built.problems] == [("content/papers/broken.md", 3)]
    assert (tmp_path / "h" / "site" / "papers" / "dense-maps" / "index.html").is_file()


def test_a_setting_that_becomes_wrong_while_serving_is_a_problem_and_heals(tmp_path: Path) -> None:
    config_file = write_site(tmp_path)
    server = PreviewServer(tmp_path / "h" / "site", tmp_path, Live(), port=0)
    builder = SiteBuilder(config_file, tmp_path / "h", server.url, BuildOptions(jobs=1), lambda report: None)
    with running(
        Preview(server, builder, (config_file,), burst=QUICK, say=lambda line: None, tell=lambda problems: None)
    ):
        assert get(server, "/papers/dense-maps/")[0] == 200
        config_file.write_text("titel: Test\n")
        assert eventually(lambda: "sitegen.yaml:1" in get(server, "/papers/dense-maps/")[1])
        config_file.write_text("title: Test\n")
        assert eventually(lambda: get(server, "/papers/dense-maps/")[0] == 200)


def test_without_a_configuration_there_is_nothing_to_serve(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        serve(
            tmp_path / "sitegen.yaml",
            BuildOptions(),
            host="127.0.0.1",
            port=0,
            reload=True,
            poll=False,
            open_browser=False,
            built=lambda report: None,
            say=lambda line: None,
            tell=lambda problems: None,
        )


def test_a_saved_papers_own_page_comes_first_and_is_what_the_whole_build_makes(tmp_path: Path) -> None:
    config_file = write_site(tmp_path)
    builder = SiteBuilder(config_file, tmp_path / "h", "http://127.0.0.1:1/", BuildOptions(jobs=1), lambda report: None)
    list(builder(ANYTHING))
    source = tmp_path / "content" / "papers" / "dense-maps.md"
    page = tmp_path / "h" / "site" / "papers" / "dense-maps" / "index.html"
    home = tmp_path / "h" / "site" / "index.html"
    source.write_text("---\ntitle: Denser maps\n---\nAn abstract.\n")
    steps = builder(frozenset([str(source)]))
    assert next(steps).problems == ()
    glimpse = page.read_text()
    assert "Denser maps" in glimpse
    assert "Denser maps" not in home.read_text()
    assert next(steps).problems == ()
    assert page.read_text() == glimpse
    assert "Denser maps" in home.read_text()
    assert not list(page.parent.glob(".glimpse"))


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: Dense maps\ndate: 2025-10-29\n---\n",
        "---\ntitle: Dense maps\ntags: [maps]\n---\n",
        "---\ntitle: Dense maps\nslug: elsewhere\n---\n",
        "---\ntitle: Dense maps\ndraft: true\n---\n",
        "---\ntitel: Dense maps\n---\n",
    ],
)
def test_a_change_that_is_more_than_a_papers_page_waits_for_the_whole_build(tmp_path: Path, text: str) -> None:
    config_file = write_site(tmp_path)
    builder = SiteBuilder(config_file, tmp_path / "h", "http://127.0.0.1:1/", BuildOptions(jobs=1), lambda report: None)
    list(builder(ANYTHING))
    source = tmp_path / "content" / "papers" / "dense-maps.md"
    source.write_text(text)
    assert len(list(builder(frozenset([str(source)])))) == 1


def test_new_deleted_and_unknown_files_wait_for_the_whole_build(tmp_path: Path) -> None:
    config_file = write_site(tmp_path)
    builder = SiteBuilder(config_file, tmp_path / "h", "http://127.0.0.1:1/", BuildOptions(jobs=1), lambda report: None)
    list(builder(ANYTHING))
    papers = tmp_path / "content" / "papers"
    (papers / "new.md").write_text("---\ntitle: New\n---\n")
    assert len(list(builder(frozenset([str(papers / "new.md")])))) == 1
    (papers / "new.md").unlink()
    assert len(list(builder(frozenset([str(papers / "new.md")])))) == 1
    assert len(list(builder(frozenset([str(config_file)])))) == 1
    assert len(list(builder(ANYTHING))) == 1
