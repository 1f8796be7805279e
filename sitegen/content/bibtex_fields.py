"""One BibTeX entry, its macros put in and its parents' fields inherited -> the fields of a record.

Meaning of fields and types: the manuals of BibTeX and biblatex; the links are those of al-folio and jekyll-scholar.
What has no place in a record is kept under ``extra``; what only a program noted for itself is not used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from sitegen.content.journal_macros import JOURNALS
from sitegen.content.plain import to_markdown
from sitegen.text.dates import PartialDate, read_date, read_parts
from sitegen.text.identifiers import arxiv_in, arxiv_number, doi_of, place_address
from sitegen.text.item_types import item_type
from sitegen.text.latex import latex_addresses, latex_to_text
from sitegen.text.names import parse_names

# Types of which CSL's name is not that of the table of usual names.
_TYPES = {
    "article": "article-journal",
    "manual": "book",
    "collection": "book",
    "mvcollection": "book",
    "reference": "book",
    "mvreference": "book",
    "mvproceedings": "book",
    "suppbook": "chapter",
    "bookinbook": "chapter",
    "suppcollection": "chapter",
    "artwork": "graphic",
    "audio": "song",
    "music": "song",
    "letter": "personal_communication",
}
_JOURNALS = ("journaltitle", "journal", "fjournal", "booktitle", "maintitle", "eventtitle")
_SUBTITLES = {"journaltitle": "journalsubtitle", "journal": "journalsubtitle", "booktitle": "booksubtitle"}
_PUBLISHERS = ("publisher", "organization", "institution", "school")
_OF_SCHOOLS = ("school", "institution", "publisher", "organization")
_SHORT = ("abbr", "shortjournal", "venue_short")
# Field -> the kind of link; of two that lead to one kind the first here counts.
_LINKS = {
    "pdf": "pdf",
    "code": "code",
    "github": "code",
    "website": "project",
    "project": "project",
    "project_page": "project",
    "homepage": "project",
    "html": "project",
    "slides": "slides",
    "video": "video",
    "talk": "video",
    "poster": "poster",
    "data": "data",
    "dataset": "data",
}
# What a program noted for itself: reference managers (some of it names folders on a person's own machine), other
# site generators (what to show of an entry), and what has been put to use before.
_NOT_USED = re.compile(
    r"file|local-url|owner|timestamp|date-(?:added|modified)|bdsk-.*|mendeley-.*|__.*|rating|read|localfile|"
    r"preview|selected|bibtex_show|bibshow|dimensions|altmetric|inspirehep_id|google_scholar_id|slaccitation|adsurl|"
    r"adsnote|biburl|bibsource|groups?|sortkey|presort|sortname|sortyear|sorttitle|keywords-plus|options|ids"
)
_SILENT = re.compile(r"(?:available|online|accessed|at|from|url|web ?site|web ?page|\W)*", re.IGNORECASE)
_NO_VENUE = re.compile(
    r"(?:arxiv(?:\.org)?|corr)(?:[\s,]+(?:e-?prints?|preprints?))?(?:\s*[\[(][^\])]*[\])])?[\s.,:]*", re.IGNORECASE
)
_COMMAND = re.compile(r"\\([A-Za-z]+)(?![A-Za-z])\s*(?:\{\})?")
_LANGUAGES = {
    "english": "en", "american": "en-US", "usenglish": "en-US", "british": "en-GB", "ukenglish": "en-GB",
    "german": "de", "ngerman": "de", "austrian": "de-AT", "french": "fr", "francais": "fr", "spanish": "es",
    "italian": "it", "portuguese": "pt", "brazilian": "pt-BR", "brazil": "pt-BR", "dutch": "nl", "russian": "ru",
    "chinese": "zh", "japanese": "ja", "korean": "ko", "polish": "pl", "czech": "cs", "swedish": "sv",
    "danish": "da", "norwegian": "no", "finnish": "fi", "hungarian": "hu", "turkish": "tr", "greek": "el",
    "ukrainian": "uk", "catalan": "ca", "romanian": "ro", "latin": "la", "arabic": "ar", "hebrew": "he",
}  # fmt: skip


class Read(msgspec.Struct, frozen=True):
    """``raw``: the fields of a record. ``unused``: names of the entry's fields that are in no way part of it.

    ``warnings``: ``(message, field)``.
    """

    raw: dict[str, Any]
    unused: tuple[str, ...]
    warnings: tuple[tuple[str, str], ...]


def record_of(kind: str, key: str, values: Mapping[str, str], macros: Mapping[str, str]) -> Read:
    """The record of an entry.

    Args:
        kind: ``article``. values: field, in lower case, -> LaTeX. macros: those that may stand for a journal.
    """
    return _Entry(kind, key, values, macros).read()


class _Entry:
    def __init__(self, kind: str, key: str, values: Mapping[str, str], macros: Mapping[str, str]) -> None:
        self._kind = kind
        self._key = key
        self._values = values
        self._macros = macros
        self._used = {"crossref", "xdata", "xref"}
        self._warnings: list[tuple[str, str]] = []
        self._links: dict[str, str] = {}
        self._extra: dict[str, str] = {"entry_type": kind}
        self._notes: list[str] = []
        self._arxiv: str | None = None
        self._doi = ""

    def read(self) -> Read:
        raw: dict[str, Any] = {"title": self._title(), "id": self._key, "citation_key": self._key}
        self._numbers()
        raw |= self._people()
        raw["date"] = self._date()
        self._addresses()
        venue = self._venue()
        self._numbers_in_words()
        raw |= {"venue": venue, "venue_short": self._text(*_SHORT), "type": self._type(venue)}
        raw |= self._imprint(raw["type"])
        raw["abstract"] = self._abstract()
        raw["tags"] = [tag.strip() for tag in re.split(r"[,;]", self._text("keywords", "keyword")) if tag.strip()]
        raw["language"] = self._language()
        raw |= {"arxiv": self._arxiv, "doi": self._doi, "links": self._links}
        if note := self._text("note"):
            self._notes.append(note)
        raw["note"] = "; ".join(self._notes)
        unused = self._rest()
        raw["extra"] = self._extra
        kept = {name: value for name, value in raw.items() if value or name == "title"}
        return Read(kept, unused, tuple(self._warnings))

    def _text(self, *names: str) -> str:
        """The plain text of the first of these fields that says something; the others stay for ``extra``."""
        for name in names:
            if name not in self._used and (value := self._values.get(name)):
                self._used.add(name)
                if text := " ".join(latex_to_text(value).split()):
                    return text
        return ""

    def _title(self) -> str:
        title, subtitle = self._text("title"), self._text("subtitle")
        if not title or not subtitle:
            return title or subtitle
        return f"{title} {subtitle}" if title.endswith((":", "?", "!", ".")) else f"{title}: {subtitle}"

    def _people(self) -> dict[str, Any]:
        found: dict[str, Any] = {"collaboration": self._text("collaboration")}
        for field, name in (("author", "authors"), ("editor", "editors")):
            if field in self._values:
                self._used.add(field)
                people, more = parse_names(self._values[field], latex_to_text)
                found[name] = [
                    person.name if not (person.family or person.literal) else msgspec.to_builtins(person)
                    for person in people
                ]
                if more and name == "authors":
                    found["more_authors"] = True
        return found

    def _date(self) -> str | None:
        date: PartialDate | None = None
        rest = ""
        if value := self._text("date"):
            # A range, after ISO 8601; one without its end is open.
            date, rest = read_date(value.split("/")[0].strip(" ~?%")) if value.count("/") == 1 else read_date(value)
        year, month, day = self._text("year"), self._text("month"), self._text("day")
        if date is None:
            date, more = read_parts(year, month, day)
            rest = " ".join(filter(None, (rest, more)))
        if rest and date is None:
            self._notes.append(rest)
        elif rest:
            self._warnings.append((f"read as {date}; {rest!r} is left out", "date" if value else "year"))
        return str(date) if date else None

    def _numbers(self) -> None:
        """DOI and arXiv number; their own signs (``_``, ``~``, ``%``) are not LaTeX."""
        archive = self._plain("archiveprefix") or self._plain("eprinttype")
        eprint = self._plain("eprint")
        doi = self._plain("doi")
        given = self._plain("arxiv") or (eprint if archive.lower() in ("arxiv", "") else "")
        number = arxiv_number(given) if given else None
        if eprint and number is None:
            if archive.lower() == "arxiv":
                number = eprint
            else:
                self._extra["eprint"] = eprint
                self._extra |= {"eprinttype": archive} if archive else {}
        self._take(number)
        if doi and (number := arxiv_number(doi)):
            self._take(number)
        elif doi:
            self._doi = doi_of(doi) or doi

    def _take(self, number: str | None) -> None:
        self._arxiv = self._arxiv or number

    def _plain(self, name: str) -> str:
        """A field whose value is no text: backslashes and braces are for LaTeX only."""
        value = self._values.get(name, "")
        if value:
            self._used.add(name)
        return _unescaped(value)

    def _addresses(self) -> None:
        for name in ("url", "howpublished"):
            self._place(name)
        for name, kind in _LINKS.items():
            if name in self._used or name not in self._values:
                continue
            address = self._plain(name)
            if not re.match(r"https?://|/", address):
                if kind in ("pdf", "slides", "poster", "video") and re.search(r"\.\w{2,4}$", address):
                    self._warnings.append(
                        (f"not an address: {address!r}; put the file into static/, write '/NAME'", name)
                    )
                self._extra[name] = address
            elif kind in self._links:
                self._extra[name] = address
            else:
                self._links[kind] = address

    def _place(self, name: str) -> None:
        """Put the first address of a field in its place; words beside it stay for another reader."""
        value = self._values.get(name, "")
        found = [url for url, _ in latex_addresses(value)] if "\\" in value else []
        if not found:
            found = re.findall(r"https?://[^\s,{}]+(?:\{[^{}]*\}[^\s,{}]*)*", _unescaped(value))
        if not found:
            if name == "url" and value:
                self._used.add(name)
                self._warnings.append((f"not a web address and left out: {_unescaped(value)[:80]!r}", name))
            return
        if name == "url" or _SILENT.fullmatch(re.sub(r"\\(?:url|href)\s*\{[^{}]*\}|https?://\S+", "", value)):
            self._used.add(name)
        if len(found) > 1:
            self._warnings.append((f"holds {len(found)} addresses; {found[0]} is kept", name))
        kind, address = place_address(found[0])
        if kind == "arxiv":
            self._take(address)
        elif kind == "doi":
            self._doi = self._doi or address
        else:
            self._links.setdefault(kind, address)

    def _venue(self) -> str:
        for name in _JOURNALS:
            if name in self._used or not self._values.get(name):
                continue
            venue = self._with_journals(name)
            number = arxiv_number(venue) or arxiv_number(f"{venue} {self._values.get('volume', '')}")
            if number or _NO_VENUE.fullmatch(venue) or (arxiv_in(venue) and _NO_VENUE.match(venue)):
                self._take(number or arxiv_in(venue))
                if number and arxiv_number(venue) is None:
                    self._used.add("volume")
                continue
            subtitle = self._text(_SUBTITLES[name]) if name in _SUBTITLES else ""
            return f"{venue}: {subtitle}" if subtitle else venue
        published = self._text("howpublished")
        if published and not self._is_arxiv(published):
            return published
        return ""

    def _with_journals(self, name: str) -> str:
        value = self._values[name]
        self._used.add(name)
        if "\\" in value:
            value = _COMMAND.sub(
                lambda found: self._macros.get(found[1].lower()) or JOURNALS.get(found[1]) or found[0], value
            )
        return " ".join(latex_to_text(value).split())

    def _journal(self, command: re.Match[str]) -> str:
        return self._macros.get(command[1].lower()) or JOURNALS.get(command[1]) or command[0]

    def _is_arxiv(self, text: str) -> bool:
        """Whether a text is no more than a word of arXiv; its number is taken."""
        if number := arxiv_number(text):
            self._take(number)
            return True
        return bool(_NO_VENUE.fullmatch(text))

    def _type(self, venue: str) -> str:
        known = _TYPES.get(self._kind) or item_type(self._kind) or "document"
        preprint = self._arxiv and not venue and known in ("article-journal", "document", "manuscript")
        return "article" if preprint else known

    def _imprint(self, kind: str) -> dict[str, str]:
        found = {name: self._text(name) for name in ("volume", "issue", "edition", "isbn", "series", "pages")}
        number = self._text("number")
        if number:
            journal = kind in ("article-journal", "article-magazine", "article-newspaper", "article")
            found["issue" if journal and not found["issue"] else "number"] = number
        if "number" not in found:
            found["number"] = self._text("eid", "articleno", "article-number")
        found["publisher"] = self._text(*(_OF_SCHOOLS if kind in ("thesis", "report") else _PUBLISHERS))
        return found

    def _numbers_in_words(self) -> None:
        """Take the arXiv number from fields that are meant for words; one that says no more is done with."""
        for name in ("note", "number", "publisher"):
            if name not in self._values:
                continue
            text = " ".join(latex_to_text(self._values[name]).split())
            if self._is_arxiv(text):
                self._used.add(name)
            elif name == "note":
                self._take(arxiv_in(text))

    def _abstract(self) -> str:
        value = self._values.get("abstract", "")
        self._used.add("abstract")
        parts = (" ".join(latex_to_text(part).split()) for part in re.split(r"\n\s*\n", value))
        return to_markdown("\n\n".join(filter(None, parts)))

    def _language(self) -> str:
        for name in ("langid", "language", "hyphenation"):
            value = self._values.get(name, "").strip("{} ").lower()
            tag = _LANGUAGES.get(value) or (value if re.fullmatch(r"[a-z]{2}(?:-[a-z]{2})?", value) else "")
            if tag:
                self._used.add(name)
                return tag
        return ""

    def _rest(self) -> tuple[str, ...]:
        """Keep what has no place of its own; the names of what is dropped."""
        unused = []
        for name, value in self._values.items():
            if name in self._used:
                continue
            if _NOT_USED.fullmatch(name):
                unused.append(name)
            elif text := " ".join(latex_to_text(value).split()):
                self._extra[name] = text
        return tuple(unused)


def _unescaped(value: str) -> str:
    value = value.strip()
    if "\\" in value:
        value = re.sub(r"\{?\\textasciitilde(?:\{\})?\}?|\\~\{\}", "~", value)
        value = re.sub(r"\{\\([_%#&~$])\}|\\([_%#&~$])", lambda found: found[1] or found[2], value)
        value = value.replace("\\url", "").replace("\\", "")
    return value.strip("{} ")
