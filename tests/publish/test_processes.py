from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol, TypeVar

import pytest
from patience import eventually

from sitegen.errors import ContentError, Problem, SitegenError
from sitegen.publish.processes import beside

T = TypeVar("T")

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")


class Summed(Protocol):
    """What has a total."""

    def total(self, weight: int = 1) -> int: ...


class Ledger:
    """Something with a state, to keep beside a test."""

    def __init__(self, first: int) -> None:
        if first < 0:
            raise ContentError([Problem(source="ledger", message="begins below nothing")])
        self.rows = [first]

    def add(self, row: int) -> None:
        if row < 0:
            raise ContentError([Problem(source="ledger", message="a row below nothing")])
        self.rows.append(row)

    def total(self, weight: int = 1) -> int:
        return weight * sum(self.rows)

    def everything(self, size: int) -> bytes:
        return b"x" * size

    def process(self) -> int:
        return os.getpid()

    def rest(self) -> int:
        time.sleep(0.2)
        return self.total()


class Marks:
    """Leaves a file for each call."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def first(self) -> str:
        return "first"

    def second(self) -> None:
        (self.folder / "second").touch()


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_object_beside_remembers_and_answers_in_order(jobs: int) -> None:
    with beside(jobs, Ledger, 1) as ledger:
        for row in range(100):
            ledger.tell(Ledger.add, row)
        first = ledger.ask(Ledger.total)
        ledger.tell(Ledger.add, 50)
        second = ledger.ask(Ledger.total, weight=2)
        assert (second(), first(), first()) == (2 * 5001, 4951, 4951)


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interface_is_enough_to_call_it(jobs: int) -> None:
    with beside(jobs, Ledger, 3) as ledger:
        assert ledger.ask(Summed.total)() == 3


@forks
def test_it_is_beside_only_where_there_is_more_than_one_job() -> None:
    with beside(2, Ledger, 1) as ledger:
        assert ledger.ask(Ledger.process)() != os.getpid()
    with beside(1, Ledger, 1) as ledger:
        assert ledger.ask(Ledger.process)() == os.getpid()


def test_a_call_does_not_wait_for_a_large_answer_that_nobody_has_taken() -> None:
    with beside(2, Ledger, 1) as ledger:
        large = ledger.ask(Ledger.everything, 1 << 20)
        for _ in range(3):
            ledger.tell(Ledger.everything, 1 << 20)
        assert ledger.ask(Ledger.total)() == 1
        assert len(large()) == 1 << 20


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_object_that_cannot_be_made_says_why(jobs: int) -> None:
    with pytest.raises(ContentError, match="begins below nothing"), beside(jobs, Ledger, -1) as ledger:
        ledger.ask(Ledger.total)()


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_call_that_fails_is_told_by_the_next_answer(jobs: int) -> None:
    with pytest.raises(ContentError, match="a row below nothing"), beside(jobs, Ledger, 1) as ledger:
        ledger.tell(Ledger.add, -1)
        ledger.ask(Ledger.total)()


@forks
def test_a_process_that_was_killed_is_told_as_an_error() -> None:
    with beside(2, Ledger, 1) as ledger:
        os.kill(ledger.ask(Ledger.process)(), signal.SIGKILL)
        with pytest.raises(SitegenError, match="was killed"):
            ledger.ask(Ledger.total)()


def test_one_ends_while_another_that_was_made_later_goes_on() -> None:
    with ExitStack() as first, beside(2, Ledger, 1) as later:
        ledger = first.enter_context(beside(2, Ledger, 2))
        with beside(2, Ledger, 3) as latest:
            # The latest one holds the ends of all pipes that were there when it was made.
            assert ledger.ask(Ledger.total)() == 2
            first.close()
            assert (later.ask(Ledger.total)(), latest.ask(Ledger.total)()) == (1, 3)


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_follows_an_answer_waits_for_nobody_to_take_it(jobs: int, tmp_path: Path) -> None:
    with beside(jobs, Marks, tmp_path) as marks:
        answer = marks.ask_then(Marks.second, Marks.first)
        assert eventually((tmp_path / "second").exists)
        assert answer() == answer() == "first"


def test_answers_that_nobody_wanted_end_with_the_block() -> None:
    with beside(2, Ledger, 1) as ledger:
        ledger.ask(Ledger.everything, 1 << 20)


_ORPHANS = """
import os, time
from sitegen.publish.processes import beside, local_workers

def say(_=None):
    os.write(1, b"%d\\n" % os.getpid())  # in one piece, which print does not promise
    time.sleep(600)

with beside(2, say), local_workers(3) as workers:
    for number in range(9):
        workers.executor.submit(say, number)
    time.sleep(600)
"""


@forks
def test_workers_end_when_the_build_that_started_them_is_killed() -> None:
    command = [sys.executable, "-c", _ORPHANS]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as parent:
        try:
            assert parent.stdout
            workers = [int(parent.stdout.readline()) for _ in range(3)]
            assert all(map(_runs, workers))
        finally:
            parent.kill()
    assert eventually(lambda: not any(map(_runs, workers)))


_INTERRUPTED = """
import os, signal, time
from sitegen.publish.processes import beside, local_workers
from sitegen.publish.results import SharedResults

# Whoever runs the tests in the background may have interrupts ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)

def say(seconds):
    os.write(1, b"%d\\n" % os.getpid())
    time.sleep(seconds)

with beside(2, say, 0), local_workers(2) as workers:
    # Not less than three, or the first might be given away too.
    list(SharedResults(workers, say, [600, 0.5, 0.5]))
"""


@forks
def test_an_interrupt_is_told_once_and_what_is_being_done_is_waited_for() -> None:
    command = [sys.executable, "-c", _INTERRUPTED]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, env=environment, start_new_session=True, **pipes) as parent:
        assert parent.stdout and parent.stderr
        workers = [int(parent.stdout.readline()) for _ in range(3)]
        os.killpg(parent.pid, signal.SIGINT)
        said = parent.stderr.read()
        parent.wait()
    assert said.rstrip().endswith("KeyboardInterrupt")
    assert said.count("Traceback") == 1
    assert not any(map(_runs, workers))


def _runs(process: int) -> bool:
    """Whether a process is there and not merely waiting for somebody to read its exit code."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@forks
def test_an_answer_can_be_waited_for_in_turns() -> None:
    with beside(2, Ledger, 1) as ledger:
        slow = ledger.ask(Ledger.rest)
        assert not slow.within(0)
        while not slow.within(0.01):
            pass
        assert (slow(), slow.within(0)) == (1, True)
