"""The sealer on a real database: every entry once, no two heads of one size, nothing signed that was changed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors

from service.app import build_service
from service.audit import sealing
from service.audit.checkpoint import parse_head
from service.audit.heads import HeadsFile, whole_length
from service.audit.leaf import leaf_hash
from service.audit.merkle import root_from, root_of
from service.audit.new_origin import start_new_origin
from service.audit.sealing import Step
from service.audit.signing import verify_note
from service.audit.tiles import entries_path, nodes_in_tiles, split_bundle, tile_path
from service.config import Config, Mode
from service.errors import ConfigError, HirescreenError, SealingStoppedError
from service.store.database import Database
from service.store.migrate import migrate
from service.store.sealed_log import SealedLog
from service.store.sealing import SealingStore
from tests.conftest import new_database
from tests.integration.sealing import EVENTS, ORIGIN, Host, add_entries, check_sound, rows, seal_beside_writers

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def host(database_url: str, tmp_path: Path) -> Host:
    return Host(database_url, tmp_path / "audit")


@pytest.fixture
def sealed(host: Host) -> Host:
    """A log of 601 sealed entries: two full tiles and a rest."""
    add_entries(host.url, 600)
    assert host.seal() == 601  # with the entry of the new key
    return host


def as_superuser(url: str, *statements: str) -> None:
    """What a superuser can do who switches the triggers off."""
    with psycopg.connect(url, autocommit=True) as owner:
        for table in ("audit_entry", "audit_leaf", "audit_tile", "audit_checkpoint"):
            owner.execute(f"alter table {table} disable trigger user")  # type: ignore[arg-type]
        for statement in statements:
            owner.execute(statement)  # type: ignore[arg-type]


def test_entries_are_sealed_once_under_a_signed_head(host: Host) -> None:
    assert host.seal() == 1
    for count in (1, 254, 300, 0, 5):
        add_entries(host.url, count)
        host.seal(batch=100)
    assert check_sound(host) == 561
    assert oct(host.heads.path.stat().st_mode)[-3:] == "600"


def test_a_log_at_rest_is_not_written_to(sealed: Host) -> None:
    heads = sealed.heads.path.read_bytes()
    before = rows(sealed.url, "select xmin::text, mark::text from audit_sealer")
    for _ in range(3):
        assert sealed.seal() == 601
    assert rows(sealed.url, "select xmin::text, mark::text from audit_sealer") == before
    assert sealed.heads.path.read_bytes() == heads


def test_an_entry_is_proven_by_the_stored_log(sealed: Host) -> None:
    with Database(sealed.url) as database:
        log = SealedLog(database)
        head = log.head()
        assert head is not None
        assert head.note == str(sealed.heads.last())
        found = rows(sealed.url, "select entry_id, leaf from audit_entry")
        for entry_id, leaf in found[::97]:
            assert isinstance(entry_id, UUID)
            proof = log.proof(entry_id)
            assert proof is not None
            proof.verify(bytes(leaf))  # type: ignore[call-overload]
            verify_note(proof.head.note, sealed.keys.verifiers(ORIGIN))
        assert log.proof(uuid4()) is None
        add_entries(sealed.url, 1)
        (newest,) = rows(sealed.url, "select entry_id from audit_entry order by id desc limit 1")
        assert log.proof(newest[0]) is None  # type: ignore[arg-type]


def test_the_whole_sealed_log_can_be_read_under_its_head(host: Host) -> None:
    with Database(host.url) as database:
        with SealedLog(database).reading() as nothing:
            assert nothing is None
        host.seal()
        add_entries(host.url, 300)
        host.seal()
        add_entries(host.url, 5)  # not sealed, so not read
        with SealedLog(database).reading() as found:
            assert found is not None
            tree, head = found
            leaves = list(tree.leaves(0, tree.size))
            assert (len(leaves), head.size) == (301, 301)
            assert root_of(leaf_hash(leaf.leaf) for leaf in leaves) == head.root
            assert tree.tile(0, 0) + tree.tile(0, 1) == b"".join(leaf.hash for leaf in leaves)


def test_the_published_files_are_the_log(sealed: Host) -> None:
    add_entries(sealed.url, 200)
    size = sealed.seal()
    folder = sealed.tiles.folder
    assert parse_head((folder / "checkpoint").read_bytes()).size == size

    def read(level: int, number: int) -> bytes:
        width = min(256, (size >> 8 * level) - number * 256)
        return (folder / tile_path(level, number, width)).read_bytes()

    head = sealed.heads.last()
    assert head is not None
    assert root_from(nodes_in_tiles(read), size) == head.root
    hashes = b"".join(read(0, number) for number in range(4))
    bundles = [entries_path(0), entries_path(1), entries_path(2), entries_path(3, size - 768)]
    leaves = [leaf for path in bundles for leaf in split_bundle((folder / path).read_bytes())]
    assert b"".join(map(leaf_hash, leaves)) == hashes
    assert not (folder / "tile/0/002.p").exists()  # full by now


def test_a_second_sealer_stands_by_and_goes_on_where_the_first_ends(host: Host) -> None:
    first, second = host.sealer(), host.sealer()
    assert first.seal() is not None
    assert second.seal() is None
    add_entries(host.url, 10)
    first.close()
    sealed = second.seal()
    assert sealed is not None
    assert sealed.added == 10
    assert first.seal() is None
    second.close()
    check_sound(host)


def test_no_entry_of_a_late_or_failed_transaction_is_missed_or_sealed_twice(host: Host) -> None:
    """The same with a cursor on the id misses some: numbers are given before the commit."""
    written, missed = seal_beside_writers(host, rows_in_all=4000)
    assert written.rolled_back > 0
    assert check_sound(host) == written.committed + 1
    assert missed > 0


def test_a_sealer_that_is_killed_after_any_step_harms_nothing(host: Host) -> None:
    command = [sys.executable, "-m", "tests.integration.sealing", host.url, str(host.folder), "2"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("sealed once") == len(Step)
    check_sound(host)


CHANGES = {
    "an entry": "update audit_entry set leaf = set_bit(leaf, 3, 1 - get_bit(leaf, 3)) where id = {entry}",
    "a leaf's hash": "update audit_leaf set leaf_hash = set_bit(leaf_hash, 9, 1 - get_bit(leaf_hash, 9))"
    " where leaf_index = {index}",
    "a tile": "update audit_tile set hashes = set_bit(hashes, 900, 1 - get_bit(hashes, 900)) where number = 0",
    "a tile's root": "update audit_tile set root = set_bit(root, 7, 1 - get_bit(root, 7)) where number = 1",
    "a stored head": "update audit_checkpoint set root = set_bit(root, 7, 1 - get_bit(root, 7))",
    "a missing leaf": "delete from audit_leaf where leaf_index = {index}",
    "a missing entry": "delete from audit_entry where id = {entry}",
}


@pytest.mark.parametrize("index", [3, 300, 600])
@pytest.mark.parametrize("changed", CHANGES)
def test_one_changed_bit_stops_the_signing(sealed: Host, changed: str, index: int) -> None:
    (entry,) = rows(sealed.url, f"select entry from audit_leaf where leaf_index = {index}")[0]
    before = sealed.heads.path.read_bytes()
    as_superuser(sealed.url, CHANGES[changed].format(entry=entry, index=index))
    add_entries(sealed.url, 7)
    with pytest.raises(SealingStoppedError):
        sealed.seal()
    assert sealed.heads.path.read_bytes() == before
    with pytest.raises(SealingStoppedError):  # and it stays so
        sealed.seal()
    assert sealed.heads.path.read_bytes() == before
    assert rows(sealed.url, "select stopped is not null from audit_sealer") == [(True,)]
    assert rows(sealed.url, "select count(*) from audit_entry where leaf like '%sealing_stopped%'") == [(1,)]


def test_two_ways_to_the_root_must_agree(sealed: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a log so long that this round does not read the changed tile again."""
    monkeypatch.setattr(sealing, "TILES_A_ROUND", 0)
    as_superuser(sealed.url, CHANGES["a tile's root"])
    with pytest.raises(SealingStoppedError, match="two different roots"):
        sealed.seal()


