"""What the preview itself says in the browser: the page of problems, and the script that reloads."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Sequence
from pathlib import Path

from sitegen.errors import Problem

PREFIX = "/__sitegen/"
LAST = "/__sitegen/last/"
# Names all files of the search index by their content, so it changes whenever anything in there does.
INDEX = "search/manifest.json"
FILES = {name: Path(__file__).with_name(name) for name in ("reload.js", "problems.css")}
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'"


def digest_of(page: bytes) -> str:
    """Short text that differs for different pages."""
    return hashlib.blake2b(page, digest_size=8).hexdigest()


def with_reload(page: bytes, index: str, version: str) -> bytes:
    """The page with a script that reloads it when a newer build than ``version`` made another page of it, or, where
    it searches, another than the present ``index``."""
    query = f"version={version}&amp;page={digest_of(page)}&amp;index={index}"
    tag = f'<script type="module" src="{PREFIX}reload.js?{query}"></script>'.encode()
    at = page.lower().rfind(b"</body")
    return page + tag if at < 0 else page[:at] + tag + page[at:]


def problem_page(problems: Sequence[Problem], root: Path, last: str | None) -> bytes:
    """A page that shows each problem with the line it points at.

    Args:
        root: the folder that the problems' sources are relative to.
        last: where the reader finds the site as last built, if it was ever built.
    """
    count = len(problems)
    title = "One problem in this site" if count == 1 else f"{count} problems in this site"
    go_on = f'<p><a href="{html.escape(last)}">Show the page as last built</a></p>' if last else ""
    items = "\n".join(f"<li>{_item(problem, root)}</li>" for problem in problems)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{PREFIX}problems.css">
<title>{title}</title>
</head>
<body>
<main>
<h1>{title}</h1>
<p>This page goes away by itself as soon as they are mended and saved.</p>
<ol>
{items}
</ol>
{go_on}
</main>
</body>
</html>
""".encode("utf-8", "replace")


def _item(problem: Problem, root: Path) -> str:
    place = problem.source if problem.line is None else f"{problem.source}:{problem.line}"
    field = f"<strong>{html.escape(problem.field)}</strong>: " if problem.field else ""
    hint = f'<p class="hint">{html.escape(problem.hint)}</p>' if problem.hint else ""
    excerpt = _excerpt(root / problem.source, problem.line)
    return f"<code>{html.escape(place)}</code><p>{field}{html.escape(problem.message)}</p>{hint}{excerpt}"


def _excerpt(file: Path, line: int | None, around: int = 2) -> str:
    """The line in question among its neighbours; nothing when the file cannot be read."""
    if line is None:
        return ""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    rows = []
    for number in range(max(1, line - around), min(len(lines), line + around) + 1):
        text = f"{number:>5}  {html.escape(lines[number - 1][:200])}"
        rows.append(f"<mark>{text}</mark>" if number == line else text)
    return "<pre>" + "\n".join(rows) + "</pre>" if rows else ""
