"""All sources of a site -> ``Content``. Collects every problem and never stops at the first."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import force_setattr

from sitegen.content import jsonl, vocabulary
from sitegen.content.files import Signature, SourceFile, read_marked, read_text, stem_of, walk
from sitegen.content.frontmatter import split
from sitegen.content.record import FIELDS, UNKNOWN_KEY, paper_from, papers_from
from sitegen.content.unread_files import SOURCE_FOLDERS, unread_files
from sitegen.errors import Problem
from sitegen.model import Page, Paper, Person, StaticFile, Vocabulary
from sitegen.urls import segment, segments

# Files below this many are read in this process: starting workers would cost more than it saves.
PARALLEL_FROM = 400

Mapper = Callable[[Callable[[bytes], bytes], Sequence[bytes]], Iterable[bytes]]
Macros = Mapping[str, str]


class Parsed(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one source file holds, and the signature it had when it was read.

    Attributes:
        macros: what a bibliography's ``@string`` define. ``undefined``: macros that it uses and does not define.
        given: macros from elsewhere with which it was read.
    """

    name: str
    signature: Signature
    papers: tuple[Paper, ...] = ()
    problems: tuple[Problem, ...] = ()
    macros: dict[str, str] = {}
    undefined: tuple[str, ...] = ()
    given: dict[str, str] = {}


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a site's sources say, before it is sorted and linked.

    Attributes:
        parsed: paper sources by name. ``papers``: theirs, in order of source name and line.
        people: every known spelling of an author's name -> the person.
        problems: of all sources, sorted.
        read: how many paper sources were read anew rather than taken from before.
    """

    parsed: tuple[Parsed, ...]
    papers: tuple[Paper, ...]
    topics: tuple[Vocabulary, ...]
    tags: tuple[Vocabulary, ...]
    people: dict[str, Person]
    pages: tuple[Page, ...]
    static: tuple[StaticFile, ...]
    problems: tuple[Problem, ...]
    read: int


def load(
    root: Path,
    folder: str,
    *,
    files: Sequence[SourceFile] | None = None,
    problems: Sequence[Problem] = (),
    previous: Mapping[str, Parsed] | None = None,
    static_digests: Mapping[str, tuple[Signature, bytes]] | None = None,
    macros: Macros = {},  # noqa: B006 (it is not changed)
    mapper: Mapper = map,
) -> Content:
    """Read the sources below one folder of a site.

    Args:
        root: the site folder; names in problems are relative to it.
        folder: the folder of sources, relative to it.
        files, problems: all files in there and what was wrong on the way, if the caller has walked it already.
        previous: what an earlier run read, by name; used where the signature is the same.
        static_digests: likewise for static files.
        macros: BibTeX's, from the settings.
        mapper: applies the reader to chunks of files, perhaps in other processes; keeps their order.
    """
    problems = list(problems)
    folders, unread = _source_folders(folder, walk(root, root / folder, problems) if files is None else files)
    problems += unread_files(folder, unread)
    parsed, read = _read_papers(folders["papers"], previous or {}, macros, mapper)
    papers = [paper for source in parsed for paper in source.papers]
    problems += once_a_key([problem for source in parsed for problem in source.problems])
    problems += _same_ids(papers)
    problems += _taken_aliases(papers)
    topics = _each(vocabulary.read_topic, folders["topics"], problems)
    problems += vocabulary.same_labels(topics)
    pages = _each(vocabulary.read_page, folders["pages"], problems)
    data = {file.name.rpartition("/")[2]: file for file in folders["data"]}
    tags, tag_problems = vocabulary.read_tags(data["tags.yaml"]) if "tags.yaml" in data else ([], [])
    authors, author_problems = vocabulary.read_authors(data["authors.yaml"]) if "authors.yaml" in data else ({}, [])
    static = _each(lambda file: _static(file, f"{folder}/static/", static_digests or {}), folders["static"], problems)
    return Content(
        parsed=tuple(parsed),
        papers=tuple(papers),
        topics=tuple(sorted(topics, key=lambda topic: (topic.order, topic.label))),
        tags=tuple(tags),
        people=vocabulary.canonical_people(authors),
        pages=tuple(sorted(pages, key=lambda page: (page.order, page.title))),
        static=tuple(static),
        problems=tuple(sorted(problems + tag_problems + author_problems, key=_place)),
        read=read,
    )


def read_packed(files: bytes) -> bytes:
    """Read and validate some paper sources: packed ``list[SourceFile]`` in, packed ``list[Parsed]`` out.

    A pure function of the files, so it can run in any process; packed, because that travels cheaply.
    """
    sources = msgspec.msgpack.decode(files, type=list[SourceFile])
    return msgspec.msgpack.encode([read_source(file) for file in sources])


def _read_papers(
    files: Sequence[SourceFile], previous: Mapping[str, Parsed], macros: Macros, mapper: Mapper
) -> tuple[list[Parsed], int]:
    """Each source, from before where it is the same, and how many were read anew."""
    common = _Common()
    taken = [
        known if (known := previous.get(file.name)) is not None and known.signature == file.signature else None
        for file in files
    ]
    todo = [file for file, known in zip(files, taken, strict=True) if known is None]
    anew = _read_anew(todo, mapper)
    parsed = [known or next(anew) for known in taken]
    return [common.of(source) for source in _with_macros(parsed, files, macros)], len(todo)


def _with_macros(parsed: Sequence[Parsed], files: Sequence[SourceFile], macros: Macros) -> Iterator[Parsed]:
    """The sources, bibliographies read again with the macros that they use and others define."""
    everywhere = dict(macros)
    for source in parsed:
        everywhere |= source.macros
    for source, file in zip(parsed, files, strict=True):
        if file.suffix == ".bib":
            given = dict(macros) | {name: everywhere[name] for name in source.undefined if name in everywhere}
            if given != source.given:
                yield read_source(file, given)
                continue
        yield source


def _read_anew(files: Sequence[SourceFile], mapper: Mapper) -> Iterator[Parsed]:
    if len(files) < PARALLEL_FROM:
        yield from map(read_source, files)
        return
    chunks = [msgspec.msgpack.encode(files[i : i + 200]) for i in range(0, len(files), 200)]
    decoder = msgspec.msgpack.Decoder(list[Parsed])
    for packed in mapper(read_packed, chunks):
        yield from decoder.decode(packed)


class _Common:
    """Authors and labels that papers have in common, and a paper's slug that is its id, each kept once: a large site
    takes less memory, and what is the same object need not be compared."""

    def __init__(self) -> None:
        self._authors: dict[Person, Person] = {}
        self._labels: dict[str, str] = {}

    def of(self, source: Parsed) -> Parsed:
        author, label = self._authors.setdefault, self._labels.setdefault
        for paper in source.papers:
            force_setattr(paper, "authors", tuple([author(person, person) for person in paper.authors]))
            force_setattr(paper, "topics", tuple([label(topic, topic) for topic in paper.topics]))
            force_setattr(paper, "tags", tuple([label(tag, tag) for tag in paper.tags]))
            if paper.slug == paper.id:
                force_setattr(paper, "slug", paper.id)
        return source


def read_source(file: SourceFile, macros: Macros = {}) -> Parsed:  # noqa: B006 (it is not changed)
    """Read and validate one paper source; ``macros``: BibTeX's, from elsewhere."""
    text = read_text(file)
    if isinstance(text, Problem) and file.suffix in _OF_MANY:
        text = read_marked(file)
    if isinstance(text, Problem):
        return Parsed(file.name, file.signature, (), (text,))
    if file.suffix == ".bib":
        return _read_bibtex(file, text, macros)
    papers, problems = _READERS[file.suffix](text, file.name)
    return Parsed(file.name, file.signature, tuple(papers), tuple(problems))


