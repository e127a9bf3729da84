"""What the form was read as: each answer in words, and the same request for the API."""

from __future__ import annotations

import shlex

import orjson

from service.nationality.countries import UnknownCountryError, alpha3, full_name, parse_country
from service.records import JsonObject
from service.web.pages.fields import Kind
from service.web.pages.layout import Answers, Part, Question, lay_out
from service.web.pages.question_views import show_question
from service.web.wording.pages import say
from service.web.wording.questions import GROUPS, SECTIONS


def show_answers(answers: Answers, body: JsonObject, address: str) -> JsonObject:
    """Sections of (question, answer, how it is read) for what was answered, hidden inputs, and the request.

    ``address`` is that of the service, for the request to the API.
    """
    sections = []
    for part in lay_out(answers):
        rows = [_row(part, question, answers) for question in part.questions() if not question.is_blank(answers)]
        if rows:
            sections.append({"title": SECTIONS[part.group.key][0], "rows": rows})
    hidden = [(name, text) for name, texts in answers.items() for text in texts if text]
    return {"sections": sections, "hidden": hidden, "curl": _curl(body, address)}


def _row(part: Part, question: Question, answers: Answers) -> JsonObject:
    view = show_question(question, answers, {})
    words = dict(view.options)
    if view.boxes:
        values = [value for _, _, value, _ in view.boxes if value]
        typed = " ".join(values) if view.kind == "time" else "-".join(f"{value:0>2}" for value in reversed(values))
    else:
        typed = ", ".join(words.get(value, value) for value in view.values)
    return {
        "label": view.label,
        "where": _where(question),
        "typed": typed,
        "reading": _reading(question, view.value),
        "id": view.id,
        "section": part.group.key,
    }


def _where(question: Question) -> str:
    """Which row an answer belongs to, where there may be several."""
    if "[" not in question.path:
        return ""
    number = int(question.path.split("[", 1)[1].split("]", 1)[0]) + 1
    kind = {"worker.nationalities": "nationality", "counterparties": "party", "exemptions": "exemption"}
    key = kind.get(question.path.split("[", 1)[0])
    return f"{GROUPS[key]} {number}" if key else ""


def _reading(question: Question, typed: str) -> str:
    """``PRK, Democratic People's Republic of Korea`` beside ``North Korea``; nothing where nothing is read."""
    if question.field.kind not in (Kind.COUNTRY, Kind.NATIONALITY) or not typed:
        return ""
    try:
        code = parse_country(typed).code
    except UnknownCountryError:
        return ""
    if code is None:
        return say("check.ambiguous")
    return say("check.as_read", reading=f"{alpha3(code)}, {full_name(code)}")


def _curl(body: JsonObject, address: str) -> str:
    pretty = orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()
    return (
        'curl -H "Authorization: Bearer $HIRESCREEN_KEY" -H "Content-Type: application/json" \\\n'
        f"  --data {shlex.quote(pretty)} \\\n  {address}/v1/screenings"
    )
