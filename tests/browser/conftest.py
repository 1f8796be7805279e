"""A real browser on built sites.

``page`` is strict: a test fails when any page it opened wrote an error or warning to the console, threw, or
asked another host for anything. Without a browser these tests are skipped, and in CI they fail.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from tools import missing, npm_package

from sitegen.build import BuildOptions, build
from sitegen.config import load_config
from sitegen.serve.reload_state import ReloadState
from sitegen.serve.server import PreviewServer

ROOT = Path(__file__).resolve().parents[2]
AXE = "axe-core@4.14.1"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = ["--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update"]


def chromium() -> str:
    """The browser's path; ends the test when there is none."""
    candidates = [os.environ.get("CHROME_PATH"), *map(shutil.which, _NAMES)]
    for path in candidates:
        if path and Path(path).exists():
            return path
    return missing("no Chromium on this machine, so nothing was tried in a browser (install it, or set CHROME_PATH)")


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a built folder, as a host would serve it: nothing is put into its pages."""
    live = ReloadState()
    live.publish(())
    server = PreviewServer(folder, folder, live, port=0, reload=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.url
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo site, built once for all tests."""
    home = tmp_path_factory.mktemp("demo")
    options = BuildOptions(output=home / "site", cache=home / "cache")
    report = build(ROOT, load_config(ROOT / "sitegen.yaml"), options)
    assert report.problems == ()
    return home / "site"


@pytest.fixture(scope="session")
def demo(demo_folder: Path) -> Iterator[str]:
    """The address of the demo site, with a slash at its end."""
    with serving(demo_folder) as url:
        yield url


@pytest.fixture(scope="session")
def serve_folder() -> Iterator[Callable[[Path], str]]:
    """Serve any built folder for the rest of the run; gives its address."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(serving(folder))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS, chromium_sandbox=False)
        yield browser
        browser.close()


@pytest.fixture
def faults() -> list[str]:
    """What the test's pages did wrong so far. A test that provokes a fault takes it out again."""
    return []


@pytest.fixture
def new_page(browser: Browser, faults: list[str]) -> Iterator[Callable[..., Page]]:
    """Open pages with options of ``browser.new_context`` (``viewport``, ``color_scheme``, ...)."""
    contexts: list[BrowserContext] = []

    def open_page(**options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        watch(page, faults)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One strict page of a laptop's size."""
    return new_page(viewport={"width": 1280, "height": 800})


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return (npm_package(AXE) / "axe.min.js").read_text(encoding="utf-8")


def watch(page: Page, faults: list[str]) -> None:
    """Note every console error or warning, exception, dialog, and request to another host."""
    page.on("console", lambda said: faults.append(_where(said)) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
    page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:"))
            else faults.append(f"request to {request.url}")
        ),
    )


def _where(said: ConsoleMessage) -> str:
    return f"{said.text} [{said.location.get('url', '')}]"
