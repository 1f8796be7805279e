"""A site's papers while an import adds to them: matched, merged, assigned, and at last written."""

from __future__ import annotations

import codecs
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from sitegen.content.load import Content
from sitegen.content.record import FIELDS
from sitegen.errors import Problem
from sitegen.importers.auto_tag import AutoTagger
from sitegen.importers.dedupe import KnownPapers, SourceKeys
from sitegen.importers.merge import create, merge
from sitegen.importers.paper_file import RecordError, render, revise, write_atomically
from sitegen.importers.report import Kept
from sitegen.model import Appearance, Imported, Paper
from sitegen.urls import segment

Outcome = Literal["new", "merged", "unchanged"]
_KINDS = ("topics", "tags")


class _Stored(msgspec.Struct):
    """One paper. ``before``: as the site has it, ``None`` when it is new; ``kept``: edits by hand left alone."""

    paper: Paper
    before: Paper | None = None
    kept: tuple[str, ...] = ()


class PaperStore:
    """All papers of a site. Nothing is written before ``write``."""

    def __init__(self, root: Path, folder: Path, content: Content, tagger: AutoTagger) -> None:
        self._root = root
        self._folder = folder
        self._tagger = tagger
        self._stored = [_Stored(paper, paper) for paper in content.papers]
        self._known = KnownPapers(enumerate(content.papers))
        self._met: set[int] = set()
        self._ruled: tuple[str, ...] = _KINDS
        self._elsewhere: set[str] = set()
        # Files that hold no paper now, because something in them is wrong. They are never written over.
        self._broken = {parsed.name for parsed in content.parsed if not parsed.papers}

    def fit(self, papers: Sequence[Paper]) -> tuple[int, int]:
        """Papers of a list that bring no topic, and of these those that are plainly about one of the site's."""
        return self._tagger.fit(papers)

    def upsert(
        self, paper: Paper, appearance: Appearance, source: SourceKeys, *, topics_by_rule: bool = True
    ) -> tuple[int, Outcome]:
        """Take in one entry of a listing. Returns the paper's position and what happened to it."""
        self._ruled = _KINDS if topics_by_rule else ("tags",)
        position, outcome = self._upsert(paper, appearance, source)
        source.shown(position, paper)
        return position, outcome

    def _upsert(self, paper: Paper, appearance: Appearance, source: SourceKeys) -> tuple[int, Outcome]:
        position = self._known.find(paper, appearance.listing, source, self._met)
        if position is None:
            paper = create(msgspec.structs.replace(paper, id=self._known.free_id(paper)), appearance)
            self._stored.append(_Stored(self._tagged(paper)))
            position = len(self._stored) - 1
            self._met.add(position)
            self._known.add(position, self._stored[position].paper)
            return position, "new"
        self._met.add(position)
        one = self._stored[position]
        if one.before is not None and not _is_markdown(one.before):
            self._elsewhere.add(one.before.source)
            return position, "unchanged"
        merged = merge(one.paper, paper, appearance)
        one.kept = tuple(dict.fromkeys([*one.kept, *merged.kept]))
        if merged.paper == one.paper:
            return position, "unchanged"
        learnt = merged.paper
        if learnt.abstract != one.paper.abstract:
            learnt = self._tagged_anew(learnt)
        one.paper = self._tagged(learnt)
        self._known.add(position, one.paper)
        return position, "merged"

    def reassign(self) -> int:
        """Assign tags and topics of every imported record anew; returns how many records were looked at."""
        stored = [one for one in self._stored if one.paper.imported and one.before and _is_markdown(one.before)]
        for one in stored:
            one.paper = self._tagged(self._tagged_anew(one.paper))
        return len(stored)

    def kept(self) -> tuple[Kept, ...]:
        """Edits by hand that differ from what a listing said."""
        return tuple(
            sorted(
                (Kept(one.before.source, one.kept) for one in self._stored if one.kept and one.before),
                key=lambda kept: kept.record,
            )
        )

    def elsewhere(self) -> tuple[str, ...]:
        """Sources of known papers that an import does not write."""
        return tuple(sorted(self._elsewhere))

    def write(self, *, dry_run: bool = False) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
        """Write what is new or changed. Returns the files, and problems with those that could not be written."""
        written: list[str] = []
        problems: list[Problem] = []
        claimed: set[str] = set()
        for one in self._stored:
            changed = _changed(one)
            if not changed:
                continue
            name = one.before.source if one.before else self._new_name(one.paper, claimed)
            claimed.add(name)
            try:
                text = self._text(one, name, changed)
                if not dry_run:
                    write_atomically(self._root / name, text)
                written.append(name)
            except RecordError as error:
                problems.append(Problem(source=name, message=f"not imported: {error}", hint="correct the file"))
            except OSError as error:
                problems.append(Problem(source=name, message=f"cannot be written: {error.strerror}"))
        return tuple(sorted(written)), tuple(problems)

    def _new_name(self, paper: Paper, claimed: set[str]) -> str:
        folder = self._folder.relative_to(self._root).as_posix()
        stem = segment(paper.id)
        for suffix in itertools.chain([""], (f"-{number}" for number in itertools.count(2))):
            name = f"{folder}/{stem}{suffix}.md"
            if name in self._broken or (name not in claimed and not (self._root / name).exists()):
                break
        return name

    def _text(self, one: _Stored, name: str, changed: set[str]) -> str:
        stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        if one.before is None:
            if name in self._broken:
                raise RecordError("a file of this name is there already and cannot be read")
            return render(one.paper, stem)
        raw = (self._root / name).read_bytes()
        mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
        try:
            text = raw.removeprefix(mark).decode("utf-8")
        except UnicodeDecodeError:
            raise RecordError("it changed while the import was running") from None
        return mark.decode("utf-8") + revise(text, one.paper, stem, changed)

    def _tagged(self, paper: Paper) -> Paper:
        """Topics and tags by rule where the paper has none and nobody took them out."""
        for kind in self._ruled:
            imported = paper.imported or Imported()
            if getattr(paper, kind) or getattr(imported, kind) or kind in imported.fields:
                continue
            terms = self._terms(paper, kind)
            if terms:
                imported = msgspec.structs.replace(imported, **{kind: terms})
                paper = msgspec.structs.replace(paper, imported=imported, **{kind: terms})
        return paper

    def _tagged_anew(self, paper: Paper) -> Paper:
        """Topics and tags by rule anew; what a person added stays, what a person took out stays out."""
        for kind in _KINDS:
            imported = paper.imported or Imported()
            present, ruled = getattr(paper, kind), getattr(imported, kind)
            if not {*present} & {*ruled}:
                continue
            wanted = self._terms(paper, kind)
            removed = [term for term in ruled if term not in present]
            terms = [term for term in present if term in wanted or term not in ruled]
            terms += [term for term in wanted if term not in terms and term not in removed]
            remembered = tuple(dict.fromkeys([*wanted, *removed]))
            imported = msgspec.structs.replace(imported, **{kind: remembered})
            paper = msgspec.structs.replace(paper, imported=imported, **{kind: tuple(terms)})
        return paper

    def _terms(self, paper: Paper, kind: str) -> tuple[str, ...]:
        return self._tagger.topics(paper) if kind == "topics" else self._tagger.tags(paper)


def _changed(one: _Stored) -> set[str]:
    """The fields in which the paper differs from its file; all of them when it has none yet."""
    if one.before is None:
        return {*FIELDS}
    return {field for field in FIELDS if getattr(one.before, field) != getattr(one.paper, field)}


def _is_markdown(paper: Paper) -> bool:
    return paper.source.lower().endswith(".md")
