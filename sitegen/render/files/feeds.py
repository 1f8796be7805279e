"""Feeds of the site and of its topics, tags, authors and venues; archives of the site's; OPML of them all.

A feed holds the newest papers of its list. What the limit leaves out of the site's own Atom feed stands in
archives (RFC 5005) that count from the oldest paper, so that a new paper leaves the full ones as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.model import Site, Term
from sitegen.render import feeds
from sitegen.render.feeds import FILES, Channel, Entry, Format
from sitegen.render.layout import Layout
from sitegen.render.output import Arguments, OutputKind, PageSpec, RenderEnv
from sitegen.render.paper_links import links_of
from sitegen.text import markdown
from sitegen.urls import absolute

OPML = "feeds.opml"
# Entries that a process keeps for the next feed that has them, and for the next format of the same feed.
_KEPT, _KEPT_PLAIN = 4000, 400


class Entries:
    """Each paper's entry in each format, written once for all feeds that hold it; see ``RenderEnv.memoize``."""

    def __init__(self, site: Site, env: RenderEnv) -> None:
        self._site = site
        self._env = env
        self._written: dict[Format, dict[int, str]] = {name: {} for name in FILES}
        self._entries: dict[int, Entry] = {}

    def text(self, position: int, form: Format) -> str:
        """The paper at ``position`` in the given format."""
        written = self._written[form]
        text = written.get(position)
        if text is None:
            if len(written) >= _KEPT:
                written.clear()
            text = written[position] = feeds.ENTRY_WRITERS[form](self._entry(position))
        return text

    def _entry(self, position: int) -> Entry:
        entry = self._entries.get(position)
        if entry is None:
            if len(self._entries) >= _KEPT_PLAIN:
                self._entries.clear()
            entry = self._entries[position] = self._make(position)
        return entry

    def _make(self, position: int) -> Entry:
        site, base_url, translate = self._site, self._env.config.base_url, self._env.language.translate
        paper, own, terms = site.papers[position], site.membership[position], site.terms
        labels = [terms["topics"][i].label for i in own.topics] + [terms["tags"][i].label for i in own.tags]
        notice = ""
        if paper.notice:
            text = markdown.plain(paper.notice.text)
            notice = translate(f"notice_{paper.notice.kind}") + (f": {text}" if text else "")
        return feeds.entry_of(
            paper,
            absolute(base_url, f"papers/{site.slugs[position]}/"),
            root=base_url,
            categories=tuple(dict.fromkeys(labels)),
            links=[
                feeds.Link(translate(f"link_{kind}"), url if ":" in url else absolute(base_url, url))
                for kind, url in links_of(paper)
            ],
            notice=notice,
        )


def archive_url(number: int) -> str:
    """Archive ``number`` of the site's Atom feed, from 1, the oldest papers first."""
    return f"feeds/{number}/{FILES['atom']}"


