from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from preview_desk import PAPERS, Desk, desk_at, tree

from sitegen.clock import GRAIN_NS
from sitegen.collection.visibility import Visibility
from sitegen.serve.preview import ANYTHING


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
            tabs.enter_context(built.server.reload_state.opened(url))
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
    with built.server.reload_state.opened("papers/dense-maps/"):
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
        "---\ntitle: Dense maps\ntags: [maps]\ntopics: [Lists]\n---\n",
        "---\ntitle: Dense maps\nauthors: [Ada Lovelace]\nslug: sparse\n---\n",
        "---\ntitle: Dense maps\ntopics: [Maps]\nupvotes: 7\n---\n",
        "---\ntitle: Dense maps\ntopics: [Maps]\ndraft: true\n---\n",
    ],
)
def test_a_paper_that_moves_comes_first_to_pages_that_are_open(built: Desk, text: str) -> None:
    urls = ("", "topics/lists/", "papers/")
    before = built.page("papers")
    with ExitStack() as tabs:
        for url in urls:
            tabs.enter_context(built.server.reload_state.opened(url))
        steps = built.builder(built.paper("dense-maps", text))
        assert next(steps).problems == ()
    glimpses = [built.page(url) for url in urls]
    assert glimpses[-1] != before
    list(steps)
    assert [built.page(url) for url in urls] == glimpses
    assert tree(built.server.folder) == built.clean()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("new.md", "---\ntitle: New maps\ntopics: [Maps]\n---\n"),
        ("new.md", "---\ntitle: New maps\ndoi: of which a build only warns\n---\n"),
        ("two.jsonl", '{"id": "new", "title": "New maps", "topics": ["Maps"]}\n{"id": "other", "title": "Other"}\n'),
        ("deep/er.bib", "@article{new, title={New maps}, keywords={maps}}"),
    ],
)
def test_papers_that_are_new_or_gone_come_first_to_pages_that_are_open(built: Desk, name: str, text: str) -> None:
    file = built.papers / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    with built.server.reload_state.opened(""), built.server.reload_state.opened("papers/new/"):
        steps = built.builder(built.save(file))
        assert next(steps).problems == ()
        assert "New maps" in built.page("papers/new")
        assert "New maps" in built.page()
        assert "New maps" not in built.page("papers")
        list(steps)
        assert "New maps" in built.page("papers")
        file.unlink()
        steps = built.builder(built.save(file))
        next(steps)
        assert "New maps" not in built.page()
        assert not (built.server.folder / "papers" / "new" / "index.html").exists()
        assert "New maps" in built.page("papers")
        list(steps)
    assert tree(built.server.folder) == built.clean()


def test_one_paper_of_many_in_a_source_comes_first(built: Desk) -> None:
    lines = [f'{{"id": "p{number}", "title": "Paper {number}"}}\n' for number in range(20)]
    file = built.papers / "many.jsonl"
    file.write_text("".join(lines))
    assert len(list(built.builder(built.save(file)))) == 1
    file.write_text("".join(lines).replace("Paper 7", "Renamed"))
    next(built.builder(built.save(file)))
    assert "Renamed" in built.page("papers/p7")


def test_similar_papers_stay_with_their_papers_until_the_whole_build(built: Desk) -> None:
    # What many papers say makes none of them similar.
    others = [f'{{"id": "p{number}", "title": "Paper {number}"}}\n' for number in range(60)]
    (built.papers / "others.jsonl").write_text("".join(others))
    abstract = "Sketches of streams.\n"
    for name in "abcd":
        built.paper(name, f"---\ntitle: Paper {name}\ndate: 2025-01-01\n---\n{abstract}")
    list(built.builder(ANYTHING))
    assert all(f"Paper {name}" in built.page("papers/a") for name in "bcd")
    (built.papers / "c.md").unlink()
    changed = built.paper("new", f"---\ntitle: Newest\ndate: 2023-01-01\n---\n{abstract}")
    with built.server.reload_state.opened("papers/a/"):
        steps = built.builder(changed | built.save(built.papers / "c.md"))
        next(steps)
        assert [f"Paper {name}" in built.page("papers/a") for name in "bcd"] == [True, False, True]
        assert "Newest" not in built.page("papers/a")
        list(steps)
    assert "Newest" in built.page("papers/a")
    assert tree(built.server.folder) == built.clean()


def test_drafts_come_first_only_where_the_preview_shows_them(tmp_path: Path) -> None:
    draft = "---\ntitle: Half done\ndraft: true\n---\n"
    for drafts in (True, False):
        with desk_at(tmp_path / str(drafts), visibility=Visibility(drafts=drafts)) as desk:
            list(desk.builder(ANYTHING))
            with desk.server.reload_state.opened(""):
                next(desk.builder(desk.paper("new", draft)))
            assert ("Half done" in desk.page()) is drafts


