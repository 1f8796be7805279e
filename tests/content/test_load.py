from __future__ import annotations

import json
import os
from pathlib import Path

import msgspec
import pytest
from site_maker import SiteMaker, paper

from sitegen.content.files import SourceFile
from sitegen.content.load import Content, Parsed, load
from sitegen.text.dates import PartialDate


def _load(root: Path) -> Content:
    return load(root, "content")


def test_the_body_is_the_abstract_unless_one_is_given(make_site: SiteMaker) -> None:
    root = make_site(
        {
            "content/papers/a.md": paper("A", "The body."),
            "content/papers/b.md": paper("B", "Further notes.", abstract="Short."),
        }
    )
    a, b = _load(root).papers
    assert (a.abstract, a.notes) == ("The body.", "")
    assert (b.abstract, b.notes) == ("Short.", "Further notes.")


def test_scalars_mean_what_was_typed(make_site: SiteMaker) -> None:
    root = make_site({"content/papers/a.md": paper("no", tags="[on, 1984, 1_000]", upvotes="7", date="2024-02-29")})
    (found,) = _load(root).papers
    assert found.title == "no"
    assert found.tags == ("on", "1984", "1_000")
    assert found.upvotes == 7
    assert found.date == PartialDate(2024, 2, 29)


def test_a_byte_order_mark_and_foreign_line_ends_change_nothing(make_site: SiteMaker) -> None:
    plain = paper("A", "One.\n\nTwo.")
    sources = {"a": plain.encode(), "b": b"\xef\xbb\xbf" + plain.encode(), "c": plain.replace("\n", "\r\n").encode()}
    root = make_site({f"content/papers/{name}.md": raw for name, raw in sources.items()})
    a, b, c = _load(root).papers
    assert a.abstract == b.abstract == c.abstract == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("raw", "line", "message"),
    [
        (b"---\ntitle: caf\xe9\n---\n", 2, "not UTF-8 text"),
        (b"\0\0\0", 1, "not a text file"),
        (b"", 1, "no front matter"),
        (b"---\ntitle: x\nbody", 1, "front matter without an end"),
        (b"---\ntitle: a: b\n---\n", 2, "not valid YAML"),
        (b"---\ntitle: a\ntitle: b\n---\n", 3, "given twice"),
        (b"---\n- x\n---\n", 2, "not a list of fields"),
        (b"---\nx: &a [*a]\ntitle: x\n---\n", 2, "unknown field"),
        (b"---\ntitle: [1, 2]\n---\n", 2, "expected text"),
        (b"---\n\n# hm\ntitle: x\ndate: 2024-02-30\n---\n", 5, "not a date: '2024-02-30'"),
        (b"---\ntitle: ''\n---\n", 2, "is empty"),
        (b"---\nauthors: [A]\n---\n", 2, "is missing"),
        (b"---\ntitle: x\nabstrct: y\n---\n", 3, "did you mean 'abstract'?"),
        (b"---\ntitle: !!python/name:os.system\n---\n", 2, "not valid YAML"),
        (b"---\ntitle: x\nupvotes: many\n---\n", 3, "upvotes"),
    ],
)
def test_a_fault_is_told_by_file_and_line_and_costs_no_other_paper(
    make_site: SiteMaker, raw: bytes, line: int, message: str
) -> None:
    root = make_site({"content/papers/bad.md": raw, "content/papers/good.md": paper("Good")})
    content = _load(root)
    assert [found.title for found in content.papers] == ["Good"]
    (problem,) = content.problems
    assert (problem.source, problem.line) == ("content/papers/bad.md", line)
    assert message in str(problem)


BAD_BYTE = b"@article{one, title={First}}\n@article{two,\n title={Caf\xe9}}\n% \xe9\n@article{three, title={Third}}\n"


