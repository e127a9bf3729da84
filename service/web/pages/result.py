"""An answer as the result page shows it: every field of the contract in words, nothing left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.records import JsonObject
from service.web.pages.presentation import field_label, list_name, list_view, party_text, value_text, warning_text, when
from service.web.wording.pages import ALIAS_QUALITIES, ALIGNMENTS, BINDS, GRADES, say
from service.web.wording.questions import option_words


def show_result(answer: JsonObject, exception_titles: Mapping[str, str]) -> JsonObject:
    """What the template puts in, from the JSON of an answer; ``exception_titles`` maps ids to titles."""
    decision = answer["decision"]
    missing = [_missing(item) for item in answer.get("missing", [])]
    return {
        "id": answer["id"],
        "decision": decision,
        "summary": answer["summary"],
        "meaning": _meaning(decision, answer["summary"]),
        "next_step": _next_step(decision, bool(missing)),
        "meta": _meta(answer),
        "warnings": [warning_text(warning["detail"]) for warning in answer.get("warnings", [])],
        "missing": missing,
        "findings": _findings(answer.get("findings", []), exception_titles),
        "matches": [_match(match) for match in answer.get("matches", [])],
        "ownership": [_ownership(result) for result in answer.get("ownership", [])],
        "ignored": [f"{field_label(i['field'])}: {i['reason']}" for i in answer.get("ignored_fields", [])],
        "not_evaluated": [_not_evaluated(entry) for entry in answer.get("not_evaluated", [])],
        "record": _record(answer),
        "lists": [list_view(entry) for entry in answer.get("lists", [])],
    }


def _next_step(decision: str, is_missing: bool) -> str:
    if decision == "review":
        return say("result.review.next", missing=say("result.review.missing") if is_missing else "").strip()
    return say(f"result.{decision}.next")


def _meaning(decision: str, summary: str) -> str:
    """What the decision means, unless the summary has said it."""
    meaning = say(f"result.{decision}.meaning")
    return "" if meaning in summary else meaning


def _meta(answer: JsonObject) -> list[tuple[str, str]]:
    shown = [
        (say("record.as_of"), when(answer["as_of"])),
        (say("record.stage"), option_words(answer["stage"])),
        (say("record.reference"), answer.get("reference") or ""),
    ]
    return [(label, value) for label, value in shown if value]


def _missing(item: JsonObject) -> JsonObject:
    outcomes = " or ".join(say(f"result.{outcome}.word") for outcome in item.get("if_known", []))
    settles = say("result.missing.settles", clauses=", ".join(item["settles"]), outcomes=outcomes)
    field = item["field"]
    return {"question": item["question"], "field": field, "label": field_label(field), "settles": settles}


def _findings(findings: list[JsonObject], exception_titles: Mapping[str, str]) -> list[JsonObject]:
    """The findings; facts that an earlier one has shown are not shown again."""
    shown: list[JsonObject] = []
    for finding in findings:
        view = _finding(finding, exception_titles)
        same = next((other["id"] for other in shown if view["facts"] and other["facts"] == view["facts"]), None)
        view["same_facts"] = say("result.same_facts", clause=same) if same else None
        shown.append(view)
    return shown


def _finding(finding: JsonObject, exception_titles: Mapping[str, str]) -> JsonObject:
    clause = finding["clause"]
    start, end = clause["in_force_from"], clause.get("in_force_until")
    in_force = say("result.in_force_until", start=start, end=end) if end else say("result.in_force", start=start)
    paragraph = clause.get("paragraph")
    source = say("result.official", instrument=clause["instrument"], paragraph=paragraph)
    binds = BINDS.get(clause["binds"], clause["binds"])
    return {
        "id": clause["id"],
        "outcome": finding["outcome"],
        "title": clause["title"],
        "reason": finding["reason"],
        "url": _official_address(clause.get("url")),
        "source": source if paragraph else clause["instrument"],
        "in_force": in_force,
        "binds": say("result.binds", binds=binds, jurisdiction=clause["jurisdiction"]),
        "national": _national(finding.get("national_link")),
        "facts": [
            {"label": field_label(fact["field"]), "value": value_text(fact["field"], fact["value"])}
            for fact in finding.get("facts", [])
        ],
        "exceptions": [
            {
                "status": test["status"],
                "word": say(f"result.exception.{test['status']}"),
                "name": exception_titles.get(test["id"], option_words(test["id"].replace("-", "_"))),
                "reason": test.get("reason"),
            }
            for test in finding.get("exceptions", [])
        ],
    }


def _official_address(url: Any) -> str | None:
    """The address of the official text; anything but http(s) is not made a link."""
    return url if isinstance(url, str) and url.startswith(("https://", "http://")) else None


def _national(link: Any) -> str | None:
    if not link:
        return None
    text = link if isinstance(link, str) else ", ".join(entry["clause"] for entry in link)
    return say("result.national", link=text)


def _match(match: JsonObject) -> JsonObject:
    quality = ALIAS_QUALITIES.get(match["alias_quality"], match["alias_quality"])
    listing = [
        list_name(match["list"]),
        match.get("reference") or match["listing"],
        f"{quality}: {match['matched_name']}" if match["matched_name"] != match["name"] else quality,
        _since(match),
        ", ".join(match.get("programmes", [])),
    ]
    return {
        "name": match["name"],
        "party": party_text(match["party"]),
        "grade": match["grade"],
        "grade_words": GRADES[match["grade"]],
        "listing": [part for part in listing if part],
        "alignment": [{**token, "words": ALIGNMENTS.get(token["how"], token["how"])} for token in match["alignment"]],
        "evidence": [
            (say(f"result.match.{kind}"), _in_words(match.get(kind, []))) for kind in ("agrees", "disagrees", "unknown")
        ],
        "otherwise": _otherwise(match),
    }


def _since(match: JsonObject) -> str:
    if not match.get("listed_on"):
        return ""
    first_seen = match.get("listed_on_basis") == "first_seen"
    return f"{say('result.match.first_seen_on' if first_seen else 'result.match.listed_on')} {when(match['listed_on'])}"


def _otherwise(match: JsonObject) -> str:
    """What would show that the listed party is another one."""
    contradicted = match.get("disagrees", [])
    if contradicted:
        return say("result.match.otherwise.confirm", attributes=_in_words(contradicted))
    open_to_proof = [*match.get("unknown", []), *match.get("agrees", [])]
    if not open_to_proof:
        return say("result.match.otherwise.any")
    return say("result.match.otherwise", attributes=" or ".join(option_words(each).lower() for each in open_to_proof))


def _in_words(attributes: list[str]) -> str:
    return ", ".join(map(option_words, attributes)) or say("result.match.nothing")


def _ownership(result: JsonObject) -> str:
    return say(
        "result.ownership.line",
        party=party_text(result["party"]),
        low=result["blocked_min_percent"],
        high=result["blocked_max_percent"],
        rule=result["rule"],
    )


def _not_evaluated(entry: JsonObject) -> str:
    stage = entry.get("recheck_at_stage")
    recheck = f" {say('result.recheck', stage=option_words(stage))}" if stage else ""
    return f"{entry['clause']}: {entry['reason']}{recheck}"


def _record(answer: JsonObject) -> list[tuple[str, str]]:
    audit, rulebook = answer.get("audit", {}), answer.get("rulebook", {})
    shown = [
        ("record.id", answer["id"]),
        ("record.reference", answer.get("reference")),
        ("record.decided_at", when(answer.get("decided_at"))),
        ("record.as_of", when(answer.get("as_of"))),
        ("record.known_at", when(answer.get("known_at"))),
        ("record.stage", option_words(answer["stage"])),
        ("record.rulebook", f"{rulebook.get('version', '')} ({str(rulebook.get('sha256', ''))[:12]}…)"),
        ("record.engine", answer.get("engine", {}).get("version")),
        ("record.audit", audit.get("entry_id")),
        ("record.leaf", audit.get("leaf_hash")),
    ]
    return [(say(label), str(value)) for label, value in shown if value]
