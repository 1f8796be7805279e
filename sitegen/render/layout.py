"""The frame around every page: menu, title, addresses, metadata. It depends on papers only as far as lists exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from babel import Locale, UnknownLocaleError
from markupsafe import Markup
from msgspec.structs import asdict

from sitegen.config import Config, setting_problem
from sitegen.errors import ContentError
from sitegen.model import TERM_KINDS, Site, TermKind
from sitegen.render import feeds
from sitegen.render.context import Context, LayoutContext
from sitegen.render.metadata import Metadata, page_metadata
from sitegen.render.output import RenderEnv
from sitegen.render.views import NO_MARKUP, Feed, LayoutParts, Link, PageInfo, SiteInfo, lazy
from sitegen.text import markdown
from sitegen.urls import absolute, root_of

# Nothing from elsewhere, nothing inline, no plugins or frames. OutputRecord on every page and into the hosts' headers.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; frame-src 'none'; base-uri 'none'; form-action 'self'"
)
# Every page is made of these too.
TEMPLATES = ("_head.html", "_top.html", "_foot.html")
# The kinds of page that have a search box of their own.
_WITH_SEARCH = frozenset({"home", "search", "missing"})


class Layout:
    """What all pages of one site share; see ``RenderEnv.memoize``.

    Attributes:
        info: the site as templates see it.
        feed_kinds: the kinds of terms that have feeds: those configured, without such as have too many terms.
        alternates: whether papers have Markdown and JSON beside their page; not in collections so large that it would
            cost more than it gives.
        depends: everything of the site that these were made from; every page depends on it.
    """

    def __init__(self, site: Site, env: RenderEnv) -> None:
        self._env = env
        _check_files(site, env)
        _check_language(env)
        menu = _menu(site, env)
        self.feed_kinds = tuple([kind for kind in env.config.feeds.kinds if _has_feeds(site, env.config, kind)])
        self.alternates = len(site.papers) <= env.config.pages.twins_max_papers
        menu_said = [f"{link.label}\1{link.url}" for link in menu]
        self.depends = "\0".join(
            [*menu_said, *self.feed_kinds, "alternates" if self.alternates else "", "papers" if site.papers else ""]
        )
        self._current = frozenset({"", *(link.url for link in menu)})
        self._layouts: dict[tuple[str, str | None, bool], LayoutParts] = {}
        config = env.config
        self.info = SiteInfo(
            title=config.title,
            description=config.description,
            language=env.language.tag,
            direction=env.language.direction,
            asset_root=env.theme.asset_root,
            menu=menu,
            footer_links=_footer_links(site, env),
            policy=Markup(CONTENT_SECURITY_POLICY),
            search=config.search.enabled,
            search_words=env.language.client_words("search"),
            subscribe=config.pages.subscribe and bool(config.feeds.formats),
            stats=config.pages.stats and bool(site.papers),
            reading_list=config.pages.reading_list,
        )

    def page(
        self,
        kind: str,
        url: str,
        title: str,
        description: str | Callable[[], str] = "",
        about: Callable[[], Metadata] | None = None,
        **more: Any,
    ) -> PageInfo:
        """A page's own part.

        Args:
            description, about: what people and machines read of it elsewhere, or what makes that on demand.
            more: further fields of ``PageInfo``.
        """
        describe = description if callable(description) else partial(str, description)
        make = about or partial(page_metadata, self._env, title)
        made: list[Metadata] = []

        def metadata() -> Metadata:
            if not made:
                made.append(make())
            return made[0]

        page = PageInfo(
            kind=kind,
            title=title,
            description="",
            url=url,
            canonical=absolute(self._env.config.base_url, url),
            metas=NO_MARKUP,
            jsonld=NO_MARKUP,
            **more,
        )
        return lazy(
            page,
            description=lambda: describe() or self.info.description,
            metas=lambda: metadata().elements(),
            jsonld=lambda: metadata().jsonld,
        )

    def common(self, page: PageInfo, root: str = "") -> dict[str, Any]:
        """The fields of ``Context``. ``root``: other than the relative one that follows from the page's url."""
        root = root or root_of(page.url)
        return {
            "site": self.info,
            "page": page,
            "words": self._env.language.words,
            "options": self._env.theme.options,
            "layout": self._layout(root, page),
            "root": root,
        }

    def _layout(self, root: str, page: PageInfo) -> LayoutParts:
        current = page.url if page.url in self._current else None
        key = (root, current, page.kind not in _WITH_SEARCH)
        parts = self._layouts.get(key)
        if parts is None:
            context = LayoutContext(
                site=self.info,
                words=self._env.language.words,
                options=self._env.theme.options,
                root=root,
                current=current,
                search_box=key[2],
                footer=markdown.html(self._env.config.footer, root=root),
            )
            templates = [self._env.theme.environment.get_template(name) for name in TEMPLATES]
            parts = LayoutParts(*[Markup(template.render(asdict(context))) for template in templates])
            self._layouts[key] = parts
        return parts


