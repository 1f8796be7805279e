"""Markdown files with YAML front matter: splitting and safe, exact YAML.

Scalars stay the text that was typed (``title: no`` is "no", ``date: 2024-02-30`` is not yet a date): the
record's types decide what a value means, and a wrong one can be told by field and line.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
import yaml

from sitegen.content.yaml_slips import slips, title_that_is_null
from sitegen.errors import Problem, yaml_hint

_OPENING = re.compile(r"\n*---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
# One field a line: a bare word or number, a quoted text, or a list of quoted texts, none of them with an escape.
_PLAIN_LINE = re.compile(
    r"([a-z_]+): "
    r"(?:([A-Za-z0-9](?:[A-Za-z0-9_.+/-]| (?=[A-Za-z0-9]))*)"
    r'|"([^"\\\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\uffff]*)"'
    r'|\[((?:"[^"\\\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\uffff]*"(?:, (?="))?)*)\])'
)
_QUOTED = re.compile(r'"([^"]*)"')
_NULL_WORDS = frozenset({"null", "Null", "NULL"})
_NULL_TAG = "tag:yaml.org,2002:null"
_SCALAR_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "null", "int", "float", "bool", "timestamp"))
_NULL = re.compile(r"(?:~|null|Null|NULL|)\Z")


class FrontMatter(msgspec.Struct, frozen=True):
    """A split file: ``fields`` as typed, ``text`` of the front matter and the line it starts on, ``body``.

    ``problems``: what in it is YAML, but hardly what was meant.
    """

    fields: dict[str, Any]
    text: str
    first_line: int
    body: str
    problems: tuple[Problem, ...] = ()

    def line_of(self, field: str) -> int:
        """The line of a top-level field, or the first line of the front matter."""
        return line_of_key(self.text, field.split(".")[0].split("[")[0], self.first_line) or self.first_line


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader, used up to its tree of nodes: only null is told from text."""

    yaml_implicit_resolvers = {first: [(_NULL_TAG, _NULL)] for first in ("~", "n", "N", "")}  # noqa: RUF012


def parse_yaml(text: str, source: str, first_line: int = 1) -> Any | Problem:
    """The value of a YAML text whose scalars are all strings or ``None``; a fault is told by its line."""
    plain = _plain_fields(text)
    return _parse(text, source, first_line) if plain is None else plain


def _plain_fields(text: str) -> dict[str, Any] | None:
    """The mapping of a text in which every line is a name and a simple value; ``None`` for all other YAML.

    Most front matter is so plain, and read five times faster this way. A property test holds it equal to the
    long way.
    """
    fields: dict[str, Any] = {}
    for line in text.split("\n"):
        found = _PLAIN_LINE.fullmatch(line)
        if found is None:
            if line:
                return None
            continue
        name, word, quoted, items = found.groups()
        if name in fields or name in _NULL_WORDS:
            return None
        if word is not None:
            fields[name] = None if word in _NULL_WORDS else word
        elif quoted is not None:
            fields[name] = quoted
        else:
            fields[name] = _QUOTED.findall(items)
    return fields or None


def _parse(text: str, source: str, first_line: int) -> Any | Problem:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return None if node is None else _value(node, {})
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + mark.line if mark else first_line
        what = error.problem or error.context or "cannot be parsed"
        return Problem(source=source, line=line, message=f"not valid YAML: {what}", hint=yaml_hint(what))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        what = "nested too deeply" if isinstance(error, RecursionError) else getattr(error, "reason", str(error))
        return Problem(source=source, line=first_line, message=f"not valid YAML: {what}")
    finally:
        loader.dispose()


def _value(node: yaml.Node, made: dict[int, Any]) -> Any:
    """Plain data for a node. A node that is referred to twice gives one object, so aliases cannot blow up."""
    if isinstance(node, yaml.ScalarNode):
        if node.tag not in _SCALAR_TAGS:
            raise yaml.MarkedYAMLError(problem=f"the tag {node.tag!r} is not known here", problem_mark=node.start_mark)
        return None if node.tag == _NULL_TAG else node.value
    if id(node) in made:
        return made[id(node)]
    if isinstance(node, yaml.SequenceNode):
        if node.tag != "tag:yaml.org,2002:seq":
            raise yaml.MarkedYAMLError(problem=f"the tag {node.tag!r} is not known here", problem_mark=node.start_mark)
        items: list[Any] = []
        made[id(node)] = items
        items += [_value(item, made) for item in node.value]
        return items
    if node.tag != "tag:yaml.org,2002:map":
        raise yaml.MarkedYAMLError(problem=f"the tag {node.tag!r} is not known here", problem_mark=node.start_mark)
    mapping: dict[Any, Any] = {}
    made[id(node)] = mapping
    for name, item in node.value:
        key = _value(name, made)
        if isinstance(key, (list, dict)):
            raise yaml.MarkedYAMLError(problem="a key must be plain text", problem_mark=name.start_mark)
        if key in mapping:
            raise yaml.MarkedYAMLError(problem=f"the key {key!r} is given twice", problem_mark=name.start_mark)
        mapping[key] = _value(item, made)
    return mapping


def split(text: str, source: str) -> FrontMatter | Problem:
    """Front matter and body of one file."""
    opening = _OPENING.match(text)
    if opening is None:
        hint = "start the file with a line '---', then 'title: ...', then '---'"
        return Problem(source=source, line=1, message="no front matter", hint=hint)
    closing = _CLOSING.search(text, opening.end())
    first_line = text.count("\n", 0, opening.end()) + 1
    if closing is None:
        hint = "close the front matter with a line '---'"
        return Problem(source=source, line=first_line - 1, message="front matter without an end", hint=hint)
    head = text[opening.end() : closing.start()]
    fields = parse_yaml(head, source, first_line)
    if isinstance(fields, Problem):
        return fields
    if not isinstance(fields, dict):
        hint = "write lines such as 'title: My paper'"
        return Problem(source=source, line=first_line, message="front matter is not a list of fields", hint=hint)
    if not all(isinstance(key, str) for key in fields):
        return Problem(source=source, line=first_line, message="a field's name must be plain text")
    told = tuple(slips(head, source, first_line))
    if told and fields.get("title", "") is None and (title := title_that_is_null(head)):
        fields["title"] = title
    return FrontMatter(fields, head, first_line, text[closing.end() :].strip("\n"), told)


def line_of_key(text: str, key: str, first_line: int = 1) -> int | None:
    """The line on which a top-level key of a YAML text stands."""
    found = re.search(rf"^[ \t]*[\"']?{re.escape(key)}[\"']?[ \t]*:", text, re.MULTILINE) if key else None
    return first_line + text.count("\n", 0, found.start()) if found else None
