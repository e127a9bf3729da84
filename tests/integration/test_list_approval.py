"""A doubtful version waits for two people; the old one serves meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.errors import ApprovalError, HeldListError, ListBusyError, RejectedListError
from service.intake.approval import Approvals
from service.intake.canaries import search
from service.intake.fetch import Fetcher
from service.intake.refresh import ListRefresh
from service.lists import sources
from service.lists.acceptance import Override
from service.lists.listing import Listing
from service.records import Account, Actor, AuditRecord
from service.store.accounts import Accounts
from service.store.audit import AuditLog
from service.store.database import Database
from service.store.intake import Intake
from service.store.lists import Lists
from tests.list_faults import CANARIES, ENTRIES, NOW, PATH, SERVING, SOURCE, _event, a_list, document, entry, without
from tests.list_server import Page, list_server

REASON = "asked the publisher"


class Office:
    """People, a list that serves as version 1, and the ways in."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.lists, self.intake, self.log = Lists(database), Intake(database), AuditLog(database)
        self.accounts = Accounts(database)
        self.folder = folder
        self.find: Callable[[Iterable[Listing], Mapping[str, str]], tuple[str, ...]] = search
        self.anna, self.bo = self.person("anna", "admin"), self.person("bo", "reviewer")

    def person(self, username: str, role: str) -> Actor:
        account = self.accounts.create(username=username, role=role, password_hash="x")
        assert isinstance(account, Account)
        return Actor(kind="account", id=str(account.id), name="account", roles=frozenset({role}))

    def bring(self, body: bytes, *, proposer: str = "job:refresh", **options: Any) -> int:
        path = self.folder / "consolidated.xml"
        path.write_bytes(body)
        refresh = ListRefresh(
            lists=self.lists,
            intake=self.intake,
            audit_log=self.log,
            audit_event=_event,
            find=self.find,
            clock=lambda: NOW,
            proposer=proposer,
        )
        done = refresh.import_files("un_sc", [path], **options)
        assert done.version is not None
        return done.version.version

    def hold(self, body: bytes, **options: Any) -> int:
        with pytest.raises(HeldListError) as held:
            self.bring(body, **options)
        return held.value.version

    def approvals(self) -> Approvals:
        def audit(kind: str, fields: dict[str, Any], actor: Actor, private: list[tuple[str, Any]]) -> AuditRecord:
            assert private == [("reason", REASON)]
            return _event(kind, {**fields, "actor": actor.id})

        return Approvals(
            lists=self.lists,
            intake=self.intake,
            audit_event=audit,
            find=self.find,
            clock=lambda: NOW,
        )

    def approve(self, version: int, actor: Actor, **options: Any) -> bool:
        return self.approvals().approve("un_sc", version, actor, reason=REASON, **options).serves

    def serving(self) -> int:
        (active,) = self.lists.active()
        return active.version

    def recorded(self) -> list[str]:
        return [json.loads(leaf.leaf)["type"] for leaf in self.log.export()]


