"""What makes the search index of one build: it follows the papers since the last one and puts its files in place."""

from __future__ import annotations

import collections
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np

from sitegen.config import SearchConfig
from sitegen.publish.cache import Cache
from sitegen.publish.index_contract import IndexFile, in_plain_words
from sitegen.publish.memory import trim_heap
from sitegen.publish.staging import StagingDir, digest_of, lies_at
from sitegen.render.output import Output
from sitegen.search.analysis import Analyses, Analyzer, TextAnalysis, analyze_texts
from sitegen.search.arrays import unpack
from sitegen.search.documents import model_of
from sitegen.search.index_store import from_bytes, to_parts
from sitegen.search.lunr_json import lunr_json
from sitegen.search.model import Document, Listed
from sitegen.search.shards import Made
from sitegen.search.state import State, Step, compare, follow, index_of, pages_of

LUNR_JSON = "search/lunr.json"


class LunrIndexer:
    """``index_contract.Indexer``: an index in pages, and standard Lunr JSON for small collections."""

    def __init__(self, cache: Path, config: SearchConfig, similar: int) -> None:
        self._cache = Cache(cache)
        self._config = config
        self._similar = similar
        raw = self._cache.read_bytes("search")
        self._before = from_bytes(raw) if raw else None
        self._ids: list[str] = []
        self._step: Step
        self._analyst: Analyzer
        # Papers that are still to be read: what ``give`` was given.
        self._unread: collections.deque[tuple[bytes, bytes]] = collections.deque()
        self._now: State
        self._changed = False
        self._pages: Made

    def wanted(self, papers: bytes) -> list[str]:
        listed = msgspec.msgpack.decode(papers, type=list[Listed])
        self._ids = [paper.id for paper in listed]
        self._step = compare(self._before, model_of(self._config), listed)
        self._analyst = Analyzer(self._step.model)
        return self._step.wanted

    def give(self, documents: bytes, texts: bytes | None) -> None:
        if texts is None:
            self._expect(documents)
        else:
            # Who gives is not to wait for this.
            self._unread.append((documents, texts))

    def _expect(self, documents: bytes) -> None:
        self._analyst.add_documents(msgspec.msgpack.decode(documents, type=list[Document]))

    def take(self, told: bytes) -> None:
        self._analyst.add_analysis(unpack(told, TextAnalysis))

    def follow(self) -> None:
        while self._unread:
            documents, texts = self._unread.popleft()
            self._expect(documents)
            self._analyst.add_analysis(
                analyze_texts(in_plain_words, msgspec.msgpack.decode(texts, type=list[tuple[str, str]]))
            )
        index = index_of(self._step, self._analyses())
        self._give_back()
        self._now = follow(self._step, index, self._similar)
        self._changed = self._now is not self._before
        self._give_back()

    def _analyses(self) -> Analyses:
        analyst = self._analyst
        del self._analyst
        return analyst.analyses()

    def similar(self) -> bytes:
        return msgspec.msgpack.encode(self._nearest())

    def _nearest(self) -> list[list[tuple[int, str]]]:
        related, count = self._now.related, self._similar
        if related is None:
            return [[]] * len(self._ids)
        numbers = self._now.positions
        own = [numbers[paper] for paper in self._ids]
        position = np.empty(len(own), dtype=np.int64)
        position[own] = np.arange(len(own))
        others = position[related.best[own, :count]].tolist()
        return [
            [(other, words) for other, words in zip(nearest, related.reasons[number], strict=False) if other != i]
            for i, (number, nearest) in enumerate(zip(own, others, strict=True))
        ]

    def cut(self) -> None:
        self._pages, self._now = pages_of(self._now)
        self._give_back()

    def files(self, published: dict[str, bytes], stage: StagingDir, output: Path, first: int) -> list[IndexFile]:
        wished = self._wished() if self._config.enabled else ()
        files = [
            IndexFile(output=wish, made=False)
            if published.get(wish.path) == wish.fingerprint
            else _placed(wish, make(), stage, output, position)
            for position, (wish, make) in enumerate(wished, first)
        ]
        self._before = None
        del self._step, self._pages
        self._give_back()
        return files

    def keep(self) -> None:
        if self._changed:
            self._cache.write_bytes("search", to_parts(self._now))
        # Pages may be rendered for some time yet.
        del self._now
        self._give_back()

    def _give_back(self) -> None:
        """Pages of the site are rendered beside this."""
        trim_heap(len(self._ids))

    def _wished(self) -> Iterator[tuple[Output, Callable[[], bytes]]]:
        *pages, last = self._pages.files
        for page in pages:
            # The name of every page but the manifest holds a digest of its content.
            yield _output(page.path, page.path.encode()), page.make
        manifest = last.make()
        yield _output(last.path, manifest), lambda: manifest
        if len(self._ids) <= self._config.lunr_json_max_papers:
            # The manifest names all pages, so it changes whenever anything in the index does.
            yield _output(LUNR_JSON, LUNR_JSON.encode() + digest_of(manifest)), lambda: lunr_json(self._now.index)


def _output(path: str, stands_for: bytes) -> Output:
    return Output(path, "index", (), digest_of(stands_for), "the search index")


def _placed(wish: Output, data: bytes, stage: StagingDir, output: Path, position: int) -> IndexFile:
    new = stage.whole or not lies_at(output, wish.path, data)
    return IndexFile(output=wish, made=True, staged=stage.put(position, wish.path, data) if new else None)
