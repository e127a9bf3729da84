"""In what two JSON values differ, place by place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """One place: its JSON pointer (RFC 6901; empty for the whole), and what stands there, None where nothing does."""

    path: str
    before: Any
    after: Any


def differences(before: Any, after: Any) -> tuple[Difference, ...]:
    """Every place in which two values differ, the smallest parts that do, in the order of the names."""
    return tuple(_differences(before, after, ""))


def _differences(before: Any, after: Any, path: str) -> Iterator[Difference]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted({*before, *after}):
            step = f"{path}/{name.replace('~', '~0').replace('/', '~1')}"
            yield from _differences(before.get(name, _ABSENT), after.get(name, _ABSENT), step)
    elif isinstance(before, list) and isinstance(after, list):
        for number in range(max(len(before), len(after))):
            yield from _differences(_at(before, number), _at(after, number), f"{path}/{number}")
    elif before is _ABSENT or after is _ABSENT or type(before) is not type(after) or before != after:
        yield Difference(path, None if before is _ABSENT else before, None if after is _ABSENT else after)


def _at(values: list[Any], number: int) -> Any:
    return values[number] if number < len(values) else _ABSENT
