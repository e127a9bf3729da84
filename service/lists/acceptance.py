"""May this file replace that one?

A list that shrank, turned back in time or lost what it always held is more often a damaged download
than law. Such a version is held until a person says otherwise; one that cannot be the list it claims to
be is rejected. Thresholds: removals above 25 entries or 1 % of the list, above 5 entries or 5 % of a
kind or programme; additions above 250 entries or half the list, for 121 entries once came in one night
(UN, Iran, 2025), but no list ever grew several times over. An entry that got another name is no removal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from service.lists.list_file import ListFile
from service.lists.sources import ListSource
from service.lists.summary import Summary

_SMALL_GROUP = 3  # a programme of fewer entries may end from one day to the next
_CALENDAR = timedelta(days=1)  # a publisher's day may begin before ours


class Outcome(StrEnum):
    """Accepted replaces what serves; held waits for a person; rejected never can."""

    ACCEPTED = "accepted"
    HELD = "held"
    REJECTED = "rejected"


class Override(StrEnum):
    """What a person must say to let a held version in."""

    OLDER = "allow-older"
    HELD = "accept-held"
    CONFIRMED = "confirm"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a version is not simply accepted; ``override`` is what lets it in, None where nothing does."""

    code: str
    detail: str
    override: Override | None = Override.HELD


@dataclass(frozen=True, slots=True)
class Verdict:
    """``reasons`` are those that stand; ``overridden`` are those that a person set aside."""

    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    overridden: tuple[Reason, ...] = ()

    @property
    def can_be_confirmed(self) -> bool:
        """Whether it is rejected only for want of a word from whoever imports it."""
        return bool(self.reasons) and all(reason.override is Override.CONFIRMED for reason in self.reasons)

    def explain(self) -> str:
        """One line: the reasons."""
        return "; ".join(reason.detail for reason in self.reasons)


def judge(
    *,
    source: ListSource,
    file: ListFile,
    new: Summary,
    old: Summary | None,
    old_complete: bool = True,
    today: date | None = None,
    overrides: frozenset[Override] = frozenset(),
) -> Verdict:
    """Judge ``new`` (the summary of ``file``) against ``old``, the version that serves, if there is one."""
    reasons = [*_by_itself(source, file, new)]
    if today and new.published_on and new.published_on > today + _CALENDAR:
        # it would also make every later issue look older
        reasons.append(Reason("future", f"it is of {new.published_on}, a day that has not come yet"))
    if old is not None:
        reasons += _against(source, new, old)
        if old_complete and not file.complete:
            reasons.append(Reason("partial", "a part of the set would replace a whole one"))
    if source.confirmed_at_import:
        reasons = [_to_confirm(reason) for reason in reasons]
    standing = tuple(r for r in reasons if r.override is None or r.override not in overrides)
    set_aside = tuple(r for r in reasons if r not in standing)
    if any(reason.override in (None, Override.CONFIRMED) for reason in standing):
        outcome = Outcome.REJECTED
    else:
        outcome = Outcome.HELD if standing else Outcome.ACCEPTED
    return Verdict(outcome, standing, set_aside)


def _to_confirm(reason: Reason) -> Reason:
    """The reason as one that whoever imports their own list sets aside, instead of two people."""
    return reason if reason.override is None else replace(reason, override=Override.CONFIRMED)


def _by_itself(source: ListSource, file: ListFile, new: Summary) -> Iterator[Reason]:
    if new.entries == 0:
        yield Reason("empty", "the list holds no entries", None)
        return
    if file.declared_entries not in (None, new.entries):
        detail = f"the publisher declares {file.declared_entries} entries and {new.entries} were read"
        yield Reason("miscount", detail, None)
    if missing := len(source.canaries) - len(new.canaries):
        detail = f"{missing} of {len(source.canaries)} parties that {source.list_id} has held for years are missing"
        if missing * 2 > len(source.canaries):
            yield Reason("another_list", f"{detail}: this is another list", None)
        else:
            yield Reason("canary", detail)
    if new.entries < source.floor:
        yield Reason("floor", f"{new.entries} entries; {source.list_id} has at least {source.floor}")
    for doubt in file.doubts:
        yield Reason("doubt", doubt)


def _against(source: ListSource, new: Summary, old: Summary) -> Iterator[Reason]:
    if new.published_on and old.published_on and new.published_on < old.published_on:
        detail = f"it is of {new.published_on} and the list that serves is of {old.published_on}"
        yield Reason("older", detail, Override.OLDER)
    elif source.keys_grow and new.highest_key < old.highest_key:
        detail = (
            f"its newest entry is {new.highest_key}; the list that serves goes up to {old.highest_key}: an older copy"
        )
        yield Reason("older", detail, Override.OLDER)
    gone = old.groups.lacking_in(new.groups)
    removed = gone.total()
    if removed > max(25, old.entries / 100):
        detail = f"{removed} of {old.entries} entries would be removed ({removed / old.entries:.0%})"
        yield Reason("removals", detail)
    yield from _group_removals(_by_name(old.groups.sizes()), _by_name(gone))
    added = new.groups.lacking_in(old.groups).total()
    if added > max(250, old.entries / 2):
        yield Reason("additions", f"{added} entries would be added to {old.entries}")
    if old.dprk and not new.dprk:
        yield Reason("dprk_gone", f"no DPRK entry is left of {old.dprk}")
    elif old.dprk - new.dprk > max(5, old.dprk / 20):
        yield Reason("dprk_fewer", f"DPRK entries would fall from {old.dprk} to {new.dprk}")


def _group_removals(before: Counter[str], gone: Counter[str]) -> Iterator[Reason]:
    for group, count in sorted(gone.items()):
        vanished = count == before[group] and count >= _SMALL_GROUP
        if vanished or count > max(5, before[group] / 20):
            name = group.removeprefix("programme:")
            yield Reason("group_removals", f"{count} of {before[group]} entries of {name} would be removed")


def _by_name(sizes: Counter[tuple[str, ...]]) -> Counter[str]:
    """How many entries are of a kind or a programme; an entry is of a kind and of several programmes."""
    found: Counter[str] = Counter()
    for group, count in sizes.items():
        for name in group:
            found[name] += count
    return found
