"""The days on which an answer can change for one request: what ``screening.bands`` asks about.

Some stand in the clauses, some in the request, some follow from both; a rule that derives a day from a fact names
it here through a function of its own module.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from service.nationality.countries import Country, state_of
from service.nationality.memberships import membership_days
from service.rulebook.un_2375_ventures import last_days_to_close
from service.screening.bands import days_of_clauses, days_of_request, values_of
from service.screening.facts import ScreeningRequest
from service.screening.finding import Clause


def turning_days(request: ScreeningRequest, clauses: Iterable[Clause], field: str) -> frozenset[date]:
    """Every day that a comparison with the date at ``field`` can turn on; some may turn nothing.

    The law compares the contract's dates with days of its own alone; ``as_of`` is compared with other facts too.
    """
    if field != "as_of":
        return frozenset(days_of_clauses(clauses))
    codes = {value.code for value in values_of(request) if isinstance(value, Country) and value.code is not None}
    codes |= {code for code in request.jurisdictions if code != "EU"}
    states = {state for code in codes if (state := state_of(code)) is not None}
    return frozenset(
        (
            *days_of_clauses(clauses),
            *days_of_request(request),
            *last_days_to_close(request),
            *(day for code in codes | states for day in membership_days(code)),
        )
    )
