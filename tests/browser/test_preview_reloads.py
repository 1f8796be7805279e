from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sitegen.build import BuildOptions
from sitegen.serve.preview import Preview
from sitegen.serve.reload_state import ReloadState
from sitegen.serve.server import PreviewServer
from sitegen.serve.site import SiteBuilder
from sitegen.serve.watch import Signal

PAPER = "---\ntitle: {}\n---\nAn abstract.\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    papers = tmp_path / "content" / "papers"
    papers.mkdir(parents=True)
    (papers / "boats.md").write_text(PAPER.format("Paper boats"))
    (tmp_path / "content" / "static").mkdir()
    (tmp_path / "content" / "static" / "favicon.ico").write_bytes(b"")  # browsers ask for one
    (tmp_path / "sitegen.yaml").write_text("title: Test\n")
    return tmp_path


@pytest.fixture
def preview(site: Path) -> Iterator[str]:
    server = PreviewServer(site / "h" / "site", site, ReloadState(), port=0)
    signal = Signal()
    builder = SiteBuilder(site / "sitegen.yaml", server, signal, BuildOptions(jobs=1), lambda report: None)
    preview = Preview(server, builder, (site / "content",), signal, say=lambda line: None, tell=lambda problems: None)
    ready = threading.Event()
    thread = threading.Thread(target=preview.run, args=(ready.set,))
    thread.start()
    assert ready.wait(20)
    yield server.url
    preview.stop()
    thread.join(20)


def test_an_open_page_shows_what_was_saved(site: Path, preview: str, page: Page) -> None:
    page.goto(f"{preview}papers/boats/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Paper boats")
    (site / "content" / "papers" / "boats.md").write_text(PAPER.format("Paper planes"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Paper planes")


def test_a_broken_file_shows_its_line_and_the_page_heals_at_the_next_save(
    site: Path, preview: str, page: Page, faults: list[str]
) -> None:
    source = site / "content" / "papers" / "boats.md"
    page.goto(f"{preview}papers/boats/")
    with page.expect_response(lambda response: response.status == 500):
        source.write_text("---\ntitle: Paper boats\ndate: 2025-02-30\n---\n")
    expect(page.get_by_text("content/papers/boats.md:3")).to_be_visible()
    expect(page.get_by_text("date: 2025-02-30")).to_be_visible()
    source.write_text(PAPER.format("Mended boats"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Mended boats")
    faults[:] = [fault for fault in faults if "500" not in fault]  # the page of problems says that it is one


def test_a_page_is_left_alone_when_a_save_changes_only_others(site: Path, preview: str, page: Page) -> None:
    (site / "content" / "papers" / "planes.md").write_text(PAPER.format("Paper planes"))
    page.goto(f"{preview}keys/")
    page.evaluate("window.kept = true")
    other = page.context.new_page()
    other.goto(f"{preview}papers/boats/")
    (site / "content" / "papers" / "boats.md").write_text(PAPER.format("Mended boats"))
    expect(other.get_by_role("heading", level=1)).to_have_text("Mended boats")
    page.wait_for_timeout(500)
    assert page.evaluate("window.kept") is True
