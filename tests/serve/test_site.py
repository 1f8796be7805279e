from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from patience import eventually
from preview_desk import PAPERS, Desk, desk_at, tree
from running_preview import get, running

from sitegen.build import BuildOptions
from sitegen.errors import UsageError
from sitegen.serve.preview import Built, Preview
from sitegen.serve.site import serve


def test_a_site_is_built_for_the_local_address_into_a_folder_of_its_own(desk: Desk) -> None:
    [built] = desk.build()
    assert built.problems == ()
    assert desk.config_file in built.watch
    assert "Sparse lists" in desk.page("papers/sparse-lists")
    assert desk.server.url in (desk.server.folder / "robots.txt").read_text()
    assert not (desk.root / "public").exists()


def test_a_broken_paper_is_told_and_the_others_are_built(desk: Desk) -> None:
    desk.paper("broken", "---\ntitle: x\ndate: 2025-02-30\n---\n")
    desk.paper("odd", "---\ntitle: y\ndoi: nonsense\n---\n")
    [built] = desk.build()
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
            [told] = built.build()
            assert [(problem.source, problem.line) for problem in told.problems] == [
                ("themes/own/templates/_foot.html", 2)
            ]
        template.write_text("<footer>mended</footer>\n")
        first, last = built.build()
    assert (first.problems, last.problems) == ((), ())
    assert "mended" in built.page()
    assert "mended" in built.page("papers")


def test_a_bug_is_told_with_its_place_in_the_program(built: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.serve.site.build", lambda *args, **named: 1 / 0)
    [told] = built.build()
    assert [problem.message for problem in told.problems] == ["ZeroDivisionError: division by zero"]
    assert told.trace.startswith("Traceback")


def test_what_was_built_may_be_deleted_while_serving(built: Desk) -> None:
    shutil.rmtree(built.server.folder.parent)
    built.paper("dense-maps", PAPERS["dense-maps"].replace("Dense", "Denser"))
    *_, told = built.build()
    assert told.problems == ()
    assert "Denser maps" in built.page()


def test_an_open_page_is_shown_before_the_whole_site(built: Desk) -> None:
    shown: list[str] = []
    template = built.theme / "templates" / "_foot.html"
    template.write_text("<footer>two</footer>\n")
    (built.theme / "static" / "extra.css").write_text("p{}\n")

    def show(told: Built) -> None:
        shown.extend(path for path in ("", "papers", "topics", "papers/dense-maps") if "two" in built.page(path))
        [asset] = set(re.findall(r'href="([^"]*\.css)"', built.page("papers/dense-maps")))
        assert (built.server.folder / "papers/dense-maps" / asset).resolve().is_file()

    with built.server.reload_state.opened("papers/dense-maps/"):
        assert built.builder(show) is not None
    assert shown == ["papers/dense-maps"]
    assert "two" in built.page("papers")
    assert tree(built.server.folder) == built.clean()


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_long_build_is_given_up_for_a_newer_save_after_open_pages_were_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    monkeypatch.setattr("sitegen.serve.site._LONG", -1)
    with desk_at(tmp_path, jobs) as desk:
        template = desk.theme / "templates" / "_foot.html"
        desk.build()
        template.write_text("<footer>two</footer>\n")
        with desk.server.reload_state.opened(""):
            desk.builder(lambda told: desk.signal.note())
        assert "two" in desk.page()
        assert "two" not in desk.page("papers")
        desk.signal.wait()
        desk.build()
        assert "two" in desk.page("papers")


def test_saves_without_end_do_not_keep_a_long_build_from_its_end(built: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.serve.site._LONG", -1)
    monkeypatch.setattr("sitegen.serve.site._MAX_WAIT", 0.0)
    template = built.theme / "templates" / "_foot.html"
    template.write_text("<footer>two</footer>\n")
    built.signal.note()
    built.build()
    assert "two" in built.page("papers")
