"""Erasure and retention by the command line and on the pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result

from service.cli import hirescreen
from service.erasure.erasures import MOST, Due
from service.jobs.retention import sweep
from service.passwords import hash_password
from service.records import Actor
from tests.integration.conftest import Api
from tests.integration.erasures import AMERICAN, GERMAN
from tests.integration.test_erasures import HIRE, leaves, screened
from tests.integration.test_pages import PASSWORD, Visitor

JOB = Actor(kind="job", id="retention", name="retention")
Command = Callable[..., Result]


@pytest.fixture
def command(api: Api, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs a command in this process, on the database of ``api``."""
    for name, value in (
        ("DATABASE_URL", database_url),
        ("HIRESCREEN_HOME", str(tmp_path)),
        ("HIRESCREEN_MODE", "demo"),
    ):
        monkeypatch.setenv(name, value)
    for username in ("anna", "bo"):
        api.service.accounts.create(username=username, role="admin", password_hash=hash_password(PASSWORD))

    def run(*arguments: str, person: str | None = None) -> Result:
        who = ("--as", person, "--password", PASSWORD) if person else ()
        return CliRunner().invoke(hirescreen, [*arguments, *who])

    return run


def decided_long_ago(url: str, years: int = 6) -> None:
    with psycopg.connect(url) as owner:
        owner.execute("update screening set decided_at = decided_at - make_interval(years => %s)", [years])


def test_an_erasure_is_asked_for_approved_and_listed_on_the_command_line(api: Api, command: Command) -> None:
    free, bound = screened(api, HIRE | GERMAN), screened(api, HIRE | AMERICAN)
    asked = command("erasures", "request", "--reference", "REQ-7", "--ground", "objection", person="anna")
    assert asked.exit_code == 0, asked.output
    erasure = asked.output.split()[0]
    assert f"{bound} is kept until" in asked.output
    assert "2 people" in asked.output
    assert "cannot approve" in str(command("erasures", "approve", erasure, person="anna").exception)
    done = command("erasures", "approve", erasure, person="bo")
    assert "done  objection  screenings: 1 erased, 1 kept" in done.output
    assert "erased_at" in api.call("GET", f"/v1/screenings/{free}").get_json()
    listed = command("erasures", "list", "--state", "done").output
    assert erasure in listed
    assert command("erasures", "list", "--state", "refused").output == "No erasure.\n"
    assert command("erasures", "replay").output == "Nothing had come back.\n"


def test_a_request_of_nobody_needs_two_people_and_can_be_refused(api: Api, command: Command) -> None:
    screening = screened(api, HIRE | GERMAN)
    asking = ("erasures", "request", "--screening", screening, "--ground", "objection")
    first = command(*asking).output.split()[0]
    assert "requested" in command("erasures", "approve", first, person="anna").output
    assert "refused" in command("erasures", "refuse", first, person="bo").output
    second = command(*asking, "--case", "DSR-1").output.split()[0]
    command("erasures", "approve", second, person="anna")
    assert "1 erased" in command("erasures", "approve", second, person="bo").output
    assert "wrong" in str(command(*asking, "--as", "anna", "--password", "x").exception)


def test_a_duty_that_runs_is_one_line(api: Api, command: Command) -> None:
    said = command("erasures", "request", "--screening", screened(api, HIRE | AMERICAN), "--ground", "unlawful")
    assert re.search(r"must be kept: 31 CFR 501\.601.*; until 20\d\d-\d\d-\d\d \(class us-nexus\)", str(said.exception))


def test_what_is_past_its_retention_is_listed_and_proposed_once(api: Api, command: Command, database_url: str) -> None:
    old, bound = screened(api, HIRE | GERMAN), screened(api, HIRE | AMERICAN)
    api.screen(HIRE | GERMAN, headers={"Idempotency-Key": "old"})
    decided_long_ago(database_url)
    new = screened(api, HIRE | GERMAN)
    with psycopg.connect(database_url) as owner:
        owner.execute("update idempotency set created_at = now() - interval '25 hours'")
    listed = command("retention", "list").output
    assert f"{old}  eu " in listed
    assert bound not in listed
    assert new not in listed
    assert listed.endswith("2 screenings are past their retention.\n")
    swept = command("retention", "sweep")
    assert "retention_ended" in swept.output
    assert "screenings: 2 waiting" in swept.output
    assert command("retention", "sweep").output == "Nothing is past its retention.\n"
    with psycopg.connect(database_url) as owner:
        assert owner.execute("select count(*) from idempotency").fetchone() == (0,)
    erasure = swept.output.split()[0]
    command("erasures", "approve", erasure, person="anna")
    assert "2 erased" in command("erasures", "approve", erasure, person="bo").output
    assert command("retention", "list").output == "0 screenings are past their retention.\n"


def test_how_long_one_screening_is_kept_is_shown_with_its_rule(api: Api, command: Command) -> None:
    shown = command("retention", "show", screened(api, HIRE | AMERICAN)).output
    assert re.search(r"must be kept until 20\d\d-\d\d-\d\d; erasure is proposed after", shown)
    assert "us-nexus: 31 CFR 501.601" in shown
    assert "no duty to keep it was found" in command("retention", "show", screened(api, HIRE | GERMAN)).output
    unknown = command("retention", "show", "01a20a5a-712c-70d4-b2c9-e8c09620d0ff")
    assert "no screening with this id" in str(unknown.exception)


def test_the_daily_job_proposes_and_people_approve(api: Api, database_url: str) -> None:
    screened(api, HIRE | GERMAN)
    assert sweep(api.service) == 0
    decided_long_ago(database_url)
    assert sweep(api.service) == 1
    (made,) = api.service.erasures().page(rows=5)
    assert (made.state, made.requested_by, made.requested_account) == ("requested", "job:retention", None)


