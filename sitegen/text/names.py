"""Names of people and of groups: the one parser, and the one place that takes a name apart.

A ``Person`` holds what its source says; ``name_parts`` infers the rest. Rules: "Tame the BeaST" (Markey 2009) for
BibTeX's forms, the manual of biblatex for ``family=..``, CSL 1.0.2 for particles, suffixes and literal names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import msgspec

from sitegen.model import Person
from sitegen.text.collation import collation_key

SUFFIXES = frozenset(("jr", "sr", "jnr", "snr", "junior", "ii", "iii", "iv", "2nd", "3rd"))
# Academic degrees and honours behind a name are no part of it.
_DEGREES = frozenset("PhD DPhil MD MPH MSc MBA BSc FRS FRCP OBE Esq MPhil DDS DVM RN PharmD".split())
# A name with such a word is a group's, in whatever case its source writes it.
_COLLECTIVE = frozenset(
    (
        "collaboration consortium group team committee commission association organization organisation institute "
        "university department ministry council society foundation federation network agency laboratory laboratories "
        "center centre inc corporation project initiative workshop government "
        "authors contributors developers collective alliance coalition programme"
    ).split()
)
_CJK = r"\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003134f"
_ONLY_CJK = re.compile(rf"[{_CJK}・·\s]*[{_CJK}][{_CJK}・·\s]*")
_TITLES = re.compile(r"(?:(?:Prof|Dr|Mr|Mrs|Ms)\.?\s+)+(?=\S+\s)")
_SUPERSCRIPT = re.compile(
    r"\$\s*\^?\s*(?:\{[^{}$]*\}|\\[A-Za-z]+|[^$A-Za-z]*)(?:\{[^{}$]*\})?[^$A-Za-z]*\$|\\textsuperscript\s*\{[^{}]*\}|"
    r"\\(?:thanks|footnote|footnotemark)\b(?:\[[^\]]*\])?(?:\{[^{}]*\})?|\^\{[^{}]*\}|<sup>[^<]*</sup>|"
    r"\\(?:dagger|ddagger|ast|star|dag|ddag)\b(?:\{\})?"
)
# Signs and numbers that point from an author to a note, behind a word; numbers of four digits are dblp's.
_SIGN = r"[*†‡§¶#∗⋆★☆✉✝✦♯⁎♠♣◊¹²³⁰⁴-⁹ᵃᵇ]"
_NOTE = rf"(?:{_SIGN}|\d{{1,2}}(?!\w))"
_MARKS = re.compile(
    rf"(?<=[^\W\d_.)}}])(?:\s?{_SIGN}|\d{{1,2}}(?={_SIGN}|,\s?{_NOTE})){_NOTE}*(?:,\s?{_NOTE}+)*"
    r"|(?<=[^\W\d_])\s\d{4}(?=\s*(?:$|,|;))|[*†‡§¶∗⋆★☆✉✝⁎¹²³⁰⁴-⁹]+"
)
# Numbers of notes look like a part of a name; only where several names have them are they told from it.
_NUMBERED = re.compile(r"(?<=[^\W\d_]{2})\d{1,2}(?=\s*(?:$|,|;|\band\b))")
_OTHERS = re.compile(
    r"(?:\s*(?:,|;|\band\b|&))*\s*(?:(?:\+\s*)?\b\d+\s+(?:more|others?|additional)(?:\s+authors?)?|\bothers\b|"
    r"\bet\.?\s*al\b\.?|…|\.\.\.|\betc\b\.?)\s*$",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"\s*(family|given|prefix|suffix|useprefix|family-i|given-i|prefix-i|suffix-i)\s*=", re.IGNORECASE
)
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?[ -]?){1,4}")


class Name(msgspec.Struct, frozen=True):
    """A name in parts, each perhaps empty; a ``literal`` name is all ``family`` and is never taken apart."""

    given: str = ""
    particle: str = ""
    family: str = ""
    suffix: str = ""
    literal: bool = False

    @property
    def whole_family(self) -> str:
        """``van der Berg``"""
        return f"{self.particle} {self.family}" if self.particle else self.family


def full_name(given: str, family: str, particle: str = "", suffix: str = "") -> str:
    """The name in reading order; names in Chinese, Japanese or Korean begin with the family and have no blank."""
    if given and family and not particle and _ONLY_CJK.fullmatch(given + family):
        return f"{family}{given}".replace(" ", "")
    return " ".join(part for part in (given, particle, family, suffix) if part)


@lru_cache(maxsize=16384)
def name_parts(person: Person) -> Name:
    """The parts of a name, where the source does not say them inferred from its reading order.

    The family name is the last word before a suffix; lower-case words right before it, or before those that follow
    them, are a particle ("Charles de la Vallée Poussin"). A single word is all family.
    """
    if person.literal:
        return Name(family=person.name, literal=True)
    if person.family:
        return Name(person.given or "", person.particle or "", person.family, person.suffix or "")
    words = person.name.split()
    if _is_collective(words):
        return Name(family=person.name, literal=True)
    if len(words) == 1 or _ONLY_CJK.fullmatch(person.name):
        return Name(family=person.name)
    suffix = words.pop() if len(words) > 1 and is_suffix(words[-1]) else ""
    given, particle, family = _in_reading_order(words)
    return Name(" ".join(given), " ".join(particle), " ".join(family), suffix.rstrip(","))


def is_suffix(word: str) -> bool:
    return word.strip(".,").lower() in SUFFIXES


def family_given(person: Person) -> str:
    """``van der Berg, Jan`` or ``King, Martin Luther, Jr.``; a single name or a group's as it is."""
    name = name_parts(person)
    return ", ".join(part for part in (name.whole_family, name.given, name.suffix) if part)


