"""The rulebook for people: every clause with its dates, what it demands, what it excepts, and how sure that is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, render_template

from service.records import Account, JsonObject
from service.web.auth import Permission
from service.web.pages.presentation import field_label, when
from service.web.pages.sign_in import signed_in
from service.web.pictures.rulebook_timeline import rulebook_timeline
from service.web.services import WebServices
from service.web.wording.pages import BASES, BINDS, say

_NO_LAW = ("LIST-", "IND-")


def add_rulebook(pages: Blueprint, services: WebServices) -> None:
    """Add ``/rulebook`` and a page for each clause."""

    @pages.get("/rulebook")
    @signed_in(services, Permission.READ_CATALOGUE)
    def rulebook(account: Account) -> Any:
        catalogue = services.desk.rulebook()
        clauses = catalogue["clauses"]
        law = sorted((c for c in clauses if not c["id"].startswith(_NO_LAW)), key=lambda c: c["in_force_from"])
        dated = sorted((entry for clause in law for entry in _dated(clause)), key=lambda entry: entry["day"])
        return render_template(
            "rulebook.html",
            account=account,
            here="rulebook",
            version=catalogue["version"],
            law=[show_clause(clause) for clause in law],
            others=[show_clause(clause) for clause in clauses if clause["id"].startswith(_NO_LAW)],
            picture=rulebook_timeline(law, datetime.now(UTC).date()),
            dates=dated,
        )

    @pages.get("/rulebook/<clause_id>")
    @signed_in(services, Permission.READ_CATALOGUE)
    def clause(account: Account, clause_id: str) -> Any:
        found = services.desk.clause(clause_id)
        if found is None:
            abort(404)
        cases = [_show_case(case) for case in found["cases"]]
        return render_template("clause.html", account=account, here="rulebook", c=show_clause(found), cases=cases)


def show_clause(clause: JsonObject) -> JsonObject:
    """A clause of the catalogue in words; nothing of it is left out."""
    paragraph = clause["paragraph"]
    source = say("result.official", instrument=clause["instrument"], paragraph=paragraph)
    facts = [
        (say("rulebook.in_force"), _in_force(clause)),
        (say("rulebook.effect"), _effect(clause["effect"])),
        (say("rulebook.binds"), BINDS[clause["binds"]]),
        (say("rulebook.jurisdiction"), clause["jurisdiction"] or "–"),
        (say("rulebook.basis"), BASES[clause["basis"]]),
    ]
    if clause["needs"]:
        facts.append((say("rulebook.needs"), ", ".join(field_label(field) for field in clause["needs"])))
    return {
        "id": clause["id"],
        "title": clause["title"],
        "paraphrase": clause["paraphrase"],
        "source": source if paragraph else clause["instrument"],
        "url": clause["url"],
        "facts": facts,
        "is_confirmed": clause["basis"] == "official_text",
        "basis": BASES[clause["basis"]],
        "in_force": _in_force(clause),
        "dates": [{"day": entry["on"], "what": entry["what"]} for entry in clause["dates"]],
        "exceptions": [each["title"] for each in clause["exceptions"]],
        "note": clause["note"],
    }


def _show_case(case: JsonObject) -> JsonObject:
    """A worked case in words."""
    return {
        "title": case["title"][0].upper() + case["title"][1:],
        "moves": field_label(case["moves"]) if case["moves"] else say("rulebook.cases.single"),
        "steps": [
            {
                "at": step["at"] or "–",
                "says": _outcome(step["says"]),
                "decision": _outcome(step["decision"]),
            }
            for step in case["steps"]
        ],
    }


def _outcome(word: str) -> str:
    return say("rulebook.cases.silent") if word == "-" else say(f"result.{word}.word")


def _in_force(clause: JsonObject) -> str:
    start, instant = clause["in_force_from"], clause["in_force_instant"]
    if instant:
        start = f"{start} ({when(instant)})"
    end = clause["in_force_until"]
    return say("rulebook.span", start=start, end=end) if end else say("rulebook.since", start=start)


def _effect(effect: str) -> str:
    word, _, rest = effect.partition(" ")
    return f"{say(f'result.{word}.word')} {rest}".strip() if word in ("deny", "review") else effect.capitalize()


def _dated(clause: JsonObject) -> list[JsonObject]:
    """The days of a clause in words, with its id."""
    found = [{"day": clause["in_force_from"], "id": clause["id"], "what": clause["title"]}]
    found += [{"day": entry["on"], "id": clause["id"], "what": entry["what"]} for entry in clause["dates"]]
    if clause["in_force_until"]:
        found.append({"day": clause["in_force_until"], "id": clause["id"], "what": say("rulebook.last_day")})
    return found
