"""The fuzzer's own parts, without the fuzzer: its targets take their seeds and survive some changed ones."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from service.errors import MalformedListError
from service.lists.listing import AliasQuality, BirthDate, ListedName, Listing, ListingKind
from service.lists.readers import FORMATS
from tests.fuzzing.invariants import BrokenPromiseError, check_listing, check_refusal
from tests.fuzzing.report import Run, load, save, table
from tests.fuzzing.targets import TARGETS

CHANGES = 25


def test_every_format_of_a_list_is_a_target() -> None:
    assert set(FORMATS) <= set(TARGETS)


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_reads_its_seeds_and_survives_changed_ones(name: str) -> None:
    target, chance = TARGETS[name], random.Random(name)
    seeds = list(target.seeds())
    assert any(target.check(seed) for seed in seeds)
    for _ in range(3 if name == "git_bundle" else CHANGES):
        target.check(target.mutate(chance.choice(seeds), chance, seeds))


SOUND = Listing(
    list_id="own",
    key="7",
    reference="7",
    kind=ListingKind.PERSON,
    names=(ListedName(text="Example", quality=AliasQuality.PRIMARY),),
)


@pytest.mark.parametrize(
    "change",
    [
        {"key": " "},
        {"names": ()},
        {"names": (ListedName(text="\u200b", quality=AliasQuality.PRIMARY),)},
        {"birth_dates": (BirthDate(year=1967, month=2, day=30),)},
        {"birth_dates": (BirthDate(year=1967, until_year=1960),)},
        {"birth_dates": (BirthDate(year=1),)},
        {"countries": ("North Korea",)},
        {"genders": ("x",)},
        {"listed_on": date(9999, 1, 1)},
        {"record": {"a": ["\ud800"]}},
        {"record": {"a\x00": 1}},
    ],
    ids=str,
)
def test_an_entry_that_breaks_a_promise_is_a_finding(change: dict[str, object]) -> None:
    check_listing(SOUND)
    with pytest.raises((BrokenPromiseError, MalformedListError)):
        check_listing(replace(SOUND, **change))  # type: ignore[arg-type]


def test_a_refusal_must_name_its_place() -> None:
    check_refusal("row 7: no name", None)
    check_refusal("no name", "KPi.001")
    with pytest.raises(BrokenPromiseError, match="without a place: no name"):
        check_refusal("no name", None)


def test_runs_add_up_in_the_summary(tmp_path: Path) -> None:
    save(tmp_path, "mrz", Run(began="2026-11-24T04:00:00+00:00", executions=3, read=1, seconds=30, edges=5))
    save(tmp_path, "mrz", Run(began="2026-11-24T05:00:00+00:00", executions=1, seconds=30, findings={"a": "b"}))
    run = load(tmp_path)["mrz"]
    assert (run.executions, run.read, run.seconds, run.edges, run.findings) == (4, 1, 60, 5, {"a": "b"})
    assert "| `mrz` | 1.0 | 4 | 25% | 5 | 0 ms | 1 |" in table(load(tmp_path))
