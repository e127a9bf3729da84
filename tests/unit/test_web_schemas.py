"""The request of the contract is accepted whole; everything else is refused at its pointer."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from service.errors import InvalidRequestError
from service.nationality.countries import Country
from service.screening.facts import (
    Evidence,
    NationalityBasis,
    ProtectionStatus,
    ScreeningRequest,
    Stage,
)
from service.screening.moment import Moment, PartialDate
from service.web.schemas.screening import NAMES, load_request

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
Body = dict[str, Any]

WHOLE: Body = {
    "reference": "REQ-1",
    "as_of": "2026-11-23",
    "known_at": "2026-11-23T10:00:00Z",
    "stage": "work_permit",
    "jurisdictions": ["NZ", "USA", "EU", "us"],
    "worker": {
        "name": "Ri Song Hak",
        "given_names": "Song Hak",
        "family_name": "Ri",
        "other_names": ["리성학"],
        "date_of_birth": "1985-03",
        "nationalities": [{"country": "PRK", "evidence": "passport", "basis": "held"}, "RUS"],
        "protection": {"status": "refugee", "country": "GB", "evidence": "status_document"},
        "right_to_work": {"country": "GB", "evidence": "residence_permit"},
        "official_capacity": "none",
        "documents": [
            {
                "kind": "passport",
                "number": "123456789",
                "issuing_country": "PRK",
                "nationality": "PRK",
                "mrz": "P<PRKRI<<SONG<HAK\n123456789",
            }
        ],
        "family_of_national_of": "RU",
        "gender": "M",
    },
    "contract": {
        "finalised_on": "2017-09-10",
        "finalised_at": "2017-09-11T18:13:00-04:00",
        "written": True,
        "effective_on": "2017-09-12",
        "starts_on": "2017-10-01",
        "ends_on": "2019-09-30",
        "open_ended": False,
        "occupation": "bricklayer",
        "remuneration": "in_kind",
        "payee": "employer_agent",
        "purpose": "specialised_training",
        "training_field": "welding",
        "events": [{"kind": "renewal", "on": "2018-02-20"}, {"kind": "assignment"}],
        "evidence": ["signed_contract", "permit_linked", "signed_contract"],
        "dispute": ["backdated"],
    },
    "work": {
        "country": "RU",
        "performed_from": "RU",
        "employer_country": "643",
        "goods_destined_to": ["CN"],
        "vessel": {"flag": "PA", "imo": "9074729"},
    },
    "authorisation": {
        "kind": "work_permit",
        "issued_on": "2017-09-20",
        "expires_on": "2019-12-22",
        "extended_on": ["2018-09-20"],
        "admitted_on": {"kind": "passport", "country": "PRK"},
        "raises_state_total": False,
    },
    "counterparties": [
        {
            "role": "legal_employer",
            "name": "ООО «Сакорынма»",
            "other_names": ["Sakorynma"],
            "country": "RU",
            "identifiers": {
                "inn": "7707083893",
                "ogrn": "1027700132195",
                "uscc": "91350100M000100Y43",
                "lei": "213800KUD8LAJWSQ9D15",
                "registration_number": "12",
                "bic": "DEUTDEFF",
                "crypto_addresses": ["bc1qexample"],
            },
            "government_of_dprk": False,
            "employs_dprk_workers": None,
            "owners": [
                {
                    "name": "Зенко",
                    "other_names": [],
                    "kind": "organisation",
                    "country": "PRK",
                    "share_percent": 49.9,
                    "controls": None,
                    "identifiers": {"registration_number": "7"},
                    "owners": [
                        {
                            "name": "Pak In Ho",
                            "kind": "person",
                            "date_of_birth": "1970",
                            "nationalities": ["PRK"],
                            "protection": {"status": "none"},
                            "share_percent": 100,
                        }
                    ],
                },
                {"name": "Third", "share_percent": 50.1},
            ],
            "directors": [
                {"name": "Ivan Ivanov", "other_names": [], "date_of_birth": "1960-01-01", "nationalities": []}
            ],
            "joint_venture": {
                "dprk_party": True,
                "formed_on": "2015-01-01",
                "expanded_on": None,
                "approval": {"status": "refused", "decided_on": "2018-01-01"},
                "carve_out": "none",
                "carve_out_scope": "exclusive",
            },
        }
    ],
    "exemptions": [
        {
            "clause": "UN-2375-17",
            "kind": "committee_approval",
            "power": "UN-2397-25",
            "granted_on": "2018-01-05",
            "reference": "S/AC.49/2018/1",
            "evidence": "letter",
        }
    ],
    "indicators": ["refused_video_interview", "proxy_interview", "proxy_interview"],
}


def load(body: Any) -> ScreeningRequest:
    return load_request(body, now=NOW)


def faults(body: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRequestError) as refused:
        load(body)
    return refused.value.faults


def pointers(body: Any) -> list[str]:
    return [pointer for pointer, _ in faults(body)]


def with_worker(**members: Any) -> Body:
    return {"worker": {"name": "Ri Song Hak", **members}}


def with_party(**members: Any) -> Body:
    return {**with_worker(), "counterparties": [{"role": "client", "name": "A", **members}]}


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every object in a body."""
    if isinstance(value, dict):
        yield path
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))


