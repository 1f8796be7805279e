"""Putting rendered bytes where readers find them, so that a build cut short does no harm.

All files of a build are first written to a *stage* on the same file system. Only when every one of them is
complete do they move into place, in an order in which no page leads to one that is not there yet. Until then
a kill or a full disk leaves the old site untouched; during the moves each address shows its old page or its
new one, whole; and the next build, comparing what lies there with what should, finishes the work.

``.sitegen-manifest`` in the output folder lists the files that builds wrote, one path a line, sorted. Before
the moves it grows to hold old and new; after pruning it shrinks to what is there. So only files of ours are
ever deleted, also when a build was cut short and when the cache is gone.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from sitegen.content.files import Signature
from sitegen.errors import UsageError

MANIFEST = ".sitegen-manifest"
_HEADER = "# Files written by sitegen; others in this folder are never touched."
# Things that people and hosts keep in an output folder and that are not files of a site.
_TOLERATED = {".git", ".gitignore", ".DS_Store"}


class OutputRecord(msgspec.Struct, frozen=True, array_like=True):
    """What is known of one file of the output: the fingerprint (16 bytes) it was rendered for and the signature it had
    afterwards."""

    fingerprint: bytes
    signature: Signature


class StagingDir:
    """The place where a build's files wait.

    Attributes:
        folder: on the output folder's file system.
        whole: nothing is published yet, so the stage becomes the output folder in a single move and its files
            lie at their own paths; else they are numbered.
    """

    def __init__(self, folder: Path, *, whole: bool) -> None:
        self.folder = folder
        self.whole = whole

    @classmethod
    def beside(cls, output: Path, cache: Path) -> StagingDir:
        """An empty stage for ``output``, cleared of what a build that was cut short left there."""
        whole = is_fresh(output)
        home = output.parent
        if not whole:
            home = cache if os.stat(cache).st_dev == os.stat(output).st_dev else output
        folder = home / f".sitegen-stage-{output.name}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return cls(folder, whole=whole)

    def path(self, number: int, path: str) -> str:
        """Where the file that will be published at ``path`` waits."""
        return f"{self.folder}/{path}" if self.whole else f"{self.folder}/{number}"

    def put(self, number: int, path: str, data: bytes) -> Signature:
        """Write one file; the signature holds as long as it is not moved by itself."""
        target = self.path(number, path)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        if self.whole:
            # A page has a folder of its own: making it first saves an attempt that must fail.
            _make_folder(target.rpartition("/")[0])
        descriptor = os.open(target, flags, 0o644)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            return Signature.of(os.fstat(descriptor))
        finally:
            os.close(descriptor)

    def discard(self) -> None:
        """Remove what was not moved."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _make_folder(folder: str) -> None:
    try:
        os.mkdir(folder)
    except FileExistsError:
        return
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)


def digest_of(data: bytes) -> bytes:
    """16 bytes that stand for a file's content."""
    return hashlib.blake2b(data, digest_size=16).digest()


def lies_at(folder: Path, path: str, data: bytes) -> bool:
    """Whether a file with these bytes lies there."""
    try:
        with open(folder / path, "rb") as file:
            return os.fstat(file.fileno()).st_size == len(data) and file.read() == data
    except OSError:
        return False


def signatures(output: Path, paths: Iterable[str]) -> dict[str, Signature]:
    """What lies at these paths of the output folder now; paths where nothing lies are left out."""
    found = {}
    prefix = f"{output}/"
    for path in paths:
        try:
            status = os.lstat(prefix + path)
        except OSError:
            continue
        found[path] = Signature.of(status)
    return found


def is_fresh(output: Path) -> bool:
    """Whether nothing lies in the output folder, so that it can be replaced as a whole."""
    if output.is_symlink() or os.path.ismount(output):
        return False
    return not output.exists() or not any(output.iterdir())


def read_manifest(output: Path) -> list[str]:
    """Paths of all files that builds wrote into this folder; empty when none did."""
    try:
        lines = (output / MANIFEST).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return [line for line in lines if line and not line.startswith("#") and _stays_inside(line)]


