from __future__ import annotations

import multiprocessing
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from running_preview import QUICK, eventually, get, running

from sitegen.build import BuildOptions, BuildReport, build
from sitegen.clock import GRAIN_NS
from sitegen.config import load_config
from sitegen.errors import UsageError
from sitegen.publish.processes import can_fork
from sitegen.serve.live import Live
from sitegen.serve.preview import ANYTHING, Preview
from sitegen.serve.server import PreviewServer
from sitegen.serve.site import SiteBuilder, serve
from sitegen.serve.watch import Signal

PAPERS = {
    "sparse-lists": "---\ntitle: Sparse lists\ntopics: [Lists]\n---\nAn abstract.\n",
    "dense-maps": "---\ntitle: Dense maps\ntopics: [Maps]\n---\nAn abstract.\n",
}


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Desk:
    """A small site, its builder, and what lies in the folder that is served."""

    def __init__(self, root: Path, jobs: int = 1) -> None:
        self.root = root
        self.config_file = root / "sitegen.yaml"
        self.papers = root / "content" / "papers"
        self.theme = root / "themes" / "own"
        if not self.papers.exists():
            self.papers.mkdir(parents=True)
            for name, text in PAPERS.items():
                (self.papers / f"{name}.md").write_text(text)
            for part in ("templates", "static"):
                (self.theme / part).mkdir(parents=True)
            (self.theme / "theme.yaml").write_text("name: own\nextends: default\n")
            (self.theme / "templates" / "_foot.html").write_text("<footer>one</footer>\n")
            (self.theme / "static" / "extra.css").write_text("body{}\n")
            self.config_file.write_text("title: Test\nbase_url: https://example.org/papers/\ntheme: {name: own}\n")
        self.server = PreviewServer(root / "h" / "site", root, Live(), port=0)
        self.reports: list[BuildReport] = []
        self.signal = Signal(QUICK)
        self.builder = self.another_builder(jobs)

    def another_builder(self, jobs: int = 1) -> SiteBuilder:
        return SiteBuilder(self.config_file, self.server, self.signal, BuildOptions(jobs=jobs), self.reports.append)

    def page(self, path: str = "") -> str:
        return (self.server.folder / path / "index.html").read_text()

    def save(self, *files: Path) -> frozenset[str]:
        return frozenset(map(str, files))

    def paper(self, name: str, text: str) -> frozenset[str]:
        (self.papers / f"{name}.md").write_text(text)
        return self.save(self.papers / f"{name}.md")


@contextmanager
def desk_at(root: Path, jobs: int = 1) -> Iterator[Desk]:
    desk = Desk(root, jobs)
    with desk.builder:
        yield desk
    desk.server.server_close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        yield desk


@pytest.fixture
def built(desk: Desk) -> Desk:
    list(desk.builder(ANYTHING))
    return desk


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


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_saved_papers_own_page_comes_first_and_is_what_the_whole_build_makes(tmp_path: Path, jobs: int) -> None:
    with desk_at(tmp_path, jobs) as desk:
        list(desk.builder(ANYTHING))
        steps = desk.builder(desk.paper("dense-maps", PAPERS["dense-maps"].replace("Dense", "Denser")))
        assert next(steps).problems == ()
        glimpse = desk.page("papers/dense-maps")
        assert "Denser maps" in glimpse
        assert "Denser maps" not in desk.page()
        assert next(steps).problems == ()
        assert desk.page("papers/dense-maps") == glimpse
        assert "Denser maps" in desk.page()
        assert not list(desk.server.folder.rglob(".glimpse"))


def test_pages_that_are_open_come_first_and_are_what_the_whole_build_makes(built: Desk) -> None:
    urls = ("", "topics/maps/", "papers/sparse-lists/")
    with ExitStack() as tabs:
        for url in urls:
            tabs.enter_context(built.server.live.opened(url))
        steps = built.builder(built.paper("dense-maps", PAPERS["dense-maps"].replace("Dense", "Denser")))
        next(steps)
    glimpses = [built.page(url) for url in urls]
    assert ["Denser maps" in page for page in glimpses] == [True, True, True]
    assert "Denser maps" not in built.page("papers")
    list(steps)
    assert [built.page(url) for url in urls] == glimpses
    assert "Denser maps" in built.page("papers")


