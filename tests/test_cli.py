from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from site_maker import SiteMaker, paper

from sitegen import __version__, export
from sitegen.cli import FORMATS, HOSTS, main
from sitegen.publish import hosts

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def site(make_site: SiteMaker) -> Path:
    return make_site(
        {
            "content/papers/boats.md": paper("Paper boats", date="2025-10-28"),
            "content/papers/planes.md": paper("Paper planes", date="2025-10-29"),
            "content/papers/plans.md": paper("Paper plans", date="2025-10-30", draft="true"),
        }
    )


def test_a_build_ends_with_one_line_of_figures(run: Run, site: Path) -> None:
    result = run("-c", site / "sitegen.yaml", "build")
    assert result.exit_code == 0
    assert result.stderr == ""
    [line] = result.stdout.splitlines()
    assert line.startswith("2 papers; files: ")
    assert " written, 0 unchanged, 0 removed; " in line


def test_a_second_build_writes_nothing_and_a_third_removes_what_is_gone(run: Run, site: Path) -> None:
    run("build", "-c", site)
    second = json.loads(run("build", "-c", site, "--json").stdout)
    assert (second["written"], second["removed"]) == (0, 0)
    assert second["unchanged"] > 0
    (site / "content/papers/boats.md").unlink()
    third = json.loads(run("build", "-c", site, "--json").stdout)
    assert third["papers"] == 1
    assert third["removed"] > 0


@pytest.mark.parametrize(
    ("refusal", "advice"), [(errno.ENOSPC, "free some space"), (errno.EACCES, "who may write"), (errno.EIO, "disk")]
)
def test_what_the_machine_refuses_is_told_in_one_line(
    run: Run, site: Path, monkeypatch: pytest.MonkeyPatch, refusal: int, advice: str
) -> None:
    def refused(path: str, *_: int, **__: int) -> int:
        raise OSError(refusal, os.strerror(refusal), path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refused)
        result = run("-c", site / "sitegen.yaml", "build", "-j", 1)
    assert result.exit_code == 2
    [line] = result.stderr.splitlines()
    assert line.startswith("sitegen: /")
    assert os.strerror(refusal) in line
    assert advice in line
    assert run("-c", site / "sitegen.yaml", "build").exit_code == 0


def test_common_options_may_stand_before_or_after_the_command(run: Run, site: Path) -> None:
    before = run("--json", "--drafts", "-c", site, "build")
    after = run("build", "--json", "--drafts", "-c", site)
    assert json.loads(before.stdout)["papers"] == json.loads(after.stdout)["papers"] == 3


def test_the_settings_are_found_in_the_current_folder(run: Run, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site)
    assert run("build", "-q").output == ""
    assert (site / "public/papers/boats/index.html").is_file()


def test_the_command_line_overrules_address_and_folder(run: Run, site: Path, tmp_path: Path) -> None:
    run("build", "-c", site, "-b", "https://elsewhere.example/x", "-o", "out")
    assert "https://elsewhere.example/x/sitemap.xml" in (tmp_path / "out/robots.txt").read_text()
    assert not (site / "public").exists()


def test_papers_not_yet_due_are_held_back_on_a_given_day_only(run: Run, site: Path) -> None:
    def papers(*words: str) -> int:
        return int(json.loads(run("build", "--json", "-c", site, *words).stdout)["papers"])

    assert papers() == 2
    assert papers("--now", "2025-10-28") == 1
    assert papers("--now", "2025-10-28", "--future") == 2
    assert papers("--now", "2025-10-28", "--future", "--drafts") == 3


def test_one_broken_paper_costs_exit_code_1_and_nothing_else(run: Run, site: Path) -> None:
    (site / "content/papers/broken.md").write_text(paper("Broken", date="2025-02-30"))
    result = run("build", "-c", site)
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "content/papers/broken.md:3: date: not a date: '2025-02-30' (write it as 2025-10-29, 2025-10 or 2025)"
    ]
    assert result.stdout.startswith("2 papers; ")
    assert (site / "public/papers/boats/index.html").is_file()


