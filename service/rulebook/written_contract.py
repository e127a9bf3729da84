"""The grandfathering exception of S/RES/2375 (2017) paragraph 17: a written contract finalised before.

It protects an authorisation, not a person, an employer or a quota. Every piece of its proof is asked
for, and what happens to the contract later can undo it: a new employer, a replacement, more heads, a
new entry or a posting abroad is a new contract; a renewal or an extension leaves the question to a
person, because the text is silent.
"""

from __future__ import annotations

from datetime import date, datetime

from service.screening.case import Case
from service.screening.facts import ContractEvidence, EventKind
from service.screening.finding import ExceptionTest, TextualException
from service.screening.logic import FALSE, TRUE, Truth, all_of, any_of, truth, unknown
from service.screening.moment import Moment, Order

BEFORE_ADOPTION = TextualException(
    id="written-contract-before-adoption", title="A written contract was finalised before the adoption"
)

NEW_CONTRACT = frozenset(
    {
        EventKind.ASSIGNMENT,
        EventKind.REPLACEMENT,
        EventKind.HEADCOUNT_INCREASE,
        EventKind.RE_ENTRY,
        EventKind.TRANSFER_ABROAD,
    }
)
PIECES = {
    ContractEvidence.SIGNED_CONTRACT: "the signed contract itself",
    ContractEvidence.WORKER_NAMED: "that the contract names this worker",
    ContractEvidence.DPRK_PARTY_SCREENED: "that whoever signed for the DPRK side was compared with the lists",
    ContractEvidence.PERMIT_LINKED: "that the permit was given for this contract",
    ContractEvidence.END_DATE_STATED: "that the contract states when it ends",
    ContractEvidence.STATE_NOTIFICATION: "that the State reported the contract to the Committee",
}
RENEWALS = frozenset({EventKind.RENEWAL, EventKind.AUTOMATIC_RENEWAL, EventKind.EXTENSION})


def written_contract_before_adoption(
    case: Case, adopted: datetime, notify_by: date, *, first_day_barred: date | None = None
) -> ExceptionTest:
    """Whether the contract is proven to be written, finalised before ``adopted``, and the same since.

    From ``notify_by`` on, the State's notice to the Committee belongs to the proof. Where a law counts in
    days, ``first_day_barred`` is the first day on which a contract is too late, whatever the hour.
    """
    parts = (
        (_is_written(case), "It is not known whether the contract is written."),
        (_was_finalised_before(case, adopted, first_day_barred), _date_reason(case)),
        (_is_undisputed(case), "The date of the contract is disputed."),
        (_took_effect_before(case, adopted), "The contract took effect only after the adoption."),
        (
            _stayed_the_same(case, adopted),
            "The contract or its permit was changed or prolonged after the adoption.",
        ),
        (_is_proven(case, notify_by), _proof_reason(case, notify_by)),
    )
    result = all_of(*(part for part, _ in parts))
    if result.is_true:
        reason = "The written contract was finalised before the adoption, and every piece of its proof is stated."
    elif result.is_false:
        reason = "No written contract finalised before the adoption carries this authorisation."
    else:
        reason = " ".join(text for part, text in parts if part.is_unknown)
    return ExceptionTest(id=BEFORE_ADOPTION.id, truth=result, reason=reason)


def _is_written(case: Case) -> Truth:
    return truth(case.request.contract.written, "contract.written")


def _was_finalised_before(case: Case, adopted: datetime, first_day_barred: date | None) -> Truth:
    finalised = case.request.contract.finalised
    if finalised is None:
        return unknown("contract.finalised_on")
    if first_day_barred is not None:
        return Truth(finalised.day < first_day_barred)
    order = finalised.compare(adopted)
    return unknown("contract.finalised_at") if order is Order.UNDECIDED else Truth(order is Order.BEFORE)


def _date_reason(case: Case) -> str:
    if case.request.contract.finalised is None:
        return "The day on which the contract was finalised is not known."
    return "The contract bears a day that the adoption divides; only the time of day and its zone settle it."


def _is_undisputed(case: Case) -> Truth:
    return unknown("contract.finalised_on") if case.request.contract.dispute else TRUE


def _took_effect_before(case: Case, adopted: datetime) -> Truth:
    """A condition that was met only after the adoption leaves open whether the contract was final."""
    effective = case.request.contract.effective_on
    if effective is None or Moment(effective).compare(adopted) is Order.BEFORE:
        return TRUE
    return unknown("contract.effective_on")


def _stayed_the_same(case: Case, adopted: datetime) -> Truth:
    events = [
        _event(f"contract.events[{index}].on", event.kind, event.on, adopted)
        for index, event in enumerate(case.request.contract.events)
    ]
    extended = [
        _event(f"authorisation.extended_on[{index}]", EventKind.EXTENSION, on, adopted)
        for index, on in enumerate(case.request.authorisation.extended_on)
    ]
    return all_of(*events, *extended)


def _event(path: str, kind: EventKind, on: date | None, adopted: datetime) -> Truth:
    if kind is EventKind.NEUTRAL_AMENDMENT:
        return TRUE
    if on is None:
        return unknown(path)
    order = Moment(on).compare(adopted)
    if order is Order.BEFORE:
        return TRUE
    if kind in NEW_CONTRACT and order is Order.AFTER:
        return FALSE
    return unknown(path) if order is Order.UNDECIDED else Truth(None)


def prolonged_since(case: Case, day: date) -> Truth:
    """Whether the contract or its permit was renewed, by itself or by act, or prolonged on ``day`` or later."""
    events = [
        unknown(f"contract.events[{index}].on") if event.on is None else Truth(event.on >= day)
        for index, event in enumerate(case.request.contract.events)
        if event.kind in RENEWALS
    ]
    return any_of(*events, *(Truth(on >= day) for on in case.request.authorisation.extended_on))


def _is_proven(case: Case, notify_by: date) -> Truth:
    return TRUE if not missing_evidence(case, notify_by) else unknown("contract.evidence")


def missing_evidence(case: Case, notify_by: date) -> tuple[ContractEvidence, ...]:
    """The pieces of proof that are not stated, in the order of the enumeration."""
    required = [
        piece
        for piece in ContractEvidence
        if piece is not ContractEvidence.STATE_NOTIFICATION or case.as_of.day >= notify_by
    ]
    return tuple(piece for piece in required if piece not in case.request.contract.evidence)


def _proof_reason(case: Case, notify_by: date) -> str:
    pieces = "; ".join(PIECES[piece] for piece in missing_evidence(case, notify_by))
    return f"Proof of the old contract is incomplete. Not shown: {pieces}."
