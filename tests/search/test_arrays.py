from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sitegen.search.arrays import with_rows, without

# So few rows among so many that each is copied around, and so many that a mask is used.
lengths = st.sampled_from([0, 1, 7, 1000])


@given(lengths, st.data())
def test_rows_are_taken_out_as_numpy_does_it(length: int, data: st.DataObject) -> None:
    array = np.arange(length, dtype=np.uint16) * 3
    rows = data.draw(st.sets(st.integers(0, length - 1), max_size=12)) if length else set()
    gone = np.array(sorted(rows), dtype=np.int64)
    left = without(array, gone)
    assert left.dtype == array.dtype
    np.testing.assert_array_equal(left, np.delete(array, gone))


@given(lengths, st.data())
def test_rows_are_put_in_as_numpy_does_it(length: int, data: st.DataObject) -> None:
    array = np.arange(length, dtype=np.uint16)
    at = np.array(sorted(data.draw(st.lists(st.integers(0, length), max_size=12))), dtype=np.int64)
    rows = np.arange(len(at), dtype=np.uint16) + 5000
    joined = with_rows(array, at, rows)
    assert joined.dtype == array.dtype
    np.testing.assert_array_equal(joined, np.insert(array, at, rows))
