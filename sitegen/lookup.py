"""Search from the command line: the same Lunr index as in the browser, asked by lunr.py itself."""

from __future__ import annotations

import lunr.exceptions
import msgspec
from lunr.index import Index as LunrIndex
from lunr.query import Query, QueryPresence

from sitegen.config import SearchConfig
from sitegen.errors import UsageError
from sitegen.model import Site
from sitegen.publish.index import readable
from sitegen.search.documents import analyses, model_of
from sitegen.search.index import build_index, number
from sitegen.search.lunr_json import lunr_document
from sitegen.search.text import words


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A paper that was found: ``url`` below the site's root, ``date`` ISO or empty, ``score`` as Lunr has it."""

    id: str
    title: str
    url: str
    date: str
    score: float


class Lookup:
    """The index of a site, ready to be asked."""

    def __init__(self, site: Site, config: SearchConfig) -> None:
        model = model_of(config)
        analysed = analyses(site, model, readable, {}, map)
        index = build_index(number(one.analysis for one in analysed.values()), model)
        self._cards = {card.id: card for card in index.cards}
        self._index = LunrIndex.load(lunr_document(index)) if index.cards else None

    def find(self, text: str) -> list[Hit]:
        """Papers that hold all the words, the last one perhaps only begun; where none does, those that hold some."""
        typed = words(text)
        if not typed:
            return []
        *first, last = [(word, QueryPresence.REQUIRED, Query.WILDCARD_NONE) for word in typed]
        begun = (typed[-1], QueryPresence.REQUIRED, Query.WILDCARD_TRAILING)
        some = [(word, QueryPresence.OPTIONAL, Query.WILDCARD_NONE) for word in typed]
        for clauses in ([*first, last], [*first, begun], some):
            if found := self._ask(clauses):
                return found
        return []

    def ask(self, query: str) -> list[Hit]:
        """The answer to a query in Lunr's language.

        Raises:
            UsageError: when it is not in that language.
        """
        if self._index is None:
            return []
        try:
            return self._hits(self._index.search(query))
        except lunr.exceptions.QueryParseError as error:
            raise UsageError(f"not a Lunr query: {error}") from None

    def _ask(self, clauses: list[tuple[str, QueryPresence, int]]) -> list[Hit]:
        if self._index is None:
            return []
        query = self._index.create_query()
        for word, presence, wildcard in clauses:
            # A half word is not to be stemmed: its stem may be longer than what the index has.
            whole = wildcard == Query.WILDCARD_NONE
            query.term(word, presence=presence, wildcard=wildcard, use_pipeline=whole)
        return self._hits(self._index.query(query))

    def _hits(self, results: list[dict[str, object]]) -> list[Hit]:
        hits = []
        for result in results:
            card = self._cards[str(result["ref"])]
            score = float(str(result["score"]))
            hits.append(Hit(id=card.id, title=card.title, url=card.url, date=card.date, score=score))
        return hits
