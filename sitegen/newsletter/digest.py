"""What an e-mail of a day, week or month of a collection says, as HTML and as plain text.

Mail services cut messages off at 102 kB, so a digest tells of so many papers as fit, and of the rest by a link.
"""

from __future__ import annotations

import datetime
import quopri
import re
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import css_inline
import jinja2
import msgspec

from sitegen.errors import UsageError, did_you_mean
from sitegen.model import Date, Period, Site, Term
from sitegen.render.list_items import ListItems
from sitegen.render.output import RenderEnv
from sitegen.render.pages.periods import period_label
from sitegen.text import markdown
from sitegen.urls import absolute, week_url

PeriodKind = Literal["day", "week", "month"]
# Of the two forms together; what is left to 100 kB is for the head.
LARGEST_BYTES = 97_000
MOST_PAPERS = 50
_TEMPLATE = Path(__file__).with_name("digest.html")
_SUMMARY_CHARACTERS = 320
_TITLE_CHARACTERS = 300
_WIDTH = 72


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One paper: plain texts, and the absolute address of its page. ``facts``: date, venue and votes."""

    title: str
    url: str
    authors: str
    facts: str
    summary: str


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """A period as ``text`` and ``html``, and what a message of it says in its head.

    Attributes:
        name: of the period, ``2025-W44``, ``2025-10-29`` or ``2025-10``, with ``/`` and the chosen topics.
        ends: the day after its last.
        url: the page with all its papers. ``home``: the site's.
        papers: how many it has; ``told``: of how many the message tells.
    """

    name: str
    subject: str
    ends: Date
    url: str
    home: str
    papers: int
    told: int
    text: str
    html: str


def digest(
    site: Site,
    env: RenderEnv,
    week: str | None = None,
    *,
    kind: PeriodKind = "week",
    on: Date | None = None,
    before: Date | None = None,
    topics: Sequence[str] = (),
    limit: int = MOST_PAPERS,
) -> Digest:
    """The digest of the newest period that has papers, or of another one; most voted papers first.

    Args:
        week: this week, ``2025-W44``. ``on``: the period with this day. ``before``: the newest over by this day.
        topics: only papers with one of these, by label or slug.
        limit: tell of no more papers than this.

    Raises:
        UsageError: when there is no such period or topic, or it has no papers.
    """
    wanted = _topics(site, topics)
    period = _period(site, week, kind, on, before, wanted)
    chosen = _of_topics(site, period.papers, wanted)
    best_first = sorted(chosen, key=lambda position: -(site.papers[position].upvotes or 0))
    url = absolute(env.config.base_url, _url(env, period, wanted))
    # The size grows evenly with the papers, so a few steps suffice.
    told = min(limit, len(best_first))
    items = _items(site, env, best_first[:told])
    while True:
        made = _made(env, period, wanted, items[:told], len(best_first), url)
        size = sent_bytes(made.html) + sent_bytes(made.text)
        if size <= LARGEST_BYTES or told <= 1:
            return made
        told = max(1, min(told - 1, told * LARGEST_BYTES // size))


def _made(
    env: RenderEnv, period: Period, topics: Sequence[Term], items: Sequence[Item], papers: int, url: str
) -> Digest:
    language, config = env.language, env.config
    about = ", ".join(topic.label for topic in topics)
    span = period_label(env, period)
    heading = f"{_heading(env, period)}: {language.count('papers', papers)}"
    heading = f"{about} – {heading}" if about else heading
    rest = language.count("more", papers - len(items)) if papers > len(items) else ""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    page = environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        title=config.title,
        heading=heading,
        span=span if period.kind == "week" else "",
        items=items,
        rest=rest,
        url=url,
        home=config.base_url,
        language=config.language,
        direction=language.direction,
    )
    return Digest(
        name="/".join([name_of(period), *(topic.slug for topic in topics)]),
        subject=" ".join(f"{config.title} – {heading}".split()),
        ends=_end(period),
        url=url,
        home=config.base_url,
        papers=papers,
        told=len(items),
        text=_text(f"{config.title}\n{heading}", items, rest, url),
        html=_inliner.inline(page).rstrip() + "\n",
    )


# Mail programs drop style sheets; those that do not keep the one for dark screens, which is marked to stay.
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=False)


def transfer_encoding(text: str) -> str:
    """Quoted-printable for text that is mostly ASCII; it would make three bytes of each byte of Japanese."""
    encoded = text.encode()
    return "quoted-printable" if sum(byte > 127 for byte in encoded) * 6 < len(encoded) else "base64"


def sent_bytes(text: str) -> int:
    """How many bytes of a message the text takes, in lines as they are sent."""
    encoded = text.encode()
    if transfer_encoding(text) == "base64":
        return len(encoded) * 4 // 3 * 78 // 76 + 2
    return len(quopri.encodestring(encoded)) + encoded.count(b"\n")


def name_of(period: Period) -> str:
    """``2025-10-29``, ``2025-W44`` or ``2025-10``."""
    if period.kind == "week":
        year, number, _ = period.start.isocalendar()
        return f"{year:04}-W{number:02}"
    return period.start.isoformat()[: 7 if period.kind == "month" else 10]


def _end(period: Period) -> Date:
    if period.kind == "month":
        return (period.start.replace(day=28) + datetime.timedelta(4)).replace(day=1)
    return period.start + datetime.timedelta(7 if period.kind == "week" else 1)


def _heading(env: RenderEnv, period: Period) -> str:
    if period.kind == "week":
        year, number, _ = period.start.isocalendar()
        return env.language.translate("week_of", week=number, year=year)
    return period_label(env, period)


def _url(env: RenderEnv, period: Period, topics: Sequence[Term]) -> str:
    if len(topics) == 1 and "topics" in env.config.lists.kinds:
        return f"topics/{topics[0].slug}/"
    shown = {"day": env.config.lists.days, "week": env.config.lists.weeks, "month": env.config.lists.months}
    return period.url if shown[period.kind] else ""


def _topics(site: Site, names: Sequence[str]) -> list[Term]:
    terms = site.terms["topics"]
    found = []
    for name in names:
        folded = name.casefold()
        term = next((term for term in terms if folded in (term.label.casefold(), term.slug)), None)
        if term is None:
            raise UsageError(f"no topic is called {name!r} ({did_you_mean(name, [term.label for term in terms])})")
        found.append(term)
    return found


def _of_topics(site: Site, papers: Sequence[int], topics: Sequence[Term]) -> list[int]:
    inside = {position for topic in topics for position in topic.papers}
    return [position for position in papers if not topics or position in inside]


def _period(
    site: Site, week: str | None, kind: PeriodKind, on: Date | None, before: Date | None, topics: Sequence[Term]
) -> Period:
    periods = {"day": site.days, "week": site.weeks, "month": site.months}["week" if week else kind]
    if not periods:
        raise UsageError(f"no paper has a date, so there is no {kind} to tell of")
    if week is not None:
        url = _week(week)
        period = next((period for period in periods if period.url == url), None)
    elif on is not None:
        period = next((period for period in periods if period.start <= on < _end(period)), None)
    else:
        over = [period for period in periods if before is None or _end(period) <= before]
        period = next((period for period in over if _of_topics(site, period.papers, topics)), None)
    if period is None or not _of_topics(site, period.papers, topics):
        asked = week or (f"the {kind} of {on.isoformat()}" if on else f"any {kind}")
        raise UsageError(f"no paper in {asked} (the newest {kind} with papers is {name_of(periods[0])})")
    return period


def _week(week: str) -> str:
    found = re.fullmatch(r"(\d{4})-?W(\d{1,2})", week, re.IGNORECASE)
    try:
        if found is None:
            raise ValueError
        return week_url(Date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except ValueError:
        raise UsageError(f"not a week: {week!r} (write it as 2025-W44)") from None


def _items(site: Site, env: RenderEnv, positions: Sequence[int]) -> list[Item]:
    list_items = ListItems(site, env)
    items = []
    for position in positions:
        paper, entry = site.papers[position], list_items.entry(position)
        names = ", ".join(author.label for author in entry.authors)
        items.append(
            Item(
                title=textwrap.shorten(markdown.plain_title(paper.title), _TITLE_CHARACTERS, placeholder="…"),
                url=absolute(env.config.base_url, entry.url),
                authors=" ".join(part for part in (names, entry.more_authors) if part),
                facts=" · ".join(
                    part for part in (entry.date, entry.venue.label if entry.venue else "", entry.votes) if part
                ),
                summary=markdown.summary(paper.abstract, _SUMMARY_CHARACTERS) if paper.abstract else "",
            )
        )
    return items


def _text(heading: str, items: Sequence[Item], rest: str, url: str) -> str:
    blocks = [heading]
    for item in items:
        lines = [_wrapped(line) for line in (item.title, item.authors, item.facts, item.summary) if line]
        blocks.append("\n".join([*lines, item.url]))
    if rest:
        blocks.append(f"{rest}: {url}")
    # "-- " and a line break begin what mail programs know as a signature.
    return "\n\n".join(blocks) + f"\n\n-- \n{url}\n"


def _wrapped(line: str) -> str:
    return textwrap.fill(line, _WIDTH, break_long_words=False, break_on_hyphens=False)
