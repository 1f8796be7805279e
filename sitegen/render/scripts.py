"""Scripts as they are published: each in one file with all that it imports, so that a page asks for it once.

A module keeps its own scope as a function which is called where its importers' turn would come, and imports
become names taken out of what it returns. Nothing is parsed: imports and exports are known by how their lines
begin, and any that are not known are an error.

Why no library does this: what joins ES modules (esbuild, Rollup, Vite) are programs of Node or Go, and a build needs
nothing but Python. Serving modules one by one was measured, too: 43 requests instead of 20 for a first search, and
0.2 s more on a slow line (docs/search-delivery.md).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import rjsmin

_IMPORT = re.compile(r"""^import\s*(?:(\{[^}]*\}|\*\s*as\s+[\w$]+)\s*from\s*)?(['"])(\.[^'"]+)\2;?""", re.MULTILINE)
_DECLARATION = re.compile(
    r"^export\s+((?:const|class|function\b\s*\*?|async\s+function\b\s*\*?)\s*([\w$]+))", re.MULTILINE
)
_LIST = re.compile(r"^export\s*\{([^}]*)\}(?!\s*from);?", re.MULTILINE)
_OTHER_IMPORT = re.compile(
    r"""(?:^|[;}])[ \t]*(?:import\s*(?:['"{*]|[\w$]+\s*(?:,|from\b))|export\s*(?:\*|\{[^}]*\}\s*from\b))""",
    re.MULTILINE,
)
_OTHER_EXPORT = re.compile(r"(?:^|[;}])[ \t]*export\b", re.MULTILINE)
_AWAIT = re.compile(r"^(?:\w+ [\w$]+ = )?await\b", re.MULTILINE)
_PLACE = re.compile(
    r"""(?P<before>\bimport\(\s*|\bnew URL\(\s*)(?P<quote>['"])(?P<to>[^'"]+)(?P=quote)"""
    r"""(?P<after>\s*\)|\s*,\s*import\.meta\.url\s*\))"""
)
_COMMENT_LINE = re.compile(r"^[ \t]*(?:/?\*|//).*", re.MULTILINE)


class ScriptError(Exception):
    """A script that cannot be joined with others. ``path`` and ``line`` say where, the text says why."""

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.line = line


class _Module(NamedTuple):
    """A script made ready to be joined.

    Attributes:
        name: of what its function returns.
        needs: paths of all that it imports, each behind what that imports.
        exports: exported name -> own name.
        body: itself, without imports.
        function: the statement that runs it inside another script; empty where none imports it.
    """

    name: str
    needs: tuple[str, ...]
    exports: Mapping[str, str]
    body: str
    function: str


def published(scripts: Mapping[str, str], ours: Collection[str] = ()) -> dict[str, str]:
    """Scripts that may be asked for by themselves, each with all that it imports in front.

    A script that another one imports is published inside that one alone, unless a page may also ask for it later:
    with ``import('./x.js')`` or ``new URL('x.js', import.meta.url)``. What two published scripts both import is in
    both, so such a module keeps no state of its own.

    Args:
        scripts: path below one folder -> source. A script that imports nothing comes out as it is.
        ours: paths of those that are minified as well.

    Raises:
        ScriptError: for an import of what is not there, in a circle, or in a form that is not known here.
    """
    imports = {path: _imports(path, source, scripts) for path, source in scripts.items()}
    inside = {target for targets in imports.values() for target in targets}
    later = {target for path, source in scripts.items() for target in _later(path, source)}
    modules: dict[str, _Module] = {}
    for path in _order(imports):
        modules[path] = _module(path, scripts[path], imports[path], modules, path in inside, path in ours)
    return {path: _join(modules, path) for path in scripts if path not in inside or path in later}


def minified(source: str) -> str:
    """A script without comments and needless blanks.

    Only for our own scripts: rjsmin knows neither blanks inside nested template literals, nor private fields of a
    class, nor regular expressions behind a colon, and changes them. Tests compare the syntax tree of each of
    our scripts with that of its minified form, and run them as they come out of here.
    """
    return f"{rjsmin.jsmin(source)}\n"


def _imports(path: str, source: str, scripts: Mapping[str, str]) -> tuple[str, ...]:
    """What a script imports, in order, each once."""
    found: dict[str, None] = {}
    for match in _IMPORT.finditer(source):
        target = _target(path, match[3])
        if target not in scripts:
            raise ScriptError(path, _line(match), f"imports {match[3]}, which is not there")
        found[target] = None
    return tuple(found)


def _later(path: str, source: str) -> Iterable[str]:
    """What a script fetches while it runs; in comments the types of another module are written in the same way."""
    if "import(" in source or "import.meta" in source:
        for match in _PLACE.finditer(_COMMENT_LINE.sub("", source)):
            yield _target(path, match["to"])


def _order(imports: Mapping[str, Sequence[str]]) -> list[str]:
    """All scripts, each behind what it imports."""
    order: dict[str, None] = {}
    above: list[str] = []

    def visit(path: str) -> None:
        if path in above:
            raise ScriptError(path, 1, f"imports itself by way of {above[-1]}")
        if path in order:
            return
        above.append(path)
        for target in imports[path]:
            visit(target)
        above.pop()
        order[path] = None

    for path in imports:
        visit(path)
    return list(order)


def _module(
    path: str, source: str, imports: Sequence[str], modules: Mapping[str, _Module], inside: bool, ours: bool
) -> _Module:
    """``modules`` holds what the script imports, ``inside`` says whether another script imports it."""
    name = f"module{len(modules)}"
    needs = dict.fromkeys(need for target in imports for need in (*modules[target].needs, target))
    body = _IMPORT.sub(partial(_taken, path=path, modules=modules), source)
    _refuse(path, source, _OTHER_IMPORT.search(body))
    exports: dict[str, str] = {}
    function = ""
    if inside:
        exports, inner = _without_exports(body)
        _refuse(path, source, _OTHER_EXPORT.search(inner) or _AWAIT.search(inner))
        given = ", ".join(exported if exported == own else f"{exported}: {own}" for exported, own in exports.items())
        function = f"const {name} = (() => {{\n{minified(inner) if ours else inner}return {{ {given} }}\n}})();\n"
    return _Module(name, tuple(needs), exports, minified(body) if ours else body, function)


def _join(modules: Mapping[str, _Module], entry: str) -> str:
    """One script out of a module and all that it imports."""
    parts = []
    for path in modules[entry].needs:
        function = modules[path].function
        if posixpath.dirname(path) != posixpath.dirname(entry):
            function = _PLACE.sub(partial(_moved, path=path, entry=entry), function)
        parts.append(function)
    return "".join([*parts, modules[entry].body])


def _taken(match: re.Match[str], path: str, modules: Mapping[str, _Module]) -> str:
    """An import as names taken out of what the module returned."""
    module, wanted = modules[_target(path, match[3])], match[1]
    if not wanted:
        return ""
    if not wanted.startswith("{"):
        return f"const {wanted.split()[-1]} = {module.name};"
    pairs = _pairs(wanted[1:-1])
    for name in pairs:
        if name not in module.exports:
            raise ScriptError(path, _line(match), f"imports {name} from {match[3]}, which has none")
    parts = ", ".join(name if name == own else f"{name}: {own}" for name, own in pairs.items())
    return f"const {{ {parts} }} = {module.name};"


def _without_exports(source: str) -> tuple[dict[str, str], str]:
    """What a module exports, exported name -> own name, and its source without the word."""
    exports = {match[2]: match[2] for match in _DECLARATION.finditer(source)}
    for match in _LIST.finditer(source):
        exports |= {name: own for own, name in _pairs(match[1]).items()}
    return exports, _LIST.sub("", _DECLARATION.sub(r"\1", source))


def _pairs(text: str) -> dict[str, str]:
    """The names of ``a, b as c``, each with what it is called afterwards."""
    words = (part.split() for part in text.split(",") if part.strip())
    return {word[0]: word[-1] for word in words}


def _refuse(path: str, source: str, match: re.Match[str] | None) -> None:
    if match:
        said = match.string[match.start() :].lstrip(";} \t\n").partition("\n")[0]
        line = next((n for n, text in enumerate(source.splitlines(), 1) if said in text), 1)
        raise ScriptError(path, line, f"cannot be joined with other scripts because of {said[:60]!r}")


def _moved(match: re.Match[str], path: str, entry: str) -> str:
    """A place that a script names, as its new home would name it."""
    place = posixpath.relpath(_target(path, match["to"]), posixpath.dirname(entry) or ".")
    dot = "" if place.startswith("../") else "./"
    return f"{match['before']}{match['quote']}{dot}{place}{match['quote']}{match['after']}"


def _target(path: str, place: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), place))


def _line(match: re.Match[str]) -> int:
    return match.string.count("\n", 0, match.start()) + 1
