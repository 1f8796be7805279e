"""Characters that no text may hold, and text without them."""

from __future__ import annotations

import re
import unicodedata

from sitegen.text.latex import latex_to_text

_NONCHARACTERS = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))

NOT_TEXT = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}]")
"""Controls but tab and line ends, lone surrogates and noncharacters: HTML forbids all of them, XML most."""


_ASCII_CONTROLS = bytes([code for code in range(128) if (code < 32 or code == 127) and chr(code) != "\n"])


def is_plain(text: str) -> bool:
    """Whether a text holds nothing but printable characters and line feeds, so that none is ``NOT_TEXT``.

    Asked of every text several times, and most are ASCII, of which the bytes are looked through in a third of the time.
    """
    if text.isascii():
        signs = text.encode()
        return len(signs.translate(None, _ASCII_CONTROLS)) == len(signs)
    return text.isprintable() or text.replace("\n", "").isprintable()


def cleaned(value: str | None) -> str:
    """NFC text without such characters, and without blanks around it."""
    if not value:
        return ""
    text = value.strip()
    if not is_plain(text):
        text = NOT_TEXT.sub("", text).strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text).strip()


def one_line(value: str | None) -> str:
    """One line of NFC text without control characters; empty when nothing in it can be seen."""
    if not value:
        return ""
    if value.isascii() and value.isprintable():
        return " ".join(value.split())
    line = " ".join(cleaned(value).split())
    return line if any(sign.isprintable() for sign in line if sign != " ") else ""


def text_line(value: str | None) -> str:
    """``one_line`` of a name or a venue, where a backslash is LaTeX: arXiv writes ``Po\\'e`` in all its answers."""
    line = one_line(value)
    return one_line(latex_to_text(line)) if "\\" in line else line
