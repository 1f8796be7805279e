from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.serve.watch import Debounce, Signal, Watcher

SOON = 5.0  # seconds within which a signal must have come; only ever waited for in full when a test fails
NEVER = 0.4  # seconds to be sure that none comes; longer than the interval of polling


def builds_of(debounce: Debounce, saves: list[float], build_seconds: float) -> list[tuple[float, int]]:
    """When a loop that acts on ``debounce`` would build, and how many of the saves it had seen by then."""
    builds: list[tuple[float, int]] = []
    acted = -debounce.spacing
    seen = 0
    free_from = 0.0
    while seen < len(saves):
        first = latest = saves[seen]
        taken = seen + 1
        while True:
            due = max(debounce.due(first, latest, acted), free_from)
            if taken < len(saves) and saves[taken] <= due:
                latest = saves[taken]
                taken += 1
            else:
                break
        builds.append((due, taken))
        acted, free_from, seen = due, due + build_seconds, taken
    return builds


@given(
    st.lists(st.floats(0, 10), min_size=1, max_size=1000).map(sorted),
    st.sampled_from([0.0, 0.05, 0.5, 3.0]),
)
def test_ten_seconds_of_saves_cause_at_most_twenty_builds_and_the_last_one_sees_every_save(
    saves: list[float], build_seconds: float
) -> None:
    builds = builds_of(Debounce(), saves, build_seconds)
    assert len(builds) <= 20
    assert builds[-1][1] == len(saves)


def test_a_thousand_evenly_spread_saves_cause_at_most_twenty_builds() -> None:
    assert 5 < len(builds_of(Debounce(), [n / 100 for n in range(1000)], 0.1)) <= 20


def test_a_lone_save_after_a_rest_is_acted_on_at_once() -> None:
    debounce = Debounce()
    assert debounce.due(first=100.0, latest=100.0, acted=90.0) == 100.0 + debounce.quiet


def test_a_burst_that_does_not_end_is_acted_on_all_the_same() -> None:
    debounce = Debounce()
    assert debounce.due(first=100.0, latest=200.0, acted=0.0) == 100.0 + debounce.max_wait


def test_many_notes_are_one_signal() -> None:
    signal = Signal(Debounce(quiet=0.02, max_wait=1.0, spacing=0.0))
    for _ in range(500):
        signal.note()
    assert signal.wait(SOON)
    assert not signal.wait(0.05)


def test_changes_are_pending_until_they_are_told() -> None:
    signal = Signal(Debounce(quiet=0.01, max_wait=0.1, spacing=0.0))
    assert not signal.pending
    signal.note()
    assert signal.pending
    signal.wait(SOON)
    assert not signal.pending


def test_a_note_during_a_build_is_not_lost() -> None:
    signal = Signal(Debounce(quiet=0.01, max_wait=0.1, spacing=0.0))
    signal.note()
    assert signal.wait(SOON)
    signal.note()
    assert signal.wait(SOON)


@pytest.fixture(params=["system", "poll"])
def watched(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, Signal, Watcher]]:
    folder = tmp_path / "content"
    (folder / "papers").mkdir(parents=True)
    (folder / "papers" / "a.md").write_text("a")
    signal = Signal(Debounce(quiet=0.02, max_wait=0.2, spacing=0.0))
    watcher = Watcher(signal, poll=0.1 if request.param == "poll" else None)
    watcher.start([folder, tmp_path / "sitegen.yaml"])
    yield folder, signal, watcher
    watcher.stop()


def settle(signal: Signal) -> None:
    while signal.wait(NEVER):
        pass


def test_saving_adding_renaming_and_deleting_a_paper_are_each_seen(watched: tuple[Path, Signal, Watcher]) -> None:
    folder, signal, _ = watched
    paper = folder / "papers" / "a.md"
    changes = [
        lambda: paper.write_text("changed"),
        lambda: (folder / "papers" / "b.md").write_text("new"),
        lambda: paper.rename(folder / "papers" / "c.md"),
        lambda: (folder / "papers" / "b.md").unlink(),
    ]
    for change in changes:
        change()
        assert signal.wait(SOON)
        settle(signal)


def test_reading_files_and_editors_leavings_are_no_change(watched: tuple[Path, Signal, Watcher]) -> None:
    folder, signal, _ = watched
    for _ in range(3):
        (folder / "papers" / "a.md").read_text()
        list(folder.rglob("*"))
    (folder / "papers" / ".a.md.swp").write_text("x")
    (folder / "papers" / "a.md~").write_text("x")
    (folder.parent / "public").mkdir()
    (folder.parent / "public" / "index.html").write_text("x")
    assert not signal.wait(NEVER)


def test_the_configuration_is_seen_though_an_editor_replaces_it(watched: tuple[Path, Signal, Watcher]) -> None:
    folder, signal, _ = watched
    fresh = folder.parent / "sitegen.yaml.tmp"
    fresh.write_text("title: New\n")
    fresh.rename(folder.parent / "sitegen.yaml")
    assert signal.wait(SOON)


def test_a_folder_that_is_deleted_and_made_again_is_watched_again(watched: tuple[Path, Signal, Watcher]) -> None:
    folder, signal, watcher = watched
    folder.rename(folder.parent / "aside")
    assert signal.wait(SOON)
    watcher.rearm()
    (folder / "papers").mkdir(parents=True)
    assert signal.wait(SOON)
    settle(signal)
    watcher.rearm()
    (folder / "papers" / "new.md").write_text("new")
    assert signal.wait(SOON)


def test_a_site_that_is_moved_away_and_back_is_watched_again(tmp_path: Path) -> None:
    content = tmp_path / "site" / "content"
    content.mkdir(parents=True)
    signal = Signal(Debounce(quiet=0.02, max_wait=0.2, spacing=0.0))
    watcher = Watcher(signal)
    watcher.start([content, tmp_path / "site" / "sitegen.yaml"])
    try:
        (tmp_path / "site").rename(tmp_path / "elsewhere")
        (tmp_path / "elsewhere" / "content" / "a.md").write_text("a")
        assert signal.wait(SOON)
        settle(signal)
        watcher.rearm()
        (tmp_path / "elsewhere").rename(tmp_path / "site")
        assert signal.wait(SOON)
        settle(signal)
        watcher.rearm()
        (content / "a.md").write_text("b")
        assert signal.wait(SOON)
    finally:
        watcher.stop()


def test_a_new_target_counts_as_changed_and_an_old_one_is_forgotten(watched: tuple[Path, Signal, Watcher]) -> None:
    folder, signal, watcher = watched
    other = folder.parent / "papers-elsewhere"
    other.mkdir()
    settle(signal)
    watcher.aim([other])
    assert signal.wait(SOON)
    (other / "a.md").write_text("a")
    assert signal.wait(SOON)
    settle(signal)
    (folder / "papers" / "a.md").write_text("nobody looks")
    assert not signal.wait(NEVER)


def test_waiting_without_change_ends_when_the_time_is_over() -> None:
    assert not Signal(Debounce()).wait(0.01)
