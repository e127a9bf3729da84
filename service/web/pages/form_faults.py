"""Which question of the form a fault of the request is about."""

from __future__ import annotations

from service.web.pages.layout import Part, Question
from service.web.wording.pages import FAULTS


def place_faults(faults: list[tuple[str, str]], parts: tuple[Part, ...]) -> list[tuple[Question | None, str]]:
    """Each fault beside the question it is about: the one at its pointer, above it, or first below it."""
    questions = [question for part in parts for question in part.questions()]
    placed: dict[str, tuple[Question | None, str]] = {}
    for pointer, detail in faults:
        question = _nearest(pointer, questions)
        placed.setdefault(question.path if question else pointer, (question, _in_words(question, detail)))
    order = {question.path: place for place, question in enumerate(questions)}
    return sorted(placed.values(), key=lambda found: order[found[0].path] if found[0] else -1)


def _nearest(pointer: str, questions: list[Question]) -> Question | None:
    if pointer == "/contract/finalised_at":
        pointer = "/contract/finalised_on"  # the two make one instant; the date is asked first
    above = [q for q in questions if pointer == q.pointer or pointer.startswith(f"{q.pointer}/")]
    below = [q for q in questions if q.pointer.startswith(f"{pointer}/")]
    return next(iter(above or below), None)


def _in_words(question: Question | None, detail: str) -> str:
    return FAULTS["required"] if question is not None and detail.startswith("Missing data") else detail
