"""What an e-mail of one week of a collection says, as HTML and as plain text."""

from __future__ import annotations

import datetime
import re
import textwrap
from pathlib import Path

import jinja2
import msgspec

from sitegen.errors import UsageError
from sitegen.model import Period, Site
from sitegen.render.list_items import ListItems
from sitegen.render.output import RenderEnv
from sitegen.text import markdown
from sitegen.urls import absolute, week_url

_TEMPLATE = Path(__file__).with_name("digest.html")
_SUMMARY_CHARACTERS = 320
_WIDTH = 72


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One paper: plain texts, and the absolute address of its page. ``facts``: date, venue and votes."""

    title: str
    url: str
    authors: str
    facts: str
    summary: str


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """A week as ``text`` and ``html``, and what a message of it says in its head.

    Attributes:
        week: ``2025-W44``. ``ends``: the day after its last.
        url: the week's page.
    """

    week: str
    subject: str
    ends: datetime.date
    url: str
    text: str
    html: str


def digest(site: Site, env: RenderEnv, week: str | None = None) -> Digest:
    """The digest of a week, ``2025-W44``, or of the newest one that has papers; most voted papers first.

    Raises:
        UsageError: when ``week`` is not one, or has no papers.
    """
    period = _period(site, week)
    language, base_url = env.language, env.config.base_url
    year, number, _ = period.start.isocalendar()
    items = _items(site, env, period)
    heading = f"{language.translate('week_of', week=number, year=year)}: {language.count('papers', len(items))}"
    url = absolute(base_url, period.url if env.config.lists.weeks else "")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    page = environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        title=env.config.title,
        heading=heading,
        span=language.week(period.start),
        items=items,
        url=url,
        home=base_url,
        language=env.config.language,
        direction=language.direction,
    )
    return Digest(
        week=f"{year:04}-W{number:02}",
        subject=" ".join(f"{env.config.title} – {heading}".split()),
        ends=period.start + datetime.timedelta(7),
        url=url,
        text=_text(f"{env.config.title}\n{heading}", items, url),
        html=page,
    )


def _period(site: Site, week: str | None) -> Period:
    if not site.weeks:
        raise UsageError("no paper has a date, so there is no week to tell of")
    if week is None:
        return site.weeks[0]
    found = re.fullmatch(r"(\d{4})-?W(\d{1,2})", week, re.IGNORECASE)
    try:
        if found is None:
            raise ValueError
        wanted = week_url(datetime.date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except ValueError:
        raise UsageError(f"not a week: {week!r} (write it as 2025-W44)") from None
    for period in site.weeks:
        if period.url == wanted:
            return period
    newest = site.weeks[0].url.replace("/", "-").rstrip("-")
    raise UsageError(f"no paper in {week} (the newest week with papers is {newest})")


def _items(site: Site, env: RenderEnv, period: Period) -> list[Item]:
    list_items = ListItems(site, env)
    best_first = sorted(period.papers, key=lambda position: -(site.papers[position].upvotes or 0))
    items = []
    for position in best_first:
        paper, entry = site.papers[position], list_items.entry(position)
        names = ", ".join(author.label for author in entry.authors)
        items.append(
            Item(
                title=markdown.plain_title(paper.title),
                url=absolute(env.config.base_url, entry.url),
                authors=" ".join(part for part in (names, entry.more_authors) if part),
                facts=" · ".join(
                    part for part in (entry.date, entry.venue.label if entry.venue else "", entry.votes) if part
                ),
                summary=markdown.summary(paper.abstract, _SUMMARY_CHARACTERS) if paper.abstract else "",
            )
        )
    return items


def _text(heading: str, items: list[Item], url: str) -> str:
    blocks = [heading]
    for item in items:
        lines = [_wrapped(line) for line in (item.title, item.authors, item.facts, item.summary) if line]
        blocks.append("\n".join([*lines, item.url]))
    # "-- " and a line break begin what mail programs know as a signature.
    return "\n\n".join(blocks) + f"\n\n-- \n{url}\n"


def _wrapped(line: str) -> str:
    return textwrap.fill(line, _WIDTH, break_long_words=False, break_on_hyphens=False)
