"""The embedded PostgreSQL starts anywhere, ends with its owner and survives every kill."""

from __future__ import annotations

import shutil
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic
from uuid import UUID

import psycopg
import pytest

from service.errors import ConfigError, StoreUnavailableError
from service.store.cluster import read_pid
from service.store.database import Database
from service.store.embedded import EmbeddedPostgres, binaries
from service.store.launch import tied_command
from service.store.migrate import migrate
from service.store.screenings import Screenings
from service.store.socket_folder import socket_folder
from tests.conftest import CHECKOUT
from tests.integration.processes import OWNER, kill, runs, server_processes, wait_until
from tests.integration.records import a_screening


@pytest.fixture(scope="module")
def created_home(fast_folder: Path) -> Path:
    """A home whose server was started and stopped once."""
    home = fast_folder / "created"
    with EmbeddedPostgres(home) as server:
        migrate(server.url)
    return home


@pytest.fixture
def home(created_home: Path, fast_folder: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of that home, for one test."""
    home = fast_folder / tmp_path.name
    shutil.copytree(created_home, home)
    yield home
    wait_until(lambda: server_processes(home) == [])  # a server that is ending still writes
    shutil.rmtree(home)


@pytest.fixture
def other_process(home: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts further processes on the same home; each has printed ``owner`` or ``guest`` first."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", OWNER, str(home)], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def query_one(url: str, statement: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement).fetchone()[0]  # type: ignore[arg-type, index]


def test_an_empty_home_becomes_a_running_database(fast_folder: Path, tmp_path: Path) -> None:
    home = fast_folder / tmp_path.name / "deep" / "down"
    with EmbeddedPostgres(home) as server:
        assert server.owned
        assert query_one(server.url, "select current_database()") == "hirescreen"
        assert query_one(server.url, "show data_checksums") == "on"
        assert query_one(server.url, "show server_encoding") == "UTF8"
        assert query_one(server.url, "select datctype from pg_database where datname = 'hirescreen'") == "C.UTF-8"
    assert stat.S_IMODE((home / "postgres").stat().st_mode) == 0o700
    assert stat.S_IMODE(home.stat().st_mode) & 0o007 == 0


def test_names_in_every_script_have_trigrams(home: Path) -> None:
    with EmbeddedPostgres(home) as server, psycopg.connect(server.url) as connection:
        connection.execute("create extension pg_trgm")
        assert connection.execute("select cardinality(show_trgm('Путин'))").fetchone() == (6,)


def test_the_server_listens_on_no_network_port(home: Path) -> None:
    with EmbeddedPostgres(home) as server:
        pid = read_pid(home / "postgres")
        listening = subprocess.run(["ss", "-tlnp"], capture_output=True, text=True, check=True).stdout
        assert f"pid={pid}," not in listening
        assert query_one(server.url, "show listen_addresses") == ""


def test_only_our_own_user_reaches_the_socket(home: Path) -> None:
    with EmbeddedPostgres(home):
        socket = next((home / "postgres").glob(".s.PGSQL.*"))
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700


def test_stopping_leaves_no_process_and_no_pid_file(home: Path) -> None:
    with EmbeddedPostgres(home) as server, psycopg.connect(server.url):  # an open connection does not hold it
        server.stop()
        assert server_processes(home) == []
    assert not (home / "postgres" / "postmaster.pid").exists()


def test_starting_twice_is_starting_once(home: Path) -> None:
    with EmbeddedPostgres(home) as server:
        pid = read_pid(home / "postgres")
        server.start()
        assert read_pid(home / "postgres") == pid


def test_what_was_written_is_there_after_a_restart(home: Path) -> None:
    record = a_screening()
    with EmbeddedPostgres(home) as server, Database(server.url) as database:
        Screenings(database).record(record)
    with EmbeddedPostgres(home) as server, Database(server.url) as database:
        assert Screenings(database).get(record.id) is not None


def test_a_second_process_attaches_and_does_not_stop_it(
    home: Path, other_process: Callable[[], subprocess.Popen[str]]
) -> None:
    owner = other_process()
    assert owner.stdout is not None
    assert owner.stdout.readline() == "owner\n"
    with EmbeddedPostgres(home) as guest:
        assert not guest.owned
        assert query_one(guest.url, "select 1") == 1
    assert runs(read_pid(home / "postgres"))


def test_of_four_processes_that_start_at_once_one_owns_the_server(
    home: Path, other_process: Callable[[], subprocess.Popen[str]]
) -> None:
    processes = [other_process() for _ in range(4)]
    words = sorted(process.stdout.readline() for process in processes if process.stdout)
    assert words == ["guest\n", "guest\n", "guest\n", "owner\n"]


def test_the_server_ends_with_its_owner_however_that_dies(
    home: Path, other_process: Callable[[], subprocess.Popen[str]]
) -> None:
    owner = other_process()
    assert owner.stdout is not None
    assert owner.stdout.readline() == "owner\n"
    assert runs(read_pid(home / "postgres"))
    owner.kill()
    wait_until(lambda: server_processes(home) == [])


def test_a_guest_takes_over_where_the_owner_died(
    home: Path, other_process: Callable[[], subprocess.Popen[str]]
) -> None:
    owner = other_process()
    assert owner.stdout is not None
    assert owner.stdout.readline() == "owner\n"
    with EmbeddedPostgres(home) as guest:
        kill(owner.pid)
        wait_until(lambda: server_processes(home) == [])
        assert guest.revive()
        assert guest.owned
        assert query_one(guest.url, "select 1") == 1


def test_a_killed_server_comes_back_with_every_acknowledged_row(home: Path) -> None:
    acknowledged: list[UUID] = []
    stopping = threading.Event()

    def write(screenings: Screenings) -> None:
        while not stopping.is_set():
            record = a_screening()
            with suppress(StoreUnavailableError):
                screenings.record(record)
                acknowledged.append(record.id)

    with EmbeddedPostgres(home) as server, Database(server.url, max_size=4) as database:
        writers = [threading.Thread(target=write, args=[Screenings(database)]) for _ in range(4)]
        for writer in writers:
            writer.start()
        for round_ in range(4):
            reached = len(acknowledged)
            wait_until(lambda: len(acknowledged) > reached + 50)  # noqa: B023
            # only the postmaster, then every process at once
            kill(*(server_processes(home) if round_ % 2 else [read_pid(home / "postgres")]))
            wait_until(server.revive)
        stopping.set()
        for writer in writers:
            writer.join()
        with database.connection() as connection:
            stored = {row[0] for row in connection.execute("select id from screening")}
            joined = connection.execute(
                "select count(*) from screening join audit_entry on entry_id = audit_entry_id"
            ).fetchone()
    assert len(acknowledged) > 200
    assert set(acknowledged) <= stored
    assert joined == (len(stored),)


def test_a_pool_works_again_soon_after_the_server_came_back(home: Path) -> None:
    with EmbeddedPostgres(home) as server, Database(server.url, min_size=4, max_size=4) as database:
        kill(*server_processes(home))
        wait_until(lambda: server_processes(home) == [])
        with pytest.raises(StoreUnavailableError):
            database.ping()
        server.revive()
        back = monotonic()
        while True:
            with suppress(StoreUnavailableError):
                database.ping()
                break
            assert monotonic() - back < 10


def test_a_stale_pid_file_of_a_living_stranger_does_not_matter(home: Path) -> None:
    stranger = subprocess.Popen(["sleep", "60"])
    (home / "postgres" / "postmaster.pid").write_text(f"{stranger.pid}\n{home}/postgres\n1\n5432\n")
    try:
        with EmbeddedPostgres(home) as server:
            assert server.owned
        assert runs(stranger.pid)
    finally:
        stranger.kill()
        stranger.wait()


def test_a_zombie_of_the_old_server_does_not_matter(home: Path) -> None:
    server = EmbeddedPostgres(home)
    server.start()
    pid = read_pid(home / "postgres")
    kill(pid)  # nobody waits for it yet: it stays a zombie, and its number in the file stays taken
    wait_until(lambda: not runs(pid))
    assert Path(f"/proc/{pid}").exists()
    with EmbeddedPostgres(home) as successor:
        assert successor.owned
        assert read_pid(home / "postgres") != pid
    server.stop()


def test_a_server_that_somebody_started_by_hand_is_not_started_twice(home: Path, tmp_path: Path) -> None:
    with EmbeddedPostgres(home) as server:
        identity = server.identity
    (tmp_path / "s").mkdir()
    program = [str(binaries() / "postgres"), "-D", str(home / "postgres")]
    by_hand = subprocess.Popen(
        tied_command(*program, "-k", str(tmp_path / "s"), "-c", "listen_addresses=", identity=identity),
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: read_pid(home / "postgres") == by_hand.pid)
        with pytest.raises(StoreUnavailableError, match="stop it first"):
            EmbeddedPostgres(home).start()
    finally:
        by_hand.send_signal(signal.SIGINT)
        by_hand.wait()


def test_a_broken_off_creation_is_begun_again(fast_folder: Path, tmp_path: Path) -> None:
    home = fast_folder / tmp_path.name
    (home / "postgres.new" / "base").mkdir(parents=True)
    with EmbeddedPostgres(home) as server:
        assert query_one(server.url, "select 1") == 1
    assert not (home / "postgres.new").exists()


def test_files_of_another_major_version_are_refused(home: Path) -> None:
    (home / "postgres" / "PG_VERSION").write_text("14\n")
    with pytest.raises(ConfigError, match="made by PostgreSQL 14; the one installed is 18"):
        EmbeddedPostgres(home).start()


def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    with pytest.raises(StoreUnavailableError, match=r"did not start: .*shared_buffers"):
        EmbeddedPostgres(home, settings={"shared_buffers": "nonsense"}).start()
    with EmbeddedPostgres(home) as server:  # and the failure holds no lock
        assert server.owned


def test_a_long_path_gets_a_short_socket(home: Path, fast_folder: Path) -> None:
    long_home = fast_folder / ("x" * 60) / ("y" * 60)
    long_home.parent.mkdir()
    shutil.copytree(home, long_home)
    with EmbeddedPostgres(long_home) as server:
        folder = socket_folder(long_home / "postgres")
        assert folder.parent == Path("/tmp")
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert query_one(server.url, "select 1") == 1
        with EmbeddedPostgres(long_home) as guest:
            assert not guest.owned
    assert not folder.exists()
    folder.symlink_to(fast_folder)  # somebody was there first
    try:
        with pytest.raises(ConfigError, match="belongs to somebody else"):
            EmbeddedPostgres(long_home).start()
    finally:
        folder.unlink()


def test_settings_of_the_environment_for_clients_do_not_reach_the_server(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("PGDATA", "/nonexistent")
    with EmbeddedPostgres(home) as server:
        assert query_one(server.url, "show port") == "5432"


def test_the_log_holds_no_personal_data(home: Path) -> None:
    with EmbeddedPostgres(home) as server, Database(server.url) as database:
        for fault in ({"decision": "Kim Yong Chol"}, {"request": b"Kim", "reference": "Kim\x00"}):
            with suppress(StoreUnavailableError, psycopg.Error):
                Screenings(database).record(a_screening(**fault))
        with suppress(StoreUnavailableError), database.connection() as connection:
            connection.execute("select 'Kim Yong Chol'::int")
    text = (home / "postgres.log").read_text()
    assert "ready to accept connections" in text
    assert "Kim" not in text


def test_a_server_is_started_in_the_main_thread_only(home: Path) -> None:
    faults: list[BaseException] = []

    def start() -> None:
        try:
            EmbeddedPostgres(home).start()
        except RuntimeError as fault:
            faults.append(fault)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "main thread" in str(faults[0])
    assert server_processes(home) == []


def test_the_server_is_revived_while_the_web_server_runs(home: Path) -> None:
    with EmbeddedPostgres(home) as server:
        first = read_pid(home / "postgres")
        web_server = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3); raise SystemExit(7)"])
        kill(first)
        assert server.run_beside(web_server) == 7
        assert runs(read_pid(home / "postgres"))
        assert read_pid(home / "postgres") != first


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("service.store.embedded.find_spec", lambda _: None)
    with pytest.raises(ConfigError, match="DATABASE_URL"):
        EmbeddedPostgres(tmp_path)
