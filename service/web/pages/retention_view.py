"""What a result page says about keeping: until when the personal data stay, or when they were erased and by whom."""

from __future__ import annotations

from service.audit.leaf import timestamp
from service.erasure.redaction import ERASED
from service.erasure.retention import Retention
from service.records import Account, JsonObject, StoredScreening
from service.web.auth import Permission, may
from service.web.pages.erasures_page import people_behind
from service.web.pages.presentation import when
from service.web.services import WebServices
from service.web.wording.pages import say


def kept_view(services: WebServices, account: Account, stored: StoredScreening) -> JsonObject:
    """``erased`` and ``erasure`` where the data are gone, else ``lines`` about their retention."""
    if stored.erased_at is not None:
        erasure = services.erasures.of_screening(stored.id)
        people = people_behind(erasure) if erasure else []
        said = say("result.erased", day=when(timestamp(stored.erased_at)), people=_and(people))
        return {"erased": said, "erasure": erasure.id if erasure else None}
    retention = services.erasures.retention_of(stored.id)
    return {
        "lines": _lines(retention) if retention else [],
        "may_ask": may(account.role, Permission.ERASE),
    }


def answer_to_show(answer: JsonObject) -> JsonObject:
    """An answer for the page; of an erased one, the places where something stood are left out, not shown as unknown."""
    if "erased_at" not in answer:
        return answer
    return {
        **answer,
        "findings": [
            {
                **finding,
                "reason": "",
                "facts": [],
                "exceptions": [{**test, "reason": ""} for test in finding["exceptions"]],
            }
            for finding in answer["findings"]
        ],
        "warnings": [each for each in answer["warnings"] if each["detail"] != ERASED],
    }


def _lines(retention: Retention) -> list[str]:
    until = retention.keep_until
    return [
        say("result.retention.until", day=until) if until else say("result.retention.none"),
        say("result.retention.sweep", day=retention.proposed_after),
        say("result.retention.basis", name=retention.class_id, basis=retention.basis, source=retention.source),
    ]


def _and(people: list[str]) -> str:
    if len(people) < 2:
        return "".join(people) or say("erasure.gone")
    return say("result.erased.and", first=", ".join(people[:-1]), last=people[-1])