def test_a_running_sealer_notices_a_bit_that_flips_in_what_it_sealed_long_ago(sealed: Host) -> None:
    sealer = sealed.sealer()
    assert sealer.seal() is not None
    as_superuser(sealed.url, CHANGES["an entry"].format(entry=2))
    with pytest.raises(SealingStoppedError, match=r"Leaf 1 \(entry [0-9a-f-]{36}\)"):
        sealer.seal()


def test_a_bit_that_flips_between_the_commit_and_the_signature_is_never_signed(sealed: Host) -> None:
    def flip(step: Step) -> None:
        if step is Step.COMMITTED:
            as_superuser(
                sealed.url, "update audit_entry set leaf = set_bit(leaf, 3, 1 - get_bit(leaf, 3)) where id = 605"
            )

    add_entries(sealed.url, 10)
    with pytest.raises(SealingStoppedError, match="is not what was sealed"):
        sealed.sealer(after_step=flip).seal()
    assert [head.size for head in sealed.heads.all()] == [601]


def test_a_rewritten_history_does_not_continue_the_head_outside_the_database(host: Host) -> None:
    """Rolled back and grown again beyond the last head, with the keys in hand but another file of heads."""
    host.seal()
    first = host.heads.path.read_bytes()
    add_entries(host.url, 99)
    assert host.seal() == 100
    kept = host.heads.path.read_bytes()
    back_to(host.url, 1)
    host.heads.path.write_bytes(first)
    add_entries(host.url, 149)
    assert host.seal() == 150
    host.heads.path.write_bytes(kept)
    add_entries(host.url, 1)
    with pytest.raises(SealingStoppedError, match="does not continue the head of size 100"):
        host.seal()
    assert host.heads.path.read_bytes() == kept


