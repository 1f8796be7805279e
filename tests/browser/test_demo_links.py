from __future__ import annotations

from pathlib import Path

from sitegen.check import broken_links
from sitegen.config import load_config

ROOT = Path(__file__).resolve().parents[2]


def test_every_link_and_anchor_of_the_demonstration_leads_somewhere(demo_folder: Path) -> None:
    pages, links, broken = broken_links(demo_folder, load_config(ROOT / "sitegen.yaml").base_url)
    assert broken == []
    assert pages > 500
    assert links > 10_000