@pytest.mark.parametrize("file", ["themes/own/templates/_foot.html", "themes/own/static/extra.css", "sitegen.yaml"])
def test_a_change_of_looks_comes_first_to_pages_that_are_open_with_all_that_they_need(built: Desk, file: str) -> None:
    text = (built.root / file).read_text()
    (built.root / file).write_text(text.replace("one", "two").replace("body", "main").replace("Test", "Renamed"))
    before = built.page("papers/dense-maps"), built.page("papers/sparse-lists")
    with built.server.live.opened("papers/dense-maps/"):
        steps = built.builder(built.save(built.root / file))
        next(steps)
    glimpse = built.page("papers/dense-maps")
    assert glimpse != before[0]
    assert built.page("papers/sparse-lists") == before[1]
    root = built.server.folder / "papers" / "dense-maps"
    styles = [part.partition('"')[0] for part in glimpse.split('<link rel="stylesheet" href="')[1:]]
    assert styles
    assert all((root / style).is_file() for style in styles)
    list(steps)
    assert built.page("papers/dense-maps") == glimpse
    assert built.page("papers/sparse-lists") != before[1]


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: Dense maps\ndate: 2025-10-29\n---\n",
        "---\ntitle: Dense maps\ntags: [maps]\n---\n",
        "---\ntitle: Dense maps\nslug: elsewhere\n---\n",
        "---\ntitle: Dense maps\ndraft: true\n---\n",
        "---\ntitle: Dense maps\ntopics: [Maps]\nupvotes: 7\n---\n",
        "---\ntitel: Dense maps\n---\n",
    ],
)
def test_a_change_of_a_papers_place_waits_for_the_whole_build(built: Desk, text: str) -> None:
    assert len(list(built.builder(built.paper("dense-maps", text)))) == 1


def test_new_deleted_and_unknown_files_wait_for_the_whole_build(built: Desk) -> None:
    changed = built.paper("new", "---\ntitle: New\n---\n")
    assert len(list(built.builder(changed))) == 1
    (built.papers / "new.md").unlink()
    assert len(list(built.builder(changed))) == 1
    assert len(list(built.builder(ANYTHING))) == 1
    built.config_file.write_text(built.config_file.read_text() + "trending: {count: 1}\n")
    assert len(list(built.builder(built.save(built.config_file)))) == 1


def test_a_broken_template_is_told_by_its_line_and_heals(built: Desk) -> None:
    template = built.theme / "templates" / "_foot.html"
    with built.server.live.opened(""):
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


def test_what_changed_while_a_template_was_broken_is_shown_when_it_is_mended(built: Desk) -> None:
    template = built.theme / "templates" / "_foot.html"
    template.write_text("{% if %}")
    list(built.builder(built.save(template)))
    list(built.builder(built.paper("dense-maps", PAPERS["dense-maps"].replace("Dense", "Denser"))))
    template.write_text("<footer>mended</footer>\n")
    next(built.builder(built.save(template)))
    assert "Denser maps" in built.page("papers/dense-maps")


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


def test_a_save_that_changes_nothing_leaves_the_next_as_quick_as_it_was(built: Desk) -> None:
    changed = built.paper("dense-maps", PAPERS["dense-maps"])
    list(built.builder(changed))
    assert len(list(built.builder(built.paper("dense-maps", PAPERS["dense-maps"].replace("Dense", "Denser"))))) == 2


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
        with desk.server.live.opened(""):
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


def test_after_any_saves_the_folder_holds_what_a_build_makes(built: Desk) -> None:
    saves = [
        built.paper("dense-maps", PAPERS["dense-maps"].replace("Dense", "Denser")),
        built.paper("new", "---\ntitle: New\ntopics: [Maps]\n---\n"),
        built.save(built.theme / "static" / "extra.css"),
    ]
    (built.theme / "static" / "extra.css").write_text("body{color:red}\n")
    with built.server.live.opened(""), built.server.live.opened("topics/maps/"):
        for changed in saves:
            list(built.builder(changed))
    fresh = built.root / "fresh"
    options = BuildOptions(jobs=1, output=fresh / "site", cache=fresh / "cache")
    build(built.root, load_config(built.config_file, base_url=built.server.url), options)
    assert tree(built.server.folder) == tree(fresh / "site")