def test_a_check_by_hand_stops_a_running_sealer(sealed: Host) -> None:
    running, other = sealed.sealer(), sealed.sealer()
    assert running.seal() is not None
    assert other.check() == 601  # beside the running one
    as_superuser(sealed.url, "update audit_checkpoint set root = sha256('x')")
    with pytest.raises(SealingStoppedError, match="head of size 601"):
        other.check()
    with pytest.raises(SealingStoppedError):
        running.seal()
    other.close()


def test_signing_goes_on_once_the_damage_is_repaired(sealed: Host) -> None:
    flip = CHANGES["an entry"].format(entry=2)
    as_superuser(sealed.url, flip)
    with pytest.raises(SealingStoppedError):
        sealed.seal()
    with Database(sealed.url) as database:
        status = SealedLog(database).status()
        assert not status.ready
        assert "Leaf 1" in str(status)
    as_superuser(sealed.url, flip)
    sealed.seal()
    check_sound(sealed)
    with Database(sealed.url) as database:
        assert SealedLog(database).status().ready


@pytest.mark.parametrize("place", ["size", "root", "signature"])
def test_a_changed_file_of_heads_stops_the_signing(sealed: Host, place: str) -> None:
    text = sealed.heads.path.read_text()
    root, signature = text.split("\n")[2], text.split(" ")[-1].strip()
    old, new = {
        "size": ("\n601\n", "\n600\n"),
        "root": (root, "A" * 43 + "="),
        "signature": (signature, signature[:30] + signature[30].swapcase() + signature[31:]),
    }[place]
    if old == new:  # a digit has no other case
        new = signature[:30] + "x" + signature[31:]
    sealed.heads.path.write_text(text.replace(old, new))
    add_entries(sealed.url, 1)
    with pytest.raises(SealingStoppedError):
        sealed.seal()
    assert rows(sealed.url, "select max(size) from audit_checkpoint") == [(601,)]


def test_a_head_that_a_crash_left_half_written_was_never_signed(sealed: Host) -> None:
    whole = sealed.heads.path.read_bytes()
    add_entries(sealed.url, 1)
    sealed.seal()
    longer = sealed.heads.path.read_bytes()
    for cut in range(len(whole), len(longer)):
        sealed.heads.path.write_bytes(longer[:cut])
        last = sealed.heads.last()
        assert last is not None
        assert last.size == 601
        assert whole_length(sealed.heads.path) == len(whole)
        sealed.heads.append(parse_head(longer[len(whole) : -1]))
        assert sealed.heads.path.read_bytes() == longer


def test_the_file_of_heads_takes_no_second_head_of_one_size(sealed: Host, tmp_path: Path) -> None:
    last = sealed.heads.last()
    assert last is not None
    sealed.heads.append(last)  # nothing happens
    other = Host(sealed.url, tmp_path / "other")
    other.keys.generate()
    other.heads.append(parse_head(str(last).replace("\n601\n", "\n600\n")))
    with pytest.raises(HirescreenError, match="meanwhile"):
        sealed.heads.append(parse_head(str(last).replace("\n601\n", "\n600\n")))
    assert len(list(sealed.heads.all())) == 1


