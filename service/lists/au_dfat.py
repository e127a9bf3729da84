"""Australia's Consolidated List, as the workbook that its publisher offers.

Publisher: Department of Foreign Affairs and Trade. One sheet, one row a name: ``2`` is a party, ``2a``, ``2b``
and ``2b1`` are its other names, mostly but not always below it. The list holds the UN's parties, by their
Committee, and Australia's own (``Autonomous (DPRK)``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.errors import MalformedListError
from service.lists import ofac_remarks
from service.lists.au_columns import Row, rows_of
from service.lists.birth_texts import first_day, of_cell
from service.lists.container import PlainFile
from service.lists.list_file import ListFile
from service.lists.listing import Address, AliasQuality, ListedIdentifier, ListedName, Listing, ListingKind
from service.lists.un_names import distinct, names_in_note, names_of
from service.lists.workbook import ZIP
from service.lists.xml_records import clean
from service.nationality.countries import country_code

_KINDS = {
    "individual": ListingKind.PERSON,
    "entity": ListingKind.ORGANISATION,
    "vessel": ListingKind.VESSEL,
    "ship": ListingKind.VESSEL,
}
_PRIMARY = "primary name"
_QUALITIES = {
    _PRIMARY: AliasQuality.PRIMARY,
    "aka": AliasQuality.STRONG,
    "formerly known as": AliasQuality.STRONG,
    "previously listed as": AliasQuality.STRONG,
    "original script": AliasQuality.ORIGINAL_SCRIPT,
}
_NO_VALUE = frozenset({"", "-", "na", "n/a", "nil", "unknown"})
_LETTERED = re.compile(r"(?:^|[\s,;])(?:[a-z]|[ivx]+)\)\s*")
_CITIZENSHIPS = re.compile(r"[;,/\n]|\sand\s|(?:^|\s)[a-z]\)")
_REMARK = re.compile(r"\((?:previously|formerly) listed as\b[^()]*\)", re.IGNORECASE)
# "Relisted" and "last listed" are no first listings, and who was listed "formerly" was listed before.
_FIRST_LISTED = re.compile(
    r"^(?:(?:resolution \d+ \(\d+\)\s*)?(?:first )?listed\s*(?:by .{0,40}?committee\)?\s*)?(?:on\b)?[:\s]*"
    r"|the minister for foreign affairs listed this \w+ on "
    r"|designated under the autonomous sanctions regulations 2011 on )(?=\d)",
    re.IGNORECASE,
)
_EARLIER = re.compile(r"\b(?:formerly|previously) listed\b", re.IGNORECASE)
_DPRK = re.compile(r"\bDPRK\b|Democratic People.s Republic of Korea|North Korea", re.IGNORECASE)


def recognises(files: Sequence[PlainFile]) -> bool:
    """Whether the one file is a workbook."""
    return len(files) == 1 and files[0].head.startswith(ZIP)


def read_file(file: PlainFile, list_id: str) -> ListFile:
    """The list in ``file``. ``published_on`` is the newest control date in it: the file has no date of its own.

    MalformedListError for a file that is no workbook of this list, and for rows that cannot be placed.
    """
    parties, doubts = _parties(file)
    control_dates = (row.control_date for party in parties for row in party.rows)
    return ListFile(
        list_id=list_id,
        published_on=max((day for day in control_dates if day), default=None),
        entries=lambda: (_listing(party, list_id) for party in parties),
        doubts=doubts,
    )


@dataclass(slots=True)
class _Party:
    """The rows of one reference, the one with the primary name first."""

    key: str
    rows: list[Row]

    @property
    def primary(self) -> Row:
        return self.rows[0]


def _parties(file: PlainFile) -> tuple[list[_Party], tuple[str, ...]]:
    """The rows by their reference's number, in order of its first row, and what a person has to look at.

    A number given to a second party by mistake would mix the two; the second gets a key of its own.
    """
    by_number: dict[str, list[_Party]] = {}
    waiting: dict[str, list[Row]] = {}  # other names that stand above their primary name
    doubts: list[str] = []
    for row in rows_of(file):
        _check_types(row)
        known = by_number.setdefault(row.number, [])
        if row.name_type == _PRIMARY:
            if known:
                doubts.append(f"row {row.line}: reference {row.number} is given to a second party, {row.name}")
            known.append(_Party(f"{row.number}-{len(known) + 1}" if known else row.number, [row]))
            known[-1].rows += waiting.pop(row.number, [])
        elif known:
            known[-1].rows.append(row)  # in a later block too: of the party last named under this number
        else:
            waiting.setdefault(row.number, []).append(row)
    for number, rows in waiting.items():
        raise MalformedListError(f"reference {number} has no row with a primary name", where=f"row {rows[0].line}")
    parties = [party for same in by_number.values() for party in same]
    for party in parties:
        _check_kinds(party)
    return parties, tuple(doubts)


def _check_types(row: Row) -> None:
    where = f"row {row.line} (reference {row.reference})"
    if row.name_type not in _QUALITIES:
        raise MalformedListError(f"unknown type of name {row.name_type!r}", where=where)
    if row.type not in _KINDS:
        raise MalformedListError(f"unknown type of party {row.type!r}", where=where)
    if not row.committees:
        raise MalformedListError("no committee or autonomous programme", where=where)


def _check_kinds(party: _Party) -> None:
    for row in party.rows:
        if _KINDS[row.type] is not _KINDS[party.primary.type]:
            detail = f"a name of type {row.type} among those of type {party.primary.type}"
            raise MalformedListError(detail, where=f"row {row.line} (reference {row.reference})")


def _listing(party: _Party, list_id: str) -> Listing:
    first = party.primary
    kind = _KINDS[first.type]
    programmes = tuple(dict.fromkeys(row.committees for row in party.rows))
    addresses = tuple(dict.fromkeys(address for row in party.rows for address in _addresses(row.text("address"))))
    listed_on = _listed_on(first)
    return Listing(
        list_id=list_id,
        key=party.key,
        reference=first.number,
        kind=kind,
        names=distinct(name for row in party.rows for name in _names(row, party.key)),
        birth_dates=tuple(dict.fromkeys(born for row in party.rows for born in of_cell(row.get("date of birth")))),
        countries=tuple(dict.fromkeys(code for row in party.rows for code in _countries(row.text("citizenship")))),
        address_countries=tuple(dict.fromkeys(address.country for address in addresses if address.country)),
        identifiers=tuple(dict.fromkeys(number for row in party.rows for number in _identifiers(row, kind))),
        addresses=addresses,
        programmes=programmes,
        listed_on=listed_on,
        listed_on_basis="list" if listed_on else None,
        dprk=any(_DPRK.search(programme) for programme in programmes),
        record={"rows": [row.as_published() for row in party.rows]},
    )


def _names(row: Row, key: str) -> Iterator[ListedName]:
    quality = AliasQuality.WEAK if row.text("alias strength").lower() == "weak" else _QUALITIES[row.name_type]
    text = clean(_REMARK.sub(" ", row.name))
    if not text:
        raise MalformedListError("a row without a name", where=f"row {row.line} (reference {key})")
    if quality is AliasQuality.PRIMARY:
        yield ListedName(text=text, quality=quality)
    yield from names_of(text, quality)
    yield from names_in_note(row.name, text)


def _addresses(text: str) -> Iterator[Address]:
    for piece in re.split(r";|\n|_x000D_", _LETTERED.sub(";", text)):
        address = clean(piece).strip(" ,")
        if address.lower() not in _NO_VALUE:
            country = re.sub(r"\([^()]*\)", "", address).rpartition(",")[2].strip(" .")
            yield Address(text=address, country=country_code(country) if country else None)


def _countries(text: str) -> Iterator[str]:
    for piece in _CITIZENSHIPS.split(re.sub(r"\([^()]*\)", " ", text)):
        word = clean(piece).strip(" .")
        code = country_code(word) if len(word) > 3 and word.lower() not in _NO_VALUE else None
        if code or word == "DPRK":
            yield code or "KP"


def _identifiers(row: Row, kind: ListingKind) -> Iterator[ListedIdentifier]:
    """Numbers of the further information, written as ``Registration ID: 1097711000078 (Russia)``, and the IMO's."""
    parts = [clean(part).strip(" .") for part in re.split(r"\n|;|_x000D_", row.text("additional information"))]
    yield from ofac_remarks.identifiers(parts, kind)
    number = re.sub(r"\D", "", row.text("imo number"))
    if len(number) == 7:
        yield ListedIdentifier(kind="imo", value=number)


def _listed_on(row: Row) -> date | None:
    """The day of the first listing; None where the text gives an instrument, or a later listing, only.

    A later day would hide the entry from earlier days, so only a first one counts.
    """
    stated = row.get("listing information")
    if isinstance(stated, datetime):
        return stated.date()
    text = clean(row.text("listing information"))
    if _EARLIER.search(text):
        return None
    if start := _FIRST_LISTED.match(text):
        return _day_at(text[start.end() :])
    return _day_at(text)


def _day_at(text: str) -> date | None:
    """The day with which ``text`` begins."""
    return first_day(text[:18]) if re.match(r"\d{1,2}[ ./]", text) else None
