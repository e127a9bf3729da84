"""Exceptions that more than one paragraph knows. Each answers in three values, with its reason."""

from __future__ import annotations

from datetime import date

from service.screening.case import Case
from service.screening.facts import (
    AuthorisationKind,
    Exemption,
    ExemptionEvidence,
    ExemptionKind,
    ProtectionStatus,
)
from service.screening.finding import ExceptionTest, TextualException
from service.screening.logic import FALSE, TRUE, Truth, any_of, truth, unknown
from service.screening.nationals import PROVEN

COMMITTEE_APPROVAL = TextualException(
    id="committee-approval", title="The 1718 Committee approved it in advance, case by case"
)
HOST_NATIONAL = TextualException(
    id="national-of-host-state", title="The worker is a national of the State where the work is done"
)
PROTECTED = TextualException(
    id="repatriation-prohibited", title="Refugee or human-rights law forbids sending the worker to the DPRK"
)
UN_FUNCTIONS = TextualException(
    id="un-functions", title="The Headquarters Agreement or the UN privileges convention covers the post"
)
STATUS_BASED = TextualException(
    id="right-to-work-by-status",
    title="The right to work rests on a status, not on an authorisation tied to admission",
)

UNTIED = frozenset({AuthorisationKind.UNKNOWN, AuthorisationKind.NOT_REQUIRED, AuthorisationKind.NONE})
REVIEWED_STATUSES = frozenset({ProtectionStatus.TRAFFICKING_VICTIM, ProtectionStatus.STATELESS})


def committee_approval(case: Case, clause_id: str, *, before: date | None = None) -> ExceptionTest:
    """Whether a letter shows that the Committee approved this case in advance.

    ``before`` is the day by which the approval had to be there (the permit's or the venture's); it counts from its
    own day, so on an earlier ``as_of`` it is not there yet. A claim without a letter, or a letter of unknown or late
    date, leaves it open.
    """
    needed_by = case.as_of.day if before is None else min(before, case.as_of.day)
    granted = [
        _approval(path, exemption, needed_by)
        for path, exemption in case.exemptions_from(clause_id)
        if exemption.kind in {ExemptionKind.COMMITTEE_APPROVAL, ExemptionKind.COMMITTEE_EXEMPTION}
    ]
    result = any_of(*granted)
    if result.is_true:
        reason = "A letter shows the Committee's prior approval for this case."
    elif result.is_false:
        reason = "No approval of the Committee is shown."
    else:
        reason = "An approval of the Committee is claimed, and its letter, date or scope is not shown."
    return ExceptionTest(id=COMMITTEE_APPROVAL.id, truth=result, reason=reason)


def approval_also_nationally(
    case: Case, clause_id: str, un_clause_id: str, *, before: date | None = None
) -> ExceptionTest:
    """A Committee approval against a national clause that mirrors a paragraph of the UN.

    A letter that names the national clause counts as one. A letter that names only the UN paragraph leaves
    the national clause to a person: an exemption cancels its own clause.
    """
    own = committee_approval(case, clause_id, before=before)
    if not own.truth.is_false or committee_approval(case, un_clause_id, before=before).truth.is_false:
        return own
    return ExceptionTest(
        id=COMMITTEE_APPROVAL.id,
        truth=unknown("exemptions"),
        reason="The letter names the UN paragraph; whether it also serves under national law is not shown.",
    )


def _approval(path: str, exemption: Exemption, needed_by: date) -> Truth:
    if exemption.evidence is not ExemptionEvidence.LETTER:
        return unknown(f"{path}.evidence")
    if exemption.granted_on is None or exemption.granted_on > needed_by:
        return unknown(f"{path}.granted_on")
    return TRUE


