"""List versions are stored whole or not at all, and any of them can be read again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from time import monotonic

import psycopg
import pytest

from service.errors import MalformedListError, RejectedListError, StoreUnavailableError
from service.lists.listing import (
    Address,
    AliasQuality,
    BirthDate,
    ListedIdentifier,
    ListedName,
    Listing,
    ListingKind,
    Relation,
)
from service.records import AuditRecord, ListVersion
from service.store.audit import AuditLog
from service.store.database import Database
from service.store.lists import Lists
from tests.integration.records import NOW, a_listing, a_version, an_audit_record


def count(database: Database, table: str) -> int:
    with database.connection() as connection:
        return connection.execute(f"select count(*) from {table}").fetchone()[0]


def names(lists: Lists, version: int) -> dict[str, str]:
    return {listing.key: listing.name for listing in lists.listings("own", version)}


def test_a_listing_comes_back_as_it_was_read(database: Database) -> None:
    lists = Lists(database)
    listing = Listing(
        list_id="own",
        key="6908555",
        reference="KPi.001",
        kind=ListingKind.PERSON,
        names=(
            ListedName(text="RI Je-Son", quality=AliasQuality.PRIMARY),
            ListedName(text="리제선", quality=AliasQuality.ORIGINAL_SCRIPT),
        ),
        birth_dates=(BirthDate(year=1938), BirthDate(year=1936, until_year=1940, circa=True)),
        countries=("KP",),
        address_countries=("RU",),
        genders=("male",),
        identifiers=(ListedIdentifier(kind="passport", value="654-\\u0000", country="KP"),),
        addresses=(Address(text="Pyongyang", country="KP"),),
        programmes=("DPRK",),
        listed_on=date(2009, 7, 16),
        listed_on_basis="list",
        relations=(Relation(kind="linked_to", name="GBAE", target="6908600"),),
        dprk=True,
        record={"DATAID": "6908555", "NAME_ORIGINAL_SCRIPT": "리제선", "nested": [{"a": None}]},
    )
    lists.add_version(a_version(), [listing])
    (back,) = lists.listings("own", 1)
    assert back == listing
    assert back.record == {}
    assert lists.record("own", "6908555", 1) == listing.record
    assert lists.record("own", "6908555", 2) is None


def test_a_loaded_version_tells_what_it_holds(database: Database) -> None:
    lists = Lists(database)
    given = a_version(published_on=date(2026, 2, 27), address="https://list.example/", fetched_at=NOW, complete=False)
    person = a_listing("2", kind=ListingKind.PERSON, programmes=("DPRK", "DPRK3"))
    stored = lists.add_version(given, [a_listing("1"), person], files={"sdn": {"sha256": "cd" * 32}})
    assert stored == replace(
        given,
        version=1,
        entries=2,
        counts={"organisation": 1, "person": 1, "programme:DPRK": 2, "programme:DPRK3": 1},
        loaded_at=stored.loaded_at,
        activated_at=stored.loaded_at,
    )
    assert stored.loaded_at is not None
    assert lists.active() == lists.versions("own") == (stored,)


def test_three_versions_can_each_be_read_again(database: Database) -> None:
    lists = Lists(database)
    one = {"a": "ALPHA", "b": "BETA", "c": "GAMMA"}
    two = {"a": "ALPHA", "b": "BETA 2", "d": "DELTA"}  # b changed, c left, d came
    three = {"a": "ALPHA", "b": "BETA", "c": "GAMMA", "d": "DELTA"}  # b as before, c back
    for content in (one, two, three):
        lists.add_version(a_version(), [a_listing(key, name) for key, name in content.items()])
    assert [names(lists, version) for version in (1, 2, 3)] == [one, two, three]
    assert count(database, "list_entry") == 5  # a, b, b2, c, d: content that came back is not stored again
    assert count(database, "list_span") == 7  # a, b(1), b2(2), b(3), c(1), c(3), d
    assert [version.version for version in lists.versions("own")] == [3, 2, 1]
    assert [version.version for version in lists.active()] == [3]


def test_unchanged_content_adds_a_version_and_no_rows(database: Database) -> None:
    lists = Lists(database)
    content = [a_listing(str(number)) for number in range(50)]
    lists.add_version(a_version(), content)
    lists.add_version(a_version(), reversed(content))
    assert (count(database, "list_entry"), count(database, "list_span")) == (50, 50)
    assert names(lists, 2) == names(lists, 1)


def test_a_changed_record_is_kept_even_where_the_listing_is_the_same(database: Database) -> None:
    lists = Lists(database)
    lists.add_version(a_version(), [a_listing("1", record={"comment": "old"})])
    lists.add_version(a_version(), [a_listing("1", record={"comment": "new"})])
    assert [lists.record("own", "1", version) for version in (1, 2)] == [{"comment": "old"}, {"comment": "new"}]


def test_a_list_that_breaks_off_leaves_nothing_behind(database: Database) -> None:
    lists = Lists(database)
    before = lists.add_version(a_version(), [a_listing("1")])

    def broken() -> Iterator[Listing]:
        yield a_listing("1", "OTHER")
        raise MalformedListError("is cut off", where="line 2")

    with pytest.raises(MalformedListError, match="line 2: is cut off"):
        lists.add_version(a_version(), broken(), audit=lambda _: an_audit_record())
    assert lists.active() == lists.versions("own") == (before,)
    assert names(lists, 1) == {"1": "ZENKO"}
    assert count(database, "list_entry") == 1
    assert list(AuditLog(database).export()) == []


@pytest.mark.parametrize(
    ("version", "listings", "reason"),
    [
        (a_version(), [], "holds no entries"),
        (a_version(), [a_listing("1"), a_listing("1", "B")], "two entries with the key 1"),
        (a_version(entries=3), [a_listing("1")], "should hold 3 entries and holds 1"),
        (a_version(), [a_listing("1", list_id="un_sc")], "belongs to un_sc"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused_whole(
    database: Database, version: ListVersion, listings: list[Listing], reason: str
) -> None:
    with pytest.raises(RejectedListError, match=reason):
        Lists(database).add_version(version, listings)
    assert Lists(database).versions("own") == ()
    assert count(database, "list_entry") == 0


@pytest.mark.parametrize("text", ["NUL \x00", "half a pair \ud800"])
def test_text_that_the_database_cannot_hold_is_refused_with_its_place(database: Database, text: str) -> None:
    with pytest.raises(MalformedListError, match=r"^77: "):
        Lists(database).add_version(a_version(), [a_listing("77", text)])


def test_a_load_and_its_audit_entry_are_one(database: Database) -> None:
    lists, log = Lists(database), AuditLog(database)

    def describe(version: ListVersion) -> AuditRecord:
        record = an_audit_record()
        return replace(record, leaf=f"list_load {version.list_id} {version.version} {version.entries}".encode())

    lists.add_version(a_version(), [a_listing("1")], audit=describe)
    assert [entry.leaf for entry in log.export()] == [b"list_load own 1 1"]

    with pytest.raises(StoreUnavailableError):
        lists.add_version(a_version(), [a_listing("2")], audit=lambda _: replace(an_audit_record(), leaf=b""))
    assert [version.version for version in lists.active()] == [1]


def test_a_version_can_be_stored_without_serving_and_be_activated_later(database: Database) -> None:
    lists = Lists(database)
    lists.add_version(a_version(), [a_listing("1")])
    lists.add_version(a_version(), [a_listing("2")], activate=False)
    assert [version.version for version in lists.active()] == [1]
    lists.activate("own", 2, audit=an_audit_record())
    assert [version.version for version in lists.active()] == [2]
    with pytest.raises(StoreUnavailableError, match="ForeignKeyViolation"):
        lists.activate("own", 3)


def test_a_version_that_nobody_confirmed_says_so_until_somebody_does(database: Database) -> None:
    lists = Lists(database)
    assert lists.add_version(a_version(), [a_listing("1")]).checked_at is None
    lists.mark_checked("own", NOW)
    assert [version.checked_at for version in lists.active()] == [NOW]


def test_marking_a_list_as_checked_never_moves_back(database: Database) -> None:
    lists = Lists(database)
    lists.add_version(a_version(checked_at=NOW), [a_listing("1")])
    lists.mark_checked("own", NOW + timedelta(hours=3))
    lists.mark_checked("own", NOW + timedelta(hours=1))
    (version,) = lists.active()
    assert version.checked_at == datetime(2026, 11, 23, 13, 0, tzinfo=UTC)


def test_lists_are_versioned_each_on_its_own(database: Database) -> None:
    lists = Lists(database)
    for list_id in ("un_sc", "us_ofac_sdn"):
        lists.add_version(a_version(list_id=list_id), [a_listing("1", list_id=list_id)])
    lists.add_version(a_version(list_id="un_sc"), [a_listing("1", "NEW", list_id="un_sc")])
    assert [(v.list_id, v.version) for v in lists.active()] == [("un_sc", 2), ("us_ofac_sdn", 1)]


def test_loads_of_one_list_at_once_take_their_turns(database: Database) -> None:
    lists = Lists(database)
    starting = threading.Barrier(4)

    def load(number: int) -> int:
        starting.wait()
        return lists.add_version(a_version(), [a_listing("1", f"NAME {number}")]).version

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(load, range(4))) == [1, 2, 3, 4]
    assert len({names(lists, version)["1"] for version in (1, 2, 3, 4)}) == 4


def test_a_reader_never_sees_half_a_version(database: Database) -> None:
    lists = Lists(database)
    lists.add_version(a_version(), [a_listing(str(n), "OLD") for n in range(200)])
    seen: list[set[str]] = []
    loading = threading.Event()

    def slow() -> Iterator[Listing]:
        for number in range(200):
            if number == 100:
                loading.set()
                (active,) = lists.active()
                seen.append(set(names(lists, active.version).values()))
            yield a_listing(str(number), "NEW")

    lists.add_version(a_version(), slow())
    (active,) = lists.active()
    seen.append(set(names(lists, active.version).values()))
    assert loading.is_set()
    assert seen == [{"OLD"}, {"NEW"}]


def test_a_long_list_is_read_in_the_order_of_its_keys(database: Database) -> None:
    lists = Lists(database)
    keys = [f"{number:05d}" for number in range(5000)]
    lists.add_version(a_version(), (a_listing(key) for key in reversed(keys)))
    assert [listing.key for listing in lists.listings("own", 1)] == keys


def test_a_version_that_is_not_stored_cannot_be_read(database: Database) -> None:
    lists = Lists(database)
    lists.add_version(a_version(), [a_listing("1")])
    for list_id, version in (("own", 2), ("un_sc", 1)):
        with pytest.raises(StoreUnavailableError, match="not stored whole"):
            list(lists.listings(list_id, version))


def test_a_version_that_lost_an_entry_does_not_pass_for_a_whole_one(database: Database, database_url: str) -> None:
    lists = Lists(database)
    lists.add_version(a_version(), [a_listing("1"), a_listing("2")])
    with psycopg.connect(database_url) as owner:
        owner.execute("delete from list_span where key = '2'")
    with pytest.raises(StoreUnavailableError, match="not stored whole"):
        list(lists.listings("own", 1))


def test_a_load_takes_no_longer_where_the_statistics_know_another_list_only(
    database: Database, database_url: str
) -> None:
    lists = Lists(database)

    def seconds(list_id: str, name: str) -> float:
        begun = monotonic()
        names = (name if n % 100 == 0 else "SAME" for n in range(9000))
        listings = (a_listing(str(n), text, list_id=list_id) for n, text in enumerate(names))
        lists.add_version(a_version(list_id=list_id), listings)
        return monotonic() - begun

    first = seconds("un_sc", "OLD")
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute("analyze")
    assert seconds("own", "OLD") < 4 * first  # nested loops made for "no rows of this list" took 6 to 10 times
    assert seconds("own", "NEW") < 4 * first
