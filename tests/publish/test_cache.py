from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.publish import cache as cache_module
from sitegen.publish.cache import Cache, code_digest


def test_what_was_written_is_read(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    cache.write("x", {"a": [1, 2]})
    assert cache.read("x", dict[str, list[int]]) == {"a": [1, 2]}
    assert cache.read("y", int) is None


@given(data=st.data())
def test_a_file_with_any_bit_changed_counts_as_none(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    cache = Cache(tmp_path_factory.mktemp("cache"))
    cache.write("x", ["some", "values"])
    file = cache.folder / "x"
    raw = bytearray(file.read_bytes())
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    file.write_bytes(raw)
    assert cache.read("x", list[str]) is None


def test_a_file_cut_short_or_of_another_type_counts_as_none(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.write("x", ["some", "values"])
    assert cache.read("x", dict[str, int]) is None
    file = tmp_path / "x"
    file.write_bytes(file.read_bytes()[:-3])
    assert cache.read("x", list[str]) is None


def test_another_version_of_the_program_starts_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    cache.write("x", 1)
    monkeypatch.setattr("sitegen.publish.cache.code_digest", lambda: b"other")
    assert cache.read("x", int) is None


def test_every_library_that_shapes_the_output_is_known_by_its_version() -> None:
    expected = {(name, importlib.metadata.version(name)) for name in cache_module._SHAPING}
    known = [release.partition("-") for release in cache_module._installed()]
    assert {(name.lower().replace(".", "_"), version) for name, _, version in known} == expected


def test_another_version_of_a_library_is_another_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = code_digest.__wrapped__()
    (tmp_path / "unrelated-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert code_digest.__wrapped__() == before
    (tmp_path / "Jinja2-99.0.dist-info").mkdir()
    assert code_digest.__wrapped__() != before


def test_shards_keep_what_did_not_change_and_drop_what_went(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    values = {f"key{i}": i for i in range(100)}
    cache.write_sharded("s", values, values)
    del values["key7"]
    values["key8"] = 80
    cache.write_sharded("s", values, ["key7", "key8"])
    assert cache.read_sharded("s", int) == values


def test_a_folder_that_cannot_be_written_costs_the_cache_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file" / "cache")
    cache.write("x", 1)
    assert cache.read("x", int) is None
