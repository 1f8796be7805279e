"""The language of the search box: ``docs/search-language.md``. The client's ``box-query.js`` reads it alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import msgspec
from lunr.stop_word_filter import WORDS as STOP_WORDS

from sitegen.search.tokenize import words

_LONGEST = 2000
_MOST_WORDS = 64
_SENTENCE = 9
_MOST_EDITS = 2
_MOST_BOOST = 100.0
_FILTER = re.compile(r'(topic|tag|author|venue|year):(?:"([^"]*)"?|(\S+))', re.IGNORECASE)
_QUOTED = re.compile(r'([+-]?)(?:(title|abstract):)?["“”]([^"“”]*)["“”](?:\^([0-9]+(?:\.[0-9]+)?))?', re.IGNORECASE)
_FIELD = re.compile(r"(title|abstract):(?=\S)", re.IGNORECASE)
_OPERATORS = re.compile(r"(\*)?(?:~([0-9]))?(?:\^([0-9]+(?:\.[0-9]+)?))?\Z")
_YEARS = re.compile(r"([0-9]{4})?(\.\.|-)?([0-9]{4})?")
_YEARS_FROM = re.compile(r"([<>])(=?)([0-9]{4})")
_IDENTIFIER = re.compile(
    r"10\.[0-9]{4,9}/|[0-9]{4}\.[0-9]{4,5}$|.*/[0-9]{7}$|[0-9]{4}\.[a-z0-9]+_[a-z0-9]+\.[0-9]+$|[a-z][0-9]{2}_[0-9]{4}$",
    re.DOTALL,
)
_ADDRESS = frozenset(("http", "https", "www", "doi", "dx", "org", "com", "arxiv", "abs", "pdf", "html"))


class Word(msgspec.Struct):
    """A word of the query; see ``BoxWord`` of the client."""

    word: str
    presence: int = 0
    identifier: bool = False
    weight: float = 1
    open: bool = False
    prefix: bool = False
    edits: int = 0
    field: str = ""
    together: int = 0


class _Piece(msgspec.Struct):
    """What stands between two blanks, or between quotes."""

    text: str
    presence: int = 0
    field: str = ""
    prefix: bool = False
    edits: int = 0
    boost: float = 1
    quoted: bool = False
    last: bool = False


class Phrase(msgspec.Struct):
    words: list[str]
    field: str


class Query(msgspec.Struct):
    words: list[Word]
    title: list[str]
    phrases: list[Phrase]
    filters: list[tuple[str, str]]
    years: list[tuple[int, int]]


def _is_identifier(word: str) -> bool:
    return _IDENTIFIER.match(word) is not None


def _is_stops(said: Sequence[str]) -> bool:
    return len(said) == 1 and said[0].endswith("_") and not _is_identifier(said[0])


def _years(value: str) -> tuple[int, int] | None:
    if found := _YEARS_FROM.fullmatch(value):
        year = int(found[3])
        return (year + (not found[2]), 9999) if found[1] == ">" else (0, year - (not found[2]))
    found = _YEARS.fullmatch(value)
    if not found:
        return None
    since, dots, until = found.groups()
    if since and not dots and not until:
        return int(since), int(since)
    if dots == "-" and not (since and until):
        return None
    return (int(since or 0), int(until or 9999)) if dots and (since or until) else None


def _plain_piece(text: str, sentence: bool) -> _Piece:
    """What one piece between blanks asks for; in a sentence it is nothing but words."""
    if sentence:
        return _Piece(text)
    sign = text[0] if text[0] in "+-" and text[1:2].isalnum() else ""
    field = _FIELD.match(text, len(sign))
    said = text[field.end() if field else len(sign) :]
    ending = _OPERATORS.search(said)
    assert ending is not None  # it may be empty
    star, edits, boost = ending.groups()
    body = said[: ending.start()]
    if not any(map(str.isalnum, body)):
        return _Piece(text)
    return _Piece(
        body,
        presence=-1 if sign == "-" else int(sign == "+"),
        field=field[1].lower() if field else "",
        prefix=bool(star),
        edits=min(int(edits or 0), _MOST_EDITS),
        boost=min(float(boost or 1), _MOST_BOOST),
    )


def _split(text: str, query: Query, sentence: bool) -> list[_Piece]:
    """The pieces of what was typed; filters go to the query."""
    pieces: list[_Piece] = []
    rest = text.lstrip()
    while rest:
        found = _FILTER.match(rest)
        kind, value = (
            (found[1].lower(), (found[2] if found[2] is not None else found[3]).strip()) if found else ("", "")
        )
        span = _years(value) if kind == "year" else None
        if found and span:
            query.years.append(span)
            used = found.end()
        elif found and kind != "year" and words(value):
            query.filters.append((kind, value))
            used = found.end()
        elif quoted := _QUOTED.match(rest):
            sign, field, said, boost = quoted.groups()
            presence = 0 if sentence else -1 if sign == "-" else 1
            boosted = min(float(boost or 1), _MOST_BOOST)
            pieces.append(_Piece(said, presence, (field or "").lower(), boost=boosted, quoted=True))
            used = quoted.end()
        else:
            plain = rest.split(maxsplit=1)[0]
            used = len(plain)
            pieces.append(_plain_piece(plain, sentence))
            pieces[-1].last = used == len(rest)
        rest = rest[used:].lstrip()
    if not (any(piece.presence >= 0 for piece in pieces) or query.filters or query.years):
        # With nothing to take them from, words that must not be there are looked for.
        for piece in pieces:
            piece.presence = 0
    return pieces


def parse(typed: str) -> Query:
    """Words, operators and filters of what was typed, as ``docs/search-language.md`` has them. Nothing is an error."""
    text = typed[:_LONGEST]
    sentence = len(text.split()) >= _SENTENCE
    query = Query([], [], [], [], [])
    pieces = _split(text, query, sentence)
    unfinished = text.rstrip() == text
    query.title = words(" ".join(piece.text for piece in pieces if piece.presence >= 0))
    if _is_stops(query.title):
        (word,) = query.title
        may_go_on = unfinished and word.index("_") == len(word) - 1
        query.words = [Word(word[:-1] if may_go_on else word, open=may_go_on)]
        return query
    found: dict[tuple[str, str], Word] = {}
    for number, piece in enumerate(pieces):
        said = words(piece.text)
        if _is_stops(said):
            continue
        if any(map(_is_identifier, said)):
            said = [word for word in said if _is_identifier(word)]
        elif re.match(r"https?://|www\.", piece.text, re.IGNORECASE):
            said = [word for word in said if word not in _ADDRESS]
        is_phrase = piece.quoted and not sentence and len(said) > 1
        if is_phrase and piece.presence > 0:
            query.phrases.append(Phrase(said, piece.field))
        for i, word in enumerate(said):
            if word in STOP_WORDS:
                continue
            key = piece.field, word
            if key in found:
                found[key].weight += piece.boost
            elif len(found) < _MOST_WORDS:
                is_last = i == len(said) - 1
                found[key] = Word(
                    word,
                    presence=piece.presence,
                    identifier=_is_identifier(word),
                    weight=piece.boost,
                    open=piece.last and unfinished and is_last and _ends_in_word(text),
                    prefix=piece.prefix and is_last,
                    edits=piece.edits,
                    field=piece.field,
                    together=number if is_phrase and piece.presence < 0 else 0,
                )
    if any(word.identifier for word in found.values()):
        found = {key: word for key, word in found.items() if key[0] or key[1] not in _ADDRESS or word.presence != 0}
    query.words = list(found.values())
    return query


def _ends_in_word(text: str) -> bool:
    return unicodedata.category(text[-1])[0] in "LNM"
