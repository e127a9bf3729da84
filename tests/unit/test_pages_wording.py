from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.rulebook.indicators import INDICATOR_CODES
from service.screening.facts import Stage
from service.web.pages.fields import FORM, OPEN_SECTIONS, Field, Group
from service.web.wording.pages import WORDS, say
from service.web.wording.questions import FIELDS, GROUPS, OPTIONS, SECTIONS, field_words, option_words

WEB = Path(__file__).parents[2] / "service" / "web"
MADE_UP_AT_RUN_TIME = re.compile(
    r"result\.(deny|review|allow)\.|result\.(match|exception)\.|fault\.|party\.|fact\.|record\.|audit\.format\.|ground\."
    r"|erasure\.(done|refused|requested|item\.)|review\.(said|settled|verdict)\."
)
FORBIDDEN = ("clean", "suspect", "risk score", "rejected", "north korean ")


def fields(items: tuple[Field | Group, ...] = FORM) -> Iterator[Field]:
    for item in items:
        if isinstance(item, Field):
            yield item
        else:
            yield from fields(item.items)


def groups(items: tuple[Field | Group, ...]) -> Iterator[Group]:
    for item in items:
        if isinstance(item, Group):
            yield item
            yield from groups(item.items)


def test_every_question_has_a_label_and_says_why_it_is_asked() -> None:
    assert {field.path for field in fields()} == set(FIELDS)
    assert all(label and why for label, why in map(field_words, FIELDS))


def test_every_section_and_group_has_a_title() -> None:
    assert {section.key for section in FORM} == set(SECTIONS)
    assert {group.key for section in FORM for group in groups(section.items)} == set(GROUPS)
    assert set(SECTIONS) >= OPEN_SECTIONS


def test_every_word_a_page_asks_for_is_in_the_catalogue_and_none_is_left_over() -> None:
    sources = [*WEB.glob("templates/*.html"), *WEB.glob("pages/*.py"), *WEB.glob("pictures/*.py")]
    text = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    assert set(re.findall(r"""say\(["']([^"'~{]+)["'][,)]""", text)) <= set(WORDS)
    used = set(re.findall(r"""["']([a-z_0-9.-]+)["']""", text))
    assert {key for key in set(WORDS) - used if not MADE_UP_AT_RUN_TIME.match(key)} == set()


def test_words_that_are_not_in_the_catalogue_are_a_fault() -> None:
    with pytest.raises(KeyError):
        say("no.such.words")


def test_every_option_has_words_of_its_own_or_readable_ones() -> None:
    for field in fields():
        for value in field.options:
            words = option_words(value)
            assert words[0].isupper() or words[0] == "“", value
            assert "_" not in words
    assert set(INDICATOR_CODES) <= set(OPTIONS)


def test_no_word_calls_a_person_clean_or_suspect() -> None:
    every = [*WORDS.values(), *OPTIONS.values(), *(text for pair in FIELDS.values() for text in pair)]
    for text in every:
        assert not any(word in text.casefold() for word in FORBIDDEN), text


def test_each_outcome_says_what_it_means_and_what_to_do() -> None:
    for outcome in ("deny", "review", "allow"):
        for part in ("word", "meaning", "next"):
            assert WORDS[f"result.{outcome}.{part}"]
    assert "not a final decision" in say("result.deny.meaning")
    assert "Two people" in say("result.deny.meaning")


def test_the_stage_is_chosen_from_the_start() -> None:
    stage = next(field for field in fields() if field.path == "stage")
    assert stage.default == Stage.OFFER_ACCEPTED.value
