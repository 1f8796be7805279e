"""What an earlier build read and wrote, kept in ``.sitegen/``.

The cache is only ever compared with. A file that is missing, cut short, altered or from another version of
the program is the same as no file: the next build does the work again and ends in the same output.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

Value = TypeVar("Value")
_MAGIC = b"sitegen cache\n"
_DIGEST_BYTES = 16
_HEADER_BYTES = len(_MAGIC) + _DIGEST_BYTES + 4
_SHARDS = 32
_PACKAGE = Path(__file__).resolve().parent.parent
# Their output is part of ours, so another version of one of them is another version of us.
_SHAPING = frozenset(
    (
        "babel",
        "jinja2",
        "latex2mathml",
        "lunr",
        "markdown",
        "markupsafe",
        "msgspec",
        "nh3",
        "numpy",
        "python_slugify",
    )
)


@lru_cache(maxsize=1)
def code_digest() -> bytes:
    """16 bytes of this program's sources and of the versions of the libraries that shape its output."""
    state = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for folder, folders, files in os.walk(_PACKAGE):
        folders.sort()
        for name in sorted(files):
            if name.endswith(".py"):
                with open(f"{folder}/{name}", "rb", buffering=0) as file:
                    state.update(file.read())
    state.update("\n".join(_installed()).encode())
    return state.digest()


def _installed() -> list[str]:
    """``numpy-2.1.0`` for each library that shapes our output, as the folders of their metadata are named.

    ``importlib.metadata`` says the same, and to load it takes a tenth of the time that a build has which finds nothing
    to do.
    """
    found = set()
    for folder in sys.path:
        with contextlib.suppress(OSError):
            for entry in os.listdir(folder or "."):
                release, suffix = os.path.splitext(entry)
                if suffix in (".dist-info", ".egg-info"):
                    name, _, version = release.partition("-")
                    if name.lower().replace("-", "_").replace(".", "_") in _SHAPING:
                        found.add(f"{name}-{version}")
    return sorted(found)


class Cache:
    """Named values in one folder, each in a file with the program's version and a checksum of its bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, name: str, kind: type[Value]) -> Value | None:
        """The value written under ``name``, or ``None``."""
        raw = self.read_bytes(name)
        if raw is None:
            return None
        try:
            return msgspec.msgpack.decode(raw, type=kind)
        except (msgspec.DecodeError, msgspec.ValidationError):
            return None

    def write(self, name: str, value: Any) -> None:
        """Keep a value for the next build."""
        self.write_bytes(name, [msgspec.msgpack.encode(value)])

    def read_bytes(self, name: str) -> memoryview | None:
        """The bytes written under ``name``, or ``None``."""
        try:
            raw = (self.folder / name).read_bytes()
        except OSError:
            return None
        payload = memoryview(raw)[_HEADER_BYTES:]
        return payload if raw[:_HEADER_BYTES] == _header(zlib.crc32(payload)) else None

    def write_bytes(self, name: str, parts: Iterable[bytes | memoryview]) -> None:
        """Keep bytes for the next build. A full disk costs the cache, never the build."""
        target = self.folder / name
        fresh = target.with_name(f"{name}.new")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with open(fresh, "wb") as file:
                file.write(bytes(_HEADER_BYTES))
                checksum = 0
                for part in parts:
                    checksum = zlib.crc32(part, checksum)
                    file.write(part)
                file.seek(0)
                file.write(_header(checksum))
            os.replace(fresh, target)
        except OSError:
            self.forget(name)

    def read_sharded(self, name: str, kind: type[Value]) -> dict[str, Value]:
        """All values written under ``name`` by ``write_sharded``, by key."""
        values: dict[str, Value] = {}
        for shard in range(_SHARDS):
            values |= self.read(f"{name}-{shard}", dict[str, kind]) or {}  # type: ignore[valid-type]
        return values

    def write_sharded(self, name: str, values: Mapping[str, Any], changed: Iterable[str]) -> None:
        """Keep values by key, writing only the files in which one of the ``changed`` keys lies or lay."""
        shards: dict[int, dict[str, Any]] = {_shard_of(key): {} for key in changed}
        if not shards:
            return
        for key, value in values.items():
            shard = shards.get(_shard_of(key))
            if shard is not None:
                shard[key] = value
        for number, shard in shards.items():
            self.write(f"{name}-{number}", shard)

    def forget(self, *names: str) -> None:
        """Drop values, so that a build that is cut short cannot leave ones that no longer hold."""
        for name in names:
            for file in (name, f"{name}.new", *(f"{name}-{shard}" for shard in range(_SHARDS))):
                with contextlib.suppress(OSError):
                    (self.folder / file).unlink()

    @contextlib.contextmanager
    def lock(self) -> Iterator[bool]:
        """Hold the folder alone. Yields whether another build had to be waited for."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "lock", "a+b") as file:
            waited = _lock(file.fileno())
            yield waited


def _lock(descriptor: int) -> bool:
    """Take an exclusive lock that ends with the process; says whether it had to wait."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt
        import time

        waited = False
        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
                return waited
            except OSError:
                waited = True
                time.sleep(0.2)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return True
    return False


def _shard_of(key: str) -> int:
    return zlib.crc32(key.encode()) % _SHARDS


def _header(checksum: int) -> bytes:
    """What stands before a value. A CRC finds what disks and killed processes do to a file, at memory's speed."""
    return _MAGIC + code_digest() + checksum.to_bytes(4, "big")
