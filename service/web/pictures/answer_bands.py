"""The picture of a what-if: one date moves along a time axis, and the answer changes its colour and its word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from markupsafe import Markup

from service.web.pictures.contract_dates import Json
from service.web.pictures.svg_parts import Label, bar, line, stack, text
from service.web.pictures.time_scale import TimeScale
from service.web.wording.pages import say

WIDTH = 960
_LEFT, _RIGHT = 14, 948
_TOP, _BAR, _ROW = 34, 26, 16
_WORD = 64  # a stretch that is narrower has no room for its word

# The labour rules begin in 2016; an earlier day would squeeze the years that decide.
_EARLIEST_SHOWN = date(2016, 1, 1)


def answer_bands(bands: Sequence[Json], here: date | None, name: str, *, number: int) -> Markup:
    """Inline SVG of the stretches of one date; empty where the answer never changes.

    ``here`` is where the date stands now, ``name`` what it is called; ``number`` tells pictures of a page apart.
    """
    changes = [(date.fromisoformat(band["first"]), band["decision"]) for band in bands if band["first"]]
    if not changes:
        return Markup()
    late = [day for day, _ in changes if day >= _EARLIEST_SHOWN] or [day for day, _ in changes]
    scale = TimeScale.over([*late, *([here] if here and here >= min(late[0], _EARLIEST_SHOWN) else [])], _LEFT, _RIGHT)
    labels = [Label.beside(scale.x(day), day.isoformat(), _RIGHT, gap=4) for day, _ in changes if scale.shows(day)]
    rows = stack(labels)
    below = _TOP + _BAR
    bottom = below + 18 + (max(rows, default=0) + 1) * _ROW
    drawn = [
        *_axis(scale, bottom),
        *_stretches(bands, scale),
        *(label.drawn(below + 16 + row * _ROW, "small") for label, row in zip(labels, rows, strict=True)),
        *_now(scale, here, bottom),
    ]
    return Markup(
        '<div class="app-picture" role="region" tabindex="0" aria-label="{label}">'
        '<svg class="pic" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        ' aria-labelledby="bands-{n}-title bands-{n}-desc" focusable="false">'
        '<title id="bands-{n}-title">{title}</title><desc id="bands-{n}-desc">{description}</desc>{drawn}</svg></div>'
    ).format(
        label=say("what_if.picture.scroll", date=name),
        width=WIDTH,
        height=bottom + 24,
        n=number,
        title=say("what_if.picture.title", date=name),
        description=" ".join(f"{day}: {say(f'result.{decision}.word')}." for day, decision in changes),
        drawn=Markup().join(drawn),
    )


def _axis(scale: TimeScale, bottom: float) -> Iterator[Markup]:
    for x, label, is_year in scale.ticks():
        yield line(x, 24, x, bottom, "tick-year" if is_year else "tick")
        if x < _RIGHT - 30:
            yield text(x + 4, 20, label, "year" if is_year else "month")


def _stretches(bands: Sequence[Json], scale: TimeScale) -> Iterator[Markup]:
    for band in bands:
        start = scale.x(date.fromisoformat(band["first"])) if band["first"] else scale.left
        end = scale.x(date.fromisoformat(band["last"]) + timedelta(days=1)) if band["last"] else scale.right
        if end <= scale.left or start >= scale.right or end <= start:
            continue  # wholly before or after what is shown
        yield bar(start, end, _TOP, _BAR, f"pic-{band['decision']} pic-stretch")
        if end - start > _WORD:
            yield text(start + 8, _TOP + 18, say(f"result.{band['decision']}.word"), "word")


def _now(scale: TimeScale, here: date | None, bottom: float) -> Iterator[Markup]:
    if here is None or not scale.shows(here):
        return
    x = scale.x(here)
    yield line(x, 26, x, bottom, "finalised")
    yield Label.beside(x, say("what_if.picture.here", day=here), _RIGHT, gap=6).drawn(bottom + 16, "strong")
