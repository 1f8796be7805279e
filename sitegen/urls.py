"""Slugs, URL paths and output paths.

Three words are kept apart everywhere:

    slug    one URL segment, ``attention-is-all-you-need``
    url     a page's address below the site's root, without a leading slash: ``papers/attention/`` (the
            home page is ``""``). Templates put the page's ``root`` (``../../``) in front, so that a site
            works under any base path.
    path    the output file below the output folder, ``papers/attention/index.html``
"""

from __future__ import annotations

import datetime
import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from urllib.parse import quote

from slugify import slugify as _transliterate

MAX_SLUG_BYTES = 80
# Symbols that carry meaning in the names of this field and that transliteration would drop.
_SPOKEN = (
    ("c++", "c-plus-plus"),
    ("++", "-plus-plus"),
    ("c#", "c-sharp"),
    ("f#", "f-sharp"),
    ("+", " plus "),
)
_PLAIN_WORDS = re.compile(r"(?=[ -]*[A-Za-z]{5}|[ -]*[A-Za-z]{1,20}[ -]+[A-Za-z0-9])[A-Za-z0-9 -]{2,80}")
_DEVICE = r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)"
_PLAIN_ID = rf"(?!{_DEVICE})(?!.*\.\.)[a-z0-9](?:[a-z0-9_.-]{{0,78}}[a-z0-9])?"
_PLAIN_IDS = re.compile(rf"(?:{_PLAIN_ID}\n)*", re.MULTILINE)
_PLAIN_URL = re.compile(r"[A-Za-z0-9/._~%-]*")
_DEVICE_NAME = re.compile(_DEVICE)


def slugify(text: str) -> str:
    """One URL segment for any text: ASCII letters, digits and ``-``, at most 80 bytes, never empty.

    Other scripts are transliterated. A text without any letter or digit becomes ``x-`` and eight hex digits
    of its digest, so it has an address too.
    """
    if _PLAIN_WORDS.fullmatch(text):
        # The common case, a hundred times faster; a property test holds it equal to the long way.
        return "-".join(text.lower().replace("-", " ").split())
    spoken = unicodedata.normalize("NFKC", text).casefold()
    for symbol, word in _SPOKEN:
        spoken = spoken.replace(symbol, word)
    slug = _transliterate(spoken, max_length=MAX_SLUG_BYTES, word_boundary=True)
    if not slug:
        return f"x-{_short_digest(text)}"
    return f"{slug}-{_short_digest(text)[:4]}" if _DEVICE_NAME.match(slug) else slug


def paper_id(title: str) -> str:
    """The id that an importer gives to a paper of which it knows only the title."""
    return slugify(title)


def segment(identifier: str) -> str:
    """The URL segment for a paper's id or slug: kept as it is where it is safe in a path, else slugified.

    Identifiers of the field such as ``2401.00001`` or ``2023.acl-long.1`` stay recognisable.
    """
    return segments([identifier])[0]


def segments(identifiers: Sequence[str]) -> list[str]:
    """``segment`` of each. That all are safe, as in most collections, is seen at once."""
    if _are_plain(identifiers):
        return list(identifiers)
    return [identifier if _are_plain([identifier]) else slugify(identifier) for identifier in identifiers]


def _are_plain(identifiers: Sequence[str]) -> bool:
    lines = "".join([f"{identifier}\n" for identifier in identifiers])
    return lines.count("\n") == len(identifiers) and _PLAIN_IDS.fullmatch(lines) is not None


def assign_slugs(wishes: Mapping[str, str]) -> dict[str, str]:
    """Distinct segments for distinct keys.

    Args:
        wishes: key -> wished segment. Two keys may wish for the same one (``Attention``, ``attention``).

    Returns:
        key -> segment, all different. Where several keys want one segment, the key that is spelled exactly
        so keeps it; every other gets six hex digits of its own digest, which do not depend on its rivals'
        number or order.
    """
    if len(set(wishes.values())) == len(wishes):
        return dict(wishes)
    wanted: dict[str, list[str]] = defaultdict(list)
    for key, wish in wishes.items():
        wanted[wish].append(key)
    assigned: dict[str, str] = {}
    for wish, keys in wanted.items():
        keeper = wish if wish in keys else min(keys)
        for key in keys:
            assigned[key] = wish if key == keeper else _told_apart(wish, key, wanted)
    return assigned


def _told_apart(wish: str, key: str, wanted: Collection[str]) -> str:
    """A segment with a digest behind it that nobody wishes for: such a name may be another's own."""
    salt = key
    while (apart := f"{wish}-{_short_digest(salt)[:6]}") in wanted:
        salt += "+"
    return apart


def path_of(url: str) -> str:
    """Output path of a page's url: ``papers/x/`` -> ``papers/x/index.html``; a file's url is its path."""
    return f"{url}index.html" if url == "" or url.endswith("/") else url


def root_of(url: str) -> str:
    """Relative way from a page back to the root: ``papers/x/`` -> ``../../``, the home page -> ``./``."""
    return "../" * url.count("/") or "./"


def absolute(base_url: str, url: str) -> str:
    """The full address of a url below ``base_url`` (which ends in ``/``)."""
    return base_url + (url if _PLAIN_URL.fullmatch(url) else quote(url, safe="/-._~%"))


def day_url(day: datetime.date) -> str:
    return f"{day.year:04}/{day.month:02}/{day.day:02}/"


def month_url(day: datetime.date) -> str:
    return f"{day.year:04}/{day.month:02}/"


def year_url(day: datetime.date) -> str:
    return f"{day.year:04}/"


def week_url(day: datetime.date) -> str:
    """ISO 8601 week: ``2025/W44/``. The year is the week's year, which may differ from the day's."""
    year, week, _ = day.isocalendar()
    return f"{year:04}/W{week:02}/"


def page_url(url: str, number: int) -> str:
    """Page ``number`` (from 1) of a paginated list."""
    return url if number == 1 else f"{url}page/{number}/"


def safe_link(url: str) -> str | None:
    """The url if readers may be sent there (``http``, ``https``, ``mailto``, a relative path), else ``None``.

    Content is hostile: control characters and white space, which browsers drop before they read a scheme,
    are not allowed at all.
    """
    if not url or re.search(r"[\x00-\x20\x7f<>\"\\^`{|}]", url) or not url.isprintable():
        return None
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", url)
    if scheme:
        if scheme[1].lower() == "mailto":
            return url
        # A host must follow, and no name or password before it, which would dress up as a host.
        return url if re.match(r"https?://[^/?#@]+(?:[/?#]|$)", url, re.IGNORECASE) else None
    return None if url.startswith("//") or ":" in url.split("/")[0] else url


def duplicates(paths: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """``path -> sources`` for every output path that more than one source wants.

    Paths that differ only by case or Unicode form count as one, as they do on many disks.
    """
    paths = list(paths)
    together = "\n".join([path for path, _ in paths])
    if together.isascii() and together == together.lower() and len(dict(paths)) == len(paths):
        return {}
    claims: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path, source in paths:
        key = path if path.isascii() and path.islower() else unicodedata.normalize("NFC", path).casefold()
        claims[key].append((path, source))
    return {claim[0][0]: [source for _, source in claim] for claim in claims.values() if len(claim) > 1}


def _short_digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
