"""The formats that can be imported, and those whose files may lie among a site's own papers."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from sitegen.content.record import paper_from
from sitegen.errors import Problem
from sitegen.importers.acl_xml import read_acl_xml
from sitegen.importers.arxiv_daily import read_arxiv_daily
from sitegen.importers.bibtex import read_bibliography
from sitegen.importers.csl_json import read_csl_json
from sitegen.importers.daily_papers import read_daily_papers
from sitegen.importers.dblp_xml import read_dblp_xml
from sitegen.importers.detect import detect, reason
from sitegen.importers.feeds import read_feed
from sitegen.importers.front_matter import read_front_matter
from sitegen.importers.json_records import read_json
from sitegen.importers.listing import Importer
from sitegen.importers.markdown_list import read_markdown_list
from sitegen.importers.nbib import read_nbib
from sitegen.importers.ris import read_ris
from sitegen.importers.tables import read_table
from sitegen.importers.yaml_list import read_yaml_list
from sitegen.model import Paper


class Format(NamedTuple):
    """A format that can be imported.

    Attributes:
        read: its importer. ``title``: what people call it.
        suffixes: files of a folder that may be in it.
        in_pieces: the importer tells of single papers that are no text, and need not refuse the others.
    """

    read: Importer
    title: str
    suffixes: tuple[str, ...]
    in_pieces: bool = False


FORMATS: dict[str, Format] = {
    "markdown": Format(read_markdown_list, "Markdown list", (".md", ".markdown")),
    "front-matter": Format(read_front_matter, "publication of another generator", (".md", ".markdown", ".qmd", ".mdx")),
    "bibtex": Format(read_bibliography, "BibTeX", (".bib",), in_pieces=True),
    "ris": Format(read_ris, "RIS", (".ris",)),
    "nbib": Format(read_nbib, "PubMed", (".nbib",)),
    "csl-json": Format(read_csl_json, "CSL-JSON", (".json",), in_pieces=True),
    "csv": Format(read_table, "table (CSV or TSV)", (".csv", ".tsv")),
    "jsonl": Format(read_json, "JSON lines", (".jsonl",), in_pieces=True),
    "json": Format(read_json, "JSON", (".json",), in_pieces=True),
    "yaml": Format(read_yaml_list, "YAML list", (".yaml", ".yml")),
    "arxiv-daily": Format(read_arxiv_daily, "arXiv digest in JSON", (".json",)),
    "acl-xml": Format(read_acl_xml, "ACL Anthology XML", (".xml",)),
    "dblp-xml": Format(read_dblp_xml, "dblp XML", (".xml",)),
    "feed": Format(read_feed, "Atom or RSS feed", (".xml", ".atom", ".rss")),
    "arxiv-atom": Format(read_feed, "arXiv's Atom feed", ()),
    "daily-papers": Format(read_daily_papers, "text of a Daily Papers page", (".txt",)),
}
"""Name on the command line -> format."""


def read_in_place(text: str, source: str) -> tuple[list[Paper], list[Problem]]:
    """The papers of a file that lies among a site's own, as an import of it would read them; fields that are not used
    are told once a file."""
    found = detect(text, source)
    if found is None or found in ("markdown", "front-matter", "daily-papers"):
        return [], [Problem(source=source, message="no format that is known", hint=reason(text, source))]
    listing = FORMATS[found].read(text, source, None)
    papers: list[Paper] = []
    problems = list(listing.problems)
    unused: Counter[str] = Counter()
    for entry in listing.entries:
        unused.update(set(entry.unused))
        paper, told = paper_from(entry.raw, source, line=entry.line, forgiving=True)
        problems += told
        papers += [paper] if paper else []
    if not listing.entries and not problems:
        problems.append(Problem(source=source, message="no papers found", hint=reason(text, source)))
    if unused:
        names = ", ".join(f"{name} ({number})" for name, number in sorted(unused.items()))
        problems.append(Problem(source=source, message=f"fields not used: {names}", severity="warning"))
    return papers, problems
