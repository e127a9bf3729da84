"""The picture of the rulebook: every clause of law on its own lane, over the time that it is in force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from markupsafe import Markup

from service.web.pictures.contract_dates import Json
from service.web.pictures.svg_parts import bar, line, text
from service.web.pictures.time_scale import TimeScale
from service.web.wording.pages import say

WIDTH = 960
_LEFT, _RIGHT = 200, 948
_TOP, _LANE, _BAR = 34, 24, 16
_NARROW = 70  # a bar that is shorter has no room for its effect

# Nearly all of it begins in 2016; what is older runs in from the left edge.
_EARLIEST_SHOWN = date(2013, 1, 1)


def rulebook_timeline(clauses: Sequence[Json], today: date) -> Markup:
    """Inline SVG in a box that scrolls sideways: ``clauses`` as the catalogue has them, in the order given."""
    starts = [date.fromisoformat(clause["in_force_from"]) for clause in clauses]
    scale = TimeScale.over([*(day for day in starts if day >= _EARLIEST_SHOWN), today], _LEFT, _RIGHT)
    bottom = _TOP + len(clauses) * _LANE
    drawn = list(_axis(scale, bottom))
    for row, clause in enumerate(clauses):
        drawn += _lane(clause, scale, _TOP + row * _LANE)
    words = (f"{clause['id']}: {clause['in_force_from']}." for clause in clauses)
    return Markup(
        '<div class="app-picture" role="region" tabindex="0" aria-label="{label}">'
        '<svg class="pic" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        ' aria-labelledby="rulebook-title rulebook-desc" focusable="false">'
        '<title id="rulebook-title">{title}</title><desc id="rulebook-desc">{description}</desc>{drawn}</svg></div>'
    ).format(
        label=say("rulebook.picture.scroll"),
        width=WIDTH,
        height=bottom + 12,
        title=say("rulebook.picture.title"),
        description=" ".join(words),
        drawn=Markup().join(drawn),
    )


def _axis(scale: TimeScale, bottom: float) -> Iterator[Markup]:
    for x, label, is_year in scale.ticks():
        yield line(x, 24, x, bottom, "tick-year" if is_year else "tick")
        if x < _RIGHT - 30:
            yield text(x + 4, 20, label, "year" if is_year else "month")


def _lane(clause: Json, scale: TimeScale, top: float) -> Iterator[Markup]:
    start = date.fromisoformat(clause["in_force_from"])
    until = date.fromisoformat(clause["in_force_until"]) if clause["in_force_until"] else None
    left, right = scale.x(start), scale.x(until + timedelta(days=1)) if until else scale.right
    effect = clause["effect"].partition(" ")[0]
    known = effect in ("deny", "review")
    yield text(_LEFT - 8, top + 13, clause["id"], "id pic-end")
    yield bar(left, right, top, _BAR, f"pic-{effect}" if known else "pic-hire")
    if right - left > _NARROW:
        word = say(f"result.{effect}.word") if known else say("rulebook.picture.other")
        yield text(right - 8, top + 12, word, "word pic-end")
    for entry in clause["dates"]:
        day = date.fromisoformat(entry["on"])
        if scale.shows(day):
            x, middle = scale.x(day), top + _BAR / 2
            yield Markup('<path class="pic-deadline" d="M{x} {y}l6 6-6 6-6-6z"/>').format(x=x, y=middle - 6)
