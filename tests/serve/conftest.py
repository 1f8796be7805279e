from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from preview_desk import Desk, desk_at


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        yield desk


@pytest.fixture
def built(desk: Desk) -> Desk:
    desk.build()
    return desk
