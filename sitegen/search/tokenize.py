"""From the text of a paper, or of a query, to the terms of the index.

``fold`` writes a text as plain words between single blanks: no accents, no case, no LaTeX, identifiers in
one piece. lunr.py's own pipeline (trimmer, stop words, stemmer) then makes terms of the words, so that an
index built here is the one that lunr.py builds from the folded text. ``sitegen/client/search/text.js`` is the twin
of this module; ``tests/js/text-vectors.json`` holds what both must answer.
"""

from __future__ import annotations

import re
import unicodedata

from lunr.stop_word_filter import WORDS as STOP_WORDS

from sitegen.search.stemmer import term as term_of

# Letters that Unicode does not decompose but readers type without a thought.
_LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i",
    "ŧ": "t", "ŋ": "n", "ĸ": "k", "ς": "σ",
}  # fmt: skip
# Accents that are dropped. Other combining marks (vowel signs of Indic scripts, for one) belong to the word.
_ACCENTS = (
    (0x0300, 0x036F), (0x0591, 0x05C7), (0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670),
    (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF),
)  # fmt: skip
# Terms stay below the surrogates, where code points and UTF-16 units sort alike: lunr.js refuses an index
# whose terms are out of its own order.
_CEILING = 0xD800

_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_LATEX_ACCENT = re.compile(r"\\(?:[\"'`^~=.]|[uvHcrkbdt](?=\{))\{?([a-z])\}?")
_LATEX_COMMAND = re.compile(r"\\([a-z]+)")
# Commands that only dress what follows them; any other command is read as its name (\alpha, \log).
_DRESS_NAMES = """
    begin end left right big bigg text textbf textit textrm textsc textsf texttt textup emph mathbb mathbf
    mathcal mathfrak mathit mathrm mathscr mathsf mathtt operatorname boldsymbol bm bf it rm tt em frac dfrac
    tfrac sqrt hat tilde bar vec dot ddot overline underline widehat widetilde mathop limits displaystyle
    cite citep citet ref label url href footnote"""
_DRESS = frozenset(_DRESS_NAMES.split())
_DOI = r"10\.[0-9]{4,9}/[^\s\"<>{}|\\^`]*[^\s\"<>{}|\\^`.,;:!?)'\]]"
_ARXIV_OLD = r"(?:[a-z]+-[a-z]+|cs|math|nlin|q-bio|q-fin|stat|physics|quant-ph)(?:\.[a-z]{2})?/[0-9]{7}(?:v[0-9]+)?"
_ARXIV_NEW = r"(?<![0-9a-z.])[0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?(?![0-9a-z]|\.[0-9])"
_ACL = r"(?<![0-9a-z.])(?:[0-9]{4}\.[a-z0-9]+-[a-z0-9]+\.[0-9]+|[a-z][0-9]{2}-[0-9]{4})(?![0-9a-z]|[-.][0-9])"
_IDENTIFIER = re.compile(f"{_DOI}|{_ARXIV_NEW}|{_ACL}|(?<![a-z]){_ARXIV_OLD}(?![0-9a-z])")
_ACL_OLD = re.compile(r"[a-z][0-9]{2}-[0-9]{4}")
_VERSION = re.compile(r"v[0-9]+$")
_PLUS = re.compile(r"(?<![a-z0-9])([a-z])\+\+")
_SHARP = re.compile(r"(?<![a-z0-9])([a-z])#(?![a-z0-9])")
_POSSESSIVE = re.compile(r"'s(?![a-z0-9])")
_APOSTROPHE = re.compile(r"(?<=[a-z])'(?=[a-z])")
# Articles of French and Italian that are written on to the word behind them.
_ELISION = re.compile(r"(?<![a-z0-9])(?:[cdjlmnst]|qu|dell|all|dall|nell|sull|un)'(?=[aeiouhy])")
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
# Two or more letters before a figure are a word of their own: gpt4, gpt 4 and GPT-4 are the same words.
_WORD = re.compile(r"[a-z]{2,}(?=[0-9])|[0-9]+(?:\.[0-9]+)+(?![a-z\x80-\ud7ff])|[a-z0-9\x80-\ud7ff]+")
# Scripts without blanks between words: Chinese, Japanese, Korean, then Thai, Lao, Burmese and Khmer.
_CJK = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
_CJK_RUN = re.compile(f"[{_CJK}]+|[^{_CJK}]+")
_CJK_ANY = re.compile(f"[{_CJK}]")
_LONGEST = 128  # characters of a word; what is longer is no word
_AROUND = ".,;:()[]!?"  # punctuation that no rule minds
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def _is_accent(char: str) -> bool:
    return any(low <= ord(char) <= high for low, high in _ACCENTS)


