from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from site_maker import SiteMaker, paper

from sitegen.collection.read import read_site
from sitegen.config import Config, load_config
from sitegen.errors import UsageError
from sitegen.export import FORMATS, Choice, choose, export
from sitegen.model import Paper, Site


@pytest.fixture
def site(make_site: SiteMaker) -> Site:
    root = make_site(
        {
            "content/papers/boats.md": paper(
                "Paper boats",
                "Notes below.",
                abstract="They float.",
                authors="[Ada Example, Bo Sample]",
                tags="[folding, C++]",
                topics="[Optimization]",
                date="2025-10-28",
                venue="Journal of Examples",
                links="{pdf: 'https://example.org/a.pdf'}",
                notice="{kind: erratum, text: Sinks.}",
                extra="{shelf: [1, 2]}",
            ),
            "content/papers/planes.md": paper(
                "Paper planes", authors="[Ada Example]", tags="[folding]", date="2025-11-02"
            ),
            "content/papers/hats.md": paper("Paper hats", "They fit."),
        }
    )
    return read_site(root, load_config(root / "sitegen.yaml"))[0]


def titles(site: Site, **choice: object) -> list[str]:
    return [site.papers[i].title for i in choose(site, Choice(**choice))]  # type: ignore[arg-type]


def test_without_a_choice_all_papers_are_exported_newest_first(site: Site) -> None:
    assert titles(site) == ["Paper planes", "Paper boats", "Paper hats"]


def test_papers_are_chosen_by_label_in_any_case_or_by_slug(site: Site) -> None:
    assert titles(site, tags=("FOLDING",)) == ["Paper planes", "Paper boats"]
    assert titles(site, tags=("c-plus-plus",)) == ["Paper boats"]
    assert titles(site, topics=("optimization",)) == ["Paper boats"]
    assert titles(site, venues=("Journal of Examples",)) == ["Paper boats"]


def test_several_terms_must_all_hold(site: Site) -> None:
    assert titles(site, authors=("Ada Example", "Bo Sample")) == ["Paper boats"]
    assert titles(site, authors=("Ada Example",), tags=("folding",)) == ["Paper planes", "Paper boats"]


def test_a_span_of_days_includes_both_ends_and_no_paper_without_a_date(site: Site) -> None:
    assert titles(site, since=date(2025, 10, 28)) == ["Paper planes", "Paper boats"]
    assert titles(site, until=date(2025, 10, 28)) == ["Paper boats"]
    assert titles(site, since=date(2025, 10, 29), until=date(2025, 11, 1)) == []


def test_a_term_that_is_not_there_is_told_with_the_nearest_that_is(site: Site) -> None:
    with pytest.raises(UsageError, match=r"no paper has 'foldin' among its tags \(did you mean 'folding'\?\)"):
        choose(site, Choice(tags=("foldin",)))


def test_exported_lines_are_a_source_that_builds_the_same_papers(site: Site, tmp_path: Path) -> None:
    (tmp_path / "content/papers").mkdir(parents=True)
    (tmp_path / "content/papers/all.jsonl").write_text(export(site, Config(), "jsonl"))
    again, problems = read_site(tmp_path, Config())
    assert problems == ()
    assert [essence(p) for p in again.papers] == [essence(p) for p in site.papers]
    assert again.slugs == site.slugs


def essence(paper: Paper) -> dict[str, object]:
    return {name: getattr(paper, name) for name in paper.__struct_fields__ if name not in {"source", "line", "digest"}}


@pytest.mark.parametrize("style", FORMATS)
def test_every_format_names_every_paper(site: Site, style: str) -> None:
    text = export(site, Config(), style)  # type: ignore[arg-type]
    for words in ("boats", "planes", "hats"):
        assert words in text


def test_csl_json_is_a_list_with_the_papers_addresses(site: Site) -> None:
    rows = json.loads(export(site, Config(base_url="https://papers.example/x/"), "csl-json"))
    assert "https://papers.example/x/papers/hats/" in json.dumps(rows)
    assert len(rows) == 3