def back_to(url: str, size: int) -> None:
    """What a restored backup looks like: everything after ``size`` leaves never happened."""
    as_superuser(
        url,
        f"delete from audit_entry where id in (select entry from audit_leaf where leaf_index >= {size})",
        f"delete from audit_leaf where leaf_index >= {size}",
        f"delete from audit_tile where (number + 1) * 256 > {size}",
        f"delete from audit_checkpoint where size > {size}",
    )


def test_a_database_from_an_older_backup_is_noticed_and_refused(host: Host) -> None:
    host.seal()
    add_entries(host.url, 99)
    assert host.seal() == 100
    add_entries(host.url, 200)
    assert host.seal() == 300
    back_to(host.url, 100)
    heads = host.heads.path.read_bytes()
    for added in (0, 50, 300):  # fewer leaves than were signed, and in time more
        add_entries(host.url, added)
        with pytest.raises(SealingStoppedError, match="older backup"):
            host.seal()
    assert host.heads.path.read_bytes() == heads


def test_a_database_that_lost_its_log_is_refused(sealed: Host, empty_database_url: str) -> None:
    migrate(empty_database_url)
    with pytest.raises(SealingStoppedError, match="emptied"):
        Host(empty_database_url, sealed.folder).seal()


def test_a_new_origin_cites_the_last_head_and_carries_every_entry_over(host: Host) -> None:
    host.seal()
    add_entries(host.url, 299)
    assert host.seal() == 300
    add_entries(host.url, 100)
    assert host.seal() == 400
    back_to(host.url, 300)
    lost, kept = list(host.heads.all())[-1], list(host.heads.all())[-2]
    new = Host(host.url, host.folder, f"{ORIGIN}/2027a")
    store = SealingStore(host.url)
    survival = start_new_origin(store, old=host.heads, new=new.heads, keys=host.keys, events=EVENTS)
    store.close()
    assert (survival.leaves, survival.agrees_with) == (300, kept)
    with pytest.raises(ConfigError, match="2027a"):
        host.seal()  # the old name is over
    add_entries(host.url, 20)
    new.seal(batch=64)
    assert check_sound(new) == 321
    leaves = rows(
        host.url,
        "select e.leaf from audit_leaf as l join audit_entry as e on e.id = l.entry"
        " where l.log = 2 order by l.leaf_index",
    )
    assert str(lost).encode() in bytes(leaves[0][0]).replace(b"\\n", b"\n")  # type: ignore[call-overload]
    tree = [leaf_hash(bytes(leaf)) for (leaf,) in leaves[1:301]]  # type: ignore[call-overload]
    assert root_of(tree) == kept.root


def test_a_new_origin_needs_an_old_head_a_fresh_name_and_no_other_sealer(host: Host) -> None:
    new = HeadsFile(host.folder, "another.example/log")
    store = SealingStore(host.url)
    with pytest.raises(ConfigError, match="Nothing was ever signed"):
        start_new_origin(store, old=host.heads, new=new, keys=host.keys, events=EVENTS)
    host.seal()
    with pytest.raises(ConfigError, match="used before"):
        start_new_origin(store, old=host.heads, new=host.heads, keys=host.keys, events=EVENTS)
    running = host.sealer()
    running.seal()
    with pytest.raises(ConfigError, match="at work"):
        start_new_origin(store, old=host.heads, new=new, keys=host.keys, events=EVENTS)
    running.close()


@pytest.mark.parametrize("missing", ["keys.json", "heads"])
def test_a_host_without_the_key_or_the_heads_leaves_sealing_to_another(
    sealed: Host, tmp_path: Path, missing: str
) -> None:
    other = Host(sealed.url, tmp_path / "elsewhere")
    other.folder.mkdir()
    if missing == "heads":
        (other.folder / "keys.json").write_bytes((sealed.folder / "keys.json").read_bytes())
    add_entries(sealed.url, 1)
    sealer = other.sealer()
    with pytest.raises(ConfigError, match="does not seal"):
        sealer.seal()
    assert sealed.seal() == 602  # the lock was given back
    check_sound(sealed)


