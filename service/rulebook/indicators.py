"""Fraud and forced-labour indicators that a recruiter, payroll or IT can report.

They come from the published advisories on DPRK IT workers (2022-05-16, 2023-10-18, 2024-05-16,
2025-01-23, 2025-07-23) and on overseas labour (2018-07-23). They can only ever ask for a person's
judgement. Left out on purpose, because they stand in for national origin: preferring Korean while
claiming another origin, an overseas university with a local address, accent, surname, ethnicity.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from service.screening.case import Case
from service.screening.finding import Basis, Binds, Clause, Fact, Finding, Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Indicator:
    """One observable sign: what it is, who published it, and which kind of risk it points to."""

    code: str
    title: str
    source: str
    kind: str  # "fraud" or "labour"


IT_2022 = "US State, Treasury and FBI advisory on DPRK IT workers, 2022-05-16"
IT_2023 = "FBI and ROK joint update on DPRK IT workers, 2023-10-18"
IT_2025 = "FBI IC3 PSA250723-4, 2025-07-23"
LABOUR_2018 = "US advisory on DPRK supply-chain links, 2018-07-23"
ARTICLE_2018 = "Reporting on hiring after the ban, 2018-08-03"


def _fraud(code: str, title: str, source: str) -> Indicator:
    return Indicator(code=code, title=title, source=source, kind="fraud")


def _labour(code: str, title: str, source: str) -> Indicator:
    return Indicator(code=code, title=title, source=source, kind="labour")


INDICATORS = (
    _fraud("refused_video_interview", "Refused or avoided a video interview", IT_2023),
    _fraud("failed_identity_video", "Face or document did not match on video", IT_2023),
    _fraud("proxy_interview", "Another person took part in the interview", IT_2025),
    _fraud("profile_inconsistency", "Name, education or work history differ between sources", IT_2022),
    _fraud("reused_identity_document", "An identity document was used by another applicant", IT_2025),
    _fraud("reused_contact_details", "Phone or e-mail was used by another applicant", IT_2025),
    _fraud("reused_resume", "The résumé's text was used by another applicant", IT_2025),
    _fraud("shared_payout_account", "Two workers are paid to one account", IT_2023),
    _fraud("payout_changed_early", "The payout account changed soon after the start, or often", IT_2023),
    _fraud("third_party_payee", "Pay is asked for to someone else's account", IT_2022),
    _fraud("crypto_or_platform_payment_only", "Only crypto or a payment platform is accepted", IT_2022),
    _fraud("prepayment_demanded", "Prepayment was demanded", IT_2022),
    _fraud(
        "device_shipped_elsewhere",
        "Equipment is to go to another address than the identity document's",
        IT_2023,
    ),
    _fraud("laptop_farm_address", "Many unrelated workers receive equipment at one address", IT_2025),
    _fraud("multi_country_logins", "Log-ins from several countries in a short time", IT_2022),
    _fraud("remote_access_tools", "Unapproved remote-access tools or switches are in use", IT_2025),
    _fraud("unreachable_in_stated_hours", "Not reachable in the stated working hours", IT_2022),
    _fraud("shell_staffing_firm", "The staffing firm is newly formed or has no traceable staff", IT_2025),
    _fraud("unnamed_staff", "The supplier does not name the workers", IT_2025),
    _labour("group_contract_paid_upfront", "One contract for many workers, paid up front to one side", LABOUR_2018),
    _labour("wages_withheld_or_remitted", "Wages are withheld or sent to a government", LABOUR_2018),
    _labour("identity_documents_held", "The employer or an agent keeps the workers' documents", LABOUR_2018),
    _labour("guarded_or_employer_run_housing", "Housing is guarded or run by the employer", LABOUR_2018),
    _labour("minders_present", "Minders accompany the workers", LABOUR_2018),
    _labour("advertises_for_dprk_crew_translators", "The employer seeks translators for a DPRK crew", ARTICLE_2018),
    _labour("undisclosed_subcontracting", "Work is passed on without being disclosed", LABOUR_2018),
)
EMPLOYS_DPRK_WORKERS = _labour("employs_dprk_workers", "A counterparty is said to employ DPRK workers", ARTICLE_2018)
INDICATOR_CODES = tuple(indicator.code for indicator in INDICATORS)


def indicator_clause(indicator: Indicator) -> Clause:
    """The clause under which an indicator is reported."""
    return Clause(
        id=f"IND-{indicator.code}",
        instrument=indicator.source,
        paragraph="",
        title=indicator.title,
        paraphrase=f"{indicator.title}. An indicator proves nothing; it asks for a person's judgement.",
        url="https://www.ic3.gov/PSA/2025/PSA250723-4"
        if indicator.kind == "fraud"
        else "https://www.state.gov/e/eb/tfs/spi/northkorea/advisories/284241.htm",
        in_force_from=date(2018, 7, 23) if indicator.kind == "labour" else date(2022, 5, 16),
        binds=Binds.EMPLOYER,
        jurisdiction="",
        basis=Basis.SECONDARY,
        effect="review",
    )


CLAUSES = {each.code: indicator_clause(each) for each in (*INDICATORS, EMPLOYS_DPRK_WORKERS)}


def reported_indicators(case: Case) -> tuple[Finding, ...]:
    """A review for each indicator reported, whatever the day: an indicator is no law."""
    reported = [
        Finding(
            outcome=Outcome.REVIEW,
            clause=CLAUSES[code],
            reason=f"{CLAUSES[code].title}.",
            facts=(Fact(field="indicators", value=code),),
        )
        for code in dict.fromkeys(case.request.indicators)
    ]
    employs = [
        Finding(
            outcome=Outcome.REVIEW,
            clause=CLAUSES[EMPLOYS_DPRK_WORKERS.code],
            reason="A counterparty is said to employ DPRK workers; the worker is clear, the employer is not.",
            facts=(Fact(field=f"{path}.employs_dprk_workers", value=True),),
        )
        for path, party in case.counterparties()
        if party.employs_dprk_workers is True
    ]
    return (*reported, *employs)
