"""The facts that a labour clause rests on, as its finding shows them."""

from __future__ import annotations

from service.screening.case import Case
from service.screening.finding import Fact


def labour_facts(case: Case) -> tuple[Fact, ...]:
    """Nationalities, dates of contract and permit, place and pay, as far as they are stated."""
    request = case.request
    contract, authorisation = request.contract, request.authorisation
    candidates: tuple[tuple[str, object], ...] = (
        ("worker.nationalities", [n.country.stated for n in request.worker.nationalities] or None),
        ("worker.protection.status", request.worker.protection.status.value),
        (
            "contract.finalised_at" if contract.finalised and contract.finalised.instant else "contract.finalised_on",
            contract.finalised.isoformat() if contract.finalised else None,
        ),
        ("contract.written", contract.written),
        ("contract.starts_on", contract.starts_on.isoformat() if contract.starts_on else None),
        ("contract.ends_on", contract.ends_on.isoformat() if contract.ends_on else None),
        ("contract.open_ended", contract.open_ended),
        ("contract.remuneration", contract.remuneration.value),
        ("authorisation.kind", authorisation.kind.value),
        ("authorisation.issued_on", authorisation.issued_on.isoformat() if authorisation.issued_on else None),
        (case.place_field, case.place.code if case.place else None),
    )
    return tuple(
        Fact(field=field, value=value) for field, value in candidates if value is not None and value != "unknown"
    )
