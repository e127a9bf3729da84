"""OFAC's lists as plain XML: ``sdn.xml`` and ``consolidated.xml``.

Publisher: OFAC, U.S. Department of the Treasury. Root ``sdnList`` with ``publshInformation`` (OFAC's
spelling) and one ``sdnEntry`` a party; the namespace changed on 7 May 2024, so names count without it.
Relations stand in the remarks, the sanctions regulations among the ids. The file states no days of
listing: they come from ``listing_dates.tsv`` where known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, BinaryIO

from service.errors import MalformedListError
from service.lists import ofac_party, ofac_remarks
from service.lists.container import PlainFile
from service.lists.list_file import ListFile
from service.lists.listing import Address, AliasQuality, BirthDate, ListedName, Listing, Relation
from service.lists.listing_dates import listing_dates
from service.lists.numbers import is_number
from service.lists.ofac_births import birth_date
from service.lists.ofac_party import KINDS, Statement
from service.lists.xml_records import as_published, clean, local_name, records, root_of
from service.nationality.countries import country_code

ROOT = "sdnList"
_HEADS = frozenset({"publshInformation", "publishInformation"})
_ENTRY = "sdnEntry"
_ADDRESS = ("address1", "address2", "address3", "city", "stateOrProvince", "postalCode", "country")
_WEAK = {"strong": AliasQuality.STRONG, "weak": AliasQuality.WEAK}
_NOT_KEPT = frozenset({"uid"})  # numbers of addresses, names and dates; the party's own is its key


def recognises(files: Sequence[PlainFile]) -> bool:
    """Whether the one file has this format's root element."""
    return len(files) == 1 and f"<{ROOT}".encode() in files[0].head


def read_file(file: PlainFile, list_id: str) -> ListFile:
    """The list in ``file``; iterating the result streams its parties in file order.

    MalformedListError where the root is another one or the head lacks its date or count; while iterating,
    where the XML breaks, a party lacks its name, type or programme, occurs twice or is of the other list.
    """
    root = local_name(root_of(file.stream).tag)
    if root != ROOT:
        raise MalformedListError(f"the root element is {root}, not {ROOT}", where=file.name)
    published_on, declared = _head(file)
    key_of = cache(lambda: _key_of(file.stream))  # of the first iteration, for every later one
    return ListFile(
        list_id=list_id,
        entries=lambda: _entries(file.stream, list_id, key_of()),
        published_on=published_on,
        declared_entries=declared,
    )


def _head(file: PlainFile) -> tuple[date, int]:
    path, element = next(records(file.stream, _HEADS | {_ENTRY}), ("", None))
    if path not in _HEADS:
        raise MalformedListError("publshInformation with the date and the count is missing", where=file.name)
    stated, count = _text(element, "Publish_Date"), _text(element, "Record_Count")
    try:
        published_on = datetime.strptime(stated, "%m/%d/%Y").date()  # noqa: DTZ007 - a calendar day
    except ValueError as error:
        raise MalformedListError(f"Publish_Date is {stated!r}, not MM/DD/YYYY", where=file.name) from error
    if not is_number(count):
        raise MalformedListError(f"Record_Count is {count!r}, not a number", where=file.name)
    return published_on, int(count)


def _parties(stream: BinaryIO) -> Iterator[Any]:
    for path, element in records(stream, _HEADS | {_ENTRY}):
        if path == _ENTRY:
            yield element


def _key_of(stream: BinaryIO) -> ofac_party.UniqueNames:
    keys = ofac_party.once((_text(each, "uid"), _name(each)) for each in _parties(stream))
    return ofac_party.UniqueNames(keys.pairs())


def _entries(stream: BinaryIO, list_id: str, key_of: ofac_party.UniqueNames) -> Iterator[Listing]:
    for element in _parties(stream):
        yield _listing(element, list_id, key_of)


