"""Putting rendered bytes where readers find them, so that a build cut short does no harm.

All files of a build are first written to a staging directory on the same file system. Only when every one of them is
complete do they move into place. The first build of a folder is published in one move. Later ones move file by file,
in an order in which no page leads to one that is not there yet; a kill in between leaves every file whole, some of
the old site and some of the new, and the next build, comparing what lies there with what should, finishes the work.

``.sitegen-manifest`` in the output folder lists the files that builds wrote, one path a line, sorted. Before
the moves it grows to hold old and new; after pruning it shrinks to what is there. So only files of ours are
ever deleted, also when a build was cut short and when the cache is gone.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from sitegen.content.files import Signature
from sitegen.errors import UsageError

if TYPE_CHECKING:
    from sitegen.render.output import Output

MANIFEST = ".sitegen-manifest"
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)  # Windows has no such flag
_HEADER = "# Files written by sitegen; others in this folder are never touched."
# Things that people and hosts keep in an output folder and that are not files of a site.
_TOLERATED = {".git", ".gitignore", ".DS_Store"}


class OutputRecord(msgspec.Struct, frozen=True, array_like=True):
    """What is known of one file of the output: the fingerprint (16 bytes) it was rendered for and the signature it had
    afterwards."""

    fingerprint: bytes
    signature: Signature


class StagingDir:
    """Where a build's files wait, each at its own path.

    Attributes:
        folder: on the output folder's file system.
        output: the folder to publish into.
    """

    def __init__(self, folder: Path, output: Path) -> None:
        self.folder = folder
        self.output = output

    @classmethod
    @contextlib.contextmanager
    def beside(cls, output: Path, cache: Path) -> Iterator[tuple[StagingDir, bool]]:
        """An empty one for ``output``, and whether a build that was cut short had left one behind."""
        home = output.parent
        if not is_fresh(output):
            home = cache if os.stat(cache).st_dev == os.stat(output).st_dev else output
        folder = home / f".sitegen-stage-{output.name}"
        left = folder.exists()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            yield cls(folder, output), left
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def put(self, path: str, data: bytes) -> Signature | None:
        """Write the file that will be published at ``path``; ``None`` where it is published already."""
        if _lies_at(self.output, path, data):
            return None
        target = f"{self.folder}/{path}"
        # A page has a folder of its own: making it first saves an attempt that must fail.
        _make_folder(target.rpartition("/")[0])
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            return Signature.of(os.fstat(descriptor))
        finally:
            os.close(descriptor)


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


def _lies_at(folder: Path, path: str, data: bytes) -> bool:
    """Whether a file with these bytes lies there."""
    try:
        with open(folder / path, "rb") as file:
            return os.fstat(file.fileno()).st_size == len(data) and file.read() == data
    except OSError:
        return False


def unchanged_outputs(output: Path, records: Mapping[str, OutputRecord]) -> dict[str, OutputRecord]:
    """Those of the recorded files that lie in the output folder in the same form."""
    return {path: record for path, record in records.items() if _signature(f"{output}/{path}") == record.signature}


def records(
    output: Path,
    outputs: Iterable[Output],
    unchanged: Mapping[str, OutputRecord],
    staged: Mapping[str, Signature | None],
) -> dict[str, OutputRecord]:
    """What lies in the output folder after publishing, by path. Moving a file by itself changes its signature."""
    found = {}
    for one in outputs:
        if one.path not in staged:
            found[one.path] = unchanged[one.path]
        elif signature := _signature(f"{output}/{one.path}"):
            found[one.path] = OutputRecord(one.fingerprint, signature)
    return found


def _signature(path: str) -> Signature | None:
    try:
        return Signature.of(os.lstat(path))
    except OSError:
        return None


def is_fresh(output: Path) -> bool:
    """Whether nothing lies in the output folder, so that it can be replaced as a whole."""
    if output.is_symlink() or os.path.ismount(output):
        return False
    return not output.exists() or not any(output.iterdir())


def read_manifest(output: Path) -> list[str]:
    """Paths of all files that builds wrote into this folder; empty when none did."""
    try:
        descriptor = os.open(output / MANIFEST, os.O_RDONLY | _NO_FOLLOW)
        with open(descriptor, encoding="utf-8", newline="") as file:
            lines = file.read().split("\n")
    except (OSError, UnicodeDecodeError):
        return []
    paths = [_read_line(line) if line[0] == '"' else line for line in lines if line and line[0] != "#"]
    return [path for path in paths if _stays_inside(path)]


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


def publish(staging: StagingDir, staged: Iterable[str], stale: Iterable[str], paths: Iterable[str]) -> None:
    """Move staged files into place, delete stale ones, and write the manifest last.

    Args:
        staged: paths that wait in the staging directory.
        stale: paths of all files of ours, by the manifest that lies there, that the site no longer has.
        paths: every path that the site has now.

    Raises:
        UsageError: before anything is moved, when a folder of the output is a link to another place.
    """
    output, final = staging.output, sorted(paths)
    if is_fresh(output):
        _write_manifest(staging.folder, final)
        with contextlib.suppress(FileNotFoundError):
            output.rmdir()
        os.rename(staging.folder, output)
        return
    stale = sorted(stale)
    if link := next(_links(output, [*final, *stale]), None):
        raise UsageError(f"{link} is a link to another place; nothing is published through it: remove it")
    _write_manifest(output, sorted([*final, *stale]))
    for path in sorted(staged, key=_publishing_order):
        _move(f"{staging.folder}/{path}", output / path)
    for path in stale:
        _delete(output, path)
    _write_manifest(output, final)


def publish_early(staging: StagingDir, staged: Sequence[str]) -> None:
    """Move some staged files into place before ``publish``, if anything is published yet."""
    if is_fresh(staging.output):
        return
    _write_manifest(staging.output, sorted({*read_manifest(staging.output), *staged}))
    for path in sorted(staged, key=_publishing_order):
        _move(f"{staging.folder}/{path}", staging.output / path)


def remove_all(output: Path) -> int:
    """Delete every file that builds wrote, the manifest last; returns how many there were."""
    paths = read_manifest(output)
    links = set(_links(output, paths))
    for path in paths:
        if links.isdisjoint((output / path).parents):
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


def _links(output: Path, paths: Iterable[str]) -> Iterator[Path]:
    """Folders below the output in which some paths lie, and that are links."""
    folders: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return (output / folder for folder in sorted(folders) if os.path.islink(f"{output}/{folder}"))


def _write_manifest(folder: Path, paths: list[str]) -> None:
    lines = [path if path.isprintable() and path[0] not in '#"' else json.dumps(path) for path in paths]
    text = "\n".join([_HEADER, *lines, ""]).encode()
    target = folder / MANIFEST
    if not target.is_symlink() and _lies_at(folder, MANIFEST, text):
        return
    fresh = folder / f"{MANIFEST}.new"
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "wb") as file:
        file.write(text)
    os.replace(fresh, target)


def _read_line(line: str) -> str:
    """A path that was written as JSON, because it would not fit into a line as it is."""
    try:
        path = json.loads(line)
    except ValueError:
        return line
    return path if isinstance(path, str) else line


def _stays_inside(path: str) -> bool:
    return not path.startswith("/") and ".." not in path.split("/")
