"""Time as builds use it: to report how long a stage took, and to doubt files that are too young."""

from __future__ import annotations

import time

# A file changed this shortly before it was read may change again within the clock's grain, unnoticed.
GRAIN_NS = 50_000_000


class Clock:
    """Seconds spent in each stage. Only ever reported, never written into a site."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self.stages: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.stages[name] = self.stages.get(name, 0.0) + now - self._last
        self._last = now

    def total(self) -> float:
        return time.perf_counter() - self._started
