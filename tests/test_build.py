from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from site_maker import SiteMaker, paper

from sitegen.build import CACHE_FOLDER, BuildOptions, BuildReport, build
from sitegen.clean import clean
from sitegen.clock import GRAIN_NS
from sitegen.config import load_config
from sitegen.content.files import SourceFile
from sitegen.errors import ContentError, UsageError
from sitegen.indexing import SearchIndex
from sitegen.publish.cache import Cache
from sitegen.publish.staging import OutputRecord, read_manifest

PAPERS = {
    "content/papers/a.md": paper("Alpha", "About graphs.", date="2024-05-01", tags="[graphs, once]", upvotes=3),
    "content/papers/b.md": paper("Beta", "About trees.", date="2024-05-02", tags="[graphs]", topics="[Theory]"),
    "content/papers/c.md": paper("Gamma", "About $x^2$ and *more*.", authors="[Ada Example]", venue="Conf 1"),
    "content/papers/d.md": paper("Delta", "Short.", date="2023-12-31", authors="[Ada Example, Bo Sample]"),
    "content/topics/theory.md": "---\ntitle: Theory\n---\nProofs.\n",
    "content/static/files/note.txt": "note",
}


OWN_TEMPLATE = '<!doctype html><title>Lost</title>{% include "_way.html" %}\n'
OWN_THEME = {
    "sitegen.yaml": "title: Test papers\nbase_url: https://papers.example/\ntheme: {name: own}\n",
    "themes/own/theme.yaml": "name: own\nextends: default\n",
    "themes/own/templates/404.html": OWN_TEMPLATE,
    "themes/own/templates/_way.html": "<p>Go on.</p>\n",
}


def run(root: Path, **options: object) -> BuildReport:
    return build(root, load_config(root / "sitegen.yaml"), BuildOptions(**options))  # type: ignore[arg-type]


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def clean_tree(root: Path) -> dict[str, bytes]:
    """What a first build of these sources in an empty folder writes."""
    fresh = root.parent / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(root, fresh, ignore=shutil.ignore_patterns("public", ".sitegen"))
    run(fresh)
    return tree(fresh / "public")


def settle(root: Path) -> None:
    """Make all sources so old that a build may rely on their signatures."""
    time.sleep(2 * GRAIN_NS / 1e9)
    assert max(path.stat().st_ctime_ns for path in (root / "content").rglob("*")) < time.time_ns() - GRAIN_NS


