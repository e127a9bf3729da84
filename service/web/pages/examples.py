"""Invented hires to try the form with. No person, firm or number here is real."""

from __future__ import annotations

from dataclasses import dataclass

from service.records import JsonObject


@dataclass(frozen=True, slots=True)
class Example:
    """A request with the line that offers it."""

    title: str
    body: JsonObject


_RUSSIA: JsonObject = {"country": "Russia", "performed_from": "Russia", "employer_country": "Russia"}
_MASONRY: JsonObject = {
    "role": "legal_employer",
    "name": "Belaya Gorka Masonry LLC",
    "country": "Russia",
    "government_of_dprk": False,
    "joint_venture": {"dprk_party": False},
}


def _bricklayer(finalised_on: str, issued_on: str) -> JsonObject:
    return {
        "as_of": "2018-06-01",
        "stage": "offer_accepted",
        "worker": {
            "name": "Phyo Tok Bin",
            "other_names": ["표독빈"],
            "date_of_birth": "1988-04-17",
            "nationalities": [{"country": "PRK", "evidence": "passport"}],
            "protection": {"status": "none"},
            "official_capacity": "none",
        },
        "contract": {
            "finalised_on": finalised_on,
            "written": True,
            "starts_on": "2018-03-05",
            "ends_on": "2019-02-28",
            "open_ended": False,
            "occupation": "bricklayer",
            "remuneration": "paid",
            "payee": "worker",
            "purpose": "ordinary",
        },
        "work": _RUSSIA,
        "authorisation": {"kind": "work_permit", "issued_on": issued_on, "expires_on": "2019-02-28"},
        "counterparties": [_MASONRY],
    }


EXAMPLES: dict[str, Example] = {
    "deny-2018": Example(
        "PRK national, contract finalised 10 February 2018, Russia",
        _bricklayer("2018-02-10", "2018-03-01"),
    ),
    "review-2017": Example(
        "The same person, contract finalised 30 August 2017: proof is missing",
        _bricklayer("2017-08-30", "2017-09-04"),
    ),
    "poland-2026": Example(
        "PRK national, contract of this year, Poland, work permit",
        {
            "stage": "work_permit",
            "worker": {
                "name": "Pak Un Ju",
                "date_of_birth": "1991",
                "nationalities": [{"country": "North Korea", "evidence": "passport"}],
                "protection": {"status": "none"},
                "official_capacity": "none",
            },
            "contract": {
                "finalised_on": "2026-03-16",
                "written": True,
                "starts_on": "2026-05-04",
                "open_ended": True,
                "occupation": "welder",
                "remuneration": "paid",
                "payee": "worker",
            },
            "work": {"country": "Poland", "performed_from": "Poland", "employer_country": "Poland"},
            "authorisation": {"kind": "work_permit", "issued_on": "2026-04-20"},
            "counterparties": [{"role": "legal_employer", "name": "Bursztyn Welding sp. z o.o.", "country": "Poland"}],
        },
    ),
    "allow-kor": Example(
        "South Korean national, Poland: no labour rule speaks",
        {
            "stage": "work_permit",
            "worker": {
                "name": "Yoon Seo-ah",
                "other_names": ["윤서아"],
                "date_of_birth": "1994-08-21",
                "nationalities": [{"country": "Republic of Korea", "evidence": "passport"}],
            },
            "contract": {"finalised_on": "2026-09-01", "written": True, "starts_on": "2026-10-01"},
            "work": {"country": "Poland", "performed_from": "Poland", "employer_country": "Poland"},
            "counterparties": [{"role": "legal_employer", "name": "Bursztyn Welding sp. z o.o.", "country": "Poland"}],
        },
    ),
    "review-korean": Example(
        "“Korean” and nothing else: which State is not said",
        {
            "worker": {"name": "Kim Yong Chol", "nationalities": [{"country": "Korean", "evidence": "self_declared"}]},
            "contract": {"starts_on": "2026-12-01", "remuneration": "paid"},
            "work": {"country": "Qatar", "employer_country": "Qatar"},
        },
    ),
    "listed-owner": Example(
        "Local hire at a firm half owned by a name on the lists",
        {
            "as_of": "2018-06-01",
            "worker": {
                "name": "Olga Petrovna Sinitsyna",
                "date_of_birth": "1990-01-30",
                "nationalities": [{"country": "Russia", "evidence": "passport"}],
            },
            "contract": {"finalised_on": "2018-05-14", "written": True, "starts_on": "2018-06-04"},
            "work": _RUSSIA,
            "jurisdictions": ["US"],
            "counterparties": [
                {
                    "role": "legal_employer",
                    "name": "Sopka Stroi LLC",
                    "country": "Russia",
                    "owners": [
                        {"name": "Зенко", "kind": "organisation", "country": "PRK", "share_percent": 50},
                        {"name": "Sopka Holding LLC", "kind": "organisation", "country": "Russia", "share_percent": 50},
                    ],
                    "joint_venture": {"dprk_party": True, "formed_on": "2015-03-02"},
                }
            ],
        },
    ),
}
