"""Files that are not pages: the theme's assets, the site's static files, and what hosts and crawlers read."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from sitegen.errors import ContentError, Problem
from sitegen.model import Site
from sitegen.render.frame import CONTENT_SECURITY_POLICY
from sitegen.render.output import Arguments, Kind, Setup, Wish
from sitegen.render.share_image import SHARE_IMAGE, hue_of, share_image
from sitegen.urls import absolute

# Folders below search/ whose files carry a digest of their content in their name.
HASHED_FOLDERS = ("terms", "vocabulary", "cards", "topics", "tags", "venues", "authors", "votes", "near")


def _plan_assets(site: Site, setup: Setup) -> Iterator[Wish]:
    for path in setup.theme.assets:
        yield Wish(path, (path,), source=f"theme {setup.config.theme.name}")


def _render_asset(site: Site, setup: Setup, args: Arguments) -> bytes:
    return setup.theme.assets[str(args[0])]


def _plan_static(site: Site, setup: Setup) -> Iterator[Wish]:
    for file in site.static:
        yield Wish(file.path, (file.source,), (file.digest,), file.source)


def _render_static(site: Site, setup: Setup, args: Arguments) -> bytes:
    source = str(args[0])
    try:
        return (setup.root / source).read_bytes()
    except OSError as error:
        message = f"cannot be read any more: {error.strerror}"
        raise ContentError([Problem(source=source, message=message, hint="build again")]) from None


def _unless_given(site: Site, path: str) -> Iterator[Wish]:
    """A file that a site may replace by one of its own in ``content/static/``."""
    if not any(file.path == path for file in site.static):
        yield Wish(path, source=path)


def _plan_robots(site: Site, setup: Setup) -> Iterator[Wish]:
    return _unless_given(site, "robots.txt")


def _render_robots(site: Site, setup: Setup, args: Arguments) -> bytes:
    sitemap = absolute(setup.config.base_url, "sitemap.xml")
    return f"User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n".encode()


def _plan_headers(site: Site, setup: Setup) -> Iterator[Wish]:
    return _unless_given(site, "_headers") if setup.config.headers else iter(())


def _render_headers(site: Site, setup: Setup, args: Arguments) -> bytes:
    """For Netlify and Cloudflare Pages. What has a digest in its name may be kept for ever."""
    base = urlsplit(setup.config.base_url).path
    lines = [
        f"{base}*",
        f"  Content-Security-Policy: {CONTENT_SECURITY_POLICY}; frame-ancestors 'none'",
        "  X-Content-Type-Options: nosniff",
        "  Referrer-Policy: strict-origin-when-cross-origin",
    ]
    for folder in ("assets", *(f"search/{name}" for name in HASHED_FOLDERS)):
        lines += [f"{base}{folder}/*", "  Cache-Control: public, max-age=31536000, immutable"]
    return ("\n".join(lines) + "\n").encode()


def _plan_share_image(site: Site, setup: Setup) -> Iterator[Wish]:
    return _unless_given(site, SHARE_IMAGE)


def _render_share_image(site: Site, setup: Setup, args: Arguments) -> bytes:
    hue = setup.theme.options.get("hue")
    return share_image(setup.config.title, hue if isinstance(hue, int) else hue_of(setup.config.title))


def _plan_web_manifest(site: Site, setup: Setup) -> Iterator[Wish]:
    return _unless_given(site, "manifest.webmanifest")


def _render_web_manifest(site: Site, setup: Setup, args: Arguments) -> bytes:
    """W3C web application manifest, so that a phone's home screen shows a name and a mark."""
    config, icon = setup.config, f"{setup.theme.asset_root}icon.svg"
    manifest = {
        "name": config.title,
        "description": config.description,
        "lang": config.language,
        "start_url": "./",
        "scope": "./",
        "display": "minimal-ui",
        "icons": [{"src": icon, "sizes": "any", "type": "image/svg+xml"}] if icon in setup.theme.assets else [],
    }
    return msgspec.json.format(msgspec.json.encode({key: value for key, value in manifest.items() if value}), indent=1)


def _plan_nojekyll(site: Site, setup: Setup) -> Iterator[Wish]:
    yield Wish(".nojekyll", source="GitHub Pages")


def _render_nojekyll(site: Site, setup: Setup, args: Arguments) -> bytes:
    return b""


KINDS = (
    Kind("asset", _plan_assets, _render_asset),
    Kind("static", _plan_static, _render_static),
    Kind("robots", _plan_robots, _render_robots),
    Kind("headers", _plan_headers, _render_headers),
    Kind("share-image", _plan_share_image, _render_share_image),
    Kind("web-manifest", _plan_web_manifest, _render_web_manifest),
    Kind("nojekyll", _plan_nojekyll, _render_nojekyll),
)
