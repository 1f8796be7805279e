"""Lists of papers in Markdown: "awesome" lists, digests that a job writes every night, weekly tables, course readings.

Papers stand in tables, in list items, in lines of bold text with links below, in headings that are links, or in
paragraphs. The heading above them is their topic; a heading that is a year or a day dates them. Which shapes there
are was tallied from public lists; ``docs/importing.md`` tells of each.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

import msgspec

from sitegen.importers.fields import NAMES, Placed, is_empty, place
from sitegen.importers.listing import Entry, Listing
from sitegen.importers.markdown_entry import is_label, place_link, plain_text, read_entry
from sitegen.model import Date
from sitegen.text.identifiers import LINK_KINDS

_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_ITEM = re.compile(r"(\s*)(?:[-*+]|\d{1,4}[.)])\s+(\S.*)$")
_RULE = re.compile(r"\s*\|?(?:\s*:?-{1,}:?\s*\|)*\s*:?-{2,}:?\s*\|?\s*$|\s*\|(?:\s*:?-+:?\s*\|)+\s*$")
_ATTRIBUTE = re.compile(
    r"\W*(paper|arxiv|code|github|project|homepage|home|page|website|dataset|data|demo|video|slides|poster|"
    r"pdf|doi|blog|link|authors?|venue|published)\b[^:：]{0,20}[:：]",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_SPAN = re.compile(rf"{_MONTH}\s+(\d\d?)\s*[-–—]\s*(?:{_MONTH}\s+)?(\d\d?)\)?\W*((?:19|20)\d\d)", re.IGNORECASE)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_NO_TOPIC = re.compile(
    r"(?:(?:table of )?contents?|papers?|paper ?lists?|the list|list|readings?|reading list|updated on.*|"
    r"top .* papers of the week.*|(?:must-?read|awesome|my|our|all|related|selected|recent)\b.*\bpapers?|"
    r"(?:latest|daily|weekly)\b.*\bpapers?|\d{4}|目录|论文)\W*",
    re.IGNORECASE,
)
_ROLES = {
    "publisher": "venue",
    "publishin": "venue",
    "pub": "venue",
    "paper": "title",
    "papertitle": "title",
    "name": "title",
}
_MARKS = frozenset("recom stars star score note notes remarks".split())


class _Line(msgspec.Struct, frozen=True):
    number: int
    text: str


class _Section(msgspec.Struct):
    """Where in the document a paper stands."""

    headings: list[tuple[int, str]] = []
    topic: str = ""
    year: str = ""
    day: str = ""


def read_markdown_list(text: str, source: str, captured: Date | None) -> Listing:
    """Every paper of the list; items that look like none are told by the number of their line."""
    reader = _Reader()
    reader.read(text)
    return Listing(captured=captured, entries=tuple(reader.entries), unread=tuple(reader.unread))


def looks_like_list(text: str) -> bool:
    """Whether a Markdown text holds tables or items with papers."""
    reader = _Reader()
    reader.read(text[:200_000])
    return bool(reader.entries)


class _Reader:
    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.unread: list[int] = []
        self._section = _Section()
        self._titles = 0

    def read(self, text: str) -> None:
        lines = list(_content_lines(text))
        self._titles = sum(1 for line in lines if re.match(r"\s{0,3}#\s", line.text))
        position = 0
        while position < len(lines):
            position = self._block(lines, position)

    def _block(self, lines: list[_Line], position: int) -> int:
        """Read the block that begins at ``position``; gives where the next one begins."""
        line = lines[position].text
        if heading := _HEADING.match(line):
            return self._heading(heading, lines, position)
        if (
            "|" in line
            and position + 1 < len(lines)
            and "|" in lines[position + 1].text
            and _RULE.match(lines[position + 1].text)
        ):
            return self._table(lines, position)
        if _ITEM.match(line):
            return self._item(lines, position)
        if line.strip():
            return self._paragraph(lines, position)
        return position + 1

    def _heading(self, heading: re.Match[str], lines: list[_Line], position: int) -> int:
        level, text = len(heading[1]), heading[2]
        entry = read_entry(text)
        own = [link for link in entry.links if not is_label(link.label)]
        if own and plain_text(own[0].label) == entry.title and level > 1:
            body, end = _body(lines, position + 1)
            return self._add(f"{text}\n{body}", lines[position].number, end)
        self._section.headings = [known for known in self._section.headings if known[0] < level]
        self._section.headings.append((level, _cleaned(text)))
        self._resolve()
        return position + 1

    def _resolve(self) -> None:
        """Topic, year and day of what stands below the present headings."""
        section = self._section
        section.topic = section.year = section.day = ""
        for level, text in reversed(section.headings):
            if not section.day and (day := _day_of(text)):
                section.day = day
            elif not section.year and (year := re.fullmatch(r"\D{0,12}((?:19|20)\d\d)\D{0,6}", text)):
                section.year = year[1]
            elif not section.topic and not _NO_TOPIC.fullmatch(text) and not (level == 1 and self._titles == 1):
                section.topic = text

    def _table(self, lines: list[_Line], position: int) -> int:
        header = [plain_text(cell) for cell in _cells(lines[position].text)]
        roles = _roles(header)
        position += 2
        while position < len(lines) and "|" in lines[position].text and not _HEADING.match(lines[position].text):
            cells = _cells(lines[position].text)
            if any(plain_text(cell) for cell in cells):
                self._row(header, roles, cells, lines[position].number)
            position += 1
        return position

    def _row(self, header: list[str], roles: list[str], cells: list[str], number: int) -> None:
        titles = [cell for role, cell in zip(roles, cells, strict=False) if role == "title" and plain_text(cell)]
        if not titles:
            self.unread.append(number)
            return
        entry = read_entry(titles[0].replace("\\|", "|"))
        placed = entry.placed()
        values: dict[str, str] = {}
        for name, role, cell in zip(header, roles, cells, strict=False):
            text = plain_text(cell.replace("\\|", "|"))
            if role in ("title", "") and cell in titles[:1]:
                continue
            if "](" in cell or "http" in cell:
                for link in read_entry(cell).links:
                    place_link(placed, link, name)
            elif role and role not in ("link", *LINK_KINDS) and not is_empty(text):
                values[role] = text
            elif text and not role and not is_empty(text) and re.search(r"\w", text):
                placed.unused.append(name)
        other = place({key: value.replace(".", "-") if key == "date" else value for key, value in values.items()})
        placed.raw = {**placed.raw, **other.raw}
        if placed.links:
            placed.raw["links"] = placed.links
        placed.doubts += other.doubts
        self._take(placed, number)

    def _item(self, lines: list[_Line], position: int) -> int:
        """A list item with all that is indented below it; items below it that are papers are papers of their own."""
        found = _ITEM.match(lines[position].text)
        assert found is not None
        indent, text = len(found[1]), found[2]
        below: list[str] = []
        children: list[int] = []
        end = position + 1
        while end < len(lines):
            line = lines[end].text
            if not line.strip():
                following = next((later.text for later in lines[end + 1 : end + 3] if later.text.strip()), "")
                if len(following) - len(following.lstrip()) <= indent or _HEADING.match(following):
                    break
                end += 1
                continue
            nested = _ITEM.match(line)
            if (
                _HEADING.match(line)
                or (nested and len(nested[1]) <= indent)
                or (
                    nested is None
                    and len(line) - len(line.lstrip()) <= indent
                    and (below or line.startswith(("<", "|")))
                )
            ):
                break
            if nested and not _ATTRIBUTE.match(plain_text(nested[2])) and not _only_links(nested[2]):
                children.append(end)
            below.append(line)
            end += 1
        entry = read_entry(text)
        if children and not entry.links and any(read_entry(_item_text(lines[i].text)).is_paper for i in children):
            topic, self._section.topic = self._section.topic, plain_text(text).rstrip(":") or self._section.topic
            inner = position + 1
            while inner < end:
                inner = self._item(lines, inner) if _ITEM.match(lines[inner].text) else inner + 1
            self._section.topic = topic
            return end
        return self._add("\n".join([text, *below]), lines[position].number, end)

    def _paragraph(self, lines: list[_Line], position: int) -> int:
        """Bold text with links, in a paragraph or above a list of links."""
        text = lines[position].text.strip()
        strong = re.match(r"(?:\W*\[\d+\])?\W*\*\*", text) is not None or ("**" in text[:300] and '"' in text)
        end = position + 1
        if not strong or text.startswith(("<", ">", "|")):
            return end
        body, after = _body(lines, end)
        entry = read_entry(f"{text}\n{body}")
        if entry.links and entry.title:
            return self._add(f"{text}\n{body}", lines[position].number, after)
        return end

    def _add(self, text: str, number: int, end: int) -> int:
        entry = read_entry(text)
        if entry.is_paper:
            self._take(entry.placed(), number)
        elif not re.search(r"\]\(#|\]\(\.", text) and re.search(r"\w", plain_text(text)):
            self.unread.append(number)
        return end

    def _take(self, placed: Placed, number: int) -> None:
        raw, section = placed.raw, self._section
        if is_empty(raw.get("title")):
            self.unread.append(number)
            return
        if section.day:
            raw.setdefault("featured_on", [section.day])
        if section.year:
            raw.setdefault("date", section.year)
        self.entries.append(Entry(raw, number, tuple(placed.unused), section.topic))


def _content_lines(text: str) -> Iterator[_Line]:
    """The lines without code and comments."""
    fence = ""
    comment = False
    for number, line in enumerate(text.split("\n"), 1):
        if fence:
            fence = "" if line.strip().startswith(fence) else fence
            continue
        if not comment and (found := _FENCE.match(line)):
            fence = found[1]
            continue
        if "<!--" in line or comment:
            line, comment = _without_comment(line, comment)
        yield _Line(number, line.expandtabs(4))


def _without_comment(line: str, inside: bool) -> tuple[str, bool]:
    kept = ""
    while line:
        if inside:
            _, ends, line = line.partition("-->")
            inside = not ends
        else:
            before, begins, line = line.partition("<!--")
            kept += before
            inside = bool(begins)
    return kept, inside


def _body(lines: list[_Line], position: int) -> tuple[str, int]:
    """The lines and items below a title, up to a blank line that something else follows."""
    body: list[str] = []
    while position < len(lines):
        line = lines[position].text
        item = _ITEM.match(line)
        if not line.strip():
            following = next((later.text for later in lines[position + 1 : position + 2]), "")
            after = _ITEM.match(following)
            if not (after and _is_about(after[2])):
                break
        elif _HEADING.match(line) or line.lstrip().startswith("**") or (item and not _is_about(item[2])):
            break
        else:
            body.append(line)
        position += 1
    return "\n".join(body), position


def _is_about(item: str) -> bool:
    """Whether a list item says something of the paper above it: "Code: https://...", "[PDF](...)"."""
    return _ATTRIBUTE.match(plain_text(item)) is not None or _only_links(item)


def _only_links(item: str) -> bool:
    entry = read_entry(item)
    return bool(entry.links) and not entry.title


def _item_text(line: str) -> str:
    found = _ITEM.match(line)
    return found[2] if found else line


def _cells(line: str) -> list[str]:
    line = line.strip()
    cells = re.split(r"(?<!\\)\|", line)
    return [cell.strip() for cell in cells[line.startswith("|") : len(cells) - line.endswith("|")]]


def _roles(header: list[str]) -> list[str]:
    """What each column holds: a field, "link", or nothing that has a place."""
    folded = [re.sub(r"[\W_]+", "", name).casefold() for name in header]
    titled = any(name in ("title", "papertitle") for name in folded)
    roles = []
    for name in folded:
        role = _ROLES.get(name) or NAMES.get(name, "")
        if name in ("paper", "papers") and titled:
            role = "link"
        roles.append("link" if role == "address" else role)
    if "title" not in roles and folded:
        named = [i for i, name in enumerate(folded) if "paper" in name or "title" in name]
        roles[named[0] if named else 0] = "title"
    return roles


def _cleaned(heading: str) -> str:
    """A heading as a topic: without pictures, links, numbers and a link back to the top."""
    heading = re.sub(
        r"\(\s*\[[^\]]*\]\([^)]*\)\s*\)|\[(?:back|top|⬆)[^\]]*\]\([^)]*\)", "", heading, flags=re.IGNORECASE
    )
    text = re.sub(r"^\s*(?:\d+(?:\.\d+)*[.)]?\s+|[IVX]+\.\s+)", "", plain_text(heading))
    return text.strip(" :#-–—|")


def _day_of(heading: str) -> str:
    """The day that a heading names, the last one of a span, as ISO text."""
    if found := _SPAN.search(heading):
        month, day, year = found[3] or found[1], int(found[4]), int(found[5])
        number = _MONTHS.index(month[:3].lower()) + 1
    elif found := _DAY.search(heading):
        year, number, day = map(int, re.split(r"\D", found[0]))
    else:
        return ""
    try:
        return datetime.date(year, number, day).isoformat()
    except ValueError:
        return ""
