"""A screening request as typed, frozen facts.

Unknown is a value (``None`` or the member ``UNKNOWN``), never an exception: a rule that needs a fact
and finds it unknown says so, and the answer then asks for that field by the path used here, which is
the path of CONTRACT (``contract.finalised_on``). Countries are normalised (see ``countries``); dates
are calendar days, instants are aware datetimes, shares are percentages as ``Decimal``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from service.nationality.countries import Country
from service.screening.moment import Moment, PartialDate


class Stage(StrEnum):
    """How far the hire has come; decides which facts the law lets the employer use."""

    PRE_OFFER = "pre_offer"
    OFFER_ACCEPTED = "offer_accepted"
    WORK_PERMIT = "work_permit"
    ONBOARDING = "onboarding"
    EMPLOYED = "employed"


class Evidence(StrEnum):
    """What a nationality, a protection status or a right to work rests on."""

    PASSPORT = "passport"
    NATIONAL_ID = "national_id"
    RESIDENCE_PERMIT = "residence_permit"
    STATUS_DOCUMENT = "status_document"
    SELF_DECLARED = "self_declared"
    UNKNOWN = "unknown"


class NationalityBasis(StrEnum):
    """How a nationality is held."""

    HELD = "held"
    CLAIMED_BY_LAW = "claimed_by_law"
    FORMER = "former"


class ProtectionStatus(StrEnum):
    """International protection or a status that the law protects alike."""

    REFUGEE = "refugee"
    SUBSIDIARY_PROTECTION = "subsidiary_protection"
    ASYLUM_SEEKER = "asylum_seeker"
    STATELESS = "stateless"
    TRAFFICKING_VICTIM = "trafficking_victim"
    NONE = "none"
    UNKNOWN = "unknown"


class OfficialCapacity(StrEnum):
    """A function for the DPRK or for the United Nations that changes which clause speaks."""

    NONE = "none"
    DPRK_DIPLOMAT = "dprk_diplomat"
    DPRK_OFFICIAL = "dprk_official"
    DPRK_MILITARY = "dprk_military"
    SAFETY_OVERSIGHT_ATTACHE = "safety_oversight_attache"
    UN_STAFF = "un_staff"
    MISSION_STAFF = "mission_staff"
    UNKNOWN = "unknown"


class DocumentKind(StrEnum):
    """The kind of an identity document."""

    PASSPORT = "passport"
    NATIONAL_ID = "national_id"
    RESIDENCE_PERMIT = "residence_permit"
    TRAVEL_DOCUMENT = "travel_document"
    OTHER = "other"


class Remuneration(StrEnum):
    """Whether the work is paid, and in what."""

    PAID = "paid"
    IN_KIND = "in_kind"
    UNPAID = "unpaid"
    UNKNOWN = "unknown"


class Payee(StrEnum):
    """To whom the pay is made out."""

    WORKER = "worker"
    EMPLOYER_AGENT = "employer_agent"
    THIRD_PARTY = "third_party"
    DPRK_MISSION = "dprk_mission"
    CRYPTO_WALLET = "crypto_wallet"
    UNKNOWN = "unknown"


class Purpose(StrEnum):
    """What the post is for, where that changes which clause speaks."""

    ORDINARY = "ordinary"
    VENTURE_WIND_UP = "venture_wind_up"
    SPECIALISED_TRAINING = "specialised_training"
    MEDICAL_EXCHANGE = "medical_exchange"
    UN_FUNCTIONS = "un_functions"
    HUMANITARIAN_IN_DPRK = "humanitarian_in_dprk"
    MISSION_IN_DPRK = "mission_in_dprk"


class EventKind(StrEnum):
    """What happened to the contract after it was finalised."""

    RENEWAL = "renewal"
    AUTOMATIC_RENEWAL = "automatic_renewal"
    EXTENSION = "extension"
    ASSIGNMENT = "assignment"
    REPLACEMENT = "replacement"
    HEADCOUNT_INCREASE = "headcount_increase"
    RE_ENTRY = "re_entry"
    TRANSFER_ABROAD = "transfer_abroad"
    SHARE_SALE = "share_sale"
    NEUTRAL_AMENDMENT = "neutral_amendment"


class ContractEvidence(StrEnum):
    """The pieces of proof that a grandfathering claim needs, all of them."""

    SIGNED_CONTRACT = "signed_contract"
    WORKER_NAMED = "worker_named"
    DPRK_PARTY_SCREENED = "dprk_party_screened"
    PERMIT_LINKED = "permit_linked"
    END_DATE_STATED = "end_date_stated"
    STATE_NOTIFICATION = "state_notification"


class Dispute(StrEnum):
    """Why a stated contract date cannot be taken at its word."""

    BACKDATED = "backdated"
    METADATA_CONFLICT = "metadata_conflict"
    CONFLICTING_OFFICIAL_STATEMENTS = "conflicting_official_statements"


class AuthorisationKind(StrEnum):
    """On what the permission to work rests."""

    WORK_PERMIT = "work_permit"
    QUOTA_POSITION = "quota_position"
    STUDENT_VISA = "student_visa"
    VISITOR_VISA = "visitor_visa"
    STATUS_BASED = "status_based"
    NOT_REQUIRED = "not_required"
    NONE = "none"
    UNKNOWN = "unknown"


class Role(StrEnum):
    """A counterparty's part in the arrangement."""

    LEGAL_EMPLOYER = "legal_employer"
    CLIENT = "client"
    EOR = "eor"
    LABOUR_SUPPLIER = "labour_supplier"
    STAFFING_AGENCY = "staffing_agency"
    SUBCONTRACTOR = "subcontractor"
    RECRUITER = "recruiter"
    SPONSOR = "sponsor"
    PAYEE = "payee"
    BANK = "bank"
    VENTURE_PARTNER = "venture_partner"


