"""Walking source folders and reading files, safely: nothing outside the site folder, nothing that blocks."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

import msgspec

from sitegen.errors import Problem

MAX_SOURCE_BYTES = 256 * 1024 * 1024
_NUL = "\udc00"
_MARK = re.compile(f"[{_NUL}\udc80-\udcff]")


class Signature(msgspec.Struct, frozen=True, array_like=True):
    """What the file system says of a file. Equal signatures mean the same bytes for all practical purposes:
    ``ctime_ns`` moves with every write, even where size and mtime are put back."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Signature:
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


class SourceFile(msgspec.Struct, frozen=True):
    """One regular file. ``name`` is its path relative to the site folder, with ``/``; ``path`` opens it."""

    name: str
    path: str
    signature: Signature

    @property
    def stem(self) -> str:
        """The file's name without folder and suffix."""
        return self.name.rpartition("/")[2].rpartition(".")[0]

    @property
    def suffix(self) -> str:
        """``.md``, in lower case; empty when there is none."""
        base = self.name.rpartition("/")[2]
        return base[base.rindex(".") :].lower() if "." in base else ""

    def read_bytes(self) -> bytes:
        """The file's bytes; ``OSError`` when it cannot be read."""
        # Read as a whole, so a buffer is in the way.
        with open(self.path, "rb", buffering=0) as file:
            return file.readall()


def walk(root: Path, folder: Path, problems: list[Problem]) -> list[SourceFile]:
    """All regular files below ``folder``, sorted by name; what cannot be used is told in ``problems``.

    Hidden files and editors' leavings (``.x``, ``x~``, ``#x#``, ``4913``) are passed over in silence. Links
    are followed to files inside the site folder only: folders could hold one another.
    """
    if not folder.is_dir():
        return []
    inside = os.path.realpath(root)
    return sorted(_walk(str(folder), _name(root, folder), inside, problems), key=attrgetter("name"))


def is_passed_over(name: str) -> bool:
    """Whether a file or folder of this name is hidden or an editor's leaving."""
    return name.startswith((".", "#")) or name.endswith("~") or name == "4913"


def read_text(file: SourceFile) -> str | Problem:
    """The text of a file with ``\\n`` line ends and without a byte order mark, or what is wrong with it."""
    raw = _read(file)
    return raw if isinstance(raw, Problem) else decode(raw, file.name)


def read_marked(file: SourceFile) -> str | Problem:
    """``read_text`` for a file of many papers: see ``marked``."""
    raw = _read(file)
    return raw if isinstance(raw, Problem) else marked(raw)


def _read(file: SourceFile) -> bytes | Problem:
    if file.signature.size > MAX_SOURCE_BYTES:
        return Problem(source=file.name, message=f"larger than {MAX_SOURCE_BYTES >> 20} MiB", hint="split the file")
    try:
        return file.read_bytes()
    except OSError as error:
        return Problem(source=file.name, message=f"cannot be read: {error.strerror}")


def decode(raw: bytes, name: str) -> str | Problem:
    """UTF-8 bytes as text; a wrong byte is told by its line."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Problem(source=name, line=line, message="not UTF-8 text", hint="save the file as UTF-8")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return Problem(source=name, line=line, message="not a text file (it holds a NUL byte)")
    return _with_line_feeds(text)


def marked(raw: bytes) -> str:
    """UTF-8 bytes as text in which a lone surrogate stands for each byte that is none, so that only the paper that has
    it is lost: whoever reads a piece of such a text asks ``no_text`` first.

    Source: PEP 383; a NUL is U+DC00.
    """
    text = raw.decode("utf-8-sig", "surrogateescape").replace("\0", _NUL)
    return _with_line_feeds(text)


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def no_text(piece: str, source: str, line: int = 1) -> Problem | None:
    """What is wrong with a piece of ``marked`` text that begins on this line, if it holds a mark."""
    found = None if piece.isascii() else _MARK.search(piece)
    if not found:
        return None
    line += piece.count("\n", 0, found.start())
    if found[0] == _NUL:
        return Problem(source=source, line=line, message="not text (it holds a NUL byte)")
    return Problem(source=source, line=line, message="not UTF-8 text", hint="save the file as UTF-8")


def _walk(folder: str, prefix: str, inside: str, problems: list[Problem]) -> Iterator[SourceFile]:
    try:
        entries = os.listdir(folder)
    except OSError as error:
        problems.append(Problem(source=prefix, message=f"cannot be read: {error.strerror}"))
        return
    for entry in entries:
        if is_passed_over(entry):
            continue
        name, path = f"{prefix}/{entry}", f"{folder}/{entry}"
        if not entry.isascii() and _is_not_utf8(entry):
            shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            problems.append(Problem(source=shown, message="its name is not UTF-8", hint="rename it"))
            continue
        try:
            status = os.lstat(path)
            if stat.S_ISLNK(status.st_mode):
                problem = _link_problem(name, path, inside)
                if problem:
                    problems.append(problem)
                    continue
                status = os.stat(path)
        except OSError as error:
            problems.append(Problem(source=name, message=f"cannot be read: {error.strerror}"))
            continue
        if stat.S_ISREG(status.st_mode):
            yield SourceFile(name, path, Signature.of(status))
        elif stat.S_ISDIR(status.st_mode):
            yield from _walk(path, name, inside, problems)
        else:
            problems.append(Problem(source=name, message="not a regular file", severity="warning"))


def _is_not_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return True
    return False


def _link_problem(name: str, path: str, inside: str) -> Problem | None:
    """What speaks against following a link."""
    if os.path.isdir(path):
        message, hint = "a link to a folder, which is not followed", "move the folder itself here"
        return Problem(source=name, message=message, hint=hint, severity="warning")
    if os.path.commonpath([inside, os.path.realpath(path)]) != inside:
        message = "a link to a file outside the site folder"
        return Problem(source=name, message=message, hint="copy the file instead")
    return None


def _name(root: Path, folder: Path) -> str:
    return folder.relative_to(root).as_posix()


def stem_of(source: str) -> str:
    """What a file of one paper is called: its name without the suffix, or its folder's where it is ``index.md``."""
    parts = re.split(r"[/\\]", source)
    stem = parts[-1].rpartition(".")[0] or parts[-1]
    return parts[-2] if stem == "index" and len(parts) > 1 else stem
