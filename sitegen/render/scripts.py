"""The client's modules as they are published: without the comments, which are a third of their bytes."""

from __future__ import annotations


def without_comments(source: str) -> str:
    """A module without the comments that stand on lines of their own.

    Only whole lines are looked at, and nothing is parsed: our modules hold no line that begins like a comment
    and is none, in a template string for one, and a test runs them as they come out of here.
    """
    kept, inside = [], False
    for line in source.splitlines():
        text = line.strip()
        if inside or text.startswith("/*"):
            inside = not text.endswith("*/")
        elif text and not text.startswith("//"):
            kept.append(line)
    return "\n".join(kept) + "\n"