def test_a_clean_build_takes_nothing_from_earlier_ones(make_site: SiteMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_site(PAPERS)
    settle(root)
    run(root, jobs=1)
    taken: list[str] = []
    read_bytes = Cache.read_bytes

    def read(cache: Cache, name: str) -> bytes | None:
        found = read_bytes(cache, name)
        taken.extend([name] if found else [])
        return found

    monkeypatch.setattr(Cache, "read_bytes", read)
    run(root, jobs=1, clean=True)
    assert taken == []
    _append("content/papers/a.md", "More.\n")(root)
    run(root, jobs=1)
    assert {"outputs", "search", "static"} <= {*taken}, "the other way round it would prove nothing"


def test_a_static_file_is_read_once_as_long_as_it_stays(make_site: SiteMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_site(PAPERS)
    settle(root)
    run(root, jobs=1)
    read: list[str] = []
    read_bytes = SourceFile.read_bytes
    monkeypatch.setattr(SourceFile, "read_bytes", lambda file: (read.append(file.name), read_bytes(file))[1])
    _append("content/papers/a.md", "More.\n")(root)
    run(root, jobs=1)
    assert read.count("content/papers/a.md") == 1
    assert "content/static/files/note.txt" not in read
    (root / "content/static/files/note.txt").write_text("Note")
    run(root, jobs=1)
    assert "content/static/files/note.txt" in read
    assert (root / "public/files/note.txt").read_text() == "Note"


def test_a_second_build_finds_nothing_to_do(make_site: SiteMaker) -> None:
    root = make_site(PAPERS)
    first, second = run(root), run(root)
    assert first.written and first.papers == 4
    assert (second.written, second.removed) == (0, 0)
    assert second.unchanged == first.written


def test_a_build_that_only_removes_files_leaves_nothing_to_do_for_the_next(make_site: SiteMaker) -> None:
    root = make_site(PAPERS)
    run(root)
    (root / "content/static/files/note.txt").unlink()
    report = run(root)
    assert (report.written, report.removed) == (0, 1)
    known = Cache(root / CACHE_FOLDER).read("outputs", dict[str, OutputRecord])
    assert known is not None
    assert sorted(known) == read_manifest(root / "public")


def test_an_edit_writes_only_pages_that_show_the_paper(make_site: SiteMaker) -> None:
    root = make_site(PAPERS)
    run(root)
    before = {path: (root / "public" / path).stat().st_mtime_ns for path in tree(root / "public")}
    (root / "content/papers/d.md").write_text(paper("Delta", "Changed words.", date="2023-12-31"))
    run(root)
    changed = {
        path
        for path, when in before.items()
        if (root / "public" / path).is_file() and (root / "public" / path).stat().st_mtime_ns != when
    }
    assert "papers/d/index.html" in changed
    assert "papers/b/index.html" not in changed
    assert "topics/theory/index.html" not in changed


def _append(name: str, text: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        with (root / name).open("a") as file:
            file.write(text)

    return edit


def _write(name: str, text: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)

    return edit


def _flip_cache(root: Path) -> None:
    for file in (root / ".sitegen").iterdir():
        if raw := bytearray(file.read_bytes()):
            raw[len(raw) // 2] ^= 1
            file.write_bytes(raw)


def _truncate_cache(root: Path) -> None:
    for file in (root / ".sitegen").iterdir():
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _edit_keeping_time(root: Path) -> None:
    file = root / "content/papers/a.md"
    status = file.stat()
    file.write_text(file.read_text().replace("graphs", "graphz"))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def _same_size_static(root: Path) -> None:
    file = root / "content/static/files/note.txt"
    status = file.stat()
    file.write_text("etno")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def _swap(root: Path) -> None:
    a, b = root / "content/papers/a.md", root / "content/papers/b.md"
    text = a.read_text()
    a.write_text(b.read_text())
    b.write_text(text)


def _own_theme(root: Path) -> None:
    _write("themes/mine/theme.yaml", "name: mine\nextends: default\n")(root)
    _write("themes/mine/templates/404.html", "<!doctype html><title>Lost</title>\n")(root)
    _write("sitegen.yaml", OWN_THEME["sitegen.yaml"].replace("own", "mine"))(root)


EDITS: dict[str, Callable[[Path], None]] = {
    "delete a paper": lambda root: (root / "content/papers/b.md").unlink(),
    "rename a paper's file": lambda root: (root / "content/papers/a.md").rename(root / "content/papers/z.md"),
    "rename a tag that is used once": _write(
        "content/papers/a.md", paper("Alpha", "About graphs.", date="2024-05-01", tags="[graphs, other]")
    ),
    "change a slug": _write("content/papers/a.md", paper("Alpha", "About graphs.", date="2024-05-01", slug="aleph")),
    "edit the paper between two others": _write("content/papers/a.md", paper("Aleph", date="2024-05-01")),
    "change a template": _write("themes/own/templates/404.html", OWN_TEMPLATE.replace("Lost", "Gone")),
    "change a part of a template": _write("themes/own/templates/_way.html", "<p>Go back.</p>\n"),
    "change the site's title": lambda root: _write("sitegen.yaml", "title: Other\nbase_url: https://x.example/\n")(
        root
    ),
    "use another theme": _own_theme,
    "edit a file and put its time back": _edit_keeping_time,
    "touch a file": lambda root: os.utime(root / "content/papers/a.md"),
    "turn a file's time back": lambda root: os.utime(root / "content/papers/a.md", (1, 1)),
    "move a paper to another year": _write("content/papers/a.md", paper("Alpha", "About graphs.", date="2022-01-01")),
    "delete the output": lambda root: shutil.rmtree(root / "public"),
    "delete the cache": lambda root: shutil.rmtree(root / ".sitegen"),
    "delete one output file": lambda root: (root / "public/papers/a/index.html").unlink(),
    "edit an output file": _append("public/papers/a/index.html", "<!-- mine -->"),
    "truncate the cache": _truncate_cache,
    "flip a bit in each cache file": _flip_cache,
    "swap two papers": _swap,
    "change a static file, not its size and time": _same_size_static,
    "add a paper": _write("content/papers/new.md", paper("New", "Fresh.", date="2024-06-01", tags="[graphs]")),
    "replace a paper by one of the same slug": lambda root: (
        (root / "content/papers/a.md").unlink(),
        _write("content/papers/other.md", paper("Other", "Mine now.", id="a"))(root),
    )[0],
    "change a topic file": _append("content/topics/theory.md", "More.\n"),
    "add an alias for an author": _write("content/data/authors.yaml", "Ada X. Example: [Ada Example]\n"),
    "break a paper": _write("content/papers/a.md", "no front matter"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_after_any_edit_the_output_is_that_of_a_clean_build(make_site: SiteMaker, edit: Callable[[Path], None]) -> None:
    root = make_site(PAPERS | OWN_THEME)
    run(root)
    edit(root)
    run(root)
    assert tree(root / "public") == clean_tree(root)


def test_two_builds_at_once_leave_what_one_leaves(make_site: SiteMaker) -> None:
    root = make_site(PAPERS)
    command = [sys.executable, "-m", "sitegen", "build", "-c", str(root / "sitegen.yaml")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    running = [subprocess.Popen([*command, "-q"], env=environment) for _ in range(2)]
    assert [build.wait(timeout=120) for build in running] == [0, 0]
    assert tree(root / "public") == clean_tree(root)


def test_papers_of_the_first_and_of_the_last_day_have_their_lists(make_site: SiteMaker) -> None:
    root = make_site({f"content/papers/{day}.md": paper("A", date=day) for day in ("0001-01-01", "9998-12-31")})
    assert {problem.message[:16] for problem in run(root).problems} == {"an unlikely year"}
    for path in ("0001/01/01", "0001/W01", "9998/12/31", "9998/12", "papers/0001-01-01"):
        assert (root / "public" / path / "index.html").is_file()


def test_papers_whose_ids_differ_only_in_case_or_form_have_pages_of_their_own(make_site: SiteMaker) -> None:
    names = {"Fold": "One", "fold": "Two", "na\u00efve": "Three", "nai\u0308ve": "Four"}
    root = make_site({f"content/papers/{name}.md": paper(title) for name, title in names.items()})
    assert run(root).problems == ()
    pages = {page.parent.name: page.read_text(encoding="utf-8") for page in root.glob("public/papers/*/index.html")}
    assert len({name.casefold() for name in pages}) == 4
    for title in names.values():
        assert sum(f"<h1>{title}</h1>" in page for page in pages.values()) == 1


def test_the_number_of_workers_does_not_show(make_site: SiteMaker) -> None:
    many = {
        f"content/papers/p{i:03}.md": paper(f"Paper {i}", f"Words {i}.", date=f"2024-01-{i % 28 + 1:02}")
        for i in range(450)
    }
    root = make_site({**PAPERS, **many})
    run(root, jobs=1)
    one = tree(root / "public")
    for jobs in (2, 8):
        run(root, jobs=jobs, output=root.parent / f"out{jobs}", cache=root.parent / f"cache{jobs}")
        assert tree(root.parent / f"out{jobs}") == one


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": "86400"},
        {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
    ],
)
def test_hash_seed_zone_and_locale_do_not_show(make_site: SiteMaker, environment: dict[str, str]) -> None:
    root = make_site(PAPERS)
    run(root)
    here = tree(root / "public")
    script = "import sys; sys.path[:0] = sys.argv[2:]; from pathlib import Path\n"
    script += "from sitegen.build import build; from sitegen.config import load_config\n"
    script += "root = Path(sys.argv[1]); build(root, load_config(root / 'sitegen.yaml'))"
    shutil.rmtree(root / "public")
    shutil.rmtree(root / ".sitegen")
    subprocess.run([sys.executable, "-c", script, root, *sys.path], env=environment, check=True)
    assert tree(root / "public") == here


def test_files_of_others_are_refused_and_kept(make_site: SiteMaker) -> None:
    root = make_site({**PAPERS, "public/thesis.tex": "years of work"})
    with pytest.raises(UsageError, match=r"thesis\.tex"):
        run(root)
    assert tree(root / "public") == {"thesis.tex": b"years of work"}
    run(root, force=True)
    assert (root / "public/thesis.tex").read_text() == "years of work"
    assert (root / "public/papers/a/index.html").is_file()
    (root / "content/papers/a.md").unlink()
    run(root, force=True)
    assert (root / "public/thesis.tex").is_file() and not (root / "public/papers/a").exists()


def test_two_sources_that_want_one_address_are_told_by_both_names(make_site: SiteMaker) -> None:
    root = make_site({**PAPERS, "content/static/papers/a/index.html": "mine"})
    with pytest.raises(ContentError) as caught:
        run(root)
    (problem,) = caught.value.problems
    assert "content/papers/a.md" in str(problem) and "content/static/papers/a/index.html" in str(problem)
    assert not (root / "public").exists()


@pytest.mark.parametrize(
    ("template", "line", "message"),
    [
        ("<p>\n{{ paper.titel }}", 2, "no attribute 'titel'"),
        ("<p>{% if %}", 1, "Expected an expression"),
        ("\n\n{{ 1 / 0 }}", 3, "division by zero"),
    ],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_fault_in_a_template_is_told_by_file_and_line(
    make_site: SiteMaker, template: str, line: int, message: str, jobs: int
) -> None:
    many = {f"content/papers/p{i:03}.md": paper(f"Paper {i}") for i in range(250 if jobs > 1 else 1)}
    theme = {"themes/mine/theme.yaml": "name: mine\nextends: default\n", "themes/mine/templates/paper.html": template}
    root = make_site({**many, **theme, "sitegen.yaml": "theme: {name: mine}\n"})
    with pytest.raises(ContentError) as caught:
        run(root, jobs=jobs)
    (problem,) = caught.value.problems
    assert (problem.source, problem.line) == ("themes/mine/templates/paper.html", line)
    assert message in problem.message


def test_a_full_disk_leaves_the_old_site_and_the_next_build_repairs(
    make_site: SiteMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_site(PAPERS)
    run(root)
    old = tree(root / "public")
    (root / "content/papers/a.md").write_text(paper("Alpha", "New words.", date="2024-05-01"))
    real, countdown = os.write, 3

    def failing(descriptor: int, data: bytes) -> int:
        nonlocal countdown
        countdown -= 1
        if countdown == 0:
            raise OSError(28, "No space left on device")
        return real(descriptor, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", failing)
        with pytest.raises(OSError, match="No space left"):
            run(root, jobs=1)
    assert tree(root / "public") == old
    run(root)
    assert tree(root / "public") == clean_tree(root)


@pytest.mark.parametrize("nth", range(1, 12))
def test_a_failing_move_leaves_whole_pages_and_the_next_build_repairs(
    make_site: SiteMaker, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    root = make_site(PAPERS)
    run(root)
    old = tree(root / "public")
    (root / "content/papers/a.md").write_text(paper("Alpha", "New words.", date="2024-05-01", tags="[fresh]"))
    new = clean_tree(root)
    real, countdown = os.replace, nth

    def failing(source: str | Path, target: str | Path) -> None:
        nonlocal countdown
        if "public" in str(target):
            countdown -= 1
            if countdown == 0:
                raise OSError(5, "Input/output error")
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", failing)
        with pytest.raises(OSError, match="Input/output"):
            run(root, jobs=1)
    for path, data in tree(root / "public").items():
        if not path.startswith(".sitegen-"):
            assert data in (old.get(path), new.get(path)), path
    run(root)
    assert tree(root / "public") == new


def test_a_static_file_that_vanishes_while_building_leaves_the_old_site(
    make_site: SiteMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = "title: Test papers\nbase_url: https://papers.example/\nrelated: {count: 0}\n"
    files = {"sitegen.yaml": config, "content/papers/a.md": paper("Alpha"), "content/static/note.txt": "old"}
    root = make_site(files)
    build(root, load_config(root / "sitegen.yaml"), BuildOptions())
    before = tree(root / "public")
    note = root / "content/static/note.txt"
    note.write_text("newer")
    update = SearchIndex.update
    monkeypatch.setattr(SearchIndex, "update", lambda index, site: (note.unlink(), update(index, site)))
    with pytest.raises(ContentError, match=r"content/static/note\.txt: cannot be read any more"):
        build(root, load_config(root / "sitegen.yaml"), BuildOptions(jobs=1))
    assert tree(root / "public") == before


@pytest.mark.skipif(sys.platform != "linux", reason="names are text here")
def test_a_name_that_is_not_utf8_costs_no_other_file(make_site: SiteMaker) -> None:
    root = make_site(PAPERS)
    for folder in ("papers", "static", "topics"):
        (root / "content" / folder / os.fsdecode(b"caf\xe9.md")).write_text(paper("Caf\u00e9"))
    (root / "content/static" / os.fsdecode(b"\xff")).mkdir()
    report = run(root)
    assert report.papers == 4
    told = sorted((problem.source, problem.message) for problem in report.problems)
    assert told == [
        (f"content/{name}", "its name is not UTF-8")
        for name in ("papers/caf\ufffd.md", "static/caf\ufffd.md", "static/\ufffd", "topics/caf\ufffd.md")
    ]


@pytest.mark.parametrize("name", ["papers", "Tags", "topics/theory"])
def test_a_file_at_the_address_of_a_folder_is_told_by_both_names(make_site: SiteMaker, name: str) -> None:
    root = make_site({**PAPERS, f"content/static/{name}": "mine"})
    with pytest.raises(ContentError) as caught:
        run(root)
    assert any(f"content/static/{name}" in str(problem) for problem in caught.value.problems)
    assert not (root / "public").exists()


def test_nothing_is_written_or_deleted_through_a_linked_folder(make_site: SiteMaker) -> None:
    root = make_site(PAPERS)
    run(root)
    victim = root.parent / "victim"
    (root / "public/papers").rename(victim)
    before = tree(victim)
    (root / "public/papers").symlink_to(victim)
    (root / "content/papers/a.md").unlink()
    with pytest.raises(UsageError, match="link to another place"):
        run(root)
    assert tree(victim) == before
    assert clean(root, root / "public") > 0
    assert tree(victim) == before


def test_a_name_of_two_lines_makes_no_other_file_ours(make_site: SiteMaker) -> None:
    root = make_site({**PAPERS, "content/static/a\nCNAME": "one"})
    run(root)
    assert "a\nCNAME" in read_manifest(root / "public")
    (root / "public/CNAME").write_text("papers.example")
    (root / "content/static/a\nCNAME").unlink()
    assert run(root, force=True).removed == 1
    assert (root / "public/CNAME").read_text() == "papers.example"


@pytest.mark.parametrize("output", ["content/static", "themes", "content", "."])
def test_sources_are_no_place_to_publish_into(make_site: SiteMaker, output: str) -> None:
    root = make_site({**PAPERS, **OWN_THEME})
    before = tree(root)
    with pytest.raises(UsageError, match="cannot be the output folder"):
        run(root, output=root / output, force=True)
    assert {path: data for path, data in tree(root).items() if not path.startswith(".sitegen/")} == before


def test_a_build_that_was_cut_short_is_told_by_the_next(make_site: SiteMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_site(PAPERS)
    assert not run(root).repaired
    (root / "content/papers/a.md").write_text(paper("Alpha", "New words.", date="2024-05-01"))
    with monkeypatch.context() as patch:
        # As after a kill, nothing is cleared away.
        patch.setattr("sitegen.publish.staging._move", lambda *_: (_ for _ in ()).throw(OSError(5, "killed")))
        patch.setattr("sitegen.publish.staging.shutil.rmtree", lambda *_, **named: None)
        with pytest.raises(OSError, match="killed"):
            run(root, jobs=1)
    assert run(root).repaired
    assert tree(root / "public") == clean_tree(root)
    assert not run(root).repaired
