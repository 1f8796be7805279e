from __future__ import annotations

import multiprocessing
import os
import shutil
import time
from pathlib import Path

import pytest
from patience import eventually
from preview_desk import PAPERS, Desk, desk_at
from running_preview import get, running

from sitegen.build import BuildOptions
from sitegen.clock import GRAIN_NS
from sitegen.errors import UsageError
from sitegen.publish.processes import can_fork
from sitegen.serve.preview import ANYTHING, Preview
from sitegen.serve.site import serve


def test_a_site_is_built_for_the_local_address_into_a_folder_of_its_own(desk: Desk) -> None:
    [built] = desk.builder(ANYTHING)
    assert built.problems == ()
    assert desk.config_file in built.watch
    assert "Sparse lists" in desk.page("papers/sparse-lists")
    assert desk.server.url in (desk.server.folder / "robots.txt").read_text()
    assert not (desk.root / "public").exists()


def test_a_broken_paper_is_told_and_the_others_are_built(desk: Desk) -> None:
    desk.paper("broken", "---\ntitle: x\ndate: 2025-02-30\n---\n")
    desk.paper("odd", "---\ntitle: y\ndoi: nonsense\n---\n")
    [built] = desk.builder(ANYTHING)
    assert [(problem.source, problem.line) for problem in built.problems] == [("content/papers/broken.md", 3)]
    assert "Dense maps" in desk.page("papers/dense-maps")


def test_a_setting_that_becomes_wrong_while_serving_is_a_problem_and_heals(desk: Desk) -> None:
    watch = (desk.config_file,)
    with running(
        Preview(desk.server, desk.builder, watch, desk.signal, say=lambda line: None, tell=lambda problems: None)
    ):
        assert get(desk.server, "/papers/dense-maps/")[0] == 200
        desk.config_file.write_text("titel: Test\n")
        assert eventually(lambda: "sitegen.yaml:1" in get(desk.server, "/papers/dense-maps/")[1])
        desk.config_file.write_text("title: Test\n")
        assert eventually(lambda: get(desk.server, "/papers/dense-maps/")[0] == 200)


@pytest.mark.skipif(not can_fork(2) or not hasattr(os, "getpriority"), reason="nothing is built beside the server here")
def test_what_builds_gives_way_to_the_browser(tmp_path: Path) -> None:
    with desk_at(tmp_path, jobs=2) as desk:
        list(desk.builder(ANYTHING))
        [workshop] = multiprocessing.active_children()
        assert workshop.pid is not None
        assert os.getpriority(os.PRIO_PROCESS, workshop.pid) > os.getpriority(os.PRIO_PROCESS, 0)


def test_without_a_configuration_there_is_nothing_to_serve(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        serve(
            tmp_path / "sitegen.yaml",
            BuildOptions(),
            host="127.0.0.1",
            port=0,
            reload=True,
            poll=False,
            open_browser=False,
            built=lambda report: None,
            say=lambda line: None,
            tell=lambda problems: None,
        )


def test_a_broken_template_is_told_by_its_line_and_heals(built: Desk) -> None:
    template = built.theme / "templates" / "_foot.html"
    with built.server.reload_state.opened(""):
        for text in ("<footer>\n{% if %}</footer>", "<footer>\n{{ nobody }}</footer>"):
            template.write_text(text)
            [told] = built.builder(built.save(template))
            assert [(problem.source, problem.line) for problem in told.problems] == [
                ("themes/own/templates/_foot.html", 2)
            ]
        template.write_text("<footer>mended</footer>\n")
        steps = built.builder(built.save(template))
        assert next(steps).problems == ()
        assert "mended" in built.page()
        [told] = steps
    assert told.problems == ()
    assert "mended" in built.page("papers")


def test_a_bug_is_told_with_its_place_in_the_program(built: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.serve.workshop.build", lambda *args, **named: 1 / 0)
    [told] = built.builder(ANYTHING)
    assert [problem.message for problem in told.problems] == ["ZeroDivisionError: division by zero"]
    assert told.trace.startswith("Traceback")


def test_what_was_built_may_be_deleted_while_serving(built: Desk) -> None:
    shutil.rmtree(built.server.folder.parent)
    *_, told = built.builder(built.paper("dense-maps", PAPERS["dense-maps"].replace("Dense", "Denser")))
    assert told.problems == ()
    assert "Denser maps" in built.page()


def test_the_first_save_is_quick_where_an_earlier_run_had_built_all(built: Desk) -> None:
    time.sleep(2 * GRAIN_NS / 1e9)
    list(built.builder(ANYTHING))
    built.reports.clear()
    with built.another_builder() as later:
        list(later(ANYTHING))
        assert [report.written for report in built.reports] == [0]
        changed = built.paper("dense-maps", PAPERS["dense-maps"].replace("Dense", "Denser"))
        assert len(list(later(changed))) == 2


@pytest.mark.skipif(not can_fork(2), reason="no processes can be forked here")
def test_a_preview_whose_worker_was_killed_says_so_and_goes_on_at_the_next_save(tmp_path: Path) -> None:
    with desk_at(tmp_path, jobs=2) as desk:
        list(desk.builder(ANYTHING))
        [worker] = multiprocessing.active_children()
        worker.kill()
        worker.join()
        watch = (desk.papers,)
        told: list[object] = []
        with running(Preview(desk.server, desk.builder, watch, desk.signal, say=told.append, tell=told.extend)):
            assert "was killed" in str(told[0])
            desk.paper("dense-maps", PAPERS["dense-maps"].replace("Dense", "Denser"))
            assert eventually(lambda: "Denser maps" in get(desk.server, "/papers/dense-maps/")[1])


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_long_build_is_given_up_for_a_newer_save_after_open_pages_were_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    monkeypatch.setattr("sitegen.serve.workshop._LONG", -1)
    with desk_at(tmp_path, jobs) as desk:
        template = desk.theme / "templates" / "_foot.html"
        list(desk.builder(ANYTHING))
        template.write_text("<footer>two</footer>\n")
        desk.signal.note(str(template))
        with desk.server.reload_state.opened(""):
            assert len(list(desk.builder(desk.save(template)))) == 1
        assert "two" in desk.page()
        assert "two" not in desk.page("papers")
        list(desk.builder(desk.signal.wait()))
        assert "two" in desk.page("papers")


def test_saves_without_end_do_not_keep_a_long_build_from_its_end(built: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.serve.workshop._LONG", -1)
    monkeypatch.setattr("sitegen.serve.workshop._PATIENCE", 0.0)
    template = built.theme / "templates" / "_foot.html"
    template.write_text("<footer>two</footer>\n")
    built.signal.note(str(template))
    list(built.builder(built.save(template)))
    assert "two" in built.page("papers")