def bibtex_name(person: Person, escape: Callable[[str], str] = str) -> str:
    """The name as BibTeX reads it back: ``van der Berg, Jr., Jan``; what must not be taken apart stands in braces.

    Args:
        escape: makes LaTeX of plain text.
    """
    name = name_parts(person)
    if not name.given:
        return f"{{{escape(person.name)}}}"
    parts = (name.whole_family, name.suffix, name.given)
    return ", ".join([f"{{{escape(p)}}}" if re.search(r",|\band\b", p) else escape(p) for p in parts if p])


def sort_key(person: Person) -> tuple[tuple[str, str], tuple[str, str], str]:
    """Where the name stands among others: by family without its particle, then by given name."""
    name = name_parts(person)
    return collation_key(name.family), collation_key(name.given), person.name


def parse_name(text: str) -> Person | None:
    """One name in any form, or ``None`` where there is none; see ``read_name``."""
    return read_name(text)[0]


@lru_cache(maxsize=16384)
def read_name(text: str, plain: Callable[[str], str] | None = None) -> tuple[Person | None, str]:
    """One name in any form, and what of the text is no part of it (degrees).

    Forms: ``Ada Poe``, ``Poe, Ada``, ``van Roe, Jr., Ben``, ``Roe, Ben, Jr.``, ``family=Roe, given=Ben, prefix=van``,
    ``{Paper Boat Team}``, names in Chinese, Japanese or Korean. Marks of footnotes and numbers behind a name go.

    Args:
        plain: makes plain text of LaTeX; braces then group, as in BibTeX.
    """
    text = _SUPERSCRIPT.sub("", text) if re.search(r"[$\\^<]", text) else text
    text = " ".join(text.replace("~", " ").split()).strip(",; ")
    text = _MARKS.sub("", text).strip(",; ")
    if plain and (inside := _in_braces(text)) is not None:
        name = " ".join(plain(inside).split())
        return (Person(name, literal=True) if name else None), ""
    if _LABELLED.match(text):
        return _labelled(text, plain), ""
    parts = [part for part in _split(text, ",") if part]
    parts, degrees = _without_degrees([" ".join(_TITLES.sub("", part).split()) for part in parts])
    if not parts:
        return None, degrees
    read = (lambda words: " ".join(plain(" ".join(words)).split())) if plain else " ".join
    if len(parts) == 1:
        return _of_words(_words(parts[0]), read, plain), degrees
    if len(parts) == 2 and is_suffix(parts[1]):
        person = _of_words([*_words(parts[0]), parts[1]], read, plain)
        return person, degrees
    return _inverted(parts, read, plain), degrees


def parse_names(text: str, plain: Callable[[str], str] | None = None) -> tuple[tuple[Person, ...], bool]:
    """The names of a list in one text, and whether it ends in "and others" or such.

    Names are parted by ``;``, ``|``, "and", ``&`` or commas; a comma parts a family from a given name where the text
    cannot be a list of whole names.
    """
    text = " ".join(text.split())
    text = _MARKS.sub("", _SUPERSCRIPT.sub("", text))
    if len(_NUMBERED.findall(text)) > 1 and " " in text.partition(",")[0]:
        text = _NUMBERED.sub("", text)
    text = " ".join(text.split())
    rest = _without_others(text)
    more = len(rest) < len(text)
    pieces = _split_names(rest, latex=plain is not None)
    people = [person for piece in pieces if (person := read_name(piece, plain)[0])]
    return tuple(people), more


