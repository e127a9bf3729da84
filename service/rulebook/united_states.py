"""United States: the Government of North Korea is blocked by definition, and so is what blocked parties own.

E.O. 13722 (15 March 2016) and 31 CFR 510.201 block all property of the Government of North Korea and the
Workers' Party; no listing is needed. Under the 50 percent rule an entity is blocked where blocked
parties together own half of it or more, directly or through entities that are blocked themselves.

Who is bound: US persons, and whoever deals through the United States. The rules bear only where the
United States is among the jurisdictions.
"""

from __future__ import annotations

from datetime import date

from service.rulebook.exceptions import HOST_NATIONAL, PROTECTED, UN_FUNCTIONS
from service.rulebook.freezes import Freeze, frozen_share, listed_on
from service.rulebook.listed_relations import told_by_lists
from service.screening.case import Case, is_from_dprk
from service.screening.finding import Basis, Binds, Clause, Fact, Finding, Outcome, TextualException
from service.screening.ownership import US_TEST

JURISDICTION = "US"
ADMITTED = TextualException(id="admitted-to-work", title="The United States itself admitted the worker to work")

EXECUTIVE_ORDER = Clause(
    id="US-EO-13722",
    instrument="Executive Order 13722",
    paragraph="1",
    title="Property of the Government of North Korea is blocked",
    paraphrase="Property of the Government of North Korea and of the Workers' Party is blocked, services to North "
    "Korea are barred, and exporting workers for them is a ground for listing.",
    url="https://www.federalregister.gov/documents/2016/03/18/2016-06355",
    in_force_from=date(2016, 3, 15),
    binds=Binds.US_PERSON,
    jurisdiction=JURISDICTION,
    basis=Basis.SECONDARY,
    effect="deny",
    exceptions=(PROTECTED, HOST_NATIONAL, UN_FUNCTIONS, ADMITTED),
    note="The exceptions, our reading, are of its ban on services; nothing excepts the blocked Government.",
)
BLOCKED_GOVERNMENT = Clause(
    id="US-31CFR510-201",
    instrument="31 CFR Part 510",
    paragraph="510.201",
    title="Blocked by definition: Government of North Korea and Workers' Party",
    paraphrase="Whatever belongs to the Government of North Korea, its agencies and controlled entities, or the "
    "Workers' Party is blocked without being listed.",
    url="https://www.ecfr.gov/current/title-31/part-510/section-510.201",
    in_force_from=date(2016, 3, 15),
    binds=Binds.US_PERSON,
    jurisdiction=JURISDICTION,
    basis=Basis.OFFICIAL_TEXT,
    effect="deny",
    note="In force from the date of the Executive Order; the rule's text was reissued on 5 March 2018.",
)
FIFTY_PERCENT = Clause(
    id="US-50PCT",
    instrument="OFAC 50 Percent Rule",
    paragraph="",
    title="Entities owned half or more by blocked parties are blocked",
    paraphrase="An entity that one or more blocked parties own by half or more in total, directly or indirectly, is "
    "blocked, named or not. Ownership counts, control alone does not.",
    url="https://ofac.treasury.gov/faqs/398",
    in_force_from=date(2014, 8, 13),
    binds=Binds.US_PERSON,
    jurisdiction=JURISDICTION,
    basis=Basis.QUOTED,
    effect="deny",
)
FREEZE = Freeze(jurisdiction=JURISDICTION, counts=listed_on("us_ofac_sdn"), test=US_TEST, owned=FIFTY_PERCENT)


def government_of_north_korea(case: Case) -> tuple[Finding, ...]:
    """Is a counterparty the Government of North Korea, or may it be, where US law binds?"""
    if JURISDICTION not in case.jurisdictions or not case.in_force(EXECUTIVE_ORDER).is_true:
        return ()
    found: list[Finding] = []
    for path, party in case.counterparties():
        field = f"{path}.government_of_dprk"
        from_dprk = is_from_dprk(party)
        fact = (Fact(field=field, value=party.government_of_dprk),)
        if party.government_of_dprk is True:
            reason = "A counterparty belongs to the Government of North Korea, which is blocked by definition."
            found += [
                Finding(outcome=Outcome.DENY, clause=clause, reason=reason, facts=fact)
                for clause in (EXECUTIVE_ORDER, BLOCKED_GOVERNMENT)
            ]
        elif party.government_of_dprk is None and from_dprk:
            reason = "A counterparty is from the DPRK; if it belongs to the Government it is blocked by definition."
            found.append(
                Finding(
                    outcome=Outcome.REVIEW,
                    clause=BLOCKED_GOVERNMENT,
                    reason=reason,
                    facts=fact,
                    missing=(field,),
                    if_known=(Outcome.ALLOW, Outcome.DENY),
                )
            )
    return tuple(found)


def fifty_percent_rule(case: Case) -> tuple[Finding, ...]:
    """Do blocked parties own half of a counterparty or more, where US law binds?"""
    if not FREEZE.binds(case) or not case.in_force(FIFTY_PERCENT).is_true:
        return ()
    found: list[Finding] = []
    for path, _ in case.counterparties():
        share = frozen_share(case, path, FREEZE)
        if not share.touched:
            continue
        held = f"{share.minimum.normalize():f} to {share.maximum.normalize():f} percent"
        if US_TEST.surely(share):
            outcome, reason = Outcome.DENY, f"Blocked parties own {held} of a counterparty; half is enough."
        else:
            outcome, reason = (
                Outcome.REVIEW,
                f"Parties that are or may be blocked own {held} of a counterparty.",
            )
        reason += told_by_lists(case, path, FREEZE.counts)
        facts = tuple(Fact(field=owner, value="blocked owner") for owner in share.path)
        found.append(Finding(outcome=outcome, clause=FIFTY_PERCENT, reason=reason, facts=facts))
    return tuple(found)
