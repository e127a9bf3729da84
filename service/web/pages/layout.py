"""The form as it stands for given answers: its questions with their rows counted out.

Answers are what the browser sent: input names to lists of texts. The name of an input is the path of its
field (``counterparties[0].name``), for the boxes of a date with ``-day``, ``-month`` and ``-year``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.web.pages.fields import FORM, Field, Group, Kind

Answers = Mapping[str, list[str]]

_BOXES: dict[Kind, tuple[str, ...]] = {
    Kind.DATE: ("-day", "-month", "-year"),
    Kind.PARTIAL_DATE: ("-day", "-month", "-year"),
    Kind.TIME: ("-time", "-offset"),
    Kind.NATIONALITY: ("", "-choice"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A field at one place of the form; ``path`` has the numbers of its rows."""

    field: Field
    path: str

    @property
    def id(self) -> str:
        """The id of the first input of this question in the page."""
        return slug(self.path) + next(iter(_BOXES.get(self.field.kind, ("",))))

    @property
    def pointer(self) -> str:
        """The JSON pointer of this question's value in the request."""
        return "/" + re.sub(r"\[(\d+)\]", r"/\1", self.path).replace(".", "/")

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs that ask this question."""
        return tuple(self.path + box for box in _BOXES.get(self.field.kind, ("",)))

    def is_blank(self, answers: Answers) -> bool:
        return not any(text.strip() for name in self.inputs for text in answers.get(name, ()))


@dataclass(frozen=True, slots=True)
class Part:
    """A group at one place: a section, a fold, or one row (``number`` counts from 1)."""

    group: Group
    path: str
    items: tuple[Question | Part | Rows, ...]
    number: int | None = None

    def questions(self) -> Iterator[Question]:
        """Every question in this part, in order."""
        for item in self.items:
            if isinstance(item, Question):
                yield item
            elif isinstance(item, Part):
                yield from item.questions()
            else:
                for row in item.parts:
                    yield from row.questions()

    def is_blank(self, answers: Answers) -> bool:
        return all(question.is_blank(answers) for question in self.questions())


@dataclass(frozen=True, slots=True)
class Rows:
    """A group that repeats; ``path`` is that of the list (``counterparties``)."""

    group: Group
    path: str
    parts: tuple[Part, ...]

    @property
    def may_grow(self) -> bool:
        return len(self.parts) < self.group.most


def slug(path: str) -> str:
    """A path as an id in the page: ``counterparties[0].name`` is ``counterparties-0-name``."""
    return re.sub(r"[\[\].]+", "-", path).strip("-")


def lay_out(answers: Answers, *, add: str | None = None) -> tuple[Part, ...]:
    """The form for these answers, with one more row of the list ``add``."""
    return tuple(Part(group, "", _expand(group.items, (), answers, add)) for group in FORM)


def _expand(
    items: tuple[Field | Group, ...], numbers: tuple[int, ...], answers: Answers, add: str | None
) -> tuple[Question | Part | Rows, ...]:
    return tuple(_expand_one(item, numbers, answers, add) for item in items)


def _expand_one(
    item: Field | Group, numbers: tuple[int, ...], answers: Answers, add: str | None
) -> Question | Part | Rows:
    if isinstance(item, Field):
        return Question(item, numbered(item.path, numbers))
    if item.rows is None:
        return Part(item, "", _expand(item.items, numbers, answers, add))
    path = numbered(item.rows, numbers)
    count = min(max(item.least, rows_in(answers, path)) + (path == add), item.most)
    parts = (
        Part(item, f"{path}[{row}]", _expand(item.items, (*numbers, row), answers, add), number=row + 1)
        for row in range(count)
    )
    return Rows(item, path, tuple(parts))


def numbered(path: str, numbers: tuple[int, ...]) -> str:
    """A path with its ``[]`` filled from the left: ``a[].b[].c`` with (0, 2) is ``a[0].b[2].c``."""
    for number in numbers:
        path = path.replace("[]", f"[{number}]", 1)
    return path


def rows_in(answers: Answers, path: str) -> int:
    """How many rows of the list at ``path`` the answers name."""
    row = re.compile(re.escape(path) + r"\[(\d{1,3})\]")
    found = (row.match(name) for name in answers)
    return max((int(match[1]) + 1 for match in found if match), default=0)


def without_blank_rows(answers: Answers) -> dict[str, list[str]]:
    """The answers with blank rows closed up, so that row numbers are those of the request."""
    kept = dict(answers)
    for part in lay_out(kept):
        kept = _close_up(part, kept)
    return kept


def _close_up(part: Part, answers: dict[str, list[str]]) -> dict[str, list[str]]:
    for item in part.items:
        if isinstance(item, Question):
            continue
        for row in item.parts if isinstance(item, Rows) else (item,):
            answers = _close_up(row, answers)
        if isinstance(item, Rows):
            answers = _renumber(item, answers)
    return answers


def _renumber(rows: Rows, answers: dict[str, list[str]]) -> dict[str, list[str]]:
    filled = [part.path for part in rows.parts if not part.is_blank(answers)]
    kept = {name: texts for name, texts in answers.items() if not name.startswith(f"{rows.path}[")}
    for number, path in enumerate(filled):
        for name, texts in answers.items():
            if name.startswith(path):
                kept[f"{rows.path}[{number}]{name[len(path) :]}"] = texts
    return kept