def test_ten_years_with_a_tie_to_the_united_states_end_too(api: Api, database_url: str) -> None:
    bound = screened(api, HIRE | AMERICAN)
    decided_long_ago(database_url, 10)
    assert list(api.service.erasures().due()) == [], "the last day is still one of them"
    with psycopg.connect(database_url) as owner:
        owner.execute("update screening set decided_at = decided_at - interval '1 day'")
    (due,) = api.service.erasures().due()
    assert isinstance(due, Due)
    assert (str(due.screening), due.retention.class_id) == (bound, "us-nexus")


def test_a_sweep_asks_for_as_many_as_one_erasure_takes(api: Api, database_url: str) -> None:
    screened(api, HIRE | GERMAN)
    with psycopg.connect(database_url) as owner:
        owner.execute(
            "with copied as (insert into screening"
            " select gen_random_uuid(), gen_random_uuid(), tenant, actor, reference,"
            " decision, stage, as_of, decided_at, clauses, lists from screening, generate_series(1, %s) returning id)"
            " insert into screening_private select copied.id, request, answer from copied, screening_private",
            [MOST],
        )
    decided_long_ago(database_url)
    made = list(api.service.erasures().sweep(JOB))
    assert [len(each.items) for each in made] == [MOST, 1]
    assert all(len(json.dumps(leaf)) < 16_384 for leaf in leaves(api, "erasure_request"))


def test_the_leaf_of_the_largest_erasure_stays_below_16_kib(api: Api) -> None:
    from uuid import uuid4

    from service.audit.events import EventWriter

    ids = [str(uuid4()) for _ in range(MOST)]
    fields = {"erasure": ids[0], "ground": "no_longer_needed", "people": ids[:2], "screenings": ids, "entries": ids}
    assert len(EventWriter("default", JOB)("erasure", fields).leaf) < 16_384


@pytest.fixture
def people(api: Api) -> Callable[..., Visitor]:
    def sign_in(username: str, role: str = "admin") -> Visitor:
        api.service.accounts.create(username=username, role=role, password_hash=hash_password(PASSWORD))
        visitor = Visitor(api)
        assert visitor.sign_in(username).status_code == 303
        return visitor

    return sign_in


def ask_on_page(visitor: Visitor, **form: str) -> Any:
    return visitor.post("/erasures", {"ground": "objection", **form})


def test_two_people_erase_on_the_pages_and_the_result_says_who(api: Api, people: Callable[..., Visitor]) -> None:
    anna, bo = people("anna"), people("bo", "reviewer")
    screening = screened(api, HIRE | GERMAN)
    result = anna.get(f"/screenings/{screening}")
    assert "No law that demands keeping the personal data was found" in result
    assert f'href="/erasures?screening={screening}"' in result
    assert screening in anna.get(f"/erasures?screening={screening}")
    address = ask_on_page(anna, screenings=screening).headers["Location"]
    mine = anna.get(address)
    assert "Another person has to approve it" in mine
    assert "Approve and erase" not in mine
    assert anna.post(address, {"settle": "approve"}).status_code == 409
    assert bo.post(address, {"settle": "approve"}).status_code == 303
    assert "Carried out" in bo.get(address)
    after = bo.get(f"/screenings/{screening}")
    today = datetime.now(UTC).date()
    assert re.search(
        rf"The personal data were erased on ({today}|{today - timedelta(days=1)}) .* by anna and bo\.", after
    )
    assert "Ri Song Hak" not in after
    assert "REQ-7" not in after
    assert "UN-2375-17" in after
    assert f'href="{address}"' in after


def test_the_form_says_what_is_wrong_and_keeps_what_was_written(api: Api, people: Callable[..., Visitor]) -> None:
    anna = people("anna")
    bound = screened(api, HIRE | AMERICAN)
    for form, status, said in (
        ({"screenings": "x"}, 422, "Write the ids of screenings"),
        ({"screenings": bound, "ground": ""}, 422, "Choose why it is to be erased"),
        ({"reference": "REQ-8"}, 422, "No screening has this reference"),
        ({"screenings": bound, "case": "Kim Yong Chol"}, 422, "Letters, digits"),
        ({}, 422, "Name either screenings or a reference"),
        ({"screenings": bound}, 409, "must be kept: 31 CFR 501.601"),
    ):
        response = ask_on_page(anna, **form)
        assert response.status_code == status, form
        assert said in response.text
        assert "There is a problem" in response.text
    assert bound in ask_on_page(anna, screenings=bound).text


def test_a_screener_sees_erasures_and_cannot_ask(api: Api, people: Callable[..., Visitor]) -> None:
    anna, screener = people("anna"), people("sam", "screener")
    address = ask_on_page(anna, screenings=screened(api, HIRE | GERMAN)).headers["Location"]
    assert "Reviewers and admins ask for them" in screener.get("/erasures")
    assert "Approve and erase" not in screener.get(address)
    token_page = "/screen"
    assert screener.post("/erasures", {}, page=token_page).status_code == 403
    assert screener.post(address, {"settle": "approve"}, page=token_page).status_code == 403
    assert anna.post(address, {"settle": "x"}).status_code == 400
    assert anna.post(address, {"settle": "refuse"}).status_code == 303
    assert "Refused" in anna.get(address)
    anna.get("/erasures/01a20a5a-712c-70d4-b2c9-e8c09620d0ff", 404)
    anna.get("/erasures?before=x", 400)
