"""Texts of a long list kept in a few bytes each: a list of a million entries must not fill the memory."""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from typing import Any, Self

import numpy as np
import orjson


class Places:
    """Numbers (offsets, places in a list) by a digest of a text, sixteen bytes each; sorted once all are known."""

    def __init__(self) -> None:
        self._digests, self._numbers = array("Q"), array("Q")
        self._is_sorted = True

    def add(self, text: str, number: int) -> None:
        """Note ``number`` (0 or more) for ``text``; a text may have several."""
        self._digests.append(digest_of(text))
        self._numbers.append(number)
        self._is_sorted = False

    def of(self, text: str) -> list[int]:
        """The numbers of ``text`` in the order in which they came.

        Those of another text with the same digest may be among them: not once in ten million lists of a million.
        """
        digests, numbers = self._in_order()
        if not digests:
            return []
        digest, found = digest_of(text), []
        place = bisect_left(digests, digest)
        while place < len(digests) and digests[place] == digest:
            found.append(numbers[place])
            place += 1
        return found

    def repeated(self) -> Iterator[tuple[int, int]]:
        """Pairs of numbers whose texts have the same digest."""
        digests, numbers = self._in_order()
        there = np.frombuffer(digests, dtype=np.uint64) if digests else np.empty(0, np.uint64)
        for place in np.flatnonzero(there[1:] == there[:-1]):
            yield numbers[place], numbers[place + 1]

    def _in_order(self) -> tuple[array[int], array[int]]:
        if not self._is_sorted and self._digests:
            digests, numbers = (np.frombuffer(each, dtype=np.uint64) for each in (self._digests, self._numbers))
            order = np.argsort(digests, kind="stable")
            self._digests, self._numbers = array("Q", digests[order].tobytes()), array("Q", numbers[order].tobytes())
        self._is_sorted = True
        return self._digests, self._numbers


class Texts:
    """Short texts in the order in which they came, one behind the other."""

    def __init__(self) -> None:
        self._bytes, self._ends = bytearray(), array("Q")

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> str:
        return self._bytes[self._ends[number - 1] if number else 0 : self._ends[number]].decode()

    def append(self, text: str) -> None:
        self._bytes += text.encode()
        self._ends.append(len(self._bytes))


class Distinct:
    """Texts that must differ, numbered from 0 in the order in which they came."""

    def __init__(self) -> None:
        self.texts = Texts()
        self._places = Places()

    def add(self, text: str) -> None:
        self._places.add(text, len(self.texts))
        self.texts.append(text)

    def number_of(self, text: str) -> int | None:
        """The number of ``text``, None where it never came."""
        return next((number for number in self._places.of(text) if self.texts[number] == text), None)

    def repeated(self) -> Iterator[tuple[int, int]]:
        """Pairs of numbers that have the same text."""
        return ((one, two) for one, two in self._places.repeated() if self.texts[one] == self.texts[two])


class Shelf:
    """Rows of JSON values by a text each, in a file that ends with its block; their places alone stay in memory."""

    def __init__(self) -> None:
        self._file, self._end = TemporaryFile(), 0  # noqa: SIM115 - closed at the end of the block
        self._places, self._is_at_end = Places(), True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, key: str, row: Sequence[Any]) -> None:
        """Put a row behind those that came before."""
        line = orjson.dumps([key, *row], option=orjson.OPT_APPEND_NEWLINE)
        if not self._is_at_end:
            self._file.seek(self._end)
        self._file.write(line)
        self._is_at_end = True
        self._places.add(key, self._end)
        self._end += len(line)

    def of(self, key: str) -> list[list[Any]]:
        """The rows of ``key`` in the order in which they came; tuples come back as lists."""
        found = (self._line(place) for place in self._places.of(key))
        return [row for stands_for, *row in found if stands_for == key]

    def __iter__(self) -> Iterator[tuple[str, list[Any]]]:
        """(key, row) of all rows in their order."""
        self._file.seek(0)
        self._is_at_end = False
        for line in self._file:
            key, *row = orjson.loads(line)
            yield key, row

    def _line(self, place: int) -> list[Any]:
        self._file.seek(place)
        self._is_at_end = False
        found: list[Any] = orjson.loads(self._file.readline())
        return found


class Groups:
    """The group of each entry of a list, by a digest of the entry's key; twelve bytes an entry."""

    def __init__(self) -> None:
        self._digests, self._numbers = array("Q"), array("I")
        self._groups: dict[tuple[str, ...], int] = {}  # few combinations, many entries

    def __len__(self) -> int:
        return len(self._digests)

    def add(self, key: str, group: tuple[str, ...]) -> None:
        """Note the next entry and what it belongs to."""
        self._digests.append(digest_of(key))
        self._numbers.append(self._groups.setdefault(group, len(self._groups)))

    def sizes(self) -> Counter[tuple[str, ...]]:
        """How many entries each group has."""
        return self._counted(np.array(self._numbers, dtype=np.uint32))

    def lacking_in(self, other: Groups) -> Counter[tuple[str, ...]]:
        """How many entries of each group ``other`` does not have under their key, whatever group they are of there."""
        mine, theirs = (np.array(each._digests, dtype=np.uint64) for each in (self, other))
        return self._counted(np.array(self._numbers, dtype=np.uint32)[~np.isin(mine, theirs)])

    def _counted(self, numbers: Any) -> Counter[tuple[str, ...]]:
        counts = np.bincount(numbers, minlength=len(self._groups))
        return Counter({group: int(counts[number]) for group, number in self._groups.items() if counts[number]})


def digest_of(text: str) -> int:
    """Eight bytes of a digest of ``text``, as a number."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
