"""Two people settle what a machine may not: each alone, each once, and on the record."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.commands.serve import EXAMPLE
from service.passwords import hash_password
from tests.integration.conftest import Api
from tests.integration.erasures import Person, a_person
from tests.integration.test_pages import PASSWORD, Visitor, token

AMBIGUOUS = {"nationalities": [{"country": "Korea", "evidence": "self_declared"}]}
UNSURE: dict[str, Any] = {**EXAMPLE, "worker": {"name": "Phyo Tok Bin", **AMBIGUOUS}}
REASON = "The passport that was shown names another State."


@pytest.fixture
def ana(api: Api) -> Person:
    return a_person(api, "ana", "reviewer")


@pytest.fixture
def ben(api: Api) -> Person:
    return a_person(api, "ben", "reviewer")


def screened(api: Api, body: Any = UNSURE) -> str:
    answer = api.screen(body)
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def sign(
    api: Api, person: Person, screening: str, verdict: str = "clear", *, tag: str | None = None, reason: str = REASON
) -> Any:
    seen = tag or api.call("GET", f"/v1/reviews/{screening}", key=person.key).headers["ETag"]
    return api.call(
        "POST",
        f"/v1/reviews/{screening}/dispositions",
        key=person.key,
        json={"verdict": verdict, "reason": reason},
        headers={"If-Match": seen},
    )


def entries(api: Api) -> list[Any]:
    with api.service.database.connection() as connection:
        return [json.loads(row[0]) for row in connection.execute("select leaf from audit_entry order by id").fetchall()]


def test_two_people_who_agree_settle_a_review(api: Api, ana: Person, ben: Person) -> None:
    screening = screened(api)
    first = sign(api, ana, screening)
    assert (first.status_code, first.json["state"], first.json["verdict"]) == (201, "open", None)
    second = sign(api, ben, screening)
    assert (second.json["state"], second.json["verdict"]) == ("settled", "clear")
    assert [each["username"] for each in second.json["dispositions"]] == ["ana", "ben"]
    assert api.call("GET", f"/v1/screenings/{screening}").json["decision"] == "review", "a decision never changes"


def test_one_person_counts_once_and_may_think_again(api: Api, ana: Person, ben: Person) -> None:
    screening = screened(api)
    sign(api, ana, screening)
    assert sign(api, ana, screening).json["state"] == "open"
    assert sign(api, ana, screening, "block").json["state"] == "open"
    assert sign(api, ben, screening, "clear").json["verdict"] is None
    assert sign(api, ben, screening, "block").json["verdict"] == "block"


def test_nobody_sees_another_verdict_before_having_signed(api: Api, ana: Person, ben: Person) -> None:
    screening = screened(api)
    sign(api, ana, screening, "block")
    for key in (ben.key, api.key, api.new_key("auditor")):
        (hidden,) = api.call("GET", f"/v1/reviews/{screening}", key=key).json["dispositions"]
        assert (hidden["username"], hidden["verdict"], hidden["reason"]) == ("ana", None, None)
        (listed,) = api.call("GET", "/v1/reviews", key=key).json["reviews"]
        assert listed["dispositions"] == [hidden]
    sign(api, ben, screening, "clear")
    shown = api.call("GET", f"/v1/reviews/{screening}", key=ben.key).json["dispositions"]
    assert [(each["verdict"], each["reason"]) for each in shown] == [("block", REASON), ("clear", REASON)]


def test_what_was_escalated_needs_an_admin(api: Api, ana: Person, ben: Person) -> None:
    screening = screened(api)
    assert sign(api, ana, screening, "escalate").json["state"] == "escalated"
    sign(api, ana, screening, "clear")
    assert sign(api, ben, screening, "clear").json["state"] == "escalated"
    assert sign(api, a_person(api, "cleo", "admin"), screening, "clear").json["verdict"] == "clear"


def test_nobody_signs_what_they_have_not_seen(api: Api, ana: Person, ben: Person) -> None:
    screening = screened(api)
    seen = api.call("GET", f"/v1/reviews/{screening}", key=ben.key).headers["ETag"]
    sign(api, ana, screening)
    for tag in (seen, "*", f"W/{seen}", f'{seen}, "other"'):
        assert sign(api, ben, screening, tag=tag).status_code == 412
    missing = api.call(
        "POST", f"/v1/reviews/{screening}/dispositions", key=ben.key, json={"verdict": "clear", "reason": "x"}
    )
    assert (missing.status_code, missing.json["type"]) == (428, "/problems/precondition-required")
    assert len(api.call("GET", f"/v1/reviews/{screening}").json["dispositions"]) == 1


def test_programs_and_other_roles_do_not_sign(api: Api) -> None:
    screening = screened(api)
    tag = api.call("GET", f"/v1/reviews/{screening}").headers["ETag"]
    for role, problem in (("screener", "forbidden"), ("auditor", "forbidden"), ("reviewer", "not-a-signer")):
        answer = api.call(
            "POST",
            f"/v1/reviews/{screening}/dispositions",
            key=api.new_key(role),
            json={"verdict": "clear", "reason": REASON},
            headers={"If-Match": tag},
        )
        assert (answer.status_code, answer.json["type"]) == (403, f"/problems/{problem}")


def test_a_settled_review_and_one_that_needs_nobody_are_not_signed(api: Api, ana: Person, ben: Person) -> None:
    screening = screened(api)
    sign(api, ana, screening)
    sign(api, ben, screening)
    assert sign(api, ana, screening, "block").json["type"] == "/problems/review-closed"
    assert sign(api, ana, str(uuid4()), tag='"0-none"').status_code == 404
    allowed = screened(api, {**EXAMPLE, "worker": {"name": "Ana Vos", "nationalities": [
        {"country": "NL", "evidence": "passport"}]}, "jurisdictions": ["NL"]})  # fmt: skip
    if api.call("GET", f"/v1/screenings/{allowed}").json["decision"] == "allow":
        assert api.call("GET", f"/v1/reviews/{allowed}").status_code == 404


def test_the_queue_holds_what_waits_the_oldest_first(api: Api, ana: Person, ben: Person) -> None:
    first, second, third = (screened(api) for _ in range(3))
    sign(api, ana, second)
    sign(api, ana, third)
    sign(api, ben, third)

    def queue(query: str, key: str = ana.key) -> list[str]:
        return [each["screening"] for each in api.call("GET", f"/v1/reviews{query}", key=key).json["reviews"]]

    assert queue("") == [first, second]
    assert queue("?needs_me=true") == [first]
    assert queue("?needs_me=true", ben.key) == [first, second]
    assert queue("?settled=true") == [third]
    page = api.call("GET", "/v1/reviews?limit=1", key=ana.key)
    assert page.headers["Link"] == f'</v1/reviews?limit=1&cursor={first}>; rel="next"'
    assert queue(f"?limit=1&cursor={first}") == [second]
    for wrong in ("?settled=yes", "?limit=0", "?cursor=x", "?name=y"):
        assert api.call("GET", f"/v1/reviews{wrong}").status_code == 400


def test_each_word_is_on_the_record_and_its_reason_only_as_a_commitment(api: Api, ana: Person, ben: Person) -> None:
    review, deny = screened(api), screened(api, EXAMPLE)
    sign(api, ana, review, "block")
    sign(api, ben, deny, "clear")
    words = [entry for entry in entries(api) if entry["type"] in ("review", "override")]
    assert [(each["type"], each["screening"], each["verdict"], each["account"]) for each in words] == [
        ("review", review, "block", str(ana.account)),
        ("override", deny, "clear", str(ben.account)),
    ]
    assert all(REASON not in json.dumps(each) and len(each["_sd"]) == 1 for each in words)


def test_a_certificate_is_final_once_two_people_have_signed(api: Api, ana: Person, ben: Person) -> None:
    screening = screened(api)
    sign(api, ana, screening)
    certificates = api.service.certificates()
    before = certificates.of(UUID(screening))
    assert before is not None
    assert (before.is_final, before.sign_off.signatures) == (False, ())
    sign(api, ben, screening)
    after = certificates.of(before.record.id)
    assert after is not None
    assert after.is_final
    assert [(each.signer, each.outcome) for each in after.sign_off.signatures] == [("ana", "clear"), ("ben", "clear")]


def test_the_pages_show_the_queue_and_take_a_signature(api: Api, ana: Person) -> None:
    screening = screened(api)
    sign(api, ana, screening, "clear")
    api.service.accounts.create(username="dora", role="reviewer", password_hash=hash_password(PASSWORD))
    dora = Visitor(api)
    assert dora.sign_in("dora").status_code == 303
    assert f"/reviews/{screening}" in dora.get("/reviews")
    page = dora.get(f"/reviews/{screening}")
    assert REASON not in page
    assert "has signed" in page
    tag = page.split('name="tag" value="')[1].split('"')[0]

    def post(**said: str) -> Any:
        form = {"csrf_token": token(page), "tag": tag, **said}
        return dora.client.post(f"/reviews/{screening}", data=form, headers={"Accept": "text/html"})

    nothing = post(verdict="", reason=" ")
    assert nothing.status_code == 422
    assert 'href="#verdict"' in nothing.text
    assert 'href="#reason"' in nothing.text
    assert post(verdict="clear", reason="x", tag="0-none").status_code == 409
    assert post(verdict="clear", reason="Seen the passport.").status_code == 303
    settled = dora.get(f"/reviews/{screening}")
    assert "Two people agree: the hire may go ahead." in settled
    assert REASON in settled
