"""What the form asks, in order: a table of fields, each at its path in the request of the contract.

The words of a field stand in ``service.web.wording``; this module says only what is asked, how, and where a row
may be repeated. A path with ``[]`` names a field of every row (``counterparties[].owners[].name``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

from service.rulebook.indicators import INDICATOR_CODES
from service.screening import facts


class Kind(Enum):
    """How a field is asked, and so how what was typed becomes JSON."""

    TEXT = "text"
    LINES = "lines"  # a list, one entry a line
    WORDS = "words"  # a list, split at commas
    MRZ = "mrz"  # lines that stay together
    DATE = "date"
    PARTIAL_DATE = "partial_date"
    TIME = "time"  # a time of day and its UTC offset, which make an instant of the date beside it
    COUNTRY = "country"
    NATIONALITY = "nationality"  # a country where the two Koreas are told apart with care
    NATIONALITIES = "nationalities"  # several of them, split at commas, without evidence
    CHOICE = "choice"
    YES_NO = "yes_no"
    CHECKS = "checks"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Field:
    """One question. ``options`` are the values of a choice; ``default`` is chosen on an empty form."""

    path: str
    kind: Kind = Kind.TEXT
    options: tuple[str, ...] = ()
    default: str = ""
    width: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Fields that belong together. With ``rows`` they repeat, from ``least`` to ``most`` times."""

    key: str
    items: tuple[Field | Group, ...]
    rows: str | None = None
    least: int = 1
    most: int = 10
    folded: bool = False


def _choice(path: str, options: type[StrEnum], default: str = "") -> Field:
    return Field(path, Kind.CHOICE, tuple(member.value for member in options), default)


def _checks(path: str, options: type[StrEnum]) -> Field:
    return Field(path, Kind.CHECKS, tuple(member.value for member in options))


_ABOUT = Group(
    key="about",
    items=(
        _choice("stage", facts.Stage, facts.Stage.OFFER_ACCEPTED.value),
        Field("work.country", Kind.COUNTRY),
        Field("work.performed_from", Kind.COUNTRY),
        Field("work.employer_country", Kind.COUNTRY),
        Field("jurisdictions", Kind.WORDS),
        Field("as_of", Kind.DATE),
        Field("reference", width="20"),
    ),
)

_PERSON = Group(
    key="person",
    items=(
        Field("worker.name"),
        Field("worker.other_names", Kind.LINES),
        Field("worker.date_of_birth", Kind.PARTIAL_DATE),
        Group(
            key="nationality",
            rows="worker.nationalities",
            most=5,
            items=(
                Field("worker.nationalities[].country", Kind.NATIONALITY),
                _choice("worker.nationalities[].evidence", facts.Evidence),
                _choice("worker.nationalities[].basis", facts.NationalityBasis),
            ),
        ),
        Group(
            key="protection",
            folded=True,
            items=(
                _choice("worker.protection.status", facts.ProtectionStatus),
                Field("worker.protection.country", Kind.COUNTRY),
                _choice("worker.protection.evidence", facts.Evidence),
                Field("worker.right_to_work.country", Kind.COUNTRY),
                _choice("worker.right_to_work.evidence", facts.Evidence),
                Field("worker.family_of_national_of", Kind.COUNTRY),
                _choice("worker.official_capacity", facts.OfficialCapacity),
            ),
        ),
        Group(
            key="documents",
            folded=True,
            items=(
                Group(
                    key="document",
                    rows="worker.documents",
                    most=5,
                    items=(
                        _choice("worker.documents[].kind", facts.DocumentKind),
                        Field("worker.documents[].issuing_country", Kind.COUNTRY),
                        Field("worker.documents[].nationality", Kind.COUNTRY),
                        Field("worker.documents[].number", width="20"),
                        Field("worker.documents[].mrz", Kind.MRZ),
                    ),
                ),
            ),
        ),
    ),
)

_CONTRACT = Group(
    key="contract",
    items=(
        Field("contract.finalised_on", Kind.DATE),
        Field("contract.finalised_at", Kind.TIME),
        Field("contract.written", Kind.YES_NO),
        Field("contract.starts_on", Kind.DATE),
        Field("contract.ends_on", Kind.DATE),
        Field("contract.open_ended", Kind.YES_NO),
        _choice("contract.remuneration", facts.Remuneration),
        _choice("contract.payee", facts.Payee),
        Group(
            key="contract_details",
            folded=True,
            items=(
                Field("contract.occupation"),
                Field("contract.effective_on", Kind.DATE),
                _choice("contract.purpose", facts.Purpose),
                Field("contract.training_field"),
                _checks("contract.evidence", facts.ContractEvidence),
                _checks("contract.dispute", facts.Dispute),
                Group(
                    key="event",
                    rows="contract.events",
                    items=(
                        _choice("contract.events[].kind", facts.EventKind),
                        Field("contract.events[].on", Kind.DATE),
                    ),
                ),
            ),
        ),
    ),
)

