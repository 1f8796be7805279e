"""The present build as the server's threads and waiting browsers see it."""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Iterator

from sitegen.errors import Problem


class ReloadState:
    """Version and problems of the newest build, and who waits for the next; safe to use from any thread.

    A version is opaque text that also differs between runs of the server, so a page that was loaded from an
    earlier run learns that it is out of date.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._run = secrets.token_hex(4)
        self._number = 0
        self._problems: tuple[Problem, ...] = ()
        self._closed = False
        self._open: list[str] = []

    @property
    def version(self) -> str:
        with self._changed:
            return self._version()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What kept the newest build from being good; empty when it was."""
        with self._changed:
            return self._problems

    @property
    def closed(self) -> bool:
        with self._changed:
            return self._closed

    @property
    def open_pages(self) -> list[str]:
        """Urls of pages that wait for the next build in a browser, each once, the latest first."""
        with self._changed:
            return list(dict.fromkeys(reversed(self._open)))

    @contextlib.contextmanager
    def opened(self, url: str) -> Iterator[None]:
        """A page waits as long as this lasts."""
        with self._changed:
            self._open.append(url)
        try:
            yield
        finally:
            with self._changed:
                self._open.remove(url)

    def publish(self, problems: tuple[Problem, ...]) -> None:
        """A build has ended: a new version is there to be seen."""
        with self._changed:
            self._number += 1
            self._problems = problems
            self._changed.notify_all()

    def wait_for_other(self, version: str, seconds: float) -> str:
        """The present version, as soon as it is another than ``version`` or the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._version() != version, seconds)
            return self._version()

    def close(self) -> None:
        """Let everyone who waits go."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _version(self) -> str:
        return f"{self._run}-{self._number}"