def render(env: RenderEnv, template: str, context: Context) -> bytes:
    """A page as bytes."""
    return env.theme.environment.get_template(template).render(asdict(context)).encode()


def feeds_of(config: Config, url: str, title: str) -> tuple[Feed, ...]:
    """The feeds under the list at ``url``, in the configured formats."""
    return tuple(
        [
            Feed(f"{title} ({feeds.NAMES[form]})", url + feeds.FILES[form], feeds.MEDIA_TYPES[form], feeds.NAMES[form])
            for form in config.feeds.formats
        ]
    )


def _has_feeds(site: Site, config: Config, kind: TermKind) -> bool:
    return kind in config.lists.kinds and 0 < len(site.terms[kind]) <= config.feeds.max_terms


def _check_files(site: Site, env: RenderEnv) -> None:
    """See to it that the files that options name are there.

    Raises:
        ContentError: naming the option.
    """
    published = {file.path for file in site.static}
    wrong = [
        setting_problem(env.root, f"theme.options.{name}", f"there is no {path!r}", "put it into content/static/")
        for name in ("logo", "favicon")
        if (path := str(env.theme.options.get(name) or "")) and path not in published
    ]
    if wrong:
        raise ContentError(wrong)


def _check_language(env: RenderEnv) -> None:
    """See to it that the site's language is one, and that the theme has words in it.

    Raises:
        ContentError: because a page in two languages helps nobody.
    """
    tag = env.config.language
    try:
        known = Locale.parse(tag.partition("-")[0]).language
    except (UnknownLocaleError, ValueError):
        known = ""
    if not known:
        problem = setting_problem(env.root, "language", f"is no language tag: {tag!r}", "write it as 'en' or 'pt-BR'")
    elif not {tag, known} & set(env.theme.words):
        there = ", ".join(sorted(env.theme.words))
        hint = f"there are {there}; or add themes/NAME/words/{known}.yaml in a theme of your own"
        problem = setting_problem(env.root, "language", f"the theme has no words in {tag!r}", hint)
    else:
        return
    raise ContentError([problem])


def _footer_links(site: Site, env: RenderEnv) -> tuple[Link, ...]:
    config, translate = env.config, env.language.translate
    links = [Link(translate("stats"), "stats/")] if config.pages.stats and site.papers else []
    if config.pages.subscribe and config.feeds.formats:
        links.append(Link(translate("subscribe"), "subscribe/"))
    return tuple(links)


def _menu(site: Site, env: RenderEnv) -> tuple[Link, ...]:
    config, translate = env.config, env.language.translate
    links = [Link(translate("papers"), "papers/")] if site.papers else []
    if config.lists.trending and site.trending:
        links.append(Link(translate("trending"), "trending/"))
    links += [
        Link(translate(kind), f"{kind}/") for kind in TERM_KINDS if kind in config.lists.kinds and site.terms[kind]
    ]
    links += [Link(page.title, f"{page.slug}/") for page in site.pages if page.menu]
    links += [Link(item.label, item.url) for item in config.menu]
    return tuple(links)
