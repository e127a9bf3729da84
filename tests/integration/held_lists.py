"""A service in which an invented list serves as version 1 and a doubtful version waits, and people who settle it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from service.api_keys import fingerprint, generate_key
from service.app import Service, build_service, create_app
from service.config import Config, Mode
from service.errors import HeldListError
from service.lists import sources
from service.passwords import hash_password
from service.records import Account, Actor
from tests.conftest import new_database
from tests.integration.conftest import Api
from tests.integration.test_pages import PASSWORD, Visitor
from tests.list_faults import ENTRIES, SERVING, SOURCE, a_list, document, entry, without

REFRESH = Actor(kind="job", id="refresh", name="tests")
RENAMED = 7
KNOWN = {**sources.SOURCES, "un_sc": SOURCE}
HASHED = hash_password(PASSWORD)


def bring(service: Service, folder: Path, body: bytes, actor: Actor = REFRESH) -> None:
    path = folder / "consolidated.xml"
    path.write_bytes(body)
    service.refresh_as(actor, trigger="schedule").import_files("un_sc", [path])


class House:
    """The service, and its people by role."""

    def __init__(self, api: Api, folder: Path) -> None:
        self.api = api
        self.folder = folder
        self.people: dict[str, Account] = {}

    def person(self, username: str, role: str = "reviewer") -> Account:
        created = self.api.service.accounts.create(username=username, role=role, password_hash=HASHED)
        assert created is not None
        self.people[username] = created
        return created

    def visitor(self, username: str, role: str = "reviewer") -> Visitor:
        """A browser in which this new person is signed in."""
        self.person(username, role)
        visitor = Visitor(self.api)
        assert visitor.sign_in(username).status_code == 303
        return visitor

    def key_of(self, username: str) -> str:
        key = generate_key()
        self.api.service.keys.create(
            name=f"{username}'s",
            role="screener",
            key_hash=fingerprint(key),
            last4=key[-4:],
            account_id=self.people[username].id,
        )
        return key

    def bring(self, body: bytes, actor: Actor = REFRESH) -> None:
        bring(self.api.service, self.folder, body, actor)

    def hold(self, body: bytes, actor: Actor = REFRESH) -> int:
        with pytest.raises(HeldListError) as held:
            self.bring(body, actor)
        return held.value.version

    def serving(self) -> int:
        return next(v.version for v in self.api.service.lists.active() if v.list_id == "un_sc")


@pytest.fixture(scope="session")
def held_template(server_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database in which version 1 served, version 2 (one renamed, one more, three fewer) does, and the half waits."""
    folder = tmp_path_factory.mktemp("held")
    numbers = [*without(3), ENTRIES + 1]
    with new_database(server_url, template=migrated_template) as url:
        service = build_service(Config(home=folder, mode=Mode.DEMO, database_url=url))
        with service.database, pytest.MonkeyPatch.context() as patch:
            patch.setattr(sources, "SOURCES", KNOWN)
            bring(service, folder, a_list(day=SERVING))
            bring(
                service, folder, document([entry(n, name="Renamedov Toleli" if n == RENAMED else "") for n in numbers])
            )
            with pytest.raises(HeldListError):
                bring(service, folder, a_list(without(150)))
        yield urlsplit(url).path.removeprefix("/")


@pytest.fixture
def house(server_url: str, held_template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The whole application over a copy of that database."""
    monkeypatch.setattr(sources, "SOURCES", KNOWN)
    with new_database(server_url, template=held_template) as url:
        service = build_service(Config(home=tmp_path, mode=Mode.DEMO, database_url=url))
        with service.database:
            service.snapshots.refresh()
            api = Api(service=service, app=create_app(service), key="")
            yield House(Api(service=service, app=api.app, key=api.new_key()), tmp_path)