def test_a_database_moved_to_another_server_is_swept_whole(sealed: Host) -> None:
    """Transactions there are counted anew, so the mark says nothing."""
    as_superuser(sealed.url, "update audit_sealer set cluster = 'another', mark = '999999999999'")
    add_entries(sealed.url, 5)
    assert sealed.seal(batch=2) == 606
    add_entries(sealed.url, 5)
    assert sealed.seal(batch=2) == 611
    check_sound(sealed)


def test_a_rotated_key_signs_beside_the_old_one_for_a_while(sealed: Host) -> None:
    (old,) = sealed.keys.verifiers(ORIGIN)
    sealed.keys.rotate(timedelta(days=1))
    add_entries(sealed.url, 1)
    sealed.seal()
    new = sealed.keys.verifiers(ORIGIN)[1]
    before, both = sealed.heads.all()
    assert verify_note(before.note, [old]) == (old,)
    assert verify_note(both.note, [old, new]) == (old, new)
    text = sealed.keys.path.read_text()
    until = sealed.keys.all()[0].signs_until
    assert until is not None
    sealed.keys.path.write_text(text.replace(until.isoformat(), datetime(2020, 1, 1, tzinfo=UTC).isoformat()))
    add_entries(sealed.url, 1)
    sealed.seal()
    alone = sealed.heads.last()
    assert alone is not None
    assert [each.key_id for each in alone.note.signatures] == [new.key_id]
    check_sound(sealed)


def test_readers_know_what_is_sealed_and_what_waits(sealed: Host) -> None:
    with Database(sealed.url) as database:
        log = SealedLog(database)
        status = log.status()
        assert (status.sealed, status.unsealed, status.oldest_seconds, status.ready) == (601, 0, 0, True)
        add_entries(sealed.url, 3)
        status = log.status()
        assert (status.sealed, status.unsealed, status.ready) == (601, 3, True)
        assert 0 < status.oldest_seconds < 60
        as_superuser(sealed.url, "update audit_entry set at = at - interval '301 seconds' where id > 602")
        status = log.status()
        assert not status.ready
        assert "2 entries" not in str(status)
        assert "3 entries are not sealed" in str(status)


def test_a_service_whose_log_is_not_sealed_is_not_ready(sealed: Host, tmp_path: Path) -> None:
    service = build_service(Config(home=tmp_path, database_url=sealed.url, mode=Mode.DEMO))
    with service.database:
        assert service.desk.readiness().checks["audit"] == (True, "601 entries sealed, 0 waiting")
        as_superuser(sealed.url, "update audit_sealer set stopped = 'Leaf 3 is not what was sealed.'")
        readiness = service.desk.readiness()
        assert not readiness.ready
        assert readiness.checks["audit"] == (False, "Sealing has stopped: Leaf 3 is not what was sealed.")


def test_leaves_that_were_committed_but_never_signed_count_as_waiting(host: Host) -> None:
    host.seal()
    add_entries(host.url, 4)

    def fail(step: Step) -> None:
        if step is Step.PROVEN:
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk"):
        host.sealer(after_step=fail).seal()
    with Database(host.url) as database:
        status = SealedLog(database).status()
    assert (status.sealed, status.unsealed) == (1, 4)
    assert status.oldest_seconds > 0
    host.seal()
    check_sound(host)


def test_a_head_that_was_signed_but_not_stored_is_stored_later(host: Host) -> None:
    host.seal()
    add_entries(host.url, 12)

    def fail(step: Step) -> None:
        if step is Step.SIGNED:
            raise OSError("killed")

    with pytest.raises(OSError, match="killed"):
        host.sealer(batch=10, after_step=fail).seal()
    host.seal()  # the next batch has two more entries, and a head of its own
    assert [head.size for head in host.heads.all()] == [1, 11, 13]
    check_sound(host)


def test_a_publisher_that_fails_does_not_stop_the_sealing(host: Host) -> None:
    host.folder.mkdir()
    (host.folder / "tiles").write_text("not a folder")
    assert host.seal() == 1
    (host.folder / "tiles").unlink()
    host.seal()
    check_sound(host)


