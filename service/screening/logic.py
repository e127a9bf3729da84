"""Three-valued logic: true, false, or unknown for want of named fields.

Kleene's strong logic. An unknown carries the request fields that would settle it; joining two
truths keeps only the fields that still matter, so that a rule asks for nothing it does not need.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.screening.moment import Order


@dataclass(frozen=True, slots=True)
class Truth:
    """``value`` None is unknown; ``fields`` are the paths that would settle it, in order of asking."""

    value: bool | None
    fields: tuple[str, ...] = ()

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

    def __and__(self, other: Truth) -> Truth:
        if self.is_false or other.is_false:
            return FALSE
        if self.is_true and other.is_true:
            return TRUE
        return Truth(None, _merge(self, other))

    def __or__(self, other: Truth) -> Truth:
        if self.is_true or other.is_true:
            return TRUE
        if self.is_false and other.is_false:
            return FALSE
        return Truth(None, _merge(self, other))

    def __invert__(self) -> Truth:
        return self if self.value is None else Truth(not self.value)


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
