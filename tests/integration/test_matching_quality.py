"""The matcher on labelled names and on the real UN and OFAC lists; prints its figures (pytest -s).

The thresholds asserted leave a margin under what is reached, so that a real loss shows and noise does not.
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

import pytest

from service.lists.container import unpack
from service.lists.listing import Listing, ListingKind
from service.lists.readers import read
from service.matching import THRESHOLD, compare
from service.matching.evaluate import evaluate_pairs, read_pairs, read_queries, screen_queries
from service.matching.evidence import Party
from service.matching.index import NameIndex
from service.matching.screen import match_party
from service.screening.moment import PartialDate

pytestmark = pytest.mark.shared


def read_list(list_id: str, files: list[Path]) -> list[Listing]:
    with ExitStack() as stack:
        streams = [stack.enter_context(path.open("rb")) for path in files]
        plain = [
            stack.enter_context(unpack(s, p.name.removesuffix(".xz"))) for s, p in zip(streams, files, strict=True)
        ]
        return list(read(list_id, plain))


@pytest.fixture(scope="session")
def listings(shared):
    ofac = sorted((shared / "lists/ofac_set_2021-07").iterdir())
    return read_list("un_sc", [shared / "lists/un_consolidated_2026-02-27.xml.xz"]) + read_list("us_ofac_sdn", ofac)


@pytest.fixture(scope="session")
def real_index(listings):
    return NameIndex.build(listings)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_name_pairs_reach_their_f1_at_the_one_threshold(shared):
    report = evaluate_pairs(read_pairs(shared / "matching/name_pairs_dev.csv"))
    print(
        f"\nA: P {report.precision:.3f} R {report.recall:.3f} F1 {report.f1:.3f} AUC {report.auc:.3f}, "
        f"{report.pairs_per_second:.0f} pairs/s"
    )
    assert report.f1 >= 0.86


def test_listed_north_koreans_are_found_in_every_script(shared):
    hits: dict[str, list[bool]] = defaultdict(list)
    for row in rows(shared / "matching/dprk_positives_dev.csv"):
        hits[row["category"]].append(compare(row["name2"], row["name1"]).score >= THRESHOLD)
    print("\nE:", {c: f"{sum(h)}/{len(h)}" for c, h in hits.items()})
    for category in ("hangul", "hanja_trad", "hanja_simp", "cyrillic", "katakana", "press_variant"):
        assert sum(hits[category]) >= 0.97 * len(hits[category]), category
    assert sum(hits["latin_variant"]) >= 0.95 * len(hits["latin_variant"])


@pytest.mark.parametrize("name", ["dprk_negatives_dev.csv", "dprk_negatives_other_script_dev.csv"])
def test_two_listed_north_koreans_are_two_persons(shared, name):
    pairs = rows(shared / "matching" / name)
    wrong = [r for r in pairs if compare(r["name2"], r["name1"]).score >= THRESHOLD]
    assert len(wrong) <= 0.001 * len(pairs), wrong[:5]


def test_surnames_are_known_in_all_their_spellings(shared):
    table = rows(shared / "matching/korean_surnames.csv")
    spellings = [
        (r["hangul"], s.strip())
        for r in table
        for s in (r["revised_romanization"] + "," + r["other_romanizations"]).split(",")
        if s.strip()
    ]
    found = sum(compare(f"{s} Min Su", f"{hangul}민수").score >= THRESHOLD for hangul, s in spellings)
    draw = random.Random(7)
    wrong = 0
    for _ in range(2000):
        one, other = draw.sample(table, 2)
        wrong += compare(f"{one['revised_romanization']} Min Su", f"{other['hangul']}민수").score >= THRESHOLD
    print(f"\nF: recall {found / len(spellings):.3f}, other surnames taken for it {wrong / 2000:.4f}")
    assert found >= 0.97 * len(spellings)
    assert wrong <= 0.01 * 2000


def test_aliases_of_un_persons_are_bridged_where_spelling_can(shared):
    scored = sorted(
        (
            (compare(r["name2"], r["name1"]).score, r["is_match"] == "true")
            for r in rows(shared / "matching/un_alias_pairs_dev.csv")
        ),
        reverse=True,
    )
    positives = sum(match for _, match in scored)
    found = right = 0
    for seen, (_, match) in enumerate(scored, start=1):
        found += match
        right = max(right, found if found >= 0.9 * seen else 0)
    print(f"\nC: recall at 90 % precision {right / positives:.3f}")
    assert right / positives >= 0.6


def test_screening_finds_the_listed_and_leaves_the_others_alone(shared, real_index):
    listed = screen_queries(read_queries(shared / "matching/screening_positives_dev.csv"), real_index)
    others = screen_queries(read_queries(shared / "matching/screening_negatives_dev.csv"), real_index)
    print(
        f"\nD: recall {listed.recall:.4f}, {others.alerts_per_1000:.1f} alerts per 1,000, "
        f"{others.queries_per_second:.0f} queries/s"
    )
    assert listed.recall >= 0.995
    assert others.alerts_per_1000 <= 6


def test_candidates_equal_brute_force(real_index):
    draw = random.Random(11)
    for kind in ("person", "organisation"):
        entries = real_index.entries(kind)
        for _ in range(4):
            query = changed(draw, draw.choice(entries)[1])
            over = {(x.list_id, x.key, n) for x, n, _ in entries if compare(query, n, kind).score >= THRESHOLD}
            assert over <= {(x.list_id, x.key, n) for x, n, _ in real_index.candidates(query, kind)}, query


def changed(draw: random.Random, name: str) -> str:
    """The name with one letter swapped, dropped or doubled."""
    i = draw.randrange(max(len(name) - 1, 1))
    return draw.choice(
        [
            name[:i] + name[i + 1 : i + 2] + name[i : i + 1] + name[i + 2 :],
            name[:i] + name[i + 1 :],
            name[:i] + name[i : i + 1] + name[i:],
        ]
    )


def test_a_self_declared_contradiction_clears_no_listed_person(listings, real_index):
    persons = [x for x in listings if x.kind is ListingKind.PERSON]
    for listing in random.Random(3).sample(persons, 150):
        denial = Party(
            path="worker", names=(listing.name,), kinds=("person",), birth_date=PartialDate(2003, 1, 1),
            countries=("NZ",), gender="female" if "male" in listing.genders else "male",
        )  # fmt: skip
        assert any(m.listing.key == listing.key for m in match_party(denial, real_index)), listing.name


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("Zenko", "19611"), ("Зенко", "19611"), ("조선대외건설총회사", "19611"), ("Agrosoyuz Commercial Bank", "24606"),
        ("Mansudae Overseas Project Group", "KPe.050"), ("Ministry of the People's Armed Forces (MPAF)", "KPe.054"),
    ],
)  # fmt: skip
def test_a_listed_organisation_is_found(real_index, name, reference):
    party = Party(path="counterparties[0]", names=(name,), kinds=("organisation", "person"))
    assert reference in {m.listing.reference.strip() for m in match_party(party, real_index)}


@pytest.mark.parametrize(
    "name",
    [
        "Volkov Stroi", "Belogorsk Zarechye Masonry LLC", "Lindewitt Ziegelbau GmbH",
        "Shenyang Example Network Technology Co",
        "Waitoreke Orchards Limited", "Yilan Songhe Canteen Co., Ltd.", "Bäckerei Tschuppert AG",
        "United Nations Secretariat",
    ],
)  # fmt: skip
def test_an_ordinary_firm_is_not_found(real_index, name):
    assert (
        match_party(Party(path="counterparties[0]", names=(name,), kinds=("organisation", "person")), real_index) == []
    )
