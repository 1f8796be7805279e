"""One page per paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

from markupsafe import Markup

from sitegen.model import Paper, PartialDate, Similar, Site
from sitegen.render.citations import Citations
from sitegen.render.citations.csl import compact
from sitegen.render.context import PaperContext
from sitegen.render.files.alternates import alternates_of
from sitegen.render.layout import TEMPLATES, Layout, render
from sitegen.render.list_items import ListItems, language_of
from sitegen.render.metadata import paper_metadata, safe_json
from sitegen.render.output import Arguments, OutputKind, PageSpec, RenderEnv
from sitegen.render.paper_links import can_be_read, links_of, searches_for
from sitegen.render.reference import Reference, reference
from sitegen.render.views import Author, Citation, Link, Neighbour, NoticeBox, PaperView, lazy
from sitegen.text import markdown
from sitegen.urls import absolute, day_url, month_url, root_of, safe_link, year_url

# Above the first number of authors only the second is shown at once.
MANY_AUTHORS, FIRST_AUTHORS = 12, 10
DESCRIPTION_CHARACTERS = 160
TEMPLATE = "paper.html"


def _plan(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    layout = env.memoize(site, Layout).depends
    last = len(site.papers) - 1
    for i, slug in enumerate(site.slugs):
        near = site.related[i]
        depends = (
            layout,
            site.digests[i],
            site.digests[i - 1] if i else None,
            site.digests[i + 1] if i < last else None,
            *[site.digests[similar.paper] for similar in near],
            *[similar.words for similar in near],
        )
        yield PageSpec(f"papers/{slug}/", (i,), depends, site.papers[i].source)


def _render(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    i = int(args[0])
    paper = site.papers[i]
    layout = env.memoize(site, Layout)
    url = f"papers/{site.slugs[i]}/"
    known: list[Reference] = []

    def about() -> Reference:
        if not known:
            known.append(reference(paper, absolute(env.config.base_url, url)))
        return known[0]

    page = layout.page(
        "paper",
        url,
        markdown.plain_title(paper.title),
        partial(markdown.summary, paper.abstract, DESCRIPTION_CHARACTERS),
        lambda: paper_metadata(site, env, i, about()),
        alternates=alternates_of(url) if layout.alternates else (),
        older=_neighbour(site, i + 1) if i + 1 < len(site.papers) else None,
        newer=_neighbour(site, i - 1) if i else None,
    )
    context = PaperContext(**layout.common(page), paper=_view(site, env, i, root_of(url), about))
    return render(env, TEMPLATE, context)


def _view(site: Site, env: RenderEnv, i: int, root: str, about: Callable[[], Reference]) -> PaperView:
    paper, own = site.papers[i], site.membership[i]
    list_items, language = env.memoize(site, ListItems), env.language
    title, aria_label = list_items.title(i)
    authors = _authors(paper, list_items.links("authors", own.authors))
    shown = authors if len(authors) <= MANY_AUTHORS else authors[:FIRST_AUTHORS]
    days = env.config.lists.days
    links = _links(paper, env, root)
    view = PaperView(
        id=paper.id,
        title=title,
        aria_label=aria_label,
        language=language_of(paper, env),
        authors=shown,
        more_authors=authors[len(shown) :],
        authors_note=_authors_note(paper, len(authors), len(shown), env),
        date=language.date(paper.date, "long") if paper.date else "",
        iso=str(paper.date) if paper.date else "",
        day_url=_list_of_date(paper.date, env) if paper.date else "",
        updated=language.translate("updated", date=language.date(paper.updated)) if paper.updated else "",
        featured=tuple(
            [
                Link(language.date(day), day_url(day) if days else "", note=day.isoformat())
                for day in paper.featured_on
                if PartialDate.of_day(day) != paper.date
            ]
        ),
        venue=list_items.link("venues", own.venues[0]) if own.venues else None,
        votes=language.count("votes", paper.upvotes) if paper.upvotes else "",
        topics=list_items.links("topics", own.topics),
        tags=list_items.links("tags", own.tags),
        notice=_notice(paper, env, root) if paper.notice else None,
        abstract=markdown.html(paper.abstract, root=root, top=2),
        notes=markdown.html(paper.notes, root=root),
        links=links,
        find=()
        if can_be_read(paper)
        else tuple([Link(*found) for found in searches_for(markdown.plain_title(paper.title))]),
        citations=(),
        csl=Markup(""),
        similar=tuple([_similar(site, env, list_items, similar) for similar in site.related[i]]),
        extra=paper.extra,
    )
    cited = cache(lambda: Citations(paper, about()))
    return lazy(
        view,
        citations=lambda: _citations(env, cited()),
        csl=lambda: safe_json(compact(cited().item)),
    )


def _list_of_date(date: PartialDate, env: RenderEnv) -> str:
    """The url of the day, month or year of a date, or an empty text where it has no list."""
    lists, first = env.config.lists, date.first_day()
    if date.day:
        return day_url(first) if lists.days else ""
    if date.month:
        return month_url(first) if lists.months else ""
    return year_url(first) if lists.years else ""


def _authors(paper: Paper, links: tuple[Link, ...]) -> tuple[Author, ...]:
    # A name that a paper gives twice is one term, so links are found by order only where the counts agree.
    if len(links) != len(paper.authors):
        return tuple([Author(link.label, link.url, "", "") for link in links])
    return tuple(
        [
            Author(person.name, link.url, person.orcid or "", person.affiliation or "")
            for person, link in zip(paper.authors, links, strict=True)
        ]
    )


def _authors_note(paper: Paper, known: int, shown: int, env: RenderEnv) -> str:
    if not known:
        return env.language.count("authors", paper.author_count) if paper.author_count else ""
    hidden = max(known, paper.author_count or 0) - shown
    return env.language.count("more", hidden) if hidden else ""


def _notice(paper: Paper, env: RenderEnv, root: str) -> NoticeBox:
    notice = paper.notice
    assert notice is not None
    return NoticeBox(
        kind=notice.kind,
        label=env.language.translate(f"notice_{notice.kind}"),
        text=markdown.html(notice.text, root=root, top=2),
        url=(notice.url and safe_link(notice.url)) or "",
        date=env.language.date(notice.date) if notice.date else "",
    )


def _links(paper: Paper, env: RenderEnv, root: str) -> tuple[Link, ...]:
    translate = env.language.translate
    return tuple(
        [Link(translate(f"link_{kind}"), url if ":" in url else root + url, note=kind) for kind, url in links_of(paper)]
    )


def _citations(env: RenderEnv, own: Citations) -> tuple[Citation, ...]:
    """What can be read and copied without a script; the client writes other formats from the page's CSL-JSON."""
    return (
        Citation("text", env.language.translate("cite_text"), _text(own.text)),
        Citation("bibtex", "BibTeX", _text(own.bibtex)),
    )


def _text(text: str) -> Markup:
    """Escaped for an element's text, where quotation marks may stay as they are: citations are full of them."""
    return Markup(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def _similar(site: Site, env: RenderEnv, list_items: ListItems, similar: Similar) -> Neighbour:
    why = env.language.translate("similar_by", terms=similar.words.replace(" ", ", ")) if similar.words else ""
    return Neighbour(*list_items.title(similar.paper), f"papers/{site.slugs[similar.paper]}/", why)


def _neighbour(site: Site, i: int) -> Link:
    return Link(markdown.plain_title(site.papers[i].title), f"papers/{site.slugs[i]}/")


KINDS = (OutputKind("paper", _plan, _render, (TEMPLATE, *TEMPLATES), similar=True),)
