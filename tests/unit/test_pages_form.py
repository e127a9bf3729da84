from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import InvalidRequestError
from service.web.pages.examples import EXAMPLES
from service.web.pages.fields import Kind
from service.web.pages.filling import fill_form, not_carried
from service.web.pages.form_faults import place_faults
from service.web.pages.layout import Answers, Question, lay_out, rows_in, slug, without_blank_rows
from service.web.pages.part_views import PartView, show_form
from service.web.pages.question_views import QuestionView, show_question
from service.web.pages.reading import expected_inputs, read_form
from service.web.schemas.screening import load_request

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
NAMED = {"worker.name": ["Ana Example"]}


def body(**answers: list[str]) -> dict[str, Any]:
    reading = read_form({**NAMED, **answers})
    assert reading.faults == []
    return reading.body


def faults(**answers: list[str]) -> dict[str, str]:
    return dict(read_form({**NAMED, **answers}).faults)


def question(path: str, answers: Answers) -> Question:
    return next(q for part in lay_out(answers) for q in part.questions() if q.path == path)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_fills_the_form_so_that_reading_it_gives_the_example(name: str) -> None:
    example = EXAMPLES[name].body
    answers = without_blank_rows(fill_form(example))
    assert answers == fill_form(example)
    reading = read_form(answers)
    assert reading.faults == []

    assert reading.body == example
    load_request(reading.body, now=NOW)


def test_every_field_of_the_form_is_one_that_the_request_takes() -> None:
    filled: dict[str, list[str]] = {}
    for part in lay_out({}):
        for asked in part.questions():
            match asked.field.kind:
                case Kind.DATE | Kind.PARTIAL_DATE:
                    filled |= dict(zip(asked.inputs, (["2"], ["3"], ["2017"]), strict=True))
                case Kind.TIME:
                    filled |= dict(zip(asked.inputs, (["07:30"], ["+09:00"]), strict=True))
                case Kind.CHOICE | Kind.CHECKS:
                    filled[asked.path] = [asked.field.options[0]]
                case Kind.YES_NO:
                    filled[asked.path] = ["yes"]
                case Kind.COUNTRY | Kind.NATIONALITY | Kind.NATIONALITIES:
                    filled[asked.path] = ["Poland"]
                case Kind.PERCENT:
                    filled[asked.path] = ["33,3 %"]
                case _:
                    filled[asked.path] = [f"Example {len(filled)}"]
    filled |= {"jurisdictions": ["US, EU"], "work.goods_destined_to": ["Chile"], "exemptions[0].clause": ["UN-2375-17"]}
    filled |= {"exemptions[0].power": ["UN-2397-25"], "authorisation.extended_on": ["2018-01-02\n2018-03-04"]}
    for path in [path for path in filled if path.startswith(("counterparties[1]", "counterparties[2]"))]:
        del filled[path]
    reading = read_form(filled)
    assert reading.faults == []
    request = load_request(reading.body, now=NOW)
    assert request.contract.finalised is not None
    assert request.contract.finalised.isoformat() == "2017-03-02T07:30:00+09:00"
    assert str(request.counterparties[0].owners[0].share_percent) == "33.3"
    assert fill_form(reading.body).keys() >= {"contract.finalised_at-time", "exemptions[0].power"}


def test_an_empty_form_asks_for_the_name_and_nothing_else() -> None:
    assert read_form({}).faults == [("/worker/name", "Write the person’s full name")]
    assert body() == {"worker": {"name": "Ana Example"}}


def test_not_known_is_left_out_of_the_request() -> None:
    assert body(**{"contract.written": [""], "contract.payee": [""]}) == {"worker": {"name": "Ana Example"}}


@pytest.mark.parametrize(
    ("day", "month", "year", "read"),
    [
        ("", "", "1985", "1985"),
        ("", "3", "1985", "1985-03"),
        ("2", "3", "1985", "1985-03-02"),
        ("02", "03", "1985", "1985-03-02"),
    ],
)
def test_a_birth_date_may_be_a_year_a_month_or_a_day(day: str, month: str, year: str, read: str) -> None:
    path = "worker.date_of_birth"
    stated = body(**{f"{path}-day": [day], f"{path}-month": [month], f"{path}-year": [year]})
    assert stated["worker"]["date_of_birth"] == read


