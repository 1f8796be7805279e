"""Operations on arrays that NumPy lacks or is slow at."""

from __future__ import annotations

from itertools import chain
from typing import Any, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from sitegen.search.codec import Ints

T = TypeVar("T")
# Above one row in so many a mask is faster than to copy what lies between them.
_MANY = 100


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


def without(array: npt.NDArray[Any], rows: Ints) -> npt.NDArray[Any]:
    """``np.delete`` of rows in ascending order, much faster where they are few."""
    if len(rows) * _MANY > len(array):
        return np.delete(array, rows)
    begins, ends = [0, *(rows + 1).tolist()], [*rows.tolist(), len(array)]
    return np.concatenate([array[begin:end] for begin, end in zip(begins, ends, strict=True)])


def with_rows(array: npt.NDArray[Any], at: Ints, rows: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """``np.insert`` of rows, each before its place in ascending order, much faster where they are few."""
    if len(rows) * _MANY > len(array):
        return np.insert(array, at, rows)
    begins, ends = [0, *at.tolist()], [*at.tolist(), len(array)]
    pieces = [array[begin:end] for begin, end in zip(begins, ends, strict=True)]
    return np.concatenate([*chain.from_iterable(zip(pieces, rows.reshape(-1, 1), strict=False)), pieces[-1]])


def pack(value: object) -> bytes:
    """A struct with one-dimensional arrays in it as bytes, for ``unpack``."""
    return msgspec.msgpack.encode(value, enc_hook=lambda array: (array.dtype.str, array.tobytes()))


def unpack(data: bytes, kind: type[T]) -> T:
    """What ``pack`` was given; its arrays cannot be written to."""
    return msgspec.msgpack.decode(data, type=kind, dec_hook=lambda _, array: np.frombuffer(array[1], array[0]))