@pytest.mark.parametrize(
    ("name", "raw", "titles", "said"),
    [
        ("many.bib", BAD_BYTE, ["First", "Third"], [(3, "not UTF-8 text")]),
        ("many.bib", b"\xef\xbb\xbf" + BAD_BYTE.replace(b"\n", b"\r\n"), ["First", "Third"], [(3, "not UTF-8 text")]),
        ("many.bib", BAD_BYTE.replace(b"\xe9}", b"\0}"), ["First", "Third"], [(3, "holds a NUL byte")]),
        ("many.bib", b"%PDF-1.7\n\xe9\0\xe9", [], [(2, "not UTF-8 text")]),
        ("many.bib", b'@string{x="\xe9"}\n@misc{a, title={A}}', ["A"], [(1, "not UTF-8 text")]),
        ("many.jsonl", b'{"title": "A"}\n{"title": "\xe9"}\n{"title": "B"}\n', ["A", "B"], [(2, "not UTF-8 text")]),
        ("many.jsonl", b'{"title": "A"}\n\0\n{"title": "B"}\n', ["A", "B"], [(2, "holds a NUL byte")]),
    ],
)
def test_a_paper_that_is_no_text_costs_no_other_of_its_file(
    make_site: SiteMaker, name: str, raw: bytes, titles: list[str], said: list[tuple[int, str]]
) -> None:
    content = _load(make_site({f"content/papers/{name}": raw}))
    assert [found.title for found in content.papers] == titles
    assert [problem.line for problem in content.problems] == [line for line, _ in said]
    assert all(message in str(problem) for problem, (_, message) in zip(content.problems, said, strict=True))


def test_deep_nesting_is_refused_and_not_followed(make_site: SiteMaker) -> None:
    root = make_site({"content/papers/a.md": "---\ntitle: " + "[" * 5000 + "\n---\n"})
    content = _load(root)
    assert not content.papers and content.problems


def test_control_characters_are_dropped_from_text(make_site: SiteMaker) -> None:
    root = make_site({"content/papers/a.md": '---\ntitle: "x\\u0000y\\ud800z"\n---\n'})
    content = _load(root)
    assert [found.title for found in content.papers] in (["xyz"], [])
    assert content.papers or content.problems


def test_characters_that_no_page_may_hold_are_dropped(make_site: SiteMaker) -> None:
    noncharacters = "\ufdd0\uffff\U0001ffff\U0010fffe"
    root = make_site(
        {"content/papers/a.jsonl": json.dumps({"title": f"a{noncharacters}b\ud800c", "abstract": "d\x85e"})}
    )
    (found,) = _load(root).papers
    assert (found.title, found.abstract) == ("abc", "de")


@pytest.mark.parametrize("unseen", ["\u200b", " \u200b \u2060", "\u202e", "\ufeff\u3000"])
def test_text_of_which_nothing_can_be_seen_is_no_text(make_site: SiteMaker, unseen: str) -> None:
    seen = {"title": "Seen", "tags": [unseen, "knots"], "authors": [unseen], "venue": unseen, "id": unseen}
    lines = [json.dumps({"title": unseen}), json.dumps(seen)]
    content = _load(make_site({"content/papers/a.jsonl": "\n".join(lines)}))
    assert [problem.field for problem in content.problems] == ["title", "authors", "tags", "venue"]
    (found,) = content.papers
    assert (found.id, found.tags, found.authors, found.venue) == ("seen", ("knots",), (), None)


def test_files_whose_names_differ_little_are_different_papers(make_site: SiteMaker) -> None:
    names = ["Fold", "fold", "2401.00001", "na\u00efve", "nai\u0308ve"]
    content = _load(make_site({f"content/papers/{name}.md": paper("A") for name in names}))
    assert content.problems == ()
    assert sorted(found.id for found in content.papers) == sorted(names)


def test_a_date_beyond_the_calendar_is_refused_but_may_mean_never(make_site: SiteMaker) -> None:
    sources = {"a": {"date": "9999-12-31T23:59:59-23:59"}, "b": {"expires": "9999-12-31"}}
    content = _load(make_site({f"content/papers/{name}.md": paper("A", **date) for name, date in sources.items()}))
    (problem,) = content.problems
    assert (problem.source, problem.line, problem.field) == ("content/papers/a.md", 3, "date")
    assert [found.id for found in content.papers] == ["b"]


def test_two_papers_with_one_id_are_told_by_both_names(make_site: SiteMaker) -> None:
    root = make_site({"content/papers/a.md": paper("A", id="x"), "content/papers/b.md": paper("B", id="x")})
    (problem,) = _load(root).problems
    assert problem.source == "content/papers/b.md" and "content/papers/a.md" in problem.message


