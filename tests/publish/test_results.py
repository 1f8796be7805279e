from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from itertools import islice
from typing import TypeVar

import pytest
from patience import eventually

from sitegen.errors import SitegenError
from sitegen.publish.processes import Workers, local_workers
from sitegen.publish.results import SharedResults

T = TypeVar("T")

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")


@pytest.mark.parametrize("jobs", [1, 3])
def test_results_come_in_the_order_of_the_items(jobs: int) -> None:
    with local_workers(jobs) as workers:
        assert list(SharedResults(workers, abs, range(-5, 5))) == [abs(i) for i in range(-5, 5)]


@forks
def test_workers_begin_with_the_last_and_the_caller_with_the_first() -> None:
    with local_workers(2) as workers:
        where = list(SharedResults(workers, _process_after_a_while, range(6)))
    assert where[0] == os.getpid()
    assert where[-1] != os.getpid()


def test_what_no_worker_has_begun_is_not_waited_for() -> None:
    results = SharedResults(Workers(_Busy(), 1), abs, [-1, -2, -3, -4])
    assert list(islice(results, 2)) == [1, 2]


def test_what_workers_are_at_can_be_left_for_later() -> None:
    results = SharedResults(Workers(_Busy(), 1), abs, [-1, -2, -3, -4])
    assert len(list(results.own())) == 2
    assert (list(results.so_far()), results.awaited()) == ([1, 2], 2)


@forks
def test_workers_begin_when_those_before_them_are_done() -> None:
    with local_workers(2) as first, local_workers(2) as second:
        before = SharedResults(first, _process_after_a_while, range(3))
        for _ in before.own():
            pass
        results = SharedResults(second, _process_after_a_while, range(40), [before])
        mine = os.getpid()
        own = results.own()
        while before.awaited():
            assert set(results.so_far()) <= {mine}
            next(own, None)
        for _ in own:
            pass
        assert len(set(results)) == 2


def test_as_many_workers_wait_as_others_have_a_processor() -> None:
    before = SharedResults(Workers(_Busy(), 1), abs, [-1, -2])
    busy = _Busy()
    SharedResults(Workers(busy, 4), abs, range(20), [before])
    assert (before.awaited(), busy.given) == (2, 2)


def test_an_error_in_a_task_is_raised_in_its_turn() -> None:
    results = iter(SharedResults(None, [5].__getitem__, [0, 1]))
    assert next(results) == 5
    with pytest.raises(IndexError):
        next(results)


@forks
def test_what_came_to_a_good_end_is_known_before_it_is_asked_for() -> None:
    with local_workers(2) as workers:
        results = SharedResults(workers, int, ["first", "5", "no number"])
        assert eventually(lambda: list(results.so_far()) == [5])
        with pytest.raises(ValueError, match="first"):
            list(results)


@forks
def test_a_worker_that_was_killed_is_told_as_an_error() -> None:
    with pytest.raises(SitegenError, match="was killed"), local_workers(2) as workers:
        list(SharedResults(workers, _exit_elsewhere, [os.getpid()] * 9))


@forks
def test_a_worker_that_was_killed_is_told_also_when_all_are_gone() -> None:
    with local_workers(2) as workers:
        results = SharedResults(workers, _exit_elsewhere, [os.getpid()] * 9)
        list(results.own())
        assert eventually(lambda: not results.awaited())
    with pytest.raises(SitegenError, match="was killed"):
        list(results)


def _exit_elsewhere(here: int) -> None:
    if os.getpid() != here:
        os._exit(1)


def _process_after_a_while(_: int) -> int:
    time.sleep(0.05)
    return os.getpid()


class _Busy(Executor):
    """Its workers never come to anything. ``given``: how many tasks they have."""

    given = 0

    def submit(self, task: Callable[..., T], /, *args: object, **named: object) -> Future[T]:
        self.given += 1
        return Future()
