"""How much of a counterparty blocked parties own, as an interval along chains of owners.

A stated share is exact; those that are not stated may be anything from nothing to, together, all that
the stated ones leave. The share that counts is computed bottom up: an owner counts with its whole share
where it is itself blocked, by a list or by its own owners; otherwise it adds nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from service.screening.facts import Counterparty, Owner

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
    """A jurisdiction's test: how much makes an entity blocked, and whether control does too.

    Where ``aggregates`` is false, the shares of several blocked owners surely add up only if one of them
    reaches the threshold alone; together they may, by an arrangement that nobody stated.
    """

    threshold: Decimal
    includes_threshold: bool
    control_counts: bool
    aggregates: bool = True

    def surely(self, share: BlockedShare) -> bool:
        return self._reaches(share.minimum) or (self.control_counts and share.controlled is True)

    def possibly(self, share: BlockedShare) -> bool:
        return self._reaches(share.maximum) or (self.control_counts and share.controlled is not False)

    def _reaches(self, percent: Decimal) -> bool:
        return percent > self.threshold or (self.includes_threshold and percent == self.threshold)


UN_TEST = OwnershipTest(threshold=Decimal(50), includes_threshold=False, control_counts=True)
US_TEST = OwnershipTest(threshold=Decimal(50), includes_threshold=True, control_counts=False)
UK_TEST = OwnershipTest(threshold=Decimal(50), includes_threshold=False, control_counts=True, aggregates=False)
EU_TEST = OwnershipTest(threshold=Decimal(50), includes_threshold=False, control_counts=True)

Listed = Callable[[str], bool | None]


def blocked_share(path: str, owners: tuple[Owner, ...], listed: Listed, test: OwnershipTest) -> BlockedShare:
    """The share of the entity at ``path`` that blocked parties own under ``test``.

    ``listed`` tells for an owner's path whether a list surely names it (True), possibly (None) or not.
    """
    certain: list[Decimal] = []
    possible = ZERO
    counted: list[str] = []
    controlled: bool | None = False
    touched = unstated = False
    for index, owner in enumerate(owners):
        own_path = f"{path}.owners[{index}]"
        below = blocked_share(own_path, owner.owners, listed, test)
        named = listed(own_path)
        surely = named is True or test.surely(below)
        possibly = surely or named is None or test.possibly(below)
        touched = touched or possibly or below.touched
        if not possibly:
            continue
        unstated = unstated or owner.share_percent is None
        possible += owner.share_percent or ZERO
        counted += [own_path, *below.path]
        controlled = _control(controlled, owner.controls, surely=surely)
        if surely:
            certain.append(owner.share_percent or ZERO)
    minimum = sum(certain, ZERO) if test.aggregates else max(certain, default=ZERO)
    return BlockedShare(
        minimum=min(minimum, HUNDRED),
        maximum=min(possible + (unstated_rest(owners) if unstated else ZERO), HUNDRED),
        path=tuple(counted),
        controlled=controlled,
        touched=touched,
    )


def unstated_rest(owners: tuple[Owner, ...]) -> Decimal:
    """What the stated shares leave, in percent: at most this much lies with all whose share is not stated."""
    stated = sum((owner.share_percent for owner in owners if owner.share_percent is not None), ZERO)
    return max(ZERO, HUNDRED - stated)


def _control(so_far: bool | None, controls: bool | None, *, surely: bool) -> bool | None:
    if so_far is True or controls is False:
        return so_far
    if controls is True and surely:
        return True
    return None


def circular_owner(path: str, party: Counterparty) -> str | None:
    """The path of the first owner that is a party which it is said to own, or None.

    Such a chain has no end, so no share can be computed for it: it is a fault of the input. Parties are the
    same where their names are and no country tells them apart: groups name firms alike across borders.
    """
    return _circular(path, party.owners, (party,))


def _circular(path: str, owners: tuple[Owner, ...], above: tuple[Counterparty | Owner, ...]) -> str | None:
    for index, owner in enumerate(owners):
        own_path = f"{path}.owners[{index}]"
        closes = any(_same_party(owner, each) for each in above)
        found = own_path if closes else _circular(own_path, owner.owners, (*above, owner))
        if found is not None:
            return found
    return None


def _same_party(one: Counterparty | Owner, other: Counterparty | Owner) -> bool:
    countries = {each.country.code for each in (one, other) if each.country is not None}
    return one.name.casefold() == other.name.casefold() and len(countries) < 2
