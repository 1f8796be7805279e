"""Everything that can be known to be wrong with a site: problems of its sources, and links that lead nowhere.

The site is built into a folder of the cache, as it would be published, and each link of each page is followed
within that folder. Other sites are not asked: that needs a network, and they change without us.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import msgspec

from sitegen.build import CACHE_FOLDER, BuildOptions, build
from sitegen.collection.read import read_site
from sitegen.config import Config, setting_problem
from sitegen.errors import Problem
from sitegen.publish.pool import worker_pool
from sitegen.publish.staging import read_manifest

_Target = tuple[str, str]
"""A path below the site's root, and an anchor or nothing."""
BATCH = 100
"""Pages that a process reads at a time."""
_EXAMPLES = frozenset({"example.org", "example.com", "example.net", "localhost", "127.0.0.1"})
_ADDRESSES = frozenset({"href", "src", "poster", "data", "action"})


class CheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked at, and all that was found."""

    papers: int
    pages: int
    links: int
    problems: tuple[Problem, ...]


class BrokenLink(msgspec.Struct, frozen=True, order=True):
    """A link on the page at output path ``page``; ``anchor`` when the page is there and the place is not."""

    page: str
    address: str
    anchor: bool


class _Seen(NamedTuple):
    """What some pages hold: the anchors of each, all that they lead to, and how many links that takes."""

    anchors: dict[str, frozenset[str]]
    targets: set[_Target]
    links: int


def check(root: Path, config: Config, options: BuildOptions) -> CheckReport:
    """Check a site as ``build`` with these options would publish it, leaving the published folder alone.

    Raises:
        ContentError: when no site can be built at all.
    """
    home = root / CACHE_FOLDER / "check"
    report = build(root, config, msgspec.structs.replace(options, output=home / "site", cache=home / "cache"))
    pages, links, broken = broken_links(home / "site", config.base_url, options.jobs)
    problems = [*report.problems, *_example_address(root, config)]
    if broken:
        site, _ = read_site(root, config, options.visibility)
        sources = {
            f"papers/{slug}/index.html": paper.source for slug, paper in zip(site.slugs, site.papers, strict=True)
        }
        sources |= {f"{page.slug}/index.html": page.source for page in site.pages}
        problems += [_problem(link, sources) for link in broken]
    return CheckReport(papers=report.papers, pages=pages, links=links, problems=tuple(problems))


def _example_address(root: Path, config: Config) -> list[Problem]:
    """Feeds, the sitemap and mails hold full addresses, and nobody sees that theirs lead to somebody else."""
    if urlsplit(config.base_url).hostname not in _EXAMPLES:
        return []
    message, hint = "is still that of an example", "say where the site will live, here or with --base-url"
    return [msgspec.structs.replace(setting_problem(root, "base_url", message, hint), severity="warning")]


def broken_links(folder: Path, base_url: str, jobs: int = 1) -> tuple[int, int, list[BrokenLink]]:
    """Follow every link of every page of ours in ``folder``.

    Args:
        base_url: absolute links that begin with it are links within the site.
        jobs: processes to read pages with.

    Returns:
        how many pages and links were seen, and the broken ones, sorted.
    """
    files = set(read_manifest(folder))
    pages = sorted(path for path in files if path.endswith(".html"))
    anchors: dict[str, frozenset[str]] = {}
    targets: set[_Target] = set()
    links = 0
    batches = [pages[start : start + BATCH] for start in range(0, len(pages), BATCH)]
    with worker_pool(jobs) as pool:
        for seen in pool.map(partial(_look, folder, base_url), batches):
            anchors |= seen.anchors
            targets |= seen.targets
            links += seen.links
    bad = {target: wrong for target in targets if (wrong := _fault(target, files, anchors)) is not None}
    # Most sites have none, so where they stand is only looked up when there are some.
    broken = [
        BrokenLink(path, address, bad[target])
        for path in (pages if bad else ())
        for address in _Page.of(folder / path).addresses
        if (target := _target(path, address, base_url)) in bad
    ]
    return len(pages), links, sorted(broken)


def _look(folder: Path, base_url: str, paths: Sequence[str]) -> _Seen:
    anchors: dict[str, frozenset[str]] = {}
    targets: set[_Target] = set()
    links = 0
    for path in paths:
        page = _Page.of(folder / path)
        anchors[path] = page.anchors
        links += len(page.addresses)
        targets.update(target for address in page.addresses if (target := _target(path, address, base_url)))
    return _Seen(anchors, targets, links)


def _fault(target: _Target, files: Set[str], anchors: Mapping[str, frozenset[str]]) -> bool | None:
    """``False`` when there is no such file, ``True`` when the anchor is not on it, ``None`` when all is well."""
    file, anchor = target
    found = next((name for name in _files_for(file) if name in files), None)
    if found is None:
        return False
    return True if anchor and found in anchors and anchor not in anchors[found] else None


class _Page(HTMLParser):
    """The addresses and anchors of one page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.addresses: dict[str, None] = {}
        self._anchors: set[str] = set()

    @classmethod
    def of(cls, file: Path) -> _Page:
        page = cls()
        page.feed(file.read_text(encoding="utf-8"))
        page.close()
        return page

    @property
    def anchors(self) -> frozenset[str]:
        return frozenset(self._anchors)

    def updatepos(self, i: int, j: int) -> int:
        """The parser would count lines here, a seventh of its time, for a position that nobody asks for."""
        return j

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if not value:
                continue
            if name == "id" or (name == "name" and tag == "a"):
                self._anchors.add(value)
            elif name in _ADDRESSES:
                self.addresses[value] = None
            elif name == "srcset":
                self.addresses |= dict.fromkeys(part.split()[0] for part in value.split(",") if part.strip())


def _target(page: str, address: str, base_url: str) -> _Target | None:
    """Path below the site's root and anchor that an address on a page means; ``None`` when it leads elsewhere."""
    if address.startswith(base_url):
        address = "/" + address.removeprefix(base_url)
        base_path = "/"
    else:
        base_path = urlsplit(base_url).path
    try:
        parts = urlsplit(address)
    except ValueError:
        return address, ""
    if parts.scheme or parts.netloc:
        return None
    path = unquote(parts.path)
    if path.startswith("/"):
        # What lies beside the site on its host is not ours to know.
        return (path.removeprefix(base_path), unquote(parts.fragment)) if path.startswith(base_path) else None
    if not path:
        return page, unquote(parts.fragment)
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
    folder = "/" if path.endswith(("/", "/.", "/..")) or path in {".", ".."} else ""
    return ("" if joined == "." else joined + folder), unquote(parts.fragment)


def _files_for(path: str) -> Iterator[str]:
    """Files that hosts send for a path: itself, or the index of a folder."""
    if path and not path.endswith("/"):
        yield path
    yield f"{path.rstrip('/')}/index.html".lstrip("/")


def _problem(link: BrokenLink, sources: Mapping[str, str]) -> Problem:
    place = f"/{link.page.removesuffix('index.html')}"
    source = sources.get(link.page, place)
    where = "" if source == place else f" (on {place})"
    what = "has no such place on its page" if link.anchor else "leads nowhere"
    return Problem(source=source, message=f"the link {link.address!r} {what}{where}")
