"""The picture that stands beside a shared link: a quiet geometric mark in the site's hue.

Networks show no SVG, so it is a PNG (RFC 2083), drawn here row by row: a shelf of papers as upright bars of
different heights on a plain ground. The same title and hue give the same bytes.
"""

from __future__ import annotations

import colorsys
import hashlib
import struct
import zlib

WIDTH, HEIGHT = 1200, 630
SHARE_IMAGE = "share.png"

_SHELF = 500
_MARGIN = 120
_BAR, _GAP = 32, 16


def hue_of(title: str) -> int:
    """A hue from 0 to 359 for a site that has chosen none."""
    return int.from_bytes(hashlib.blake2b(title.encode(), digest_size=2).digest()) % 360


def share_image(title: str, hue: int) -> bytes:
    """A PNG of 1200 by 630 pixels.

    Args:
        title: decides how the bars stand, so that two sites look different.
        hue: 0 to 359.
    """
    ground, shelf = _colour(hue, 0.95, 0.25), _colour(hue, 0.30, 0.30)
    shades = [_colour(hue, lightness, 0.42) for lightness in (0.32, 0.42, 0.54, 0.66, 0.78)]
    bars = _bars(title)
    rows = bytearray()
    cached: dict[tuple[bool, ...], bytes] = {}
    for y in range(HEIGHT):
        if _SHELF <= y < _SHELF + 6:
            row = ground * (_MARGIN - 20) + shelf * (WIDTH - 2 * _MARGIN + 40) + ground * (_MARGIN - 20)
        else:
            standing = tuple(top <= y < _SHELF for top, _ in bars)
            if standing not in cached:
                cells = [
                    (shades[shade] if up else ground) * _BAR + ground * _GAP
                    for up, (_, shade) in zip(standing, bars, strict=True)
                ]
                cached[standing] = ground * _MARGIN + b"".join(cells) + ground * _MARGIN
            row = cached[standing]
        rows += b"\0" + row
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(bytes(rows), 9)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _bars(title: str) -> list[tuple[int, int]]:
    """The top edge and the shade of each bar."""
    count = (WIDTH - 2 * _MARGIN) // (_BAR + _GAP)
    seed = hashlib.blake2b(title.encode(), digest_size=2 * count).digest()
    # A slow swell below the noise: the shelf reads as one line, not as static.
    return [
        (_SHELF - 130 - 36 * (seed[2 * i] % 6) - 8 * min(i, count - 1 - i), seed[2 * i + 1] % 5) for i in range(count)
    ]


def _colour(hue: int, lightness: float, saturation: float) -> bytes:
    return bytes(round(255 * channel) for channel in colorsys.hls_to_rgb(hue / 360, lightness, saturation))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
