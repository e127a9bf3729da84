"""How much of a counterparty blocked parties own, as an interval along chains of owners.

A stated share is exact; those that are not stated may be anything from nothing to, together, all that
the stated ones leave. The share that counts is computed bottom up: an owner counts with its whole share
where it is itself blocked, by a list or by its own owners; otherwise it adds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from service.screening.case import walk_owners
from service.screening.facts import Counterparty, Owner, PartyKind

ZERO, HUNDRED = Decimal(0), Decimal(100)


@dataclass(frozen=True, kw_only=True, slots=True)
class BlockedShare:
    """Percent owned by blocked parties: surely at least ``minimum``, at most ``maximum``.

    ``path`` names the owners that count, ``unstated`` those of them whose share is not stated. ``controlled``:
    whether a blocked party is said to control (None where it is not stated for a blocked owner). ``touched``: some
    owner is or may be blocked.
    """

    minimum: Decimal = ZERO
    maximum: Decimal = ZERO
    path: tuple[str, ...] = ()
    unstated: tuple[str, ...] = ()
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
_Party = Counterparty | Owner
_Identity = tuple[str, str | None]  # a name without regard to case, and its country


def blocked_share(path: str, owners: tuple[Owner, ...], listed: Listed, test: OwnershipTest) -> BlockedShare:
    """The share of the entity at ``path`` that blocked parties own under ``test``.

    ``listed`` tells for an owner's path whether a list surely names it (True), possibly (None) or not.
    """
    certain: list[Decimal] = []
    possible = ZERO
    counted: list[str] = []
    unstated: list[str] = []
    controlled: bool | None = False
    touched = left_open = False
    for index, owner in enumerate(owners):
        own_path = f"{path}.owners[{index}]"
        below = blocked_share(own_path, owner.owners, listed, test)
        named = listed(own_path)
        surely = named is True or test.surely(below)
        possibly = surely or named is None or test.possibly(below)
        touched = touched or possibly or below.touched
        if not possibly:
            continue
        possible += owner.share_percent or ZERO
        counted += [own_path, *below.path]
        unstated += [own_path] if owner.share_percent is None else []
        unstated += below.unstated
        left_open = left_open or owner.share_percent is None
        controlled = _control(controlled, owner.controls, surely=surely)
        if surely:
            certain.append(owner.share_percent or ZERO)
    minimum = sum(certain, ZERO) if test.aggregates else max(certain, default=ZERO)
    return BlockedShare(
        minimum=min(minimum, HUNDRED),
        maximum=min(possible + (unstated_rest(owners) if left_open else ZERO), HUNDRED),
        path=tuple(counted),
        unstated=tuple(unstated),
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


def circular_owners(parties: Sequence[Counterparty]) -> Iterator[str]:
    """The paths of the owners at which a circle closes: each is a party which it is said to own, if by others.

    Such a chain has no end, so no share can be computed for it: it is a fault of the input. A circle may lie in
    one chain or be pieced together from several branches of the request. Parties are the same where their names
    are and no country tells them apart, for groups name firms alike across borders; a person owns and is not
    owned, so a firm named after its owner makes no circle.
    """
    known: dict[str, _Party] = {}
    for index, party in enumerate(parties):
        known[f"counterparties[{index}]"] = party
        known |= walk_owners(f"counterparties[{index}]", party.owners)
    stated = _stated_countries(known.values())
    names = {path: _identity(party, stated) for path, party in known.items()}
    owners_of: dict[_Identity, set[_Identity]] = {}
    for path, owner in known.items():
        held, _, _ = path.rpartition(".owners[")
        if isinstance(owner, Counterparty) or owner.kind is PartyKind.PERSON:
            continue
        if _leads_to(owners_of, names[path], names[held]):
            yield path
        else:
            owners_of.setdefault(names[held], set()).add(names[path])


def _stated_countries(parties: Iterable[_Party]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for party in parties:
        if party.country is not None and party.country.code is not None:
            found.setdefault(party.name.casefold(), set()).add(party.country.code)
    return found


def _identity(party: _Party, stated: Mapping[str, set[str]]) -> _Identity:
    """The name and its country; one that is not stated here is that of its namesakes where they share one."""
    name = party.name.casefold()
    if party.country is not None and party.country.code is not None:
        return name, party.country.code
    countries = stated.get(name, set())
    return name, next(iter(countries)) if len(countries) == 1 else None


def _leads_to(owners_of: Mapping[_Identity, set[_Identity]], start: _Identity, goal: _Identity) -> bool:
    """Whether ``goal`` is ``start`` or an owner of it, directly or by others."""
    seen, waiting = {start}, [start]
    while waiting:
        each = waiting.pop()
        if each == goal:
            return True
        following = owners_of.get(each, set()) - seen
        seen |= following
        waiting += following
    return False
