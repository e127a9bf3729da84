"""The fraud indicators that a request may report; each can only ever give ``review``."""

from __future__ import annotations

INDICATOR_CODES: tuple[str, ...] = (
    "refused_video_interview",
    "failed_identity_video",
    "proxy_interview",
    "profile_inconsistency",
    "reused_identity_document",
    "reused_contact_details",
    "reused_resume",
    "shared_payout_account",
    "payout_changed_early",
    "third_party_payee",
    "crypto_or_platform_payment_only",
    "prepayment_demanded",
    "device_shipped_elsewhere",
    "laptop_farm_address",
    "multi_country_logins",
    "remote_access_tools",
    "unreachable_in_stated_hours",
    "shell_staffing_firm",
    "unnamed_staff",
    "group_contract_paid_upfront",
    "wages_withheld_or_remitted",
    "identity_documents_held",
    "guarded_or_employer_run_housing",
    "minders_present",
    "advertises_for_dprk_crew_translators",
    "undisclosed_subcontracting",
)