_AUTHORISATION = Group(
    key="authorisation",
    items=(
        _choice("authorisation.kind", facts.AuthorisationKind),
        Field("authorisation.issued_on", Kind.DATE),
        Field("authorisation.expires_on", Kind.DATE),
        Field("authorisation.extended_on", Kind.LINES),
        _choice("authorisation.admitted_on.kind", facts.DocumentKind),
        Field("authorisation.admitted_on.country", Kind.COUNTRY),
        Field("authorisation.raises_state_total", Kind.YES_NO),
    ),
)

_VENTURE = Group(
    key="venture",
    folded=True,
    items=(
        Field("counterparties[].joint_venture.dprk_party", Kind.YES_NO),
        Field("counterparties[].joint_venture.formed_on", Kind.DATE),
        Field("counterparties[].joint_venture.expanded_on", Kind.DATE),
        _choice("counterparties[].joint_venture.approval.status", facts.ApprovalStatus),
        Field("counterparties[].joint_venture.approval.decided_on", Kind.DATE),
        _choice("counterparties[].joint_venture.carve_out", facts.CarveOut),
        _choice("counterparties[].joint_venture.carve_out_scope", facts.CarveOutScope),
    ),
)

_IDENTIFIERS = Group(
    key="identifiers",
    folded=True,
    items=(
        *(
            Field(f"counterparties[].identifiers.{name}", width="20")
            for name in ("registration_number", "inn", "ogrn", "uscc", "lei", "bic")
        ),
        Field("counterparties[].identifiers.crypto_addresses", Kind.LINES),
    ),
)

_OWNERS = Group(
    key="owners",
    folded=True,
    items=(
        Group(
            key="owner",
            rows="counterparties[].owners",
            items=(
                Field("counterparties[].owners[].name"),
                _choice("counterparties[].owners[].kind", facts.PartyKind),
                Field("counterparties[].owners[].country", Kind.COUNTRY),
                Field("counterparties[].owners[].share_percent", Kind.PERCENT, width="5"),
                Field("counterparties[].owners[].controls", Kind.YES_NO),
            ),
        ),
        Group(
            key="director",
            rows="counterparties[].directors",
            items=(
                Field("counterparties[].directors[].name"),
                Field("counterparties[].directors[].nationalities", Kind.NATIONALITIES),
            ),
        ),
    ),
)

_PARTIES = Group(
    key="parties",
    items=(
        Group(
            key="party",
            rows="counterparties",
            least=3,
            most=20,
            folded=True,
            items=(
                _choice("counterparties[].role", facts.Role),
                Field("counterparties[].name"),
                Field("counterparties[].other_names", Kind.LINES),
                Field("counterparties[].country", Kind.COUNTRY),
                Field("counterparties[].government_of_dprk", Kind.YES_NO),
                Field("counterparties[].employs_dprk_workers", Kind.YES_NO),
                _IDENTIFIERS,
                _OWNERS,
                _VENTURE,
            ),
        ),
    ),
)

_EXEMPTIONS = Group(
    key="exemptions",
    items=(
        Group(
            key="exemption",
            rows="exemptions",
            items=(
                Field("exemptions[].clause", width="20"),
                _choice("exemptions[].kind", facts.ExemptionKind),
                Field("exemptions[].power", width="20"),
                Field("exemptions[].granted_on", Kind.DATE),
                Field("exemptions[].reference", width="20"),
                _choice("exemptions[].evidence", facts.ExemptionEvidence),
            ),
        ),
    ),
)

_SIGNS = Group(key="signs", items=(Field("indicators", Kind.CHECKS, INDICATOR_CODES),))

_PLACE = Group(
    key="place",
    items=(
        Field("work.goods_destined_to", Kind.WORDS),
        Field("work.vessel.flag", Kind.COUNTRY),
        Field("work.vessel.imo", width="10"),
    ),
)

FORM: tuple[Group, ...] = (
    _ABOUT,
    _PERSON,
    _CONTRACT,
    _AUTHORISATION,
    _PARTIES,
    _EXEMPTIONS,
    _SIGNS,
    _PLACE,
)
OPEN_SECTIONS = frozenset({"about", "person", "contract"})
