"""The EU's consolidated list of financial sanctions, CSV 1.1 (``csvFullSanctionsList_1_1``).

Publisher: European Commission, Financial Sanctions Files. UTF-8 with a byte order mark, ``;`` between
cells, some 115 named columns in any order; an entity has a row for each of its names, addresses, birth
dates and documents. Unlike the XML it has no ``strong`` flag: the quality of a name stands in its remark.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.errors import MalformedListError
from service.lists.container import PlainFile
from service.lists.csv_records import Layout, Row, grouped, is_csv, one_value, rows, values
from service.lists.eu_fsf_entity import Entity, day_of, listing_of
from service.lists.list_file import ListFile
from service.lists.listing import Listing

_KEY = "Entity_LogicalId"
_SUBJECT = "Entity_SubjectType_ClassificationCode"
_PROGRAMME = "Entity_Regulation_Programme"
LAYOUT = Layout(
    delimiter=";",
    needed=frozenset(
        {
            *("fileGenerationDate", _KEY, "Entity_EU_ReferenceNumber", "Entity_DesignationDate", _SUBJECT, _PROGRAMME),
            *("NameAlias_WholeName", "NameAlias_NameLanguage", "NameAlias_Remark"),
            *("BirthDate_BirthDate", "BirthDate_Year", "BirthDate_Circa", "Citizenship_CountryIso2Code"),
            *("Address_City", "Address_CountryIso2Code", "Identification_Number", "Identification_TypeCode"),
        }
    ),
)
_GROUPS = ("NameAlias", "BirthDate", "Citizenship", "Address", "Identification")
_ACT_COLUMNS = (
    "Entity_Regulation_EntryIntoForceDate",
    *(f"{group}_Regulation_PublicationDate" for group in _GROUPS),
)
# Columns whose attribute in the XML has another name; all others differ in the first letter's case alone.
_ATTRIBUTES = {
    "BirthDate_BirthDate": "birthdate",
    "BirthDate_Day": "dayOfMonth",
    "BirthDate_Month": "monthOfYear",
    "Identification_TypeCode": "identificationTypeCode",
    "Identification_TypeDescription": "identificationTypeDescription",
}
_SUBJECTS = {"p": "person", "e": "enterprise"}


def recognises(files: Sequence[PlainFile]) -> bool:
    """Whether the one file is no XML; the columns are checked when it is read."""
    return len(files) == 1 and is_csv(files[0])


def read_file(file: PlainFile, list_id: str) -> ListFile:
    """The list in ``file``; iterating the result streams its entities.

    MalformedListError where a needed column or the day of generation is missing; while iterating, for
    rows that are not whole and for an entity whose rows contradict each other.
    """
    first = next(rows(file, LAYOUT), None)
    if first is None:
        raise MalformedListError("a header and no rows", where=file.name)
    return ListFile(
        list_id=list_id,
        published_on=day_of(first["fileGenerationDate"], where=f"{file.name} line {first.line}"),
        entries=lambda: _entries(file, list_id),
    )


def _entries(file: PlainFile, list_id: str) -> Iterator[Listing]:
    for key, group in grouped(lambda: rows(file, LAYOUT), _KEY):
        yield listing_of(_entity(key, group, f"{file.name} line {group[0].line}"), list_id)


def _entity(key: str, group: list[Row], where: str) -> Entity:
    subject = one_value(group, _SUBJECT, where=where).lower()
    stated = {name: _attributes(group, name) for name in _GROUPS}
    return Entity(
        key=key,
        reference=one_value(group, "Entity_EU_ReferenceNumber", where=where) or key,
        subject=_SUBJECTS.get(subject, subject),
        programmes=values(group, _PROGRAMME),
        designated=one_value(group, "Entity_DesignationDate", where=where),
        acts=tuple(act for column in _ACT_COLUMNS for act in values(group, column)),
        names=stated["NameAlias"],
        births=stated["BirthDate"],
        citizenships=stated["Citizenship"],
        addresses=stated["Address"],
        documents=stated["Identification"],
        record=_record(group, stated),
    )


def _attributes(group: list[Row], name: str) -> tuple[dict[str, str], ...]:
    """The distinct details of one kind in the rows, by the names of the XML's attributes."""
    found: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}
    for row in group:
        cells = {_attribute(column): cell for column, cell in row.cells.items() if _is_of(column, name)}
        if cells:
            found.setdefault(tuple(sorted(cells.items())), cells)
    return tuple(found.values())


def _is_of(column: str, name: str) -> bool:
    """The columns of a detail, without those of the act that brought it."""
    return column.startswith(f"{name}_") and not column.startswith(f"{name}_Regulation_")


def _attribute(column: str) -> str:
    bare = column.partition("_")[2]
    return _ATTRIBUTES.get(column) or bare[:1].lower() + bare[1:]


def _record(group: list[Row], stated: Mapping[str, Any]) -> dict[str, Any]:
    """The entity's own columns as written, and its details."""
    columns = {column for row in group for column in row.cells if column.startswith("Entity_")}
    record: dict[str, Any] = {}
    for column in sorted(columns):
        found = values(group, column)
        record[column] = found[0] if len(found) == 1 else list(found)
    return {**record, **{name: list(details) for name, details in stated.items() if details}}