FORBIDDEN = {
    "hirescreen_app": (
        "insert into audit_leaf values (1, 9, 9, sha256('x'))",
        "insert into audit_checkpoint (log, size, root, note) values (1, 9, sha256('x'), 'x')",
        "insert into audit_log (origin) values ('mine')",
        "update audit_sealer set mark = '99'",
        "update audit_sealer set stopped = null",
        "delete from audit_private",
    ),
    "hirescreen_sealer": (
        "update audit_entry set leaf = 'x'",
        "delete from audit_entry",
        "truncate audit_entry cascade",
        "insert into audit_entry (entry_id, leaf, at) values (gen_random_uuid(), 'x', '2001-01-01')",
        "insert into audit_entry (entry_id, leaf, xid) values (gen_random_uuid(), 'x', '3')",
        "insert into audit_entry (entry_id, leaf, id) overriding system value values (gen_random_uuid(), 'x', 1)",
        "insert into audit_checkpoint (log, size, root, note, signed_at) values (1, 9, sha256('x'), 'x', '2001-01-01')",
        "update audit_leaf set leaf_hash = sha256('x')",
        "delete from audit_leaf",
        "update audit_checkpoint set note = 'x'",
        "delete from audit_tile",
        "truncate audit_leaf",
        "delete from audit_sealer",
        "insert into audit_sealer default values",
        "select * from audit_private",
        "select * from screening_private",
        "select * from api_key",
        "insert into audit_private values (1, '{}')",
    ),
    "hirescreen_eraser": (
        "insert into audit_entry (entry_id, leaf, at) values (gen_random_uuid(), 'x', '2001-01-01')",
        "delete from audit_entry",
        "delete from audit_leaf",
        "update audit_private set disclosures = '{}'",
        "delete from screening",
    ),
    "hirescreen_exporter": (
        "insert into audit_entry (entry_id, leaf) values (gen_random_uuid(), 'x')",
        "delete from audit_private",
        "insert into audit_leaf values (1, 9, 9, sha256('x'))",
        "update audit_sealer set stopped = 'x'",
    ),
}
FOR_NOBODY = (
    "drop table audit_leaf",
    "alter table audit_leaf disable trigger all",
    "create table mine (id int)",
    "copy audit_leaf to program 'true'",
    "create role mine superuser",
    "set session_replication_role = replica",
)


@pytest.mark.parametrize(("role", "statement"), [(r, s) for r in FORBIDDEN for s in (*FORBIDDEN[r], *FOR_NOBODY)])
def test_no_role_may_do_what_is_not_its_task(sealed_template: str, role: str, statement: str) -> None:
    with psycopg.connect(sealed_template) as connection:
        connection.execute(f"set role {role}")  # type: ignore[arg-type]
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(statement)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def sealed_template(server_url: str, migrated_template: str) -> Iterator[str]:
    with new_database(server_url, template=migrated_template) as url:
        yield url


@pytest.mark.parametrize("table", ["audit_log", "audit_leaf", "audit_tile", "audit_checkpoint"])
@pytest.mark.parametrize("replication", ["origin", "replica"])
def test_not_even_the_owner_changes_the_sealed_log(sealed: Host, table: str, replication: str) -> None:
    with psycopg.connect(sealed.url, autocommit=True) as owner:
        owner.execute(f"set session_replication_role = {replication}")  # type: ignore[arg-type]
        column = {"audit_log": "origin = 'x'", "audit_checkpoint": "note = 'x'"}.get(table, "log = 1")
        for change in (f"update {table} set {column}", f"delete from {table}", f"truncate {table} cascade"):
            with pytest.raises(errors.InsufficientPrivilege, match="append-only"):
                owner.execute(change)  # type: ignore[arg-type]


def test_a_sealer_that_was_paused_signs_nothing_that_another_signed(host: Host) -> None:
    """It is stopped after its commit, loses its connection, and goes on when another has sealed more."""
    host.seal()
    add_entries(host.url, 3)

    def lose_the_lock(step: Step) -> None:
        if step is Step.COMMITTED:
            with psycopg.connect(host.url, autocommit=True) as owner:
                owner.execute(
                    "select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory' and granted"
                )
            add_entries(host.url, 2)
            assert host.seal() == 6

    paused = host.sealer(after_step=lose_the_lock)
    with pytest.raises(HirescreenError):
        paused.seal()
    assert [head.size for head in host.heads.all()] == [1, 6]
    check_sound(host)
