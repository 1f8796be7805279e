from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from services_world import Clock, World, serving

from sitegen.config import load_config
from sitegen.sources.fetch import fetch
from sitegen.sources.http import Client
from sitegen.sources.report import FetchReport

TODAY = datetime.date(2026, 11, 16)  # a Monday


@pytest.fixture
def world() -> World:
    return World(TODAY)


@pytest.fixture
def endpoint(world: World) -> Iterator[str]:
    with serving(world) as url:
        yield url


class Site:
    """A site whose sources are played by the world."""

    def __init__(self, root: Path, world: World, endpoint: str) -> None:
        self.root, self.world, self.endpoint = root, world, endpoint
        self.clock = Clock()
        root.mkdir(parents=True, exist_ok=True)

    def sources(self, text: str) -> None:
        """Settings; ``ENDPOINT`` stands for the world's address."""
        head = "title: Test papers\nbase_url: https://papers.example/\nsources:\n"
        (self.root / "sitegen.yaml").write_text(head + text.replace("ENDPOINT", self.endpoint), encoding="utf-8")

    def fetch(self, *names: str, **more: Any) -> FetchReport:
        client = Client("https://papers.example/", sleep=self.clock.sleep, now=self.clock.now, timeout=0.25)
        try:
            today = more.pop("today", self.world.today)
            return fetch(self.root, load_config(self.root / "sitegen.yaml"), names, today=today, client=client, **more)
        finally:
            client.close()

    def files(self) -> dict[str, str]:
        """What is in ``content/``."""
        folder = self.root / "content"
        return {
            path.relative_to(folder).as_posix(): path.read_text("utf-8")
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def papers(self) -> dict[str, str]:
        return {name: text for name, text in self.files().items() if name.startswith("papers/")}


@pytest.fixture
def site(tmp_path: Path, world: World, endpoint: str) -> Site:
    return Site(tmp_path / "site", world, endpoint)


@pytest.fixture(scope="session")
def site_at() -> type[Site]:
    """Makes a site: ``site_at(folder, world, endpoint)``."""
    return Site