def _read_markdown(text: str, source: str) -> tuple[list[Paper], list[Problem]]:
    matter = split(text, source)
    if isinstance(matter, Problem):
        return [], [matter]
    fields, body = matter.fields, matter.body
    problems: list[Problem] = []
    foreign = False
    if any(key not in FIELDS for key in fields):
        from sitegen.importers.front_matter import is_foreign, own_fields

        if foreign := is_foreign(fields):
            fields, body, problems = own_fields(matter, source)
    paper, found = paper_from(
        fields,
        source,
        line=matter.first_line,
        body=body,
        default_id=stem_of(source),
        forgiving=foreign,
    )
    told = [
        msgspec.structs.replace(problem, line=matter.line_of(problem.field or "")) for problem in (*problems, *found)
    ]
    return [paper] if paper else [], [*matter.problems, *told]


def _read_bibtex(file: SourceFile, text: str, macros: Macros) -> Parsed:
    # Few sites have BibTeX, and LaTeX's tables are slow to load.
    from sitegen.content.bibtex import read_bibtex

    read = read_bibtex(text, file.name, macros)
    papers, problems = papers_from(read.records, read.problems, file.name)
    undefined = tuple(sorted(read.undefined))
    return Parsed(file.name, file.signature, tuple(papers), tuple(problems), read.macros, undefined, given=dict(macros))


def _read_foreign(text: str, source: str) -> tuple[list[Paper], list[Problem]]:
    # Few sites have such files, and what reads them is the importers', which load content themselves.
    from sitegen.importers.formats import read_in_place

    return read_in_place(text, source)