@pytest.mark.parametrize(
    ("boxes", "complaint"),
    [
        (("", "3", ""), "four digits"),
        (("2", "", "2018"), "Write day, month and year"),
        (("x", "3", "2018"), "as numbers"),
        (("٢", "3", "2018"), "as numbers"),
        (("2", "3", "18"), "four digits"),
    ],
)
def test_a_date_that_is_half_written_is_asked_for_again(boxes: tuple[str, str, str], complaint: str) -> None:
    names = (f"contract.finalised_on-{part}" for part in ("day", "month", "year"))
    found = faults(**{name: [box] for name, box in zip(names, boxes, strict=True)})
    assert complaint in found["/contract/finalised_on"]


def test_a_time_of_signature_needs_its_date_and_its_zone() -> None:
    time = {"contract.finalised_at-time": ["07:30"], "contract.finalised_at-offset": ["+09:00"]}
    assert "/contract/finalised_on" in faults(**time)
    assert "/contract/finalised_at" in faults(**{**time, "contract.finalised_at-offset": [""]})
    date = {f"contract.finalised_on-{p}": [v] for p, v in (("day", "12"), ("month", "9"), ("year", "2017"))}
    assert body(**time, **date)["contract"] == {"finalised_at": "2017-09-12T07:30:00+09:00"}


@pytest.mark.parametrize("typed", ["KRLD", "korrea", "Norht Korea"])
def test_a_nationality_that_is_not_recognised_offers_both_koreas_full_names_first(typed: str) -> None:
    path = "worker.nationalities[0].country"
    answers = {**NAMED, path: [typed]}
    reading = read_form(answers)
    assert [pointer for pointer, _ in reading.faults] == ["/worker/nationalities/0/country"]
    shown = show_question(question(path, answers), answers, {path: reading.faults[0][1]})
    (prk, prk_words), (kor, kor_words), *_ = shown.choices
    assert (prk, kor) == ("PRK", "KOR")
    assert prk_words.startswith("Democratic People")
    assert kor_words.startswith("Republic of Korea")
    assert shown.chosen == ""


@pytest.mark.parametrize("choice", ["PRK", "KOR"])
def test_the_choice_beside_an_unclear_nationality_is_what_counts(choice: str) -> None:
    path = "worker.nationalities[0].country"
    stated = body(**{path: ["KRLD"], f"{path}-choice": [choice]})
    assert stated["worker"]["nationalities"] == [{"country": choice}]


@pytest.mark.parametrize("typed", ["Korean", "Korea", "朝鮮", "Chosen"])
def test_a_word_that_names_no_one_state_is_kept_only_on_purpose(typed: str) -> None:
    path = "worker.nationalities[0].country"
    assert "/worker/nationalities/0/country" in faults(**{path: [typed]})
    kept = body(**{path: [typed], f"{path}-choice": ["as_written"]})
    assert kept["worker"]["nationalities"] == [{"country": typed}]
    nationality = load_request(kept, now=NOW).worker.nationalities[0]
    assert nationality.country.code is None


def test_blank_rows_are_closed_up_so_that_row_numbers_are_those_of_the_request() -> None:
    answers = {
        "counterparties[0].name": [""],
        "counterparties[1].name": ["Second"],
        "counterparties[1].owners[0].name": [""],
        "counterparties[1].owners[1].name": ["Owner"],
        "counterparties[3].name": ["Fourth"],
    }
    closed = without_blank_rows(answers)
    assert closed == {
        "counterparties[0].name": ["Second"],
        "counterparties[0].owners[0].name": ["Owner"],
        "counterparties[1].name": ["Fourth"],
    }


@settings(deadline=None, max_examples=60)  # the machine may be busy
@given(st.lists(st.sampled_from(["", "A", "B"]), max_size=9))
def test_closing_up_keeps_every_filled_row_in_order(names: list[str]) -> None:
    answers = {f"counterparties[{row}].name": [name] for row, name in enumerate(names)}
    closed = without_blank_rows(answers)
    kept = [name for name in names if name]
    assert [closed[f"counterparties[{row}].name"][0] for row in range(len(kept))] == kept
    assert without_blank_rows(closed) == closed


def test_another_row_is_added_where_it_was_asked_for_and_the_others_stay() -> None:
    shown = lay_out(NAMED)
    grown = lay_out(NAMED, add="counterparties[1].owners")
    before, after = expected_inputs(shown), expected_inputs(grown)
    assert before < after
    assert all(name.startswith("counterparties[1].owners[1].") for name in after - before)