def _plan(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    config, formats = env.config.feeds, env.config.feeds.formats
    newest = b"".join(site.digests[: config.limit])
    archives = _archives(site, env)
    for form in formats:
        yield PageSpec(FILES[form], (form,), (newest, archives if form == "atom" else 0), "feeds of the site")
    for kind in env.memoize(site, Layout).feed_kinds:
        for position, term in enumerate(site.terms[kind]):
            shown = b"".join([site.digests[i] for i in term.papers[: config.term_limit]])
            depends = (term.label, term.description, shown)
            for form in formats:
                yield PageSpec(f"{kind}/{term.slug}/{FILES[form]}", (form, kind, position), depends, f"feeds of {kind}")


def _render(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    form: Format = args[0]  # type: ignore[assignment]
    config = env.config
    if len(args) == 1:
        papers = tuple(range(min(config.feeds.limit, len(site.papers))))
        archives = _archives(site, env) if form == "atom" else 0
        channel = _channel(env, "", form, config.title, config.description, previous=archives)
    else:
        term = site.terms[args[1]][int(args[2])]  # type: ignore[index]
        papers = term.papers[: config.feeds.term_limit]
        description = markdown.summary(term.description, 300) if term.description else ""
        channel = _channel(env, url_of(term), form, f"{term.label} · {config.title}", description)
    return _document(site, env, form, channel, papers)


def _document(site: Site, env: RenderEnv, form: Format, channel: Channel, papers: tuple[int, ...]) -> bytes:
    entries = env.memoize(site, Entries)
    updated = max((date for i in papers if (date := feeds.updated_of(site.papers[i]))), default=None)
    return feeds.WRITERS[form](channel, [entries.text(i, form) for i in papers], updated).encode()


def url_of(term: Term) -> str:
    return f"{term.kind}/{term.slug}/"


def _channel(
    env: RenderEnv, url: str, form: Format, title: str, description: str, *, previous: int = 0, following: int = 0
) -> Channel:
    config = env.config
    return Channel(
        title=title,
        description=description,
        url=absolute(config.base_url, url + FILES[form]),
        home=absolute(config.base_url, url),
        author=config.author or config.title,
        language=config.language,
        previous=absolute(config.base_url, archive_url(previous)) if previous else "",
        next=absolute(config.base_url, archive_url(following)) if following else "",
    )


# Archives


def _archives(site: Site, env: RenderEnv) -> int:
    """How many full archives the site's Atom feed has; none while everything fits into the feed."""
    config, count = env.config.feeds, len(site.papers)
    return count // config.limit if config.archive and "atom" in config.formats and count > config.limit else 0


def _archived(site: Site, env: RenderEnv, number: int) -> range:
    """Positions in an archive, newest first."""
    count, limit = len(site.papers), env.config.feeds.limit
    return range(count - number * limit, count - (number - 1) * limit)


def _plan_archives(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    last = _archives(site, env)
    for number in range(1, last + 1):
        shown = _archived(site, env, number)
        digests = b"".join(site.digests[shown.start : shown.stop])
        yield PageSpec(archive_url(number), (number,), (digests, number < last), "archives of the site's feed")


def _render_archive(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    number, config = int(args[0]), env.config
    following = number + 1 if number < _archives(site, env) else 0
    channel = Channel(
        title=f"{config.title} ({number})",
        description=config.description,
        url=absolute(config.base_url, archive_url(number)),
        home=config.base_url,
        author=config.author or config.title,
        language=config.language,
        current=absolute(config.base_url, FILES["atom"]),
        previous=absolute(config.base_url, archive_url(number - 1)) if number > 1 else "",
        next=absolute(config.base_url, archive_url(following)) if following else "",
    )
    return _document(site, env, "atom", channel, tuple(_archived(site, env, number)))


# OPML


def listed_format(env: RenderEnv) -> Format | None:
    """The format in which feed readers shall subscribe to a list of feeds."""
    return next((form for form in ("atom", "rss") if form in env.config.feeds.formats), None)


def _plan_opml(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    if listed_format(env):
        named = [
            f"{term.label}\0{url_of(term)}"
            for kind in env.memoize(site, Layout).feed_kinds
            for term in site.terms[kind]
        ]
        yield PageSpec(OPML, (), tuple(named), "list of feeds")


def _render_opml(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    config, form = env.config, listed_format(env)
    assert form is not None

    def outline(title: str, url: str) -> tuple[str, str, str]:
        return title, absolute(config.base_url, url + FILES[form]), absolute(config.base_url, url)

    by_kind = [
        (env.language.translate(kind), [outline(term.label, url_of(term)) for term in site.terms[kind]])
        for kind in env.memoize(site, Layout).feed_kinds
    ]
    return feeds.opml(config.title, [("", [outline(config.title, "")]), *by_kind]).encode()


KINDS = (
    OutputKind("feed", _plan, _render, batch_key="feed entries"),
    OutputKind("feed-archive", _plan_archives, _render_archive, batch_key="feed entries"),
    OutputKind("opml", _plan_opml, _render_opml),
)