def test_warnings_fail_the_build_only_when_it_is_strict(run: Run, site: Path) -> None:
    (site / "content/papers/odd.md").write_text(paper("Odd", doi="nonsense"))
    result = run("build", "-c", site)
    assert result.exit_code == 0
    assert "odd.md:3: doi: " in result.stderr
    assert result.stderr.rstrip().endswith("[warning]")
    assert run("build", "-c", site, "--strict").exit_code == 1


def test_json_holds_the_problems_too(run: Run, site: Path) -> None:
    (site / "content/papers/broken.md").write_text(paper("Broken", dat="2025-10-30"))
    report = json.loads(run("build", "-c", site, "--json").stdout)
    [problem] = report["problems"]
    assert (problem["source"], problem["field"], problem["hint"]) == (
        "content/papers/broken.md",
        "dat",
        "did you mean 'date'?",
    )


def test_a_faulty_configuration_is_told_by_line_and_as_json(run: Run, site: Path) -> None:
    (site / "sitegen.yaml").write_text("titel: Papers\n")
    result = run("build", "-c", site)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "sitegen.yaml:1: titel: unknown setting (did you mean 'title'?)\n"
    assert json.loads(run("build", "-c", site, "--json").stdout)["problems"][0]["field"] == "titel"


@pytest.mark.parametrize(
    "words",
    [
        ["bild"],
        ["build", "--no-such-option"],
        ["build", "-c", "nowhere.yaml"],
        ["build", "--now", "someday"],
        ["build", "--host", "geocities"],
        ["build", "--jobs", "-1"],
        ["serve", "--port", "70000"],
        ["serve", "-c", "nowhere.yaml"],
        ["new"],
    ],
)
def test_what_cannot_be_carried_out_is_exit_code_2_and_says_why(run: Run, words: list[str]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr


def test_foreign_files_in_the_output_folder_are_refused_and_kept_by_force(run: Run, site: Path) -> None:
    (site / "public").mkdir()
    (site / "public/mine.txt").write_text("mine")
    refused = run("build", "-c", site)
    assert refused.exit_code == 2
    assert "mine.txt" in refused.stderr
    assert run("build", "-c", site, "--force").exit_code == 0
    assert (site / "public/mine.txt").read_text() == "mine"


def test_verify_finds_what_is_not_as_a_clean_build_makes_it(run: Run, site: Path) -> None:
    assert run("build", "-c", site, "--verify").exit_code == 0
    (site / "content/papers/boats.md").unlink()
    assert run("build", "-c", site, "--verify").exit_code == 0


def test_clean_deletes_what_builds_wrote_and_nothing_else(run: Run, site: Path) -> None:
    run("build", "-c", site)
    (site / "public/mine.txt").write_text("mine")
    result = run("clean", "-c", site)
    assert result.exit_code == 0
    assert [path.name for path in (site / "public").rglob("*")] == ["mine.txt"]
    assert not (site / ".sitegen").exists()
    assert (site / "content/papers/boats.md").is_file()


def test_check_ends_with_its_figures(run: Run, site: Path) -> None:
    (site / "content/papers/broken.md").write_text("no front matter")
    result = run("check", "-c", site)
    assert result.exit_code == 1
    assert result.stdout.startswith("2 papers, ")
    assert "content/papers/broken.md:1: no front matter" in result.stderr


def test_a_search_asks_the_built_site(run: Run, site: Path) -> None:
    assert run("search", "planes", "-c", site).exit_code == 2
    run("build", "-c", site)
    found = run("search", "paper", "planes", "-c", site)
    assert found.stdout.startswith("Paper planes\n    https://papers.example/papers/planes/\n")
    assert json.loads(run("search", "planes", "-c", site, "--json").stdout)["total"] == 1
    assert run("search", "nonsense", "-c", site).stdout == "0 papers found\n"


def test_a_digest_is_an_email_a_page_or_a_text(run: Run, site: Path) -> None:
    message = run("digest", "-c", site, "--from", "Papers <p@papers.example>", "--to", "r@papers.example").stdout
    assert "Subject: Test papers" in message
    assert "To: r@papers.example" in message
    assert run("digest", "-c", site, "--format", "html").stdout.startswith("<!DOCTYPE html>")
    assert "Paper planes" in run("digest", "-c", site, "--format", "text", "--week", "2025-W44").stdout
    assert run("digest", "-c", site, "--week", "2020-W01").exit_code == 2


def test_names_in_messages_cannot_move_the_terminals_cursor(run: Run, site: Path) -> None:
    (site / "content/papers/a\x1b[31mb.md").write_text("no front matter")
    assert "\x1b" not in run("build", "-c", site).stderr


def test_verbose_tells_the_time_of_each_stage(run: Run, site: Path) -> None:
    assert "render" in run("build", "-c", site, "-v").stderr


def test_the_version_and_the_help_of_every_command_are_there(run: Run) -> None:
    assert __version__ in run("--version").stdout
    for name in main.commands:
        result = run(name, "--help")
        assert result.exit_code == 0
        assert "--config" in result.stdout


def test_the_command_line_knows_every_host_and_every_format(run: Run) -> None:
    assert set(hosts.HOSTS) == set(HOSTS)
    assert FORMATS == export.FORMATS


def test_an_import_tells_what_is_new_and_a_second_one_that_nothing_is(run: Run, site: Path, tmp_path: Path) -> None:
    (tmp_path / "more.bib").write_text("@misc{hats, title = {Paper hats}, year = 2025}\n")
    first = run("import", "bibtex", "more.bib", "-c", site)
    assert first.exit_code == 0
    assert "1 new" in first.stdout
    assert len(list((site / "content/papers").glob("*hats*.md"))) == 1
    assert "0 new, 0 merged, 1 unchanged" in run("import", "bibtex", "more.bib", "-c", site).stdout
    assert json.loads(run("import", "bibtex", "more.bib", "-c", site, "--json").stdout)["papers"] == 1
    assert run("import", "--reassign", "-c", site).exit_code == 0


@pytest.mark.parametrize("words", [["import"], ["import", "bibtex"], ["import", "bibtexx", "x.bib"]])
def test_an_import_without_format_or_source_is_a_usage_error(run: Run, site: Path, words: list[str]) -> None:
    assert run(*words, "-c", site).exit_code == 2


def test_an_imported_record_keeps_numbers_and_notes(run: Run, site: Path, tmp_path: Path) -> None:
    entry = {"title": "Paper hats", "abstract": "They fit.", "notes": "Mine.", "extra": {"pages": 12, "open": True}}
    (tmp_path / "more.jsonl").write_text(json.dumps(entry))
    assert run("import", "jsonl", "more.jsonl", "-c", site).exit_code == 0
    [line] = [line for line in run("export", "jsonl", "-c", site).stdout.splitlines() if "hats" in line]
    paper = json.loads(line)
    assert (paper["notes"], paper["extra"]) == ("Mine.", {"pages": "12", "open": "true"})


def test_an_import_of_a_missing_file_is_an_error_that_names_it(run: Run, site: Path) -> None:
    result = run("import", "bibtex", "nowhere.bib", "-c", site)
    assert result.exit_code == 1
    assert "nowhere.bib: no such file" in result.stderr


def test_a_search_reads_the_built_site(run: Run, site: Path) -> None:
    early = run("search", "boats", "-c", site)
    assert early.exit_code == 2
    assert "build the site first" in early.stderr
    run("build", "-c", site)
    found = json.loads(run("search", "--json", "--site", site / "public", "boats").stdout)
    assert [hit["title"] for hit in found["hits"]] == ["Paper boats"]
    assert (site / "public" / found["hits"][0]["url"] / "index.html").is_file()
    assert "0 papers found" in run("search", "-c", site, "?!").stdout


def test_an_export_prints_the_chosen_papers_and_nothing_else(run: Run, site: Path) -> None:
    result = run("export", "jsonl", "--since", "2025-10-29", "-c", site)
    assert [json.loads(line)["title"] for line in result.stdout.splitlines()] == ["Paper planes"]
    assert run("export", "bibtex", "--tag", "nonsense", "-c", site).exit_code == 2


def test_starting_the_program_loads_only_what_it_needs() -> None:
    """A build with nothing to do should be over at once, so heavy libraries wait until they are wanted."""
    code = "import sys, sitegen.cli; print(sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for heavy in ("babel", "jinja2", "lunr", "markdown", "rich", "watchdog", "yaml"):
        assert f"'{heavy}'" not in loaded
