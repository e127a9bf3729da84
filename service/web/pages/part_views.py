"""The parts of the form as the template shows them: sections, folds, rows and the buttons that add rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.web.pages.fields import OPEN_SECTIONS
from service.web.pages.layout import Answers, Part, Question, Rows, slug
from service.web.pages.question_views import QuestionView, show_question
from service.web.wording.questions import GROUPS, SECTIONS


@dataclass(frozen=True, kw_only=True, slots=True)
class PartView:
    """A section, fold or row as shown; ``add`` is the list that a button lengthens (its name and group)."""

    key: str
    id: str
    title: str
    hint: str
    folded: bool
    open: bool
    items: tuple[QuestionView | PartView, ...]
    add: tuple[str, str] | None = None


def show_part(
    part: Part, answers: Answers, errors: Mapping[str, str], *, title: str, hint: str, folded: bool
) -> PartView:
    """A part with its questions and, one level down, its folds and rows; ``title`` names it."""
    return PartView(
        key=part.group.key,
        id=slug(part.path) or part.group.key,
        title=title,
        hint=hint,
        folded=folded,
        open=not folded or not part.is_blank(answers) or any(q.path in errors for q in part.questions()),
        items=tuple(shown for item in part.items for shown in _show_item(item, answers, errors)),
    )


def _show_item(
    item: Question | Part | Rows, answers: Answers, errors: Mapping[str, str]
) -> tuple[QuestionView | PartView, ...]:
    if isinstance(item, Question):
        return (show_question(item, answers, errors),)
    title = GROUPS[item.group.key]
    if isinstance(item, Part):
        view = show_part(item, answers, errors, title=title, hint="", folded=item.group.folded)
        return (view,)
    rows = tuple(
        show_part(
            row,
            answers,
            errors,
            title=f"{title} {row.number}" if len(item.parts) > 1 else title,
            hint="",
            folded=item.group.folded and row.number != 1,
        )
        for row in item.parts
    )
    if not item.may_grow:
        return rows
    grow = PartView(
        key="add",
        id=f"add-{slug(item.path)}",
        title=title,
        hint="",
        folded=False,
        open=True,
        items=(),
        add=(item.path, f"{slug(item.path)}-{len(item.parts)}"),
    )
    return (*rows, grow)


def show_form(parts: tuple[Part, ...], answers: Answers, errors: Mapping[str, str]) -> tuple[PartView, ...]:
    """The sections of the form; those that are rarely needed are folded until they hold something."""
    return tuple(
        show_part(
            part,
            answers,
            errors,
            title=SECTIONS[part.group.key][0],
            hint=SECTIONS[part.group.key][1],
            folded=part.group.key not in OPEN_SECTIONS,
        )
        for part in parts
    )