def host_national(case: Case) -> ExceptionTest:
    """Exception for nationals of the host State; another second nationality does not count."""
    reasons = {
        True: "The worker is shown to be a national of the State where the work is done.",
        False: "The worker is not a national of the State where the work is done.",
        None: "The worker states the nationality of the host State, and no document shows it.",
    }
    result = case.worker_is_host_national
    return ExceptionTest(id=HOST_NATIONAL.id, truth=result, reason=reasons[result.value])


def un_functions(case: Case) -> ExceptionTest:
    """Exception for functions of the United Nations; a side job is outside it."""
    reasons = {
        True: "The post is covered by the privileges of the United Nations.",
        False: "The post is not a function of the United Nations.",
        None: "It is open whether the post is a function of the United Nations.",
    }
    result = case.performs_un_functions
    return ExceptionTest(id=UN_FUNCTIONS.id, truth=result, reason=reasons[result.value])


def protected(case: Case) -> ExceptionTest:
    """Exception for people whom the law forbids to send to the DPRK.

    Proven refugee status or subsidiary protection in the host State meets it; so does a pending claim
    with a documented right to work. Everything else that points to protection leaves it open: it is
    never read against the person.
    """
    result, reason = _protection(case)
    return ExceptionTest(id=PROTECTED.id, truth=result, reason=reason)


def _protection(case: Case) -> tuple[Truth, str]:
    worker = case.request.worker
    status, country = worker.protection.status, worker.protection.country
    if status is ProtectionStatus.NONE:
        if worker.family_of_national_of is not None:
            return (
                unknown("worker.protection.status"),
                "The worker is family of a national; no text excepts families, but human rights may forbid removal.",
            )
        return FALSE, "No protection against repatriation is stated."
    if status is ProtectionStatus.UNKNOWN:
        return unknown("worker.protection.status"), "It is not known whether the worker is protected."
    if status in REVIEWED_STATUSES:
        return (
            unknown("worker.protection.evidence"),
            "The worker may not be sent to the DPRK while the status is examined.",
        )
    if country is None or country.code is None:
        return unknown("worker.protection.country"), "The State that protects the worker is not stated."
    if case.place is None or country.code != case.place.code:
        return (
            unknown("worker.protection.country"),
            "The protection was given by another State than the one where the work is done.",
        )
    if worker.protection.evidence not in PROVEN:
        return unknown("worker.protection.evidence"), "No document shows the protection."
    if status is ProtectionStatus.ASYLUM_SEEKER and not case.has_documented_right_to_work:
        return (
            unknown("worker.right_to_work"),
            "A claim for asylum is pending, and no document shows the right to work.",
        )
    return TRUE, "A document shows that the law forbids sending the worker to the DPRK."


def right_to_work_by_status(case: Case) -> ExceptionTest:
    """Whether the worker needs no authorisation in connection with admission (our reading).

    It needs an authorisation that rests on status, and a document for the status or the right.
    """
    kind = case.request.authorisation.kind
    if kind is not AuthorisationKind.STATUS_BASED:
        carried = protected(case).truth if kind in UNTIED else _may_be_untied(case)
        reasons = {
            True: "Protection in the host State carries the right to work.",
            False: "The right to work does not rest on a status of its own.",
            None: "The worker is or may be protected; whether the right to work rests on that is not shown.",
        }
        return ExceptionTest(id=STATUS_BASED.id, truth=carried, reason=reasons[carried.value])
    documented = case.has_documented_right_to_work or protected(case).truth.is_true
    return ExceptionTest(
        id=STATUS_BASED.id,
        truth=truth(True if documented else None, "worker.right_to_work"),
        reason="The right to work rests on a status shown by a document."
        if documented
        else "The right to work is said to rest on a status, and no document shows it.",
    )


def _may_be_untied(case: Case) -> Truth:
    """A permit or visa is tied to admission, yet nobody who points to protection is denied for that alone."""
    worker = case.request.worker
    stated = worker.protection.status not in {ProtectionStatus.NONE, ProtectionStatus.UNKNOWN}
    return unknown("worker.right_to_work") if stated or worker.family_of_national_of is not None else FALSE
