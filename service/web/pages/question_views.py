"""A question as the template shows it: words, what was typed, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from service.nationality.countries import UnknownCountryError, alpha3, choices, full_name, name, parse_country
from service.web.pages.fields import Kind
from service.web.pages.layout import Answers, Question
from service.web.pages.reading import AS_WRITTEN
from service.web.wording.pages import say
from service.web.wording.questions import field_words, option_words

TWO_KOREAS = ("KP", "KR")


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionView:
    """``options`` are (value, words) pairs; ``boxes`` are (name, label, value, width) of a date or a time."""

    kind: str
    id: str
    name: str
    label: str
    hint: str
    value: str
    values: tuple[str, ...]
    error: str | None
    width: str
    options: tuple[tuple[str, str], ...] = ()
    boxes: tuple[tuple[str, str, str, str], ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    chosen: str = ""


def show_question(question: Question, answers: Answers, errors: Mapping[str, str]) -> QuestionView:
    """The question with what was answered and, where ``errors`` has its path, what to mend."""
    label, hint = field_words(re.sub(r"\[\d+\]", "[]", question.path))
    typed = answers.get(question.path)
    values = tuple(typed) if typed is not None else tuple(filter(None, (question.field.default,)))
    error = errors.get(question.path)
    return QuestionView(
        kind=question.field.kind.value,
        id=question.id,
        name=question.path,
        label=label,
        hint=hint,
        value=values[0] if values else "",
        values=values,
        error=error,
        width=question.field.width,
        options=_options(question),
        boxes=_boxes(question, answers),
        choices=_choices(question, values[0] if values else "", error),
        chosen=next(iter(answers.get(f"{question.path}-choice", [])), ""),
    )


def _options(question: Question) -> tuple[tuple[str, str], ...]:
    options = tuple((value, option_words(value)) for value in question.field.options)
    if question.field.kind is Kind.YES_NO:
        return (("yes", say("screen.yes")), ("no", say("screen.no")), ("", say("screen.unknown")))
    if question.field.kind is Kind.CHOICE and not question.field.default:
        return (("", say("screen.unstated")), *options)
    return options


def _boxes(question: Question, answers: Answers) -> tuple[tuple[str, str, str, str], ...]:
    asked: tuple[tuple[str, str], ...]
    match question.field.kind:
        case Kind.DATE | Kind.PARTIAL_DATE:
            asked = (("screen.day", "2"), ("screen.month", "2"), ("screen.year", "4"))
        case Kind.TIME:
            asked = (("screen.time", "5"), ("screen.offset", "5"))
        case _:
            return ()
    return tuple(
        (input_name, say(words), next(iter(answers.get(input_name, [""]))), width)
        for input_name, (words, width) in zip(question.inputs, asked, strict=True)
    )


def _choices(question: Question, typed: str, error: str | None) -> tuple[tuple[str, str], ...]:
    """What to offer for a word that names no one State: full names first, the two Koreas always."""
    if question.field.kind is not Kind.NATIONALITY or not (error or names_no_one_state(typed)):
        return ()
    codes = choices(typed) or TWO_KOREAS
    offered = [(alpha3(code), f"{full_name(code)} ({alpha3(code)}, {name(code)})") for code in codes]
    offered.append(("typed", say("screen.choice.typed")))
    if names_no_one_state(typed):
        offered.append((AS_WRITTEN, say("screen.choice.as_written")))
    return tuple(offered)


def names_no_one_state(typed: str) -> bool:
    """Whether a text is a known word that leaves open which State is meant, such as ``Korean``."""
    try:
        return parse_country(typed).code is None
    except UnknownCountryError:
        return False