class PartyKind(StrEnum):
    """Person or organisation."""

    PERSON = "person"
    ORGANISATION = "organisation"


class ApprovalStatus(StrEnum):
    """Where the Committee's decision on a venture stands."""

    APPROVED = "approved"
    REFUSED = "refused"
    PENDING = "pending"
    NONE = "none"
    UNKNOWN = "unknown"


class CarveOut(StrEnum):
    """A project that the text of 2375 paragraph 18 names as excepted."""

    CHINA_DPRK_HYDROPOWER = "china_dprk_hydropower"
    RAJIN_KHASAN_RUSSIAN_COAL = "rajin_khasan_russian_coal"
    NONE = "none"
    UNKNOWN = "unknown"


class CarveOutScope(StrEnum):
    """Whether the venture keeps to the excepted project."""

    EXCLUSIVE = "exclusive"
    MIXED = "mixed"
    UNKNOWN = "unknown"


class ExemptionKind(StrEnum):
    """Who exempts, or on which ground."""

    COMMITTEE_APPROVAL = "committee_approval"
    COMMITTEE_EXEMPTION = "committee_exemption"
    HUMANITARIAN = "humanitarian"
    DIPLOMATIC_MISSION = "diplomatic_mission"


class ExemptionEvidence(StrEnum):
    """Whether the exemption is on file or only claimed."""

    LETTER = "letter"
    CLAIMED = "claimed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Nationality:
    """One nationality of a person, and what shows it."""

    country: Country
    evidence: Evidence = Evidence.UNKNOWN
    basis: NationalityBasis = NationalityBasis.HELD


@dataclass(frozen=True, kw_only=True, slots=True)
class Protection:
    """International protection, the State that gives it, and what shows it."""

    status: ProtectionStatus = ProtectionStatus.UNKNOWN
    country: Country | None = None
    evidence: Evidence = Evidence.UNKNOWN


