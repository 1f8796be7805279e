"""Sorting names and labels as readers look for them: Łukasz among those with L, Öre after Ore.

The first two levels of Unicode's collation (UTS 10) for scripts that have them: base letters, then accents. Letters of
Latin that do not decompose (Ł, Ø, Æ) count as those they are transliterated to. The whole algorithm is pyuca's, whose
last release is of 2017 and whose table takes longer to load than a small site to build; tailoring by language (Swedish
Å after Z) is not done.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from text_unidecode import unidecode


@lru_cache(maxsize=65536)
def collation_key(text: str) -> tuple[str, str]:
    """What texts are compared by: base letters without case, then the text itself."""
    if text.isascii():
        return text.casefold(), text
    return "".join(map(_base, text)).casefold(), text


@lru_cache(maxsize=4096)
def _base(sign: str) -> str:
    plain = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    if plain.isascii() or not unicodedata.name(plain[0], "").startswith("LATIN"):
        # Kana and Hangul, too, decompose, but are read whole.
        return plain if plain.isascii() else sign
    return str(unidecode(plain)) or plain
