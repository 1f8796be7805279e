"""The curator's words: topic files, ``data/tags.yaml``, ``data/authors.yaml`` and free pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from sitegen.content.files import SourceFile, read_text
from sitegen.content.frontmatter import FrontMatter, line_of_key, parse_yaml, split
from sitegen.errors import Problem, did_you_mean, fault_of
from sitegen.model import Page, Person, Vocabulary
from sitegen.urls import segment

_Fields = TypeVar("_Fields", bound=msgspec.Struct)


class _TopicFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    order: int = 0
    hue: int | None = None
    aliases: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()  # as keywords were called at first


class _TagFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    keywords: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    description: str = ""


class _PageFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    description: str = ""
    menu: bool = False
    order: int = 0
    slug: str | None = None


class AuthorEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One entry of ``data/authors.yaml``: other spellings of a name, and what is known of the person."""

    aliases: tuple[str, ...] = ()
    orcid: str | None = None
    affiliation: str | None = None


def read_topic(file: SourceFile) -> Vocabulary | Problem:
    """One ``content/topics/NAME.md``: front matter and, below it, the description."""
    read = _read(file, _TopicFields)
    if isinstance(read, Problem):
        return read
    fields, body = read
    return Vocabulary(
        label=fields.title,
        slug=segment(file.stem),
        aliases=fields.aliases,
        signals=fields.keywords or fields.signals,
        description=body,
        order=fields.order,
        hue=None if fields.hue is None else fields.hue % 360,
        source=file.name,
    )


def same_labels(topics: Iterable[Vocabulary]) -> list[Problem]:
    """A warning for every topic that another one takes papers from, by its title or an alias."""
    first: dict[str, Vocabulary] = {}
    problems = []
    for topic in topics:
        for name in (topic.label, *topic.aliases):
            other = first.setdefault(name.casefold(), topic)
            if other is not topic:
                message = f"{name!r} also stands in {other.source}, and papers can belong to one of them only"
                hint = "take it out of one of them"
                problems.append(Problem(source=topic.source, message=message, hint=hint, severity="warning"))
    return problems


def read_page(file: SourceFile) -> Page | Problem:
    """One ``content/pages/NAME.md``."""
    read = _read(file, _PageFields)
    if isinstance(read, Problem):
        return read
    fields, body = read
    return Page(
        slug=segment(fields.slug or file.stem),
        title=fields.title,
        body=body,
        description=fields.description,
        menu=fields.menu,
        order=fields.order,
        source=file.name,
    )


def read_tags(file: SourceFile) -> tuple[list[Vocabulary], list[Problem]]:
    """``data/tags.yaml``: ``label:``, ``label: [signals]`` or ``label: {signals, aliases, description}``."""
    entries, problems = _entries(file)
    tags = []
    for label, value, line in entries:
        if value is None or isinstance(value, list):
            value = {"signals": value or [label]}
        fields = _convert(value, _TagFields, file.name, line=line, within=label)
        if isinstance(fields, Problem):
            problems.append(fields)
            continue
        signals = fields.keywords or fields.signals or (label,)
        tags.append(
            Vocabulary(
                label=label,
                aliases=fields.aliases,
                signals=signals,
                description=fields.description,
                source=file.name,
            )
        )
    return tags, problems


def read_authors(file: SourceFile) -> tuple[dict[str, AuthorEntry], list[Problem]]:
    """``data/authors.yaml``: ``name: [other spellings]`` or ``name: {aliases, orcid, affiliation}``."""
    entries, problems = _entries(file)
    authors = {}
    for name, value, line in entries:
        if value is None or isinstance(value, list):
            value = {"aliases": value or []}
        fields = _convert(value, AuthorEntry, file.name, line=line, within=name)
        if isinstance(fields, Problem):
            problems.append(fields)
        else:
            authors[name] = fields
    return authors, problems


def _entries(file: SourceFile) -> tuple[list[tuple[str, Any, int | None]], list[Problem]]:
    text = read_text(file)
    if isinstance(text, Problem):
        return [], [text]
    data = parse_yaml(text, file.name)
    if isinstance(data, Problem):
        return [], [data]
    if data is None:
        return [], []
    if not isinstance(data, dict):
        hint = "write one 'name:' a line"
        return [], [Problem(source=file.name, line=1, message="must be a mapping of names", hint=hint)]
    return [(str(key), value, line_of_key(text, str(key))) for key, value in data.items() if key], []


def _read(file: SourceFile, kind: type[_Fields]) -> tuple[_Fields, str] | Problem:
    """The fields and the body of a Markdown file."""
    text = read_text(file)
    matter = text if isinstance(text, Problem) else split(text, file.name)
    if isinstance(matter, Problem):
        return matter
    fields = _convert(matter.fields, kind, file.name, matter)
    return fields if isinstance(fields, Problem) else (fields, matter.body)


def _convert(
    value: Any,
    kind: type[_Fields],
    source: str,
    matter: FrontMatter | None = None,
    *,
    line: int | None = None,
    within: str | None = None,
) -> _Fields | Problem:
    known = [field.name for field in msgspec.structs.fields(kind)]
    if isinstance(value, dict):
        value = {key: item for key, item in value.items() if item is not None}
        for key in value:
            if key not in known:
                line = matter.line_of(str(key)) if matter else line
                hint = did_you_mean(str(key), known)
                return Problem(source=source, line=line, field=str(key), message="unknown field", hint=hint)
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        field, message = fault_of(error)
        line = matter.line_of(field or "") if matter else line
        return Problem(source=source, line=line, field=field or within, message=message)


def canonical_people(authors: dict[str, AuthorEntry]) -> dict[str, Person]:
    """Every known spelling -> the person it stands for."""
    people = {}
    for name, entry in authors.items():
        person = Person(name, orcid=entry.orcid, affiliation=entry.affiliation)
        people.update(dict.fromkeys((name, *entry.aliases), person))
    return people
