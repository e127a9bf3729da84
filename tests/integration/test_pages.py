"""The pages over a real service and database: sign in, screen, see the result; and what they refuse."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from service.config import Mode
from service.passwords import hash_password
from service.web.pages.examples import EXAMPLES
from service.web.pages.filling import fill_form
from tests.integration.conftest import Api

PASSWORD = "a long enough password"
EXAMPLE = "deny-2018"


def token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


class Visitor:
    """A browser without script: it keeps cookies and sends back the forms it was given."""

    def __init__(self, api: Api) -> None:
        self.client: FlaskClient = api.client

    def get(self, path: str, status: int = 200) -> str:
        response = self.client.get(path, headers={"Accept": "text/html"})
        assert response.status_code == status, response.text
        return unescape(response.text)

    def post(self, path: str, form: dict[str, Any], *, page: str | None = None, **headers: str) -> Any:
        sent = {"csrf_token": token(self.get(page or path)), **form}
        return self.client.post(path, data=sent, headers={"Accept": "text/html", **headers})

    def sign_in(self, username: str = "ana", password: str = PASSWORD, **more: str) -> Any:
        return self.post("/login", {"username": username, "password": password, **more})

    def screen(self, answers: dict[str, Any], **more: str) -> Any:
        return self.post("/screen", {**answers, **more})


@pytest.fixture
def people(api: Api) -> Callable[[str], Visitor]:
    """Makes an account of a role and a visitor who has signed in with it."""

    def sign_in(role: str) -> Visitor:
        api.service.accounts.create(username=role, role=role, password_hash=hash_password(PASSWORD))
        visitor = Visitor(api)
        assert visitor.sign_in(role).status_code == 303
        return visitor

    return sign_in


@pytest.fixture
def ana(people: Callable[[str], Visitor]) -> Visitor:
    return people("screener")


def test_a_hire_is_screened_and_its_result_stays_at_its_address(ana: Visitor, api: Api) -> None:
    response = ana.screen(fill_form(EXAMPLES[EXAMPLE].body))
    assert response.status_code == 303
    address = response.headers["Location"]
    page = ana.get(address)
    answer = api.call("GET", f"/v1{address}").get_json()
    assert answer["decision"] == "deny"
    for said in (answer["summary"], *answer["clauses"], answer["id"], answer["audit"]["leaf_hash"]):
        assert said in page
    for finding in answer["findings"]:
        assert finding["reason"] in page
        assert f'href="{finding["clause"]["url"]}"' in page
    for warning in answer["warnings"]:
        assert warning["detail"].partition(": ")[2] in page
    assert "<svg" in page
    assert "Two people must review it" in page


def test_a_second_press_on_the_same_form_makes_no_second_record(ana: Visitor) -> None:
    answers, form_id = fill_form(EXAMPLES[EXAMPLE].body), uuid4().hex
    first = ana.screen(answers, form_id=form_id).headers["Location"]
    assert ana.screen(answers, form_id=form_id).headers["Location"] == first
    assert ana.screen({**answers, "reference": "OTHER"}, form_id=form_id).headers["Location"] != first


def test_the_form_can_start_from_an_earlier_screening(ana: Visitor) -> None:
    answers = fill_form(EXAMPLES["listed-owner"].body)
    address = ana.screen(answers).headers["Location"]
    page = unescape(ana.post(f"{address}/again", {}, page=address).text)
    for texts in answers.values():
        for text in texts:
            assert text in page


def test_checking_first_shows_how_the_answers_were_read_and_records_nothing(ana: Visitor) -> None:
    page = unescape(ana.screen(fill_form(EXAMPLES["allow-kor"].body), check="1").text)
    assert "Read as KOR, Republic of Korea" in page
    assert "1994-08-21" in page
    assert "curl" in page
    assert "/v1/screenings" in page
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    assert ana.client.post("/screen", data=hidden).status_code == 303


def test_what_is_wrong_is_said_with_a_link_to_the_field_and_what_was_typed_stays(ana: Visitor) -> None:
    response = ana.screen({"worker.name": "", "work.country": "Narnia", "reference": "KEEP-1"})
    assert response.status_code == 422
    page = unescape(response.text)
    assert "<title>Error: " in page
    for target in ("worker-name", "work-country"):
        assert f'href="#{target}"' in page
        assert f'id="{target}"' in page
        assert f'id="{target}-error"' in page
    assert 'value="Narnia"' in page
    assert 'value="KEEP-1"' in page


def test_a_row_is_added_without_script_and_without_losing_anything(ana: Visitor) -> None:
    page = unescape(ana.screen({"worker.name": "Ana Example"}, add="counterparties").text)
    assert 'name="counterparties[3].name"' in page
    assert 'name="counterparties[4].name"' not in page
    assert 'value="Ana Example"' in page


@pytest.mark.parametrize("form", [{"worker.nickname": "X"}, {"add": "worker"}, {"counterparties[99].name": "X"}])
def test_a_form_that_is_not_ours_is_refused_whole(ana: Visitor, form: dict[str, str]) -> None:
    assert ana.screen({"worker.name": "Ana Example", **form}).status_code == 400


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_gives_a_result(ana: Visitor, name: str) -> None:
    assert ana.get(f"/screen?example={name}").count("Example loaded") == 1
    address = ana.screen(fill_form(EXAMPLES[name].body)).headers["Location"]
    assert name.partition("-")[0].upper() in ana.get(address) or name in ("poland-2026", "listed-owner")


@pytest.mark.parametrize(
    "path", ["/", "/screen", "/lists", "/screenings/01980000-0000-7000-8000-000000000000", "/reviews", "/audit"]
)
def test_nothing_is_shown_to_somebody_who_is_not_signed_in(api: Api, path: str) -> None:
    response = api.client.get(path)
    assert response.status_code == 303
    assert response.headers["Location"].startswith("/login")


def test_signing_in_leads_on_to_the_page_that_was_asked_for_and_never_elsewhere(ana: Visitor, api: Api) -> None:
    visitor = Visitor(api)
    assert visitor.sign_in("screener", next="/lists").headers["Location"] == "/lists"
    for foreign in ("//evil.example", "https://evil.example/lists", "/lists\\@evil.example", "/logout"):
        assert Visitor(api).sign_in("screener", next=foreign).headers["Location"] == "/screen"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(ana: Visitor, api: Api) -> None:
    answers = [Visitor(api).sign_in(name, "wrong password here") for name in ("screener", "nobody", "a\x00b", "")]
    assert {answer.status_code for answer in answers} == {401}
    assert all("The user name or the password is wrong" in answer.text for answer in answers)


def test_guessing_is_slowed_for_the_name_and_for_no_other(ana: Visitor, api: Api) -> None:
    guesser = Visitor(api)
    answers = [guesser.sign_in("screener", f"wrong password {turn}").status_code for turn in range(6)]
    assert answers == [401] * 5 + [429]
    assert guesser.sign_in("SCREENER").status_code == 429
    assert guesser.sign_in("nobody").status_code == 401


def test_a_disabled_account_is_out_at_once(ana: Visitor, api: Api) -> None:
    api.service.accounts.disable("screener")
    assert ana.client.get("/screen").status_code == 303
    assert Visitor(api).sign_in("screener").status_code == 401


def test_signing_out_ends_the_session_on_the_server_too(ana: Visitor) -> None:
    stolen = ana.client.get_cookie("hirescreen")
    assert stolen is not None
    assert ana.post("/logout", {}, page="/screen").status_code == 303
    ana.client.set_cookie("hirescreen", stolen.value)
    assert ana.client.get("/screen").status_code == 303


def test_signing_in_gives_a_new_session_every_time(ana: Visitor, api: Api) -> None:
    def session_of(visitor: Visitor) -> Any:
        with visitor.client.session_transaction() as session:
            return session.get("token")

    before = session_of(ana)
    ana.post("/logout", {}, page="/screen")
    assert session_of(ana) is None
    ana.sign_in("screener")
    assert session_of(ana) not in (None, before)


def test_a_form_without_its_token_or_from_another_site_is_refused(ana: Visitor) -> None:
    assert ana.client.post("/screen", data={"worker.name": "Ana Example"}).status_code == 403
    for header in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        assert ana.post("/screen", {"worker.name": "Ana Example"}, **header).status_code == 403
    for header in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}):
        assert ana.post("/screen", {"worker.name": "Ana Example"}, **header).status_code == 303


def test_a_role_sees_only_what_it_may(people: Callable[[str], Visitor], ana: Visitor) -> None:
    address = ana.screen(fill_form(EXAMPLES[EXAMPLE].body)).headers["Location"]
    auditor = people("auditor")
    assert "DENY" in auditor.get(address)
    assert f'action="{address}/again"' not in auditor.get(address)
    assert "Not allowed" in auditor.get("/screen", 403)
    assert auditor.client.post(f"{address}/again", data={"csrf_token": token(auditor.get(address))}).status_code == 403


def test_a_screening_that_does_not_exist_and_a_page_that_does_not_exist_say_so(ana: Visitor) -> None:
    for path in (f"/screenings/{uuid4()}", "/no-such-page", "/screenings/not-an-id"):
        assert "Page not found" in ana.get(path, 404)


def test_every_page_carries_the_headers_of_a_closed_house(ana: Visitor) -> None:
    for path in ("/screen", "/lists", "/login", "/no-such-page", "/assets/app.css"):
        with ana.client.get(path, headers={"Accept": "text/html"}) as response:
            headers = response.headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == ("public, max-age=3600" if path.startswith("/assets") else "no-store")


def test_the_cookie_is_kept_from_scripts_and_over_https_pinned_to_the_host(make_api: Callable[..., Api]) -> None:
    plain = make_api().client.get("/login").headers["Set-Cookie"]
    assert plain.startswith("hirescreen=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(plain.split("; "))
    secure = make_api(public_url="https://screen.example").client.get("/login").headers["Set-Cookie"]
    assert secure.startswith("__Host-hirescreen=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"} <= set(secure.split("; "))
    assert "Domain" not in secure


def test_the_lists_page_says_what_is_loaded(ana: Visitor) -> None:
    page = ana.get("/lists")
    assert "United Nations Security Council" in page
    assert "Starter list" in page
    assert "Not for real decisions" in page


def test_every_page_of_a_demo_says_so_and_no_other_does(ana: Visitor, make_api: Callable[..., Api]) -> None:
    address = ana.screen(fill_form(EXAMPLES[EXAMPLE].body)).headers["Location"]
    for path in ("/screen", "/lists", address):
        assert "Demo mode" in ana.get(path)
    assert "Demo mode" in Visitor(make_api()).get("/login")
    assert "Demo mode" not in Visitor(make_api(Mode.PRODUCTION)).get("/login")


def test_without_a_required_list_the_form_says_that_nothing_is_decided(
    ana: Visitor, make_api: Callable[..., Api]
) -> None:
    production = Visitor(make_api(Mode.PRODUCTION))
    production.sign_in("screener")
    response = production.screen(fill_form(EXAMPLES[EXAMPLE].body))
    assert response.status_code == 503
    assert "No decision can be given now" in response.text
    assert "never loaded" in response.text


def test_no_name_is_ever_in_an_address_or_the_log(ana: Visitor, capfd: pytest.CaptureFixture[str]) -> None:
    response = ana.screen(fill_form(EXAMPLES[EXAMPLE].body))
    ana.get(response.headers["Location"])
    assert re.fullmatch(r"/screenings/[0-9a-f-]{36}", response.headers["Location"])
    log = capfd.readouterr()
    for name in ("Phyo", "Belaya", "1988", "screener"):
        assert name not in log.err + log.out