@pytest.mark.parametrize(
    "text", ["---\ntitle: New\ndate: tomorrow\n---\n", "---\ntitle: New\nid: dense-maps\n---\n", "---\ntitle: New\n"]
)
def test_a_paper_with_a_problem_is_left_to_the_whole_build(built: Desk, text: str) -> None:
    [told] = built.builder(built.paper("new", text))
    assert [problem.source for problem in told.problems] == ["content/papers/new.md"]


def test_papers_that_want_one_address_are_told_after_they_are_shown(built: Desk) -> None:
    for name in ("one", "two"):
        built.paper(name, f"---\ntitle: {name}\naliases: [former]\n---\n")
    changed = built.save(built.papers / "one.md", built.papers / "two.md")
    *_, told = built.builder(changed)
    assert told.problems
    (built.papers / "one.md").unlink()
    (built.papers / "two.md").unlink()
    *_, told = built.builder(changed)
    assert told.problems == ()
    assert tree(built.server.folder) == built.clean()


def test_what_concerns_more_than_papers_waits_for_the_whole_build(built: Desk) -> None:
    topic = built.root / "content" / "topics" / "maps.md"
    topic.parent.mkdir()
    for text in ("---\ntitle: Maps\n---\n", "---\ntitle: Maps\n---\nOf lands.\n"):
        topic.write_text(text)
        assert len(list(built.builder(built.save(topic)))) == 1
    topic.unlink()
    changed = built.paper("dense-maps", PAPERS["dense-maps"].replace("Dense", "Denser"))
    assert len(list(built.builder(built.save(topic) | changed))) == 1
    (built.papers / "notes.txt").write_text("Read by nothing.\n")
    assert len(list(built.builder(built.save(built.papers / "notes.txt")))) == 1
    assert len(list(built.builder(ANYTHING))) == 1
    built.config_file.write_text(built.config_file.read_text() + "trending: {count: 1}\n")
    assert len(list(built.builder(built.save(built.config_file)))) == 1


def test_a_folder_of_papers_that_is_gone_waits_for_the_whole_build(built: Desk) -> None:
    folder = built.papers / "more"
    folder.mkdir()
    (folder / "new.md").write_text("---\ntitle: New\n---\n")
    list(built.builder(built.save(folder / "new.md")))
    folder.rename(built.root / "aside")
    assert len(list(built.builder(built.save(folder)))) == 1
    assert tree(built.server.folder) == built.clean()


def test_the_file_by_which_an_editor_replaces_another_is_none_of_the_papers(built: Desk) -> None:
    changed = built.paper("dense-maps", PAPERS["dense-maps"].replace("Dense", "Denser"))
    next(built.builder(changed | built.save(built.papers / "dense-maps.md.tmp-1")))
    assert "Denser maps" in built.page("papers/dense-maps")


def test_pages_of_a_paper_that_no_build_came_to_know_do_not_stay(built: Desk) -> None:
    time.sleep(2 * GRAIN_NS / 1e9)
    list(built.builder(ANYTHING))
    steps = built.builder(built.paper("new", "---\ntitle: New\n---\n"))
    next(steps)
    steps.close()
    assert "New" in built.page("papers/new")
    (built.papers / "new.md").unlink()
    list(built.builder(built.save(built.papers / "new.md")))
    assert tree(built.server.folder) == built.clean()


def test_what_changed_while_a_template_was_broken_is_shown_when_it_is_mended(built: Desk) -> None:
    template = built.theme / "templates" / "_foot.html"
    template.write_text("{% if %}")
    list(built.builder(built.save(template)))
    list(built.builder(built.paper("dense-maps", PAPERS["dense-maps"].replace("Dense", "Denser"))))
    template.write_text("<footer>mended</footer>\n")
    next(built.builder(built.save(template)))
    assert "Denser maps" in built.page("papers/dense-maps")


def test_a_save_that_changes_nothing_leaves_the_next_as_quick_as_it_was(built: Desk) -> None:
    changed = built.paper("dense-maps", PAPERS["dense-maps"])
    list(built.builder(changed))
    assert len(list(built.builder(built.paper("dense-maps", PAPERS["dense-maps"].replace("Dense", "Denser"))))) == 2


def test_after_any_saves_the_folder_holds_what_a_build_makes(built: Desk) -> None:
    saves = [
        built.paper("dense-maps", PAPERS["dense-maps"].replace("Dense", "Denser")),
        built.paper("new", "---\ntitle: New\ntopics: [Maps]\n---\n"),
        built.save(built.theme / "static" / "extra.css"),
    ]
    (built.theme / "static" / "extra.css").write_text("body{color:red}\n")
    with built.server.reload_state.opened(""), built.server.reload_state.opened("topics/maps/"):
        for changed in saves:
            list(built.builder(changed))
    assert tree(built.server.folder) == built.clean()
