"""Fields as other people's records call them -> fields of ours.

A record from JSON, a table, YAML or front matter passes through ``place``. A key counts without regard to case, blanks
and signs: "Publication Year", ``publication_year`` and ``publicationYear`` are one. What a key means is looked up in
``NAMES``; an address whose key says nothing is placed by its host. What has no place is named, so that it can be told.
"""

from __future__ import annotations

import datetime
import html
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from sitegen.content.record import FIELDS
from sitegen.errors import Problem
from sitegen.text.identifiers import LINK_KINDS, arxiv_number, doi_of, place_address
from sitegen.text.item_types import item_type

_OF_FIELD = {
    "title": "title name papertitle documenttitle articletitle",
    "authors": "authors author creators creator authornames authorfullnames authorlist dccreator",
    "editors": "editors editor",
    "abstract": "abstract summary description abstractnote abstracttext paperabstract excerpt",
    "tldr": "tldr",
    "date": "date published publishdate publishedat publicationdate publisheddate pubdate datepublished issued "
    "releasedate onlinedate coverdate",
    "year": "year publicationyear pubyear py yearpublished",
    "month": "month",
    "day": "day",
    "updated": "updated updatedate lastupdated dateupdated",
    "venue": "venue journal booktitle conference conferencename publicationtitle publication containertitle "
    "sourcetitle journalbook journaltitle proceedings journalname secondarytitle proceedingstitle "
    "venuename sourcejournal",
    "venue_short": "venueshort abbr journalabbreviation abbreviatedsourcetitle containertitleshort publicationshort",
    "tags": "tags keywords keyword authorkeywords manualtags aikeywords",
    "more_tags": "automatictags indexkeywords",
    "topics": "topics topic categories category subjects subject track primaryarea",
    "arxiv": "arxiv arxivid eprint arxivnumber eprintid",
    "doi": "doi",
    "upvotes": "upvotes votes likes stars numvotes",
    "volume": "volume",
    "issue": "issue issuenumber",
    "number": "number reportnumber",
    "pages": "pages page pagination pagerange",
    "first_page": "firstpage startpage pagestart spage",
    "last_page": "lastpage endpage pageend epage",
    "publisher": "publisher",
    "edition": "edition",
    "isbn": "isbn",
    "series": "series seriestitle",
    "note": "note",
    "type": "type itemtype documenttype entrytype publicationtype genre",
    "language": "language lang languageoforiginaldocument",
    "citation_key": "citationkey citekey bibkey bibtexkey",
    "id": "id uid paperid key",
    "featured_on": "featuredon submittedondailyat",
    "author_count": "authorcount numauthors",
    "collaboration": "collaboration",
    "bibtex": "bibtex bib",
    "pdf": "pdf pdfurl pdflink paperpdf openaccesspdf fulltexturl urlpdf",
    "code": "code codeurl codelink github githuburl githubrepo githublink repo repository repourl "
    "implementation urlcode",
    "blog": "blog blogpost urlblog blogurl",
    "project": "project projectpage projecturl homepage website webpage urlproject",
    "data": "data dataset datasets dataseturl urldataset",
    "video": "video videourl youtube talk recording urlvideo",
    "slides": "slides slidesurl presentation presentationurl urlslides",
    "poster": "poster posterurl urlposter",
    "address": "url link links urls paperurl paper paperlink arxivurl site oa html demo landingpageurl doiurl "
    "publisherurl pageurl abstracturl absurl externallinks extralinks additionallinks source urlsource",
}
NAMES: dict[str, str] = {name: field for field, names in _OF_FIELD.items() for name in names.split()}
"""Folded key -> field of a record, kind of link, or ``address``, ``year`` and such, which ``place`` puts together."""

