"""RSS 2.0, Atom and JSON Feed: entries and documents as text.

Sources: RSS 2.0 (rssboard.org), Atom (RFC 4287), JSON Feed 1.1, archived feeds (RFC 5005), dates after RFC 822 and
RFC 3339. Everything comes from the collection: a feed says nothing of when it was made.
"""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal

import msgspec

from sitegen.content.characters import NOT_TEXT, is_plain
from sitegen.model import Date, Paper, PartialDate
from sitegen.text import markdown

Format = Literal["rss", "atom", "json"]
FILES: dict[Format, str] = {"rss": "rss.xml", "atom": "atom.xml", "json": "feed.json"}
MEDIA_TYPES: dict[Format, str] = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}
NAMES: dict[Format, str] = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}
NOT_KNOWN = PartialDate(1)
"""Atom's ``updated`` must be there. Of a paper without any date it is the first year that the format can hold, which
no reader can take for a real one."""

_IDS = uuid.UUID("6e1b5b7e-6f0c-5f0e-9a44-6c1f5a0d3b52")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# Nearly all names, labels and addresses: nothing in them needs a closer look.
_AS_IT_IS = re.compile(r"[A-Za-z0-9 .,:;/()_-]*")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Link(msgspec.Struct, frozen=True):
    """A place that belongs to a paper: "PDF" and its absolute address."""

    label: str
    url: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A paper as feeds tell it.

    Attributes:
        id: the same for life, whatever becomes of title, slug and site address.
        title: plain text. ``url``: absolute. ``content``: HTML with absolute links, the full text.
        published, updated: as exact as they are known; ``updated`` is the newest date that is known of the paper.
        external: the paper's own home elsewhere, or empty.
    """

    id: str
    title: str
    url: str
    external: str
    content: str
    published: PartialDate | None
    updated: PartialDate | None
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    language: str


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """What a feed says of itself; all urls absolute.

    Attributes:
        url: of the feed in this format. ``home``: of the page whose papers it holds.
        author: whoever stands for entries without authors.
        current: of the feed that an archive belongs to; empty unless this is an archive.
        previous, next: archives with older and newer entries, or empty.
    """

    title: str
    description: str
    url: str
    home: str
    author: str
    language: str
    current: str = ""
    previous: str = ""
    next: str = ""


def entry_id(paper: Paper) -> str:
    """``urn:uuid:...`` made from the paper's id alone (a version 5 UUID)."""
    return f"urn:uuid:{uuid.uuid5(_IDS, paper.id)}"


def updated_of(paper: Paper) -> PartialDate | None:
    """The newest date that is known of a paper."""
    if not paper.updated and not paper.featured_on:
        return paper.date
    featured = map(PartialDate.of_day, paper.featured_on)
    return max((date for date in (paper.date, paper.updated, *featured) if date), default=None)


def entry_of(
    paper: Paper,
    url: str,
    *,
    root: str,
    categories: tuple[str, ...] = (),
    links: Iterable[Link] = (),
    notice: str = "",
) -> Entry:
    """A paper as an entry.

    Args:
        url: its page. ``root``: the site's address, for links in its text.
        links: what stands below the text. ``notice``: "Retracted" and such, above it.
    """
    warning = f"<p><strong>{html.escape(notice)}</strong></p>\n" if notice else ""
    text = [markdown.html(part, root=root, math="words") for part in (paper.abstract, paper.notes) if part]
    below = " · ".join(f'<a href="{html.escape(link.url)}">{html.escape(link.label)}</a>' for link in links)
    return Entry(
        id=entry_id(paper),
        title=markdown.plain_title(paper.title),
        url=url,
        external=f"https://doi.org/{paper.doi}" if paper.doi else "",
        content=warning + "\n".join(text) + (f"\n<p>{below}</p>" if below else ""),
        published=paper.date,
        updated=updated_of(paper),
        authors=tuple([author.name for author in paper.authors]),
        categories=categories,
        language=paper.language or "",
    )


def rfc822(day: Date) -> str:
    """``Thu, 09 Oct 2025 00:00:00 +0000``, whatever the locale."""
    return f"{_DAYS[day.weekday()]}, {day.day:02} {_MONTHS[day.month - 1]} {day.year:04} 00:00:00 +0000"


def rfc3339(date: PartialDate | None) -> str:
    """``2025-10-09T00:00:00Z``: the first instant of what is known; where nothing is, of the first year there is."""
    return f"{(date or NOT_KNOWN).first_day().isoformat()}T00:00:00Z"


def _is_day(date: PartialDate | None) -> bool:
    return date is not None and date.day_known


def rss_item(entry: Entry) -> str:
    """One ``<item>``."""
    # The format has no place for less than a day.
    day = entry.published and entry.published.whole_day()
    date = f"<pubDate>{rfc822(day)}</pubDate>\n" if day else ""
    return (
        f"<item>\n<title>{_xml(entry.title)}</title>\n<link>{_xml(entry.url)}</link>\n"
        f'<guid isPermaLink="false">{entry.id}</guid>\n{date}'
        + "".join([f"<dc:creator>{_label(name)}</dc:creator>\n" for name in entry.authors])
        + "".join([f"<category>{_label(name)}</category>\n" for name in entry.categories])
        + f"<description>{_xml(entry.content)}</description>\n</item>\n"
    )


