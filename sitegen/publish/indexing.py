"""The search index as a part of a build. It is made beside the pages, which need little of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import msgspec

from sitegen.config import Config, SearchConfig
from sitegen.model import Similar, Site
from sitegen.publish.cache import Cache
from sitegen.publish.index_contract import Indexer, IndexFile, in_plain_words
from sitegen.publish.processes import Answer, Beside, Mapper, beside
from sitegen.publish.staging import OutputRecord, StagingDir
from sitegen.search.documents import documents, listed

# Papers whose texts are one task, and up to which the index reads them itself in any case.
BATCH = 250
# Papers of which the index is told at a time.
_AT_ONCE = 1000

_pack = msgspec.msgpack.Encoder().encode


class IndexStage:
    """The index of one build, as the rest of the build sees it."""

    def __init__(self, indexer: Beside[Indexer], *, readers: bool, with_similar: bool) -> None:
        self._indexer = indexer
        self._readers = readers
        self._with_similar = with_similar
        self._telling: Iterable[bytes] | None = ()

    def follow(self, site: Site, mapper: Mapper) -> None:
        """Have the index follow the papers. Those that changed are read, in workers if they are many.

        Args:
            mapper: applies a function to items, perhaps in other processes, of which it need not wait for any.
        """
        wanted = self._indexer.ask(Indexer.wanted, _pack(listed(site)))()
        position = {paper.id: i for i, paper in enumerate(site.papers)}
        positions = [position[paper] for paper in wanted]
        texts = [(site.papers[i].title, site.papers[i].abstract) for i in positions]
        shared = self._readers and len(texts) > BATCH
        if shared:
            batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
            self._telling = mapper(told, batches)
        # A part at a time, so that the index need not take them in all at once.
        given = documents(site, positions)
        for start in range(0, max(len(texts), 1), _AT_ONCE):
            some = texts[start : start + _AT_ONCE]
            self._indexer.tell(Indexer.give, _pack(list(islice(given, len(some)))), None if shared else _pack(some))
        if not shared:
            self.settle()

    def similar(self) -> Answer[bytes]:
        """What ``similar_papers`` reads. To be asked for where there are any."""
        self.settle()
        return self._indexer.ask_then(Indexer.cut, Indexer.similar)

    def files(
        self, published: dict[str, OutputRecord], stage: StagingDir, output: Path, first: int
    ) -> Answer[list[IndexFile]]:
        """All files of the index, when they are there; see ``Indexer.files``."""
        known = {path: record.fingerprint for path, record in published.items() if path.startswith("search/")}
        return self._indexer.ask_then(Indexer.keep, Indexer.files, known, stage, output, first)

    def settle(self) -> None:
        """Give the index what workers have read. They are needed no longer; it may still be at work."""
        if self._telling is None:
            return
        for one in self._telling:
            self._indexer.tell(Indexer.take, one)
        self._telling = None
        self._indexer.tell(Indexer.follow)
        if not self._with_similar:
            self._indexer.tell(Indexer.cut)


@contextlib.contextmanager
def indexing(config: Config, cache: Cache, jobs: int) -> Iterator[IndexStage | None]:
    """The index of one build, or ``None`` for a site that has neither search nor similar papers."""
    if not config.search.enabled and not config.related.count:
        yield None
        return
    with beside(jobs, _indexer, cache.folder, config.search, config.related.count) as indexer:
        # A single worker reads no faster than the index, and both would load the arrays and learn the words.
        yield IndexStage(indexer, readers=jobs > 2, with_similar=bool(config.related.count))


def similar_papers(answer: bytes) -> list[tuple[Similar, ...]]:
    """The similar papers of each paper of the site, in its order."""
    return msgspec.msgpack.decode(answer, type=list[tuple[Similar, ...]])


def told(texts: Sequence[tuple[str, str]]) -> bytes:
    """What ``analysis.analyze_texts`` says of some titles and abstracts, packed: only the index has a use for it."""
    from sitegen.search.analysis import analyze_texts
    from sitegen.search.arrays import pack

    return pack(analyze_texts(in_plain_words, texts))


def _indexer(cache: Path, config: SearchConfig, similar: int) -> Indexer:
    # Loaded where it works, and nowhere else: arrays are slow to load and large.
    from sitegen.publish.indexer import LunrIndexer

    return LunrIndexer(cache, config, similar)
