"""``sources`` of ``sitegen.yaml``: the services that ``sitegen fetch`` asks, each with its options."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from sitegen.errors import did_you_mean, fault_of

Positive = Annotated[int, Meta(ge=1)]
Days = Annotated[int, Meta(ge=1, le=3660)]


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one service can be asked. The first field may be given alone, as text or a list."""


class ArxivOptions(Options, frozen=True, kw_only=True):
    """arXiv's search. ``query``: in its own language; ``categories``: any of these, and the query;
    ``ids``: these papers, besides. ``days``, ``max``: how far back the first fetch goes."""

    query: str = ""
    categories: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    days: Days = 7
    max: Positive = 1000


class AnnouncementsOptions(Options, frozen=True, kw_only=True):
    """arXiv's daily announcements of ``categories``. ``kinds``: new, cross, replace, replace-cross."""

    categories: Annotated[tuple[str, ...], Meta(min_length=1)]
    kinds: tuple[Literal["new", "cross", "replace", "replace-cross"], ...] = ("new", "cross", "replace")


class HuggingFaceOptions(Options, frozen=True, kw_only=True):
    """Daily papers. ``since``, ``until``: a range of days; ``days``: how far back the first fetch goes without."""

    since: datetime.date | None = None
    until: datetime.date | None = None
    days: Days = 7


class OpenAlexOptions(Options, frozen=True, kw_only=True):
    """Works by ``search`` and ``filter``, in OpenAlex' own language."""

    search: str = ""
    filter: str = ""
    days: Days = 30
    max: Positive = 1000


class SemanticScholarOptions(Options, frozen=True, kw_only=True):
    """Papers by ``query`` (bulk search) and ``fields_of_study``."""

    query: Annotated[str, Meta(min_length=1)]
    fields_of_study: tuple[str, ...] = ()
    days: Days = 30
    max: Positive = 1000


class CrossrefOptions(Options, frozen=True, kw_only=True):
    """Works by ``query`` and ``filter``, in Crossref's own language."""

    query: str = ""
    filter: str = ""
    days: Days = 30
    max: Positive = 1000


class OpenReviewOptions(Options, frozen=True, kw_only=True):
    """Papers of one ``venue``, ``ICLR.cc/2025/Conference``: its venue id, which only accepted papers have."""

    venue: Annotated[str, Meta(min_length=1)]


class BiorxivOptions(Options, frozen=True, kw_only=True):
    """Preprints of a ``category`` (all without one)."""

    category: str = ""
    server: Literal["biorxiv", "medrxiv"] = "biorxiv"
    days: Days = 7


class ZoteroOptions(Options, frozen=True, kw_only=True):
    """A ``group`` or a ``user`` by number, whole or one ``collection``."""

    group: Positive | None = None
    user: Positive | None = None
    collection: str = ""


class FeedOptions(Options, frozen=True, kw_only=True):
    """An RSS or Atom feed."""

    url: str


class UrlOptions(Options, frozen=True, kw_only=True):
    """A file in any format that import knows; ``format`` names it where it cannot be found out."""

    url: str
    format: str = ""


SERVICES: dict[str, type[Options]] = {
    "arxiv": ArxivOptions,
    "arxiv-announcements": AnnouncementsOptions,
    "huggingface": HuggingFaceOptions,
    "openalex": OpenAlexOptions,
    "semantic-scholar": SemanticScholarOptions,
    "crossref": CrossrefOptions,
    "openreview": OpenReviewOptions,
    "biorxiv": BiorxivOptions,
    "zotero": ZoteroOptions,
    "feed": FeedOptions,
    "url": UrlOptions,
}
"""Key in the settings -> its options."""

