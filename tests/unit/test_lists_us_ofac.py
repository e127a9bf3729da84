"""OFAC's CSV sets: every trap of the files, on invented parties in the publisher's format."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from service.errors import MalformedListError
from service.lists import us_ofac
from service.lists.container import unpack
from service.lists.list_file import ListFile
from service.lists.listing import Address, AliasQuality, BirthDate, ListedIdentifier, Listing, ListingKind, Relation
from service.lists.listing_dates import listing_dates

FOLDER = Path(__file__).resolve().parents[1] / "data" / "lists" / "us_ofac_sdn"
SET = {path.stem: path.read_bytes() for path in FOLDER.iterdir()}


@contextmanager
def opened(files: dict[str, bytes], *, partial: bool = False) -> Iterator[ListFile]:
    with ExitStack() as stack:
        plain = [stack.enter_context(unpack(io.BytesIO(content), name)) for name, content in files.items()]
        yield us_ofac.read(plain, us_ofac.SDN, partial=partial)


def read(files: dict[str, bytes] = SET, *, partial: bool = False) -> dict[str, Listing]:
    with opened(files, partial=partial) as file:
        return {listing.key: listing for listing in file}


def changed(name: str, old: bytes, new: bytes) -> dict[str, bytes]:
    assert old in SET[name]
    return SET | {name: SET[name].replace(old, new)}


def only(*names: str) -> dict[str, bytes]:
    return {name: SET[name] for name in names}


def texts(listing: Listing, quality: AliasQuality) -> list[str]:
    return [name.text for name in listing.names if name.quality is quality]


def test_every_party_is_read_and_the_last_byte_is_no_row() -> None:
    assert sorted(read()) == ["101", "102", "103", "104", "105", "36"]


def test_nothing_is_written_as_a_mark() -> None:
    airline = read()["36"]
    assert airline.kind is ListingKind.ORGANISATION
    assert airline.identifiers == ()
    assert airline.record == {"alternate_names": [{"type": "aka", "name": "EXAMPLE-AIRLINES"}]}


def test_weak_aliases_stand_in_the_remarks_and_strong_ones_in_their_file() -> None:
    company = read()["101"]
    assert texts(company, AliasQuality.STRONG) == ["SAMPLE GENERAL CONSTRUCTION", "SAMPLE BUREAU"]
    assert texts(company, AliasQuality.WEAK) == ["SAMKO", "GENSA", "OLD GENSA"]


def test_remarks_cut_in_the_middle_of_a_word_go_on_in_the_comments() -> None:
    person = read()["104"]
    assert texts(person, AliasQuality.WEAK) == ["LONG TAIL"]
    assert person.relations == (Relation(kind="linked_to", name="EXAMPLE AIRLINES", target="36"),)


def test_every_shape_of_birth_date_is_read() -> None:
    assert read()["102"].birth_dates == (
        BirthDate(year=1971, month=4, day=22),
        BirthDate(year=1972),
        BirthDate(year=1973, month=9),
        BirthDate(year=1974, circa=True),
        BirthDate(year=1975, until_year=1977),
        BirthDate(year=1978),
        BirthDate(year=1960, until_year=1961),
    )


def test_documents_and_registrations_become_identifiers() -> None:
    listings = read()
    assert listings["102"].identifiers == (
        ListedIdentifier(kind="passport", value="927000001", country="KP"),
        ListedIdentifier(kind="passport", value="PS654000001"),
        ListedIdentifier(kind="crypto_address", value="1ExampleExampleExampleExampleExamp"),
    )
    assert listings["101"].identifiers == (
        ListedIdentifier(kind="ogrn", value="1027700000001", country="RU"),
        ListedIdentifier(kind="inn", value="7700000001", country="RU"),
        ListedIdentifier(kind="bic", value="EXMPRUMM"),
    )
    assert listings["103"].identifiers == (
        ListedIdentifier(kind="imo", value="9990001"),
        ListedIdentifier(kind="other", value="445000001"),
    )


def test_nationality_citizenship_gender_and_registration_are_read() -> None:
    listings = read()
    assert listings["102"].countries == ("KP", "CN")
    assert listings["102"].genders == ("male",)
    assert listings["101"].countries == ("RU",)
    assert listings["103"].countries == ("KP",)


def test_a_place_of_birth_is_no_nationality() -> None:
    files = changed("SDN", b"nationality Korea, North; citizen China; ", b"")
    assert read(files)["102"].countries == ()


def test_a_relation_names_its_party_by_key_where_there_is_just_one() -> None:
    assert read()["102"].relations == (
        Relation(kind="linked_to", name="SAMPLE GENERAL CORPORATION FOR EXTERNAL CONSTRUCTION", target="101"),
        Relation(kind="linked_to", name="SOMEBODY ELSE, S.A. DE C.V"),
    )


def test_addresses_keep_their_text_and_their_country() -> None:
    listings = read()
    assert listings["101"].addresses == (
        Address(text="Korea, North", country="KP"),
        Address(text="1 Example Street, Moscow 101000, Russia", country="RU"),
    )
    assert listings["102"].addresses == ()


def test_programmes_are_split_at_their_brackets() -> None:
    assert read()["103"].programmes == ("DPRK4", "DPRK-NKSPEA")


def test_dprk_is_told_by_programme_or_by_the_regulations_in_the_remarks() -> None:
    listings = read()
    assert listings["102"].programmes == ("NPWMD",)
    assert [key for key, listing in sorted(listings.items()) if listing.dprk] == ["101", "102", "103"]


def test_files_are_told_apart_by_their_columns_and_not_by_their_names() -> None:
    renamed = {f"download ({number})": content for number, content in enumerate(SET.values())}
    assert list(read(renamed).values()) == list(read().values())


def test_a_day_of_listing_comes_with_where_it_was_taken_from() -> None:
    dates = listing_dates(us_ofac.SDN)
    assert all(basis for _, basis in dates.values())
    known = read(changed("SDN", b'105,"EX-001","aircraft"', b'19611,"EX-001","aircraft"'))["19611"]
    assert (known.listed_on, known.listed_on_basis) == dates["19611"]
    assert (known.listed_on_basis or "") != "list"
    assert read()["36"].listed_on is None
    assert read()["36"].listed_on_basis is None


def test_parties_alone_load_only_in_part_and_are_not_complete() -> None:
    with pytest.raises(MalformedListError, match=r"lacks alt\.csv, add\.csv, .*--partial"), opened(only("SDN")):
        pass
    with opened(only("SDN"), partial=True) as file:
        assert not file.complete
        assert len(list(file)) == 6


def test_a_weak_alias_that_is_cut_off_is_not_taken_for_a_name() -> None:
    with opened(only("SDN", "ALT", "ADD"), partial=True) as file:
        person = next(listing for listing in file if listing.key == "104")
        assert not file.complete
    assert texts(person, AliasQuality.WEAK) == []


def test_the_comments_are_needed_only_where_a_remark_is_cut() -> None:
    whole = SET["SDN"].replace(b"; a.k.a. 'LONG TA", b".")
    with opened(only("ALT", "ADD") | {"SDN": whole}) as file:
        assert file.complete
    with pytest.raises(MalformedListError, match="comments"), opened(only("SDN", "ALT", "ADD")):
        pass


def test_a_space_at_the_cut_is_kept() -> None:
    sdn = SET["SDN"].replace(b"a.k.a. 'LONG TA", b"a.k.a. 'LONG A ")
    comments = SET["SDN_COMMENTS"].replace(b"IL'", b"TAIL'")
    assert texts(read(SET | {"SDN": sdn, "SDN_COMMENTS": comments})["104"], AliasQuality.WEAK) == ["LONG A TAIL"]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (only("ALT", "ADD", "SDN_COMMENTS"), "lacks its file of parties"),
        (SET | {"SDN again": SET["SDN"]}, "a second file of parties"),
        (changed("SDN", b'36,"EXAMPLE', b'36,"EXAMPLE",x,"'), r"SDN line 1: 14 columns"),
        (changed("SDN", b'101,"SAMPLE', b'101,x,"SAMPLE'), r"SDN line 2: 13 columns; expected 12"),
        (changed("ALT", b'101,14,"fka",', b"101,14,"), r"ALT line 3: 4 columns; expected 5"),
        (changed("SDN", b"103,", b"101,"), r"SDN line 4: ent_num 101 is used for a second party"),
        (changed("ALT", b"102,15,", b"999,15,"), r"ALT line 4: ent_num 999 is not among the parties"),
        (changed("ADD", b"36,25,", b"37,25,"), r"ADD line 1: ent_num 37 is not among the parties"),
        (changed("SDN_COMMENTS", b"104,", b"204,"), r"SDN_COMMENTS line 1: ent_num 204"),
        (changed("SDN", b'"aircraft"', b'"rocket"'), r"SDN line 6: unknown type of party 'rocket'"),
        (changed("SDN", b'105,"EX-001"', b"105,-0- "), r"SDN line 6: a party without a name"),
        (SET | {"SDN": b"ID,Name,Type,P,T,a,b,c,d,e,f,R\r\n" + SET["SDN"]}, "SDN line 1: no number.*header row"),
        (SET | {"SDN": SET["SDN"] + b",,,,,,,,,,,"}, r"SDN line 7: data after the end-of-file mark"),
        (changed("SDN", b"EXAMPLE STAR", b"EXAMPLE \x00STAR"), "SDN line 4: a control character"),
        (changed("SDN", b"EXAMPLE STAR", b"EXAMPLE \x92STAR"), "SDN line 4: bytes that are neither"),
        (changed("SDN", b'"EX-001"', b'"EX-001'), "SDN line 6"),
        (SET | {"SDN": b"\x1a"}, "SDN: no row"),
        (SET | {"SDN": b'1,"' + b"x" * 70_000 + b'"\r\n'}, "a line longer than"),
        (SET | {"SDN": b"a,b,c\r\n"}, "3 columns; OFAC's files have 12, 5, 6 or 2"),
    ],
)
def test_a_set_is_read_whole_or_refused_with_the_row(files: dict[str, bytes], reason: str) -> None:
    with pytest.raises(MalformedListError, match=reason):
        read(files)


def test_a_set_cut_at_the_end_of_a_row_raises_a_doubt() -> None:
    rows = SET["SDN"].split(b"\r\n")
    with opened(SET | {"SDN": b"\r\n".join(rows[:-1]) + b"\r\n"}) as file:
        assert [doubt for doubt in file.doubts if "SDN" in doubt]
    with opened(SET) as file:
        assert file.doubts == ()


def test_a_renamed_party_keeps_its_key() -> None:
    assert read(changed("SDN", b"KIM, Example Chol", b"CHOL, Kim Example"))["102"].name == "CHOL, Kim Example"
