"""Which format a source is in: by what it holds, then by its name.

``daily-papers`` is text without any structure of its own, so it is taken last and only where its shape is really there.
"""

from __future__ import annotations

import re

from sitegen.importers.markdown_list import looks_like_list
from sitegen.importers.nbib import looks_like_nbib
from sitegen.importers.ris import looks_like_ris
from sitegen.importers.tables import looks_like_table

# How much of a text is looked at. Whole files are only read by the importer that is chosen.
HEAD = 200_000
_BIBTEX = re.compile(r"^[ \t]*@[A-Za-z]+\s*[{(]", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_DAILY = re.compile(
    r"get trending papers in your|^(?:daily papers$|·?\s*\d[\d,.]*k?\s+authors?\b|upvote\b|submitted by\b)",
    re.IGNORECASE | re.MULTILINE,
)
_MARKDOWN = re.compile(r"^(?:#{1,6}\s|\s*[-*+]\s|\s*\d+[.)]\s|\|)|\]\(https?://|\*\*", re.MULTILINE)
_ROOTS = {
    "feed": "feed",
    "rss": "feed",
    "RDF": "feed",
    "collection": "acl-xml",
    "dblp": "dblp-xml",
    "dblpperson": "dblp-xml",
    "result": "dblp-xml",
}
_CSL = re.compile(r'"(?:issued|citation-key)"\s*:|"type"\s*:\s*"(?:article-journal|paper-conference)"')
_DIGEST_ROW = re.compile(r'"\d{4}\.\d{4,5}(?:v\d+)?"\s*:\s*"\s*[|-]')
_YAML_LIST = re.compile(r"^\s*-\s+(?:\w[\w ]*:|id:)", re.MULTILINE)


def detect(text: str, name: str) -> str | None:
    """The key of ``formats.FORMATS`` that a source asks for; ``None`` when it is none that is known.

    Args:
        text: the source, or its beginning. ``name``: its file name.
    """
    head = text[:HEAD].lstrip("\ufeff")
    start = head.lstrip()
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    if not start:
        return None
    if start[0] in "[{":
        return _json(head, suffix)
    if start.startswith("<"):
        return _xml(start)
    if looks_like_ris(head):
        return "ris"
    if looks_like_nbib(head):
        return "nbib"
    if _BIBTEX.search(head) and suffix not in (".md", ".markdown"):
        return "bibtex"
    if suffix in (".md", ".markdown", ".qmd", ".mdx") and _FRONT_MATTER.match(head):
        return "front-matter"
    if looks_like_table(head) and "|" not in head.partition("\n")[0]:
        return "csv"
    if suffix in (".yml", ".yaml") or (suffix == "" and _YAML_LIST.search(head) and not _MARKDOWN.search(head)):
        return "yaml"
    structured = re.search(r"^#{1,6}\s|\]\(https?://|^\|.*\|", head, re.MULTILINE)
    if not structured and _DAILY.search(head):
        return "daily-papers"
    if _MARKDOWN.search(head) and looks_like_list(head):
        return "markdown"
    return "daily-papers" if suffix in (".txt", "") and not structured and not head.startswith("%PDF") else None


def reason(text: str, name: str) -> str:
    """Why a source is none of the formats, as far as it can be seen, and what to do."""
    head = text[:HEAD].strip()
    if not head:
        return "the file is empty"
    if head.startswith("%PDF"):
        return "it is a PDF; export a bibliography (BibTeX, RIS) of it instead"
    if re.match(r"<(?:!doctype\s+html|html)", head, re.IGNORECASE):
        return (
            "it is a web page; save the list behind it (BibTeX, RIS, JSON, a feed), or copy its text into a .txt file"
        )
    if head.startswith("<"):
        return "it is XML of another kind; known are feeds, the ACL Anthology's and dblp's"
    if head[0] in "[{":
        return "no object in it has a title"
    if _MARKDOWN.search(head):
        return "no item or table in it names a paper with a link, a venue or a year"
    return "say which format it is with --format"


def _json(head: str, suffix: str) -> str | None:
    if _DIGEST_ROW.search(head):
        return "arxiv-daily"
    if '"title"' not in head and '"display_name"' not in head and '"name"' not in head:
        return None if suffix not in (".json", ".jsonl") else "json"
    if _CSL.search(head) and '"is-referenced-by-count"' not in head:
        return "csl-json"
    return "json"


def _xml(start: str) -> str | None:
    found = re.search(r"<(?:[A-Za-z]+:)?([A-Za-z]+)[\s>]", re.sub(r"<[?!][^>]*>", "", start[:5000]))
    return _ROOTS.get(found[1]) if found else None
