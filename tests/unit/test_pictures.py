from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from service.web.pictures.contract_dates import dated_events, gather_dates
from service.web.pictures.contract_timeline import WIDTH, contract_timeline
from service.web.pictures.svg_parts import Label, stack
from service.web.pictures.time_scale import TimeScale

DEADLINES = {"UN-2397-8": [{"what": "have returned by", "on": "2019-12-22"}]}


def finding(clause: str, start: str, outcome: str = "deny", title: str = "A title", end: str | None = None) -> Any:
    return {
        "outcome": outcome,
        "clause": {"id": clause, "title": title, "in_force_from": start, "in_force_until": end},
    }


def answer(*findings: Any, as_of: str = "2018-06-01") -> dict[str, Any]:
    return {"as_of": as_of, "findings": list(findings)}


BRICKLAYER = {
    "contract": {"finalised_on": "2018-02-10", "starts_on": "2018-03-05", "ends_on": "2019-02-28"},
    "authorisation": {"issued_on": "2018-03-01"},
}
BOTH = answer(finding("UN-2375-17", "2017-09-11"), finding("UN-2397-8", "2017-12-22", "allow"))


def drawn(said: Any, asked: Any, deadlines: Any = DEADLINES) -> Any:
    """The picture as a tree: reading it proves that it is well formed and escaped."""
    return etree.fromstring(str(contract_timeline(said, asked, deadlines)))


def words(tree: Any) -> list[str]:
    return ["".join(text.itertext()) for text in tree.iter("text")]


def bar(tree: Any, kind: str) -> tuple[float, float]:
    (found,) = [rect for rect in tree.iter("rect") if kind in rect.get("class").split()]
    return float(found.get("x")), float(found.get("x")) + float(found.get("width"))


def test_the_picture_shows_each_clause_from_its_day_and_the_contract_between_them() -> None:
    tree = drawn(BOTH, {"contract": BRICKLAYER["contract"]})
    deny, allow, hire = bar(tree, "pic-deny"), bar(tree, "pic-allow"), bar(tree, "pic-hire")
    (line,) = [line for line in tree.iter("line") if line.get("class") == "pic-finalised"]
    assert deny[0] < allow[0] < float(line.get("x1")) < hire[0] < hire[1] < deny[1] == allow[1]
    assert "Contract finalised 2018-02-10" in words(tree)
    assert "Judged as of 2018-06-01" in words(tree)
    assert any(text.startswith("UN-2375-17 A title") for text in words(tree))


def test_the_outcome_stands_in_words_on_its_bar() -> None:
    assert {"DENY", "ALLOW"} <= set(words(drawn(BOTH, BRICKLAYER)))


def test_a_deadline_is_a_mark_with_its_day_in_words() -> None:
    tree = drawn(BOTH, BRICKLAYER)
    assert len([path for path in tree.iter("path") if path.get("class") == "pic-deadline"]) == 1
    assert "have returned by 2019-12-22" in words(tree)


def test_deadlines_that_lie_close_together_are_written_below_each_other() -> None:
    near = {
        "EU-1": [{"what": "A long name of a first day", "on": "2017-10-16"}, {"what": "Another", "on": "2017-10-20"}]
    }
    tree = drawn(answer(finding("EU-1", "2017-09-15")), BRICKLAYER, near)
    small = [text.get("y") for text in tree.iter("text") if "pic-small" in text.get("class")]
    assert len(set(small)) == 2


def test_labels_share_a_row_only_where_they_do_not_touch() -> None:
    labels = [Label.beside(x, "twelve words", 900) for x in (0, 20, 400, 410, 890)]
    assert stack(labels) == [0, 1, 0, 1, 0]


def test_a_permit_without_an_end_is_drawn_as_open() -> None:
    tree = drawn(BOTH, BRICKLAYER)
    assert bar(tree, "pic-open")[1] == pytest.approx(bar(tree, "pic-deny")[1])
    assert any("no end stated" in text for text in words(tree))


def test_a_clause_of_long_ago_runs_in_from_the_edge_and_leaves_the_years_that_decide() -> None:
    old = answer(finding("UN-1718-8d", "2006-10-14"), finding("UN-2375-17", "2017-09-11", "review"))
    tree = drawn(old, BRICKLAYER)
    assert bar(tree, "pic-deny")[0] < bar(tree, "pic-review")[0]
    assert any(text.startswith("UN-1718-8d (since 2006)") for text in words(tree))
    assert not {"2007", "2010"} & set(words(tree))


