"""The formats that the client writes from a paper's page are those that ``sitegen export`` writes."""

from __future__ import annotations

import json
import subprocess
from itertools import product
from pathlib import Path
from typing import Any

import html5lib
from memory_sites import BASE, env_of, outputs_of, paper_of, site_of
from tools import program

from sitegen.model import Paper
from sitegen.render.citations import citations

SCRIPT = Path(__file__).parents[1] / "js" / "citations.mjs"
TEXTS = ["On trees", "50% of {sets} & #1_x", "A $k$-server \\ ~^ } {", "Über 漢字 <b> \"q\" 'r'", "{braces}, commas"]
NAMES = [
    ["Ada Alpha"],
    ["李明", "Jan van der Berg", "John Made Jr."],
    [{"name": "X and Y, Ltd", "family": "X and Y, Ltd"}, {"name": "A {b} c_d", "family": "c_d", "given": "A {b}"}],
    [{"name": "Z", "family": "Alpha, or so", "given": "B and C"}, "others"],
    [],
]
FACTS: list[dict[str, Any]] = [
    {},
    {"date": "2025-10-09", "venue": "Journal of & Trees", "doi": "10.1234/ab_c{}", "author_count": 9},
    {"extra": {"year": 1999, "month": 3, "pages": "12--19", "volume": 3, "number": "4", "publisher": "No & Sons"}},
    {"arxiv": "2510.00001", "date": "2025-01-02"},
    {"venue": "Proceedings of the {Made-up} Conference", "extra": {"year": 2001, "pages": "7"}},
    {"venue": "arXiv", "arxiv": "2510.00002"},
    {"type": "thesis", "publisher": "Paper University", "date": "2020", "number": "7", "note": "In {German}"},
    {"type": "chapter", "venue": "B", "editors": ["Carl von Doe"], "isbn": "978-3-16-148410-0", "series": "S"},
    {"type": "article-journal", "venue_short": "J.", "pages": "10-1–10-5", "collaboration": "The Boat Group"},
]


def on_its_page(paper: Paper) -> str:
    """What the client reads on the paper's page."""
    ((_, html),) = outputs_of(site_of([paper]), env_of(), "paper").items()
    tree = html5lib.parse(html.decode(), namespaceHTMLElements=False)
    carried = [s.text for s in tree.iter("script") if s.attrib.get("type") == "application/vnd.citationstyles.csl+json"]
    assert len(carried) == 1 and carried[0]
    return carried[0]


def test_ris_and_csl_json_are_written_as_the_export_writes_them() -> None:
    node = program("node")
    papers = [
        paper_of(title, id="p", authors=authors, **facts) for title, authors, facts in product(TEXTS, NAMES, FACTS)
    ]
    given = json.dumps([on_its_page(paper) for paper in papers])
    ran = subprocess.run([node, str(SCRIPT)], input=given, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    for paper, written in zip(papers, json.loads(ran.stdout), strict=True):
        wanted = citations(paper, f"{BASE}papers/p/")
        assert written == {"ris": wanted.ris, "csl": wanted.csl}
