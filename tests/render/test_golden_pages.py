"""The ``<main>`` of one page of each kind, as it was when somebody last looked at it.

With ``SITEGEN_REWRITE_GOLDEN=1`` in the environment the files are written anew; look at what changed before you
commit it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from memory_sites import config_of, env_of, outputs_of, paper_of, site_of

from sitegen.collection.assemble import with_related
from sitegen.model import Page, Similar, Vocabulary

GOLDEN = Path(__file__).parent / "golden"
PAGES = {
    "home": "index.html",
    "paper": "papers/on-trees/index.html",
    "topic": "topics/graphs/index.html",
    "day": "2025/10/29/index.html",
    "month": "2025/10/index.html",
    "all-papers": "papers/index.html",
    "trending": "trending/index.html",
    "topics": "topics/index.html",
    "tags": "tags/index.html",
    "page": "about/index.html",
    "search": "search/index.html",
    "missing": "404.html",
}


@pytest.fixture(scope="module")
def mains() -> dict[str, str]:
    """``<main>`` of every page, one tag a line, without the digest in the addresses of assets."""
    papers = [
        paper_of(
            "On trees",
            authors=["Ada Alpha", {"name": "Bo Beta", "orcid": "0000-0002-1825-0097"}],
            date="2025-10-29",
            abstract="We plant $n$ trees & count <leaves>.",
            notes="Read on a Monday.",
            topics=["Graphs"],
            tags=["trees", "counting"],
            venue="Forest Letters",
            upvotes=12,
            links={"pdf": "https://files.example/trees.pdf", "code": "https://code.example/trees"},
            notice={"kind": "erratum", "text": "Lemma 2 needs $n > 1$."},
        ),
        paper_of("On stones", date="2025-10-28", tags=["counting"], author_count=5, topics=["Graphs"]),
        paper_of("On nothing", featured_on=["2025-10-29"]),
    ]
    config = config_of(description="A small collection.", footer="Kept by *somebody*.")
    topics = [Vocabulary(label="Graphs", hue=120, description="Nodes and edges."), Vocabulary(label="Empty")]
    site = site_of(papers, config, topics=topics, pages=[Page(slug="about", title="About", body="# Us\n\nText.")])
    outputs = outputs_of(with_related(site, [(Similar(1, "counting"),), (), ()]), env_of(config))
    return {name: readable(outputs[path].decode()) for name, path in PAGES.items()}


def readable(html: str) -> str:
    main = html[html.index("<main") : html.index("</main>") + len("</main>")].replace("\r\n", "\n")
    return re.sub(r"assets/[0-9a-f]{12}/", "assets/DIGEST/", re.sub(r">\s*<", ">\n<", main)) + "\n"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_it_was_last_seen(name: str, mains: dict[str, str]) -> None:
    file = GOLDEN / f"{name}.html"
    if os.environ.get("SITEGEN_REWRITE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(mains[name], encoding="utf-8")
    assert mains[name] == file.read_text(encoding="utf-8")


def test_every_golden_page_is_of_a_kind_that_is_made() -> None:
    assert {file.stem for file in GOLDEN.iterdir()} == set(PAGES)