def test_a_list_stops_growing_at_its_limit() -> None:
    answers = {"counterparties[19].name": ["Last"], "counterparties[400].name": ["Beyond"]}
    inputs = expected_inputs(lay_out(answers, add="counterparties"))
    assert "counterparties[19].name" in inputs
    assert "counterparties[20].name" not in inputs
    assert rows_in(answers, "counterparties") == 401


def test_a_fault_stands_beside_the_question_that_it_is_about() -> None:
    parts = lay_out(NAMED)
    placed = place_faults(
        [
            ("/counterparties/1/role", "Missing data for required field."),
            ("/worker/name", "Write a text."),
            ("/jurisdictions/1", "No such country is known."),
            ("/contract/finalised_at", "There is no such time of day."),
            ("/exemptions/0", "Something"),
            ("/nowhere", "Something else"),
        ],
        parts,
    )
    found = [(asked.path if asked else None, text) for asked, text in placed]
    assert found == [
        (None, "Something else"),
        ("jurisdictions", "No such country is known."),
        ("worker.name", "Write a text."),
        ("contract.finalised_on", "There is no such time of day."),
        ("counterparties[1].role", "Fill this in, or empty the whole row"),
        ("exemptions[0].clause", "Something"),
    ]


def views(parts: tuple[PartView, ...]) -> list[PartView]:
    return [view for part in parts for view in (part, *views(tuple(i for i in part.items if isinstance(i, PartView))))]


def test_a_fold_is_open_where_it_holds_an_answer_or_a_fault() -> None:
    answers = {**NAMED, "counterparties[1].identifiers.lei": ["X"]}
    shown = {view.id: view for view in views(show_form(lay_out(answers), answers, {"work.vessel.imo": "Wrong"}))}
    assert shown["counterparties-1"].open
    assert shown["place"].open
    assert not shown["counterparties-2"].open
    assert not shown["exemptions"].open


def test_no_two_inputs_of_a_page_share_an_id() -> None:
    shown = show_form(lay_out({}), {}, {})
    ids = [item.id for view in views(shown) for item in view.items if isinstance(item, QuestionView)]
    assert len(ids) == len(set(ids))
    assert slug("counterparties[0].owners[1].name") == "counterparties-0-owners-1-name"


def test_what_an_earlier_request_holds_and_the_form_does_not_is_named() -> None:
    asked = {
        "as_of": "2018-06-01T10:00:00Z",
        "known_at": "2018-06-01T10:00:00Z",
        "worker": {"name": "Ana Example", "gender": None, "nationalities": ["PRK"], "given_names": "Ana"},
        "contract": {"finalised_at": "2017-09-12T07:30:00+09:00"},
        "counterparties": [
            {
                "role": "client",
                "name": "A",
                "owners": [{"name": "B", "owners": [{"name": "C"}]}],
                "directors": [{"name": "D", "nationalities": [{"country": "PRK", "evidence": "passport"}]}],
            }
        ],
    }
    assert not_carried(asked) == [
        "as_of",
        "known_at",
        "worker.given_names",
        "counterparties[0].owners[0].owners[0].name",
        "counterparties[0].directors[0].nationalities[0].evidence",
    ]


INPUTS = sorted(expected_inputs(lay_out({})))
TYPED = st.text(max_size=12) | st.sampled_from(
    [
        "1",
        "31",
        "2018",
        "2018-02-30",
        "yes",
        "PRK",
        "Korea",
        "unknown",
        "+09:00",
        "24:61",
        "1e9",
        "٣",
        "\x00",
        "\ud800",
        "a,b;c\nd",
    ]
)


@settings(deadline=None, max_examples=60)  # the machine may be busy
@given(st.dictionaries(st.sampled_from(INPUTS), st.lists(TYPED, min_size=1, max_size=2), max_size=12))
def test_whatever_is_typed_is_read_or_asked_for_again(answers: dict[str, list[str]]) -> None:
    closed = without_blank_rows(answers)
    reading = read_form(closed)
    try:
        load_request({"worker": {}, **reading.body}, now=NOW)
    except InvalidRequestError as invalid:
        found = [*reading.faults, *invalid.faults]
    else:
        found = reading.faults
    parts = lay_out(closed)
    errors = {asked.path: text for asked, text in place_faults(found, parts) if asked}
    show_form(parts, closed, errors)
    if not found:
        assert read_form(without_blank_rows(fill_form(reading.body))).body == reading.body
