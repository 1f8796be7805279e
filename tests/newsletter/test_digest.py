from __future__ import annotations

import datetime
import email
import email.policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest
from site_maker import SiteMaker, paper

from sitegen.collection.read import read_site
from sitegen.config import load_config
from sitegen.errors import UsageError
from sitegen.newsletter.digest import Digest, digest
from sitegen.newsletter.message import message_of
from sitegen.render.output import RenderEnv
from sitegen.render.theme import Theme

PAPERS = {
    "content/papers/boats.md": paper(
        "Boats <b>& more</b> of $n^2$ folds",
        "They float, " + "and float again, " * 60 + "for ever.",
        authors="[Ada Example, Bo Sample, Cy Model, Di Pattern]",
        date="2025-10-28",
        upvotes=3,
        venue="Journal of Examples",
    ),
    "content/papers/planes.md": paper("Paper planes", date="2025-10-29", upvotes=9),
    "content/papers/hats.md": paper("Papierhüte 折り紙", "Sie passen.", date="2025-10-21"),
    "content/papers/undated.md": paper("Without a date"),
}


def made(make_site: SiteMaker, week: str | None = None, **given: Any) -> Digest:
    files = {name: given.pop(name) for name in [*given] if name.startswith("content/")}
    root = make_site({**PAPERS, **files})
    config = load_config(root / "sitegen.yaml")
    site, problems = read_site(root, config)
    assert problems == ()
    return digest(site, RenderEnv(root, config, Theme(root, config.theme.name, config.theme.options)), week, **given)


def parts(message: EmailMessage) -> tuple[str, str]:
    again = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    text, html = again.get_body(("plain",)), again.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def test_the_newest_week_is_told_with_the_most_voted_paper_first(make_site: SiteMaker) -> None:
    weekly = made(make_site)
    assert weekly.name == "2025-W44"
    assert weekly.subject == "Test papers – Week 44, 2025: 2 papers"
    assert weekly.text.index("Paper planes") < weekly.text.index("Boats")
    assert "Papierhüte" not in weekly.text


@pytest.mark.parametrize("week", ["2025-W43", "2025W43", "2025-w43"])
def test_any_week_with_papers_may_be_named(make_site: SiteMaker, week: str) -> None:
    weekly = made(make_site, week)
    assert weekly.name == "2025-W43"
    assert "Papierhüte 折り紙" in weekly.text


@pytest.mark.parametrize("week", ["2025-W01", "2025-W54", "2025-44", "last", "0000-W01"])
def test_a_week_that_is_none_or_has_no_papers_is_refused(make_site: SiteMaker, week: str) -> None:
    with pytest.raises(UsageError):
        made(make_site, week)


def test_both_forms_survive_the_way_through_a_message(make_site: SiteMaker) -> None:
    weekly = made(make_site, "2025-W43")
    text, html = parts(message_of(weekly))
    assert text.replace("\r\n", "\n") == weekly.text
    assert html.replace("\r\n", "\n") == weekly.html


def test_a_paper_is_told_with_authors_facts_summary_and_its_full_address(make_site: SiteMaker) -> None:
    weekly = made(make_site)
    for told in (weekly.text, weekly.html):
        assert "https://papers.example/papers/boats/" in told
        assert "Ada Example, Bo Sample, Cy Model and 1 more" in told
        assert "Oct 28, 2025 · Journal of Examples · 3 votes" in told
        assert "for ever" not in told
        assert "https://papers.example/2025/W44/" in told


def test_titles_are_text_and_never_markup(make_site: SiteMaker) -> None:
    tags: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: tags.append(tag)  # type: ignore[method-assign]
    parser.feed(made(make_site).html)
    assert "b" not in tags
    assert "script" not in tags
    assert "<b>& more</b>" in made(make_site).text


def test_a_message_is_the_same_each_time_and_dated_by_its_week(make_site: SiteMaker) -> None:
    first, second = message_of(made(make_site)), message_of(made(make_site))
    assert first.as_bytes() == second.as_bytes()
    assert first["Date"] == "Mon, 03 Nov 2025 00:00:00 +0000"
    assert first["X-Unsent"] == "1"


