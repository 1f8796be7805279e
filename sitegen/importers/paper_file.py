"""Records as Markdown files: writing a new one, and changing a few fields of one that a person may have edited.

A file that exists is changed line by line: only the fields that changed are written anew, at their place;
order, comments, quotes and line ends of everything else stay. What was written is read back before it counts,
so a file that cannot be changed safely is left as it is.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import yaml

from sitegen.content.frontmatter import split
from sitegen.content.record import FIELDS, is_empty, paper_from, plain
from sitegen.errors import Problem
from sitegen.model import Paper

# Fields in the order in which a new file shows them; the abstract is the file's body.
ORDER = (
    "id",
    "slug",
    "aliases",
    "title",
    "authors",
    "author_count",
    "more_authors",
    "collaboration",
    "editors",
    "type",
    "date",
    "updated",
    "expires",
    "draft",
    "venue",
    "venue_short",
    "volume",
    "issue",
    "pages",
    "publisher",
    "edition",
    "isbn",
    "number",
    "series",
    "note",
    "citation_key",
    "arxiv",
    "doi",
    "links",
    "topics",
    "tags",
    "upvotes",
    "featured_on",
    "language",
    "notice",
    "notes",
    "extra",
    "imported",
)


class RecordError(Exception):
    """A file that cannot be written or changed so that it reads back as meant."""


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """One field to a line, lists of plain values in brackets, no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent(self, data: Any) -> None:
        node = self.represent_data(data)
        node.flow_style = False
        self.serialize(node)


def render(paper: Paper, stem: str) -> str:
    """The text of a new file ``STEM.md`` for the paper.

    Raises:
        RecordError: when the text does not read back as the same paper.
    """
    fields = [field for field in ORDER if not is_empty(getattr(paper, field))]
    if paper.id == stem:
        fields.remove("id")
    head = "".join(_dump(field, plain(paper, field)) for field in fields)
    text = f"---\n{head}---\n" + (f"\n{paper.abstract}\n" if paper.abstract else "")
    _verify(text, stem, paper)
    return text


def revise(text: str, paper: Paper, stem: str, changed: set[str]) -> str:
    """The text of an existing file with the ``changed`` fields as the paper has them.

    Args:
        text: as it stands on the disk, without a byte order mark; line ends may be of any kind.

    Raises:
        RecordError: when the file cannot be changed so that it reads back as the paper.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if "\r" in text else text.split("\n")
    start = next((n for n, line in enumerate(lines) if line.rstrip() == "---"), None)
    matter = split("\n".join(lines), stem)
    if start is None or isinstance(matter, Problem):
        raise RecordError("has no front matter")
    end = start + 1 + matter.text.count("\n")
    head = lines[start + 1 : end]
    for field in sorted(changed - {"abstract"}, key=ORDER.index):
        value = getattr(paper, field)
        new = [] if is_empty(value) else _dump(field, plain(paper, field)).rstrip("\n").split("\n")
        head = _replaced(head, field, new)
    body = lines[end:]
    if "abstract" in changed and "abstract" in matter.fields:
        value = paper.abstract
        head = _replaced(head, "abstract", _dump("abstract", value).rstrip("\n").split("\n") if value else [])
    elif "abstract" in changed:
        # All that stands below the front matter is the abstract, and nobody has edited it: a merge sees to that.
        body = [body[0], "", *paper.abstract.split("\n"), ""]
    revised = "\n".join([*lines[: start + 1], *head, *body])
    _verify(revised, stem, paper)
    return revised.replace("\n", newline)


def as_written(paper: Paper) -> Paper:
    """The paper as a file gives it back: front matter holds no numbers or truth values, only text."""
    return msgspec.structs.replace(paper, extra=_textual(paper.extra))


def _textual(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _textual(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_textual(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None else str(value)


def write_atomically(path: Path, text: str) -> None:
    """Replace or create a file in one step; a reader sees the old text or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path = Path(os.path.realpath(path))
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _dump(field: str, value: Any) -> str:
    if field in ("date", "updated"):
        return f"{field}: {value}\n"  # a text that YAML would put in quotes, as it does not know that dates stay text
    return yaml.dump(
        {field: value},
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None,
        width=2**31 - 1,
    )


def _replaced(head: list[str], field: str, new: list[str]) -> list[str]:
    """Front matter with one field's lines put at its place, or at the end; ``imported`` stays last."""
    spans = _spans(head)
    if field in spans:
        start, end = spans[field]
    else:
        start = end = spans["imported"][0] if "imported" in spans else len(head)
    return [*head[:start], *new, *head[end:]]


def _spans(head: list[str]) -> dict[str, tuple[int, int]]:
    """Top-level field -> its first line and the line after its last; comments belong to the field below."""
    node = yaml.compose("\n".join(head), Loader=yaml.SafeLoader)
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        raise RecordError("writes its front matter in braces, which is not changed line by line")
    starts = [key.start_mark.line for key, _ in node.value]
    spans = {}
    for (key, _), start, following in zip(node.value, starts, [*starts[1:], len(head)], strict=True):
        end = following
        while end > start + 1 and (not head[end - 1].strip() or head[end - 1].lstrip().startswith("#")):
            end -= 1
        spans[str(key.value)] = (start, end)
    return spans


def _verify(text: str, stem: str, paper: Paper) -> None:
    matter = split(text, stem)
    if isinstance(matter, Problem):
        raise RecordError(f"would not read back: {matter.message}")
    again, problems = paper_from(matter.fields, stem, body=matter.body, default_id=stem)
    if again is None:
        raise RecordError(f"would not read back: {problems[0].message}")
    for field in FIELDS:
        if getattr(again, field) != getattr(paper, field):
            raise RecordError(f"would not keep its {field}")
