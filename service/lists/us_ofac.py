"""OFAC's lists as CSV sets: SDN (sdn, alt, add, sdn_comments) and non-SDN (cons_prim, …).

Publisher: OFAC, U.S. Department of the Treasury. Both sets have the same four files, told apart here by
their columns and never by their names. ``alt`` holds strong aliases only; weak ones stand in the
remarks, whose end beyond 1,000 characters stands in the comments file. The set states no dates: days of
listing come from ``listing_dates.tsv`` where known.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.errors import MalformedListError
from service.lists import ofac_party, ofac_remarks
from service.lists.compact import Places, Texts
from service.lists.container import PlainFile
from service.lists.list_file import ListFile
from service.lists.listing import (
    Address,
    AliasQuality,
    ListedName,
    Listing,
    ListingKind,
    Relation,
)
from service.lists.listing_dates import listing_dates
from service.lists.ofac_remarks import Told
from service.lists.ofac_rows import Role, Row, ends_as_published, role_of, rows
from service.nationality.countries import country_code

SDN = ofac_party.SDN
CONSOLIDATED = ofac_party.CONSOLIDATED
_KINDS = {"": ListingKind.ORGANISATION, **ofac_party.KINDS}
_RECORD_COLUMNS = {4: "title", 5: "call_sign", 6: "vessel_type", 7: "tonnage", 8: "gross_tonnage", 9: "flag",
                   10: "owner"}  # fmt: skip
_BETWEEN = "\x1f"  # no cell holds it: control characters are refused
_FILE_NAMES = {
    Role.PARTIES: "sdn.csv or cons_prim.csv",
    Role.ALIASES: "alt.csv",
    Role.ADDRESSES: "add.csv",
    Role.COMMENTS: "sdn_comments.csv or cons_comments.csv",
}


class _Side:
    """The rows of a file beside the parties, by ent_num; kept as text, in little more room than in the file."""

    def __init__(self) -> None:
        self._rows, self._places = Texts(), Places()

    def add(self, row: Row) -> None:
        self._places.add(row.key, len(self._rows))
        self._rows.append(_BETWEEN.join((str(row.line), row.key, *row.cells)))

    def of(self, key: str) -> list[Row]:
        """The rows of a party in file order."""
        found = (self._rows[number].split(_BETWEEN) for number in self._places.of(key))
        return [Row(int(line), of, tuple(cells)) for line, of, *cells in found if of == key]


@dataclass(frozen=True, slots=True)
class _Sides:
    """The three files beside the parties."""

    aliases: _Side
    addresses: _Side
    comments: _Side


def recognises(files: Sequence[PlainFile]) -> bool:
    """Whether the files are a CSV set and no XML."""
    return not any(file.head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<") for file in files)


def read(files: Sequence[PlainFile], list_id: str, *, partial: bool = False) -> ListFile:
    """The set in ``files``; iterating the result streams its parties in file order.

    The set is whole with parties, aliases and addresses, and comments unless no remark is cut. With
    ``partial`` the parties alone are enough, and a set that lacks something is then not ``complete``.
    MalformedListError for a file that is none of the four, a role given twice or missing; while
    iterating, for ragged rows, unknown types, repeated parties and rows of unknown parties.
    """
    by_role: dict[Role, PlainFile] = {}
    for file in files:
        role = role_of(file)
        if role in by_role:
            raise MalformedListError(f"a second file of {role}; the first is {by_role[role].name}", where=file.name)
        by_role[role] = file
    if Role.PARTIES not in by_role:
        raise MalformedListError(f"the set lacks its file of parties ({_FILE_NAMES[Role.PARTIES]})")
    missing = _missing(by_role)
    if missing and not partial:
        names = ", ".join(_FILE_NAMES[role] for role in missing)
        raise MalformedListError(f"the set lacks {names}; it can be loaded in part with --partial only")
    return ListFile(
        list_id=list_id,
        entries=lambda: _entries(by_role, list_id),
        complete=not missing,
        files=tuple((role.value, by_role[role]) for role in sorted(by_role)),
        doubts=tuple(
            f"{file.name} does not end with OFAC's end-of-file mark (0x1A): it may be cut"
            for role, file in by_role.items()
            if role is not Role.COMMENTS and not ends_as_published(file)
        ),
    )


def _missing(by_role: dict[Role, PlainFile]) -> list[Role]:
    missing = [role for role in (Role.ALIASES, Role.ADDRESSES) if role not in by_role]
    if Role.COMMENTS not in by_role and any(
        _is_cut(row.cells[11]) for row in rows(by_role[Role.PARTIES], Role.PARTIES)
    ):
        missing.append(Role.COMMENTS)
    return missing


def _is_cut(remarks: str) -> bool:
    """Whether the remark fills its column and does not end with the full stop of a whole one."""
    return len(remarks) >= ofac_remarks.MAX_LENGTH and not remarks.endswith(".")


def _entries(by_role: dict[Role, PlainFile], list_id: str) -> Iterator[Listing]:
    parties = by_role[Role.PARTIES]
    keys = _keys(parties)
    sides = _Sides(*(_side(by_role.get(role), role, keys) for role in (Role.ALIASES, Role.ADDRESSES, Role.COMMENTS)))
    key_of = ofac_party.UniqueNames(keys.pairs())
    for row in rows(parties, Role.PARTIES):
        yield _listing(row, list_id, sides, key_of, where=f"{parties.name} line {row.line}")


def _keys(parties: PlainFile) -> ofac_party.Parties:
    """ent_num to name of every party; a first look at the file that also finds repeated ones."""
    keys, lines = ofac_party.Parties(), array("Q")
    for row in rows(parties, Role.PARTIES):
        keys.add(row.key, row.cells[1])
        lines.append(row.line)
    for key, number in keys.repeated():
        where = f"{parties.name} line {lines[number]}"
        raise MalformedListError(f"ent_num {key} is used for a second party", where=where)
    return keys


def _side(file: PlainFile | None, role: Role, keys: ofac_party.Parties) -> _Side:
    side, last = _Side(), ""
    for row in rows(file, role) if file else ():
        if row.key != last and row.key not in keys:
            raise MalformedListError(
                f"ent_num {row.key} is not among the parties: the files are not of one set",
                where=f"{file.name if file else ''} line {row.line}",
            )
        side.add(row)
        last = row.key
    return side


def _listing(row: Row, list_id: str, sides: _Sides, key_of: ofac_party.UniqueNames, *, where: str) -> Listing:
    _, name, type_, programmes, *_ = row.cells
    if not name or not programmes:
        raise MalformedListError("a party without a name or without a programme", where=where)
    if type_.lower() not in _KINDS:
        raise MalformedListError(f"unknown type of party {type_!r}", where=where)
    kind = _KINDS[type_.lower()]
    # A cut remark fills its column; its rest goes on in the middle of a word, so nothing stands between.
    rest = "".join(side.cells[1] for side in sides.comments.of(row.key))
    remarks = row.cells[11] + rest
    told = ofac_remarks.told(remarks, kind, cut=not rest and _is_cut(remarks))
    tags = tuple(tag.strip(" []") for tag in programmes.split("] ["))
    aliases = sides.aliases.of(row.key)
    addresses = tuple(_addresses(sides.addresses.of(row.key)))
    listed_on, basis = listing_dates(list_id).get(row.key, (None, None))
    return Listing(
        list_id=list_id,
        key=row.key,
        reference=row.key,
        kind=kind,
        names=tuple(_names(name, aliases, told)),
        birth_dates=told.birth_dates,
        countries=_countries(row, told, kind),
        address_countries=tuple(dict.fromkeys(a.country for a in addresses if a.country)),
        genders=told.genders,
        identifiers=told.identifiers,
        addresses=addresses,
        programmes=tags,
        listed_on=listed_on,
        listed_on_basis=basis,
        relations=tuple(
            Relation(kind="linked_to", name=linked, target=key_of.get(linked.rstrip(". "))) for linked in told.linked_to
        ),
        dprk=ofac_party.is_dprk(tags, [remarks]),
        record=_record(row, aliases, remarks),
    )


def _names(primary: str, aliases: Sequence[Row], told: Told) -> Iterator[ListedName]:
    seen = {primary}
    yield ListedName(text=primary, quality=AliasQuality.PRIMARY)
    strong = (ListedName(text=row.cells[3], quality=AliasQuality.STRONG) for row in aliases if row.cells[3])
    for name in (*strong, *told.weak_aliases):
        if name.text not in seen:
            seen.add(name.text)
            yield name


def _addresses(found: Sequence[Row]) -> Iterator[Address]:
    for row in found:
        parts = [cell for cell in row.cells[2:5] if cell]
        if parts:
            yield Address(text=", ".join(parts), country=country_code(row.cells[4]) if row.cells[4] else None)


def _countries(row: Row, told: Told, kind: ListingKind) -> tuple[str, ...]:
    flag = country_code(row.cells[9]) if row.cells[9] else None
    return ofac_party.with_registrations(told.countries, told.identifiers, [flag] if flag else [], kind)


def _record(row: Row, aliases: Sequence[Row], remarks: str) -> dict[str, object]:
    """What the publisher wrote and the other fields do not hold as written."""
    record: dict[str, object] = {name: row.cells[i] for i, name in _RECORD_COLUMNS.items() if row.cells[i]}
    if remarks:
        record["remarks"] = remarks
    if aliases:
        record["alternate_names"] = [{"type": alias.cells[2], "name": alias.cells[3]} for alias in aliases]
    return record