# Of these at least one must be said: a service that is asked for everything answers for days.
_ONE_OF = {
    "arxiv": ("query", "categories", "ids"),
    "openalex": ("search", "filter"),
    "crossref": ("query", "filter"),
    "zotero": ("group", "user"),
}


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One source.

    Attributes:
        name: by which the command line, the memory of fetches and the papers know it.
        service: a key of ``SERVICES``, and ``options`` of its kind.
        endpoint: scheme and host (and folder) that stand for the service's own; empty for the service itself.
        set: field -> value for what its papers lack; ``topics``: for papers without any.
        pause: seconds between two requests, instead of the service's own.
    """

    name: str
    service: str
    options: Options
    endpoint: str = ""
    set: dict[str, Any] = {}
    topics: tuple[str, ...] = ()
    enabled: bool = True
    pause: float | None = None


class _Common(msgspec.Struct, frozen=True, kw_only=True):
    name: Annotated[str, Meta(min_length=1)] = ""
    endpoint: str = ""
    set: dict[str, Any] = {}
    topics: tuple[str, ...] = ()
    enabled: bool = True
    pause: Annotated[float, Meta(ge=0)] | None = None


class Fault(msgspec.Struct, frozen=True):
    """What is wrong at ``path`` (keys and positions from the top of the file)."""

    path: tuple[str | int, ...]
    message: str
    hint: str | None = None


def parse_sources(data: Any) -> tuple[tuple[Source, ...], list[Fault]]:
    """The sources that are well, and every fault of the others."""
    if data is None:
        return (), []
    if not isinstance(data, list):
        return (), [Fault(("sources",), "must be a list", "write each source behind '- '")]
    sources: list[Source] = []
    faults: list[Fault] = []
    for position, item in enumerate(data):
        path = ("sources", position)
        found = list(_faults_of(item, path))
        if not found:
            try:
                source = _source(item, {known.name for known in sources})
            except _BadOption as error:
                found = [Fault((*path, *error.path), error.message, error.hint)]
            else:
                if any(known.name == source.name for known in sources):
                    found = [Fault((*path, "name"), f"another source is called {source.name!r}", "name it otherwise")]
                else:
                    sources.append(source)
        faults += found
    return tuple(sources), faults


class _BadOption(Exception):  # noqa: N818 (never leaves this module)
    def __init__(self, path: tuple[str, ...], message: str, hint: str | None = None) -> None:
        self.path, self.message, self.hint = path, message, hint


def _faults_of(item: Any, path: tuple[str | int, ...]) -> Iterator[Fault]:
    if not isinstance(item, dict):
        yield Fault(path, "must be a mapping", "write the service and what it is asked: 'arxiv: {query: ...}'")
        return
    services = [key for key in item if key in SERVICES]
    for key in item:
        if key not in SERVICES and key not in _Common.__struct_fields__:
            yield Fault(
                (*path, str(key)), "unknown setting", did_you_mean(str(key), [*_Common.__struct_fields__, *SERVICES])
            )
    if len(services) > 1:
        yield Fault((*path, services[1]), f"one source asks one service, and {services[0]!r} is one already")
    elif not services and not any(key not in _Common.__struct_fields__ for key in item):
        yield Fault(path, "names no service", f"one of {', '.join(SERVICES)}")


def _source(item: dict[str, Any], taken: set[str]) -> Source:
    service = next(key for key in item if key in SERVICES)
    try:
        common = msgspec.convert({key: value for key, value in item.items() if key != service}, _Common)
    except msgspec.ValidationError as error:
        key, message = fault_of(error)
        raise _BadOption((key or "",), message) from None
    if common.endpoint:
        _check_address(common.endpoint, ("endpoint",))
    options = _options(service, item[service])
    name = " ".join(common.name.split()) or _name_of(service, options, taken)
    return Source(
        name=name,
        service=service,
        options=options,
        endpoint=common.endpoint.rstrip("/"),
        set=common.set,
        topics=common.topics,
        enabled=common.enabled,
        pause=common.pause,
    )


def _options(service: str, given: Any) -> Options:
    kind = SERVICES[service]
    first = kind.__struct_fields__[0]
    if given is None:
        given = {}
    elif not isinstance(given, dict):
        given = {first: given}
    for key in given:
        if key not in kind.__struct_fields__:
            raise _BadOption((service, str(key)), "unknown setting", did_you_mean(str(key), kind.__struct_fields__))
    lists = {field.name for field in msgspec.structs.fields(kind) if "tuple" in str(field.type)}
    given = {key: [value] if key in lists and isinstance(value, str) else value for key, value in given.items()}
    try:
        options = msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        key, message = fault_of(error)
        raise _BadOption((service, *(key or "").split(".")), message) from None
    if wanted := _ONE_OF.get(service):
        said = [name for name in wanted if getattr(options, name)]
        if not said:
            raise _BadOption((service,), f"says nothing to ask for (give {' or '.join(wanted)})")
    if isinstance(options, ZoteroOptions) and options.group and options.user:
        raise _BadOption((service, "user"), "give a group or a user, not both")
    if isinstance(options, (FeedOptions, UrlOptions)):
        _check_address(options.url, (service,))
    return options


def _check_address(address: str, path: tuple[str, ...]) -> None:
    if not re.fullmatch(r"https?://[^\s/?#@]+([/?#]\S*)?", address):
        hint = "write it as 'https://example.org/list.md'; a key belongs into the environment"
        raise _BadOption(path, f"not a web address: {address!r}", hint)


def _name_of(service: str, options: Options, taken: set[str]) -> str:
    """The service's name, or an address' last part, with a number where it is taken."""
    name = service
    if isinstance(options, (FeedOptions, UrlOptions)):
        parts = urlsplit(options.url)
        stem = parts.path.rstrip("/").rpartition("/")[2].partition(".")[0]
        name = " ".join(filter(None, (parts.hostname, stem)))
    elif isinstance(options, OpenReviewOptions):
        name = options.venue
    number = 1
    candidate = name
    while candidate in taken:
        number += 1
        candidate = f"{name} {number}"
    return candidate
