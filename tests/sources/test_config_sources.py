from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.config import load_config
from sitegen.config_sources import ArxivOptions, UrlOptions
from sitegen.errors import ContentError

HEAD = "title: Test papers\nsources:\n"


def load(tmp_path: Path, sources: str) -> object:
    file = tmp_path / "sitegen.yaml"
    file.write_text(HEAD + sources, encoding="utf-8")
    return load_config(file).sources


def fault(tmp_path: Path, sources: str) -> str:
    with pytest.raises(ContentError) as caught:
        load(tmp_path, sources)
    return str(caught.value)


def test_a_source_has_a_name_a_service_and_what_it_is_asked(tmp_path: Path) -> None:
    text = """\
  - name: retrieval
    arxiv: {query: 'cat:cs.IR AND abs:retrieval', max: 200}
    topics: [Retrieval]
  - huggingface: {}
  - url: https://example.org/list.md
    endpoint: http://127.0.0.1:9/mirror/
    enabled: false
"""
    first, second, third = load(tmp_path, text)  # type: ignore[misc]
    assert (first.name, first.service) == ("retrieval", "arxiv")
    assert first.options == ArxivOptions(query="cat:cs.IR AND abs:retrieval", max=200)
    assert first.topics == ("Retrieval",)
    assert second.name == "huggingface"
    assert third.options == UrlOptions(url="https://example.org/list.md")
    assert (third.name, third.endpoint, third.enabled) == ("example.org list", "http://127.0.0.1:9/mirror", False)


def test_sources_without_a_name_get_one_each(tmp_path: Path) -> None:
    text = "  - arxiv: first\n  - arxiv: second\n  - openreview: ICLR.cc/2025/Conference\n"
    names = [source.name for source in load(tmp_path, text)]  # type: ignore[attr-defined]
    assert names == ["arxiv", "arxiv 2", "ICLR.cc/2025/Conference"]


@pytest.mark.parametrize(
    ("sources", "line", "told"),
    [
        ("  - arxiv: {quer: x}\n", 3, "sources.0.arxiv.quer: unknown setting (did you mean 'query'?)"),
        ("  - huggingface: {}\n  - name: x\n    arxv: x\n", 5, "did you mean 'arxiv'?"),
        ("  - huggingface: {}\n  - url: list.md\n", 4, "not a web address: 'list.md'"),
        ("  - url: ftp://example.org/list.md\n", 3, "not a web address"),
        ("  - url: https://user:secret@example.org/\n", 3, "belongs into the environment"),
        ("  - openalex:\n      search: x\n      days: 0\n", 5, "expected a whole number >= 1"),
        ("  - openalex: {days: 3}\n", 3, "give search or filter"),
        ("  - arxiv: {}\n", 3, "give query or categories or ids"),
        ("  - zotero: {group: 1, user: 2}\n", 3, "not both"),
        ("  - name: x\n    enabled: false\n", 3, "names no service"),
        ("  - feed: https://a.example/\n    arxiv: x\n", 4, "one source asks one service"),
        ("  - name: x\n    arxiv: a\n  - name: x\n    arxiv: b\n", 5, "another source is called 'x'"),
        ("  - huggingface: {}\n    set: 3\n", 4, "expected a mapping"),
        ("  - huggingface: {}\n    endpoint: nowhere\n", 4, "not a web address: 'nowhere'"),
        ("  - just words\n", 3, "must be a mapping"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_to_do(tmp_path: Path, sources: str, line: int, told: str) -> None:
    message = fault(tmp_path, sources)
    assert message.startswith(f"sitegen.yaml:{line}: ")
    assert told in message


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    assert len(fault(tmp_path, "  - arxv: x\n  - arxiv: {}\n  - url: x\n").splitlines()) == 3
