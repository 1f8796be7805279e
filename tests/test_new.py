from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sitegen.build import BuildOptions, build
from sitegen.config import Config, load_config
from sitegen.content.load import load
from sitegen.errors import UsageError
from sitegen.new import new_site


def test_a_new_site_builds_without_a_problem(tmp_path: Path) -> None:
    new_site(tmp_path / "site", "Our papers")
    config = load_config(tmp_path / "site" / "sitegen.yaml")
    report = build(tmp_path / "site", config, BuildOptions(jobs=1))
    assert config.title == "Our papers"
    assert report.problems == ()
    assert report.papers == 3


def test_the_written_settings_are_the_defaults_but_for_what_names_the_site(tmp_path: Path) -> None:
    new_site(tmp_path, "Papers")
    config = load_config(tmp_path / "sitegen.yaml")
    named = {"base_url": config.base_url, "description": config.description}
    assert set(yaml.safe_load((tmp_path / "sitegen.yaml").read_text())) <= set(Config.__struct_fields__)
    assert config.title == Config(**named).title
    assert config.lists == Config().lists
    assert config.trending == Config().trending
    assert config.related == Config().related
    assert config.feeds == Config().feeds


@pytest.mark.parametrize("title", ['Reading: "group" #1', "論文", "- yes\n- no", "{a: b}"])
def test_any_title_is_kept(tmp_path: Path, title: str) -> None:
    new_site(tmp_path, title)
    assert load_config(tmp_path / "sitegen.yaml").title == title


def test_the_new_site_brings_what_hosts_and_git_need(tmp_path: Path) -> None:
    files = new_site(tmp_path, "Papers")
    assert {".gitignore", ".github/workflows/pages.yml", "netlify.toml", "content/data/tags.yaml"} <= set(files)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()) == files


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("github", {".github/workflows/morning.yml", ".github/scripts/commit.sh", ".github/ISSUE_TEMPLATE/paper.yml"}),
        ("gitlab", {".gitlab-ci.yml"}),
        ("netlify", {"netlify.toml", ".github/workflows/morning.yml", ".github/scripts/commit.sh"}),
    ],
)
def test_a_site_that_fills_itself_brings_its_sources_and_what_its_host_runs(
    tmp_path: Path, host: str, own: set[str]
) -> None:
    files = set(new_site(tmp_path, "Papers", host))
    assert own <= files
    assert ".github/workflows/pages.yml" not in files
    assert [source.service for source in load_config(tmp_path / "sitegen.yaml").sources] == ["arxiv"]


def test_a_folder_that_holds_anything_is_refused_and_not_touched(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        new_site(tmp_path, "Papers")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(UsageError, match="is a file"):
        new_site(tmp_path / "notes.txt", "Papers")


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    assert new_site(tmp_path / "site", "Papers")


def test_a_site_may_begin_without_a_vocabulary(tmp_path: Path) -> None:
    files = new_site(tmp_path, "Papers", vocabulary="none")
    assert not any(name.startswith("content/topics/") for name in files)
    assert build(tmp_path, load_config(tmp_path / "sitegen.yaml"), BuildOptions(jobs=1)).problems == ()


def test_a_site_may_begin_with_a_vocabulary_of_its_own(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("topics:\n  Immune cells: [T cell, B cell]\n  Vaccines:\ntags: [antibodies]\n", encoding="utf-8")
    new_site(tmp_path / "site", "Papers", vocabulary=str(own))
    content = load(tmp_path / "site", "content")
    assert [(topic.label, topic.signals) for topic in content.topics] == [
        ("Immune cells", ("T cell", "B cell")),
        ("Vaccines", ("Vaccines",)),
    ]
    assert [(tag.label, tag.signals) for tag in content.tags] == [("antibodies", ("antibodies",))]


@pytest.mark.parametrize("text", ["- a\n", "topics: 3\n", "themes: {}\n", "topics: {a: b}\n", "a: [\n"])
def test_a_vocabulary_that_cannot_be_read_is_a_mistake_and_writes_nothing(tmp_path: Path, text: str) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError):
        new_site(tmp_path / "site", "Papers", vocabulary=str(own))
    assert not (tmp_path / "site").exists()