@pytest.fixture
def office(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Office:
    """The list serves as version 1, but in a test that says nothing does."""
    monkeypatch.setattr(sources, "SOURCES", {"un_sc": SOURCE})
    prepared = Office(database, tmp_path)
    if "nothing" not in request.node.name:
        prepared.bring(a_list(day=SERVING))
    return prepared


HALF = a_list(without(150))


def test_a_doubtful_version_is_stored_with_its_reasons_and_does_not_serve(office: Office) -> None:
    version = office.hold(HALF)
    assert office.serving() == 1
    (held,) = office.approvals().waiting()
    assert (held.list_id, held.version, held.against, held.proposed_by) == ("un_sc", version, 1, "job:refresh")
    assert "removals" in [reason["code"] for reason in held.reasons]
    assert len(list(office.lists.listings("un_sc", version))) == ENTRIES - 150
    assert office.recorded() == ["list_load", "list_held"]


def test_a_held_version_is_not_part_of_the_list_s_history(office: Office) -> None:
    version = office.hold(HALF)
    assert [stored.version for stored in office.lists.versions("un_sc")] == [1]
    office.approve(version, office.anna)
    office.approve(version, office.bo)
    assert [stored.version for stored in office.lists.versions("un_sc")] == [2, 1]


def test_two_people_put_it_into_service(office: Office) -> None:
    version = office.hold(HALF)
    assert not office.approve(version, office.anna)
    assert office.serving() == 1
    assert [given["username"] for given in office.approvals().waiting()[0].approvals] == ["anna"]
    assert office.approve(version, office.bo)
    assert office.serving() == version
    assert office.approvals().waiting() == ()
    assert office.recorded() == ["list_load", "list_held", "list_approve", "list_approve", "list_activate"]
    last = office.intake.last_attempts()["un_sc"]
    assert (last.outcome, last.changed_version, last.removed) == ("loaded", version, 150)


def test_one_person_counts_once(office: Office) -> None:
    version = office.hold(HALF)
    office.approve(version, office.anna)
    with pytest.raises(ApprovalError, match="already"):
        office.approve(version, office.anna)
    assert office.serving() == 1
    assert office.recorded().count("list_approve") == 1


@pytest.mark.parametrize("role", ["screener", "auditor", "nobody"])
def test_other_roles_cannot_approve(office: Office, role: str) -> None:
    version = office.hold(HALF)
    with pytest.raises(ApprovalError, match="roles"):
        office.approve(version, office.person("cy", role))
    with pytest.raises(ApprovalError, match="roles"):
        office.approvals().refuse("un_sc", version, office.person("di", role), reason=REASON)


@pytest.mark.parametrize("kind", ["key", "cli", "job"])
def test_a_program_cannot_approve(office: Office, kind: str) -> None:
    version = office.hold(HALF)
    with pytest.raises(ApprovalError, match="person with an account"):
        office.approve(version, replace(office.anna, kind=kind))


def test_whoever_proposed_it_cannot_approve_it(office: Office) -> None:
    version = office.hold(HALF, proposer=f"account:{office.anna.id}")
    with pytest.raises(ApprovalError, match="proposed"):
        office.approve(version, office.anna)
    cy = office.person("cy", "admin")
    assert not office.approve(version, office.bo)
    assert office.approve(version, cy)


def test_an_account_that_was_disabled_no_longer_counts(office: Office) -> None:
    version = office.hold(HALF)
    office.approve(version, office.anna)
    office.accounts.disable("anna")
    assert not office.approve(version, office.bo)
    assert office.approve(version, office.person("cy", "reviewer"))


def test_a_version_that_was_overtaken_cannot_come_back(office: Office) -> None:
    version = office.hold(HALF)
    office.bring(a_list(range(ENTRIES + 1)))
    with pytest.raises(ApprovalError, match="does not wait"):
        office.approve(version, office.anna)
    assert office.approvals().waiting() == ()
    assert office.serving() == version + 1


def test_approvals_count_only_in_place_of_the_version_that_was_compared(office: Office) -> None:
    first = office.hold(a_list(without(40)))
    second = office.hold(a_list(without(60)))
    office.approve(second, office.anna)
    office.approve(first, office.anna)
    assert office.approve(first, office.bo)  # another version serves from now on
    with pytest.raises(ApprovalError, match="compared with that"):
        office.approve(second, office.bo)
    (held,) = office.approvals().waiting()
    assert (held.against, held.approvals) == (first, [])
    assert not office.approve(second, office.bo)
    assert office.approve(second, office.anna)


def test_an_older_issue_must_be_meant_by_both(office: Office) -> None:
    version = office.hold(a_list(range(ENTRIES + 1), date(2026, 3, 2)))
    with pytest.raises(ApprovalError, match="--allow-older"):
        office.approve(version, office.anna)
    assert not office.approve(version, office.anna, allow_older=True)
    with pytest.raises(ApprovalError, match="--allow-older"):
        office.approve(version, office.bo)
    assert office.approve(version, office.bo, allow_older=True)


def test_the_same_doubtful_content_is_held_once(office: Office) -> None:
    assert office.hold(HALF) == office.hold(HALF) == 2
    assert office.recorded() == ["list_load", "list_held", "list_reject"][:2]


def test_what_a_person_refused_does_not_come_back(office: Office) -> None:
    version = office.hold(HALF)
    office.approve(version, office.anna)
    office.approvals().refuse("un_sc", version, office.bo, reason=REASON)
    with pytest.raises(RejectedListError, match="refused these very entries as version 2"):
        office.bring(HALF)
    with pytest.raises(ApprovalError, match="does not wait"):
        office.approve(version, office.bo)
    with pytest.raises(ApprovalError, match="does not wait"):
        office.approvals().refuse("un_sc", version, office.bo, reason=REASON)
    assert office.serving() == 1
    assert office.recorded()[-2:] == ["list_refuse", "list_reject"]


def test_in_a_demo_one_operator_may_set_the_reasons_aside(office: Office) -> None:
    office.hold(HALF)
    assert office.bring(HALF, overrides=frozenset(Override)) == 3
    assert office.serving() == 3
    assert office.approvals().waiting() == ()


def test_where_nothing_serves_a_doubtful_list_waits_too(office: Office) -> None:
    version = office.hold(a_list(range(1, ENTRIES)))
    office.approve(version, office.anna)
    assert office.lists.active() == ()
    assert office.approve(version, office.bo)
    assert office.serving() == version == 1


def test_a_version_whose_canaries_a_search_misses_cannot_be_approved(office: Office) -> None:
    version = office.hold(HALF)
    office.find = lambda _, canaries: tuple(canaries)[:1]
    with pytest.raises(ApprovalError, match="does not find 1"):
        office.approve(version, office.anna)


def test_two_people_at_the_same_moment_are_two_people(office: Office) -> None:
    version = office.hold(HALF)
    with ThreadPoolExecutor(2) as pool:
        served = list(pool.map(lambda actor: office.approve(version, actor), [office.anna, office.bo]))
    assert sorted(served) == [False, True]
    assert office.recorded().count("list_activate") == 1


def test_a_retired_list_cannot_come_into_service(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    retired = replace(SOURCE, retired_on=date(2026, 1, 28))
    monkeypatch.setattr(sources, "SOURCES", {"un_sc": retired})
    with pytest.raises(RejectedListError, match="retired by its publisher on 2026-01-28"):
        office.bring(a_list(range(ENTRIES + 1)))
    monkeypatch.setattr(sources, "SOURCES", {"un_sc": replace(retired, retired_on=date(2027, 1, 1))})
    assert office.bring(a_list(range(ENTRIES + 1))) == 2


def test_a_version_of_a_list_that_ended_while_it_waited_cannot_be_approved(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = office.hold(HALF)
    monkeypatch.setattr(sources, "SOURCES", {"un_sc": replace(SOURCE, retired_on=date(2026, 1, 28))})
    with pytest.raises(ApprovalError, match="retired by its publisher"):
        office.approve(version, office.anna)


def test_a_canary_that_got_another_primary_name_is_still_there(office: Office) -> None:
    alias = f"<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>{CANARIES[1]}</ALIAS_NAME></INDIVIDUAL_ALIAS>"
    number = ENTRIES // 20
    renamed = entry(number, name="Renamedov Toleli")
    tag = "ENTITY" if renamed.startswith("<ENTITY>") else "INDIVIDUAL"
    renamed = renamed.replace(f"</{tag}>", f"{alias.replace('INDIVIDUAL_', f'{tag}_')}</{tag}>")
    version = office.bring(document([renamed if n == number else entry(n) for n in range(ENTRIES)]))
    assert office.intake.canaries("un_sc", version)[CANARIES[1]] == str(70_000 + number)
    assert office.intake.changes("un_sc", 1, version) == (0, 0, 1)


def test_two_loads_of_the_same_content_store_it_once(office: Office) -> None:
    body = a_list(range(ENTRIES + 4))
    with list_server() as server, ThreadPoolExecutor(4) as pool:
        server.pages[PATH] = Page(body)

        def load(_: int) -> str:
            refresh = ListRefresh(
                lists=office.lists,
                intake=office.intake,
                audit_log=office.log,
                audit_event=_event,
                find=search,
                clock=lambda: NOW,
            )
            return refresh.update(["un_sc"], Fetcher(), base_address=server.address)[0].outcome

        outcomes = list(pool.map(load, range(8)))
    assert outcomes.count("loaded") == 1
    assert set(outcomes) <= {"loaded", "unchanged", "busy"}
    assert [stored.version for stored in office.lists.versions("un_sc")] == [2, 1]


def test_an_import_waits_for_a_refresh_that_runs(office: Office) -> None:
    with ThreadPoolExecutor(1) as pool:
        with office.intake.loading("un_sc"):
            waiting = pool.submit(office.bring, a_list(range(ENTRIES + 1)))
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
        assert waiting.result(timeout=30) == 2


def test_one_loader_works_on_a_list_and_another_on_another(office: Office) -> None:
    with (
        office.intake.loading("un_sc"),
        office.intake.loading("us_ofac_sdn"),
        pytest.raises(ListBusyError, match="un_sc is being loaded"),
        office.intake.loading("un_sc"),
    ):
        pass
    with office.intake.loading("un_sc"):
        pass


def test_every_attempt_is_noted_with_its_outcome(office: Office) -> None:
    office.hold(HALF)
    last = office.intake.last_attempts()["un_sc"]
    assert (last.outcome, last.failures) == ("held", 0)
    assert last.detail is not None
    assert last.detail.startswith("un_sc is held as version 2")
    assert (last.changed_version, last.added) == (1, ENTRIES)
    with pytest.raises(RejectedListError):
        office.bring(a_list(range(500, 900)))
    assert office.intake.last_attempts()["un_sc"].failures == 1
    day = office.intake.worst_by_day(NOW.date() - timedelta(days=89))
    assert day == {"un_sc": {NOW.date(): "rejected"}}
