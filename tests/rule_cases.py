"""Our own cases of the rulebook: how they are written in ``tests/cases/*.toml``, and how they are asked.

A case starts from a base (``bases.toml``), sets and drops fields by their path and may move one field over
several days. ``steps`` are triples: the value of the moved field (``""`` where nothing moves), what the case's
clause says (``-`` where it does not bear) and the decision; ``says`` is a part of its reason. ``matches`` are
stated, so that a case tests the law and not the matcher.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from service.lists.listing import AliasQuality, ListedName, Listing, ListingKind
from service.rulebook import current
from service.rulebook.stages import usable_facts
from service.screening.case import Case
from service.screening.decide import Judgement, decide
from service.screening.match import Grade, Match
from service.web.schemas.screening import load_request

FOLDER = Path(__file__).parent / "cases"
NOW = datetime(2026, 11, 23, tzinfo=UTC)

Body = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One question of a case: the body, the matches, and what must be answered."""

    title: str
    clause: str
    at: date | None
    body: Body
    matches: tuple[Match, ...]
    outcome: str
    decision: str
    missing: tuple[str, ...]
    says: str


def set_path(body: Body, path: str, value: Any) -> None:
    """Set ``contract.events[0].on`` and the like, making what lies between."""
    names = [int(name) if name.isdigit() else name for name in re.findall(r"[^.\[\]]+", path)]
    inner: Any = body
    for name in names[:-1]:
        if isinstance(inner, dict) and inner.get(name) is None:
            inner[name] = {}
        inner = inner[name]
    inner[names[-1]] = value


def plain(value: Any) -> Any:
    """TOML's dates as JSON writes them."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def listed(stated: Body) -> Match:
    """A match with an invented listing, as sure as ``grade`` and ``agrees`` make it."""
    person = stated.get("kind", "organisation") == "person"
    listing = Listing(
        list_id=stated.get("list", "un_sc"),
        key="invented",
        reference="KPe.900",
        kind=ListingKind.PERSON if person else ListingKind.ORGANISATION,
        names=(ListedName(text="Ryongpo Works", quality=AliasQuality.PRIMARY),),
        dprk=stated.get("dprk", True),
        listed_on=stated["listed_on"],
    )
    return Match(
        party=stated["party"],
        query="Ryongpo Works",
        listing=listing,
        matched_name="Ryongpo Works",
        alias_quality=AliasQuality.PRIMARY,
        grade=Grade(stated.get("grade", "exact")),
        score=10000,
        agrees=tuple(stated.get("agrees", ["birth_date"] if person else ["country"])),
        listed_on=stated["listed_on"],
    )


def judge_body(body: Body, matches: tuple[Match, ...] = ()) -> Judgement:
    """The judgement on a request's JSON; a listing counts from its day, as the desk has it."""
    usable = usable_facts(load_request(body, now=NOW))
    standing = tuple(m for m in matches if m.listed_on is None or m.listed_on <= usable.request.as_of.day)
    case = Case(request=usable.request, matches=standing, ignored=frozenset(usable.forbidden))
    return decide(case, current().rules)


def outcome_of(judgement: Judgement, clause: str) -> str:
    """The worst that one clause says, ``-`` where it does not bear."""
    return next((f.outcome.word for f in judgement.findings if f.clause.id == clause), "-")


def bases() -> dict[str, Body]:
    return {name: plain(body) for name, body in tomllib.loads((FOLDER / "bases.toml").read_text()).items()}


def steps() -> Iterator[Step]:
    """Every step of every case, in the order of the files."""
    known = bases()
    for file in sorted(FOLDER.glob("*.toml")):
        if file.name == "bases.toml":
            continue
        for case in tomllib.loads(file.read_text())["case"]:
            yield from _steps(case, known)


def _steps(case: Body, known: dict[str, Body]) -> Iterator[Step]:
    for at, outcome, decision in case["steps"]:
        body = copy.deepcopy(known[case["base"]])
        for path, value in case.get("set", {}).items():
            set_path(body, path, plain(value))
        for path in case.get("drop", ()):
            set_path(body, path, None)
        if "moves" in case:
            set_path(body, case["moves"], plain(at))
        title = f"{case['clause']}: {case['title']}" + (f" [{at}]" if at != "" else "")
        yield Step(
            title=title,
            clause=case["clause"],
            at=at.date() if isinstance(at, datetime) else at if isinstance(at, date) else None,
            body=body,
            matches=tuple(listed(match) for match in case.get("matches", [])),
            outcome=outcome,
            decision=decision,
            missing=tuple(case.get("missing", ())) if outcome == "review" else (),
            says=case.get("says", "") if outcome != "-" else "",
        )
