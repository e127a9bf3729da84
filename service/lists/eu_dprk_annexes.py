"""The annexes of Regulation (EU) 2017/1509 (DPRK), transcribed from the Official Journal into CSV.

Publisher: the Official Journal of the European Union is the authentic list; OpenSanctions transcribes it
(a column a field, several values in a cell between ``;``). Unlike the Commission's own files it has Korean
names in Hangul. The transcription states no day of its own. Entries are renumbered when the annexes are
amended, so that annex, name, IMO number and day of listing are the key and the number is what people quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from service.errors import MalformedListError
from service.lists.container import PlainFile
from service.lists.csv_records import Layout, Row, rows
from service.lists.list_file import ListFile
from service.lists.listing import (
    Address,
    AliasQuality,
    BirthDate,
    ListedIdentifier,
    ListedName,
    Listing,
    ListingKind,
)
from service.lists.name_texts import names_within, unlabelled
from service.lists.un_names import is_latin
from service.nationality.countries import country_code

LAYOUT = Layout(
    needed=frozenset(
        {
            *("celex", "recordId", "programKey", "annex", "measure", "startDate", "schema", "name", "alias"),
            *("weakAlias", "previousName", "nationality", "birthDate", "passportNumber", "gender", "imoNumber"),
            *("registrationNumber", "swiftBic", "address"),
        }
    )
)
PROGRAMME = "EU-PRK"
_KINDS = {
    "Person": ListingKind.PERSON,
    "LegalEntity": ListingKind.ORGANISATION,
    "Company": ListingKind.ORGANISATION,
    "Organization": ListingKind.ORGANISATION,
    "Vessel": ListingKind.VESSEL,
}
_NAME_COLUMNS = {
    "alias": AliasQuality.STRONG,
    "previousName": AliasQuality.STRONG,
    "weakAlias": AliasQuality.WEAK,
}
_NUMBERS = {"passportNumber": "passport", "registrationNumber": "registration_number", "swiftBic": "bic",
            "idNumber": "national_id", "taxNumber": "tax_id", "leiCode": "lei"}  # fmt: skip
_DAY = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
_YEARS = re.compile(r"\b(\d{4})\s*-\s*(\d{4})\b")
_YEAR = re.compile(r"(?<![\d.])(\d{4})\b")
_NUMBER = re.compile(r"\b[A-Z]{0,3}[ -]{0,2}\d[\w-]*")


def recognises(files: Sequence[PlainFile]) -> bool:
    """Whether the one file starts with this transcription's first columns."""
    return len(files) == 1 and files[0].head.removeprefix(b"\xef\xbb\xbf").startswith(b"celex,")


def read_file(file: PlainFile, list_id: str) -> ListFile:
    """The annexes in ``file``; iterating the result streams their entries.

    MalformedListError where a column is missing; while iterating, for rows that are not whole, of another
    regulation's programme, of an unknown kind, or twice the same.
    """
    if next(rows(file, LAYOUT), None) is None:
        raise MalformedListError("a header and no rows", where=file.name)
    return ListFile(list_id=list_id, entries=lambda: _entries(file, list_id))


def _entries(file: PlainFile, list_id: str) -> Iterator[Listing]:
    known: set[str] = set()
    for row in rows(file, LAYOUT):
        where = f"{file.name} line {row.line}"
        listing = _listing(row, list_id, where)
        if listing.key in known:
            raise MalformedListError(f"{listing.key!r} comes twice", where=where)
        known.add(listing.key)
        yield listing


