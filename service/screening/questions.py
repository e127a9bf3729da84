"""The question to put to people for each field that can settle a review."""

from __future__ import annotations

import re

QUESTIONS = {
    "as_of": "At what time of day, and in which zone, does the question arise?",
    "worker.nationalities": "Which nationality does the worker hold, and which document shows it?",
    "worker.date_of_birth": "What is the worker's date of birth?",
    "worker.official_capacity": "Does the worker act for a government, a mission or the United Nations?",
    "worker.protection.status": "Is the worker a refugee, otherwise protected, or neither?",
    "worker.protection.evidence": "Which document shows the worker's protection?",
    "worker.protection.country": "Which State protects the worker?",
    "worker.right_to_work": "Which document shows the worker's right to work in the country of work?",
    "contract.finalised_on": "On which day was the written contract finalised, that is, last signed?",
    "contract.finalised_at": "At which time, and in which zone, was the contract finalised?",
    "contract.written": "Is the contract written?",
    "contract.effective_on": "Did the contract take effect only after it was signed, and why?",
    "contract.ends_on": "On which day does the work end?",
    "contract.remuneration": "Is the work paid, paid in kind, or unpaid?",
    "contract.purpose": "What is the purpose of the post?",
    "contract.payee": "To whom is the pay made out?",
    "contract.evidence": "Which proof of the old contract is on file?",
    "contract.training_field": "In which field is the training?",
    "contract.events[].on": "On which day did this happen to the contract?",
    "authorisation.extended_on[]": "At what time was the permit extended?",
    "authorisation.issued_on": "On which day was the authorisation issued?",
    "authorisation.raises_state_total": "Does the State confirm that this permit does not raise its number?",
    "authorisation.admitted_on": "On which passport was the worker admitted to the country?",
    "work.country": "In which country is the work done?",
    "work.employer_country": "In which country is the employer?",
    "work.goods_destined_to": "To which countries do the goods go?",
    "work.performed_from": "From which country is the work performed?",
    "exemptions": "Is there a letter of the Committee, and what does it cover?",
    "exemptions[].evidence": "Is the Committee's letter itself on file?",
    "exemptions[].granted_on": "On which day did the Committee decide?",
    "exemptions[].power": "Under which paragraph did the Committee exempt the activity?",
    "counterparties[].country": "In which country is this party registered?",
    "counterparties[].identifiers": "What is this party's register number?",
    "counterparties[].government_of_dprk": "Does this party belong to the DPRK Government or the Workers' Party?",
    "counterparties[].joint_venture.dprk_party": "Is this a joint venture or cooperative entity with a DPRK party?",
    "counterparties[].joint_venture.formed_on": "When was the joint venture formed?",
    "counterparties[].joint_venture.approval.status": "Did the Committee approve the joint venture?",
    "counterparties[].joint_venture.approval.decided_on": "On which day did the Committee decide?",
    "counterparties[].joint_venture.carve_out_scope": "Does the venture do only what the exception covers?",
    "counterparties[].owners[].country": "In which country is this owner registered?",
    "counterparties[].owners[].identifiers": "What is this owner's register number?",
    "counterparties[].owners[].share_percent": "What share does this owner hold?",
    "counterparties[].owners[].date_of_birth": "What is this owner's date of birth?",
}


def question(field: str) -> str:
    """The question for a field's path; owners at any depth are asked alike."""
    return QUESTIONS.get(shape_of(field), f"What is {field}?")


def shape_of(field: str) -> str:
    """A field's path without its positions: ``counterparties[0].name`` as ``counterparties[].name``."""
    shape = re.sub(r"\[\d+\]", "[]", field)
    return re.sub(r"(\.owners\[\])+", ".owners[]", shape)
