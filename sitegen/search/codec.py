"""How numbers, words and files of the index are written; ``docs/search-format.md`` describes every byte."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def varint_stretches(values: npt.NDArray[np.integer], ends: npt.NDArray[np.integer]) -> list[bytes]:
    """LEB128 of non-negative numbers, cut where stretches of them end.

    Source of the format: DWARF 4, section 7.6.
    """
    out = (values & 127).astype(np.uint8)
    cuts = np.array(ends)
    some, places, groups = np.flatnonzero(values > 127), [], []
    left = values[some] >> 7
    out[some] |= 128
    while len(some):
        longer = left > 127
        places.append(some + 1)
        groups.append((left & 127 | longer << 7).astype(np.uint8))
        cuts += np.searchsorted(some, ends)
        some, left = some[longer], left[longer] >> 7
    data = (np.insert(out, np.concatenate(places), np.concatenate(groups)) if places else out).tobytes()
    return [data[begin:end] for begin, end in pairwise([0, *cuts.tolist()])]


def varint_bytes(values: npt.NDArray[np.integer]) -> bytes:
    """LEB128 of non-negative numbers."""
    return varint_stretches(values, np.array([len(values)]))[0]


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
    letters = np.array(["", *terms])
    letters = letters.view(np.uint32).reshape(len(letters), -1)
    shared = (letters[1:] != letters[:-1]).argmax(axis=1)
    added = np.fromiter(map(len, terms), dtype=np.int64, count=len(terms)) - shared
    tails = "".join([term[keep:] for term, keep in zip(terms, shared.tolist(), strict=True)])
    return columns(varint_bytes(shared), varint_bytes(added), tails.encode())


def pack(content: bytes) -> bytes:
    """zlib; level 9 takes twice the time of level 6 and saves a quarter of a per cent."""
    return zlib.compress(content, 6)


def pack_numbers(content: bytes) -> bytes:
    """zlib for pages that are mostly numbers, where no match is worth looking for but a run: twice as fast as ``pack``
    and larger by two per cent."""
    packer = zlib.compressobj(strategy=zlib.Z_RLE)
    return packer.compress(content) + packer.flush()


def name(content: bytes, characters: int) -> str:
    """A file name from a digest of the content: lower case and figures, safe on every file system."""
    return base64.b32encode(hashlib.blake2b(content, digest_size=10).digest()).decode().lower()[:characters]
