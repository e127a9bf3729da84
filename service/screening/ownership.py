"""How much of a counterparty blocked parties own, as an interval along chains of owners.

A stated share is exact; a share that is not stated may be anything from nothing to all that the other
stated shares leave. The share that counts is computed bottom up: an owner counts with its whole share
where it is itself blocked, by a list or by its own owners; otherwise it adds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from service.screening.facts import Owner

ZERO, HUNDRED = Decimal(0), Decimal(100)


@dataclass(frozen=True, kw_only=True, slots=True)
class BlockedShare:
    """Percent owned by blocked parties: surely at least ``minimum``, at most ``maximum``.

    ``path`` names the owners that count. ``controlled``: whether a blocked party is said to control
    (None where it is not stated for a blocked owner). ``touched``: some owner is or may be blocked.
    """

    minimum: Decimal = ZERO
    maximum: Decimal = ZERO
    path: tuple[str, ...] = ()
    controlled: bool | None = False
    touched: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnershipTest:
    """A jurisdiction's test: how much makes an entity blocked, and whether control does too."""

    threshold: Decimal
    includes_threshold: bool
    control_counts: bool

    def surely(self, share: BlockedShare) -> bool:
        return self._reaches(share.minimum) or (self.control_counts and share.controlled is True)

    def possibly(self, share: BlockedShare) -> bool:
        return self._reaches(share.maximum) or (self.control_counts and share.controlled is not False)

    def _reaches(self, percent: Decimal) -> bool:
        return percent > self.threshold or (self.includes_threshold and percent == self.threshold)


UN_TEST = OwnershipTest(threshold=Decimal(50), includes_threshold=False, control_counts=True)
US_TEST = OwnershipTest(threshold=Decimal(50), includes_threshold=True, control_counts=False)

Listed = Callable[[str], bool | None]


def blocked_share(path: str, owners: tuple[Owner, ...], listed: Listed, test: OwnershipTest) -> BlockedShare:
    """The share of the entity at ``path`` that blocked parties own under ``test``.

    ``listed`` tells for an owner's path whether a list surely names it (True), possibly (None) or not.
    """
    ranges = share_ranges(owners)
    minimum = maximum = ZERO
    counted: list[str] = []
    controlled: bool | None = False
    touched = False
    for index, owner in enumerate(owners):
        own_path = f"{path}.owners[{index}]"
        below = blocked_share(own_path, owner.owners, listed, test)
        named = listed(own_path)
        surely = named is True or test.surely(below)
        possibly = surely or named is None or test.possibly(below)
        touched = touched or possibly or below.touched
        low, high = ranges[index]
        if surely:
            minimum += low
        if possibly:
            maximum += high
            counted += [own_path, *below.path]
            controlled = _control(controlled, owner.controls, surely=surely)
    return BlockedShare(
        minimum=min(minimum, HUNDRED),
        maximum=min(maximum, HUNDRED),
        path=tuple(counted),
        controlled=controlled,
        touched=touched,
    )


def share_ranges(owners: tuple[Owner, ...]) -> Mapping[int, tuple[Decimal, Decimal]]:
    """For each owner the least and the most it may hold, in percent."""
    stated = sum((o.share_percent for o in owners if o.share_percent is not None), ZERO)
    rest = max(ZERO, HUNDRED - stated)
    return {
        index: (ZERO, rest) if owner.share_percent is None else (owner.share_percent, owner.share_percent)
        for index, owner in enumerate(owners)
    }


def _control(so_far: bool | None, controls: bool | None, *, surely: bool) -> bool | None:
    if so_far is True or controls is False:
        return so_far
    if controls is True and surely:
        return True
    return None
