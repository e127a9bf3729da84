"""The pages about lists: their state, one list, one version, what changed, and what waits for two people."""

from __future__ import annotations

from datetime import date

import pytest

from service.records import Actor
from tests.integration.held_lists import House, held_template, house  # noqa: F401 - fixtures
from tests.integration.test_pages import Visitor
from tests.list_faults import ENTRIES, PATH, a_list, name_of, without

HELD = "/lists/un_sc/held/3"


def settle(visitor: Visitor, what: str, reason: str = "Confirmed with the publisher.", **more: str) -> int:
    status: int = visitor.post(HELD, {"reason": reason, "settle": what, **more}).status_code
    return status


def test_the_state_of_a_list_is_told_in_words(house: House) -> None:  # noqa: F811
    page = house.visitor("anna").get("/lists")
    assert "1 version waits for two people" in page
    assert "a doubtful version came and waits for two people" in page
    assert "yes: without it nothing is decided" in page
    assert "ageing after 24 h, too old after 2 d" in page
    assert "1 added, 3 removed, 1 changed" in page
    assert "none: no job fetches it here" in page
    assert 'href="/lists/un_sc/changes?to=2"' in page
    assert "Lists that are not loaded" in page


def test_the_strip_of_days_has_a_text_and_a_table(house: House) -> None:  # noqa: F811
    page = house.visitor("anna").get("/lists/un_sc")
    assert "1: a doubtful version came and waits for two people. 89: no attempt." in page
    assert page.count('class="pic-day-none"') == 89 + 1  # and one in the legend
    assert "The same days as a table" in page


def test_one_list_says_who_publishes_it_what_it_holds_and_its_versions(house: House) -> None:  # noqa: F811
    page = house.visitor("anna").get("/lists/un_sc")
    assert "United Nations Security Council" in page
    assert f"https://scsanctions.un.org/resources/xml/en{PATH.removeprefix('/un_sc')}" in page
    for words in ("Entries by kind", "Organisations", "Entries by programme", "DPRK", "Compare two versions"):
        assert words in page
    assert "serves now" in page
    assert "/lists/un_sc/versions/1" in page
    assert "/lists/un_sc/changes?from=1&to=2" in page
    assert HELD in page


