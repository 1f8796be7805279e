from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from patience import eventually
from site_maker import SiteMaker, paper

from sitegen.build import BuildOptions, build
from sitegen.config import load_config
from sitegen.errors import ContentError, Problem, SitegenError
from sitegen.publish import pool
from sitegen.publish.pool import worker_pool

_rows: list[int] = []


def _append(row: int) -> list[int]:
    _rows.append(row)
    return _rows


def _process(_: int) -> int:
    time.sleep(0.05)
    return os.getpid()


def _refuse(row: int) -> None:
    raise ContentError([Problem(source="ledger", message=f"no row {row}")])


def _kill_itself(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(params=["forkserver", "spawn"])
def start_method(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The ways in which workers start on one system or another."""
    if request.param == "forkserver" and sys.platform == "win32":
        pytest.skip("there is no such server on Windows")
    monkeypatch.setattr(pool, "START_METHOD", request.param)
    return str(request.param)


@pytest.mark.parametrize("jobs", [1, 3])
def test_results_come_in_the_order_of_the_items(jobs: int) -> None:
    with worker_pool(jobs) as workers:
        assert list(workers.map(abs, range(-5, 5))) == [abs(i) for i in range(-5, 5)]


def test_tasks_run_in_other_processes_only_where_there_is_more_than_one_job(start_method: str) -> None:
    with worker_pool(2) as workers:
        assert os.getpid() not in set(workers.map(_process, range(4)))
    with worker_pool(1) as workers:
        assert set(workers.map(_process, range(4))) == {os.getpid()}


@pytest.mark.parametrize("jobs", [1, 2])
def test_tasks_of_the_index_share_a_state_and_run_in_their_order(jobs: int) -> None:
    _rows.clear()
    with worker_pool(jobs) as workers:
        futures = [workers.index.submit(_append, row) for row in range(20)]
        assert futures[-1].result() == list(range(20))


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_in_a_task_is_raised_where_its_result_is_wanted(jobs: int) -> None:
    with worker_pool(jobs) as workers:
        refused, good = workers.index.submit(_refuse, 7), workers.index.submit(abs, -1)
        assert good.result() == 1
        with pytest.raises(ContentError, match="ledger: no row 7"):
            refused.result()


def test_a_worker_that_was_killed_is_told_as_an_error(start_method: str) -> None:
    with pytest.raises(SitegenError, match="was killed"), worker_pool(2) as workers:
        list(workers.map(_kill_itself, range(3)))


def test_what_is_being_done_is_not_waited_for_when_a_build_fails() -> None:
    started = time.monotonic()
    with pytest.raises(ContentError), worker_pool(2) as workers:
        workers.index.submit(time.sleep, 600)
        workers.index.submit(time.sleep, 600)
        workers.workers.submit(_refuse, 1).result()
    assert time.monotonic() - started < 300


@pytest.mark.slow
def test_a_site_is_the_same_however_its_workers_start(make_site: SiteMaker, start_method: str) -> None:
    papers = {f"content/papers/p{i}.md": paper(f"Paper {i}", f"About {i}.", date="2024-01-02") for i in range(260)}
    root = make_site(papers)
    config = load_config(root / "sitegen.yaml")
    build(root, config, BuildOptions(jobs=2))
    alone = root / "alone"
    build(root, config, BuildOptions(jobs=1, output=alone / "site", cache=alone / "cache"))
    assert _tree(root / "public") == _tree(alone / "site")


@pytest.mark.slow
def test_a_program_of_one_thread_has_workers_that_make_the_same_site(make_site: SiteMaker) -> None:
    papers = {f"content/papers/p{i}.md": paper(f"Paper {i}", f"About {i}.", date="2024-01-02") for i in range(260)}
    root = make_site(papers)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    for jobs in ("1", "2", "3"):
        command = [sys.executable, "-m", "sitegen", "build", "-c", str(root), "-o", str(root / jobs), "--clean"]
        subprocess.run([*command, "-j", jobs], env=environment, check=True)
    assert _tree(root / "1") == _tree(root / "2") == _tree(root / "3")


_SLEEPERS = """
import os, time

def say(_):
    os.write(1, b"%d\\n" % os.getpid())  # in one piece, which print does not promise
    time.sleep(600)

if __name__ == "__main__":
    import signal
    from sitegen.publish.pool import worker_pool
    # Whoever runs the tests in the background may have interrupts ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with worker_pool(2) as pool:
        pool.index.submit(say, 0)
        list(pool.map(say, range(9)))
"""


def _sleepers(folder: Path) -> subprocess.Popen[str]:
    script = folder / "sleepers.py"
    script.write_text(_SLEEPERS)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([sys.executable, script], text=True, env=environment, start_new_session=True, **pipes)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_workers_end_when_the_build_that_started_them_is_killed(tmp_path: Path) -> None:
    with _sleepers(tmp_path) as parent:
        try:
            assert parent.stdout
            workers = [int(parent.stdout.readline()) for _ in range(3)]
            assert all(map(_runs, workers))
        finally:
            parent.kill()
        assert eventually(lambda: not any(map(_runs, workers)))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_an_interrupt_is_told_once_and_ends_all_workers(tmp_path: Path) -> None:
    with _sleepers(tmp_path) as parent:
        assert parent.stdout and parent.stderr
        workers = [int(parent.stdout.readline()) for _ in range(3)]
        os.killpg(parent.pid, signal.SIGINT)
        said = parent.stderr.read()
        parent.wait()
    assert said.rstrip().endswith("KeyboardInterrupt")
    assert said.count("Traceback") == 1
    assert eventually(lambda: not any(map(_runs, workers)))


def _runs(process: int) -> bool:
    """Whether a process is there and not merely waiting for somebody to read its exit code."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
