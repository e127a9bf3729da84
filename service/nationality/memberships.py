"""Who is a member of the European Union and of the United Nations, on a given day."""

from __future__ import annotations

from datetime import date, timedelta

_SIX = date(1958, 1, 1)  # Treaty of Rome in force
_2004 = date(2004, 5, 1)
EU_ACCESSION = {
    **dict.fromkeys(("BE", "DE", "FR", "IT", "LU", "NL"), _SIX),
    **dict.fromkeys(("DK", "IE", "GB"), date(1973, 1, 1)),
    "GR": date(1981, 1, 1),
    **dict.fromkeys(("ES", "PT"), date(1986, 1, 1)),
    **dict.fromkeys(("AT", "FI", "SE"), date(1995, 1, 1)),
    **dict.fromkeys(("CY", "CZ", "EE", "HU", "LT", "LV", "MT", "PL", "SI", "SK"), _2004),
    **dict.fromkeys(("BG", "RO"), date(2007, 1, 1)),
    "HR": date(2013, 7, 1),
}
UK_LAST_DAY = date(2020, 1, 31)  # left at the end of this day, Brussels time
UK_TRANSITION_LAST_DAY = date(2020, 12, 31)  # Withdrawal Agreement, article 126
# Outermost regions (TFEU article 349) and Åland, which have ISO codes of their own; Gibraltar by TFEU 355(3).
EU_TERRITORIES = {
    **dict.fromkeys(("GF", "GP", "MQ", "RE"), _SIX),
    "MF": date(2007, 7, 15),  # split from Guadeloupe and stayed inside
    "YT": date(2014, 1, 1),
    "AX": date(1995, 1, 1),
    "GI": date(1973, 1, 1),
}

# The 193 members; the day of admission for those admitted after 1989.
_UN_BEFORE_1990 = (
    "AE AF AG AL AO AR AT AU BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CI CL CM CN CO CR CU "
    "CV CY DE DJ DK DM DO DZ EC EG ES ET FI FJ FR GA GB GD GH GM GN GQ GR GT GW GY HN HT HU ID IE IL IN IQ "
    "IR IS IT JM JO JP KE KH KM KN KW LA LB LC LK LR LS LU LY MA MG ML MM MN MR MT MU MV MW MX MY MZ NE NG "
    "NI NL NO NP NZ OM PA PE PG PH PK PL PT PY QA RO RU RW SA SB SC SD SE SG SL SN SO SR ST SV SY SZ TD TG "
    "TH TN TR TT TZ UA UG US UY VC VE VN VU WS YE ZA ZM ZW"
)
UN_ADMISSION = {
    "NA": date(1990, 4, 23),
    "LI": date(1990, 9, 18),
    **dict.fromkeys(("EE", "FM", "KP", "KR", "LT", "LV", "MH"), date(1991, 9, 17)),
    **dict.fromkeys(("AM", "AZ", "KG", "KZ", "MD", "SM", "TJ", "TM", "UZ"), date(1992, 3, 2)),
    **dict.fromkeys(("BA", "HR", "SI"), date(1992, 5, 22)),
    "GE": date(1992, 7, 31),
    **dict.fromkeys(("CZ", "SK"), date(1993, 1, 19)),
    "MK": date(1993, 4, 8),
    **dict.fromkeys(("ER", "MC"), date(1993, 5, 28)),
    "AD": date(1993, 7, 28),
    "PW": date(1994, 12, 15),
    **dict.fromkeys(("KI", "NR", "TO"), date(1999, 9, 14)),
    "TV": date(2000, 9, 5),
    "RS": date(2000, 11, 1),
    "CH": date(2002, 9, 10),
    "TL": date(2002, 9, 27),
    "ME": date(2006, 6, 28),
    "SS": date(2011, 7, 14),
    **dict.fromkeys(_UN_BEFORE_1990.split(), date.min),
}


def is_eu_member(code: str, on: date | None = None) -> bool:
    """Whether the State ``code`` (alpha-2) is a member of the EU on that day; None asks for the latest known.

    The United Kingdom counts up to and including 2020-01-31. Membership of the Communities before 1993
    counts. Territories are no members: see ``is_bound_by_eu_law``.
    """
    day = on or date.max
    if code == "GB" and day > UK_LAST_DAY:
        return False
    return code in EU_ACCESSION and day >= EU_ACCESSION[code]


def is_bound_by_eu_law(code: str, on: date | None = None) -> bool:
    """Whether EU regulations bind in ``code`` (alpha-2) on that day; None asks for the latest known.

    Members, their territories that are inside the Union, and the United Kingdom and Gibraltar through the
    transition period, up to and including 2020-12-31.
    """
    day = on or date.max
    if code in ("GB", "GI"):
        return date(1973, 1, 1) <= day <= UK_TRANSITION_LAST_DAY
    return is_eu_member(code, on) or (code in EU_TERRITORIES and day >= EU_TERRITORIES[code])


def is_un_member(code: str, on: date | None = None) -> bool:
    """Whether the State ``code`` (alpha-2) is a UN member on that day; None asks for the latest known.

    ``HK``, ``MO`` and other territories are not, nor are ``PS``, ``TW``, ``VA``, ``XK``; ask ``state_of``
    for the State that answers for a territory. A member of before 1990 counts on every day.
    """
    return code in UN_ADMISSION and (on or date.max) >= UN_ADMISSION[code]


def membership_days(code: str) -> tuple[date, ...]:
    """The days from which the answer of one of the questions above differs for ``code`` (alpha-2), in order."""
    first = (EU_ACCESSION.get(code), EU_TERRITORIES.get(code), UN_ADMISSION.get(code))
    found = {day for day in first if day is not None and day > date.min}
    if code in ("GB", "GI"):
        found |= {UK_LAST_DAY + timedelta(days=1), UK_TRANSITION_LAST_DAY + timedelta(days=1)}
    return tuple(sorted(found))
