"""The search index as a part of a build: what is kept from the build before, and which files it consists of."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np

from sitegen.config import SearchConfig
from sitegen.model import Similar, Site
from sitegen.publish.cache import Cache
from sitegen.publish.writer import Written, digest_of
from sitegen.render import markup
from sitegen.render.output import Output
from sitegen.search.analysis import Analyses, Mapper, analyse
from sitegen.search.documents import documents, listed, model_of
from sitegen.search.lunr_json import lunr_json
from sitegen.search.pages import MANIFEST
from sitegen.search.state import State, follow, from_bytes, pages_of, to_bytes

LUNR_JSON = "search/lunr.json"


class IndexFile(msgspec.Struct, frozen=True):
    """One file of the index; ``data`` is ``None`` where the published one is right already."""

    output: Output
    data: bytes | None


class IndexStage:
    """The index of one build, and the similar papers that are found with it."""

    def __init__(self, state: State, unchanged: bool, config: SearchConfig, cache: Cache) -> None:
        self._state = state
        self._unchanged = unchanged
        self._config = config
        self._cache = cache
        self._with_lunr = len(state.index.papers.ids) <= config.lunr_json_max_papers

    @classmethod
    def begin(cls, site: Site, config: SearchConfig, similar: int, cache: Cache, mapper: Mapper) -> IndexStage:
        """Follow the papers since the last build; those that changed are analysed, in workers if they are many."""
        raw = cache.read_bytes("search")
        position = {paper.id: i for i, paper in enumerate(site.papers)}
        model = model_of(config)

        def analysed(ids: list[str]) -> Analyses:
            return analyse(documents(site, [position[paper_id] for paper_id in ids]), model, readable, mapper)

        before = from_bytes(raw) if raw else None
        state = follow(before, model, listed(site), analysed, similar)
        return cls(state, state is before, config, cache)

    def similar(self, site: Site, count: int) -> list[tuple[Similar, ...]]:
        """The similar papers of each paper of the site, at most ``count``."""
        related = self._state.related
        if related is None or not count:
            return [()] * len(site.papers)
        numbers = self._state.positions
        own = [numbers[paper.id] for paper in site.papers]
        position = np.empty(len(own), dtype=np.int64)
        position[own] = np.arange(len(own))
        others = position[related.best[own, :count]].tolist()
        return [
            tuple(
                [
                    Similar(other, tuple(words.split()))
                    for other, words in zip(nearest, related.reasons[number], strict=False)
                    if other != i
                ]
            )
            for i, (number, nearest) in enumerate(zip(own, others, strict=True))
        ]

    def files(self, published: Mapping[str, Written]) -> list[IndexFile]:
        """All files of the index. Those that lie there already are not written again."""
        pages, state = pages_of(self._state)
        if not self._unchanged:
            self._cache.write_bytes("search", to_bytes(state))
        if not self._config.enabled:
            return []
        files = []
        for page in pages.files:
            # The name of every page but the manifest holds a digest of its content.
            data = page.make() if page.path == MANIFEST else None
            output = _output(page.path, data or page.path.encode())
            files.append(IndexFile(output, None if _lies(published, output) else data or page.make()))
        if self._with_lunr:
            # The manifest names all pages, so it changes whenever anything in the index does.
            output = _output(LUNR_JSON, LUNR_JSON.encode() + files[-1].output.fingerprint)
            files.append(IndexFile(output, None if _lies(published, output) else lunr_json(self._state.index)))
        return files


def readable(title: str, abstract: str) -> tuple[str, str]:
    """A title and an abstract in plain words."""
    return markup.plain_title(title), markup.plain(abstract)


def _lies(published: Mapping[str, Written], output: Output) -> bool:
    record = published.get(output.path)
    return record is not None and record.fingerprint == output.fingerprint


def _output(path: str, stands_for: bytes) -> Output:
    return Output(path, "index", (), digest_of(stands_for), "the search index")
