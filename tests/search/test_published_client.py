"""The client's modules work as they are published, which is without their comments."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sitegen
from sitegen.render.scripts import without_comments

CLIENT = Path(sitegen.__file__).parent / "client"


def test_modules_without_comments_answer_alike(site: Path, node: Callable[..., Any], tmp_path: Path) -> None:
    published = tmp_path / "sitegen" / "client"
    published.mkdir(parents=True)
    shutil.copytree(Path(__file__).parents[1] / "js", tmp_path / "tests" / "js")
    shutil.copy(CLIENT / "package.json", published)
    for module in CLIENT.glob("*.js"):
        (published / module.name).write_text(without_comments(module.read_text(encoding="utf-8")), encoding="utf-8")
    typed = ["graph netw", "topic:robotics", "langauge ", "sparse -model", "title:graph^3 +model~1"]
    given = [{"text": text, "options": {"syntax": syntax}} for text in typed for syntax in ("box", "lunr")]
    bare = node(tmp_path / "tests" / "js" / "answers.mjs", site, given=given)
    assert bare == node("answers.mjs", site, given=given)


def test_nothing_but_comments_and_empty_lines_is_left_out() -> None:
    source = "// one\n/** two\n * three */\nconst a = 'x' // kept\n\n  /* four */\n  b()\n"
    assert without_comments(source) == "const a = 'x' // kept\n  b()\n"


def test_pages_are_inflated_alike_where_the_browser_cannot(site: Path, node: Callable[..., Any]) -> None:
    files = sorted((site / "search").rglob("*.bin"))
    assert all(node("inflate.mjs", *files))
