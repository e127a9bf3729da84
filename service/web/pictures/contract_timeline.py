"""The picture of a contract against the clauses' dates: law above, the hire below, one time axis."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from markupsafe import Markup

from service.web.pictures.contract_dates import Dates, Deadlines, Json, Span, gather_dates
from service.web.pictures.law_lanes import BAR, draw_law
from service.web.pictures.svg_parts import LETTER, Label, bar, line, stack, text
from service.web.pictures.time_scale import TimeScale
from service.web.wording.pages import say

WIDTH = 960
_GUTTER = 14  # where the two headings stand
_LEFT, _RIGHT = 92, 948
_TOP = 34  # below the years
_SPAN = 32  # one bar of the hire

# Labour rules begin in 2016. A clause from before (asset freezes of 2006) runs in from the left edge, so
# that it does not squeeze the years that decide.
_EARLIEST_SHOWN = date(2016, 1, 1)


def contract_timeline(answer: Json, asked: Json, deadlines: Deadlines) -> Markup:
    """Inline SVG in a box that scrolls sideways; empty where no clause with a date bears.

    ``deadlines`` gives further days of a clause by its id: ``{"what": …, "on": …}``, as the catalogue has them.
    """
    dates = gather_dates(answer, asked, deadlines)
    if not dates.clauses:
        return Markup()
    days = [*dates.of_the_hire(), *(day for day in _days_of_law(dates) if day >= _EARLIEST_SHOWN)]
    scale = TimeScale.over(days, _LEFT, _RIGHT)
    law, law_bottom = draw_law(dates.clauses, scale, _TOP)
    hire_top = law_bottom + 32
    hire, hire_bottom = _draw_hire(dates, scale, hire_top)
    height = hire_bottom + 28
    drawn = [
        *_axis(scale, height),
        text(_GUTTER, _TOP + 31, say("picture.law"), "heading"),
        *law,
        text(_GUTTER, hire_top + 13, say("picture.hire"), "heading"),
        *hire,
        *_moments(dates, scale, hire_top - 16, height),
    ]
    return _framed(sorted(drawn, key=_is_text), height, _description(dates))  # words last: no line runs over them


def _framed(drawn: list[Markup], height: float, description: str) -> Markup:
    return Markup(
        '<div class="app-picture" role="region" tabindex="0" aria-label="{label}">'
        '<svg class="pic" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        ' aria-labelledby="pic-title pic-desc" focusable="false">'
        '<title id="pic-title">{title}</title><desc id="pic-desc">{description}</desc>{drawn}</svg></div>'
    ).format(
        label=say("picture.scroll"),
        width=WIDTH,
        height=height,
        title=say("picture.title"),
        description=description,
        drawn=Markup().join(drawn),
    )


def _is_text(part: Markup) -> bool:
    return part.startswith("<text")


def _days_of_law(dates: Dates) -> Iterator[date]:
    for clause in dates.clauses:
        yield clause.start
        yield from (mark.day for mark in clause.deadlines)


def _description(dates: Dates) -> str:
    """The picture in one paragraph."""
    parts = [f"{say('picture.finalised')}: {dates.finalised}."] if dates.finalised else []
    parts += [f"{span.name}: {span.start or '?'} – {span.end or '?'}." for span in dates.spans]
    parts += [f"{mark.name}: {mark.day}." for mark in dates.marks]
    for clause in dates.clauses:
        word = say(f"result.{clause.outcome}.word")
        parts.append(f"{say('picture.in_force', clause=clause.id)}: {clause.start} ({word}).")
        parts += [f"{clause.id}: {mark.name} {mark.day}." for mark in clause.deadlines]
    return " ".join([*parts, f"{say('picture.as_of')}: {dates.as_of}."])


def _axis(scale: TimeScale, height: float) -> Iterator[Markup]:
    for x, label, is_year in scale.ticks():
        yield line(x, 24, x, height - 22, "tick-year" if is_year else "tick")
        if x < _RIGHT - 30:
            yield text(x + 4, 20, label, "year" if is_year else "month")


def _draw_hire(dates: Dates, scale: TimeScale, top: float) -> tuple[list[Markup], float]:
    """The bars of work and permit and the marks of events from ``top`` down, and where they end."""
    drawn: list[Markup] = []
    for span in dates.spans:
        drawn += _span(span, scale, top)
        top += _SPAN
    labels = [Label.beside(scale.x(mark.day), f"{mark.name} {mark.day}", _RIGHT) for mark in dates.marks]
    rows = stack(labels)
    for mark, label, row in zip(dates.marks, labels, rows, strict=True):
        y = top + 6 + row * 18
        drawn.append(Markup('<circle class="pic-event" cx="{x}" cy="{y}" r="5"/>').format(x=scale.x(mark.day), y=y))
        drawn.append(label.drawn(y + 4, "text"))
    return drawn, max(top + (max(rows, default=-1) + 1) * 18, top if dates.spans else top + 20)


def _span(span: Span, scale: TimeScale, top: float) -> Iterator[Markup]:
    """A bar of the hire; where its end or its start is not known it is dashed and runs on to the edge."""
    start = scale.x(span.start) if span.start else scale.left
    end = scale.x(span.end) if span.end else scale.right
    is_known = span.start is not None and span.end is not None
    yield bar(start, end, top, BAR, "pic-hire" if is_known else "pic-hire pic-open")
    words = f"{span.name} {span.start or '?'} – {span.end or say('picture.open')}"
    width = len(words) * LETTER
    if end - start > width + 12:
        yield text(start + 8, top + 13, words, "on-hire" if is_known else "on-open")
    elif scale.right - end > width + 8:
        yield text(end + 8, top + 13, words, "text")
    else:
        yield text(start - 8, top + 13, words, "text pic-end")


def _moments(dates: Dates, scale: TimeScale, finalised_y: float, height: float) -> Iterator[Markup]:
    """The two lines through everything: when the contract was finalised, and the day judged on."""
    x = scale.x(dates.as_of)
    yield line(x, 26, x, height - 20, "as-of")
    yield Label.beside(x, f"{say('picture.as_of')} {dates.as_of}", _RIGHT).drawn(height - 6, "text")
    if dates.finalised:
        x = scale.x(dates.finalised)
        yield line(x, 26, x, finalised_y, "finalised")
        yield Markup('<circle class="pic-finalised-dot" cx="{x}" cy="{y}" r="6"/>').format(x=x, y=finalised_y)
        yield Label.beside(x, f"{say('picture.finalised')} {dates.finalised}", _RIGHT).drawn(finalised_y + 4, "strong")