def _without_others(text: str) -> str:
    """The text without an "and others" at its end, looked for there alone: the pattern is slow on a long text."""
    cut = max(0, len(text) - 80)
    return text[:cut] + _OTHERS.sub("", text[cut:])


def _split_names(text: str, *, latex: bool = False) -> list[str]:
    for separator in (";", "|"):
        if separator in text and len(pieces := _split(text, separator)) > 1:
            return pieces
    pieces = _split_at_and(text)
    if "," not in text:
        return pieces
    if len(pieces) > 1 and all(len(_split(piece, ",")) > 1 for piece in pieces):
        return pieces  # "Poe, Ada and Roe, Ben"
    whole = [part for piece in pieces for part in _split(piece, ",") if part.strip()]
    bare = [part for part in whole if not is_suffix(part) and not _is_degree(part)]
    if len(pieces) == 1 and len(bare) <= 2 and (latex or len(bare) < len(whole)) and not all(map(_may_be_whole, bare)):
        return [text]  # "King, Jr., Martin"
    if latex and len(bare) <= 2 * len(pieces):
        return pieces
    if all(map(_may_be_whole, bare)):
        return _with_suffixes(whole)
    if len(whole) > 2 and not any(map(_may_be_whole, whole[:2])) and all(map(_may_be_whole, whole[2:])):
        return [f"{whole[0]}, {whole[1]}", *whole[2:]]  # "Poe, Ada, Ben Roe, and Cy Coe", as the MLA's style has it
    if len(pieces) > 1 and len(whole) < 2 * len(pieces) + 1:
        return pieces  # "Poe, Ada and Ben Roe"
    if len(whole) % 2 == 0 and all(_INITIALS.fullmatch(part.strip()) for part in whole[1::2]):
        return [f"{family}, {given}" for family, given in zip(whole[::2], whole[1::2], strict=True)]
    return [text] if len(whole) == 2 and len(pieces) == 1 else whole


def is_doubtful(text: str) -> bool:
    """Whether a list of names in one text may have been cut between family and given names: ``Poe, Ada, Roe, Ben``."""
    if ";" in text or "|" in text or "," not in text or len(_split_at_and(text)) > 1:
        return False
    text = _without_others(text)
    whole = [part.strip() for part in text.split(",") if part.strip()]
    return len(whole) > 2 and len(_split_names(text)) == len(whole) and not all(map(_may_be_whole, whole))


def _may_be_whole(part: str) -> bool:
    """Whether a part between commas is a whole name rather than a piece of one."""
    words = part.split()
    return (len(words) > 1 and not _INITIALS.fullmatch(part.strip())) or bool(_ONLY_CJK.fullmatch(part))


def _with_suffixes(parts: list[str]) -> list[str]:
    joined: list[str] = []
    for part in parts:
        if joined and (is_suffix(part) or _is_degree(part)):
            joined[-1] += f", {part.strip()}"
        else:
            joined.append(part)
    return joined


def _split_at_and(text: str) -> list[str]:
    if "{" not in text:
        return re.split(r"\s+and\s+|\s*&\s+|^and\s+", text, flags=re.IGNORECASE)
    return [piece for piece in _split(text, r"\s+and(?=\s)") if piece]


def _split(text: str, separator: str) -> list[str]:
    """The pieces of a text between separators that stand outside of braces."""
    pieces, depth, start = [], 0, 0
    for found in re.finditer(
        rf"\\.|[{{}}]|{separator if len(separator) > 1 else re.escape(separator)}", text, re.IGNORECASE
    ):
        if found[0] in "{}":
            depth = max(0, depth + (1 if found[0] == "{" else -1))
        elif not depth and not found[0].startswith("\\"):
            pieces.append(text[start : found.start()].strip())
            start = found.end()
    return [*pieces, text[start:].strip()]


def _in_braces(text: str) -> str | None:
    """What braces hold that enclose a whole text."""
    if not (text.startswith("{") and text.endswith("}")):
        return None
    depth = 0
    for found in re.finditer(r"\\.|[{}]", text):
        if found[0] in "{}":
            depth += 1 if found[0] == "{" else -1
            if depth == 0 and found.end() < len(text):
                return None
    inside = text[1:-1]
    # A command in braces is a letter: {\'E}mile.
    return None if depth or re.fullmatch(r"\\\W\S*|\\[A-Za-z]{1,2}", inside) else inside