def at(body: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        body = body[step]
    return body


def test_the_whole_request_becomes_facts() -> None:
    request = load(WHOLE)
    assert request.stage is Stage.WORK_PERMIT
    assert request.as_of == Moment(day=date(2026, 11, 23))
    assert request.known_at == NOW
    assert request.jurisdictions == ("NZ", "US", "EU")
    assert request.indicators == ("refused_video_interview", "proxy_interview")
    first, second = request.worker.nationalities
    assert (first.country.code, first.evidence, first.basis) == ("KP", Evidence.PASSPORT, NationalityBasis.HELD)
    assert (second.country.code, second.evidence) == ("RU", Evidence.UNKNOWN)
    assert request.worker.date_of_birth == PartialDate(1985, 3)
    assert request.worker.gender == "male"
    assert request.worker.protection.status is ProtectionStatus.REFUGEE
    assert request.work.employer_country == Country("RU", "643")
    owner = request.counterparties[0].owners[0]
    assert owner.share_percent == Decimal("49.9")
    assert owner.owners[0].nationalities[0].country.code == "KP"
    assert request.authorisation.extended_on == (date(2018, 9, 20),)


def test_every_field_of_the_facts_is_filled_by_the_whole_request() -> None:
    """A field that the schema forgets would stay at its default."""
    request = load(WHOLE)

    def blank(facts: Any, path: str) -> Iterator[str]:
        for each in fields(facts):
            value = getattr(facts, each.name)
            here = f"{path}.{each.name}"
            if value is None or value in ((), frozenset()):
                yield here
            elif isinstance(value, tuple):
                if is_dataclass(value[0]):
                    yield from blank(value[0], here)
            elif is_dataclass(value) and not isinstance(value, Country | Moment | PartialDate):
                yield from blank(value, here)

    stated_as_unknown = {
        ".counterparties.employs_dprk_workers",
        ".counterparties.joint_venture.expanded_on",
        ".counterparties.owners.controls",
        ".counterparties.owners.date_of_birth",
        ".counterparties.owners.nationalities",
        ".counterparties.owners.other_names",
        ".counterparties.owners.protection.country",
        ".counterparties.directors.other_names",
        ".counterparties.directors.nationalities",
    }
    found = set(blank(request, ""))
    assert {place for place in found if ".identifiers." not in place and ".owners.owners" not in place} == (
        stated_as_unknown
    )


def test_a_name_alone_is_enough_and_the_times_are_now() -> None:
    request = load({"worker": {"name": "Ri Song Hak"}})
    assert request.as_of == Moment.at(NOW)
    assert request.known_at == NOW
    assert request.stage is Stage.OFFER_ACCEPTED
    assert request.worker.protection.status is ProtectionStatus.UNKNOWN


def test_given_and_family_name_stand_in_for_the_name() -> None:
    worker = load({"worker": {"given_names": "Song Hak", "family_name": "Ri", "name": None}}).worker
    assert worker.name == "Song Hak Ri"
    assert pointers({"worker": {"given_names": "Song Hak"}}) == ["/worker/name"]
    assert pointers({"worker": {}}) == ["/worker/name"]


def test_null_is_the_same_as_absent() -> None:
    nothing = {key: None for key in WHOLE if key != "worker"}
    nulls = {key: None for key in WHOLE["worker"] if key != "name"}
    assert load({**nothing, "worker": {"name": "A B", **nulls}}) == load({"worker": {"name": "A B"}})
    assert load(with_party(owners=None, identifiers=None, joint_venture=None)) == load(with_party())


def test_unknown_fields_are_refused_in_every_object() -> None:
    seen = 0
    for path in places(WHOLE):
        body = copy.deepcopy(WHOLE)
        at(body, path)["colour"] = "blue"
        pointer = "".join(f"/{step}" for step in path) + "/colour"
        assert pointers(body) == [pointer]
        seen += 1
    assert seen >= 20


def test_every_scalar_of_the_wrong_type_is_refused_at_its_pointer() -> None:
    seen = 0
    for path in places(WHOLE):
        for key, value in at(WHOLE, path).items():
            pointer = "".join(f"/{step}" for step in (*path, key))
            for wrong in (0.5, {"a": 1}, [[1]], "\x00", True):
                if value is None or type(wrong) is type(value) or (isinstance(value, int | float) and wrong == 0.5):
                    continue
                body = copy.deepcopy(WHOLE)
                at(body, path)[key] = wrong
                assert all(found.startswith(pointer) for found in pointers(body)), (pointer, wrong)
                seen += 1
    assert seen > 400


def test_the_instant_of_signature_wins_over_its_day() -> None:
    contract = {"finalised_on": "2017-09-10", "finalised_at": "2017-09-11T18:13:00-04:00"}
    finalised = load({**with_worker(), "contract": contract}).contract.finalised
    assert finalised is not None
    assert finalised.instant == datetime(2017, 9, 11, 22, 13, tzinfo=UTC)
    assert finalised.day == date(2017, 9, 11)
    contract["finalised_at"] = None  # type: ignore[assignment]
    assert load({**with_worker(), "contract": contract}).contract.finalised == Moment(day=date(2017, 9, 10))


@pytest.mark.parametrize(
    "day",
    [
        "2017-02-29",
        "2017-13-01",
        "2017-00-10",
        "2017-1-1",
        "20170910",
        "2017-W36-7",
        "10.09.2017",
        "2017-09-10T00:00:00Z",
        "1899-12-31",
        "2201-01-01",
        "0000-01-01",
        "２０１７-09-10",
        " 2017-09-10",
        "2017-09-10\n",
        "",
        20170910,
        None,
    ],
)
def test_only_a_real_calendar_day_is_a_day(day: Any) -> None:
    body = {**with_worker(), "contract": {"events": [{"kind": "renewal", "on": day}]}}
    if day is None:
        assert load(body).contract.events[0].on is None
    else:
        assert pointers(body) == ["/contract/events/0/on"]


@pytest.mark.parametrize(
    "instant",
    [
        "2017-09-11T22:12:00",
        "2017-09-11 22:12:00Z",
        "2017-09-11",
        "2017-09-11T22:12Z",
        "2017-09-11T24:00:00Z",
        "2017-09-11T22:60:00Z",
        "2017-09-11T22:12:61Z",
        "2017-09-11T22:12:00+24:00",
        "2017-09-11T22:12:00+0200",
        "2017-02-30T22:12:00Z",
        "2017-09-11T22:12:00Z\n",
        1505167920,
    ],
)
def test_only_rfc_3339_with_an_offset_is_an_instant(instant: Any) -> None:
    assert pointers({**with_worker(), "contract": {"finalised_at": instant}}) == ["/contract/finalised_at"]
    assert pointers({**with_worker(), "known_at": instant}) == ["/known_at"]


def test_an_instant_may_have_fractions_small_letters_and_a_leap_second() -> None:
    for text, expected in (
        ("2017-09-11t22:12:00.5z", datetime(2017, 9, 11, 22, 12, 0, 500_000, tzinfo=UTC)),
        ("2017-09-11T22:12:00.123456789Z", datetime(2017, 9, 11, 22, 12, 0, 123_456, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2017-09-12T07:12:00+09:00", datetime(2017, 9, 11, 22, 12, tzinfo=UTC)),
        ("2017-09-11T22:12:00-00:00", datetime(2017, 9, 11, 22, 12, tzinfo=UTC)),
    ):
        assert load({**with_worker(), "known_at": text}).known_at == expected
    moment = load({**with_worker(), "as_of": "2018-04-25T17:59:00+02:00"}).as_of
    assert moment.instant is not None
    assert moment.instant.utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize("birth", ["1985", "1985-03", "1985-03-02"])
def test_a_birth_date_may_be_partial(birth: str) -> None:
    assert str(load(with_worker(date_of_birth=birth)).worker.date_of_birth) == birth


@pytest.mark.parametrize("birth", ["85", "1985-3", "1985-02-30", "1985-13", "1985-03-02-01", "1985-", 1985, "1899"])
def test_another_birth_date_is_refused(birth: Any) -> None:
    assert pointers(with_worker(date_of_birth=birth)) == ["/worker/date_of_birth"]


@pytest.mark.parametrize(
    ("word", "code"),
    [("PRK", "KP"), ("kp", "KP"), ("408", "KP"), ("КНДР", "KP"), ("KOR", "KR"), ("Chosen", None), ("XXA", "XXA")],
)
def test_a_nationality_takes_codes_and_names_and_stays_ambiguous_where_it_is(word: str, code: str | None) -> None:
    for stated in (word, {"country": word}):
        nationality = load(with_worker(nationalities=[stated])).worker.nationalities[0]
        assert nationality.country == Country(code, word)


@pytest.mark.parametrize("word", ["", "Atlantis", "ZZ", 408, None, ["KP"], "Congo", "x" * 10_000])
def test_a_country_that_is_in_no_table_is_refused(word: Any) -> None:
    assert pointers(with_worker(nationalities=[{"country": word}])) == ["/worker/nationalities/0/country"]


def test_a_jurisdiction_is_one_country_or_the_union() -> None:
    assert load({**with_worker(), "jurisdictions": ["eu", "European Union", "Sweden"]}).jurisdictions == ("EU", "SE")
    for word in ("Korea", "UN", "XXA", "", None, 1):
        assert pointers({**with_worker(), "jurisdictions": ["NZ", word]}) == ["/jurisdictions/1"]


@pytest.mark.parametrize("share", [-0.1, 100.1, "50", True, float("nan"), float("inf"), 10**400, [50]])
def test_a_share_is_a_number_from_0_to_100(share: Any) -> None:
    assert pointers(with_party(owners=[{"name": "B", "share_percent": share}])) == [
        "/counterparties/0/owners/0/share_percent"
    ]


def test_shares_of_one_party_beyond_100_percent_are_refused_at_that_party() -> None:
    even = [{"name": str(i), "share_percent": share} for i, share in enumerate((33.4, 33.3, 33.3))]
    assert len(load(with_party(owners=even)).counterparties[0].owners) == 3
    over = [*even, {"name": "x", "share_percent": 0.1}]
    assert pointers(with_party(owners=over)) == ["/counterparties/0/owners"]
    assert pointers(with_party(owners=[{"name": "y", "owners": over}])) == ["/counterparties/0/owners/0/owners"]


def chain(levels: int) -> list[Body]:
    return [{"name": str(levels), "owners": chain(levels - 1) if levels > 1 else []}]


def test_owners_go_eight_levels_deep() -> None:
    assert load(with_party(owners=chain(8)))
    assert pointers(with_party(owners=chain(9))) == ["/counterparties/0/owners"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "\u3000",
        "a" * 513,
        " ".join("a" * 41),
        "Ri\x00Song",
        "Ri\nSong",
        "Ri\x1b[0m",
        "e" + "\u0301" * 5,
        "\ud800",
    ],
)
def test_a_name_beyond_its_limits_is_refused(name: str) -> None:
    assert pointers(with_worker(other_names=[name])) == ["/worker/other_names/0"]
    assert pointers({"worker": {"name": name}}) == ["/worker/name"]


@pytest.mark.parametrize(
    "name",
    ["김영철", "O'Neil-Smith", "e" + "\u0301" * 4, "a" * 512, " ".join("a" * 40), "Nguyễn Văn A", "मोहम्मद", "محمّد"],
)
def test_a_name_in_any_script_is_taken(name: str) -> None:
    assert load(with_worker(other_names=[name])).worker.other_names == (name,)


def test_lists_are_bounded() -> None:
    party = {"role": "client", "name": "A"}
    assert pointers({**with_worker(), "counterparties": [party] * 51}) == ["/counterparties"]
    assert pointers(with_party(owners=[{"name": "B"}] * 201)) == ["/counterparties/0/owners"]
    assert pointers(with_worker(other_names=["A"] * 51)) == ["/worker/other_names"]
    many = [{**party, "owners": [{"name": "B"}] * 100}] * (NAMES // 100)
    assert pointers({**with_worker(), "counterparties": many}) == ["/counterparties"]


@pytest.mark.parametrize(
    "clause", ["UN-2375-17", "US-50PCT", "LIST-us_ofac_sdn", "CH-946-231-127-6-2b", "SG-WORK-PASS"]
)
def test_any_clause_id_may_be_exempted(clause: str) -> None:
    assert load({**with_worker(), "exemptions": [{"clause": clause, "kind": "humanitarian"}]})


@pytest.mark.parametrize("clause", ["", "2375", "UN 2375 17", "UN-", "UN-2375-17\n", "un-2375-17", "UN-" + "a" * 70])
def test_what_is_no_clause_id_is_refused(clause: str) -> None:
    body = {**with_worker(), "exemptions": [{"clause": clause, "kind": "humanitarian"}]}
    assert set(pointers(body)) == {"/exemptions/0/clause"}


@pytest.mark.parametrize("body", [None, [], "x", 1, True, [{"worker": {"name": "A"}}]])
def test_a_body_that_is_no_object_is_refused_as_a_whole(body: Any) -> None:
    assert pointers(body) == [""]


def test_a_fault_never_repeats_what_was_sent() -> None:
    secret = "Kim Yong Chol"
    body = {
        "reference": secret * 10,
        "stage": secret,
        "worker": {"name": secret * 100, "gender": [secret], "date_of_birth": secret, secret * 6: 1},
        "jurisdictions": [secret],
        "indicators": [secret],
        "exemptions": [{"clause": secret, "kind": secret}],
    }
    found = faults(body)
    assert len(found) >= 8
    assert secret not in str(found)


def test_faults_are_at_most_a_hundred_and_always_in_one_order() -> None:
    body = {**with_worker(), "indicators": ["x"] * 50, "jurisdictions": ["x"] * 50, "exemptions": [{}] * 50}
    found = faults(body)
    assert len(found) == 100
    assert found == sorted(found)


@pytest.mark.shared
def test_the_request_of_the_contract_is_accepted_word_for_word(shared: Path) -> None:
    contract = (shared / "CONTRACT.md").read_text(encoding="utf-8")
    block = contract.split("```jsonc\n", 1)[1].split("```", 1)[0]
    plain = re.sub(r'("(?:[^"\\]|\\.)*")|//[^\n]*', lambda found: found[1] or "", block)
    request = load(json.loads(plain))
    assert request.worker.nationalities[0].country.code == "KP"
    assert request.counterparties[0].owners[0].share_percent == 50


@pytest.mark.shared
def test_every_request_of_the_law_cases_and_each_of_their_changes_is_accepted(shared: Path) -> None:
    steps = 0
    for line in (shared / "law" / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        load(case["request"])
        for then in case["then"]:
            load(changed(case["request"], then["change"]))
            steps += 1
    assert steps > 30


def changed(request: Body, change: Body) -> Body:
    """A request with the fields at ``a.b[0].c`` replaced."""
    request = copy.deepcopy(request)
    for path, value in change.items():
        *above, last = [int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", path)]
        place: Any = request
        for step in above:
            place = place.setdefault(step, {}) if isinstance(place, dict) else place[step]
        place[last] = value
    return request


def test_owners_that_lead_back_to_themselves_are_refused_at_the_owner_that_closes_the_circle() -> None:
    inner = {"name": "Alpha LLC", "share_percent": 60}
    body = {
        "worker": {"name": "Ana Ruiz"},
        "counterparties": [
            {"role": "client", "name": "Alpha LLC", "owners": [{"name": "Beta LLC", "owners": [inner]}]}
        ],
    }
    with pytest.raises(InvalidRequestError) as caught:
        load_request(body, now=NOW)
    assert caught.value.faults[0][0] == "/counterparties/0/owners/0/owners/0/name"


def test_owners_that_own_each_other_in_two_branches_are_refused_at_the_owner_that_closes_the_circle() -> None:
    owners = [
        {"name": "Beta LLC", "owners": [{"name": "Gamma LLC"}]},
        {"name": "Gamma LLC", "owners": [{"name": "beta llc", "share_percent": 10}]},
    ]
    body = {
        "worker": {"name": "Ana Ruiz"},
        "counterparties": [{"role": "client", "name": "Alpha LLC", "owners": owners}],
    }
    with pytest.raises(InvalidRequestError) as caught:
        load_request(body, now=NOW)
    assert [pointer for pointer, _ in caught.value.faults] == ["/counterparties/0/owners/1/owners/0/name"]
