"""CSL's item types, and the names that other formats have for them.

Source: CSL 1.0.2, https://docs.citationstyles.org/en/stable/specification.html#appendix-iii-types.
"""

from __future__ import annotations

import re

ITEM_TYPES: frozenset[str] = frozenset(
    (
        "article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection "
        "dataset document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case "
        "legislation manuscript map motion_picture musical_score pamphlet paper-conference patent performance "
        "periodical personal_communication post post-weblog regulation report review review-book software song speech "
        "standard thesis treaty webpage"
    ).split()
)

_ALIASES = {
    "article-journal": "journal journal-article journal-paper research-article jour proceedings-article-journal "
    "academic-article",
    "paper-conference": "inproceedings conference conference-paper proceedings-article cpaper conf in-proceedings "
    "workshop workshop-paper conference-article",
    "article": "preprint posted-content eprint arxiv working-paper-preprint",
    "book": "monograph edited-book reference-book mvbook proceedings collection-book books",
    "chapter": "incollection inbook book-chapter book-section chap in-collection in-book",
    "thesis": "phdthesis mastersthesis dissertation phd-thesis masters-thesis thes doctoral-thesis bachelorsthesis",
    "report": "techreport technical-report rprt report-component tech-report working-paper whitepaper",
    "dataset": "data data-set database",
    "software": "computer-program computerprogram code program",
    "speech": "talk presentation lecture keynote poster slides",
    "webpage": "online electronic www website web-page web elec",
    "post-weblog": "blog blog-post blogpost",
    "document": "misc gen generic other unknown",
    "manuscript": "unpublished unpb",
    "motion_picture": "video movie film",
    "patent": "pat",
    "pamphlet": "booklet",
    "standard": "stand",
    "entry-encyclopedia": "inreference encyclopedia-article reference-entry",
    "article-magazine": "magazine-article mgzn magazine",
    "article-newspaper": "newspaper-article news newspaper",
}
_BY_ALIAS = {alias: name for name, aliases in _ALIASES.items() for alias in aliases.split()}


def item_type(text: str) -> str | None:
    """The CSL type that a text names, in CSL's words or in those of BibTeX, RIS, Crossref, DataCite or Zotero."""
    # Zotero writes "journalArticle".
    word = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", text.strip()).lower().replace(" ", "-")
    for spelling in (word, word.replace("_", "-"), word.replace("-", "_")):
        if spelling in ITEM_TYPES:
            return spelling
        if spelling in _BY_ALIAS:
            return _BY_ALIAS[spelling]
    return None
