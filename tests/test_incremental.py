"""Random edits between builds: whatever happened before, the output is that of a clean build."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, rule
from site_maker import paper, write_files

from sitegen.build import BuildOptions, build
from sitegen.config import load_config

WORDS = st.sampled_from(["graphs", "trees", "speech", "C++", "Ünïcode", "*starred*", "$x^2$"])
DATES = st.sampled_from(["2023-12-31", "2024-01-01", "2024-05-02", "2025-01-05", None])
LABELS = st.lists(st.sampled_from(["one", "One", "two", "C++", "C#"]), max_size=3, unique=True)
CONFIGS = st.sampled_from(
    [
        "title: Papers\n",
        "title: Renamed\n",
        "title: Papers\nlists: {per_page: 2}\n",
        "title: Papers\nrelated: {count: 0}\n",
        "title: Papers\nfeeds: {limit: 1}\n",
    ]
)


class Edits(RuleBasedStateMachine):
    papers = Bundle("papers")

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.root = write_files(self.folder / "site", {"sitegen.yaml": "title: Papers\n"})
        self.count = 0

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @rule(target=papers, words=st.lists(WORDS, min_size=1, max_size=4), date=DATES, tags=LABELS, topics=LABELS)
    def add_paper(self, words: list[str], date: str | None, tags: list[str], topics: list[str]) -> str:
        self.count += 1
        name = f"content/papers/p{self.count}.md"
        self._write(name, words, date, tags, topics)
        return name

    @rule(name=papers, words=st.lists(WORDS, min_size=1, max_size=4), date=DATES, tags=LABELS, topics=LABELS)
    def edit_paper(self, name: str, words: list[str], date: str | None, tags: list[str], topics: list[str]) -> None:
        self._write(name, words, date, tags, topics)

    @rule(target=papers, name=consumes(papers))
    def rename_paper(self, name: str) -> str:
        self.count += 1
        new = f"content/papers/r{self.count}.md"
        (self.root / name).rename(self.root / new)
        return new

    @rule(name=consumes(papers))
    def delete_paper(self, name: str) -> None:
        (self.root / name).unlink()

    @rule(text=CONFIGS)
    def change_settings(self, text: str) -> None:
        write_files(self.root, {"sitegen.yaml": text})

    @rule(hue=st.integers(0, 359))
    def change_topic(self, hue: int) -> None:
        write_files(self.root, {"content/topics/one.md": f"---\ntitle: one\nhue: {hue}\n---\nText.\n"})

    @rule(folder=st.sampled_from(["public", ".sitegen"]))
    def lose(self, folder: str) -> None:
        shutil.rmtree(self.root / folder, ignore_errors=True)

    @rule()
    def build(self) -> None:
        self._build(self.root)
        fresh = self.folder / "fresh"
        shutil.copytree(self.root, fresh, ignore=shutil.ignore_patterns("public", ".sitegen"))
        self._build(fresh)
        assert _tree(self.root / "public") == _tree(fresh / "public")
        shutil.rmtree(fresh)

    def _build(self, root: Path) -> None:
        build(root, load_config(root / "sitegen.yaml"), BuildOptions(jobs=1))

    def _write(self, name: str, words: list[str], date: str | None, tags: list[str], topics: list[str]) -> None:
        fields = {"tags": tags, "topics": topics} | ({"date": date} if date else {})
        write_files(self.root, {name: paper(f"'Paper {words[0]} {name[-5:-3]}'", " ".join(words), **fields)})


def _tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


TestEdits = Edits.TestCase
TestEdits.settings = settings(
    max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
