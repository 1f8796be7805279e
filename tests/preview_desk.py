"""A small site in the preview's hands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from running_preview import QUICK

from sitegen.build import BuildOptions, BuildReport, build
from sitegen.collection.visibility import EVERYTHING_DUE, Visibility
from sitegen.config import load_config
from sitegen.serve.preview import Built
from sitegen.serve.reload_state import ReloadState
from sitegen.serve.server import PreviewServer
from sitegen.serve.site import SiteBuilder
from sitegen.serve.watch import Signal

PAPERS = {
    "sparse-lists": "---\ntitle: Sparse lists\ntopics: [Lists]\n---\nAn abstract.\n",
    "dense-maps": "---\ntitle: Dense maps\ntopics: [Maps]\n---\nAn abstract.\n",
}


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Desk:
    """A small site, its builder, and what lies in the folder that is served."""

    def __init__(self, root: Path, jobs: int = 1, visibility: Visibility = EVERYTHING_DUE) -> None:
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
        self.server = PreviewServer(root / "h" / "site", root, ReloadState(), port=0)
        self.reports: list[BuildReport] = []
        self.signal = Signal(QUICK)
        self.options = BuildOptions(jobs=jobs, visibility=visibility)
        self.builder = self.another_builder()

    def another_builder(self) -> SiteBuilder:
        return SiteBuilder(self.config_file, self.server, self.signal, self.options, self.reports.append)

    def build(self) -> list[Built]:
        """What one build has to say, in its order."""
        said: list[Built] = []
        last = self.builder(said.append)
        return [*said, last] if last else said

    def page(self, path: str = "") -> str:
        return (self.server.folder / path / "index.html").read_text()

    def clean(self) -> dict[str, bytes]:
        """What a build makes that knows of no earlier one."""
        fresh = self.root / "fresh"
        options = BuildOptions(jobs=1, output=fresh / "site", cache=fresh / "cache")
        build(self.root, load_config(self.config_file, base_url=self.server.url), options)
        return tree(fresh / "site")

    def paper(self, name: str, text: str) -> None:
        (self.papers / f"{name}.md").write_text(text)


@contextmanager
def desk_at(root: Path, jobs: int = 1, visibility: Visibility = EVERYTHING_DUE) -> Iterator[Desk]:
    desk = Desk(root, jobs, visibility)
    yield desk
    desk.server.server_close()
