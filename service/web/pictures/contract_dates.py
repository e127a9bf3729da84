"""The dates that a picture of a hire against the law shows, gathered from an answer and its request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.web.wording.pages import say

Json = Mapping[str, Any]
Deadlines = Mapping[str, Sequence[Json]]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time with a name; ``end`` None where it has none, ``start`` None where it is not known."""

    name: str
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A day with a name."""

    name: str
    day: date


@dataclass(frozen=True, kw_only=True, slots=True)
class ClauseSpan:
    """A clause over the time that it is in force, with the days on which it changes what it demands."""

    id: str
    title: str
    outcome: str
    start: date
    end: date | None
    deadlines: tuple[Mark, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Dates:
    """Everything with a date in one screening. ``finalised`` is None where the day is not known."""

    clauses: tuple[ClauseSpan, ...]
    as_of: date
    finalised: date | None
    spans: tuple[Span, ...]
    marks: tuple[Mark, ...]

    def of_the_hire(self) -> list[date]:
        """Every day of the hire itself, and the day on which it is judged."""
        ends = [day for span in self.spans for day in (span.start, span.end) if day]
        return [self.as_of, *filter(None, [self.finalised]), *ends, *(mark.day for mark in self.marks)]


def gather_dates(answer: Json, asked: Json, deadlines: Deadlines) -> Dates:
    """The dates of an answer, of the request it answers, and of the clauses' deadlines by clause id."""
    contract, permit = _part(asked, "contract"), _part(asked, "authorisation")
    marks = [Mark(say("picture.effective"), day) for day in [_day(contract.get("effective_on"))] if day is not None] + [
        Mark(str(event.get("kind", "")).replace("_", " ").capitalize(), day)
        for event in contract.get("events") or []
        if (day := _day(event.get("on"))) is not None
    ]
    as_of = _day(answer.get("as_of"))
    if as_of is None:
        raise ValueError("an answer states the day it judged on")
    return Dates(
        clauses=tuple(_clauses(answer, deadlines)),
        as_of=as_of,
        finalised=_day(contract.get("finalised_at")) or _day(contract.get("finalised_on")),
        spans=tuple(_spans(contract, permit)),
        marks=tuple(marks),
    )


def _spans(contract: Json, permit: Json) -> list[Span]:
    work = Span(say("picture.works"), _day(contract.get("starts_on")), _day(contract.get("ends_on")))
    allowed = Span(say("picture.permit"), _day(permit.get("issued_on")), _day(permit.get("expires_on")))
    return [span for span in (work, allowed) if span.start or span.end]


def _clauses(answer: Json, deadlines: Deadlines) -> list[ClauseSpan]:
    found: dict[str, ClauseSpan] = {}
    for finding in answer.get("findings", []):
        clause = finding["clause"]
        start = _day(clause.get("in_force_from"))
        if start is None or clause["id"].startswith("IND-"):
            continue
        marks = (Mark(entry["what"], day) for entry in deadlines.get(clause["id"], ()) if (day := _day(entry["on"])))
        span = ClauseSpan(
            id=clause["id"],
            title=clause["title"],
            outcome=finding["outcome"],
            start=start,
            end=_day(clause.get("in_force_until")),
            deadlines=tuple(marks),
        )
        found.setdefault(span.id, span)  # the most severe finding of a clause comes first
    return list(found.values())


def dated_events(answer: Json, asked: Json, deadlines: Deadlines) -> list[dict[str, str]]:
    """The same dates in words, in order: what the picture says to those who do not see it."""
    dates = gather_dates(answer, asked, deadlines)
    events = [(mark.day, mark.name) for mark in dates.marks] + [(dates.as_of, say("picture.as_of"))]
    if dates.finalised:
        events.append((dates.finalised, say("picture.finalised")))
    for span in dates.spans:
        events += [(span.start, f"{span.name}: {say('picture.begins')}")] if span.start else []
        events += [(span.end, f"{span.name}: {say('picture.last_day')}")] if span.end else []
    for clause in dates.clauses:
        events.append((clause.start, f"{say('picture.in_force', clause=clause.id)}: {clause.title}"))
        events += [(mark.day, f"{clause.id}: {mark.name}") for mark in clause.deadlines]
        events += [(clause.end, say("picture.ended", clause=clause.id))] if clause.end else []
    return [{"day": day.isoformat(), "what": what} for day, what in sorted(events, key=lambda event: event[0])]


def _part(asked: Json, name: str) -> Json:
    part = asked.get(name)
    return part if isinstance(part, Mapping) else {}


def _day(text: Any) -> date | None:
    """The calendar day at the front of a date or a timestamp; None for anything else."""
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
