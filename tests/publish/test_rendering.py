from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from site_maker import SiteMaker, paper
from tools import missing

from sitegen.build import BuildOptions, build
from sitegen.config import load_config
from sitegen.errors import UsageError
from sitegen.publish.rendering import batches_of
from sitegen.render.output import Output

PAPERS = {
    f"content/papers/p{i}.md": paper(
        f"Paper {i}", f"About *thing* {i}.", date=f"2024-01-{i % 28 + 1:02}", tags="[a, b]"
    )
    for i in range(40)
}


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """A real Dask scheduler with two worker processes on loopback."""
    if importlib.util.find_spec("distributed") is None:
        missing("the extra sitegen-papers[dask] is not installed")
    log = tmp_path / "scheduler.log"
    common = ["--host", "127.0.0.1", "--no-dashboard"]
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(log.open("w"))

        def start(*command: str) -> subprocess.Popen[bytes]:
            process = subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_" + command[0], *command[1:]],
                cwd=tmp_path,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, map(Path.absolute, map(Path, sys.path))))},
                stdout=output,
                stderr=output,
            )
            stack.callback(process.wait, 20)
            stack.callback(process.terminate)
            return process

        start("scheduler", *common, "--port", "0")
        address = _await(log, r"Scheduler at:\s+tcp://(\S+)")
        for _ in range(2):
            start("worker", f"tcp://{address}", *common, "--nthreads", "1", "--no-nanny")
        yield f"dask://{address}"


def test_two_workers_share_out_lists_and_feeds_and_papers_by_the_hundred() -> None:
    kinds = ["paper"] * 250 + ["term"] * 200 + ["period"] * 150 + ["feed"] * 130
    outputs = [Output(f"{i}.html", kind, (i,), b"", "") for i, kind in enumerate(kinds)][::2]
    batches = batches_of(outputs, jobs=2)
    assert {output.path for batch in batches for output in batch} == {output.path for output in outputs}
    assert [(len(batch), batch[0].kind, batch[-1].kind) for batch in batches] == [
        (175, "term", "period"),
        (100, "paper", "paper"),
        (65, "feed", "feed"),
        (25, "paper", "paper"),
    ]


def test_many_workers_all_have_lists_to_render() -> None:
    outputs = [Output(f"{i}.html", "term", (i,), b"", "") for i in range(1000)]
    assert [len(batch) for batch in batches_of(outputs, jobs=8)] == [250] * 4
    assert [len(batch) for batch in batches_of(outputs[:300], jobs=8)] == [100] * 3


def _await(log: Path, pattern: str) -> str:
    for _ in range(600):
        if found := re.search(pattern, log.read_text()):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(f"the scheduler did not start: {log.read_text()}")


def _tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_dask_cluster_renders_the_same_bytes(make_site: SiteMaker, cluster: str) -> None:
    root = make_site(PAPERS)
    config = load_config(root / "sitegen.yaml")
    build(root, config)
    here = _tree(root / "public")
    shutil.rmtree(root / "public")
    shutil.rmtree(root / ".sitegen")
    report = build(root, config, BuildOptions(executor=cluster))
    assert report.written == len(here) - 1  # all but the manifest
    assert _tree(root / "public") == here
    assert not list((root / ".sitegen").glob("shared-*"))


def test_an_edit_goes_to_the_cluster_too(make_site: SiteMaker, cluster: str) -> None:
    root = make_site(PAPERS)
    config = load_config(root / "sitegen.yaml")
    build(root, config)
    (root / "content/papers/p7.md").write_text(paper("Another 7", "Now *new*.", date="2024-01-08"))
    build(root, config, BuildOptions(executor=cluster))
    assert "Another 7" in (root / "public/papers/p7/index.html").read_text()


@pytest.mark.parametrize("address", ["ray://127.0.0.1:1", "dask://", "nonsense"])
def test_an_executor_of_no_known_kind_is_refused(make_site: SiteMaker, address: str) -> None:
    root = make_site(PAPERS)
    with pytest.raises(UsageError, match="dask://HOST:PORT"):
        build(root, load_config(root / "sitegen.yaml"), BuildOptions(executor=address))
