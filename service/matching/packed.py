"""Texts, lists of numbers and tables in a few large arrays: made quickly, handed on as they are, and shared.

An object of Python counts its references in its own memory, so that a forked worker copies the page of whatever
it looks at. What lies in arrays is only read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from hashlib import blake2b
from itertools import pairwise
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from service.matching.letters import ranges

Numbers = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64] | npt.NDArray[np.int32]

_WIDEST = 64  # letters


class Runs:
    """Lists of numbers, one behind the other; ``ends`` says where each begins and where the last one ends."""

    __slots__ = ("ends", "values")

    def __init__(self, values: npt.NDArray[Any], ends: Numbers) -> None:
        self.values, self.ends = values, ends

    @classmethod
    def of(cls, lists: Sequence[Sequence[int]], dtype: npt.DTypeLike) -> Runs:
        """The lists as they are."""
        values = np.array([value for each in lists for value in each], dtype=dtype)
        return cls(values, ends_of([len(each) for each in lists]))

    @classmethod
    def joined(cls, many: Sequence[Runs]) -> Runs:
        """The lists of all, in their order."""
        sizes = np.concatenate([runs.sizes for runs in many])
        return cls(np.concatenate([runs.values for runs in many]), ends_of(sizes))

    def __len__(self) -> int:
        return len(self.ends) - 1

    @property
    def sizes(self) -> Numbers:
        return np.diff(self.ends)

    @property
    def owners(self) -> Numbers:
        """For each value the place of its list."""
        return np.repeat(np.arange(len(self)), self.sizes)

    def at(self, places: Places) -> npt.NDArray[Any]:
        """The values of the lists at these places, one behind the other."""
        if len(places) < 2:  # as most are: no need to gather
            first = int(places[0]) if len(places) else 0
            return self.values[self.ends[first] : self.ends[first + len(places)]]
        starts = self.ends[places]
        return self.values[ranges(starts, self.ends[places + 1] - starts)]

    def take(self, places: Places) -> Runs:
        """The lists at these places."""
        return Runs(self.at(places), ends_of(self.sizes[places]))


class Texts:
    """Strings as one run of bytes."""

    __slots__ = ("_bytes",)

    def __init__(self, of_bytes: Runs) -> None:
        self._bytes = of_bytes

    @classmethod
    def of(cls, texts: Iterable[str]) -> Texts:
        """The texts as they are; also what no encoding carries, a lone surrogate."""
        written = [text.encode("utf-8", "surrogatepass") for text in texts]
        letters = np.frombuffer(b"".join(written), dtype=np.uint8)
        return cls(Runs(letters, ends_of([len(each) for each in written])))

    @classmethod
    def joined(cls, many: Sequence[Texts]) -> Texts:
        """The texts of all, in their order."""
        return cls(Runs.joined([texts._bytes for texts in many]))

    def __len__(self) -> int:
        return len(self._bytes)

    def __getitem__(self, place: int) -> str:
        start, end = self._bytes.ends[place : place + 2]
        return self._bytes.values[start:end].tobytes().decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        letters, ends = self._bytes.values.tobytes(), self._bytes.ends.tolist()
        for start, end in pairwise(ends):
            yield letters[start:end].decode("utf-8", "surrogatepass")

    @property
    def sizes(self) -> Numbers:
        """The bytes of each."""
        return self._bytes.sizes

    def chosen(self, places: Places) -> npt.NDArray[np.object_]:
        """The texts at these places, for reckoning with."""
        found = np.empty(len(places), dtype=object)
        found[:] = list(self.take(places))
        return found

    def letters(self) -> npt.NDArray[Any]:
        """The texts side by side in one array where all are short and of plain letters, else as objects."""
        sizes, values = self.sizes, self._bytes.values
        width = int(sizes.max(initial=1))
        if width > _WIDEST or (values > 127).any():
            return np.array([*self, None], dtype=object)[:-1]
        found = np.zeros((len(self), width), dtype=np.uint8)
        found[np.arange(width) < sizes[:, None]] = values
        return found.view(f"S{width}").reshape(len(self))

    def take(self, places: Places) -> Texts:
        """The texts at these places."""
        return Texts(self._bytes.take(places))


class Columns:
    """A dataclass whose fields are columns: arrays, texts or runs, all of one length."""

    def take(self, places: Places) -> Self:
        """The rows at these places."""
        return type(self)(**{name: _taken(getattr(self, name), places) for name in self._names()})

    @classmethod
    def joined(cls, many: Sequence[Self]) -> Self:
        """The rows of all, in their order."""
        return cls(**{name: _joined([getattr(each, name) for each in many]) for name in cls._names()})

    @classmethod
    def _names(cls) -> list[str]:
        return [field.name for field in fields(cls)]  # type: ignore[arg-type]  # a dataclass


def _taken(column: Any, places: Places) -> Any:
    return column[places] if isinstance(column, np.ndarray) else column.take(places)


def _joined(columns: Sequence[Any]) -> Any:
    return np.concatenate(columns) if isinstance(columns[0], np.ndarray) else type(columns[0]).joined(columns)


class Table:
    """Where keys stand: the places of the lists that hold a key."""

    __slots__ = ("_keys", "_places")

    def __init__(self, keys: Runs) -> None:
        order = np.argsort(keys.values, kind="stable")
        different, counts = np.unique(keys.values, return_counts=True)
        self._keys: Keys = different
        self._places = Runs(keys.owners[order].astype(np.int32), ends_of(counts))

    def places(self, keys: Sequence[int]) -> Numbers:
        """The places of all lists with one of these keys, one behind the other."""
        asked = np.array(keys, dtype=np.uint64)
        if not len(self._keys) or not len(asked):
            return np.zeros(0, dtype=np.int64)
        found = np.minimum(np.searchsorted(self._keys, asked), len(self._keys) - 1)
        return self._places.at(found[self._keys[found] == asked]).astype(np.int64)


def key_of(text: str) -> int:
    """64 bits that stand for a text; the same in every process, so not Python's own hash."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def ends_of(sizes: Numbers | Sequence[int]) -> Numbers:
    """Where each of some runs that lie one behind the other begins, and where the last one ends."""
    ends: Numbers = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=ends[1:])
    return ends


def numbered(values: npt.NDArray[Any]) -> tuple[Numbers, Numbers]:
    """A number for each value, equal ones together, in the order in which they first come; where each first stands."""
    _, firsts, which = np.unique(values, return_index=True, return_inverse=True)
    order = np.argsort(firsts)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[which], firsts[order]
