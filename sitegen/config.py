"""``sitegen.yaml`` -> ``Config``. Every setting, its type, its default and its meaning are on this page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import yaml
from msgspec import Meta

from sitegen.config_sources import Source, parse_sources
from sitegen.errors import ContentError, Problem, did_you_mean, fault_of, yaml_hint

CONFIG_NAME = "sitegen.yaml"
Positive = Annotated[int, Meta(ge=1)]
Count = Annotated[int, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0)]


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all settings have in common."""


class MenuItem(_Section, frozen=True, kw_only=True):
    """One entry of the menu: ``url`` is absolute, or relative to the site's root without a leading slash."""

    label: str
    url: str


class ThemeConfig(_Section, frozen=True, kw_only=True):
    """``name``: a folder under the site's ``themes/`` or a theme that comes with sitegen.
    ``options``: whatever that theme's ``theme.yaml`` declares."""

    name: str = "default"
    options: dict[str, Any] = {}


class TrendingConfig(_Section, frozen=True, kw_only=True):
    """Score of a paper = votes * 0.5 ** (age in days / half_life_days); age counts from the newest date in
    the collection, never from the clock. ``count``: how many papers ``/trending/`` shows."""

    half_life_days: Annotated[float, Meta(gt=0)] = 14.0
    count: Positive = 100


class RelatedConfig(_Section, frozen=True, kw_only=True):
    """``count``: similar papers on each paper page; 0 leaves them out."""

    count: Annotated[int, Meta(ge=0, le=10)] = 5


class SearchConfig(_Section, frozen=True, kw_only=True):
    """``enabled``: build the index and the search page.
    ``boosts``: weight of each field in Lunr's score. ``k1``, ``b``: Lunr's BM25 parameters.
    ``lunr_json_max_papers``: up to this many papers ``search/lunr.json`` is written too."""

    enabled: bool = True
    boosts: dict[Literal["title", "authors", "tags", "topics", "venue", "abstract"], float] = {}
    k1: Share = 1.2
    b: Annotated[float, Meta(ge=0, le=1)] = 0.75
    lunr_json_max_papers: Count = 2000


class FeedsConfig(_Section, frozen=True, kw_only=True):
    """``formats`` under every list named in ``kinds`` and for the site; ``limit``: entries in the site's own feeds;
    ``term_limit``: in each of the others, of which there are hundreds;
    ``max_terms``: a kind with more terms than this has no feeds (30,000 authors would be 90,000 files);
    ``archive``: RFC 5005 archive pages for what the limit leaves out of the site's own Atom feed."""

    formats: tuple[Literal["rss", "atom", "json"], ...] = ("rss", "atom", "json")
    kinds: tuple[Literal["topics", "tags", "authors", "venues"], ...] = (
        "topics",
        "tags",
        "authors",
        "venues",
    )
    limit: Positive = 50
    term_limit: Positive = 20
    max_terms: Count = 2000
    archive: bool = True


class ListsConfig(_Section, frozen=True, kw_only=True):
    """Which lists are built. ``per_page``: papers on one page of a list."""

    per_page: Positive = 50
    kinds: tuple[Literal["topics", "tags", "authors", "venues"], ...] = (
        "topics",
        "tags",
        "authors",
        "venues",
    )
    days: bool = True
    weeks: bool = True
    months: bool = True
    years: bool = True
    trending: bool = True


class PagesConfig(_Section, frozen=True, kw_only=True):
    """``twins_max_papers``: up to this many papers each paper page has ``index.md`` and ``index.json``
    beside it. ``home_days``: newest days on the home page. The rest: whether that page is built."""

    twins_max_papers: Count = 5000
    home_days: Positive = 7
    stats: bool = True
    reading_list: bool = True
    subscribe: bool = True


class MathConfig(_Section, frozen=True, kw_only=True):
    r"""``macros``: commands that formulas may use, by name and without a backslash: ``eps: \varepsilon``,
    ``norm: \lVert #1 \rVert``."""

    macros: dict[Annotated[str, Meta(pattern="^[A-Za-z]{1,40}$")], Annotated[str, Meta(max_length=500)]] = {}


