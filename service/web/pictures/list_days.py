"""The picture of a list's last days: one mark a day for what came of the attempts to bring it up to date.

Marks differ in height and shape as well as in colour, and the page gives the same days as a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from markupsafe import Markup

from service.web.wording.lists import OUTCOMES
from service.web.wording.pages import say

DAYS = 90
NONE = "none"  # a day without an attempt
ORDER = ("loaded", "unchanged", "held", "rejected", "failed", NONE)
_STEP, _WIDTH, _BASE = 8, 6, 26
_HEIGHTS = {"loaded": 24, "unchanged": 10, "held": 18, "rejected": 24, "failed": 24, NONE: 2}


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring days on which the same happened."""

    first: date
    last: date
    outcome: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def last_days(found: Mapping[date, str], today: date) -> tuple[Run, ...]:
    """The last ninety days up to ``today`` as runs, oldest first; ``found`` holds the worst outcome of a day."""
    days = [today - timedelta(days=DAYS - 1 - number) for number in range(DAYS)]
    runs = []
    for outcome, group in groupby(days, key=lambda day: found.get(day, NONE)):
        same = list(group)
        runs.append(Run(same[0], same[-1], outcome if outcome in OUTCOMES else NONE))
    return tuple(runs)


def list_days(runs: Sequence[Run], name: str, *, number: int) -> Markup:
    """Inline SVG of ``runs``; ``name`` is what the list is called, ``number`` tells pictures of a page apart."""
    return Markup(
        '<svg class="pic-days" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        ' preserveAspectRatio="none" aria-labelledby="days-{n}-title days-{n}-desc" focusable="false">'
        '<title id="days-{n}-title">{title}</title><desc id="days-{n}-desc">{description}</desc>{drawn}</svg>'
    ).format(
        width=DAYS * _STEP,
        height=_BASE + 1,
        n=number,
        title=say("lists.strip.title", name=name, days=DAYS),
        description=described(runs),
        drawn=Markup().join(_marks(run.outcome for run in runs for _ in range(run.days))),
    )


def mark(outcome: str) -> Markup:
    """One mark alone, for the legend; its meaning stands beside it."""
    return Markup(
        '<svg class="pic-mark" viewBox="0 0 {width} {height}" width="{width}" height="{height}" aria-hidden="true"'
        ' focusable="false">{drawn}</svg>'
    ).format(width=_STEP, height=_BASE + 1, drawn=Markup().join(_marks([outcome])))


def described(runs: Iterable[Run]) -> str:
    """How many days of each kind, in words."""
    counts = dict.fromkeys(ORDER, 0)
    for run in runs:
        counts[run.outcome] += run.days
    return " ".join(f"{count}: {OUTCOMES[outcome]}." for outcome, count in counts.items() if count)


def _marks(outcomes: Iterable[str]) -> Iterator[Markup]:
    for place, outcome in enumerate(outcomes):
        x, height = place * _STEP + 1, _HEIGHTS[outcome]
        yield Markup('<rect class="pic-day-{kind}" x="{x}" y="{y}" width="{w}" height="{h}"/>').format(
            kind=outcome, x=x, y=_BASE - height, w=_WIDTH, h=height
        )
        if outcome in ("rejected", "failed"):  # a cross, for whoever does not see the colour
            lines = [(8, 14), (14, 8)] if outcome == "rejected" else [(11, 11)]
            for y1, y2 in lines:
                yield Markup('<line class="pic-day-cross" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>').format(
                    x1=x, y1=y1, x2=x + _WIDTH, y2=y2
                )
