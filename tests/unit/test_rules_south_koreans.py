"""A South Korean is never denied for being one, however the nationality is written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from service.errors import InvalidRequestError
from service.rulebook import current
from service.screening.case import Case
from service.screening.decide import decide
from service.screening.finding import Outcome
from service.web.schemas.screening import load_request
from tests.unit.test_countries import spellings, variants

NOW = datetime(2026, 11, 23, tzinfo=UTC)
AMBIGUOUS = ("Korea", "Korean", "Corea", "Corée", "朝鮮", "朝鲜", "조선", "Joseon", "Chosen", "Choson", "NK")


def hired(nationality: str) -> dict[str, Any]:
    """A hire that every labour clause would bar a DPRK national from."""
    return {
        "worker": {"name": "Noh Yu-rim", "nationalities": [nationality], "protection": {"status": "none"}},
        "contract": {"finalised_on": "2026-02-10", "written": True, "open_ended": True, "remuneration": "paid"},
        "work": {"country": "PL"},
        "authorisation": {"kind": "work_permit", "issued_on": "2026-03-01"},
    }


def outcomes(spelled: set[str]) -> dict[str, Outcome]:
    found = {}
    for nationality in sorted(spelled):
        try:
            request = load_request(hired(nationality), now=NOW)
        except InvalidRequestError:
            continue  # not in the table: the caller is asked, nothing is decided
        found[nationality] = decide(Case(request=request), current().rules).outcome
    return found


def test_no_spelling_of_south_korea_is_ever_denied() -> None:
    found = outcomes({v for word in (*spellings("KR"), "KR", "KOR", "410") for v in variants(word)})
    assert len(found) >= 500
    assert Outcome.DENY not in found.values()
    assert list(found.values()).count(Outcome.ALLOW) > 0.99 * len(found), "some odd forms of the code are asked about"


def test_an_ambiguous_word_asks_and_never_denies_nor_allows() -> None:
    found = outcomes(set(AMBIGUOUS))
    assert set(found) == set(AMBIGUOUS)
    assert set(found.values()) == {Outcome.REVIEW}


def test_the_same_hire_of_a_dprk_national_is_denied() -> None:
    assert set(outcomes({"PRK", "KP", "북한", "КНДР", "North Korea"}).values()) == {Outcome.DENY}