def test_the_picture_is_described_and_every_date_of_it_stands_in_the_table() -> None:
    tree = drawn(BOTH, BRICKLAYER)
    assert tree.find("svg/title").text
    described = tree.find("svg/desc").text
    rows = dated_events(BOTH, BRICKLAYER, DEADLINES)
    assert [row["day"] for row in rows] == sorted(row["day"] for row in rows)
    for row in rows:
        assert row["day"] in described
    assert {row["day"] for row in rows} >= {"2017-09-11", "2018-02-10", "2018-03-01", "2019-02-28", "2019-12-22"}


def test_no_clause_no_picture() -> None:
    assert contract_timeline(answer(), BRICKLAYER, {}) == ""
    assert contract_timeline(answer(finding("IND-proxy_interview", "2018-01-01")), BRICKLAYER, {}) == ""


def test_a_hire_without_dates_still_shows_the_clauses_and_the_day_judged_on() -> None:
    tree = drawn(answer(finding("UN-2375-17", "2017-09-11")), {})
    assert "Judged as of 2018-06-01" in words(tree)
    assert not [line for line in tree.iter("line") if line.get("class") == "pic-finalised"]


def test_an_instant_counts_as_its_day() -> None:
    dates = gather_dates(
        answer(as_of="2018-06-01T10:00:00+00:00"), {"contract": {"finalised_at": "2017-09-12T07:30:00+09:00"}}, {}
    )
    assert dates.finalised == date(2017, 9, 12)
    assert dates.as_of == date(2018, 6, 1)


def test_a_clause_that_has_ended_ends_in_the_picture() -> None:
    said = answer(
        finding("OLD-1", "2017-01-01", "allow", end="2018-01-01"), finding("UN-2375-17", "2017-09-11", "deny")
    )
    assert bar(drawn(said, BRICKLAYER), "pic-allow")[1] < bar(drawn(said, BRICKLAYER), "pic-deny")[1]


def test_what_a_caller_writes_is_escaped() -> None:
    said = answer(finding("X-1", "2017-09-11", title="<script>alert(1)</script>&\"'"))
    picture = str(contract_timeline(said, {"contract": {"events": [{"kind": "<b>", "on": "2018-01-01"}]}}, {}))
    assert "<script" not in picture
    assert "<b>" not in picture
    etree.fromstring(picture)


def test_the_picture_has_no_style_of_its_own_and_no_script() -> None:
    picture = str(contract_timeline(BOTH, BRICKLAYER, DEADLINES))
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|href", picture)


DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@settings(deadline=None, max_examples=60)  # the machine may be busy
@given(
    clauses=st.lists(DAYS, min_size=1, max_size=6),
    as_of=DAYS,
    finalised=st.none() | DAYS,
    starts=st.none() | DAYS,
    ends=st.none() | DAYS,
)
def test_whatever_the_dates_nothing_leaves_the_picture(
    clauses: list[date], as_of: date, finalised: date | None, starts: date | None, ends: date | None
) -> None:
    said = answer(*(finding(f"C-{row}", day.isoformat()) for row, day in enumerate(clauses)), as_of=as_of.isoformat())
    contract = {"finalised_on": finalised, "starts_on": starts, "ends_on": ends}
    tree = drawn(said, {"contract": {key: day and day.isoformat() for key, day in contract.items()}}, {})
    for rect in tree.iter("rect"):
        assert float(rect.get("x")) >= 0
        assert float(rect.get("width")) > 0
        assert float(rect.get("x")) + float(rect.get("width")) <= WIDTH
    for text in tree.iter("text"):
        assert 0 <= float(text.get("x")) <= WIDTH


def test_a_scale_keeps_order_and_names_its_years() -> None:
    scale = TimeScale.over([date(2017, 9, 11), date(2019, 12, 22)], 0, 900)
    assert scale.x(date(2017, 9, 11)) < scale.x(date(2018, 1, 1)) < scale.x(date(2019, 12, 22))
    assert [label for _, label, is_year in scale.ticks() if is_year] == ["2018", "2019", "2020"]
    assert scale.x(date(1900, 1, 1)) == 0
    assert scale.x(date(2100, 1, 1)) == 900


def test_a_scale_over_one_day_is_still_a_scale() -> None:
    scale = TimeScale.over([date(2018, 6, 1)], 0, 900)
    assert 0 < scale.x(date(2018, 6, 1)) < 900
