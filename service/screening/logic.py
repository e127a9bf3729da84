"""Three-valued logic: true, false, or unknown for want of named fields.

Kleene's strong logic. An unknown carries the request fields that would settle it; joining two
truths keeps only the fields that still matter, so that a rule asks for nothing it does not need.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from service.screening.moment import Order


@dataclass(frozen=True, slots=True)
class Truth:
    """``value`` None is unknown; ``fields`` are the paths that would settle it, in order of asking.

    Unknown without fields is for a person to judge: no fact of the request settles it. ``turns`` is, for an unknown
    that was joined, what it may turn out to be, as bits (see ``_bits``).
    """

    value: bool | None
    fields: tuple[str, ...] = ()
    turns: int = field(default=0, compare=False, repr=False)

    def __bool__(self) -> bool:
        raise TypeError("a Truth has three values: ask is_true, is_false or is_unknown")

    @property
    def is_true(self) -> bool:
        return self.value is True

    @property
    def is_false(self) -> bool:
        return self.value is False

    @property
    def is_unknown(self) -> bool:
        return self.value is None

    @property
    def may_turn_out(self) -> frozenset[bool | None]:
        """What it may be once every field is known; None where that leaves it to a person.

        Fields count as independent of each other, so it may hold more than can happen, never less.
        """
        return frozenset(value for value, bit in _BITS.items() if _bits(self) & bit)

    def __and__(self, other: Truth) -> Truth:
        if self.is_false or other.is_false:
            return FALSE
        if self.is_true or other.is_true:
            return other if self.is_true else self
        return Truth(None, _merge(self, other), _BOTH[_bits(self)][_bits(other)])

    def __or__(self, other: Truth) -> Truth:
        if self.is_true or other.is_true:
            return TRUE
        if self.is_false or other.is_false:
            return other if self.is_false else self
        return Truth(None, _merge(self, other), _EITHER[_bits(self)][_bits(other)])

    def __invert__(self) -> Truth:
        if self.value is None:
            return Truth(None, self.fields, _OPPOSITE[_bits(self)])
        return Truth(not self.value)


_BITS: dict[bool | None, int] = {False: 1, None: 2, True: 4}  # in order of rank: all is the least, any the greatest
_SETS = range(8)


def _bits(truth: Truth) -> int:
    """What a truth may turn out to be, as a set of bits."""
    if truth.turns:
        return truth.turns
    return _BITS[False] | _BITS[True] if truth.fields else _BITS[truth.value]


def _joined(join: Callable[[int, int], int]) -> tuple[tuple[int, ...], ...]:
    """For each two sets of bits, the bits that joining one of each can give."""
    bits = _BITS.values()
    return tuple(
        tuple(
            sum({join(one, other) for one in bits for other in bits if one & left and other & right}) for right in _SETS
        )
        for left in _SETS
    )


_BOTH, _EITHER = _joined(min), _joined(max)
_OPPOSITE = tuple(sum(_BITS[True] // bit for bit in _BITS.values() if bit & bits) for bits in _SETS)

TRUE = Truth(True)
FALSE = Truth(False)


def unknown(*fields: str) -> Truth:
    """Not to be told without ``fields``."""
    return Truth(None, fields)


def truth(value: bool | None, field: str) -> Truth:
    """A stated yes or no; where it is not stated, unknown for want of ``field``."""
    return unknown(field) if value is None else Truth(value)


def all_of(*truths: Truth) -> Truth:
    """True where every one is; false as soon as one is."""
    result = TRUE
    for each in truths:
        result = result & each
    return result


def any_of(*truths: Truth) -> Truth:
    """True as soon as one is; false where none is and none may be."""
    result = FALSE
    for each in truths:
        result = result | each
    return result


def is_after(order: Order, field: str) -> Truth:
    """Whether a compared moment lies at or after the instant it was compared with."""
    return unknown(field) if order is Order.UNDECIDED else Truth(order is Order.AFTER)


def _merge(left: Truth, right: Truth) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*left.fields, *right.fields)))
