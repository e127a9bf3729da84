"""Many words at once as arrays of letters and of bits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]


def letters_of(words: Sequence[str] | npt.NDArray[np.object_]) -> tuple[Numbers, Numbers]:
    """The code points of all words one behind the other, and the length of each word."""
    lengths = np.array([len(word) for word in words], dtype=np.int64)
    written = "".join(words).encode("utf-32-le", "surrogatepass")
    return np.frombuffer(written, dtype="<u4").astype(np.int64), lengths


def bits_by_owner(owners: Numbers, places: Numbers, count: int) -> npt.NDArray[np.uint64]:
    """For each of ``count`` owners the bits, 0 to 63, that ``places`` set; ``owners`` ascend."""
    bits = np.zeros(count, dtype=np.uint64)
    if len(owners):
        starts = np.flatnonzero(np.concatenate([[True], owners[1:] != owners[:-1]]))
        bits[owners[starts]] = np.bitwise_or.reduceat(np.uint64(1) << places.astype(np.uint64), starts)
    return bits


def ranges(starts: Numbers, sizes: Numbers) -> Numbers:
    """The numbers from each start on, so many as its size says, one run behind the other."""
    before = np.cumsum(sizes) - sizes
    numbers: Numbers = np.arange(sizes.sum()) + np.repeat(starts - before, sizes)
    return numbers
