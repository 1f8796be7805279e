"""How many examples a property test tries: all of them in CI, a quarter elsewhere."""

from __future__ import annotations

import os

from hypothesis import settings

IN_CI = bool(os.environ.get("CI"))


def examples(count: int) -> settings:
    """Try so many examples in CI, without a limit to the time of each."""
    return settings(max_examples=count if IN_CI else max(count // 4, 5), deadline=None)
