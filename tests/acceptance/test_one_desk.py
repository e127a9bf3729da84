"""The API, the command line and the form put their questions to one desk: the same facts, the same decision."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import httpx
from lxml import html

from service.store.database import Database
from service.store.embedded import EmbeddedPostgres
from service.store.screenings import Screenings
from tests.acceptance.running_service import COMMAND, RunningService

OWN_OF_EACH_ANSWER = {"id", "decided_at", "audit", "links", "as_of", "known_at"}
EXAMPLE = "deny-2018"


def decision_in(answer: dict[str, Any]) -> str:
    """The answer without its receipt and its clock times, in one form."""
    return json.dumps({name: value for name, value in answer.items() if name not in OWN_OF_EACH_ANSWER}, sort_keys=True)


def sent_by_the_form(service: RunningService) -> str:
    """Fill the form with an example, submit it as a browser without JavaScript would; the screening's id."""
    password = re.search(r"password (\S+)", service.printed)
    assert password is not None
    with httpx.Client(base_url=service.url, follow_redirects=True) as browser:
        login = html.fromstring(browser.get("/login").text).forms[0]
        login.fields.update(username="demo", password=password[1])
        browser.post("/login", data=dict(login.form_values()))
        page = html.fromstring(browser.get(f"/screen?example={EXAMPLE}").text)
        form = next(each for each in page.forms if "app-form" in each.get("class", ""))
        shown = browser.post(form.action, data=_with_repeats(form.form_values()))
        assert "/screenings/" in str(shown.url), html.fromstring(shown.text).text_content()[:6000]
    return str(shown.url).rsplit("/", 1)[1]


def _with_repeats(values: list[tuple[str, str]]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in values:
        # lxml reads a chosen button with an empty value as "on"; a browser sends the empty value.
        fields.setdefault(name, []).append("" if value == "on" else value)
    return fields


def test_one_case_through_form_api_and_command_line_gets_one_decision(
    service: RunningService, client: httpx.Client
) -> None:
    by_form = sent_by_the_form(service)
    answers = [client.get(f"/v1/screenings/{by_form}").json()]
    postgres = EmbeddedPostgres(service.home / "home")
    with Database(postgres.url) as database:
        body = Screenings(database).request(by_form)  # type: ignore[arg-type]
    assert body is not None
    answers.append(client.post("/v1/screenings", json=json.loads(body)).json())
    printed = subprocess.run(
        [COMMAND, "screen", "-"],
        input=body,
        env=service.environment | {"HIRESCREEN_MODE": "demo"},
        capture_output=True,
        check=True,
        timeout=60,
    )
    answers.append(json.loads(printed.stdout))
    assert answers[0]["decision"] == "deny"
    assert len({decision_in(answer) for answer in answers}) == 1
