"""OpenSanctions, as FollowTheMoney entities and as a table: on invented parties in the publisher's formats."""

from __future__ import annotations

import json
import lzma
from datetime import date
from pathlib import Path

import pytest

from service.errors import MalformedListError
from service.lists.listing import (
    Address,
    AliasQuality,
    BirthDate,
    ListedIdentifier,
    ListedName,
    ListingKind,
    Relation,
)
from service.lists.sources import source_of
from service.lists.summary import summarise
from tests.list_reading import Reading

DATA = Path(__file__).resolve().parents[1] / "data" / "lists"
FTM = (DATA / "opensanctions_small.ftm.json").read_bytes()
TABLE = (DATA / "opensanctions_small.csv").read_bytes()


SMALL_LIST = Reading("opensanctions", FTM, "OS")
opened, entries = SMALL_LIST.opened, SMALL_LIST.entries


def test_no_law_gives_the_collection_force_and_nothing_fetches_it_without_a_licence() -> None:
    source = source_of("opensanctions")
    assert source.binds_in is None
    assert source.files == ()
    assert "licence" in source.legal_basis


def test_targets_with_a_topic_of_sanctions_are_listed_and_the_rest_is_counted() -> None:
    with opened(FTM) as file:
        assert [listing.key for listing in file] == ["NK-p", "NK-c", "NK-v"]
        assert file.left_out == (
            ("parties that are no target", 1),
            ("targets that are no party (CryptoWallet)", 1),
            ("targets without a topic of sanctions", 1),
        )


def test_names_keep_their_quality_and_script() -> None:
    assert entries()["NK-p"].names == (
        ListedName(text="Kim Example", quality=AliasQuality.PRIMARY),
        ListedName(text="KIM Example", quality=AliasQuality.STRONG),
        ListedName(text="Ким Игзампл", quality=AliasQuality.ORIGINAL_SCRIPT),
        ListedName(text="Gim Exampel", quality=AliasQuality.STRONG),
        ListedName(text="Pak Sample", quality=AliasQuality.STRONG),
        ListedName(text="Chol", quality=AliasQuality.WEAK),
    )


def test_dates_countries_numbers_and_addresses_are_read_also_from_entities_of_their_own() -> None:
    person = entries()["NK-p"]
    assert person.birth_dates == (
        BirthDate(year=1970, month=3, day=23),
        BirthDate(year=1971, month=4),
        BirthDate(year=1972),
    )
    assert (person.countries, person.genders) == (("KP", "CN"), ("male",))
    assert person.identifiers == (
        ListedIdentifier(kind="passport", value="927000001"),
        ListedIdentifier(kind="crypto_address", value="1ExampleWallet"),
        ListedIdentifier(kind="passport", value="927000002", country="KP"),
    )
    assert person.addresses == (Address(text="1 Example Street, Moscow", country="RU"), Address(text="Pyongyang"))
    assert entries()["NK-c"].identifiers == (
        ListedIdentifier(kind="registration_number", value="55"),
        ListedIdentifier(kind="inn", value="7700000001"),
        ListedIdentifier(kind="bic", value="EXMPRUMM"),
    )
    assert entries()["NK-v"].kind is ListingKind.VESSEL


def test_links_become_relations_of_both_ends_wherever_they_stand_in_the_file() -> None:
    listings = entries()
    assert listings["NK-p"].relations == (
        Relation(kind="owns_or_controls", name="Sample Bank", target="NK-c"),
        Relation(kind="other", name="Example Star", target="NK-v"),
        Relation(kind="acting_for", name="Sample Bank", target="NK-c"),
    )
    assert listings["NK-c"].relations == (
        Relation(kind="owned_or_controlled_by", name="Kim Example", target="NK-p"),
        Relation(kind="owns_or_controls", name="Sample Daughter"),
        Relation(kind="linked_to", name="Kim Example", target="NK-p"),
    )


def test_an_ended_ownership_and_a_share_of_one_percent_are_no_hold() -> None:
    assert {relation.kind for relation in entries()["NK-v"].relations} == {"other"}
    assert entries()["NK-v"].record["links"][0]["endDate"] == ["2020-01-01"]


def test_the_day_of_listing_is_the_first_of_a_sanction_that_has_not_ended() -> None:
    assert entries()["NK-c"].listed_on == date(2017, 2, 3)
    assert entries()["NK-p"].listed_on is None


def test_programmes_come_from_the_party_and_its_sanctions() -> None:
    listings = entries()
    assert listings["NK-c"].programmes == ("US-NK", "XX-OLD")
    assert listings["NK-v"].programmes == ("us_ofac_sdn",)
    assert [key for key, listing in sorted(listings.items()) if listing.dprk] == ["NK-c", "NK-p"]


def test_the_record_keeps_former_ids_and_dates_but_not_the_day_of_the_export() -> None:
    record = entries()["NK-p"].record
    assert record["referents"] == ["un-sc-kpi999"]
    assert (record["first_seen"], record["last_change"]) == ("2023-01-01T00:00:00", "2024-05-05T00:00:00")
    tomorrow = FTM.replace(b'"last_seen":"2026-04-29', b'"last_seen":"2026-04-30')
    assert summarise(entries(tomorrow).values()).digest == summarise(entries().values()).digest


def test_a_byte_order_mark_changes_nothing() -> None:
    assert entries(b"\xef\xbb\xbf" + FTM) == entries()
    assert entries(b"\xef\xbb\xbf" + TABLE) == entries(TABLE)


