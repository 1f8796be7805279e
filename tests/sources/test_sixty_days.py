"""Two months of mornings with all that goes wrong in them: nothing is lost, nothing is twice, nothing is emptied."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from services_world import FAULTS, Work, World, serving

from sitegen.build import BuildOptions, build
from sitegen.config import load_config

FIRST = datetime.date(2026, 9, 28)  # a Monday
DAYS = 60
HOLIDAY = range(24, 29)
SKIPPED = (9, 37, 38)
HALF_PUBLISHED = (15, 44)
SERVICES = ("arxiv", "huggingface", "openalex")
SOURCES = """\
  - arxiv: {query: 'all:lists', days: 90}
    endpoint: ENDPOINT
    pause: 0
  - huggingface: {since: 2026-09-28}
    endpoint: ENDPOINT
    pause: 0
  - openalex: {search: lists, days: 90}
    endpoint: ENDPOINT
    pause: 0
"""


def calendar() -> list[Work]:
    """The papers of sixty days: some on each weekday, none in the holiday; every other becomes a daily paper."""
    works = []
    for number in range(DAYS):
        day = FIRST + datetime.timedelta(number)
        if day.weekday() > 4 or number in HOLIDAY:
            continue
        for count in range(2 + number % 3):
            daily = day + datetime.timedelta(1) if (number + count) % 2 and number < DAYS - 3 else None
            title = f"On list {number} and its {count} friends"
            works.append(Work(number=f"26{day.month:02}.{number:03}{count:02}", title=title, day=day, daily=daily))
    return works


def fault_of(day: int, service: str) -> str | None:
    """Some service fails on every third day, each in every way; on the last two all is well."""
    names = sorted(FAULTS)
    turn = day * len(SERVICES) + SERVICES.index(service)
    return names[turn % len(names)] if turn % 3 == 0 and day < DAYS - 2 else None


def change(world: World, day: int) -> None:
    """New versions of some papers, and a withdrawal."""
    for work in world.works:
        age = (world.today - work.day).days
        if age == 6 and work.number.endswith("101"):
            work.version, work.updated, work.abstract = 2, world.today, "It is told at length, with a proof."
    if day == 40:
        work = next(work for work in world.works if work.day <= world.today - datetime.timedelta(20))
        work.version, work.updated = 3, world.today
        work.comment = "This paper has been withdrawn by the authors"


def published(root: Path) -> dict[str, bytes]:
    folder = root / "public"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def publish(root: Path) -> None:
    report = build(root, load_config(root / "sitegen.yaml"), BuildOptions(jobs=1))
    assert [problem for problem in report.problems if problem.severity == "error"] == []


@pytest.mark.slow
def test_sixty_days_of_faults_end_as_one_fetch_without_any(site_at: Any, tmp_path: Path) -> None:
    world = World(FIRST)
    world.works = calendar()
    world.wait = 0.3
    with serving(world) as endpoint:
        site = site_at(tmp_path / "daily", world, endpoint)
        site.sources(SOURCES)
        most = failures = 0
        for day in range(DAYS):
            world.today = FIRST + datetime.timedelta(day)
            change(world, day)
            today = [work.number for work in world.works if work.day == world.today]
            world.held_back = set(today[::2]) if day in HALF_PUBLISHED else set()
            world.fault = {name: FAULTS[fault] for name in SERVICES if (fault := fault_of(day, name))}
            if day in SKIPPED:
                continue
            if day == 33:
                shutil.rmtree(site.root / ".sitegen", ignore_errors=True)
                (site.root / "content/data/fetched.yaml").unlink()
            report = site.fetch()
            failures += len(report.failed)
            assert {result.service for result in report.failed} <= world.fault.keys()
            assert report.problems == ()
            count = len(site.papers())
            assert count >= most
            most = count
            if day % 12 == 11:
                publish(site.root)
        publish(site.root)
        once = site_at(tmp_path / "once", world, endpoint)
        once.sources(SOURCES)
        assert once.fetch().failed == ()
        publish(once.root)
    assert failures > 40
    assert sorted(site.papers()) == [f"papers/{work.number}.md" for work in sorted(world.works, key=lambda w: w.number)]
    assert published(site.root) == published(once.root)
    texts = site.papers()
    assert sum("kind: retraction" in text for text in texts.values()) == 1
    for work in world.works:
        text = texts[f"papers/{work.number}.md"]
        assert work.abstract in text
        assert f"v{work.version}\n" in text
        assert ("featured_on" in text) == (work.daily is not None)


def content(site: Any) -> dict[str, Any]:
    """Papers and memory; in which order sources showed a paper first is nobody's business."""
    said: dict[str, Any] = {"memory": site.files().get("data/fetched.yaml")}
    for name, text in site.papers().items():
        _, head, body = text.split("---\n", 2)
        fields = yaml.safe_load(head)
        imported = fields["imported"]
        imported["listings"].sort(key=lambda listing: listing["listing"])
        said[name] = (fields, body)
    return said


QUICK = ["too many", "not acceptable", "broken", "web page", "nothing", "half", "cut off"]
MORNINGS = 6


def mornings(site_at: Any, root: Path, plan: list[dict[str, str | None]]) -> dict[str, Any]:
    """The content after some mornings, of which the last is without faults."""
    world = World(FIRST)
    world.works = [work for work in calendar() if work.day <= FIRST + datetime.timedelta(MORNINGS)]
    with serving(world) as endpoint:
        site = site_at(root, world, endpoint)
        for day in range(MORNINGS + 1):
            world.today = FIRST + datetime.timedelta(day)
            if day == 3:
                work = world.works[0]
                work.version, work.updated, work.abstract = 2, world.today, "It is told at length."
            faults = plan[day] if day < MORNINGS else {}
            world.fault = {name: FAULTS[fault] for name, fault in faults.items() if fault}
            site.sources(SOURCES)
            site.fetch()
        return content(site)


@pytest.fixture(scope="module")
def without_faults(tmp_path_factory: pytest.TempPathFactory, site_at: Any) -> dict[str, Any]:
    return mornings(site_at, tmp_path_factory.mktemp("well") / "site", [{}] * MORNINGS)


FAULT = st.one_of(st.none(), st.sampled_from(QUICK))


@pytest.mark.slow
@examples(12)
@given(
    plan=st.lists(st.fixed_dictionaries(dict.fromkeys(SERVICES, FAULT)), min_size=MORNINGS, max_size=MORNINGS),
)
def test_any_order_of_faults_ends_in_the_same_content_as_none(
    plan: list[dict[str, str | None]],
    without_faults: dict[str, Any],
    site_at: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    found = mornings(site_at, tmp_path_factory.mktemp("ill") / "site", plan)
    assert found.keys() == without_faults.keys()
    for name in found:
        assert found[name] == without_faults[name]