def rss(channel: Channel, items: Iterable[str], updated: PartialDate | None) -> str:
    """An RSS 2.0 document. ``items``: from ``rss_item``; ``updated``: the newest date of its entries."""
    day = updated and updated.whole_day()
    date = f"<lastBuildDate>{rfc822(day)}</lastBuildDate>\n" if day else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f"<channel>\n<title>{_xml(channel.title)}</title>\n<link>{_xml(channel.home)}</link>\n"
        f"<description>{_xml(channel.description or channel.title)}</description>\n"
        f"<language>{_xml(channel.language)}</language>\n{date}"
        f'<atom:link rel="self" type="{MEDIA_TYPES["rss"]}" href="{_xml(channel.url)}"/>\n'
        + "".join(items)
        + "</channel>\n</rss>\n"
    )


def atom_entry(entry: Entry) -> str:
    """One ``<entry>``."""
    published = f"<published>{rfc3339(entry.published)}</published>\n" if _is_day(entry.published) else ""
    related = f'<link rel="related" href="{_xml(entry.external)}"/>\n' if entry.external else ""
    language = f' xml:lang="{_xml(entry.language)}"' if entry.language else ""
    return (
        f"<entry{language}>\n<id>{entry.id}</id>\n<title>{_xml(entry.title)}</title>\n"
        f'<link rel="alternate" type="text/html" href="{_xml(entry.url)}"/>\n{related}'
        f"<updated>{rfc3339(entry.updated)}</updated>\n{published}"
        + "".join([f"<author><name>{_label(name)}</name></author>\n" for name in entry.authors])
        + "".join([f'<category term="{_label(name)}"/>\n' for name in entry.categories])
        + f'<content type="html">{_xml(entry.content)}</content>\n</entry>\n'
    )


def atom(channel: Channel, entries: Iterable[str], updated: PartialDate | None) -> str:
    """An Atom document, with RFC 5005's links where it is, or has, an archive."""
    links = [("self", channel.url), ("alternate", channel.home)]
    links += [("current", channel.current), ("prev-archive", channel.previous), ("next-archive", channel.next)]
    types = {"self": MEDIA_TYPES["atom"], "alternate": "text/html"}
    history = ' xmlns:fh="http://purl.org/syndication/history/1.0"' if channel.current else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom"{history} xml:lang="{_xml(channel.language)}">\n'
        f"<id>{_xml(channel.url)}</id>\n<title>{_xml(channel.title)}</title>\n"
        + (f"<subtitle>{_xml(channel.description)}</subtitle>\n" if channel.description else "")
        + f"<updated>{rfc3339(updated)}</updated>\n<author><name>{_xml(channel.author)}</name></author>\n"
        + "".join(
            f'<link rel="{rel}" type="{types.get(rel, MEDIA_TYPES["atom"])}" href="{_xml(url)}"/>\n'
            for rel, url in links
            if url
        )
        + ("<fh:archive/>\n" if channel.current else "")
        + "".join(entries)
        + "</feed>\n"
    )


def json_item(entry: Entry) -> str:
    """One item of a JSON Feed."""
    item: dict[str, Any] = {
        "id": entry.id,
        "url": entry.url,
        "external_url": entry.external,
        "title": entry.title,
        "content_html": entry.content or html.escape(entry.title),
        "date_published": rfc3339(entry.published) if _is_day(entry.published) else None,
        "date_modified": rfc3339(entry.updated) if _is_day(entry.updated) else None,
        "authors": [{"name": name} for name in entry.authors],
        "tags": entry.categories,
        "language": entry.language,
    }
    return msgspec.json.encode({key: value for key, value in item.items() if value}).decode()


def json_feed(channel: Channel, items: Iterable[str], updated: PartialDate | None) -> str:
    """A JSON Feed 1.1 document; ``items`` from ``json_item``. The format has no place for ``updated``."""
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.home,
        "feed_url": channel.url,
        "description": channel.description,
        "language": channel.language,
        "authors": [{"name": channel.author}],
    }
    text = msgspec.json.encode({key: value for key, value in head.items() if value}).decode()
    return f'{text[:-1]},"items":[\n' + ",\n".join(items) + "\n]}\n"


def opml(title: str, groups: Iterable[tuple[str, Iterable[tuple[str, str, str]]]]) -> str:
    """OPML 2.0 of many feeds.

    Args:
        groups: ``(heading, [(title, feed's url, page's url), ...])``; a group without heading stands at the top.
    """
    body = []
    for heading, feeds in groups:
        lines = [
            f'<outline type="rss" text="{_xml(text)}" title="{_xml(text)}" '
            f'xmlUrl="{_xml(url)}" htmlUrl="{_xml(home)}"/>\n'
            for text, url, home in feeds
        ]
        if lines:
            body += [f'<outline text="{_xml(heading)}">\n', *lines, "</outline>\n"] if heading else lines
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<opml version="2.0">\n<head>\n<title>{_xml(title)}</title>\n</head>\n'
        f"<body>\n{''.join(body)}</body>\n</opml>\n"
    )


def _xml(text: str) -> str:
    """Text for an element or a quoted attribute; characters that XML does not allow are left out."""
    if _AS_IT_IS.fullmatch(text):
        return text
    if not is_plain(text):
        text = NOT_TEXT.sub("", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


# An author and a label stand on many papers.
_label = lru_cache(maxsize=16384)(_xml)

ENTRY_WRITERS = {"rss": rss_item, "atom": atom_entry, "json": json_item}
WRITERS = {"rss": rss, "atom": atom, "json": json_feed}
