"""What is left of an answer once its personal data are erased: what was decided, on which clauses, by which lists.

Only what is named here stays. Sentences go, for they may quote a name or a date; values of facts go, their fields
stay; matches, ownership and what was missing go whole, for a listing tells who was meant.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from service.audit.leaf import timestamp
from service.records import JsonObject

SUMMARY = "The personal data of this screening were erased."
ERASED = "Erased."  # in the place of each sentence

# Warnings about the service and its lists, whose words say nothing about a person.
IMPERSONAL = frozenset(
    {
        "demo_mode",
        "starter_lists",
        "list_partial",
        "list_stale",
        "list_ageing",
        "list_not_loaded",
        "history_incomplete",
        "no_counterparties",
    }
)

_KEPT = (
    "id", "decision", "action", "as_of", "known_at", "decided_at", "stage", "clauses",
    "lists", "rulebook", "engine", "policy", "audit", "links",
)  # fmt: skip
_EMPTIED = ("matches", "ownership", "missing")


def without_personal_data(answer: bytes, erased_at: datetime) -> bytes:
    """The JSON of an answer without anything about a person, marked with ``erased_at``."""
    stated: JsonObject = orjson.loads(answer)
    left: JsonObject = {name: stated[name] for name in _KEPT if name in stated}
    left |= {
        "reference": None,
        "summary": SUMMARY,
        "findings": [_finding(finding) for finding in stated.get("findings", [])],
        "ignored_fields": [{**each, "reason": ERASED} for each in _only(stated, "ignored_fields", "field")],
        "not_evaluated": [
            {**each, "reason": ERASED} for each in _only(stated, "not_evaluated", "clause", "recheck_at_stage")
        ],
        "warnings": [
            each if each["code"] in IMPERSONAL else {**each, "detail": ERASED}
            for each in _only(stated, "warnings", "code", "detail")
        ],
        **{name: [] for name in _EMPTIED},
        "erased_at": timestamp(erased_at),
    }
    return orjson.dumps(left)


def _finding(finding: JsonObject) -> JsonObject:
    return {
        "outcome": finding["outcome"],
        "clause": finding["clause"],
        "reason": ERASED,
        "facts": [{**each, "value": None} for each in _only(finding, "facts", "field")],
        "exceptions": [{**each, "reason": ERASED} for each in _only(finding, "exceptions", "id", "status")],
        "national_link": finding.get("national_link"),
    }


def _only(parent: JsonObject, name: str, *kept: str) -> list[dict[str, Any]]:
    """The objects of a list with the members ``kept`` and no other."""
    return [{key: each[key] for key in kept if key in each} for each in parent.get(name, [])]
