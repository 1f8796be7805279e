"""The search index as a part of a build: what is kept from the build before, and which files it consists of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from sitegen.config import SearchConfig
from sitegen.model import Site
from sitegen.publish.cache import Cache
from sitegen.publish.writer import Written, digest_of
from sitegen.render import markup
from sitegen.render.output import Output
from sitegen.search.documents import Analysed, Mapper, analyses, model_of, state_of
from sitegen.search.index import Model, build_index, number
from sitegen.search.lunr_json import lunr_json
from sitegen.search.pages import pages

LUNR_JSON = "search/lunr.json"


class IndexFile(msgspec.Struct, frozen=True):
    """One file of the index; ``data`` is ``None`` where the published one is right already."""

    output: Output
    data: bytes | None


class _Made(msgspec.Struct, frozen=True):
    """The files of the index as last built, path -> digest, and the state they were built for."""

    state: bytes
    files: dict[str, bytes]


class IndexStage:
    """The index of one build.

    Attributes:
        analyses: of every paper, by its id.
    """

    def __init__(
        self, analyses: dict[str, Analysed], model: Model, state: bytes, with_lunr: bool, cache: Cache
    ) -> None:
        self.analyses = analyses
        self._model = model
        self._state = state
        self._with_lunr = with_lunr
        self._cache = cache

    @classmethod
    def begin(cls, site: Site, config: SearchConfig, cache: Cache, mapper: Mapper) -> IndexStage:
        """Analyse the papers that changed since the last build, in workers if there are many."""
        model = model_of(config)
        previous = cache.read_sharded("analyses", Analysed)
        now = analyses(site, model, readable, previous, mapper)
        changed = [paper_id for paper_id, made in now.items() if previous.get(paper_id) is not made]
        cache.write_sharded("analyses", now, [*changed, *(previous.keys() - now.keys())])
        with_lunr = len(site.papers) <= config.lunr_json_max_papers
        state = digest_of(state_of(site, model) + bytes([with_lunr]))
        return cls(now, model, state, with_lunr, cache)

    def files(self, published: Mapping[str, Written]) -> list[IndexFile]:
        """All files of the index. Nothing is computed when those of the last build lie there still."""
        made = self._cache.read("index", _Made)
        if made and made.state == self._state and all(_lies(published, *file) for file in made.files.items()):
            return [IndexFile(_output(path, digest), None) for path, digest in made.files.items()]
        files = []
        for path, data in self._build():
            digest = digest_of(data)
            same = _lies(published, path, digest)
            files.append(IndexFile(_output(path, digest), None if same else data))
        self._cache.write("index", _Made(self._state, {file.output.path: file.output.fingerprint for file in files}))
        return files

    def _build(self) -> Iterator[tuple[str, bytes]]:
        index = build_index(number(made.analysis for made in self.analyses.values()), self._model)
        yield from pages(index)
        if self._with_lunr:
            yield LUNR_JSON, lunr_json(index)


def readable(title: str, abstract: str) -> tuple[str, str]:
    """A title and an abstract in plain words."""
    return markup.plain_title(title), markup.plain(abstract)


def _lies(published: Mapping[str, Written], path: str, digest: bytes) -> bool:
    record = published.get(path)
    return record is not None and record.digest == digest


def _output(path: str, digest: bytes) -> Output:
    return Output(path, "index", (), digest, "the search index")