class NewsletterConfig(_Section, frozen=True, kw_only=True):
    """The digest by mail. ``sender``: 'Papers <papers@example.org>'. ``unsubscribe``: where a reader leaves, a web
    address or mailto:, with ``{recipient}`` for theirs. ``limit``: papers in one message.
    ``smtp_host``, ``smtp_port``, ``smtp_security``: the server; its user and password come from the environment."""

    sender: str = ""
    unsubscribe: str = ""
    limit: Positive = 50
    smtp_host: str = ""
    smtp_port: Annotated[int, Meta(ge=0, le=65535)] = 0
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"


class BibtexConfig(_Section, frozen=True, kw_only=True):
    """How bibliographies are read.

    ``macros``: name -> text, as ``@string`` defines them, also for a journal that is given as ``\\name``.
    """

    macros: dict[str, str] = {}


class Config(_Section, frozen=True, kw_only=True):
    """A site's settings.

    Attributes:
        title, description: of the whole site. ``author``: who publishes it (feeds, metadata).
        base_url: where the site will live, ``https://me.github.io/papers/``; used only where an absolute
            address is needed (feeds, sitemap, canonical links).
        language: BCP 47 tag; the theme's words and dates follow it.
        output: the folder that is published. ``content``: the folder of sources.
        footer: Markdown at the foot of every page.
        headers: write ``_headers`` (security and caching rules) for hosts that read it.
        contact: an e-mail address or web page at which services that are asked for papers reach whoever runs this.
        sources: what ``sitegen fetch`` asks (see ``config_sources``).
    """

    title: str = "Papers"
    description: str = ""
    author: str = ""
    base_url: str = "http://127.0.0.1:8000/"
    language: str = "en"
    output: str = "public"
    content: str = "content"
    footer: str = ""
    menu: tuple[MenuItem, ...] = ()
    theme: ThemeConfig = ThemeConfig()
    lists: ListsConfig = ListsConfig()
    pages: PagesConfig = PagesConfig()
    trending: TrendingConfig = TrendingConfig()
    related: RelatedConfig = RelatedConfig()
    search: SearchConfig = SearchConfig()
    feeds: FeedsConfig = FeedsConfig()
    bibtex: BibtexConfig = BibtexConfig()
    math: MathConfig = MathConfig()
    headers: bool = True
    newsletter: NewsletterConfig = NewsletterConfig()
    contact: str = ""
    sources: tuple[Source, ...] = ()


_SECTIONS: dict[str, type[msgspec.Struct]] = {
    "theme": ThemeConfig,
    "lists": ListsConfig,
    "pages": PagesConfig,
    "trending": TrendingConfig,
    "related": RelatedConfig,
    "search": SearchConfig,
    "feeds": FeedsConfig,
    "math": MathConfig,
    "newsletter": NewsletterConfig,
}


def load_config(file: Path, *, base_url: str | None = None, output: str | None = None) -> Config:
    """Read and validate a configuration file; the two options stand for the command line's.

    Raises:
        ContentError: with every fault, by line; of the values in one section, the first that is wrong.
    """
    text = _read(file)
    try:
        data = yaml.load(text, Loader=_loader()) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error) or "cannot be read"
        line = mark.line + 1 if mark else None
        raise _fault(file, f"not valid YAML: {what}", hint=yaml_hint(what), line=line) from None
    if not isinstance(data, dict):
        raise _fault(file, "must be a mapping of settings", hint="write lines such as 'title: My papers'")
    overrides = {"base_url": base_url, "output": output}
    data |= {key: value for key, value in overrides.items() if value is not None}
    problems = [*_unknown_keys(file, text, data)]
    values: dict[str, Any] = {}
    if "sources" in data:
        values["sources"], faults = parse_sources(data["sources"])
        lines = _Lines(text)
        for fault in faults:
            field = ".".join(map(str, fault.path)).rstrip(".")
            problems.append(_problem(file, fault.message, field, fault.hint, lines.at(fault.path)))
    for name in data.keys() & {field.name for field in msgspec.structs.fields(Config)} - {"sources"}:
        try:
            values[name] = getattr(msgspec.convert({name: _known_part(name, data[name])}, Config), name)
        except msgspec.ValidationError as error:
            key, message = fault_of(error)
            problems.append(_problem(file, message, key, None, _line_of(text, key or "")))
    if "base_url" in values:
        if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", values["base_url"]):
            message, hint = f"not a web address: {values['base_url']!r}", "write it as 'https://example.org/papers/'"
            problems.append(_problem(file, message, "base_url", hint, _line_of(text, "base_url")))
        values["base_url"] = values["base_url"].rstrip("/") + "/"
    if problems:
        raise ContentError(sorted(problems, key=lambda problem: (problem.line or 0, problem.field or "")))
    return Config(**values)