def _listing(row: Row, list_id: str, where: str) -> Listing:
    if row["programKey"] != PROGRAMME:
        raise MalformedListError(f"the programme is {row['programKey']!r}, not {PROGRAMME}", where=where)
    if row["schema"] not in _KINDS or not row["name"] or not row["annex"]:
        raise MalformedListError("a row without a known kind, a name and an annex", where=where)
    annex = f"Annex {row['annex']}"
    kind = _KINDS[row["schema"]]
    address = row["address"]
    return Listing(
        list_id=list_id,
        key=" / ".join(part for part in (row["annex"], row["name"], row["imoNumber"], row["startDate"]) if part),
        reference=f"{annex} no. {row['recordId']}" if row["recordId"] else annex,
        kind=kind,
        names=_names(row, kind),
        birth_dates=tuple(dict.fromkeys(birth_dates(row["birthDate"]))),
        countries=_countries(row["nationality"]),
        address_countries=_countries(address.rpartition(",")[2]) if address else (),
        genders=_genders(row["gender"]),
        identifiers=tuple(dict.fromkeys(_identifiers(row))),
        addresses=(Address(text=address, country=next(iter(_countries(address.rpartition(",")[2])), None)),)
        if address
        else (),
        programmes=("PRK", annex),
        listed_on=_day(row["startDate"], where),
        listed_on_basis="list" if row["startDate"] else None,
        dprk=True,
        record=dict(row.cells),
    )


def _names(row: Row, kind: ListingKind) -> tuple[ListedName, ...]:
    primary, *within = names_within(row["name"])
    kept = {primary: ListedName(text=primary, quality=AliasQuality.PRIMARY)}
    found = [(name, AliasQuality.STRONG) for name in within]
    for column, quality in _NAME_COLUMNS.items():
        found += [(name, quality) for name in _split(row[column], kind)]
    for name, quality in found:
        original = quality is AliasQuality.STRONG and not is_latin(name)
        kept.setdefault(name, ListedName(text=name, quality=AliasQuality.ORIGINAL_SCRIPT if original else quality))
    return tuple(kept.values())


def _split(text: str, kind: ListingKind) -> Iterator[str]:
    """Names between ``;``; a person's also between commas, unless a part is one word ("Ri, Chae-Il")."""
    for piece in text.split(";"):
        parts = [part.strip() for part in piece.split(",")]
        whole_names = kind is ListingKind.PERSON and all(" " in part for part in parts)
        for name in parts if whole_names else [piece]:
            if unlabelled(name):
                yield unlabelled(name)


def birth_dates(text: str) -> Iterator[BirthDate]:
    """``13.10.1944``, ``1938``, ``1967-1969.``, ``19.1.1963 or 8.5.1966``, ``a) 1964 b) 28.8.1962``."""
    for day, month, year in _DAY.findall(text):
        try:
            born = date(int(year), int(month), int(day))
        except ValueError:
            yield BirthDate(year=int(year))
        else:
            yield BirthDate(year=born.year, month=born.month, day=born.day)
    rest = _DAY.sub(" ", text)
    for first, last in _YEARS.findall(rest):
        yield BirthDate(year=int(first), until_year=int(last))
    for year in _YEAR.findall(_YEARS.sub(" ", rest)):
        yield BirthDate(year=int(year))


def _identifiers(row: Row) -> Iterator[ListedIdentifier]:
    """Numbers without what is said about them: ``563210059 (expired 2018); 654410104``."""
    for column, kind in _NUMBERS.items():
        bare = re.sub(r"\([^()]*\)?|\b(?:expire[sd]?|expiration|issued)\b[^;/]*", " ", row[column])
        for piece in re.split(r"[;/]", bare):
            found = piece.strip(' "') if kind == "bic" else next(iter(_NUMBER.findall(piece)), "")
            if found:
                yield ListedIdentifier(kind=kind, value=" ".join(found.split()))
    if row["imoNumber"].isdigit():  # one ship's is said not to exist
        yield ListedIdentifier(kind="imo", value=row["imoNumber"])


def _countries(text: str) -> tuple[str, ...]:
    code = country_code(text.strip(" .")) if text.strip(" .") else None
    return (code,) if code else ()


def _genders(text: str) -> tuple[str, ...]:
    word = text.strip(" .").lower()
    return (word,) if word in ("male", "female") else ()


def _day(text: str, where: str) -> date | None:
    """``16.7.2009``; a few rows state none."""
    if not text:
        return None
    match = _DAY.fullmatch(text)
    try:
        day, month, year = (int(part) for part in (match.groups() if match else ()))
        return date(year, month, day)
    except ValueError as error:
        raise MalformedListError(f"startDate is {text!r}, not a day", where=where) from error