def test_addresses_stand_in_the_head_and_cannot_add_to_it(make_site: SiteMaker) -> None:
    weekly = made(make_site)
    message = message_of(weekly, "Papers of the wéek <papers@papers.example>", "reader@papers.example")
    assert str(message["From"]) == "Papers of the wéek <papers@papers.example>"
    assert message["To"] == "reader@papers.example"
    assert message["X-Unsent"] is None
    for wrong in ("nobody", "a b <c@d", "x@y\r\nBcc: z@y", "<>", "a@@b"):
        with pytest.raises(UsageError):
            message_of(weekly, wrong)


def test_every_line_is_short_enough_for_mail(make_site: SiteMaker) -> None:
    assert all(len(line) <= 998 for line in message_of(made(make_site)).as_bytes().split(b"\r\n"))
    assert all(len(line) <= 78 for line in made(make_site).text.splitlines())


def test_a_collection_without_dates_has_no_week(make_site: SiteMaker) -> None:
    undated = {name: paper("Without a date") for name in PAPERS}
    with pytest.raises(UsageError, match="no paper has a date"):
        made(make_site, **undated)


def test_days_and_months_have_digests_too(make_site: SiteMaker) -> None:
    daily = made(make_site, kind="day")
    assert (daily.name, daily.papers) == ("2025-10-29", 1)
    assert daily.subject == "Test papers – Wednesday, October 29, 2025: 1 paper"
    assert daily.url == "https://papers.example/2025/10/29/"
    monthly = made(make_site, kind="month")
    assert (monthly.name, monthly.papers) == ("2025-10", 3)
    assert monthly.ends == datetime.date(2025, 11, 1)
    assert made(make_site, kind="day", on=datetime.date(2025, 10, 21)).name == "2025-10-21"


def test_a_period_that_is_not_over_waits(make_site: SiteMaker) -> None:
    assert made(make_site, before=datetime.date(2025, 11, 3)).name == "2025-W44"
    assert made(make_site, before=datetime.date(2025, 11, 2)).name == "2025-W43"
    with pytest.raises(UsageError, match="no paper in any week"):
        made(make_site, before=datetime.date(2025, 10, 1))


def test_a_digest_may_tell_of_one_topic(make_site: SiteMaker) -> None:
    hats = paper("Hats for all", date="2025-10-23", topics="[Hats]")
    digest = made(make_site, topics=["hats"], **{"content/papers/more-hats.md": hats})
    assert (digest.name, digest.papers) == ("2025-W43/hats", 1)
    assert digest.subject == "Test papers – Hats – Week 43, 2025: 1 paper"
    with pytest.raises(UsageError, match="did you mean 'Hats'"):
        made(make_site, topics=["Hat"], **{"content/papers/more-hats.md": hats})


@pytest.mark.parametrize("words", ["word ", "語"])
def test_a_digest_of_very_many_papers_stays_below_what_mail_services_cut(make_site: SiteMaker, words: str) -> None:
    many = {
        f"content/papers/many-{number}.md": paper(f"Paper {number} {words * 30}", words * 300, date="2025-10-30")
        for number in range(200)
    }
    digest = made(make_site, limit=500, **many)
    assert len(message_of(digest, "a@papers.example", "b@papers.example").as_bytes()) < 100_000
    assert digest.papers == 202
    assert 20 < digest.told < 202
    for told in (digest.text, digest.html):
        assert f"and {202 - digest.told} more" in told


def test_a_limit_of_papers_is_kept_and_the_rest_is_on_the_site(make_site: SiteMaker) -> None:
    digest = made(make_site, limit=1)
    assert "Paper planes" in digest.text
    assert "Boats" not in digest.text
    assert "and 1 more: https://papers.example/2025/W44/" in digest.text


def test_every_style_stands_at_its_element_and_tables_lay_it_out(make_site: SiteMaker) -> None:
    html = made(make_site).html
    assert '<h2 class="title" style="' in html
    assert "@media (prefers-color-scheme: dark)" in html
    assert html.count("<style") == 1
    assert "<div" not in html
    assert html.count('role="presentation"') == 2


def test_readers_are_told_how_to_leave(make_site: SiteMaker) -> None:
    weekly = made(make_site)
    asked = ("Papers <papers@papers.example>", "list@papers.example", "mailto:leave@papers.example?subject=leave")
    message = message_of(weekly, *asked)
    assert message["List-Unsubscribe"] == "<mailto:leave@papers.example?subject=leave>"
    assert message["List-Unsubscribe-Post"] is None
    with pytest.raises(UsageError, match="not an address to unsubscribe at"):
        message_of(weekly, "a@papers.example", "b@papers.example", "leave\r\nBcc: x@papers.example")
