"""However listings are cut and ordered: an import finds every paper, and a second one changes nothing."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path

from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config import Config
from sitegen.content.load import load
from sitegen.importers.run import run_import

TITLES = ["Folding", "Folding: Sheets", "C++", "C", "C#", "漢字", "???", "Über Wind", "con", "A* Sails", "$x^2$ Knots"]
ENTRIES = st.tuples(
    st.sampled_from(TITLES), st.sampled_from(["", "  • 2 authors\n·\nSep 11 4\n", "Example Lab\n·\nMay 4, 2020\n"])
)
LISTINGS = st.lists(st.lists(ENTRIES, min_size=1, max_size=6), min_size=1, max_size=3)


def text(entries: list[tuple[str, str]]) -> str:
    abstract = "We study {} and nothing else in this abstract, which goes on for a while, as they do."
    return "\n\n".join(f"{title}\n\n{abstract.format(title)}\n\n{below}" for title, below in entries)


@given(LISTINGS)
@examples(40)
def test_importing_twice_is_importing_once(listings: list[list[tuple[str, str]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        sources = []
        for number, entries in enumerate(listings):
            source = site / f"listing-{number}.txt"
            source.write_text(text(entries), encoding="utf-8")
            sources.append(source)
        captured = datetime.date(2025, 10, 29)
        report = run_import(site, Config(), sources, "daily-papers", captured=captured)
        titles = {title for entries in listings for title, _ in entries}
        assert report.papers == len(titles)
        assert report.problems == ()
        content = load(site, "content")
        assert content.problems == ()
        assert {paper.title for paper in content.papers} == titles
        before = {file: file.read_bytes() for file in (site / "content").rglob("*.md")}

        again = run_import(site, Config(), sources, "daily-papers", captured=captured)
        assert again.written == ()
        assert again.total("unchanged") == sum(map(len, listings))
        assert {file: file.read_bytes() for file in (site / "content").rglob("*.md")} == before