def test_a_dangerous_link_is_left_out_with_a_warning(make_site: SiteMaker) -> None:
    root = make_site({"content/papers/a.md": paper("A", links="{pdf: 'javascript:x', code: 'https://x.example/'}")})
    content = _load(root)
    assert content.papers[0].links.pdf is None
    assert content.papers[0].links.code == "https://x.example/"
    assert [(p.field, p.severity) for p in content.problems] == [("links.pdf", "warning")]


def test_identifiers_lose_their_web_address(make_site: SiteMaker) -> None:
    fields = {"arxiv": "https://arxiv.org/abs/2401.00001v2", "doi": "https://doi.org/10.1000/X.1"}
    root = make_site({"content/papers/a.md": paper("A", **fields)})
    (found,) = _load(root).papers
    assert (found.arxiv, found.doi) == ("2401.00001v2", "10.1000/X.1")


def test_odd_things_in_the_folder_are_survived(make_site: SiteMaker, tmp_path: Path) -> None:
    root = make_site({"content/papers/a.md": paper("A"), "content/papers/a.md~": "x", "content/papers/4913": ""})
    papers = root / "content/papers"
    secret = tmp_path / "secret.md"
    secret.write_text(paper("Secret"))
    (papers / "loop").symlink_to(".")
    (papers / "leak.md").symlink_to(secret)
    (papers / ".#lock.md").symlink_to("nowhere")
    (papers / "dir.md").mkdir()
    os.mkfifo(papers / "fifo.md")
    content = _load(root)
    assert [found.title for found in content.papers] == ["A"]
    assert {problem.source.rpartition("/")[2] for problem in content.problems} == {"leak.md", "fifo.md", "loop"}


def test_a_folder_behind_a_link_is_not_lost_without_a_word(make_site: SiteMaker) -> None:
    root = make_site({"elsewhere/a.md": paper("A")})
    (root / "content").mkdir(exist_ok=True)
    (root / "content/papers").symlink_to("../elsewhere")
    (problem,) = _load(root).problems
    assert (problem.source, problem.severity) == ("content/papers", "warning")
    assert "not followed" in problem.message


def test_a_file_that_cannot_be_read_is_told_and_costs_no_other(
    make_site: SiteMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["papers/bad.md", "papers/bad.jsonl", "static/bad.txt", "topics/bad.md", "data/tags.yaml"]
    root = make_site({f"content/{name}": "x" for name in names} | {"content/papers/good.md": paper("Good")})
    read = SourceFile.read_bytes

    def refuse(file: SourceFile) -> bytes:
        if not file.name.endswith("good.md"):
            raise PermissionError(13, "Permission denied")
        return read(file)

    monkeypatch.setattr(SourceFile, "read_bytes", refuse)
    content = _load(root)
    assert [found.title for found in content.papers] == ["Good"]
    assert sorted(str(problem) for problem in content.problems) == sorted(
        f"content/{name}: cannot be read: Permission denied" for name in names
    )


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Jane Doe, John Smith", ["Jane Doe", "John Smith"]),
        ("Jane Doe and John Smith", ["Jane Doe", "John Smith"]),
        ("Doe, Jane; Smith, John", ["Jane Doe", "John Smith"]),
        ("Jane Doe; The Boat Group", ["Jane Doe", "The Boat Group"]),
        ("Jane Doe", ["Jane Doe"]),
        ("Doe, Jane", ["Jane Doe"]),
        ("Doe, J., Smith, A. B.", ["J. Doe", "A. B. Smith"]),
        ("Doe, J. and Smith, A.", ["J. Doe", "A. Smith"]),
    ],
)
def test_authors_in_one_text_are_told_apart(make_site: SiteMaker, typed: str, names: list[str]) -> None:
    content = _load(make_site({"content/papers/a.md": paper("A", authors=typed)}))
    assert [person.name for person in content.papers[0].authors] == names
    assert content.problems == ()


@pytest.mark.parametrize("typed", ["Doe, Jane, Smith, Bo", "Plato, Doe, Smith"])
def test_authors_that_may_be_cut_in_the_wrong_place_are_asked_for_as_a_list(make_site: SiteMaker, typed: str) -> None:
    content = _load(make_site({"content/papers/a.md": paper("A", authors=typed)}))
    assert content.papers
    assert [(p.line, p.field, p.severity) for p in content.problems] == [(3, "authors", "warning")]


