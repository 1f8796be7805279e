"""Files that are not pages: the theme's assets, the site's static files, and what hosts and crawlers read."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from sitegen.errors import ContentError, Problem
from sitegen.model import Site
from sitegen.render.layout import CONTENT_SECURITY_POLICY
from sitegen.render.output import Arguments, OutputKind, PageSpec, RenderEnv
from sitegen.render.share_image import SHARE_IMAGE, hue_of, share_image
from sitegen.urls import absolute

# Folders below search/ whose files carry a digest of their content in their name.
HASHED_FOLDERS = ("terms", "vocabulary", "cards", "topics", "tags", "venues", "authors", "votes", "near")


def _plan_assets(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    for path in env.theme.assets:
        yield PageSpec(path, (path,), source=f"theme {env.config.theme.name}")


def _render_asset(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    return env.theme.assets[str(args[0])]


def _plan_static(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    for file in site.static:
        yield PageSpec(file.path, (file.source,), (file.digest,), file.source)


def _render_static(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    source = str(args[0])
    try:
        return (env.root / source).read_bytes()
    except OSError as error:
        message = f"cannot be read any more: {error.strerror}"
        raise ContentError([Problem(source=source, message=message, hint="build again")]) from None


def _unless_given(site: Site, path: str) -> Iterator[PageSpec]:
    """A file that a site may replace by one of its own in ``content/static/``."""
    if not any(file.path == path for file in site.static):
        yield PageSpec(path, source=path)


def _plan_robots(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    return _unless_given(site, "robots.txt")


def _render_robots(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    sitemap = absolute(env.config.base_url, "sitemap.xml")
    return f"User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n".encode()


def _plan_headers(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    return _unless_given(site, "_headers") if env.config.headers else iter(())


def _render_headers(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    """For Netlify and Cloudflare Pages. What has a digest in its name may be kept for ever."""
    base = urlsplit(env.config.base_url).path
    lines = [
        f"{base}*",
        f"  Content-Security-Policy: {CONTENT_SECURITY_POLICY}; frame-ancestors 'none'",
        "  X-Content-Type-Options: nosniff",
        "  Referrer-Policy: strict-origin-when-cross-origin",
    ]
    for folder in ("assets", *(f"search/{name}" for name in HASHED_FOLDERS)):
        lines += [f"{base}{folder}/*", "  Cache-Control: public, max-age=31536000, immutable"]
    return ("\n".join(lines) + "\n").encode()


def _plan_share_image(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    return _unless_given(site, SHARE_IMAGE)


def _render_share_image(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    hue = env.theme.options.get("hue")
    return share_image(env.config.title, hue if isinstance(hue, int) else hue_of(env.config.title))


def _plan_web_manifest(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    return _unless_given(site, "manifest.webmanifest")


def _render_web_manifest(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    """W3C web application manifest, so that a phone's home screen shows a name and a mark."""
    config, icon = env.config, f"{env.theme.asset_root}icon.svg"
    manifest = {
        "name": config.title,
        "description": config.description,
        "lang": config.language,
        "start_url": "./",
        "scope": "./",
        "display": "minimal-ui",
        "icons": [{"src": icon, "sizes": "any", "type": "image/svg+xml"}] if icon in env.theme.assets else [],
    }
    return msgspec.json.format(msgspec.json.encode({key: value for key, value in manifest.items() if value}), indent=1)


def _plan_nojekyll(site: Site, env: RenderEnv) -> Iterator[PageSpec]:
    yield PageSpec(".nojekyll", source="GitHub Pages")


def _render_nojekyll(site: Site, env: RenderEnv, args: Arguments) -> bytes:
    return b""


KINDS = (
    OutputKind("asset", _plan_assets, _render_asset),
    OutputKind("static", _plan_static, _render_static),
    OutputKind("robots", _plan_robots, _render_robots),
    OutputKind("headers", _plan_headers, _render_headers),
    OutputKind("share-image", _plan_share_image, _render_share_image),
    OutputKind("web-manifest", _plan_web_manifest, _render_web_manifest),
    OutputKind("nojekyll", _plan_nojekyll, _render_nojekyll),
)
