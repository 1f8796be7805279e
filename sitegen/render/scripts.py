"""Scripts as they are published: each in one file with all that it imports, so that a page asks for it once.

A module keeps its own scope as a function which is called where its importers' turn would come, and imports
become names taken out of what it returns. Nothing is parsed: imports and exports are known by how their lines
begin, and any that are not known are an error.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import NamedTuple

_IMPORT = re.compile(r"""^import\s*(?:(\{[^}]*\}|\*\s*as\s+[\w$]+)\s*from\s*)?(['"])(\.[^'"]+)\2;?""", re.MULTILINE)
_DECLARATION = re.compile(
    r"^export\s+((?:const|class|function\b\s*\*?|async\s+function\b\s*\*?)\s*([\w$]+))", re.MULTILINE
)
_LIST = re.compile(r"^export\s*\{([^}]*)\}(?!\s*from);?", re.MULTILINE)
_OTHER_IMPORT = re.compile(r"""(?:^|[;}])[ \t]*import\s*(?:['"{*]|[\w$]+\s*(?:,|from\b))""", re.MULTILINE)
_OTHER_EXPORT = re.compile(r"(?:^|[;}])[ \t]*export\b|^(?:\w+ [\w$]+ = )?await\b", re.MULTILINE)
_PLACE = re.compile(
    r"""(?P<before>\bimport\(\s*|\bnew URL\(\s*)(?P<quote>['"])(?P<to>[^'"]+)(?P=quote)"""
    r"""(?P<after>\s*\)|\s*,\s*import\.meta\.url\s*\))"""
)
_COMMENT_BEHIND = re.compile(r"(?<=\S)\s{2,}//.*")


class ScriptError(Exception):
    """A script that cannot be joined with others. ``path`` and ``line`` say where, the text says why."""

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.line = line


class _Module(NamedTuple):
    """A script's path, its source, and the paths of what it imports and of what it fetches later."""

    path: str
    source: str
    imports: tuple[str, ...]
    later: frozenset[str]


def published(scripts: Mapping[str, str], ours: Collection[str] = ()) -> dict[str, str]:
    """Scripts that may be asked for by themselves, each with all that it imports in front.

    A script that another one imports is published inside that one alone, unless a page may also ask for it later:
    with ``import('./x.js')`` or ``new URL('x.js', import.meta.url)``. What two published scripts both import is in
    both, so such a module keeps no state of its own.

    Args:
        scripts: path below one folder -> source. A script that imports nothing comes out as it is.
        ours: paths of those that are trimmed as well.

    Raises:
        ScriptError: for an import of what is not there, in a circle, or in a form that is not known here.
    """
    modules = {path: _module(path, source, scripts) for path, source in scripts.items()}
    inside = {target for module in modules.values() for target in module.imports}
    later = {target for module in modules.values() for target in module.later}
    orders = {path: _order(modules, path) for path in scripts}
    return {path: _join(modules, orders[path], ours) for path in scripts if path not in inside or path in later}


def trimmed(source: str) -> str:
    """A script without comments, indentation and empty lines.

    Only for our own scripts: it looks at whole lines and at what stands two blanks behind a statement, and they
    hold no text where that would be something else. Tests run them as they come out of here.
    """
    kept, inside = [], False
    for line in source.splitlines():
        text = line.strip()
        if inside or text.startswith("/*"):
            inside = not text.endswith("*/")
        elif text and not text.startswith("//"):
            kept.append(_COMMENT_BEHIND.sub("", text))
    return "\n".join(kept) + "\n"


def _module(path: str, source: str, scripts: Mapping[str, str]) -> _Module:
    imports = []
    for found in _IMPORT.finditer(source):
        target = _target(path, found[3])
        if target not in scripts:
            raise ScriptError(path, _line(source, found), f"imports {found[3]}, which is not there")
        imports.append(target)
    # Types in comments are written as import('./x.js') too.
    later = frozenset(_target(path, found["to"]) for found in _PLACE.finditer(trimmed(source)))
    return _Module(path, source, tuple(dict.fromkeys(imports)), later)


def _join(modules: Mapping[str, _Module], order: Sequence[str], ours: Collection[str]) -> str:
    """One script out of the last module in order and all that it imports, which stand before it."""
    entry = order[-1]
    names = {path: f"module{number}" for number, path in enumerate(order)}
    exports: dict[str, dict[str, str]] = {}
    parts = []
    for path in order:
        module = modules[path]
        # Its places are relative to the file that it becomes part of.
        source = _PLACE.sub(partial(_moved, path=path, entry=entry), module.source)
        source = _IMPORT.sub(partial(_taken, module=module, names=names, exports=exports), source)
        _refuse(module, _OTHER_IMPORT.search(source))
        exports[path], inner = _without_exports(source)
        if len(order) > 1:
            _refuse(module, _OTHER_EXPORT.search(inner))
        source = source if path == entry else inner
        source = trimmed(source) if path in ours else source
        if path == entry:
            parts.append(source)
        else:
            given = ", ".join(name if name == own else f"{name}: {own}" for name, own in exports[path].items())
            parts.append(f"const {names[path]} = (() => {{\n{source}return {{ {given} }}\n}})();\n")
    return "".join(parts)


def _order(modules: Mapping[str, _Module], entry: str) -> list[str]:
    """A module and all that it imports, each behind what it imports itself."""
    order: dict[str, None] = {}
    above: list[str] = []

    def visit(path: str) -> None:
        if path in above:
            raise ScriptError(path, 1, f"imports itself by way of {above[-1]}")
        if path in order:
            return
        above.append(path)
        for target in modules[path].imports:
            visit(target)
        above.pop()
        order[path] = None

    visit(entry)
    return list(order)


def _taken(
    found: re.Match[str], module: _Module, names: Mapping[str, str], exports: Mapping[str, Mapping[str, str]]
) -> str:
    """An import as names taken out of what the module returned."""
    target, wanted = _target(module.path, found[3]), found[1]
    if not wanted:
        return ""
    if not wanted.startswith("{"):
        return f"const {wanted.split()[-1]} = {names[target]};"
    pairs = _pairs(wanted[1:-1])
    for name in pairs:
        if name not in exports[target]:
            raise ScriptError(
                module.path, _line(module.source, found), f"imports {name} from {found[3]}, which has none"
            )
    parts = ", ".join(name if name == own else f"{name}: {own}" for name, own in pairs.items())
    return f"const {{ {parts} }} = {names[target]};"


def _without_exports(source: str) -> tuple[dict[str, str], str]:
    """What a module exports, exported name -> own name, and its source without the word."""
    exports = {found[2]: found[2] for found in _DECLARATION.finditer(source)}
    for found in _LIST.finditer(source):
        exports |= {name: own for own, name in _pairs(found[1]).items()}
    return exports, _LIST.sub("", _DECLARATION.sub(r"\1", source))


def _pairs(text: str) -> dict[str, str]:
    """The names of ``a, b as c``, each with what it is called afterwards."""
    words = (part.split() for part in text.split(",") if part.strip())
    return {word[0]: word[-1] for word in words}


def _refuse(module: _Module, found: re.Match[str] | None) -> None:
    if found:
        said = found.string[found.start() :].lstrip(";} \t\n").partition("\n")[0]
        line = next((n for n, text in enumerate(module.source.splitlines(), 1) if said in text), 1)
        raise ScriptError(module.path, line, f"cannot be joined with other scripts because of {said[:60]!r}")


def _moved(found: re.Match[str], path: str, entry: str) -> str:
    place = posixpath.relpath(_target(path, found["to"]), posixpath.dirname(entry) or ".")
    quote = found["quote"]
    return f"{found['before']}{quote}./{place}{quote}{found['after']}".replace("./../", "../")


def _target(path: str, place: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), place))


def _line(source: str, found: re.Match[str]) -> int:
    return source.count("\n", 0, found.start()) + 1
