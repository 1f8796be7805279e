"""Who has got which digest: so that a run after a failure mails nobody twice and leaves nobody out.

A line is added, and is on the disk, as soon as the mail server has taken a message. Of addresses only digests are kept.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from sitegen.errors import UsageError


class Ledger:
    """The ledger in ``file``, which need not be there yet.

    Raises:
        UsageError: when it cannot be read. Going on without it would mail people twice.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            text = file.read_text(encoding="utf-8")
        except FileNotFoundError:
            text = ""
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"{file}: the ledger cannot be read ({error}); mend it, or people get mail twice"
            ) from None
        # A line that a crash cut off has no end; what it says is not certain, but its message was sent.
        self._lines = set(text.splitlines())
        self._whole = text.endswith("\n") or not text

    def has(self, digest: str, recipient: str) -> bool:
        return _line(digest, recipient) in self._lines

    def add(self, digest: str, recipient: str) -> None:
        """Remember for good that the recipient has got the digest."""
        line = _line(digest, recipient)
        self._lines.add(line)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8", newline="") as file:
            file.write(("" if self._whole else "\n") + line + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._whole = True

    def check(self) -> None:
        """Find out before the first message whether the ledger can be written.

        Raises:
            UsageError: when it cannot.
        """
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8"):
                pass
        except OSError as error:
            raise UsageError(f"{self._file}: the ledger cannot be written: {error.strerror}") from None


def _line(digest: str, recipient: str) -> str:
    local, _, domain = recipient.rpartition("@")
    salted = f"{digest}\0{local}@{domain.lower()}".encode()
    return f"{digest}\t{hashlib.blake2b(salted, digest_size=16).hexdigest()}"