_READERS: dict[str, Callable[[str, str], tuple[list[Paper], list[Problem]]]] = {
    **dict.fromkeys((".md", ".markdown", ".qmd"), _read_markdown),
    ".jsonl": jsonl.read_papers,
    **dict.fromkeys((".ris", ".nbib", ".csv", ".tsv", ".json", ".yaml", ".yml", ".xml"), _read_foreign),
}
PAPER_SUFFIXES = (".bib", *_READERS)
# Files of many papers, of which one that is no text must not cost the others.
_OF_MANY = frozenset({".bib", ".jsonl", ".json"})
# Hugo's pages about a section.
_NO_PAPER = "_index.md"
_name = attrgetter("name")


def _source_folders(folder: str, files: Sequence[SourceFile]) -> tuple[dict[str, list[SourceFile]], list[SourceFile]]:
    """The files to read below each folder of the content folder, and those that nothing reads.

    Args:
        files: sorted by name.
    """
    folders: dict[str, list[SourceFile]] = {}
    unread: list[SourceFile] = []
    rest = 0
    for own_folder in sorted(SOURCE_FOLDERS):
        prefix = f"{folder}/{own_folder}/"
        begin = bisect_left(files, prefix, rest, key=_name)
        # The first name that can follow all those below a folder ends in what follows the slash.
        end = bisect_left(files, prefix[:-1] + chr(ord("/") + 1), begin, key=_name)
        unread += files[rest:begin]
        own = [file for file in files[begin:end] if own_folder != "papers" or file.name.rpartition("/")[2] != _NO_PAPER]
        folders[own_folder] = [file for file in own if _is_read(own_folder, file)]
        if len(folders[own_folder]) < len(own):
            unread += [file for file in own if not _is_read(own_folder, file)]
        rest = end
    return folders, [*unread, *files[rest:]]


def _is_read(own_folder: str, file: SourceFile) -> bool:
    if own_folder == "papers":
        return file.name.lower().endswith(PAPER_SUFFIXES)
    if own_folder == "data":
        return file.name.rpartition("/")[2] in ("tags.yaml", "authors.yaml", "fetched.yaml", "sent.tsv")
    return own_folder == "static" or file.name.lower().endswith(".md")


def _each(read: Callable[[SourceFile], Any], files: Iterable[SourceFile], problems: list[Problem]) -> list[Any]:
    results = [read(file) for file in files]
    problems += [result for result in results if isinstance(result, Problem)]
    return [result for result in results if not isinstance(result, Problem)]


def _static(file: SourceFile, prefix: str, known: Mapping[str, tuple[Signature, bytes]]) -> StaticFile | Problem:
    before = known.get(file.name)
    if before is not None and before[0] == file.signature:
        digest = before[1]
    else:
        try:
            digest = hashlib.blake2b(file.read_bytes(), digest_size=16).digest()
        except OSError as error:
            return Problem(source=file.name, message=f"cannot be read: {error.strerror}")
    return StaticFile(path=file.name.removeprefix(prefix), source=file.name, digest=digest)


def once_a_key(problems: Iterable[Problem]) -> list[Problem]:
    """Warnings of a field that no paper has, which other generators' files share: once a key, with how many files."""
    kept: list[Problem] = []
    by_key: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.severity == "warning" and problem.message == UNKNOWN_KEY and problem.field:
            by_key.setdefault(problem.field, []).append(problem)
        else:
            kept.append(problem)
    for found in by_key.values():
        others = {problem.source for problem in found} - {found[0].source}
        message = f"{UNKNOWN_KEY}, here and in {len(others)} more" if others else UNKNOWN_KEY
        kept.append(msgspec.structs.replace(found[0], message=message))
    return kept


def _same_ids(papers: Iterable[Paper]) -> list[Problem]:
    first: dict[str, Paper] = {}
    problems = []
    for paper in papers:
        other = first.setdefault(paper.id, paper)
        if other is not paper:
            place = other.source if other.line is None else f"{other.source}:{other.line}"
            problems.append(
                Problem(
                    source=paper.source,
                    line=paper.line,
                    field="id",
                    message=f"{paper.id!r} is also the id of {place}",
                    hint="give one of them an 'id' of its own",
                )
            )
    return problems


def _taken_aliases(papers: Sequence[Paper]) -> list[Problem]:
    """An error for each former address that is another paper's; it leads nowhere else."""
    if not any(paper.aliases for paper in papers):
        return []
    owners: dict[str, Paper] = {}
    for paper, own in zip(papers, segments([paper.slug or paper.id for paper in papers]), strict=True):
        owners.setdefault(own, paper)
    problems = []
    for paper in papers:
        for alias in paper.aliases:
            other = owners.setdefault(segment(alias), paper)
            if other.id != paper.id:
                message = f"{alias!r} is the address of {other.source}, and does not lead here"
                hint = "take it out, or rename one"
                problems.append(
                    Problem(source=paper.source, line=paper.line, field="aliases", message=message, hint=hint)
                )
    return problems


def _place(problem: Problem) -> tuple[str, int, str, str]:
    return (problem.source, problem.line or 0, problem.field or "", problem.message)
