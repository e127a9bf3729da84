"""How long a decision is kept: by whose law, from which day, and longest where nobody knows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from service.erasure.retention import RetentionSchedule, load_schedule
from service.errors import ConfigError

DECIDED = datetime(2026, 11, 24, 12, tzinfo=UTC)

CLASS = """
[[class]]
id = "nz"
jurisdictions = ["NZ"]
duty_years = 7
keep_years = 7
counted_from = "decision"
basis = "the operator's own reading"
source = "counsel, 2026"
"""


@pytest.fixture(scope="module")
def schedule() -> RetentionSchedule:
    return load_schedule()


@pytest.mark.parametrize(
    ("request_", "class_id", "until", "proposed"),
    [
        ({"jurisdictions": ["US"]}, "us-nexus", date(2036, 11, 24), date(2036, 11, 24)),
        ({"jurisdictions": ["DE", "USA"]}, "us-nexus", date(2036, 11, 24), date(2036, 11, 24)),
        ({"work": {"country": "840"}}, "us-nexus", date(2036, 11, 24), date(2036, 11, 24)),
        ({"work": {"country": "DE", "performed_from": "US"}}, "us-nexus", date(2036, 11, 24), date(2036, 11, 24)),
        (
            {"jurisdictions": ["DE"], "counterparties": [{"role": "bank", "country": "US"}]},
            "us-nexus",
            date(2036, 11, 24),
            date(2036, 11, 24),
        ),
        ({"jurisdictions": ["DE"]}, "eu", None, date(2031, 11, 24)),
        ({"jurisdictions": ["EU"]}, "eu", None, date(2031, 11, 24)),
        ({"work": {"country": "Republic of France"}}, "longest", date(2036, 11, 24), date(2036, 11, 24)),
        ({"work": {"country": "FRA"}}, "eu", None, date(2031, 11, 24)),
        ({"jurisdictions": ["GB"]}, "uk", None, date(2030, 12, 31)),
        (
            {"jurisdictions": ["GB"], "exemptions": [{"clause": "UK-2019-411-r7"}]},
            "uk-licence",
            date(2030, 12, 31),
            date(2030, 12, 31),
        ),
        ({"jurisdictions": ["GB"], "exemptions": [{"clause": "UN-2375-17"}]}, "uk", None, date(2030, 12, 31)),
        ({"jurisdictions": ["GB", "FR"]}, "eu", None, date(2031, 11, 24)),
        ({}, "longest", date(2036, 11, 24), date(2036, 11, 24)),
        ({"jurisdictions": ["NZ"]}, "longest", date(2036, 11, 24), date(2036, 11, 24)),
        ({"jurisdictions": ["DE", "NZ"]}, "longest", date(2036, 11, 24), date(2036, 11, 24)),
        ({"work": {"country": "Korea"}}, "longest", date(2036, 11, 24), date(2036, 11, 24)),
        ({"work": None, "counterparties": None, "exemptions": None}, "longest", date(2036, 11, 24), date(2036, 11, 24)),
        (
            {"jurisdictions": ["DE"], "counterparties": [{"role": "legal_employer", "country": "NZ"}]},
            "longest",
            date(2036, 11, 24),
            date(2036, 11, 24),
        ),
        (
            {"jurisdictions": ["DE"], "counterparties": [{"role": "client", "country": "NZ"}]},
            "eu",
            None,
            date(2031, 11, 24),
        ),
    ],
)
def test_a_decision_is_kept_for_the_longest_of_the_laws_that_bind(
    schedule: RetentionSchedule, request_: dict[str, Any], class_id: str, until: date | None, proposed: date
) -> None:
    found = schedule.retention(request_, DECIDED)
    assert (found.class_id, found.keep_until, found.proposed_after) == (class_id, until, proposed)


def test_a_duty_runs_on_its_last_day_and_not_after(schedule: RetentionSchedule) -> None:
    found = schedule.retention({"jurisdictions": ["US"]}, DECIDED)
    assert found.runs(date(2036, 11, 24))
    assert not found.runs(date(2036, 11, 25))
    assert not schedule.retention({"jurisdictions": ["DE"]}, DECIDED).runs(date(2026, 11, 24))


def test_a_leap_day_is_not_cut_short(schedule: RetentionSchedule) -> None:
    found = schedule.retention({"jurisdictions": ["US"]}, datetime(2028, 2, 29, tzinfo=UTC))
    assert found.keep_until == date(2038, 3, 1)


def test_the_longest_says_why_it_holds(schedule: RetentionSchedule) -> None:
    assert "Nobody stated whose law binds" in schedule.retention({}, DECIDED).basis
    assert "No period is on file for NZ" in schedule.retention({"jurisdictions": ["NZ"]}, DECIDED).basis
    assert "501.601" in schedule.retention({}, DECIDED).basis


def test_a_class_of_the_operator_counts_too_and_never_shortens_another(tmp_path: Path) -> None:
    path = tmp_path / "retention.toml"
    path.write_text(CLASS)
    schedule = load_schedule(path)
    assert schedule.retention({"jurisdictions": ["NZ"]}, DECIDED).keep_until == date(2033, 11, 24)
    assert schedule.retention({"jurisdictions": ["NZ", "US"]}, DECIDED).keep_until == date(2036, 11, 24)
    path.write_text(CLASS.replace('"NZ"', '"US"').replace('"nz"', '"us-shorter"'))
    assert load_schedule(path).retention({"jurisdictions": ["US"]}, DECIDED).keep_until == date(2036, 11, 24)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('id = "nz"', 'id = "uk"'), "uk is there twice"),
        (('id = "nz"', 'id = "longest"'), "longest is there twice, or its name is taken"),
        (("duty_years = 7", 'duty_years = "7"'), "class nz: duty_years"),
        (("duty_years = 7", "duty_years = -1"), "class nz: duty_years"),
        (("duty_years = 7", "duty_years = 8"), "class nz: keep_years is less"),
        (('counted_from = "decision"', 'counted_from = "never"'), "class nz: counted_from"),
        (("duty_years = 7\n", ""), "class nz: a field is missing"),
        (("duty_years", "duty_yaers"), "class nz: duty_yaers is no field"),
        (('basis = "the operator\'s own reading"', 'basis = ""'), "class nz: id, jurisdictions, basis"),
        (("[[class]]", "[[class"), "retention.toml"),
    ],
)
def test_a_faulty_class_is_named(tmp_path: Path, change: tuple[str, str], named: str) -> None:
    path = tmp_path / "retention.toml"
    assert change[0] in CLASS
    path.write_text(CLASS.replace(*change))
    with pytest.raises(ConfigError, match=named):
        load_schedule(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml cannot be read"):
        load_schedule(tmp_path / "none.toml")