def _loader() -> type[yaml.SafeLoader]:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise _fault(file, "no such file", hint="run 'sitegen new DIR', or name one with --config") from None
    except UnicodeDecodeError:
        raise _fault(file, "not UTF-8 text", hint="save the file as UTF-8") from None
    except OSError as error:
        raise _fault(file, f"cannot be read: {error.strerror}") from None


def _unknown_keys(file: Path, text: str, data: dict[str, Any]) -> list[Problem]:
    mappings: list[tuple[str, dict[str, Any], type[msgspec.Struct]]] = [("", data, Config)]
    mappings += [(f"{name}.", data[name], kind) for name, kind in _SECTIONS.items() if isinstance(data.get(name), dict)]
    found = []
    for prefix, mapping, kind in mappings:
        known = [field.name for field in msgspec.structs.fields(kind)]
        for key in map(str, mapping):
            if key not in known:
                hint = did_you_mean(key, known)
                found.append(_problem(file, "unknown setting", f"{prefix}{key}", hint, _line_of(text, key)))
    return found


def _known_part(name: str, given: Any) -> Any:
    """A setting without the keys that are told as unknown."""
    kind = _SECTIONS.get(name)
    if kind is None or not isinstance(given, dict):
        return given
    known = {field.name for field in msgspec.structs.fields(kind)}
    return {key: value for key, value in given.items() if key in known}


def setting_problem(root: Path, key: str, message: str, hint: str | None = None) -> Problem:
    """A fault in a setting of the site in ``root`` that came to light only after the settings were read."""
    try:
        line = _line_of((root / CONFIG_NAME).read_text(encoding="utf-8-sig"), key)
    except (OSError, UnicodeDecodeError):
        line = None
    return Problem(source=CONFIG_NAME, line=line, field=key, message=message, hint=hint)


class _Lines:
    """Where each value of a YAML text stands; the text is known to be valid."""

    def __init__(self, text: str) -> None:
        self._root = yaml.compose(text, Loader=_loader())

    def at(self, path: Iterable[str | int]) -> int | None:
        """The line from 1 of a value, or of the nearest one around it."""
        node: yaml.Node | None = self._root
        line = None
        for step in path:
            if isinstance(node, yaml.MappingNode):
                found = next(((key, value) for key, value in node.value if key.value == step), None)
                if found is None:
                    break
                line, node = found[0].start_mark.line + 1, found[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
            else:
                break
        return line


def _line_of(text: str, dotted_key: str) -> int | None:
    """The line of a setting, or of the nearest section around it that has one of its own."""
    lines = text.splitlines()
    for key in reversed(re.split(r"[.\[]", dotted_key)):
        pattern = re.compile(rf"^\s*[\"']?{re.escape(key)}[\"']?\s*:")
        found = next((number for number, line in enumerate(lines, 1) if key and pattern.match(line)), None)
        if found is not None:
            return found
    return None


def _problem(file: Path, message: str, field: str | None, hint: str | None, line: int | None) -> Problem:
    return Problem(source=file.name, line=line, field=field, message=message, hint=hint)


def _fault(
    file: Path, message: str, *, field: str | None = None, hint: str | None = None, line: int | None = None
) -> ContentError:
    return ContentError([_problem(file, message, field, hint, line)])
