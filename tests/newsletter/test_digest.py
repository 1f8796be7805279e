from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from html.parser import HTMLParser

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


def made(make_site: SiteMaker, week: str | None = None, **files: str) -> Digest:
    root = make_site({**PAPERS, **files})
    config = load_config(root / "sitegen.yaml")
    site, problems = read_site(root, config)
    assert problems == ()
    return digest(site, RenderEnv(root, config, Theme(root, config.theme.name, config.theme.options)), week)


def parts(message: EmailMessage) -> tuple[str, str]:
    again = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    text, html = again.get_body(("plain",)), again.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def test_the_newest_week_is_told_with_the_most_voted_paper_first(make_site: SiteMaker) -> None:
    weekly = made(make_site)
    assert weekly.week == "2025-W44"
    assert weekly.subject == "Test papers – Week 44, 2025: 2 papers"
    assert weekly.text.index("Paper planes") < weekly.text.index("Boats")
    assert "Papierhüte" not in weekly.text


@pytest.mark.parametrize("week", ["2025-W43", "2025W43", "2025-w43"])
def test_any_week_with_papers_may_be_named(make_site: SiteMaker, week: str) -> None:
    weekly = made(make_site, week)
    assert weekly.week == "2025-W43"
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
