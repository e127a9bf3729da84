"""Parties of a request against listings: candidates, evidence, grades, and what a contradiction may not do."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from service.lists.listing import AliasQuality, BirthDate, ListedIdentifier, ListedName, Listing, ListingKind
from service.matching import THRESHOLD, compare
from service.matching.evidence import Party, birth_date_weight
from service.matching.index import NameIndex
from service.matching.screen import match_parties, match_party, name_tricks, parties
from service.nationality.countries import Country
from service.screening.facts import (
    Counterparty,
    Director,
    Document,
    DocumentKind,
    Identifiers,
    Nationality,
    Owner,
    PartyKind,
    Role,
    ScreeningRequest,
    Vessel,
    Work,
    Worker,
)
from service.screening.match import Grade
from service.screening.moment import Moment, PartialDate

PRK, RU = Country("KP", "PRK"), Country("RU", "RU")


def listing(key, kind, *names, weak=(), **more):
    listed = [ListedName(text=names[0], quality=AliasQuality.PRIMARY)]
    listed += [ListedName(text=n, quality=AliasQuality.STRONG) for n in names[1:]]
    listed += [ListedName(text=n, quality=AliasQuality.WEAK) for n in weak]
    return Listing(list_id="own", key=key, reference=key, kind=kind, names=tuple(listed), **more)


LISTINGS = (
    listing(
        "P1", ListingKind.PERSON, "KIM, Yong Chol", birth_dates=(BirthDate(year=1962, month=2, day=18),),
        countries=("KP",),
        genders=("male",), identifiers=(ListedIdentifier(kind="passport", value="654-120-210"),),
    ),
    listing("P2", ListingKind.PERSON, "KIM, Yong Chol", birth_dates=(BirthDate(year=1946, until_year=1947),),
    countries=("KP",)),
    listing("P3", ListingKind.PERSON, "UMAROV, Doku Khamatovich", "Умаров Доку Хаматович"),
    listing(
        "O1", ListingKind.ORGANISATION, "KOREA GENERAL CORPORATION FOR EXTERNAL CONSTRUCTION",
        "KOREA GENERAL CONSTRUCTION",
        weak=("ZENKO", "GENCO", "KOGEN"), countries=("KP",),
    ),
    listing("O2", ListingKind.ORGANISATION, "DAEDONG CREDIT BANK (DCB)", identifiers=(ListedIdentifier(kind="bic",
    value="DCBKKPPY"),)),
    listing("O3", ListingKind.ORGANISATION, "COMMERCIAL BANK AGROSOYUZ", countries=("RU",),
    identifiers=(ListedIdentifier(kind="inn", value="5610000466"),)),
    listing("V1", ListingKind.VESSEL, "CHONG CHON GANG", identifiers=(ListedIdentifier(kind="imo",
    value="IMO 7937317"),)),
)  # fmt: skip


@pytest.fixture(scope="module")
def index():
    return NameIndex.build(LISTINGS)


def request(**more):
    worker = more.pop("worker", Worker(name="Ada Nobody"))
    day = date(2026, 11, 23)
    return ScreeningRequest(worker=worker, as_of=Moment(day), known_at=datetime(2026, 11, 23, tzinfo=UTC), **more)


def found(index, **more):
    return {(m.party, m.listing.key): m for m in match_parties(request(**more), index)}


def test_a_name_alone_is_only_possible(index):
    matches = found(index, worker=Worker(name="Kim Yong Chol"))
    assert {m.grade for m in matches.values()} == {Grade.POSSIBLE}
    assert any("name only" in reason for reason in matches["worker", "P1"].reasons)


def test_two_bearers_of_one_name_are_told_apart_by_the_birth_date(index):
    worker = Worker(name="김영철", date_of_birth=PartialDate(1962, 2, 18), nationalities=(Nationality(country=PRK),))
    matches = found(index, worker=worker)
    first, second = matches["worker", "P1"], matches["worker", "P2"]
    assert (first.grade, second.grade) == (Grade.STRONG, Grade.POSSIBLE)
    assert first.agrees == ("birth_date", "country")
    assert second.disagrees == ("birth_date",)
    assert first.unknown == ("identifiers", "gender")


@pytest.mark.parametrize(
    "worker",
    [
        Worker(name="Kim Yong Chol", date_of_birth=PartialDate(2001, 1, 1)),
        Worker(name="Kim Yong Chol", nationalities=(Nationality(country=RU),)),
        Worker(name="Kim Yong Chol", gender="female"),
    ],
)
def test_a_contradiction_lowers_the_grade_and_never_removes_the_match(index, worker):
    match = found(index, worker=worker)["worker", "P1"]
    assert match.grade is Grade.POSSIBLE
    assert match.disagrees


@pytest.mark.parametrize(
    ("given", "sign"),
    [
        (PartialDate(1962, 2, 18), 1), (PartialDate(1962), 1), (PartialDate(1962, 2), 1),
        (PartialDate(1962, 18 - 6, 2), -1),
        (PartialDate(1963, 2, 18), -1), (PartialDate(1990, 2, 1), -1),
    ],
)  # fmt: skip
def test_birth_dates_agree_by_degrees(given, sign):
    weight = birth_date_weight(given, BirthDate(year=1962, month=2, day=18))
    assert weight * sign > 0


def test_a_slip_in_the_birth_date_is_not_another_person():
    listed = BirthDate(year=1962, month=2, day=3)
    other = birth_date_weight(PartialDate(1990, 5, 5), listed)
    assert birth_date_weight(PartialDate(1962, 3, 2), listed) > other  # day and month swapped
    assert birth_date_weight(PartialDate(1961, 2, 3), listed) > other


def test_a_passport_number_finds_whatever_the_name_says(index):
    worker = Worker(name="Somebody Else", documents=(Document(kind=DocumentKind.PASSPORT, number="654120210"),))
    match = found(index, worker=worker)["worker", "P1"]
    assert match.agrees == ("identifiers",)
    assert match.score < THRESHOLD
    assert match.grade is Grade.STRONG


@pytest.mark.parametrize("identifiers", [Identifiers(bic="DCBK KP PY"), Identifiers(inn="56 1000 0466")])
def test_a_register_number_finds_on_its_own(index, identifiers):
    matches = found(
        index, counterparties=(Counterparty(role=Role.BANK, name="Unrelated Payments", identifiers=identifiers),)
    )
    assert len(matches) == 1


def test_a_vessel_is_found_by_its_number(index):
    assert ("work.vessel", "V1") in found(index, work=Work(vessel=Vessel(imo="7937317")))


def test_a_weak_alias_is_an_alias(index):
    owner = Owner(name="Зенко", kind=PartyKind.ORGANISATION, country=PRK)
    counterparty = Counterparty(role=Role.LEGAL_EMPLOYER, name="ООО «Сакорынма»", owners=(owner,))
    match = found(index, counterparties=(counterparty,))["counterparties[0].owners[0]", "O1"]
    assert (match.matched_name, match.alias_quality, match.agrees) == ("ZENKO", AliasQuality.WEAK, ("country",))


def test_an_acronym_in_brackets_is_a_name(index):
    assert ("counterparties[0]", "O2") in found(index, counterparties=(Counterparty(role=Role.BANK, name="DCB"),))


def test_every_person_and_organisation_of_a_request_is_a_party():
    top = Owner(name="Top", owners=(Owner(name="Above"),))
    counterparty = Counterparty(
        role=Role.CLIENT, name="Firm", owners=(Owner(name="Side"), top), directors=(Director(name="Boss"),)
    )
    paths = [p.path for p in parties(request(counterparties=(counterparty,)))]
    assert paths == [
        "worker", "counterparties[0]", "counterparties[0].owners[0]", "counterparties[0].owners[1]",
        "counterparties[0].owners[1].owners[0]", "counterparties[0].directors[0]",
    ]  # fmt: skip


def test_a_listing_appears_once_per_party_with_its_best_name(index):
    worker = Worker(name="Doku Umarov", other_names=("Умаров Доку Хаматович",))
    matches = [m for m in match_parties(request(worker=worker), index) if m.listing.key == "P3"]
    assert [(m.matched_name, m.score) for m in matches] == [("Умаров Доку Хаматович", 10000)]


def test_the_same_request_gives_the_same_matches_in_the_same_order(index):
    again = NameIndex.build(LISTINGS)
    ask = request(
        worker=Worker(name="Kim Yong-chol"),
        counterparties=(Counterparty(role=Role.BANK, name="Agrosoyuz Commercial Bank"),),
    )
    assert match_parties(ask, index) == match_parties(ask, again)


def test_tricks_of_writing_are_reported_by_party():
    ask = request(worker=Worker(name="Kim\u200b Yong Chol"))
    assert name_tricks(ask) == (("worker", "Kim\u200b Yong Chol", "invisible"),)


def test_an_ordinary_party_matches_nothing(index):
    firms = [
        Counterparty(role=Role.CLIENT, name=n)
        for n in ("Volkov Stroi", "Commercial Bank of Nowhere", "Korea Trading Corporation")
    ]
    assert match_parties(request(worker=Worker(name="Olga Petersen"), counterparties=tuple(firms)), index) == ()


def test_an_empty_index_and_an_empty_name_are_answered():
    empty = NameIndex.build(())
    assert match_parties(request(worker=Worker(name="Kim Yong Chol")), empty) == ()
    assert (
        match_party(
            Party(path="worker", names=("", "😀", "\ud800"), kinds=("person", "organisation")),
            NameIndex.build(LISTINGS),
        )
        == []
    )


def test_candidates_hold_every_name_over_the_threshold(index):
    for query in (
        "Kim Young-chul",
        "Genco",
        "Dokou Oumarov",
        "Korea General Company for External Construction",
        "Chongchongang",
    ):
        for kind in ("person", "organisation"):
            over = {
                (x.key, name) for x, name, _ in index.entries(kind) if compare(query, name, kind).score >= THRESHOLD
            }
            assert over <= {(x.key, name) for x, name, _ in index.candidates(query, kind)}
