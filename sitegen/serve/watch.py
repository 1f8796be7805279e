"""Changes of files -> one signal per burst of saves.

An editor's save is several events, a checkout thousands. ``Debounce`` decides when to act on them; ``Watcher``
joins it to the file system by watchdog.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch
from watchdog.observers.polling import PollingObserver

from sitegen.content.files import is_passed_over

# Reading a file is an event too; only these say that something is different now.
CHANGING = frozenset({"created", "modified", "deleted", "moved"})


class Debounce(msgspec.Struct, frozen=True):
    """When to act on a burst of changes; all times in seconds.

    A lone save is acted on ``quiet`` after its last event. A burst that does not end is acted on after
    ``max_wait``, and never sooner than ``spacing`` after the last time: any ten seconds hold at most
    ``10 / spacing + 1`` builds, however many files are saved.
    """

    quiet: float = 0.06
    max_wait: float = 1.0
    spacing: float = 0.6

    def due(self, first: float, latest: float, acted: float) -> float:
        """The time to act, given the burst's first and latest change and when was last acted."""
        return max(min(latest + self.quiet, first + self.max_wait), acted + self.spacing)


class Signal:
    """Collects changes from any thread; ``wait`` returns once per burst."""

    def __init__(self, debounce: Debounce = Debounce(), clock: Callable[[], float] = time.monotonic) -> None:  # noqa: B008 (it is frozen)
        self._debounce = debounce
        self._clock = clock
        self._changed = threading.Condition()
        self._first: float | None = None
        self._latest = 0.0
        self._acted = -debounce.spacing

    @property
    def pending(self) -> bool:
        """Whether there are changes that ``wait`` has not told yet."""
        return self._first is not None

    def note(self) -> None:
        """Something changed now."""
        with self._changed:
            self._latest = self._clock()
            if self._first is None:
                self._first = self._latest
                self._changed.notify_all()

    def wait(self, seconds: float | None = None) -> bool:
        """Sleep until a burst is over; ``False`` when so many seconds passed without any change."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._first is not None, seconds):
                return False
            while (left := self._due() - self._clock()) > 0:
                self._changed.wait(left)
            self._first = None
            self._acted = self._clock()
            return True

    def _due(self) -> float:
        assert self._first is not None
        return self._debounce.due(self._first, self._latest, self._acted)


class Watcher(FileSystemEventHandler):
    """Watches folders (with all below) and single files, and notes every change in a ``Signal``.

    Targets may come and go: of each the parent folder is watched as well, or what is left above it, so one that is
    deleted and made again, or that an editor replaces, is seen again after ``rearm``.

    Args:
        signal: told of every change.
        poll: look at the files every so many seconds instead of asking the system, for disks that send no
            events.
    """

    def __init__(self, signal: Signal, *, poll: float | None = None) -> None:
        self._signal = signal
        self._observer: BaseObserver = PollingObserver(timeout=poll) if poll else Observer()
        self._targets: frozenset[str] = frozenset()
        self._watches: dict[tuple[str, bool], ObservedWatch] = {}
        self._replaced: set[str] = set()

    def start(self, targets: Iterable[Path]) -> None:
        """Raises ``OSError`` when the system cannot watch so many folders."""
        self._aim(targets)
        self._observer.start()

    def aim(self, targets: Iterable[Path]) -> None:
        """From now on watch these and no others; a new one counts as changed."""
        known = self._targets
        self._aim(targets)
        if self._targets - known:
            self._signal.note()

    def rearm(self) -> None:
        """Watch again what has been replaced on disk. Call it before reading the files, not after."""
        while self._replaced:
            old = self._watches.pop((self._replaced.pop(), True), None)
            if old is not None:
                self._observer.unschedule(old)
        self._aim(map(Path, self._targets))

    def stop(self) -> None:
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()

    def dispatch(self, event: FileSystemEvent) -> None:
        """Called by watchdog, from its own thread."""
        if event.event_type not in CHANGING:
            return
        if event.is_directory and event.event_type == "modified":
            return  # what changed in the folder is an event of its own
        paths = [os.fsdecode(path) for path in (event.src_path, event.dest_path) if path]
        relevant = [path for path in paths if self._concerns(path)]
        self._replaced.update(
            target for path in relevant for target in self._targets if target == path or _is_below(target, path)
        )
        if relevant:
            self._signal.note()

    def _concerns(self, path: str) -> bool:
        for target in self._targets:
            if path == target or _is_below(target, path):
                return True
            if _is_below(path, target):
                return not any(map(is_passed_over, path[len(target) + 1 :].split(os.sep)))
        return False

    def _aim(self, targets: Iterable[Path]) -> None:
        self._targets = frozenset(os.path.abspath(target) for target in targets)
        wanted = {(target, True) for target in self._targets if os.path.isdir(target)}
        wanted |= {(_folder_above(target), False) for target in self._targets}
        for gone in self._watches.keys() - wanted:
            self._observer.unschedule(self._watches.pop(gone))
        for path, recursive in sorted(wanted - self._watches.keys()):
            self._watches[path, recursive] = self._observer.schedule(self, path, recursive=recursive)


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(folder + os.sep)


def _folder_above(path: str) -> str:
    """The nearest folder above that is there."""
    folder = os.path.dirname(path)
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder
