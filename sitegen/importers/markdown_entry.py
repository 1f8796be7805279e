"""One paper of a Markdown list: the text of a list item, a table's cell or a paragraph -> fields of a record."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

import msgspec

from sitegen.importers.fields import Placed, kind_of

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>|</p>", re.IGNORECASE)
_ANCHOR = re.compile(r"<a\s[^>]*?href=[\"']?([^\"'\s>]+)[^>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_STRONG = re.compile(r"</?(?:b|strong)>", re.IGNORECASE)
_EMPHASIS = re.compile(r"</?(?:i|em)>", re.IGNORECASE)
_ELEMENT = re.compile(r"</?[a-zA-Z][^<>]*>")
_IMAGE = re.compile(r"!\[([^\]\[]*)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)")
_TARGET = r"\(\s*<?([^()\s<>]*(?:\([^()]*\)[^()\s<>]*)*)>?(?:\s+[\"'][^\"']*[\"'])?\s*\)"
_LINK = re.compile(rf"\[((?:\[[^\]\[]*\]|[^\]\[])*)\]{_TARGET}\]?")
_BARE = re.compile(r"<?(https?://[^\s<>\"|)\]]+[^\s<>\"|)\].,;:])>?")
_CODE = re.compile(r"`([^`]+)`")
# Pictographs, stars, and short codes for them; they mark, and are no words.
_PICTURES = re.compile(r"[\U0001F000-\U0001FAFF\u2600-\u27BF\u2B00-\u2BFF\uFE0F\u200D\u20E3\u00A9]+|:[a-z0-9_+-]+:")
_LABEL_WORDS = re.compile(
    r"arxiv|paper|pdf|code|codes|github|git|repo|link|links|project|page|website|site|homepage|home|web|video|demo|blog|"
    r"slides?|poster|data|dataset|datasets|model|models|weights|doi|html|abs|abstract|openreview|acl|anthology|book|"
    r"official|unofficial|implementation|pytorch|tensorflow|jax|tf|keras|torch|colab|notebook|huggingface|hf|hugging|"
    r"face|space|spaces|tweet|twitter|x|thread|youtube|supp|supplementary|appendix|bibtex|cite|citation|survey|docs?|"
    r"report|here|url|source|preprint|publication|proceedings|springer|ieee|sciencedirect|talk|media|bilibili|tl|dr|"
    r"badge|stars?|star|license|alphaxiv|poster|readme|notes?|medium|checkpoint|checkpoints|main|full|text|and|the|v|"
    r"download|original|version|tutorial|post|news|review|reviews|interview|author|authors|email|top|back|to|cvf|neurips",
    re.IGNORECASE,
)
_VENUE = r"(?:[A-Z][\w&+./-]*|(?i:arxiv|biorxiv|medrxiv))(?:\s+(?:[A-Z][\w&+./-]*|of|on|in|for|and|the)){0,7}"
_VENUE_YEAR = re.compile(
    rf"({_VENUE}?)[\s,]*[’'‘]?\s*\b((?:19|20)\d\d|(?<=['’‘ ])\d\d)(?:[./-](0?[1-9]|1[0-2])\b)?(?!\d|\.\d{4})",
    re.UNICODE,
)
_BEFORE_TITLE = re.compile(
    rf"^\s*[(\[]?\s*(?P<venue>{_VENUE}?)[\s,]*['’‘]?\s?(?P<year>(?:19|20)\d\d|(?<=['’‘])\d\d)(?:[./-](?P<month>0?[1-9]|1[0-2]))?"
    r"(?:[./-](?P<day>\d\d?))?\s*[)\]]?(?:\s+(?:submission|oral|poster|spotlight|workshop))?\s*[,:.]?\s+(?=\S)"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b(?!\.\d{4})")
_NUMBERING = re.compile(r"^\s*(?:\*\*)?(?:\[?\d{1,4}[\])]|\d{1,4}[.)](?=\s))(?:\*\*)?\s*")
_TAG_BEFORE = re.compile(r"^\s*\[\s*(?:\*\*)?([^\]\[*]{1,60})(?:\*\*)?\s*\](?!\()\s*(?=\S)")
_HANDLE_BEHIND = re.compile(r"\s*\(@[^()]*(?:\([^()]*\)[^()]*)*\)\s*$")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|__(?=\S)(.+?)(?<=\S)__", re.DOTALL)
_ITALIC = re.compile(r"(?<![*_\w])[*_](?=[^\s*_])([^*_]+?)(?<=[^\s*_])[*_](?![*_\w])", re.DOTALL)
_NAME = r"[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){0,5}"
_NAMES = re.compile(
    rf"{_NAME}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s*;\s*){_NAME})*(?:,?\s*et\.?\s*al\.?)?\.?", re.UNICODE
)
_QUOTED = re.compile(r"[\"“](?:\*\*)?(?P<title>[^\"”]{4,400}?)(?:\*\*)?[.,]?[\"”]")
_TALK = re.compile(
    r"https?://(?:www\.)?(?:x|twitter|t|reddit|linkedin|weibo|news\.ycombinator)\.(?:com|co)/", re.IGNORECASE
)
_SHORT_LINK = 30
# Stands where a link was, so that text before and behind it stays apart.
_HERE = "\x00"


class Link(NamedTuple):
    """A link of the text: what is written on it, and where it leads."""

    label: str
    url: str


class Entry(msgspec.Struct):
    """What a text says of one paper; empty where it says nothing. ``year``: "2024" or "2024-05"."""

    title: str = ""
    links: list[Link] = []
    tags: list[str] = []
    venue: str = ""
    date: str = ""
    authors: str = ""
    abstract: str = ""

    @property
    def is_paper(self) -> bool:
        """Whether there is a title and anything beside it that lists of papers have."""
        return re.search(r"[^\W\d_]", self.title) is not None and bool(
            self.links or self.venue or self.date or self.authors
        )

    def placed(self) -> Placed:
        """The same as fields of a record."""
        placed = Placed()
        for link in self.links:
            place_link(placed, link)
        for field in ("title", "tags", "venue", "date", "authors", "abstract"):
            if value := getattr(self, field):
                placed.set(field, value)
        if placed.links:
            placed.raw["links"] = placed.links
        return placed


def place_link(placed: Placed, link: Link, column: str = "") -> None:
    """Put a link where it belongs; what people said of the paper elsewhere is no part of it."""
    if _TALK.match(link.url):
        placed.unused.append(plain_text(link.label) or "post")
    else:
        placed.address(link.url, kind_of(column) or kind_of(link.label))


def read_entry(text: str) -> Entry:
    """The paper that a text names.

    Args:
        text: Markdown; lines below the first are what is written under an item.
    """
    entry = Entry(links=[], tags=[])
    lines = _as_markdown(text).split("\n")
    while len(lines) > 1 and not plain_text(lines[0]):
        lines.pop(0)
    first, below = lines[0], lines[1:]
    first, titled = _without_links(first, entry)
    first = _marks_removed(first)
    entry.tags += [tag.strip() for tag in _leading_code(first)]
    first = re.sub(r"^(?:\s*`[^`]+`)+", "", first)
    rest = _title(first, titled, entry)
    _details(rest, entry)
    for line in below:
        _line_below(line, entry)
    return entry


def plain_text(text: str) -> str:
    """Markdown's marks, links and pictures removed."""
    text = _IMAGE.sub("", _as_markdown(text))
    text = _LINK.sub(lambda found: found[1], text)
    text = _CODE.sub(r"\1", text)
    text = _BOLD.sub(lambda found: found[1] or found[2], text)
    text = _ITALIC.sub(r"\1", text)
    text = re.sub(r"\\([\\`*_{}\[\]()#+.!|<>~$&-])", r"\1", text)
    return " ".join(_PICTURES.sub("", text).replace(_HERE, " ").split())


def is_label(text: str) -> bool:
    """Whether a link's text is one of the words that lists write on links ("Paper", "[pdf]", "arXiv 2024.05"), and no
    title."""
    words = re.findall(r"[^\W\d_]+", plain_text(text))
    if re.fullmatch(rf"\W*(?:{_VENUE})?\W*(?:19|20)\d\d\W*\d*\W*", plain_text(text)) and len(words) <= 2:
        return True
    return all(_LABEL_WORDS.fullmatch(word) for word in words)


def _as_markdown(text: str) -> str:
    """HTML that lists use, as Markdown: links, breaks, strong and emphasised text; other elements are removed."""
    if "<" in text:
        text = _COMMENT.sub("", text)
        text = _BREAK.sub("\n", text)
        text = _ANCHOR.sub(r"[\2](\1)", text)
        text = _EMPHASIS.sub("*", _STRONG.sub("**", text))
        text = _ELEMENT.sub("", text)
    return html.unescape(text) if "&" in text else text


def _without_links(line: str, entry: Entry) -> tuple[str, Link | None]:
    """The line with a sign in the place of each link but that on which the title is written, and that one."""
    # A picture that is a link is a badge: what it leads to counts, and its description is what is written on it.
    line = re.sub(rf"\[\s*{_IMAGE.pattern}\s*\]{_TARGET}", r"[[\1]](\2)", line)
    line = _IMAGE.sub("", line)
    titled: Link | None = None

    def taken(found: re.Match[str]) -> str:
        nonlocal titled
        label, url = found[1].strip(), found[2]
        if not re.match(r"https?://", url, re.IGNORECASE):
            return label if url and not url.startswith("#") and not is_label(label) else ""
        bracketed = label.startswith("[") and label.endswith("]")
        link = Link(label.strip("[] "), url)
        entry.links.append(link)
        if titled is None and not bracketed and not is_label(label) and len(plain_text(label)) > 2:
            titled = link
            return f"\x01{label}\x02"
        return _HERE

    line = _LINK.sub(taken, line)

    def bare(found: re.Match[str]) -> str:
        if not any(link.url == found[1] for link in entry.links):
            before = line[: found.start()].rstrip(" :").rsplit(" ", 1)[-1]
            entry.links.append(Link(before, found[1]))
        return _HERE

    return _BARE.sub(bare, line), titled


def _marks_removed(line: str) -> str:
    line = _PICTURES.sub("", line)
    line = _NUMBERING.sub("", line, count=1) if not line.lstrip().startswith("[[") else line
    return re.sub(r"\[\s*(?:\x00[\s,|/·]*)*\]|\(\s*(?:\x00[\s,|/·]*)+\)", _HERE, line).strip()


def _leading_code(line: str) -> list[str]:
    found = re.match(r"(?:\s*`[^`]+`)+", line)
    return _CODE.findall(found[0]) if found else []


def _title(line: str, titled: Link | None, entry: Entry) -> str:
    """Find the title; gives the rest of the line."""
    line = line.lstrip(" ,.:;|-–—" + _HERE)
    if titled is not None:
        start, end = line.find("\x01"), line.find("\x02")
        before, label, behind = line[:start], line[start + 1 : end], line[end + 1 :]
        entry.title = plain_text(label)
        head, rest = _cut(behind)
        if re.match(r"\W*:\s*\S", head) and len(entry.title) <= _SHORT_LINK:
            entry.title = f"{entry.title}: {plain_text(head.lstrip(' *:'))}"
        elif re.match(r"\W*(?::|\s[-–—])\s+\S", head) and not _VENUE_YEAR.search(head):
            entry.abstract = plain_text(re.sub(r"^\W+", "", head))
        else:
            rest = f"{head} {rest}"
        return f"{before} {rest}"
    if quoted := _QUOTED.search(line):
        before = plain_text(line[: quoted.start()]).strip(" .,:")
        if not before or _NAMES.fullmatch(before):
            entry.title, entry.authors = plain_text(quoted["title"]).strip(" .,"), before
            return line[quoted.end() :]
    if found := _BEFORE_TITLE.match(line):
        _dated(found["venue"], found["year"], found["month"], entry)
        line = line[found.end() :]
    line = _TAG_BEFORE.sub("", line, count=1)
    head, rest = _cut(line)
    if bold := _BOLD.search(head):
        text = bold[1] or bold[2]
        before, behind = head[: bold.start()].strip(), head[bold.end() :]
        alone = not plain_text(before) or _NUMBERING.fullmatch(before)
        if alone and (re.match(r"\s*(?:$|[.,;(|*_]|[-–—]\s)", behind) or text.rstrip()[-1:] in ".?!"):
            entry.title = plain_text(text).rstrip(".")
            if dash := re.match(r"\s*[-–—]\s+(?=\S)", behind):
                entry.abstract = plain_text(behind[dash.end() :])
                return rest
            return f"{behind} {rest}"
        entry.title = plain_text(head).rstrip(" .,")
        return rest
    if dash := re.search(r"\s[-–—]\s?(?=[a-z].{60})", head):
        entry.title, entry.abstract = plain_text(head[: dash.start()]), plain_text(head[dash.end() :])
        return rest
    pieces = re.split(r"\s{2,}(?=\S)|(?<=[a-z)])\.\s+(?=[*_A-Z])|,\s+(?=[*_](?![*_]))", head, maxsplit=1)
    entry.title = plain_text(_HANDLE_BEHIND.sub("", pieces[0])).rstrip(" .,")
    if len(pieces) > 1 and len(pieces[1]) > 150:
        entry.abstract = plain_text(pieces[1])
        return rest
    return " ".join([*pieces[1:], rest])