def _listing(element: Any, list_id: str, key_of: ofac_party.UniqueNames) -> Listing:
    key, name, type_ = _text(element, "uid"), _name(element), _text(element, "sdnType")
    where = f"uid {key}"
    programmes = tuple(_texts(element, "programList", "program"))
    if not name or not programmes:
        raise MalformedListError("a party without a name or without a programme", where=where)
    if type_.lower() not in KINDS:
        raise MalformedListError(f"unknown type of party {type_!r}", where=where)
    ofac_party.refuse_other_list(list_id, programmes, where=where)
    kind = KINDS[type_.lower()]
    statements = [*_statements(element)]
    remarks = _text(element, "remarks")
    numbers = ofac_party.identifiers(statements, kind)
    addresses = tuple(_addresses(element))
    listed_on, basis = listing_dates(list_id).get(key, (None, None))
    return Listing(
        list_id=list_id,
        key=key,
        reference=key,
        kind=kind,
        names=ofac_party.distinct_names(_names(element, name, where)),
        birth_dates=tuple(dict.fromkeys(_births(element))),
        countries=ofac_party.countries(statements, numbers, kind),
        address_countries=tuple(dict.fromkeys(each.country for each in addresses if each.country)),
        genders=ofac_party.genders(statements),
        identifiers=numbers,
        addresses=addresses,
        programmes=programmes,
        listed_on=listed_on,
        listed_on_basis=basis,
        relations=tuple(_relations(remarks, key_of)),
        dprk=ofac_party.is_dprk(programmes, [remarks, *ofac_party.texts_of(statements)]),
        record=as_published(element, without=_NOT_KEPT),
    )


def _name(element: Any) -> str:
    return ofac_party.joined((_text(element, "lastName"), _text(element, "firstName")))


def _names(element: Any, primary: str, where: str) -> Iterator[ListedName]:
    yield ListedName(text=primary, quality=AliasQuality.PRIMARY)
    for aka in element.iterfind("{*}akaList/{*}aka"):
        category = _text(aka, "category").lower()
        if category not in _WEAK:
            raise MalformedListError(f"an alias of the unknown category {category!r}", where=where)
        if text := _name(aka):
            yield ListedName(text=text, quality=_WEAK[category])


def _statements(element: Any) -> Iterator[Statement]:
    for each in element.iterfind("{*}idList/{*}id"):
        yield Statement(_text(each, "idType"), _text(each, "idNumber"), _text(each, "idCountry") or None)
    for country in _texts(element, "nationalityList", "nationality", "country"):
        yield Statement("Nationality Country", country)
    for country in _texts(element, "citizenshipList", "citizenship", "country"):
        yield Statement("Citizenship Country", country)
    for flag in _texts(element, "vesselInfo", "vesselFlag"):
        yield Statement("Vessel Flag", flag)


def _births(element: Any) -> Iterator[BirthDate]:
    """One that cannot be read gives nothing (it stays in the record): no date is no evidence."""
    for text in _texts(element, "dateOfBirthList", "dateOfBirthItem", "dateOfBirth"):
        if born := birth_date(text):
            yield born


def _addresses(element: Any) -> Iterator[Address]:
    for each in element.iterfind("{*}addressList/{*}address"):
        country = _text(each, "country")
        if text := ofac_party.joined(_text(each, part) for part in _ADDRESS):
            yield Address(text=text, country=country_code(country) if country else None)


def _relations(remarks: str, key_of: ofac_party.UniqueNames) -> Iterator[Relation]:
    plain = ofac_remarks.linked_to(ofac_remarks.segments(remarks))
    for name in dict.fromkeys((*ofac_remarks.linked_in_brackets(remarks), *plain)):
        yield Relation(kind="linked_to", name=name, target=key_of.get(name.rstrip(". ")))


def _text(element: Any, name: str) -> str:
    return clean(element.findtext(f"{{*}}{name}"))


def _texts(element: Any, *path: str) -> Iterator[str]:
    found = (clean(each.text) for each in element.iterfind("/".join(f"{{*}}{name}" for name in path)))
    return (text for text in found if text)
