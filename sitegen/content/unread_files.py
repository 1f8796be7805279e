"""What lies among the sources and is read by nothing: told, so that no paper is missing without a word."""

from __future__ import annotations

from collections.abc import Iterable

from sitegen.content.files import SourceFile
from sitegen.errors import Problem, did_you_mean

_READ = {
    "papers": "papers are .md, .bib, .jsonl, .json, .ris, .nbib, .csv, .yaml and .xml files",
    "topics": "topics are .md files",
    "pages": "pages are .md files; other files that shall be published belong in static/",
    "data": "only tags.yaml and authors.yaml are read here",
    "static": "",
}
SOURCE_FOLDERS = tuple(_READ)
"""The folders that a content folder may hold."""
_RENAMED = {".mkd": ".md", ".bibtex": ".bib", ".ndjson": ".jsonl"}
_IMPORTED = frozenset({".txt", ".mdx", ".rss", ".atom"})


def unread_files(folder: str, files: Iterable[SourceFile]) -> list[Problem]:
    """One warning for all files of one kind in one of the source folders, at the first of them."""
    kinds: dict[tuple[str, str], list[SourceFile]] = {}
    for file in files:
        source_folder, inside, _ = file.name.removeprefix(f"{folder}/").partition("/")
        kinds.setdefault((source_folder if inside else "", file.suffix), []).append(file)
    return [
        Problem(
            source=found[0].name,
            message=f"is not read{_as_are(len(found) - 1)}",
            hint=_hint(source_folder, suffix),
            severity="warning",
        )
        for (source_folder, suffix), found in kinds.items()
    ]


def _as_are(others: int) -> str:
    return f", nor {'is' if others == 1 else 'are'} {others} more like it" if others else ""


def _hint(source_folder: str, suffix: str) -> str | None:
    if not source_folder:
        return "papers belong in papers/, files that shall be published in static/"
    if source_folder not in _READ:
        return did_you_mean(source_folder, SOURCE_FOLDERS)
    if source_folder == "papers" and suffix in _RENAMED:
        return f"rename it to {_RENAMED[suffix]}"
    if source_folder == "papers" and suffix in _IMPORTED:
        return "'sitegen import FILE' makes papers of it"
    return _READ[source_folder]
