"""Which lines of plain text are titles and which are abstracts.

A run of lines is a sequence of papers, each a title and then, as a rule, one line of abstract. Copies break
the rule both ways (titles alone; abstracts in paragraphs or wrapped lines), so the reading is chosen as a
whole: every line gets a role, every role has a price for a line that does not look the part, every unusual
order of roles has a price, and the cheapest reading wins (Viterbi's algorithm).
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Sequence
from typing import Literal

import msgspec

Role = Literal["title", "abstract", "more", "signature"]

_ENDED = re.compile(r"[.!?…:;。？！][\"'”’)\]}]*$")
_SENTENCES = re.compile(r"[.!?] [A-Z]")
_BARE_TITLE = 3.0
_PARAGRAPH = 3.0
_WRAPPED = 0.7
_UNENDED = 7.0
_UNENDED_EXPECTED = 4.0
_IMPOSSIBLE = math.inf


class Line(msgspec.Struct, frozen=True):
    """One line with its number in the source; ``gap``: a blank line stands above it."""

    number: int
    text: str
    gap: bool = False


class PaperText(msgspec.Struct, frozen=True):
    """One paper: the line of its title, its abstract in paragraphs, and who signs for it where that is told."""

    line: int
    title: str
    paragraphs: tuple[str, ...] = ()
    signature: str = ""


def classify_lines(
    lines: Sequence[Line], *, closed: bool = False, signed: bool = False, abstracts: bool = False
) -> list[PaperText]:
    """The papers of one run of lines; every line is part of exactly one of them.

    Args:
        lines: without blank ones.
        closed: lines that only stand below an abstract follow, so the run hardly ends in a title.
        signed: the last line may name an organisation instead of being part of an abstract.
        abstracts: the text is known to show abstracts, so that short ones are believed more easily.
    """
    if not lines:
        return []
    unended = _UNENDED_EXPECTED if abstracts or _alternates(lines) else _UNENDED
    roles = _roles(lines, closed=closed, signed=signed, unended=unended)
    spaced = _spaced(lines)
    starts = [position for position, role in enumerate(roles) if role == "title"]
    return [
        _paper_text(lines[start:end], roles[start:end], spaced=spaced)
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
    ]


def _paper_text(lines: Sequence[Line], roles: Sequence[Role], *, spaced: bool) -> PaperText:
    """One paper from its lines, the first of which is its title."""
    signature = lines[-1].text if roles[-1] == "signature" else ""
    paragraphs: list[list[str]] = []
    for line, role in zip(lines[1:], roles[1:], strict=True):
        if role == "more" and spaced and not line.gap:
            paragraphs[-1].append(line.text)
        elif role != "signature":
            paragraphs.append([line.text])
    return PaperText(lines[0].number, lines[0].text, tuple(map(" ".join, paragraphs)), signature)


def _spaced(lines: Sequence[Line]) -> bool:
    """Whether blank lines part the blocks of this text, so that lines without one belong together."""
    return any(line.gap for line in lines[1:])


def _alternates(lines: Sequence[Line]) -> bool:
    """Whether every second line is much longer than the others, as abstracts are."""
    if len(lines) % 2:
        return False
    odd, even = (statistics.median(len(line.text) for line in lines[start::2]) for start in (0, 1))
    return even > 1.5 * odd


def _roles(lines: Sequence[Line], *, closed: bool, signed: bool, unended: float) -> list[Role]:
    spaced = _spaced(lines)
    wraps = [spaced and not below.gap for below in lines[1:]] + [False]
    cost: dict[Role, float] = {"title": _price("title", lines[0].text)}
    steps: list[dict[Role, Role]] = []
    for position, line in enumerate(lines[1:], 1):
        last = position == len(lines) - 1
        roles: tuple[Role, ...] = ("title", "abstract", "more")
        if signed and last:
            roles += ("signature",)
        best: dict[Role, tuple[float, Role]] = {}
        for role in roles:
            price = _price(role, line.text, wraps=wraps[position], unended=unended)
            best[role] = min(
                (before + price + _step(previous, role, line, spaced=spaced), previous)
                for previous, before in cost.items()
            )
        steps.append({role: previous for role, (_, previous) in best.items()})
        cost = {role: total for role, (total, _) in best.items()}
    if "title" in cost:
        cost["title"] += _BARE_TITLE + (2 if closed else 0)
    role = min(cost, key=lambda role: cost[role])
    roles_backwards: list[Role] = [role]
    for step in reversed(steps):
        role = step[role]
        roles_backwards.append(role)
    return roles_backwards[::-1]


def _price(role: Role, text: str, *, wraps: bool = False, unended: float = 0.0) -> float:
    """How little a line looks like its role. One that ``wraps`` goes on in the line below; ``unended`` is the
    price of a short abstract that does not end like a sentence."""
    length = len(text)
    ended = bool(_ENDED.search(text))
    if role == "title":
        price = 30.0 if length > 300 else 6.0 if length > 250 else 0.0
        if text.endswith(".") and not text.endswith(".."):
            price += 3.0 if length > 60 else 1.5
        return price + (2.0 if len(_SENTENCES.findall(text)) > 1 else 0.0)
    if role == "abstract":
        if wraps:
            return 1.0
        if not ended:
            return 1.5 if length > 150 else unended
        return 2.0 if length < 40 else 1.0 if length < 120 else 0.0
    if role == "signature":
        return 0.5 if length <= 100 and not text.endswith(".") else 12.0
    return 0.0


def _step(previous: Role, role: Role, line: Line, *, spaced: bool) -> float:
    """How unusual it is for one role to follow another."""
    wrapped = spaced and not line.gap
    match previous, role:
        case ("title", "title"):
            return _BARE_TITLE
        case ("title", "abstract"):
            return 0.0
        case ("title", "signature"):
            return _BARE_TITLE
        case ("title", "more") | ("signature", _):
            return _IMPOSSIBLE
        case (_, "abstract"):
            return _IMPOSSIBLE
        case (_, "more"):
            return _WRAPPED if wrapped else _PARAGRAPH
        case (_, "title"):
            return 2.0 if wrapped else 0.0
        case _:
            return 0.0
