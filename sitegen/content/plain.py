"""Plain text, as listings and bibliographies hold abstracts -> Markdown that reads the same.

Pages show HTML and stray LaTeX as typed or better, so little is left to do: a lone asterisk or a name such as
``__init__`` must not become emphasis, and a paragraph must not become a heading or a list. Emphasis by asterisks
and code that the authors marked, and math, stay.
"""

from __future__ import annotations

import re

_KEPT = re.compile(
    r"(\$(?:\\.|[^$\\\n])+\$|\\\*|(?<![\w^*\\])\*{1,2}(?=[^\s*])[^*\n]{0,200}[^\s*]\*{1,2}(?![\w*])|`[^`\n]+`)"
)
_WORD_START = re.compile(r"(?<![\w\\])_+(?=\w)")
_BLOCK = re.compile(r"^(?:(#)|([-+](?=\s|[->])|>)|(\d{1,9})([.)])(?=\s))", re.MULTILINE)


def to_markdown(text: str) -> str:
    """Escape what Markdown would take for markup by mistake, and nothing else."""
    parts = _KEPT.split(text)
    parts[::2] = [_WORD_START.sub(lambda run: "\\_" * len(run[0]), part.replace("*", "\\*")) for part in parts[::2]]
    return _BLOCK.sub(_escaped, "".join(parts))


def _escaped(found: re.Match[str]) -> str:
    if found[1]:
        return "&#35;"  # "\#" is LaTeX for the same sign, and is read as that first
    return f"\\{found[2]}" if found[2] else f"{found[3]}\\{found[4]}"