@dataclass(frozen=True, kw_only=True, slots=True)
class RightToWork:
    """A right to work in a country, and what shows it."""

    country: Country | None = None
    evidence: Evidence = Evidence.UNKNOWN


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """An identity document as far as its data are given; ``mrz`` lines are joined by a newline."""

    kind: DocumentKind = DocumentKind.OTHER
    number: str | None = None
    issuing_country: Country | None = None
    nationality: Country | None = None
    mrz: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Worker:
    """The person proposed for hire. ``name`` is the full name, given or joined from its parts."""

    name: str
    given_names: str | None = None
    family_name: str | None = None
    other_names: tuple[str, ...] = ()
    date_of_birth: PartialDate | None = None
    nationalities: tuple[Nationality, ...] = ()
    protection: Protection = field(default_factory=Protection)
    right_to_work: RightToWork | None = None
    official_capacity: OfficialCapacity = OfficialCapacity.UNKNOWN
    documents: tuple[Document, ...] = ()
    family_of_national_of: Country | None = None
    gender: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ContractEvent:
    """Something that happened to the contract, and when."""

    kind: EventKind
    on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Contract:
    """``finalised`` is the instant where the request gave one, else the day."""

    finalised: Moment | None = None
    written: bool | None = None
    effective_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    open_ended: bool | None = None
    occupation: str | None = None
    remuneration: Remuneration = Remuneration.UNKNOWN
    payee: Payee = Payee.UNKNOWN
    purpose: Purpose | None = None
    training_field: str | None = None
    events: tuple[ContractEvent, ...] = ()
    evidence: frozenset[ContractEvidence] = frozenset()
    dispute: frozenset[Dispute] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Vessel:
    """The ship of a crew member."""

    flag: Country | None = None
    imo: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """Where the work is done, for whom, and where its goods go."""

    country: Country | None = None
    performed_from: Country | None = None
    employer_country: Country | None = None
    goods_destined_to: tuple[Country, ...] = ()
    vessel: Vessel | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Admission:
    """The document that the worker used to enter the country of work."""

    kind: DocumentKind
    country: Country | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Authorisation:
    """The permission to work and its dates."""

    kind: AuthorisationKind = AuthorisationKind.UNKNOWN
    issued_on: date | None = None
    expires_on: date | None = None
    extended_on: tuple[date, ...] = ()
    admitted_on: Admission | None = None
    raises_state_total: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Identifiers:
    """Register numbers of an organisation, as the caller wrote them."""

    inn: str | None = None
    ogrn: str | None = None
    uscc: str | None = None
    lei: str | None = None
    registration_number: str | None = None
    bic: str | None = None
    crypto_addresses: tuple[str, ...] = ()

    def items(self) -> Iterator[tuple[str, str]]:
        """Each identifier given, as (kind, value); a crypto address has the kind ``crypto_address``."""
        for kind in ("inn", "ogrn", "uscc", "lei", "registration_number", "bic"):
            value = getattr(self, kind)
            if value:
                yield kind, value
        for address in self.crypto_addresses:
            yield "crypto_address", address


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """Someone who holds a share of a counterparty or of another owner. ``share_percent``: 0 to 100."""

    name: str
    other_names: tuple[str, ...] = ()
    kind: PartyKind | None = None
    country: Country | None = None
    share_percent: Decimal | None = None
    controls: bool | None = None
    identifiers: Identifiers = field(default_factory=Identifiers)
    date_of_birth: PartialDate | None = None
    nationalities: tuple[Nationality, ...] = ()
    protection: Protection = field(default_factory=Protection)
    owners: tuple[Owner, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Director:
    """A director of a counterparty."""

    name: str
    other_names: tuple[str, ...] = ()
    date_of_birth: PartialDate | None = None
    nationalities: tuple[Nationality, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class VentureApproval:
    """The Committee's decision on a venture."""

    status: ApprovalStatus = ApprovalStatus.UNKNOWN
    decided_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class JointVenture:
    """Stated facts about a joint venture or cooperative entity; ``dprk_party`` None is unknown."""

    dprk_party: bool | None = None
    formed_on: date | None = None
    expanded_on: date | None = None
    approval: VentureApproval = field(default_factory=VentureApproval)
    carve_out: CarveOut = CarveOut.UNKNOWN
    carve_out_scope: CarveOutScope | None = None  # None: not stated, the carve-out's own name is taken at its word


@dataclass(frozen=True, kw_only=True, slots=True)
class Counterparty:
    """Anyone else in the arrangement."""

    role: Role
    name: str
    other_names: tuple[str, ...] = ()
    country: Country | None = None
    identifiers: Identifiers = field(default_factory=Identifiers)
    government_of_dprk: bool | None = None
    employs_dprk_workers: bool | None = None
    owners: tuple[Owner, ...] = ()
    directors: tuple[Director, ...] = ()
    joint_venture: JointVenture | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Exemption:
    """A claimed or proven exemption. It cancels ``clause`` and no other."""

    clause: str
    kind: ExemptionKind
    power: str | None = None
    granted_on: date | None = None
    reference: str | None = None
    evidence: ExemptionEvidence = ExemptionEvidence.CLAIMED


@dataclass(frozen=True, kw_only=True, slots=True)
class ScreeningRequest:
    """One question: may this person be hired, in this arrangement, as the law stood on ``as_of``?"""

    worker: Worker
    as_of: Moment
    known_at: datetime
    reference: str | None = None
    stage: Stage = Stage.OFFER_ACCEPTED
    jurisdictions: tuple[str, ...] = ()
    contract: Contract = field(default_factory=Contract)
    work: Work = field(default_factory=Work)
    authorisation: Authorisation = field(default_factory=Authorisation)
    counterparties: tuple[Counterparty, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    indicators: tuple[str, ...] = ()