def test_versions_are_paged(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr("service.web.pages.list_page.VERSIONS_A_PAGE", 1)
    anna = house.visitor("anna")
    newest = anna.get("/lists/un_sc")
    assert "/lists/un_sc/versions/2" in newest
    assert "/lists/un_sc/versions/1" not in newest
    older = anna.get("/lists/un_sc?before=2026-03-05.2")
    assert "/lists/un_sc/versions/1" in older
    assert "The newest versions" in older


def test_one_version_says_where_it_came_from(house: House) -> None:  # noqa: F811
    anna = house.visitor("anna")
    page = anna.get("/lists/un_sc/versions/2")
    stored = house.api.service.lists.version("un_sc", 2)
    assert stored is not None
    for words in ("It serves now.", "consolidated.xml", "imported from a file", stored.sha256, "2026-03-05"):
        assert words in page
    assert "kept as history" in anna.get("/lists/un_sc/versions/1")
    waiting = anna.get("/lists/un_sc/versions/3")
    assert "It does not serve." in waiting
    assert "entries would be removed" in waiting


def test_what_changed_is_told_entry_by_entry_and_field_by_field(house: House) -> None:  # noqa: F811
    anna = house.visitor("anna")
    page = anna.get("/lists/un_sc/changes?from=1&to=2")
    assert "1 added, 3 removed, 1 changed" in page
    for words in (name_of(7), "Renamedov Toleli", "main name", name_of(ENTRIES + 1)):
        assert words in page
    only = anna.get("/lists/un_sc/changes?from=1&to=2&kind=added")
    assert name_of(ENTRIES + 1) in only
    assert "Renamedov Toleli" not in only
    backwards = anna.get("/lists/un_sc/changes?from=2&to=1")
    assert "3 added, 1 removed, 1 changed" in backwards
    assert "1 added, 3 removed, 1 changed" in anna.get("/lists/un_sc/changes")


def test_long_changes_are_paged(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr("service.web.pages.list_changes_page.CHANGES_A_PAGE", 2)
    anna = house.visitor("anna")
    first = anna.get("/lists/un_sc/changes?from=1&to=2")
    assert first.count("app-change") == 2
    after = first.split("after=")[1].split('"')[0]
    assert anna.get(f"/lists/un_sc/changes?from=1&to=2&after={after}").count("app-change") == 2


def test_two_people_put_a_version_into_service_on_the_page(house: House) -> None:  # noqa: F811
    anna, bo = house.visitor("anna"), house.visitor("bo", "admin")
    queue = anna.get("/lists/held")
    assert "the scheduled refresh" in queue
    assert "Nobody has approved it yet" in queue
    assert settle(anna, "approve") == 303
    mine = anna.get(HELD)
    assert "You have approved it. Another person must approve it too" in mine
    assert "Approve this version" not in mine
    seen = bo.get(HELD)
    assert "A second, different person must too" in seen
    assert "anna," in seen
    assert settle(bo, "approve") == 303
    assert "was approved by two people and serves now" in bo.get(HELD)
    assert house.serving() == 3
    assert "No version waits." in bo.get("/lists/held")


def test_one_person_counts_once_on_the_page_too(house: House) -> None:  # noqa: F811
    anna = house.visitor("anna")
    assert settle(anna, "approve") == 303
    again = anna.post(HELD, {"reason": "again", "settle": "approve"})
    assert again.status_code == 409
    assert "already" in again.text
    assert house.serving() == 2


def test_whoever_brought_it_may_refuse_it_and_not_approve_it(house: House) -> None:  # noqa: F811
    anna = house.visitor("anna")
    actor = Actor(kind="account", id=str(house.people["anna"].id), name="account")
    number = house.hold(a_list(without(60)), actor)
    own = anna.get(f"/lists/un_sc/held/{number}")
    assert "You brought this version" in own
    assert "Approve this version" not in own
    path = f"/lists/un_sc/held/{number}"
    assert anna.post(path, {"reason": "mine", "settle": "approve"}).status_code == 409
    assert anna.post(path, {"reason": "a mistake", "settle": "refuse"}).status_code == 303
    assert "was refused" in anna.get(path)


@pytest.mark.parametrize("role", ["screener", "auditor"])
def test_other_roles_look_and_do_not_settle(house: House, role: str) -> None:  # noqa: F811
    cy = house.visitor("cy", role)
    page = cy.get(HELD)
    assert "Your role may look at this and may not settle it." in page
    assert "<textarea" not in page
    assert settle(cy, "approve") == 403
    assert house.serving() == 2


def test_a_reason_must_be_given(house: House) -> None:  # noqa: F811
    anna = house.visitor("anna")
    for reason in ("", "  ", "x" * 1001, "a\x07b"):
        assert settle(anna, "approve", reason) == 422
    assert settle(anna, "something else") == 400
    assert house.api.service.approvals().waiting()[0].approvals == []


def test_an_older_issue_asks_both_to_say_so(house: House) -> None:  # noqa: F811
    number = house.hold(a_list(range(ENTRIES + 2), date(2026, 3, 2)))
    path, anna, bo = f"/lists/un_sc/held/{number}", house.visitor("anna"), house.visitor("bo")
    form = {"reason": "the publisher went back", "settle": "approve"}
    assert "Say that you know it is older" in anna.post(path, form).text
    for visitor in (anna, bo):
        assert visitor.post(path, {**form, "allow_older": "yes"}).status_code == 303
    assert house.serving() == number


def test_what_cannot_be_found_or_read_says_so(house: House) -> None:  # noqa: F811
    anna = house.visitor("anna")
    for path, status in {
        "/lists/no_list": 404,
        "/lists/no_list/changes": 404,
        "/lists/no%00list": 404,
        "/lists/un_sc/versions/0": 404,
        "/lists/un_sc/versions/99": 404,
        "/lists/un_sc/versions/99999999999": 404,
        "/lists/un_sc/held/2": 404,
        "/lists/un_sc/changes?from=99": 404,
        "/lists/un_sc/changes?from=x": 400,
        "/lists/un_sc/changes?after=%21": 400,
        "/lists/un_sc?before=yesterday": 400,
        "/lists/un_sc/changes?from=2&to=2": 303,
    }.items():
        anna.get(path, status)


def test_signing_in_leads_on_to_the_version_that_was_asked_for(house: House) -> None:  # noqa: F811
    house.person("anna")
    visitor = Visitor(house.api)
    asked = visitor.client.get(HELD, headers={"Accept": "text/html"})
    assert asked.headers["Location"] == f"/login?next={HELD}"
    assert visitor.sign_in("anna", next=HELD).headers["Location"] == HELD
