r"""YAML that means something else than its writer thinks, told with the mend.

``"\nabla"`` in double quotes is a line feed and "abla", an unquoted value ends at `` #``, and ``Null`` is no text.
"""

from __future__ import annotations

import re

from sitegen.errors import Problem

MOST = 20
"""Warnings of one file; one that has more is wrong all over."""

# Commands of LaTeX that begin with a letter which YAML reads as an escape behind a backslash.
_COMMAND = re.compile(
    r"\\(?:nabla|nu|neq?|neg|notin|tau|theta|times|text[a-z]*|tilde|to|top|tan|beta|bar|bf|begin|bmod|big|binom|rho|right|"
    r"rangle|rm|frac|forall|alpha|approx|ast|eta|epsilon|exists|ell|equiv|emph|vec|var[a-z]+|vee)(?![A-Za-z])"
)
_DOUBLE_QUOTED = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_ESCAPED_BACKSLASH = re.compile(r"\\\\")
_CUT = re.compile(
    r"^(?P<field>[A-Za-z_]+):[ \t]+[^\s\"'\[{|>#&*!%@`][^\n]*?(?<=[^ \t])(?P<lost>[ \t]++#(?!#)\S[^\n]*)$", re.MULTILINE
)
_NULL_TITLE = re.compile(r"^title:[ \t]*(null|Null|NULL)[ \t]*$", re.MULTILINE)


def slips(head: str, source: str, first_line: int) -> list[Problem]:
    """Warnings for a front matter's text."""
    found: list[tuple[int, str | None, str, str]] = []
    if "\\" in head and '"' in head:
        for quoted in _DOUBLE_QUOTED.finditer(head):
            if command := _COMMAND.search(_ESCAPED_BACKSLASH.sub("  ", quoted[0])):
                message = f"{command[0]!r} in double quotes is no LaTeX: YAML reads {command[0][:2]!r} as one character"
                found.append((quoted.start(), _field_at(head, quoted.start()), message, "use single quotes"))
                if len(found) == MOST:
                    break
    if " #" in head or "\t#" in head:
        for cut in _CUT.finditer(head):
            message = f"ends before {cut['lost'].strip()[:40]!r}, which is a comment in YAML"
            found.append((cut.start(), cut["field"], message, "put the value in quotes"))
    if null := _NULL_TITLE.search(head):
        found.append(
            (null.start(), "title", f"{null[1]!r} means nothing in YAML; taken as the title", "put it in quotes")
        )
    return [
        Problem(
            source=source,
            line=first_line + head.count("\n", 0, position),
            field=field,
            message=message,
            hint=hint,
            severity="warning",
        )
        for position, field, message, hint in found[:MOST]
    ]


def title_that_is_null(head: str) -> str | None:
    """The title as typed where it is one of YAML's words for nothing."""
    found = _NULL_TITLE.search(head)
    return found[1] if found else None


def _field_at(head: str, position: int) -> str | None:
    names = re.findall(r"^([A-Za-z_]+):", head[: position + 1], re.MULTILINE)
    return names[-1] if names else None
