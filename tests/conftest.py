"""Fixtures that all tests share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import hypothesis
import pytest
from examples import IN_CI
from site_maker import CONFIG, SiteMaker, write_files

# How long an example takes says more of the machine than of the program.
hypothesis.settings.register_profile("sitegen", deadline=None)
hypothesis.settings.register_profile("quick", deadline=None, max_examples=25)
hypothesis.settings.load_profile("sitegen" if IN_CI else "quick")

# Marker -> beginnings or parts of the names of the tests that have it.
MARKED = {
    "browser": ("tests/browser/",),
    "node": ("tests/client/", "test_lunr_js", "test_published_client", "test_box", "test_scripts"),
    "slow": (
        "test_axe_finds_nothing",
        "test_box",
        "test_incremental",
        "test_layers",
        "test_lunr_js",
        "test_lunr_queries",
        "test_packaging",
        "test_whole_sites",
    ),
}


@pytest.fixture
def make_site(tmp_path: Path) -> SiteMaker:
    """Makes a site folder from ``{path: content}``; ``sitegen.yaml`` is there unless it is given."""

    def make(files: Mapping[str, str | bytes]) -> Path:
        return write_files(tmp_path / "site", {"sitegen.yaml": CONFIG, **files})

    return make


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is tried in a browser or in Node, and what is slow, by its name."""
    for item in items:
        for marker, names in MARKED.items():
            if any(name in item.nodeid for name in names):
                item.add_marker(marker)