def test_sources_known_from_before_are_not_read_again(make_site: SiteMaker) -> None:
    root = make_site({"content/papers/a.md": paper("A"), "content/papers/b.md": paper("B")})
    first = _load(root)
    (root / "content/papers/b.md").write_text(paper("Changed"))
    second = load(root, "content", previous={source.name: source for source in first.parsed})
    assert (first.read, second.read) == (2, 1)
    assert [found.title for found in second.papers] == ["A", "Changed"]


def test_what_papers_have_in_common_is_kept_once(make_site: SiteMaker) -> None:
    shared = {"authors": "[Ada Example]", "tags": "[maps]", "topics": "[Optimization]"}
    root = make_site({f"content/papers/{name}.md": paper(name, **shared) for name in ("a", "b")})
    first = _load(root)
    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(first.parsed), type=tuple[Parsed, ...])
    again = load(root, "content", previous={source.name: source for source in kept})
    one, other = again.papers
    assert again.papers == first.papers
    assert again.read == 0
    assert one.authors[0] is other.authors[0]
    assert (one.tags[0] is other.tags[0], one.topics[0] is other.topics[0]) == (True, True)


def test_topics_tags_and_authors_come_from_the_vocabularies(make_site: SiteMaker) -> None:
    root = make_site(
        {
            "content/topics/vision.md": "---\ntitle: Computer Vision\norder: 2\nsignals: [image]\n---\nSeeing.\n",
            "content/data/tags.yaml": "GANs:\n  aliases: [GAN]\nplain:\nlisted: [one, two]\n",
            "content/data/authors.yaml": "Ada Example:\n  aliases: [A. Example]\n",
        }
    )
    content = _load(root)
    assert not content.problems
    (topic,) = content.topics
    assert (topic.label, topic.slug, topic.description, topic.order) == ("Computer Vision", "vision", "Seeing.", 2)
    assert {tag.label: tag.signals for tag in content.tags} == {
        "GANs": ("GANs",),
        "plain": ("plain",),
        "listed": ("one", "two"),
    }
    assert content.people["A. Example"].name == "Ada Example"


def test_macros_of_one_bibliography_hold_in_all_and_a_change_reads_those_again_that_use_them(
    make_site: SiteMaker,
) -> None:
    root = make_site(
        {
            "content/papers/a.bib": "@article{a, title={A}, journal=jbo}",
            "content/papers/b.bib": "@string{jbo = {Journal of Boats}}",
            "content/papers/c.bib": "@article{c, title={C}, journal={\\jos}}",
        }
    )
    macros = {"jos": "Journal of Sails"}
    first = load(root, "content", macros=macros)
    assert [paper.venue for paper in first.papers] == ["Journal of Boats", "Journal of Sails"]
    assert first.problems == ()
    known = {source.name: source for source in first.parsed}
    again = load(root, "content", macros=macros, previous=known)
    assert [new is known[new.name] for new in again.parsed] == [True, True, True]
    (root / "content/papers/b.bib").write_text("@string{jbo = {Boats}}", encoding="utf-8")
    after = load(root, "content", macros=macros, previous=known)
    assert [paper.venue for paper in after.papers] == ["Boats", "Journal of Sails"]
    (root / "content/papers/b.bib").unlink()
    last = load(root, "content", previous=known)
    assert [paper.venue for paper in last.papers] == ["jbo", "jos"]
    assert [problem.source for problem in last.problems] == ["content/papers/a.bib"]


def test_an_alias_that_is_another_s_address_is_told_and_costs_nothing_else(make_site: SiteMaker) -> None:
    root = make_site(
        {
            "content/papers/a.md": paper("A"),
            "content/papers/b.md": paper("B", aliases="[a, b, old]"),
            "content/papers/c.md": paper("C", aliases="[old]"),
        }
    )
    content = _load(root)
    assert [str(problem) for problem in content.problems] == [
        "content/papers/b.md:2: aliases: 'a' is the address of content/papers/a.md, and does not lead here "
        "(take it out, or rename one)",
        "content/papers/c.md:2: aliases: 'old' is the address of content/papers/b.md, and does not lead here "
        "(take it out, or rename one)",
    ]
    assert len(content.papers) == 3