def _fold_foreign(run: str) -> str:
    """A run of non-ASCII characters as letters, figures and marks; a blank for anything else."""
    kept = []
    for char in unicodedata.normalize("NFKD", run.replace("™", " ").replace("℠", " ")).lower():
        category = unicodedata.category(char)
        if char in "\u2018\u2019\u02bc\u2032":
            kept.append("'")
        elif category == "Cf" or _is_accent(char):
            continue
        elif char < "\x80":
            kept.append(char)
        elif category[0] in "LNM" and ord(char) < _CEILING:
            kept.append(_LETTERS.get(char, char))
        else:
            kept.append(" ")
    return unicodedata.normalize("NFC", "".join(kept))


def _command(match: re.Match[str]) -> str:
    return " " if match[1] in _DRESS else f" {match[1]} "


def _identifier(match: re.Match[str]) -> str:
    """An identifier as one word: at a hyphen Lunr would cut it."""
    return f"\x00{_VERSION.sub('', match[0]).replace('-', '_')}\x00"


def _bigrams(word: str) -> list[str]:
    words: list[str] = []
    for run in _CJK_RUN.findall(word):
        if _CJK_ANY.match(run) and len(run) > 2:
            words += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            words.append(run)
    return words


def _plain(text: str) -> list[str]:
    found = _WORD.findall(text)
    if text.isascii():
        return found
    return [part for word in found for part in (_bigrams(word) if _CJK_ANY.search(word) else (word,))]


def words_of_chunk(chunk: str) -> list[str]:
    """The words of a text without white space: no rule looks across it, so a chunk is folded once."""
    text = chunk.lower()
    plain = text.strip(_AROUND)
    if plain.isascii():
        if plain.isalpha():
            return [plain[:_LONGEST]]
        if plain.replace("-", "").isalnum() and not _ACL_OLD.fullmatch(plain):
            return [word[:_LONGEST] for word in _WORD.findall(plain)]
    if not text.isascii():
        text = _FOREIGN.sub(lambda match: _fold_foreign(match[0]), text)
    if "\\" in text:
        text = _LATEX_COMMAND.sub(_command, _LATEX_ACCENT.sub(r"\1", text))
    if "'" in text:
        text = _APOSTROPHE.sub("", _POSSESSIVE.sub("", _ELISION.sub("", text)))
    text = _SHARP.sub(r"\1sharp", _PLUS.sub(r"\1plusplus", text))
    text = _IDENTIFIER.sub(_identifier, _CONTROL.sub(" ", _THOUSANDS.sub("", text)))
    found: list[str] = []
    for i, part in enumerate(text.split("\x00")):
        found += [part] if i % 2 else _plain(part)
    return [word[:_LONGEST] for word in found]


def is_unspaced(word: str) -> bool:
    """Whether a word is of a script without blanks between words."""
    return _CJK_ANY.search(word) is not None


def words(text: str) -> list[str]:
    """The words of a text in order, folded: lower-case letters and figures, or one identifier.

    Accents and case are dropped; ``C++`` is ``cplusplus``; LaTeX commands are their names or nothing; DOIs, arXiv ids
    (without a version) and those of the ACL Anthology are one word each, with ``_`` for ``-``; an article before an
    apostrophe is dropped; text of scripts that have no blanks is cut into pairs of characters. A text of nothing but
    stop words is one word, each followed by ``_``, so that such a title can be found at all.
    """
    found = [word for chunk in text.split() for word in words_of_chunk(chunk)]
    return ["_".join(found) + "_"] if found and all(word in STOP_WORDS for word in found) else found


def fold(text: str) -> str:
    """The words of a text, joined by blanks: what lunr.py and lunr.js are given to index."""
    return " ".join(words(text))


def terms(text: str) -> list[str]:
    """The index terms of a text in order, stop words left out: lunr.py's pipeline on ``words(text)``."""
    return [term for word in words(text) if (term := term_of(word))]
