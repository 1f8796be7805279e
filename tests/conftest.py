"""Fixtures that all tests share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import hypothesis
import pytest
from site_maker import CONFIG, SiteMaker, write_files

# How long an example takes says more of the machine than of the program.
hypothesis.settings.register_profile("sitegen", deadline=None)
hypothesis.settings.load_profile("sitegen")


@pytest.fixture
def make_site(tmp_path: Path) -> SiteMaker:
    """Makes a site folder from ``{path: content}``; ``sitegen.yaml`` is there unless it is given."""

    def make(files: Mapping[str, str | bytes]) -> Path:
        return write_files(tmp_path / "site", {"sitegen.yaml": CONFIG, **files})

    return make
