"""Themes: a folder with ``theme.yaml``, ``templates/``, ``static/`` and ``words/``, perhaps on top of another.

A theme is looked for under the site's own ``themes/`` first, then among those that come with sitegen. One
that extends another takes every file it does not have from there; that is the only way to change a part.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
import traceback
from collections.abc import Iterable, Mapping, Set
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2
import jinja2.meta
import msgspec

from sitegen.errors import ContentError, Problem
from sitegen.render import appearance
from sitegen.render.scripts import ScriptError, published
from sitegen.render.templates import Environment
from sitegen.render.theme_files import CLIENT, SHIPPED, chain
from sitegen.render.theme_options import options_of
from sitegen.render.word_tables import WordTables

# The only form of import that is joined; a browser does with all others what it does.
_IMPORT = re.compile(rb'(?m)^@import "([^"\n]+\.css)";[ \t]*\r?\n?')


class ThemeCache(msgspec.Struct):
    """What takes long to find out about a theme's files, by 16 bytes of them.

    Attributes:
        references: of a template's source: the templates that it includes, imports or extends.
        scripts: of all scripts: what is published of them, see ``scripts.published``.
    """

    references: dict[bytes, list[str]] = {}
    scripts: dict[bytes, dict[str, bytes]] = {}


class Theme:
    """A theme's files, resolved along the themes it extends.

    Attributes:
        folders: the theme's own folder first, then what it extends.
        options: the declared options with the site's values over the defaults.
        assets: output path -> bytes, for the theme's ``static/`` and the search client. All lie in one folder
            named by the digest of their bytes, so browsers may keep them for ever.
        asset_root: that folder, ``assets/0f3c…/``.
        words: see ``WordTables``.
        memory: of its scripts, and of those templates that were asked for by ``template_digest``.

    Args:
        known: what is known already.
    """

    def __init__(self, site_root: Path, name: str, options: dict[str, Any], known: ThemeCache | None = None) -> None:
        self.memory = ThemeCache()
        self._known = known or ThemeCache()
        self.folders, manifests = chain(site_root, name)
        self.options = options_of(site_root, manifests, options, name)
        files = self._published({**_below(CLIENT, "client/", "*.js"), **self._files("static")})
        if looks := appearance.css(self.options):
            last = str(self.options["styles"][-1])
            files[last] = files.get(last, b"") + looks.encode()
        self.asset_root = f"assets/{_digest(files).hex()[:12]}/"
        self.assets = {self.asset_root + path: content for path, content in sorted(files.items())}
        self.words = WordTables(self._word_files())
        self._closures: dict[str, bytes] = {}
        self._sources: dict[str, tuple[str, list[str]]] = {}

    @cached_property
    def digest(self) -> bytes:
        """16 bytes that change with any option, word or asset (templates have digests of their own)."""
        state = [self.asset_root, self.options, self.words.state()]
        return hashlib.blake2b(msgspec.json.encode(state, order="deterministic"), digest_size=16).digest()

    @cached_property
    def environment(self) -> jinja2.Environment:
        """Templates escape all values, and an unknown variable is an error rather than an empty text."""
        return Environment([folder / "templates" for folder in self.folders])

    def template_digest(self, name: str) -> bytes:
        """16 bytes of a template's source and of all that it includes, imports or extends."""
        if name not in self._closures:
            pending, sources = [name], {}
            while pending:
                current = pending.pop()
                if current in sources:
                    continue
                sources[current], used = self._read(current)
                pending += used
            text = msgspec.json.encode(sources, order="deterministic")
            self._closures[name] = hashlib.blake2b(text, digest_size=16).digest()
        return self._closures[name]

    def _read(self, name: str) -> tuple[str, list[str]]:
        """A template's source and the templates that it includes, imports or extends."""
        if name not in self._sources:
            assert self.environment.loader is not None
            try:
                source, file, _ = self.environment.loader.get_source(self.environment, name)
                digest = hashlib.blake2b(source.encode(), digest_size=16).digest()
                used = self._known.references.get(digest)
                if used is None:
                    found = jinja2.meta.find_referenced_templates(self.environment.parse(source, name, file))
                    used = [reference for reference in found if reference]
            except UnicodeDecodeError:
                where = f"themes/{self.folders[0].name}/templates/{name}"
                raise ContentError([Problem(source=where, message="is not UTF-8", hint="save it as UTF-8")]) from None
            except jinja2.TemplateError as error:
                problem = self.fault(error)
                assert problem is not None
                raise ContentError([problem]) from None
            self.memory.references[digest] = used
            self._sources[name] = source, used
        return self._sources[name]

    def fault(self, error: Exception) -> Problem | None:
        """Where in this theme's templates an error arose, as a problem; ``None`` when it did not arise there."""
        place: tuple[str, int | None] | None = None
        if isinstance(error, jinja2.TemplateSyntaxError):
            place = (error.filename or error.name or "a template", error.lineno)
        elif isinstance(error, jinja2.TemplateNotFound):
            return Problem(source=f"themes/{self.folders[0].name}", message=f"has no template {error.name!r}")
        else:
            for frame, line in traceback.walk_tb(error.__traceback__):
                if any(frame.f_code.co_filename.startswith(f"{folder}/") for folder in self.folders):
                    place = (frame.f_code.co_filename, line)
        if place is None:
            return None
        return Problem(
            source=self._source(Path(place[0])),
            line=place[1],
            message=f"{error}",
            hint="docs/theme-context.md lists what is there",
        )

    def _source(self, file: Path) -> str:
        """A file's name for messages."""
        folder = next((folder for folder in self.folders if file.is_relative_to(folder)), None)
        return f"themes/{folder.name}/{file.relative_to(folder).as_posix()}" if folder else str(file)

    def _files(self, kind: str) -> dict[str, Path]:
        files: dict[str, Path] = {}
        for folder in reversed(self.folders):
            files |= _below(folder / kind, "")
        return files

    def _published(self, files: Mapping[str, Path]) -> dict[str, bytes]:
        """What is published of a theme's files and the search client: scripts and stylesheets are joined."""
        contents = joined_styles({path: file.read_bytes() for path, file in files.items()})
        # A script in another encoding comes out as it went in.
        scripts = {path: contents.pop(path).decode(errors="surrogateescape") for path in files if path.endswith(".js")}
        # By content: from a checkout, a site may take a shipped theme from its own folder.
        shipped = {file.read_bytes() for file in SHIPPED.glob("*/static/**/*.js")}
        ours = {path for path in scripts if files[path].is_relative_to(CLIENT) or files[path].read_bytes() in shipped}
        said = [f"{path}\0{path in ours}\0{len(text)}\0{text}" for path, text in sorted(scripts.items())]
        digest = hashlib.blake2b("".join(said).encode(errors="surrogateescape"), digest_size=16).digest()
        joined = self._known.scripts.get(digest)
        if joined is None:
            joined = {path: text.encode(errors="surrogateescape") for path, text in self._join(scripts, ours, files)}
        self.memory.scripts[digest] = joined
        return contents | joined

    def _join(self, scripts: Mapping[str, str], ours: Set[str], files: Mapping[str, Path]) -> Iterable[tuple[str, str]]:
        try:
            return published(scripts, ours).items()
        except ScriptError as error:
            source = self._source(files[error.path])
            hint = "give it a <script type=module> of its own, or fetch it with import()"
            raise ContentError([Problem(source=source, line=error.line, message=str(error), hint=hint)]) from None

    def _word_files(self) -> dict[str, list[Path]]:
        """The tables of each language, that of the theme itself last."""
        files: dict[str, list[Path]] = {}
        for folder in reversed(self.folders):
            for file in _below(folder / "words", "").values():
                files.setdefault(file.stem, []).append(file)
        return files


