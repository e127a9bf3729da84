"""The picture of a contract against the clauses' dates: law above, the hire below, one time axis."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from markupsafe import Markup

from service.web.pictures.contract_dates import ClauseSpan, Dates, Deadlines, Json, Mark, Span, gather_dates
from service.web.pictures.time_scale import TimeScale
from service.web.wording.pages import say

WIDTH = 960
_GUTTER = 14  # where the two headings stand
_LEFT, _RIGHT = 92, 948
_LANE = 58
_BAR = 18
_LETTER = 7.2  # average width of a letter at 13 units, to keep labels apart

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
    law_top = 34
    hire_top = law_top + len(dates.clauses) * _LANE + 36
    height = hire_top + len(dates.spans) * 34 + 40 + (18 if dates.marks else 0)
    drawn: list[Markup] = [
        *_axis(scale, height),
        _text(_GUTTER, law_top + 31, say("picture.law"), "heading"),
        *(part for row, clause in enumerate(dates.clauses) for part in _clause(clause, scale, law_top + row * _LANE)),
        _text(_GUTTER, hire_top + (13 if dates.spans else -12), say("picture.hire"), "heading"),
        *(part for row, span in enumerate(dates.spans) for part in _span(span, scale, hire_top + row * 34)),
        *(part for mark in dates.marks for part in _event(mark, scale, hire_top + len(dates.spans) * 34)),
        *_moments(dates, scale, height),
    ]
    in_order = sorted(drawn, key=_is_text)  # words last, so that no line runs over them
    return Markup(
        '<div class="app-picture" role="region" tabindex="0" aria-label="{label}">'
        '<svg class="pic" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        ' aria-labelledby="pic-title pic-desc" focusable="false">'
        '<title id="pic-title">{title}</title><desc id="pic-desc">{desc}</desc>{drawn}</svg></div>'
    ).format(
        label=say("picture.scroll"),
        width=WIDTH,
        height=height,
        title=say("picture.title"),
        desc=_description(dates),
        drawn=Markup().join(in_order),
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
    parts += [f"{say('picture.in_force', clause=c.id)}: {c.start} ({_word(c.outcome)})." for c in dates.clauses]
    parts += [f"{c.id}: {mark.name} {mark.day}." for c in dates.clauses for mark in c.deadlines]
    return " ".join([*parts, f"{say('picture.as_of')}: {dates.as_of}."])


def _axis(scale: TimeScale, height: float) -> Iterator[Markup]:
    for x, label, is_year in scale.ticks():
        yield _line(x, 24, x, height - 22, "tick-year" if is_year else "tick")
        if x < _RIGHT - 30:
            yield _text(x + 4, 20, label, "year" if is_year else "month")


def _clause(clause: ClauseSpan, scale: TimeScale, top: float) -> Iterator[Markup]:
    """A lane: name, bar from the day in force, the word of its outcome, a diamond on each deadline."""
    start, end = scale.x(clause.start), scale.x(clause.end) if clause.end else scale.right
    runs_in = clause.start < scale.first
    name = clause.id + (f" ({say('picture.since', year=clause.start.year)})" if runs_in else "")
    room = int((scale.right - min(start, scale.right - 420)) / _LETTER) - len(name) - 14
    title = clause.title if len(clause.title) <= room else f"{clause.title[: max(room, 8)].rstrip()}…"
    anchor = start if scale.right - start > 420 else scale.right - 420
    bar_top = top + 18
    yield Markup('<text class="pic-text" x="{x}" y="{y}"><tspan class="pic-id">{name}</tspan> {title}</text>').format(
        x=anchor, y=top + 12, name=name, title=title
    )
    yield Markup('<rect class="pic-bar pic-{outcome}" x="{x}" y="{y}" width="{w}" height="{h}" rx="2"/>').format(
        outcome=clause.outcome, x=start, y=bar_top, w=max(round(end - start, 1), 3), h=_BAR
    )
    if end - start > 150:
        taken = [x for mark in clause.deadlines if end - 80 < (x := scale.x(mark.day)) <= end]
        yield _text(min(taken, default=end) - (14 if taken else 8), bar_top + 13, _word(clause.outcome), "word pic-end")
    for mark in clause.deadlines:
        if scale.shows(mark.day):
            yield from _deadline(mark, scale, bar_top)


def _deadline(mark: Mark, scale: TimeScale, bar_top: float) -> Iterator[Markup]:
    x, y = scale.x(mark.day), bar_top + _BAR / 2
    yield Markup('<path class="pic-deadline" d="M{x} {top}l8 8-8 8-8-8z"/>').format(x=x, top=y - 8)
    yield _label(x - 12, bar_top + _BAR + 13, f"{mark.name} {mark.day}", scale, "small", back=24)


def _span(span: Span, scale: TimeScale, top: float) -> Iterator[Markup]:
    """A bar of the hire; an open end fades out in dashes, and an unknown start likewise."""
    start = scale.x(span.start) if span.start else scale.left
    end = scale.x(span.end) if span.end else scale.right
    bar = "pic-hire" if span.start and span.end else "pic-hire pic-open"
    yield Markup('<rect class="pic-bar {bar}" x="{x}" y="{y}" width="{w}" height="{h}" rx="2"/>').format(
        bar=bar, x=start, y=top, w=max(round(end - start, 1), 3), h=_BAR
    )
    label = f"{span.name} {span.start or '?'} – {span.end or say('picture.open')}"
    width = len(label) * _LETTER
    if end - start > width + 12:
        yield _text(start + 8, top + 13, label, "on-hire" if span.start and span.end else "on-open")
    elif scale.right - end > width + 8:
        yield _text(end + 8, top + 13, label, "text")
    else:
        yield _text(start - 8, top + 13, label, "text pic-end")


def _event(mark: Mark, scale: TimeScale, top: float) -> Iterator[Markup]:
    x = scale.x(mark.day)
    yield Markup('<circle class="pic-event" cx="{x}" cy="{y}" r="5"/>').format(x=x, y=top + 6)
    yield _label(x, top + 11, f"{mark.name} {mark.day}", scale, "text")


def _moments(dates: Dates, scale: TimeScale, height: float) -> Iterator[Markup]:
    """The two lines through everything: when the contract was finalised, and the day judged on."""
    hire_y = 34 + len(dates.clauses) * _LANE + 24
    x = scale.x(dates.as_of)
    yield _line(x, 26, x, height - 20, "as-of")
    yield _label(x, height - 6, f"{say('picture.as_of')} {dates.as_of}", scale, "text")
    if dates.finalised:
        x = scale.x(dates.finalised)
        yield _line(x, 26, x, hire_y + 2, "finalised")
        yield Markup('<circle class="pic-finalised-dot" cx="{x}" cy="{y}" r="6"/>').format(x=x, y=hire_y - 4)
        yield _label(x, hire_y, f"{say('picture.finalised')} {dates.finalised}", scale, "strong")


def _label(x: float, y: float, text: str, scale: TimeScale, kind: str, *, back: float = 0) -> Markup:
    """A text to the right of a point, or to its left (``back`` further right) where the picture ends."""
    if x + 12 + len(text) * _LETTER < scale.right:
        return _text(x + 12, y, text, kind)
    return _text(x - 12 + back, y, text, f"{kind} pic-end")


def _text(x: float, y: float, text: str, kind: str) -> Markup:
    return Markup('<text class="pic-{kind}" x="{x}" y="{y}">{text}</text>').format(kind=kind, x=x, y=y, text=text)


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    return Markup('<line class="pic-{kind}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>').format(
        kind=kind, x1=x1, y1=y1, x2=x2, y2=y2
    )


def _word(outcome: str) -> str:
    return say(f"result.{outcome}.word")
