from __future__ import annotations

from sitegen.publish.hosts import HOSTS, objections


def test_a_small_site_fits_everywhere() -> None:
    assert not any(objections(host, {"index.html": 100, "a/index.html": 10}) for host in HOSTS.values())


def test_too_many_files_are_told_to_those_who_count_them() -> None:
    sizes = {f"p/{i}/index.html": 1 for i in range(20_001)}
    assert "20,001 files" in objections(HOSTS["cloudflare"], sizes)[0]
    assert objections(HOSTS["github"], sizes) == []


def test_a_crowded_folder_is_named() -> None:
    (objection,) = objections(HOSTS["netlify"], {f"p/{i}": 1 for i in range(54_001)})
    assert "54,001 files in p" in objection


def test_size_counts_in_all_and_for_one_file() -> None:
    site = {"a.bin": 600 << 20, "b.bin": 500 << 20}
    assert [objection.split(" ")[0] for objection in objections(HOSTS["github"], site)] == ["1,100", "a.bin"]
