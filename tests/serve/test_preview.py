from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from patience import eventually
from running_preview import QUICK, get, running

from sitegen.errors import ContentError, Problem
from sitegen.serve.preview import Built, Preview
from sitegen.serve.reload_state import ReloadState
from sitegen.serve.server import PreviewServer
from sitegen.serve.watch import Debounce, Signal


class Copier:
    """A builder that publishes one source file as the home page, and counts how often it was called."""

    def __init__(self, root: Path) -> None:
        self.source = root / "source.txt"
        self.folder = root / "site"
        self.folder.mkdir()
        self.calls = 0

    def __call__(self, show: Callable[[Built], None]) -> Built:
        self.calls += 1
        text = self.source.read_text()
        if text == "broken":
            raise ContentError([Problem(source="source.txt", line=1, message="broken on purpose")])
        if text == "crash":
            raise ZeroDivisionError("a bug")
        (self.folder / "index.html").write_text(f"<body>{text}</body>")
        return Built((), (self.source,))


@pytest.fixture
def copier(tmp_path: Path) -> Copier:
    copier = Copier(tmp_path)
    copier.source.write_text("one")
    return copier


@pytest.fixture
def preview(copier: Copier, tmp_path: Path) -> Preview:
    said: list[object] = []
    server = PreviewServer(copier.folder, tmp_path, ReloadState(), port=0)
    return Preview(server, copier, (copier.source,), Signal(QUICK), say=said.append, tell=said.extend)


def server_of(preview: Preview) -> PreviewServer:
    return preview._server


def test_a_save_is_built_and_shown(preview: Preview, copier: Copier) -> None:
    server = server_of(preview)
    with running(preview):
        assert "one" in get(server)[1]
        before = server.reload_state.version
        copier.source.write_text("two")
        assert eventually(lambda: "<body>two" in get(server)[1])
        assert eventually(lambda: server.reload_state.version != before)


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
    server = PreviewServer(copier.folder, tmp_path, ReloadState(), port=0)
    slow_to_act = Debounce(quiet=0.3, max_wait=60.0, spacing=0.0)
    with running(
        Preview(
            server, copier, (copier.source,), Signal(slow_to_act), say=lambda line: None, tell=lambda problems: None
        )
    ):
        for number in range(300):
            copier.source.write_text(f"text {number}")
        assert eventually(lambda: "text 299" in get(server)[1])
        assert copier.calls == 2


def test_what_is_saved_during_the_first_build_is_built_too(tmp_path: Path, copier: Copier) -> None:
    def slow(show: Callable[[Built], None]) -> Built:
        built = copier(show)
        if copier.calls == 1:
            copier.source.write_text("two")
        return built

    server = PreviewServer(copier.folder, tmp_path, ReloadState(), port=0)
    with running(Preview(server, slow, (copier.source,), Signal(QUICK), say=print, tell=print)):
        assert eventually(lambda: "<body>two" in get(server)[1])


@pytest.mark.parametrize("at", ["the first build", "a later build", "rest"])
def test_an_interrupt_ends_the_preview_and_frees_its_port(tmp_path: Path, copier: Copier, at: str) -> None:
    def interrupted(show: Callable[[Built], None]) -> Built:
        if copier.calls == (at == "a later build"):
            raise KeyboardInterrupt
        return copier(show)

    def ready() -> None:
        if at == "rest":
            raise KeyboardInterrupt
        copier.source.write_text("two")

    server = PreviewServer(copier.folder, tmp_path, ReloadState(), port=0)
    preview = Preview(
        server,
        copier if at == "rest" else interrupted,
        (copier.source,),
        Signal(QUICK),
        say=lambda line: None,
        tell=lambda problems: None,
    )
    with pytest.raises(KeyboardInterrupt):
        preview.run(ready)
    with socket.socket() as other:
        other.bind(("127.0.0.1", server.port))