# Of the usual exports: what is never shown, and not worth a word (local paths, a program's own book-keeping).
_PRIVATE = frozenset("fileattachments linkattachments notes dateadded datemodified accessdate extra_ rights".split())
# A script that copies such a key into an object would change the object itself.
_NEVER = frozenset({"__proto__", "constructor", "prototype"})
_EMPTY = frozenset({"", "-", "--", "n/a", "na", "nan", "null", "none", "⚠️", "❌", "✗", "undefined"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SIGNS = re.compile(r"[\W_]+")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_MARKDOWN_LINK = re.compile(r"\[([^\]\[]*)\]\((https?://[^)\s]+)\)")
_ADDRESS = re.compile(r"https?://[^\s<>\"'|]+")
_KINDS_BY_WORD: dict[str, str] = {
    word: kind
    for kind, words in {
        "pdf": "pdf",
        "code": "code github repo repository implementation software",
        "data": "data dataset datasets",
        "video": "video youtube talk recording",
        "slides": "slides presentation",
        "poster": "poster",
        "project": "project homepage website demo page",
    }.items()
    for word in words.split()
}


class Placed:
    """One record, placed.

    Attributes:
        raw: fields of a record as ``content.record.paper_from`` reads them.
        unused: keys of which nothing arrived.
        doubts: ``(field, message)`` of values that could not be read and are left out.
    """

    def __init__(self) -> None:
        self.raw: dict[str, Any] = {}
        self.links: dict[str, str] = {}
        self.unused: list[str] = []
        self.doubts: list[tuple[str, str]] = []
        self.parts: dict[str, Any] = {}
        self._named: set[str] = set()

    def set(self, field: str, value: Any) -> None:
        """Fill a field that nothing has filled."""
        if not is_empty(value):
            self.raw.setdefault(field, value)

    def address(self, url: str, kind: str = "") -> bool:
        """Put an address where it belongs; says whether it is one that can be shown."""
        url = _CONTROL.sub("", html.unescape(url)).strip()
        field, value = place_address(url)
        if field in ("arxiv", "doi"):
            self.raw.setdefault(field, value)
            return True
        if not re.match(r"https?://", value, re.IGNORECASE):
            return False
        if kind and (field == "project" or kind != "project"):
            field = kind  # type: ignore[assignment]
        if value in self.links.values():
            return True
        if kind == field == "project" and "project" in self.links and "project" not in self._named:
            # What the source calls the project's page goes before an address that it only lists.
            self._further(self.links.pop("project"))
        free = next((each for each in (field, "project") if each not in self.links), None)
        if free is None:
            self._further(value)
        else:
            self.links[free] = value
        if kind:
            self._named.add(field)
        return True

    def warnings(self, source: str, line: int | None) -> list[Problem]:
        """The doubts as problems of the record on a line."""
        return [
            Problem(source=source, line=line, field=field, message=message, severity="warning")
            for field, message in self.doubts
        ]

    def _further(self, url: str) -> None:
        """Keep an address for which a paper has no place of its own where templates find it."""
        self.raw.setdefault("extra", {}).setdefault("links", []).append(url)


def place(record: Mapping[str, Any], *, keep: bool = False) -> Placed:
    """Put every value of a record where it belongs.

    Args:
        record: key -> text, number, list or mapping, as the source has it.
        keep: put what has no place under ``extra``, which templates can show, and not only name it.
    """
    placed = Placed()
    extra: dict[str, Any] = {}
    for key, value in _flat(record):
        name = _SIGNS.sub("", str(key)).casefold()
        if key in _NEVER:
            placed.doubts.append((key, "is left out"))
        elif is_empty(value) or (name in _PRIVATE and key not in FIELDS):
            continue
        elif key == "extra" and isinstance(value, Mapping):
            extra |= value
        elif (field := NAMES.get(name) or (key if key in FIELDS else None)) is None or not _put(placed, field, value):
            extra[str(key)] = value
            placed.unused.append(str(key))
    _finish(placed)
    if keep:
        placed.unused.clear()
    else:
        extra = dict(record["extra"]) if isinstance(record.get("extra"), Mapping) else {}
    if extra:
        placed.raw["extra"] = {**placed.raw.get("extra", {}), **extra}
    return placed


def _flat(record: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The items of a record; those of a mapping that wraps fields, as ``paper`` does, behind the others."""
    items: list[tuple[str, Any]] = []
    below: list[tuple[str, Any]] = []
    for key, value in record.items():
        folded = _SIGNS.sub("", str(key)).casefold()
        wraps = isinstance(value, Mapping) and key not in ("extra", "links", *FIELDS) and folded not in NAMES
        if wraps and any(NAMES.get(_SIGNS.sub("", str(name)).casefold()) == "title" for name in value):
            below += _flat(value)
        else:
            items.append((key, value))
    return items + [(key, value) for key, value in below if key not in record]


def _put(placed: Placed, field: str, value: Any) -> bool:
    """Put one value into its field; says whether anything of it arrived."""
    if field in ("address", "blog"):
        return _put_addresses(placed, value, "")
    if field in LINK_KINDS:
        if isinstance(value, Mapping | list) or _ADDRESS.search(str(value)):
            return _put_addresses(placed, value, field)
        if isinstance(value, str) and value.startswith("/"):
            return placed.links.setdefault(field, value) == value
        return False
    if field in ("year", "month", "day", "first_page", "last_page", "tldr", "more_tags", "bibtex"):
        return placed.parts.setdefault(field, value) is value
    if field in placed.raw and field not in ("tags", "topics"):
        return bool(placed.raw[field] == value)
    match field:
        case "arxiv" | "doi":
            text = str(value).strip()
            read = arxiv_number(text) if field == "arxiv" else doi_of(text)
            if read is None and _ADDRESS.fullmatch(text):
                return placed.address(text)
            if read is None:
                placed.doubts.append((field, f"does not look like one and is left out: {text[:80]!r}"))
                return True
            placed.raw[field] = read
        case "authors" | "editors":
            placed.raw[field] = people(value)
        case "tags" | "topics":
            placed.raw[field] = list(dict.fromkeys([*placed.raw.get(field, ()), *labels(value)]))
        case "upvotes" | "author_count":
            number = count(value)
            if number is None:
                placed.doubts.append((field, f"not a number and is left out: {str(value)[:40]!r}"))
            else:
                placed.raw[field] = number
        case "featured_on":
            placed.raw[field] = [str(day)[:10] for day in (value if isinstance(value, list) else [value])]
        case "date" | "updated":
            placed.raw[field] = date_text(value)
        case "type":
            found = item_type(plain(value))
            return found is not None and placed.raw.setdefault(field, found) == found
        case "language":
            tag = language_tag(plain(value))
            return tag is not None and placed.raw.setdefault(field, tag) == tag
        case "venue":
            placed.raw[field] = plain(value).rstrip(" ,;")
        case "notice" | "draft" if not isinstance(value, str):
            placed.raw[field] = value
        case _:
            placed.raw[field] = plain(value)
    return field not in placed.raw or not is_empty(placed.raw[field])


def _put_addresses(placed: Placed, value: Any, kind: str) -> bool:
    """Every address of a value: text, Markdown links, a list, or mappings of name and address."""
    if isinstance(value, Mapping):
        url = next((value[key] for key in ("url", "href", "link") if isinstance(value.get(key), str)), None)
        if url is not None:
            said = next((str(value[key]) for key in ("name", "display", "title", "type", "text") if value.get(key)), "")
            return placed.address(url, kind or kind_of(said))
        return _all([_put_addresses(placed, item, kind or kind_of(str(name))) for name, item in value.items() if item])
    if isinstance(value, list):
        return _all([_put_addresses(placed, item, kind) for item in value if item])
    text = str(value)
    if named := _MARKDOWN_LINK.findall(text):
        return _all([placed.address(url, kind or kind_of(said)) for said, url in named])
    found = _ADDRESS.findall(text)
    if not found:
        return placed.address(text, kind)
    return _all([placed.address(url, kind) for url in found])


def _all(arrived: list[bool]) -> bool:
    """Of several addresses each is placed, also where one cannot be."""
    return all(arrived)


def _finish(placed: Placed) -> None:
    """Put together what several fields say of one thing."""
    parts, raw = placed.parts, placed.raw
    if "date" not in raw and "year" in parts:
        raw["date"] = date_of_parts(parts["year"], parts.get("month", ""), parts.get("day", ""))
    if "pages" not in raw and parts.get("first_page"):
        last = str(parts.get("last_page") or "")
        raw["pages"] = f"{parts['first_page']}-{last}" if last else str(parts["first_page"])
    if "more_tags" in parts:
        raw["tags"] = list(dict.fromkeys([*raw.get("tags", ()), *labels(parts["more_tags"])]))
    if "tldr" in parts and "abstract" not in raw:
        raw["abstract"] = plain(parts["tldr"])
    if placed.links:
        given = raw.get("links")
        raw["links"] = {**placed.links, **(given if isinstance(given, Mapping) else {})}


# ISO 639 names, and its codes of three letters, of the languages that most papers are written in -> IETF tags.
_LANGUAGES = {
    name: tag
    for tag, names in {
        "en": "english eng",
        "fr": "french français fre fra",
        "de": "german deutsch ger deu",
        "es": "spanish español spa",
        "it": "italian italiano ita",
        "pt": "portuguese português por",
        "ru": "russian rus",
        "zh": "chinese chi zho",
        "ja": "japanese jpn",
        "ko": "korean kor",
        "nl": "dutch dut nld",
        "pl": "polish pol",
        "tr": "turkish tur",
        "ar": "arabic ara",
        "cs": "czech cze ces",
        "uk": "ukrainian ukr",
        "hu": "hungarian hun",
        "sv": "swedish swe",
        "fa": "persian per fas",
    }.items()
    for name in names.split()
}


def language_tag(text: str) -> str | None:
    """The IETF tag of the first language that a text names: "English; French", "eng", "en-US", "en_US"."""
    first = re.split(r"[;,/]", text)[0].strip()
    if (known := _LANGUAGES.get(first.casefold())) is not None:
        return known
    return first.replace("_", "-") if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", first) else None


def kind_of(words: str) -> str:
    """The kind of link that a word beside it promises ("Code", "[PDF]"), or an empty text."""
    for word in re.findall(r"[a-z]+", words.casefold()):
        if word in _KINDS_BY_WORD:
            return _KINDS_BY_WORD[word]
    return ""


def is_empty(value: Any) -> bool:
    """Whether a value says nothing: also "-", "N/A", NaN and the like."""
    if isinstance(value, str):
        return value.strip().casefold() in _EMPTY
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or (isinstance(value, list | tuple | Mapping) and not value)


def plain(value: Any) -> str:
    """A value as text without HTML."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(plain, value)))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    return html.unescape(_TAG.sub("", text)).strip() if "<" in text or "&" in text else text.strip()


def labels(value: Any) -> list[str]:
    """Tags or topics of a list, or of one text that ``;``, ``|`` or else commas part."""
    if isinstance(value, Mapping):
        value = [value.get("name") or value.get("display_name") or ""]
    if isinstance(value, list | tuple):
        return [
            label for item in value for label in (labels(item) if isinstance(item, Mapping) else [plain(item)]) if label
        ]
    text = plain(value)
    sign = next((sign for sign in (";", "|", ",") if sign in text), None)
    return [label for part in (text.split(sign) if sign else [text]) if (label := part.strip().strip("#"))]


_FAMILY = ("family", "last", "last_name", "lastName", "lastname", "family_name", "familyName", "surname")
_GIVEN = ("given", "first", "first_name", "firstName", "firstname", "given_name", "givenName", "forename")
_FULL = ("name", "full_name", "fullName", "fullname", "display_name", "displayName", "text")


def people(value: Any) -> Any:
    """Authors as a record takes them: text, or a list of texts and of mappings of name parts."""
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, list | tuple):
        return plain(value)
    found: list[Any] = []
    for person in value:
        if isinstance(person, Mapping):
            found += [named] if (named := _person(person)) else []
        elif not is_empty(person):
            found.append(plain(person))
    return found


def _person(person: Mapping[str, Any]) -> dict[str, Any] | str | None:
    if person.get("hidden") is True:
        return None

    def first(keys: Iterable[str]) -> str:
        return next((plain(person[key]) for key in keys if not is_empty(person.get(key))), "")

    literal = first(("literal",))
    if literal:
        return {"name": literal, "literal": True}
    family, given = first(_FAMILY), first(_GIVEN)
    particle = first(("non-dropping-particle", "particle", "prefix"))
    dropping = first(("dropping-particle",))
    suffix = first(("suffix",))
    name = " ".join(filter(None, (given, dropping, particle, family, suffix))) if family else first(_FULL) or given
    if not name:
        return None
    details = {
        "family": family,
        "given": " ".join(filter(None, (given, dropping))) if family else "",
        "particle": particle,
        "suffix": suffix,
        "orcid": first(("orcid", "ORCID", "@orcid")).rpartition("/")[2],
        "affiliation": first(("affiliation", "affiliations", "institution")),
    }
    known = {key: text for key, text in details.items() if text}
    return {"name": name, **known} if known else name


def count(value: Any) -> int | None:
    """A number of votes: ``12``, ``"1,204"``, ``"1.2k"``."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value) if math.isfinite(value) else None
    found = re.fullmatch(r"(\d{1,15}(?:\.\d+)?)\s*([km]?)", str(value).strip().replace(",", ""), re.IGNORECASE)
    if found is None:
        return None
    return round(float(found[1]) * {"": 1, "k": 1000, "m": 1_000_000}[found[2].lower()])


def date_text(value: Any) -> str:
    """A date as text: an ISO text, eight digits, or milliseconds since 1970 as services give them."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and value > 100_000_000_000:
        return datetime.datetime.fromtimestamp(value / 1000, datetime.UTC).date().isoformat()
    return plain(value)


def date_of_parts(year: Any, month: Any = "", day: Any = "") -> str:
    """A date whose parts stand apart; ``month`` may be a name."""
    return " ".join(filter(None, (plain(day), plain(month), plain(year)))) if plain(month) else plain(year)