def joined_styles(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Files with each stylesheet put where another one of them says ``@import "NAME.css";`` on a line of its own.

    What only others import has no file of its own, as with scripts. An import of something that is not there stays.
    """

    def named(path: str, match: re.Match[bytes]) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(path), match[1].decode(errors="replace")))

    def text(path: str, within: tuple[str, ...]) -> bytes:
        def put(match: re.Match[bytes]) -> bytes:
            name = named(path, match)
            if name not in files or name in within:
                return match[0]
            joined.add(name)
            return text(name, (*within, name))

        return _IMPORT.sub(put, files[path])

    joined: set[str] = set()
    styles = [path for path in files if path.endswith(".css")]
    imported = {named(path, match) for path in styles for match in _IMPORT.finditer(files[path])}
    whole = {path: text(path, (path,)) for path in styles if path not in imported}
    return {path: whole.get(path, content) for path, content in files.items() if path not in joined}


def _below(folder: Path, prefix: str, names: str = "*") -> dict[str, Path]:
    return {
        prefix + path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob(names))
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in path.parts[len(folder.parts) :])
    }


def _digest(files: Mapping[str, bytes]) -> bytes:
    state = hashlib.blake2b(digest_size=16)
    for path, content in sorted(files.items()):
        state.update(f"{path}\0{len(content)}\0".encode())
        state.update(content)
    return state.digest()