def claim(output: Path, paths: Iterable[str]) -> None:
    """Note files that no build has written yet as ours, so that the next one removes those that the site does not have.

    Raises:
        FileNotFoundError: when there is no manifest.
    """
    listed = (output / MANIFEST).read_text(encoding="utf-8")
    fresh = [path for path in paths if f"\n{path}\n" not in listed]
    if fresh:
        _write_manifest(output, sorted([*read_manifest(output), *fresh]))


def ensure_output_is_ours(output: Path, manifest_paths: Iterable[str], *, force: bool) -> None:
    """Refuse a folder in which somebody else keeps files.

    Raises:
        UsageError: naming some of them, unless ``force``; with it they stay, as all foreign files do.
    """
    if not output.exists():
        return
    if not output.is_dir():
        raise UsageError(f"{output} is not a folder")
    strangers = {entry for entry in os.listdir(output) if not entry.startswith(".sitegen-")} - _TOLERATED
    for path in manifest_paths:
        strangers.discard(path.partition("/")[0])
        if not strangers:
            break
    if strangers and not force:
        some = ", ".join(sorted(strangers)[:3]) + (" ..." if len(strangers) > 3 else "")
        raise UsageError(
            f"{output} holds files that sitegen did not write ({some}); name another folder with --output, move them "
            "to content/static/ to publish them, or keep them there with --force"
        )


def commit(
    stage: StagingDir, output: Path, moves: Mapping[str, int], stale: Iterable[str], paths: Iterable[str]
) -> None:
    """Move staged files into place, delete stale ones, and write the manifest last.

    Args:
        moves: path -> number in the stage.
        stale: paths of all files of ours, by the manifest that lies there, that the site no longer has.
        paths: every path that the site has now.
    """
    final = sorted(paths)
    if stage.whole:
        _write_manifest(stage.folder, final)
        with contextlib.suppress(FileNotFoundError):
            output.rmdir()
        os.rename(stage.folder, output)
        return
    stale = sorted(stale)
    _write_manifest(output, sorted([*final, *stale]))
    for path in sorted(moves, key=_publishing_order):
        _move(stage.path(moves[path], path), output / path)
    for path in stale:
        _delete(output, path)
    _write_manifest(output, final)
    stage.discard()


def remove_all(output: Path) -> int:
    """Delete every file that builds wrote, the manifest last; returns how many there were."""
    paths = read_manifest(output)
    for path in paths:
        _delete(output, path)
    with contextlib.suppress(FileNotFoundError):
        (output / MANIFEST).unlink()
    with contextlib.suppress(OSError):
        output.rmdir()
    return len(paths)


def _publishing_order(path: str) -> tuple[int, str]:
    """Assets and index pages, which old pages never name, first; then papers; then the lists that lead to
    them; last the files that announce all of it."""
    if path.startswith(("assets/", "search/")) and not path.endswith(("index.html", "manifest.json")):
        return (0, path)
    if path.startswith("papers/") and path.count("/") > 1:
        return (1, path)
    return (3 if path.endswith((".xml", ".json", ".txt")) else 2, path)


def _move(source: str, target: Path) -> None:
    try:
        os.replace(source, target)
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(source, target)
    except (IsADirectoryError, NotADirectoryError, FileExistsError):
        _make_way(target)
        os.replace(source, target)


def _make_way(target: Path) -> None:
    """A file stands where a folder is needed, or an emptied folder where a file is."""
    if target.is_dir():
        with contextlib.suppress(OSError):
            for folder, _, _ in os.walk(target, topdown=False):
                os.rmdir(folder)
    for parent in reversed(target.parents):
        if parent.is_file():
            parent.unlink()
    target.parent.mkdir(parents=True, exist_ok=True)


def _delete(output: Path, path: str) -> None:
    target = output / path
    with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
        target.unlink()
    for parent in target.parents:
        if parent == output:
            break
        try:
            parent.rmdir()
        except OSError:
            break


def _write_manifest(folder: Path, paths: list[str]) -> None:
    text = "\n".join([_HEADER, *paths, ""]).encode()
    target = folder / MANIFEST
    with contextlib.suppress(OSError):
        if target.stat().st_size == len(text) and target.read_bytes() == text:
            return
    fresh = folder / f"{MANIFEST}.new"
    fresh.write_bytes(text)
    os.replace(fresh, target)


def _stays_inside(path: str) -> bool:
    return not path.startswith("/") and ".." not in path.split("/")
