"""What an output is, what it takes to render one, and the table row that describes a kind of output."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from sitegen.config import Config
from sitegen.model import Site
from sitegen.render.i18n import Language
from sitegen.render.theme import Theme

T = TypeVar("T")
Arguments = tuple[int | str, ...]
Dependency = bytes | str | int | None
_encode = msgspec.msgpack.Encoder().encode


class PageSpec(msgspec.Struct, frozen=True):
    """What a planner asks for: one output.

    Attributes:
        url: where it shall stand; see ``sitegen.urls``.
        args: what its renderer needs to find its part of the site: positions, page numbers, names. They are
            not part of the fingerprint, because a new paper moves the positions of all older ones.
        depends: everything of the site that its bytes depend on, as digests or plain text. What is missing
            here would not be rendered again when it changes, so planners list too much rather than too little.
        source: who wants the url, for messages about two that want the same.
    """

    url: str
    args: Arguments = ()
    depends: tuple[Dependency, ...] = ()
    source: str = ""


class Output(msgspec.Struct, frozen=True, array_like=True):
    """One file of the site: its path, how to render it, and 16 bytes that change whenever its bytes may."""

    path: str
    kind: str
    args: Arguments
    fingerprint: bytes
    source: str


class RenderEnv:
    """What all outputs share: the site folder, configuration, theme and, derived from them, ``digest``."""

    def __init__(self, root: Path, config: Config, theme: Theme, code: bytes = b"") -> None:
        self.root = root
        self.config = config
        self.theme = theme
        self._code = code
        self._site: Site | None = None
        self._made: dict[object, Any] = {}

    @cached_property
    def language(self) -> Language:
        """The words, dates and plurals of the site's language."""
        return Language(self.config.language, self.theme.words)

    def memoize(self, site: Site, make: Callable[[Site, RenderEnv], T]) -> T:
        """``make(site, self)``, kept while this site is the one that is planned and rendered."""
        if self._site is not site:
            self._site, self._made = site, {}
        if make not in self._made:
            self._made[make] = make(site, self)
        made: T = self._made[make]
        return made

    @cached_property
    def digest(self) -> bytes:
        """16 bytes of everything that any output may depend on besides the site itself and its template."""
        state = hashlib.blake2b(self._code, digest_size=16)
        state.update(msgspec.json.encode(self.config, order="deterministic"))
        state.update(self.theme.digest)
        return state.digest()


class OutputKind(msgspec.Struct, frozen=True):
    """One kind of output: its planner and its renderer.

    Attributes:
        name: unique, goes into fingerprints.
        plan: everything of this kind for a site, in a fixed order.
        render: the bytes of one spec; sees nothing but its arguments.
        templates: the templates that ``render`` uses.
        batch_key: names what ``render`` keeps for outputs to come. Kinds that stand next to each other in the table and
            have the same key are rendered by one worker, so that shared parts are made once.
        similar: whether its outputs show similar papers, which are known later than all else.
    """

    name: str
    plan: Callable[[Site, RenderEnv], Iterator[PageSpec]]
    render: Callable[[Site, RenderEnv, Arguments], bytes]
    templates: tuple[str, ...] = ()
    batch_key: str = ""
    similar: bool = False

    def outputs(self, site: Site, env: RenderEnv) -> Iterator[tuple[str, Arguments, bytes, str]]:
        """``(url, args, fingerprint, source)`` of every spec."""
        base = hashlib.blake2b(env.digest, digest_size=16)
        base.update(self.name.encode())
        for template in self.templates:
            base.update(env.theme.template_digest(template))
        for spec in self.plan(site, env):
            state = base.copy()
            state.update(_encode((spec.url, spec.depends)))
            yield spec.url, spec.args, state.digest(), spec.source
