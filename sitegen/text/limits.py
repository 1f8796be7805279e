"""How much Markdown is too much for the library that reads it. Light, so that sources can be judged when read."""

from __future__ import annotations

import re

MAX_LENGTH = 200_000
MAX_NESTING = 20
# Measured on Python-Markdown 3.11: either is about half a second of its time.
_MAX_INLINE_WORK = 8_000_000
_MAX_BLOCK_WORK = 20_000_000
_BRACKET_WEIGHT = 8
_LINK_WEIGHT = 4
_MAX_SPACES = 400
_MAX_CELLS = 12_000
_DEEP = re.compile(
    rf"^(?:[ \t]*(?:>|(?:[-*+]|\d+\.)(?=[ \t]))){{{MAX_NESTING}}}|^[ \t]{{{4 * MAX_NESTING}}}", re.MULTILINE
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_RUN_END = re.compile(r"\n(?=[ \t]*(?:(?:[-*+]|\d+\.)[ \t]|#))")
_TABLE = re.compile(r"[^\n]*\n[ ]{0,3}\|?[ ]*:?-[ :|-]*(?:\n|\Z)")
_BLOCK_MARK = re.compile(r"^[ \t]*[#>=`~-]", re.MULTILINE)
# Lines of asterisks or underscores alone: the library reads the rest of the block again behind each of them.
_RULE = re.compile(r"^[ ]{0,3}[*_][*_ \t]*$", re.MULTILINE)


def is_too_much(text: str) -> bool:
    """Whether Python-Markdown might take long: its work grows with the square of some things.

    Estimated are the marks in each run of inline text times its length, and the marks at the start of lines
    times the length of their block. No text that a person wrote comes near the limits.
    """
    if len(text) > MAX_LENGTH or " " * _MAX_SPACES in text or _DEEP.search(text):
        return True
    inline = blocks = 0
    for block in _BLANK_LINE.split(text):
        blocks += (len(_BLOCK_MARK.findall(block)) + len(_RULE.findall(block))) * len(block)
        is_table = _TABLE.match(block)
        if is_table and block.count("|") > _MAX_CELLS:
            return True
        runs = block.split("\n") if is_table else _RUN_END.split(block)
        inline += sum([_marks(run) * len(run) for run in runs])
    return inline > _MAX_INLINE_WORK or blocks > _MAX_BLOCK_WORK


def _marks(run: str) -> int:
    return (
        _BRACKET_WEIGHT * run.count("[")
        + _LINK_WEIGHT * run.count("://")
        + sum([run.count(mark) for mark in "`*_<\\&!"])
    )
