"""Which missing facts, taken together, would settle a review, and which decisions they can lead to.

A search through plausible values (see ``plausible``): first each missing field alone, then two together, and so on,
asking for what is still missing each time. It is bounded, so that its cost is; within the bound it is exact for the
values tried. It says what may come out, never what the fact is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.screening.decide import Judgement
from service.screening.facts import ScreeningRequest
from service.screening.finding import Outcome
from service.screening.plausible import plausible

MOST_TOGETHER = 5
MOST_JUDGEMENTS = 400

Judge = Callable[[ScreeningRequest], Judgement]
Fields = frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class SettlingSet:
    """Fields that settle the review together, and the decisions that can come of it.

    ``decisions`` holds ``REVIEW`` too where some values of these fields leave it open. No smaller set of fields
    leads to each of the others.
    """

    fields: tuple[str, ...]
    decisions: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class _Open:
    """A review reached by filling some fields, and what is missing there."""

    fields: Fields
    request: ScreeningRequest
    judgement: Judgement


def settling_sets(request: ScreeningRequest, judge: Judge, judgement: Judgement) -> tuple[SettlingSet, ...]:
    """The smallest sets of missing fields that would settle the review ``judgement``, fewest fields first.

    Empty where the answer is no review, or where no fact that can be tried settles it.
    """
    if judgement.outcome is not Outcome.REVIEW:
        return ()
    order = {missing.field: number for number, missing in enumerate(judgement.missing)}
    reached = _search(request, judge, judgement, order)
    smallest = {
        fields
        for fields, outcomes in reached.items()
        for outcome in outcomes - {Outcome.REVIEW}
        if not any(smaller < fields and outcome in found for smaller, found in reached.items())
    }
    ranked = sorted(smallest, key=lambda fields: (len(fields), sorted(order[field] for field in fields)))
    return tuple(
        SettlingSet(
            fields=tuple(sorted(fields, key=order.__getitem__)),
            decisions=tuple(sorted(reached[fields], key=lambda outcome: outcome.value)),
        )
        for fields in ranked
    )


def _search(
    request: ScreeningRequest, judge: Judge, judgement: Judgement, order: dict[str, int]
) -> dict[Fields, set[Outcome]]:
    """Every decision that filling a set of fields can lead to; fields that turn up on the way join ``order``."""
    reached: dict[Fields, set[Outcome]] = {}
    level, seen, asked = [_Open(frozenset(), request, judgement)], {request}, 0
    for _ in range(MOST_TOGETHER):
        following: list[_Open] = []
        for point in level:
            for missing in point.judgement.missing:
                order.setdefault(missing.field, len(order))
                for tried in plausible(point.request, missing.field, missing.settles):
                    if tried in seen or asked >= MOST_JUDGEMENTS:
                        continue
                    seen.add(tried)
                    asked += 1
                    fields = point.fields | {missing.field}
                    found = judge(tried)
                    reached.setdefault(fields, set()).add(found.outcome)
                    if found.outcome is Outcome.REVIEW:
                        following.append(_Open(fields, tried, found))
        level = following
    return reached
