"""DOIs, arXiv numbers and addresses, however a source writes them.

arXiv's own description of its numbers: https://info.arxiv.org/help/arxiv_identifier.html. A DOI is ``10.``, a
registrant's number, a slash and anything that is no blank (https://www.doi.org/doi-handbook/).
"""

from __future__ import annotations

import re
from typing import Literal, get_args
from urllib.parse import unquote

LinkKind = Literal["pdf", "code", "project", "data", "video", "slides", "poster"]
Placed = Literal["doi", "arxiv", LinkKind]
LINK_KINDS: tuple[LinkKind, ...] = get_args(LinkKind)

# Archives that gave numbers before April 2007 (https://arxiv.org/archive/), those that were joined to others included.
_ARCHIVES = (
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs dg-ga "
    "funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics plasm-ph "
    "q-alg q-bio q-fin quant-ph solv-int stat supr-con"
)
_NUMBER = rf"(\d{{4}}\.\d{{4,5}}|(?:{_ARCHIVES.replace(' ', '|')})(?:\.[A-Z]{{2}})?/\d{{7}})(v\d+)?"
_ARXIV = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)?(?:"
    r"arxiv\.org/(?:abs|pdf|html|format|ps|e-print)|ar5iv\.(?:labs\.arxiv\.)?org/(?:abs|html)|alphaxiv\.org/(?:abs|pdf|overview)"
    r"|huggingface\.co/papers|hf\.co/papers|doi\.org/10\.48550/arxiv\.?"
    rf")[/:]?{_NUMBER}(?:\.pdf)?/?(?:[?#].*)?"
    rf"|(?:10\.48550/)?arxiv(?:\s+preprint)?(?:\s*arxiv)?\s*[:.\s]\s*{_NUMBER}(?:\s*\[[\w.-]+\])?"
    rf"|(?:corr|abs)(?:\s*[,:/]?\s*abs)?\s*/\s*{_NUMBER}"
    rf"|{_NUMBER}",
    re.IGNORECASE,
)
_DOI = re.compile(r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi\s*[:=]?\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_DOI_IN_ADDRESS = re.compile(
    r"https?://[^/\s]+/(?:doi|article|chapter|book)s?/(?:(?:abs|full|pdf|epdf|pdfdirect)/)?(10\.\d{4,9}/[^\s?#]+)"
)

# Hosts -> what is found there; a host stands for those below it, too.
_HOSTS: dict[str, Placed] = {
    "github.com": "code",
    "gitlab.com": "code",
    "codeberg.org": "code",
    "bitbucket.org": "code",
    "gitee.com": "code",
    "colab.research.google.com": "code",
    "paperswithcode.com": "code",
    "youtube.com": "video",
    "youtu.be": "video",
    "vimeo.com": "video",
    "bilibili.com": "video",
    "slideslive.com": "video",
    "slideshare.net": "slides",
    "speakerdeck.com": "slides",
    "zenodo.org": "data",
    "figshare.com": "data",
    "kaggle.com": "data",
    "osf.io": "data",
}
_PATHS: tuple[tuple[re.Pattern[str], Placed], ...] = (
    (re.compile(r"https?://(?:www\.)?(?:huggingface|hf)\.co/datasets/", re.IGNORECASE), "data"),
    (re.compile(r"https?://docs\.google\.com/presentation/", re.IGNORECASE), "slides"),
    (re.compile(r"https?://openreview\.net/(?:pdf|attachment)\b", re.IGNORECASE), "pdf"),
    (re.compile(r"https?://[^?#]+\.pdf(?:[?#].*)?$", re.IGNORECASE), "pdf"),
)


def arxiv_number(text: str) -> str | None:
    """The arXiv number, with its version where one is given, when the text is nothing else.

    Read are addresses (``arxiv.org/abs|pdf|html``, ``huggingface.co/papers``, ``ar5iv``), ``arXiv:2401.00001``,
    ``arXiv preprint arXiv:2401.00001``, ``CoRR abs/2401.00001``, ``10.48550/arXiv.2401.00001``, ``math.GT/0309136``
    (the subject class is not part of the number) and the bare number.
    """
    found = _ARXIV.fullmatch(" ".join(text.split()))
    if found is None:
        return None
    number, version = next((found[i], found[i + 1]) for i in range(1, len(found.groups()), 2) if found[i])
    archive, slash, rest = number.partition("/")
    return f"{archive.partition('.')[0].lower()}/{rest}{version or ''}" if slash else f"{number}{version or ''}"


def arxiv_in(text: str) -> str | None:
    """The first arXiv number that the text names as one, wherever it stands."""
    found = re.search(rf"arxiv[:.\s/]*(?:org/)?(?:abs|pdf|html)?[:/.\s]*{_NUMBER}", text, re.IGNORECASE)
    return arxiv_number(found[1] + (found[2] or "")) if found else None


def without_version(number: str) -> str:
    """``2401.00001v2`` -> ``2401.00001``."""
    return re.sub(r"v\d+$", "", number)


def arxiv_month(number: str) -> tuple[int, int] | None:
    """Year and month in which arXiv gave a number, which both schemes of numbers say."""
    digits = number.rpartition("/")[2][:4]
    year, month = int(digits[:2]), int(digits[2:])
    if not 1 <= month <= 12:
        return None
    return (1900 if year > 90 else 2000) + year, month


def doi_of(text: str) -> str | None:
    """The DOI, bare, when the text is nothing else; percent signs of an address are resolved."""
    text = text.strip()
    if "%" in text:
        text = unquote(text)
    found = _DOI.fullmatch(text)
    return found[1].rstrip(".,;") if found else None


def place_address(url: str) -> tuple[Placed, str]:
    """The field that an address fills (``doi``, ``arxiv`` or a kind of link), and the value that it puts there.

    An address that says nothing is the paper's ``project`` page.
    """
    url = url.strip()
    if number := arxiv_number(url):
        return "arxiv", number
    if doi := doi_of(url):
        return "doi", doi
    for pattern, kind in _PATHS:
        if pattern.match(url):
            return kind, url
    host = url.partition("://")[2].partition("/")[0].partition(":")[0].lower().removeprefix("www.")
    while host:
        if host in _HOSTS:
            return _HOSTS[host], url
        host = host.partition(".")[2]
    if found := _DOI_IN_ADDRESS.match(url):
        return "doi", unquote(found[1]).rstrip(".,;/")
    return "project", url
