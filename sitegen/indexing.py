"""The search index of one build. It is kept by a process of its own, because it takes as long as all pages together.

``SearchIndex`` is what the build sees; the functions below it run in that process and share its ``_work``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from sitegen.config import Config, SearchConfig
from sitegen.content.files import Signature
from sitegen.model import Similar, Site
from sitegen.publish.cache import Cache
from sitegen.publish.pool import Pool
from sitegen.publish.staging import StagingDir, digest_of
from sitegen.render.output import Output
from sitegen.search.documents import documents, listed, model_of
from sitegen.search.model import Document, Listed
from sitegen.text import markdown

if TYPE_CHECKING:
    from sitegen.search.analysis import Analyzer
    from sitegen.search.shards import Made
    from sitegen.search.state import State, Step

LUNR_JSON = "search/lunr.json"
# Papers whose texts are one task.
BATCH = 250

_pack = msgspec.msgpack.Encoder().encode


class IndexFile(msgspec.Struct, frozen=True):
    """One file of the index. ``made``: it may differ from what is published. ``staged``: its signature if it does."""

    output: Output
    made: bool
    staged: Signature | None = None


class SearchIndex:
    """The index of one build. What is submitted is done in turn; what fails is raised when results are asked for."""

    def __init__(self, pool: Pool, cache: Path, config: Config) -> None:
        self._pool = pool
        self._cache = cache
        self._config = config
        self._futures: list[Future[Any]] = []

    def update(self, site: Site) -> None:
        """Bring the index up to the papers of a site, and find similar ones. Those that changed are analysed, by all
        workers if they are many."""
        similar = self._config.related.count
        begun = self._submit(_begin, self._cache, self._config.search, similar, _pack(listed(site)))
        wanted: list[str] = self._result(begun)
        position = {paper.id: i for i, paper in enumerate(site.papers)}
        positions = [position[paper] for paper in wanted]
        batches = [positions[start : start + BATCH] for start in range(0, len(positions), BATCH)]
        texts = ([(site.papers[i].title, site.papers[i].abstract) for i in batch] for batch in batches)
        # A single worker reads no faster than the index, and both would load the arrays and learn the words.
        analyses = self._pool.map(analyzed, list(texts)) if self._pool.jobs > 2 and len(batches) > 1 else texts
        for batch, text in zip(batches, analyses, strict=True):
            self._submit(_add, _pack(list(documents(site, batch))), text)
        self._submit(_update)
        self._similar = self._submit(_similar)
        self._submit(_cut)

    def similar(self) -> list[tuple[Similar, ...]]:
        """The similar papers of each paper of the site, in its order."""
        return msgspec.msgpack.decode(self._result(self._similar), type=list[tuple[Similar, ...]])

    def write(self, published: dict[str, bytes], staging: StagingDir) -> None:
        """Stage its files. ``published``: path -> fingerprint of those that lie in the output folder."""
        self._files = self._submit(_files, published, staging)
        self._submit(_keep)

    def files(self) -> list[IndexFile]:
        """All files of the index."""
        files: list[IndexFile] = self._result(self._files)
        return files

    def _submit(self, task: Callable[..., Any], *args: Any) -> Future[Any]:
        self._futures.append(self._pool.index.submit(task, *args))
        return self._futures[-1]

    def _result(self, of: Future[Any]) -> Any:
        """The result of a task, or else what made the first of those before it fail."""
        for future in self._futures[: self._futures.index(of)]:
            future.result()
        return of.result()


class _Work:
    """What the process of the index keeps from task to task.

    Attributes:
        before: what search remembers of the last build. ``now``: of this one.
        ids: of the papers of the site, in its order.
    """

    def __init__(self, cache: Path, config: SearchConfig, similar: int, papers: list[Listed]) -> None:
        from sitegen.search.analysis import Analyzer
        from sitegen.search.index_store import from_bytes
        from sitegen.search.state import compare

        self.cache = Cache(cache)
        self.config = config
        self.count = similar
        self.ids = [paper.id for paper in papers]
        raw = self.cache.read_bytes("search")
        self.before = from_bytes(raw) if raw else None
        self.step: Step = compare(self.before, model_of(config), papers)
        self.analyzer: Analyzer = Analyzer(self.step.model)
        self.now: State
        self.pages: Made


_work: _Work


def _begin(cache: Path, config: SearchConfig, similar: int, papers: bytes) -> list[str]:
    """Compare the index of the last build with the papers of the site; ids of those that must be added."""
    global _work
    _work = _Work(cache, config, similar, msgspec.msgpack.decode(papers, type=list[Listed]))
    return _work.step.wanted


def analyzed(texts: Sequence[tuple[str, str]]) -> bytes:
    """The analysis of some titles and abstracts, packed."""
    from sitegen.search.analysis import analyze_texts
    from sitegen.search.arrays import pack

    return pack(analyze_texts(in_plain_words, texts))


def in_plain_words(title: str, abstract: str) -> tuple[str, str]:
    """A title and an abstract, which are Markdown with math, as the index reads them."""
    return markdown.plain_title(title), markdown.plain(abstract)


def _add(papers: bytes, texts: bytes | Sequence[tuple[str, str]]) -> None:
    """Add the next papers (``list[Document]``), whose titles and abstracts are analysed already or are not."""
    from sitegen.search.analysis import TextAnalysis, analyze_texts
    from sitegen.search.arrays import unpack

    _work.analyzer.add_documents(msgspec.msgpack.decode(papers, type=list[Document]))
    _work.analyzer.add_analysis(
        unpack(texts, TextAnalysis) if isinstance(texts, bytes) else analyze_texts(in_plain_words, texts)
    )


def _update() -> None:
    from sitegen.search.state import follow, index_of

    analyses = _work.analyzer.analyses()
    del _work.analyzer
    index = index_of(_work.step, analyses)
    del analyses
    _work.now = follow(_work.step, index, _work.count)


def _similar() -> bytes:
    """The similar papers of each paper of the site, ``list[list[tuple[int, str]]]``."""
    import numpy as np

    related = _work.now.related
    if related is None:
        return _pack([[]] * len(_work.ids))
    numbers = _work.now.positions
    own = [numbers[paper] for paper in _work.ids]
    position = np.empty(len(own), dtype=np.int64)
    position[own] = np.arange(len(own))
    others = position[related.best[own, : _work.count]].tolist()
    return _pack(
        [
            [(other, words) for other, words in zip(nearest, related.reasons[number], strict=False) if other != i]
            for i, (number, nearest) in enumerate(zip(own, others, strict=True))
        ]
    )


def _cut() -> None:
    """Cut the index into pages."""
    from sitegen.search.state import pages_of

    unchanged = _work.now is _work.before
    _work.pages, now = pages_of(_work.now)
    _work.now = now
    if unchanged:
        _work.before = now


def _files(published: dict[str, bytes], staging: StagingDir) -> list[IndexFile]:
    return [
        IndexFile(output, False)
        if published.get(output.path) == output.fingerprint
        else IndexFile(output, True, staging.put(output.path, make()))
        for output, make in (_wanted() if _work.config.enabled else ())
    ]


def _keep() -> None:
    """Remember the index for the next build."""
    from sitegen.search.index_store import to_parts

    if _work.now is not _work.before:
        _work.cache.write_bytes("search", to_parts(_work.now))
    del _work.step, _work.pages, _work.now, _work.before


def _wanted() -> Iterator[tuple[Output, Callable[[], bytes]]]:
    """All files of the index, and what makes their bytes."""
    from sitegen.search.lunr_json import lunr_json

    *pages, last = _work.pages.files
    for page in pages:
        # The name of every page but the manifest holds a digest of its content.
        yield _output(page.path, page.path.encode()), page.make
    manifest = last.make()
    yield _output(last.path, manifest), lambda: manifest
    if len(_work.ids) <= _work.config.lunr_json_max_papers:
        # The manifest names all pages, so it changes whenever anything in the index does.
        yield _output(LUNR_JSON, LUNR_JSON.encode() + digest_of(manifest)), lambda: lunr_json(_work.now.index)


def _output(path: str, stands_for: bytes) -> Output:
    return Output(path, "index", (), digest_of(stands_for), "the search index")
