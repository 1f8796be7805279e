"""A site's papers while an import adds to them: matched, merged, assigned, and at last written."""

from __future__ import annotations

import codecs
import itertools
from pathlib import Path
from typing import Literal

import msgspec

from sitegen.content.load import Content
from sitegen.content.record import FIELDS
from sitegen.errors import Problem
from sitegen.importers.assign import Assigner
from sitegen.importers.identity import Identities
from sitegen.importers.merge import first_seen, seen_again
from sitegen.importers.record import RecordError, render, revise, write_atomically
from sitegen.importers.report import Kept
from sitegen.model import Appearance, Imported, Paper
from sitegen.urls import segment

Outcome = Literal["new", "merged", "unchanged"]
_KINDS = ("topics", "tags")


class _Slot(msgspec.Struct):
    """One paper. ``before``: as the site has it, ``None`` when it is new; ``kept``: edits by hand left alone."""

    paper: Paper
    before: Paper | None = None
    kept: tuple[str, ...] = ()


class Shelf:
    """All papers of a site. Nothing is written before ``write``."""

    def __init__(self, root: Path, folder: Path, content: Content, assigner: Assigner) -> None:
        self._root = root
        self._folder = folder
        self._assigner = assigner
        self._slots = [_Slot(paper, paper) for paper in content.papers]
        self._identities = Identities(enumerate(content.papers))
        self._met: set[int] = set()
        self._elsewhere: set[str] = set()
        # Files that hold no paper now, because something in them is wrong. They are never written over.
        self._broken = {parsed.name for parsed in content.parsed if not parsed.papers}

    def put(self, paper: Paper, appearance: Appearance) -> tuple[int, Outcome]:
        """Take in one entry of a listing. Returns the paper's position and what happened to it."""
        position = self._identities.find(paper, appearance.listing, self._met)
        if position is None:
            paper = first_seen(msgspec.structs.replace(paper, id=self._identities.free_id(paper)), appearance)
            self._slots.append(_Slot(self._with_terms(paper)))
            position = len(self._slots) - 1
            self._met.add(position)
            self._identities.add(position, self._slots[position].paper)
            return position, "new"
        self._met.add(position)
        slot = self._slots[position]
        if slot.before is not None and not _is_markdown(slot.before):
            self._elsewhere.add(slot.before.source)
            return position, "unchanged"
        merged = seen_again(slot.paper, paper, appearance)
        slot.kept = tuple(dict.fromkeys([*slot.kept, *merged.kept]))
        if merged.paper == slot.paper:
            return position, "unchanged"
        learnt = merged.paper
        if learnt.abstract != slot.paper.abstract:
            learnt = self._reassigned(learnt)
        slot.paper = self._with_terms(learnt)
        self._identities.add(position, slot.paper)
        return position, "merged"

    def reassign(self) -> int:
        """Assign tags and topics of every imported record anew; returns how many records were looked at."""
        slots = [slot for slot in self._slots if slot.paper.imported and slot.before and _is_markdown(slot.before)]
        for slot in slots:
            slot.paper = self._with_terms(self._reassigned(slot.paper))
        return len(slots)

    def kept(self) -> tuple[Kept, ...]:
        """Edits by hand that differ from what a listing said."""
        return tuple(
            sorted(
                (Kept(slot.before.source, slot.kept) for slot in self._slots if slot.kept and slot.before),
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
        for slot in self._slots:
            changed = _changed(slot)
            if not changed:
                continue
            name = slot.before.source if slot.before else self._new_name(slot.paper, claimed)
            claimed.add(name)
            try:
                text = self._text(slot, name, changed)
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

    def _text(self, slot: _Slot, name: str, changed: set[str]) -> str:
        stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        if slot.before is None:
            if name in self._broken:
                raise RecordError("a file of this name is there already and cannot be read")
            return render(slot.paper, stem)
        raw = (self._root / name).read_bytes()
        mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
        try:
            text = raw.removeprefix(mark).decode("utf-8")
        except UnicodeDecodeError:
            raise RecordError("it changed while the import was running") from None
        return mark.decode("utf-8") + revise(text, slot.paper, stem, changed)

    def _with_terms(self, paper: Paper) -> Paper:
        """Topics and tags by rule where the paper has none and nobody took them out."""
        for kind in _KINDS:
            imported = paper.imported or Imported()
            if getattr(paper, kind) or getattr(imported, kind) or kind in imported.fields:
                continue
            terms = self._assigned(paper, kind)
            if terms:
                imported = msgspec.structs.replace(imported, **{kind: terms})
                paper = msgspec.structs.replace(paper, imported=imported, **{kind: terms})
        return paper

    def _reassigned(self, paper: Paper) -> Paper:
        """Topics and tags by rule anew; what a person added stays, what a person took out stays out."""
        for kind in _KINDS:
            imported = paper.imported or Imported()
            present, ruled = getattr(paper, kind), getattr(imported, kind)
            if not {*present} & {*ruled}:
                continue
            wanted = self._assigned(paper, kind)
            removed = [term for term in ruled if term not in present]
            terms = [term for term in present if term in wanted or term not in ruled]
            terms += [term for term in wanted if term not in terms and term not in removed]
            remembered = tuple(dict.fromkeys([*wanted, *removed]))
            imported = msgspec.structs.replace(imported, **{kind: remembered})
            paper = msgspec.structs.replace(paper, imported=imported, **{kind: tuple(terms)})
        return paper

    def _assigned(self, paper: Paper, kind: str) -> tuple[str, ...]:
        return self._assigner.topics(paper) if kind == "topics" else self._assigner.tags(paper)


def _changed(slot: _Slot) -> set[str]:
    """The fields in which the paper differs from its file; all of them when it has none yet."""
    if slot.before is None:
        return {*FIELDS}
    return {field for field in FIELDS if getattr(slot.before, field) != getattr(slot.paper, field)}


def _is_markdown(paper: Paper) -> bool:
    return paper.source.lower().endswith(".md")
