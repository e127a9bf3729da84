"""Every combination of what the labour clauses ask, on each side of each of their dates.

The walk looks at all combinations at once: an unknown fact may neither clear what some value of it would bar,
nor bar what some value of it would clear.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import product
from typing import NamedTuple

from service.nationality.countries import parse_country
from service.rulebook import current
from service.screening import facts
from service.screening.case import Case
from service.screening.decide import Judgement, decide
from service.screening.facts import AuthorisationKind, Evidence, ProtectionStatus, Remuneration
from service.screening.finding import Outcome
from service.screening.moment import Moment

NOW = datetime(2026, 11, 23, tzinfo=UTC)
BOUNDARIES = (
    date(2017, 8, 5),
    date(2017, 9, 11),
    date(2017, 9, 15),
    date(2017, 10, 10),
    date(2017, 10, 18),
    date(2017, 12, 15),
    date(2017, 12, 22),
    date(2018, 4, 25),
    date(2019, 12, 22),
)
AS_OF = tuple(sorted({day + timedelta(days=step) for day in BOUNDARIES for step in (-1, 0, 1)}))
UNKNOWN = None


class Facts(NamedTuple):
    """One combination; None is unknown."""

    as_of: date
    nationality: str | None
    finalised: date | None
    place: str | None
    remuneration: str | None
    ends_on: date | None
    protection: str | None


NATIONALITIES = (UNKNOWN, "PRK", "KOR")
CONTRACTS = (UNKNOWN, *(date(2017, 9, 11) + timedelta(days=step) for step in (-1, 0, 2)))
PLACES = (UNKNOWN, "RU", "PL", "CH", "KP", "TW")
PAY = (UNKNOWN, "paid", "unpaid")
ENDS = (UNKNOWN, date(2019, 12, 22), date(2019, 12, 23))
PROTECTIONS = (UNKNOWN, "none", "refugee")


@cache
def request_of(each: Facts) -> facts.ScreeningRequest:
    place = parse_country(each.place) if each.place else None
    nationalities = (
        (facts.Nationality(country=parse_country(each.nationality), evidence=Evidence.PASSPORT),)
        if each.nationality
        else ()
    )
    return facts.ScreeningRequest(
        worker=facts.Worker(
            name="Anybody",
            nationalities=nationalities,
            official_capacity=facts.OfficialCapacity.NONE,
            protection=facts.Protection(
                status=ProtectionStatus(each.protection or "unknown"),
                country=place,
                evidence=Evidence.STATUS_DOCUMENT,
            ),
        ),
        as_of=Moment(each.as_of),
        known_at=NOW,
        contract=facts.Contract(
            finalised=Moment(each.finalised) if each.finalised else None,
            written=True,
            ends_on=each.ends_on,
            remuneration=Remuneration(each.remuneration or "unknown"),
            purpose=facts.Purpose.ORDINARY,
            evidence=frozenset(facts.ContractEvidence),
        ),
        work=facts.Work(country=place, performed_from=place, employer_country=parse_country("MY")),
        authorisation=facts.Authorisation(kind=AuthorisationKind.UNKNOWN, raises_state_total=False),
    )


def judged(each: Facts) -> Judgement:
    return decide(Case(request=request_of(each)), current().rules)


def test_no_combination_crashes_clears_on_an_unknown_or_bars_on_one() -> None:
    kinds = (AS_OF, NATIONALITIES, CONTRACTS, PLACES, PAY, ENDS, PROTECTIONS)
    outcomes: dict[Facts, tuple[Outcome, Outcome]] = {}
    for combination in product(*kinds):
        each = Facts(*combination)
        judgement = judged(each)
        un = [finding.outcome for finding in judgement.findings if finding.clause.jurisdiction == "UN"]
        outcomes[each] = judgement.outcome, max(un, key=lambda outcome: outcome.value, default=Outcome.ALLOW)
        assert judgement.outcome is not Outcome.ALLOW or not judgement.missing
        assert judgement.findings or judgement.summary
    wrong = []
    for each, told in outcomes.items():
        for field, values in zip(Facts._fields[1:], kinds[1:], strict=True):
            if getattr(each, field) is not UNKNOWN:
                continue
            # An unknown place cannot tell which country's law to ask, so there the UN's clauses are compared.
            which = 1 if field == "place" else 0
            for value in values[1:]:
                learnt = outcomes[each._replace(**{field: value})]
                if told[which] is Outcome.ALLOW and learnt[which] is Outcome.DENY:
                    wrong.append(("cleared on an unknown", field, value, each))
                if told[which] is Outcome.DENY and learnt[which] is not Outcome.DENY:
                    wrong.append(("barred on an unknown", field, value, each))
    assert wrong[:5] == []
