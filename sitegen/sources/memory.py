"""``content/data/fetched.yaml``: how far each source was read, beside the papers, so that a repository carries it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import msgspec
import yaml

from sitegen.config_sources import Source
from sitegen.errors import ContentError, Problem
from sitegen.importers.paper_file import write_atomically

NAME = "fetched.yaml"
_HEAD = "# How far `sitegen fetch` has read each source. Delete an entry to read that source from its beginning.\n"


class Memory:
    """What all sources left behind.

    Raises:
        ContentError: when the file is there and cannot be read. Going on without it could lose papers in silence.
    """

    def __init__(self, root: Path, content: str) -> None:
        self.name = f"{content}/data/{NAME}"
        self._file = root / self.name
        self._known = self._read()

    def of(self, source: Source) -> dict[str, Any]:
        """What the last fetch of this source left; nothing when the source is asked for something else since."""
        known = self._known.get(source.name, {})
        if known.get("asked") != fingerprint(source):
            return {}
        return {key: value for key, value in known.items() if key != "asked"}

    def keep(self, source: Source, memory: dict[str, Any]) -> None:
        said = {key: value for key, value in memory.items() if value not in (None, "")}
        self._known[source.name] = {"asked": fingerprint(source), **said}

    def write(self) -> bool:
        """Write the file if it says something new; returns whether it did."""
        if not self._known:
            return False
        text = _HEAD + yaml.safe_dump(self._known, sort_keys=True, allow_unicode=True, width=120)
        if self._file.is_file() and self._file.read_text(encoding="utf-8") == text:
            return False
        self._file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self._file, text)
        return True

    def _read(self) -> dict[str, dict[str, Any]]:
        hint: str | None = "correct it, or delete it to read all sources from their beginning"
        text = ""
        try:
            text = self._file.read_text(encoding="utf-8-sig")
            known = yaml.safe_load(text) or {}
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise ContentError([Problem(source=self.name, message=f"cannot be read: {error.strerror}")]) from None
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            mark, what = getattr(error, "problem_mark", None), getattr(error, "problem", None) or "no text"
            line = mark.line + 1 if mark else None
            if re.search(r"^(<{7}|={7}|>{7})", text, re.MULTILINE):
                hint = "it holds the marks of a merge; keep either side, or delete it to read all from the beginning"
            message = f"not valid YAML: {what}"
            fault = Problem(source=self.name, line=line, message=message, hint=hint)
            raise ContentError([fault]) from None
        if not isinstance(known, dict) or not all(isinstance(value, dict) for value in known.values()):
            raise ContentError([Problem(source=self.name, message="must be a mapping of sources", hint=hint)])
        return {str(name): value for name, value in known.items()}


def fingerprint(source: Source) -> str:
    """Eight hexadecimal digits of all that decides what a source gives."""
    asked = msgspec.structs.replace(source, name="", enabled=True, pause=None, endpoint="")
    return hashlib.blake2b(msgspec.json.encode(asked, order="deterministic"), digest_size=4).hexdigest()