def _is_degree(part: str) -> bool:
    return all(word.replace(".", "") in _DEGREES for word in part.split())


def _without_degrees(parts: list[str]) -> tuple[list[str], str]:
    if len(parts) == 2 and " " not in parts[0]:
        return parts, ""  # "Poe, MD" has initials
    degrees = [part for part in parts[1:] if _is_degree(part)]
    parts = [*parts[:1], *[part for part in parts[1:] if not _is_degree(part)]]
    if parts and len(words := parts[-1].split()) > 2 and words[-1].replace(".", "") == "PhD":
        degrees.append(words[-1])
        parts[-1] = " ".join(words[:-1])
    return [part for part in parts if part], ", ".join(degrees)


def _words(text: str) -> list[str]:
    return text.split() if "{" not in text else [word for word in _split(text, r"\s") if word]


def _of_words(words: list[str], read: Callable[[list[str]], str], plain: Callable[[str], str] | None) -> Person | None:
    """A name in reading order. Only where words must be told from characters of LaTeX are its parts set."""
    name = read(words)
    if not name:
        return None
    if re.fullmatch(r"(?:(?:and ?)+|others|et al\.?|:|-+|n/?a|null|none|unknown|anonymous)", name, re.IGNORECASE):
        return Person(name) if name.lower() == "anonymous" else None
    if not any(sign.isalnum() for sign in name):
        return None
    if _ONLY_CJK.fullmatch(name) and len(words) == 2:
        own, second = name.split()
        return Person(f"{own}{second}", family=own, given=second)
    if plain is None or len(words) == 1 or _is_collective(name.split()):
        return Person(name, literal=_is_collective(name.split()))
    suffix = words[-1] if is_suffix(words[-1]) else ""
    given, particle, family = _in_reading_order(words[:-1] if suffix else words, plain)
    return _person(read(given), read(particle), read(family), suffix)


def _in_reading_order(
    words: list[str], plain: Callable[[str], str] | None = None
) -> tuple[list[str], list[str], list[str]]:
    """Given names, particle and family name of the words of a name."""
    small = [_is_small(word, plain) for word in words]
    start = next((i for i in range(1, len(words) - 1) if small[i]), None)
    if start is None:
        return words[:-1], [], words[-1:]
    end = max(i for i in range(start, len(words) - 1) if small[i]) + 1
    return words[:start], words[start:end], words[end:]


def _is_small(word: str, plain: Callable[[str], str] | None) -> bool:
    if plain and word.startswith("{") and not word.startswith("{\\"):
        return False
    word = plain(word) if plain else word
    first = next((sign for sign in word if sign.isalpha()), "")
    return first.islower()


def _inverted(parts: list[str], read: Callable[[list[str]], str], plain: Callable[[str], str] | None) -> Person | None:
    suffix = ""
    for i in (1, 2):
        if len(parts) > 2 and i < len(parts) and is_suffix(parts[i]):
            suffix = parts.pop(i)
    before = _words(parts[0])
    if len(before) > 1 and not suffix and is_suffix(before[-1]):
        suffix = before.pop()
    given = read([word for part in parts[1:] for word in _words(part)])
    small = 0
    while small < len(before) - 1 and _is_small(before[small], plain):
        small += 1
    family = before[small:]
    inside = _in_braces(family[0]) if len(family) == 1 and plain else None
    return _person(given, read(before[:small]), read([inside] if inside else family), suffix)


def _labelled(text: str, plain: Callable[[str], str] | None) -> Person | None:
    said = {}
    for part in _split(text, ","):
        label, _, value = part.partition("=")
        inside = _in_braces(value.strip()) if plain else None
        value = inside if inside is not None else value
        said[label.strip().lower()] = " ".join((plain(value) if plain else value).split()).strip('"')
    return _person(said.get("given", ""), said.get("prefix", ""), said.get("family", ""), said.get("suffix", ""))


def _person(given: str, particle: str, family: str, suffix: str) -> Person | None:
    name = full_name(given, family, particle, suffix)
    if not any(sign.isalnum() for sign in name):
        return None
    if not given or not family:
        return Person(name)
    return Person(name, family=family, given=given, particle=particle or None, suffix=suffix or None)


def _is_collective(words: list[str]) -> bool:
    return len(words) > 1 and any(word.strip(".,()").lower() in _COLLECTIVE for word in words)
