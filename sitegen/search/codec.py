"""How numbers, words and files of the index are written; ``docs/search-format.md`` describes every byte."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


def varints(values: Ints) -> tuple[Bytes, Ints]:
    """LEB128 of non-negative numbers, and where each begins (one more than there are values).

    Source of the format: DWARF 4, section 7.6.
    """
    sizes = np.ones(len(values), dtype=np.int64)
    for bits in (7, 14, 21, 28):
        sizes += values >> bits > 0
    begins = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(sizes, out=begins[1:])
    out = np.empty(int(begins[-1]), dtype=np.uint8)
    for k in range(int(sizes.max(initial=0))):
        some = np.flatnonzero(sizes > k)
        more = (sizes[some] > k + 1) * 128
        out[begins[some] + k] = (values[some] >> (7 * k) & 127) | more
    return out, begins


def varint_bytes(values: npt.NDArray[np.integer]) -> bytes:
    """LEB128 of non-negative numbers. Most columns hold small ones only, which are their own encoding."""
    if len(values) and int(values.max()) > 127:
        return varints(values.astype(np.int64))[0].tobytes()
    return values.astype(np.uint8).tobytes()


def varint(value: int) -> bytes:
    """LEB128 of one number."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def columns(*parts: bytes) -> bytes:
    """Byte strings one after the other, each behind its length."""
    return b"".join(varint(len(part)) + part for part in parts)


def term_table(terms: Sequence[str]) -> bytes:
    """Sorted terms by what each adds to the one before: three columns."""
    shared, added, tails = [], [], []
    before = ""
    for term in terms:
        keep = 0
        for a, b in zip(before, term, strict=False):
            if a != b:
                break
            keep += 1
        shared.append(keep)
        added.append(len(term) - keep)
        tails.append(term[keep:])
        before = term
    prefix, suffix = (varint_bytes(np.array(x, dtype=np.int64)) for x in (shared, added))
    return columns(prefix, suffix, "".join(tails).encode())


def pack(content: bytes) -> bytes:
    """zlib; level 9 takes twice the time of level 6 and saves a quarter of a per cent."""
    return zlib.compress(content, 6)


def name(content: bytes, characters: int) -> str:
    """A file name from a digest of the content: lower case and figures, safe on every file system."""
    return base64.b32encode(hashlib.blake2b(content, digest_size=10).digest()).decode().lower()[:characters]
