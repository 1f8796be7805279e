"""lunr.py's pipeline for one word, several times faster: trimmer, stop words, Porter's stemmer.

lunr.py stays the source of truth: a property test holds ``term`` equal to its pipeline for any word. Stemming is
most of what an index costs, since every distinct word of a collection passes here once.

Source: lunr.py 0.8 ``lunr/trimmer.py``, ``lunr/stop_word_filter.py`` and ``lunr/stemmer.py``, that is M. F. Porter,
"An algorithm for suffix stripping", 1980, with the departures its author published later.
"""

from __future__ import annotations

import re

from lunr.stop_word_filter import WORDS

# What ``\\W*?([^\\W]+)\\W*?`` leaves: a single run of word characters, else the text as it is.
_TRIM = re.compile(r"^\W*?([^\W]+)\W*?$")
_STOP_WORDS = frozenset(WORDS)
_VOWELS = frozenset("aeiou")
_KINDS = bytes(ord("v") if chr(code) in _VOWELS else ord("c") for code in range(256))

# Step 2 and 3: by the letter that tells them apart, suffixes in the order in which they are tried.
_STEP2 = {
    "a": (("ational", "ate"), ("tional", "tion")),
    "c": (("enci", "ence"), ("anci", "ance")),
    "e": (("izer", "ize"),),
    "l": (("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous")),
    "o": (("ization", "ize"), ("ation", "ate"), ("ator", "ate")),
    "s": (("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous")),
    "t": (("aliti", "al"), ("iviti", "ive"), ("biliti", "ble")),
    "g": (("logi", "log"),),
}
_STEP3 = {
    "e": (("icate", "ic"), ("ative", ""), ("alize", "al")),
    "i": (("iciti", "ic"),),
    "l": (("ical", "ic"), ("ful", "")),
    "s": (("ness", ""),),
}
_STEP4 = {
    "a": ("al",),
    "c": ("ance", "ence"),
    "e": ("er",),
    "i": ("ic",),
    "l": ("able", "ible"),
    "n": ("ant", "ement", "ment", "ent"),
    "o": ("sion", "tion", "ou"),
    "s": ("ism",),
    "t": ("ate", "iti"),
    "u": ("ous",),
    "v": ("ive",),
    "z": ("ize",),
}


def term(word: str) -> str | None:
    """The index term of a word, or ``None`` for a stop word."""
    trimmed = _TRIM.match(word)
    if trimmed:
        word = trimmed[1]
    return None if not word or word in _STOP_WORDS else stem(word)


def stem(word: str) -> str:
    """Porter's stem of a lower-case word. Words of one or two characters are their own."""
    if len(word) <= 2:
        return word
    kinds = _kinds(word)
    word, kinds = _step1(word, kinds)
    if len(word) > 1:
        word, kinds = _replace(word, kinds, _STEP2.get(word[-2], ()))
        word, kinds = _replace(word, kinds, _STEP3.get(word[-1], ()))
        word, kinds = _step4(word, kinds)
    return _step5(word, kinds)


def _kinds(word: str) -> bytes:
    """``c`` or ``v`` for each character; a ``y`` after a consonant is a vowel."""
    if word.isascii():
        kinds = word.encode("ascii").translate(_KINDS)
    else:
        kinds = bytes(118 if character in _VOWELS else 99 for character in word)
    if "y" not in word:
        return kinds
    told = bytearray(kinds)
    for i, character in enumerate(word):
        if character == "y" and i and told[i - 1] == 99:
            told[i] = 118
    return bytes(told)


def _step1(word: str, kinds: bytes) -> tuple[str, bytes]:
    """Plurals, -ed, -ing, and a last y."""
    if word[-1] == "s":
        if word.endswith(("sses", "ies")):
            word, kinds = word[:-2], kinds[:-2]
        elif word[-2] != "s":
            word, kinds = word[:-1], kinds[:-1]
    if word.endswith("eed"):
        if b"vc" in kinds[:-3]:
            word, kinds = word[:-1], kinds[:-1]
    elif (word.endswith("ed") and b"v" in kinds[:-2]) or (word.endswith("ing") and b"v" in kinds[:-3]):
        cut = 2 if word[-1] == "d" else 3
        word, kinds = word[:-cut], kinds[:-cut]
        if word.endswith(("at", "bl", "iz")):
            word, kinds = word + "e", kinds + b"v"
        elif len(word) > 1 and word[-1] == word[-2] and kinds[-1] == 99:
            if word[-1] not in "lsz":
                word, kinds = word[:-1], kinds[:-1]
        elif kinds.count(b"vc") == 1 and _ends_short(word, kinds):
            word, kinds = word + "e", kinds + b"v"
    if word[-1] == "y" and b"v" in kinds[:-1]:
        word, kinds = word[:-1] + "i", kinds[:-1] + b"v"
    return word, kinds


def _replace(word: str, kinds: bytes, rules: tuple[tuple[str, str], ...]) -> tuple[str, bytes]:
    for suffix, new in rules:
        if word.endswith(suffix):
            kept = len(word) - len(suffix)
            if b"vc" in kinds[:kept]:
                return word[:kept] + new, kinds[:kept] + _kinds(new)
            break
    return word, kinds


def _step4(word: str, kinds: bytes) -> tuple[str, bytes]:
    for suffix in _STEP4.get(word[-2], ()) if len(word) > 1 else ():
        if word.endswith(suffix):
            kept = len(word) - (3 if suffix in ("sion", "tion") else len(suffix))
            if kinds.count(b"vc", 0, kept) > 1:
                return word[:kept], kinds[:kept]
            break
    return word, kinds


def _step5(word: str, kinds: bytes) -> str:
    """A last -e, and the second of two last -l."""
    measure = kinds.count(b"vc")
    if word[-1] == "e" and (measure > 1 or (measure == 1 and not _ends_short(word[:-1], kinds[:-1]))):
        word, kinds = word[:-1], kinds[:-1]
    if measure > 1 and word.endswith("ll"):
        word = word[:-1]
    return word


def _ends_short(word: str, kinds: bytes) -> bool:
    """Whether the last three are consonant, vowel, consonant other than w, x or y."""
    return kinds[-3:] == b"cvc" and word[-1] not in "wxy"