def _cut(text: str) -> tuple[str, str]:
    """The text up to where a list goes on with something else, and what is behind it."""
    found = re.search(
        rf"\s\|\s|{_HERE}|\s\[(?=\S)|\s\((?=(?:19|20)\d\d\)|[A-Z][\w&-]*[ '’]+(?:19|20)?\d\d\))|\(@", text
    )
    if found is None:
        return text, ""
    return text[: found.start()].rstrip(" ,"), text[found.start() :]


def _details(rest: str, entry: Entry) -> None:
    """Authors, venue and year behind the title."""
    rest = _TAG_BEFORE.sub("", rest)
    for italic in _ITALIC.finditer(rest):
        if not entry.authors and (names := _names(italic[1])):
            entry.authors = names
            rest = rest.replace(italic[0], " ")
            break
    text = plain_text(_HANDLE_BEHIND.sub("", rest)).strip(" ,.|()[]")
    if not entry.date and (found := _VENUE_YEAR.search(text)):
        venue = text[: found.start(2)].strip(" ,.|()[]'’‘-–")
        venue = venue.rpartition("|")[2].strip() if "|" in venue else venue
        _dated(venue if len(venue) <= 100 else found[1], found[2], found[3], entry)
    elif not entry.date and (found := _YEAR.search(text)):
        entry.date = found[0]


def _dated(venue: str, year: str, month: str | None, entry: Entry) -> None:
    if len(year) == 2:
        year = f"20{year}" if int(year) < 70 else f"19{year}"
    entry.date = f"{year}-{int(month):02}" if month else year
    venue = venue.strip(" ,.'’‘()[]-")
    if venue and not re.fullmatch(r"arxiv(?:\.org)?(?:\s+preprint)?(?:\s*arxiv:?\s*[\d.]*)?", venue, re.IGNORECASE):
        entry.venue = venue


def _line_below(line: str, entry: Entry) -> None:
    """A line under an item: authors in italics, a summary as a quotation, or more links."""
    quoted = re.match(r"\s*>\s*(.*)", line)
    text = quoted[1] if quoted else line.strip()
    if not text.strip():
        return
    item = re.sub(r"^[-*+]\s+", "", text)
    bare, _ = _without_links(item, entry)
    if re.fullmatch(rf"[\s{_HERE},|/·:\[\]()*\w.-]{{0,40}}", bare) and _HERE in bare:
        return
    italic = _ITALIC.fullmatch(text.strip())
    if italic and not entry.authors and (names := _names(italic[1])):
        entry.authors = names
    elif labelled := re.match(
        r"\W*(authors?|venue|conference|year|date)\W*:\W*(\S.*)", plain_text(item), re.IGNORECASE
    ):
        field, value = labelled[1].lower(), labelled[2].strip()
        if field.startswith("author"):
            entry.authors = entry.authors or value
        elif field in ("venue", "conference"):
            entry.venue = entry.venue or value
        else:
            entry.date = entry.date or value
    elif quoted or len(plain_text(item)) > 40:
        summary = re.sub(r"^\W*(?:TL;?\s?DR|abstract|summary)\W*:?\W*", "", plain_text(text), flags=re.IGNORECASE)
        entry.abstract = f"{entry.abstract}\n\n{summary}".strip()


def _names(text: str) -> str:
    """The text when it can be a list of people, else nothing."""
    text = " ".join(plain_text(text).split()).strip(" .")
    several = "," in text or " and " in text or re.search(r"\bet\.? al", text)
    if not _NAMES.fullmatch(text) or not (several or 2 <= len(text.split()) <= 4):
        return ""
    return text if sum(word[:1].isupper() for word in text.split()) * 2 > len(text.split()) else ""