def test_a_file_without_links_or_sanctions_is_read() -> None:
    alone = next(line for line in FTM.splitlines(keepends=True) if b'"NK-v"' in line)
    assert entries(alone)["NK-v"].relations == ()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (FTM.replace(b'"caption":"Sample Bank",', b""), "OS line 3: an entity without caption"),
        (FTM.replace(b'"caption":"Sample Bank"', b'"caption":""'), "OS line 3: the entity NK-c has no caption"),
        (FTM.replace(b'"id":"NK-c"', b'"id":"NK-p"'), "NK-p: the entity comes twice"),
        (FTM.replace(b'"schema":"Vessel"', b'"schema":"Submarine"'), "OS line 6: a target of the unknown schema"),
        (FTM.replace(b'"flag":["kp"]', b'"flag":"kp"'), "OS line 6: the property flag is no list of texts"),
        (FTM.replace(b'"target":true', b'"target":"yes"', 1), "OS line 2: an entity whose"),
        (FTM[: FTM.index(b"NK-v") + 40], "OS line 6: not well-formed JSON"),
        (FTM + b"[1]\n", "OS line 16: a line that is no JSON object"),
        (FTM.replace(b"Sample Daughter", b"Sample \xff"), "OS line 4: not well-formed JSON"),
        (b'{"id":"a","schema":"Person","properties":{"name":["A"]}}\n', "but no export of OpenSanctions"),
        (TABLE.replace(b'"Sample Bank",', b""), "OS line 3: 15 columns; the header has 16"),
        (TABLE.replace(b'"NK-c"', b'"NK-p"'), "OS line 3: the entity NK-p comes twice"),
        (TABLE.replace(b'"Company"', b'"Submarine"'), "OS line 3: a target of the unknown schema"),
        (TABLE.splitlines(keepends=True)[0] + TABLE, "OS line 2: the header row once more"),
        (TABLE.replace(b'"countries",', b'"country",'), "OS line 1: the header lacks the column countries"),
    ],
)
def test_a_file_is_read_whole_or_refused_with_the_line(content: bytes, reason: str) -> None:
    with pytest.raises(MalformedListError, match=reason), opened(content) as file:
        list(file)


def test_the_table_gives_several_values_in_a_cell_and_a_semicolon_inside_one() -> None:
    person = entries(TABLE)["NK-p"]
    assert person.names == (
        ListedName(text="Kim Example", quality=AliasQuality.PRIMARY),
        ListedName(text="Gim Exampel", quality=AliasQuality.STRONG),
        ListedName(text="A; B Company", quality=AliasQuality.STRONG),
        ListedName(text="Ким Игзампл", quality=AliasQuality.ORIGINAL_SCRIPT),
    )
    assert person.birth_dates == (BirthDate(year=1970, month=3, day=23), BirthDate(year=1972))
    assert person.countries == ("KP", "GB")
    assert person.programmes == ("UN-SC1718", "US-NK")
    assert person.dprk


def test_the_table_without_program_ids_of_earlier_years_is_read_too() -> None:
    old = (
        TABLE.replace(b'"program_ids",', b"")
        .replace(b'"UN-SC1718;US-NK",', b"")
        .replace(b'"a@example.org","",', b'"",')
    )
    old = old.replace(b'"","","","","Other"', b'"","","","Other"')
    assert entries(old)["NK-p"].programmes == ("UN Security Council Consolidated Sanctions",)
    assert entries(old)["NK-p"].dprk


def test_the_table_leaves_out_and_counts_what_is_no_party() -> None:
    with opened(TABLE) as file:
        assert [listing.key for listing in file] == ["NK-p", "NK-c"]
        assert file.left_out == (("targets that are no party (CryptoWallet)", 1),)


@pytest.mark.shared
def test_the_real_export_is_read_whole(shared: Path) -> None:
    path = shared / "lists" / "opensanctions_yente_fixture_zala.ftm.json.xz"
    raw = [json.loads(line) for line in lzma.decompress(path.read_bytes()).splitlines()]
    parties = {one["id"]: one for one in raw if one["schema"] in ("Person", "Company")}
    targets = {key for key, one in parties.items() if one["target"]}
    with opened(path.read_bytes()) as file:
        listings = {listing.key: listing for listing in file}
    assert len(raw) == 91
    assert set(listings) == targets
    assert len(targets) == 14
    assert file.left_out == (("parties that are no target", 3),)
    for key, listing in listings.items():
        properties = parties[key]["properties"]
        stated = {text for name in ("name", "alias", "weakAlias", "previousName") for text in properties.get(name, ())}
        assert stated <= {name.text for name in listing.names}
    owned = listings["NK-abdzbEBkqyT29GyREbiURZ"].relations
    kalashnikov = Relation(
        kind="owned_or_controlled_by", name="JSC Kalashnikov Concern", target="NK-nR5AXM9AVPq4pQaSPSaVam"
    )
    assert kalashnikov in owned
    edges = [one for one in raw if one["schema"] in ("Ownership", "Directorship", "Family")]
    assert len(edges) == 21
    ends = [end for one in edges for name, end in one["properties"].items() if name in
            ("owner", "asset", "director", "organization", "person", "relative")]  # fmt: skip
    linked = sum(len(listing.record.get("links", ())) for listing in listings.values())
    assert linked == sum(end in targets for several in ends for end in several)


@pytest.mark.shared
def test_followthemoney_that_is_no_export_of_opensanctions_is_refused(shared: Path) -> None:
    path = shared / "lists" / "opensanctions_yente_fixture_parteispenden.ftm.json.xz"
    reason = "line 1: an entity without caption, datasets, target"
    with pytest.raises(MalformedListError, match=reason), opened(path.read_bytes()):
        pass
