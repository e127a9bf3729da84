"""The upper half of the picture: a lane for each clause, with a bar over the time that it is in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from service.web.pictures.contract_dates import ClauseSpan
from service.web.pictures.svg_parts import LETTER, Label, bar, stack, text
from service.web.pictures.time_scale import TimeScale
from service.web.wording.pages import say

BAR = 18
_NAME = 18  # the line above the bar
_BELOW = 8
_ROW = 14  # one row of deadlines below the bar
_ROOM_FOR_NAME = 420  # a bar that starts further right has its name begin before it


def draw_law(clauses: Iterable[ClauseSpan], scale: TimeScale, top: float) -> tuple[list[Markup], float]:
    """The lanes from ``top`` down, and where they end."""
    drawn: list[Markup] = []
    for clause in clauses:
        drawn += _name_and_bar(clause, scale, top)
        labels = [
            Label.beside(scale.x(mark.day), f"{mark.name} {mark.day}", scale.right, gap=0)
            for mark in clause.deadlines
            if scale.shows(mark.day)
        ]
        rows = stack(labels)
        bottom = top + _NAME + BAR
        drawn += [_diamond(scale.x(mark.day), top + _NAME) for mark in clause.deadlines if scale.shows(mark.day)]
        drawn += [label.drawn(bottom + 13 + row * _ROW, "small") for label, row in zip(labels, rows, strict=True)]
        top = bottom + _BELOW + (max(rows, default=-1) + 1) * _ROW
    return drawn, top


def _name_and_bar(clause: ClauseSpan, scale: TimeScale, top: float) -> Iterator[Markup]:
    start, end = scale.x(clause.start), scale.x(clause.end) if clause.end else scale.right
    name = clause.id
    if clause.start < scale.first:
        name += f" ({say('picture.since', year=clause.start.year)})"
    left = min(start, scale.right - _ROOM_FOR_NAME)
    room = int((scale.right - left) / LETTER) - len(name) - 2
    title = clause.title if len(clause.title) <= room else f"{clause.title[:room].rstrip()}…"
    yield Markup('<text class="pic-text" x="{x}" y="{y}"><tspan class="pic-id">{name}</tspan> {title}</text>').format(
        x=round(left, 1), y=top + 12, name=name, title=title
    )
    yield bar(start, end, top + _NAME, BAR, f"pic-{clause.outcome}")
    if end - start > 150:
        close = [x for mark in clause.deadlines if end - 80 < (x := scale.x(mark.day)) <= end]
        word_end = round(min(close) - 14, 1) if close else end - 8
        yield text(word_end, top + _NAME + 13, say(f"result.{clause.outcome}.word"), "word pic-end")


def _diamond(x: float, bar_top: float) -> Markup:
    return Markup('<path class="pic-deadline" d="M{x} {y}l8 8-8 8-8-8z"/>').format(x=x, y=bar_top + BAR / 2 - 8)
