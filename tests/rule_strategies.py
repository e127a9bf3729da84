"""Screening requests for property tests, drawn from what the rules can tell apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from service.nationality.countries import parse_country
from service.rulebook import current
from service.screening import facts
from service.screening.case import Case
from service.screening.decide import Judgement, decide
from service.screening.match import Match
from service.screening.moment import Moment
from tests.rule_cases import listed

NOW = datetime(2026, 11, 23, tzinfo=UTC)
COUNTRIES = ("RU", "PL", "CH", "SG", "US", "GB", "NZ", "CA", "KP", "TW")
BOUNDARIES = sorted(
    {
        day
        for clause in current().clauses
        if not clause.id.startswith(("LIST-", "IND-"))
        for day in (clause.in_force_from, *(on for _, on in clause.dates))
    }
)
DAYS = sorted({day + timedelta(days=step) for day in BOUNDARIES for step in (-1, 0, 1)})

days = st.sampled_from(DAYS)
moments = st.one_of(
    days.map(Moment),
    days.map(lambda day: Moment.at(datetime(day.year, day.month, day.day, 16, 0, tzinfo=UTC))),
)
maybe_days = st.none() | days
countries = st.sampled_from(COUNTRIES).map(parse_country)
maybe_countries = st.none() | countries
booleans = st.none() | st.booleans()

nationalities = st.lists(
    st.builds(
        facts.Nationality,
        country=st.sampled_from(("PRK", "RUS", "KOR", "Korea", "POL", "XXA")).map(parse_country),
        evidence=st.sampled_from(facts.Evidence),
        basis=st.sampled_from(facts.NationalityBasis),
    ),
    max_size=2,
).map(tuple)
protections = st.builds(
    facts.Protection,
    status=st.sampled_from(facts.ProtectionStatus),
    country=maybe_countries,
    evidence=st.sampled_from(facts.Evidence),
)
workers = st.builds(
    facts.Worker,
    name=st.just("Anybody"),
    nationalities=st.just((facts.Nationality(country=parse_country("PRK"), evidence=facts.Evidence.PASSPORT),))
    | nationalities,
    protection=st.just(facts.Protection(status=facts.ProtectionStatus.NONE)) | protections,
    right_to_work=st.none() | st.builds(facts.RightToWork, country=countries, evidence=st.sampled_from(facts.Evidence)),
    official_capacity=st.sampled_from(facts.OfficialCapacity),
    family_of_national_of=maybe_countries,
)
contracts = st.builds(
    facts.Contract,
    finalised=st.none() | moments,
    written=booleans,
    effective_on=maybe_days,
    starts_on=maybe_days,
    ends_on=maybe_days,
    open_ended=booleans,
    remuneration=st.sampled_from(facts.Remuneration),
    payee=st.sampled_from(facts.Payee),
    purpose=st.none() | st.sampled_from(facts.Purpose),
    training_field=st.sampled_from((None, "nuclear physics", "chemical engineering", "baking")),
    events=st.lists(
        st.builds(facts.ContractEvent, kind=st.sampled_from(facts.EventKind), on=maybe_days), max_size=2
    ).map(tuple),
    evidence=st.just(frozenset(facts.ContractEvidence)) | st.frozensets(st.sampled_from(facts.ContractEvidence)),
    dispute=st.frozensets(st.sampled_from(facts.Dispute), max_size=1),
)
works = st.builds(
    facts.Work,
    country=maybe_countries,
    performed_from=maybe_countries,
    employer_country=maybe_countries,
    goods_destined_to=st.lists(countries, max_size=1).map(tuple),
    vessel=st.none() | st.just(facts.Vessel()),
)
authorisations = st.builds(
    facts.Authorisation,
    kind=st.sampled_from(facts.AuthorisationKind),
    issued_on=maybe_days,
    extended_on=st.lists(days, max_size=1).map(tuple),
    admitted_on=st.none() | st.just(facts.Admission(kind=facts.DocumentKind.PASSPORT, country=parse_country("PRK"))),
    raises_state_total=booleans,
)
owners = st.lists(
    st.builds(
        facts.Owner,
        name=st.sampled_from(("Owner A", "Owner B")),
        country=maybe_countries,
        share_percent=st.sampled_from((None, Decimal(20), Decimal(50))),
        controls=booleans,
    ),
    max_size=2,
).map(tuple)
ventures = st.none() | st.builds(
    facts.JointVenture,
    dprk_party=booleans,
    formed_on=maybe_days,
    expanded_on=maybe_days,
    approval=st.builds(facts.VentureApproval, status=st.sampled_from(facts.ApprovalStatus), decided_on=maybe_days),
    carve_out=st.sampled_from(facts.CarveOut),
    carve_out_scope=st.none() | st.sampled_from(facts.CarveOutScope),
)
counterparties = st.lists(
    st.builds(
        facts.Counterparty,
        role=st.sampled_from(facts.Role),
        name=st.sampled_from(("Party A", "Party B")),
        country=maybe_countries,
        government_of_dprk=booleans,
        employs_dprk_workers=booleans,
        owners=owners,
        joint_venture=ventures,
    ),
    max_size=2,
).map(tuple)
CLAUSE_IDS = sorted(clause.id for clause in current().clauses)
exemptions = st.builds(
    facts.Exemption,
    clause=st.sampled_from(CLAUSE_IDS),
    kind=st.sampled_from(facts.ExemptionKind),
    power=st.sampled_from((None, "UN-2397-25", "UN-2664-1")),
    granted_on=maybe_days,
    evidence=st.sampled_from(facts.ExemptionEvidence),
)
requests = st.builds(
    facts.ScreeningRequest,
    worker=workers,
    as_of=moments,
    known_at=st.just(NOW),
    stage=st.sampled_from((facts.Stage.OFFER_ACCEPTED, facts.Stage.EMPLOYED)),
    jurisdictions=st.lists(st.sampled_from(("EU", "GB", "US", "NZ", "CA")), max_size=2, unique=True).map(tuple),
    contract=contracts,
    work=works,
    authorisation=authorisations,
    counterparties=counterparties,
    exemptions=st.lists(exemptions, max_size=1).map(tuple),
)


def paths_of_parties(request: facts.ScreeningRequest) -> list[str]:
    """The worker, each counterparty and each of its direct owners."""
    paths = ["worker"]
    for index, party in enumerate(request.counterparties):
        paths.append(f"counterparties[{index}]")
        paths += [f"counterparties[{index}].owners[{number}]" for number in range(len(party.owners))]
    return paths


@st.composite
def matches_for(draw: st.DrawFn, request: facts.ScreeningRequest) -> tuple[Match, ...]:
    """Some of the parties, listed on some day that is not after ``as_of``."""
    chosen = draw(st.lists(st.sampled_from(paths_of_parties(request)), max_size=2, unique=True))
    earlier = [day for day in DAYS if day <= request.as_of.day]
    return tuple(match_of(path, draw(st.sampled_from(earlier)), sure=draw(st.booleans())) for path in chosen if earlier)


def match_of(path: str, listed_on: date, *, sure: bool) -> Match:
    """A match of the UN's DPRK regime, sure or by name alone."""
    person = path == "worker"
    stated = {"party": path, "listed_on": listed_on, "kind": "person" if person else "organisation"}
    return listed(stated if sure else {**stated, "grade": "possible", "agrees": []})


def judged(request: facts.ScreeningRequest, matches: tuple[Match, ...] = ()) -> Judgement:
    """The judgement of the whole rulebook."""
    return decide(Case(request=request, matches=matches), current().rules)


def worst_by_clause(judgement: Judgement) -> dict[str, int]:
    """For each clause that bears, the worst that it says: 0 allow, 1 review, 2 deny."""
    worst: dict[str, int] = {}
    for finding in judgement.findings:
        worst[finding.clause.id] = max(finding.outcome.value, worst.get(finding.clause.id, 0))
    return worst


def with_contract_of(request: facts.ScreeningRequest, finalised: Moment) -> facts.ScreeningRequest:
    return replace(request, contract=replace(request.contract, finalised=finalised))
