"""Operations on arrays that NumPy lacks or is slow at."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from sitegen.search.codec import Ints

T = TypeVar("T")


def stable_order(keys: npt.NDArray[np.integer]) -> Ints:
    """``argsort(kind="stable")`` of non-negative numbers by radix: NumPy has that for 16-bit numbers only."""
    order = np.argsort(keys.astype(np.uint16), kind="stable")
    rest = keys >> 16
    while rest.any():
        order = order[np.argsort(rest[order].astype(np.uint16), kind="stable")]
        rest = rest >> 16
    return order


def ranges(begins: npt.NDArray[Any], sizes: npt.NDArray[Any]) -> Ints:
    """``begins[i], begins[i] + 1, ...`` of each size, one after the other."""
    ends = np.cumsum(sizes)
    found: Ints = np.arange(ends[-1] if len(ends) else 0) + np.repeat(begins - (ends - sizes), sizes)
    return found


def pack(value: object) -> bytes:
    """A struct with one-dimensional arrays in it as bytes, for ``unpack``."""
    return msgspec.msgpack.encode(value, enc_hook=lambda array: (array.dtype.str, array.tobytes()))


def unpack(data: bytes, kind: type[T]) -> T:
    """What ``pack`` was given; its arrays cannot be written to."""
    return msgspec.msgpack.decode(data, type=kind, dec_hook=lambda _, array: np.frombuffer(array[1], array[0]))
