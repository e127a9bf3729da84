"""The UK Sanctions List, XML as the Foreign, Commonwealth & Development Office publishes it.

Root ``Designations`` with ``DateGenerated`` (dd/mm/yyyy) and one ``Designation`` a party. Since 28 January
2026 it is the only list of the United Kingdom; 31/12/2020 as day of designation is the re-making of EU
measures at the EU exit, not the first listing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, BinaryIO

from service.errors import MalformedListError
from service.lists.container import PlainFile
from service.lists.list_file import ListFile
from service.lists.listing import Listing
from service.lists.uk_designation import Designation, StatedName, day_of, listing_of, with_targets
from service.lists.xml_records import as_published, clean, local_name, records, root_of

ROOT = "Designations"
_DESIGNATION = "Designation"
_GENERATED = "DateGenerated"
_NAME_PARTS = ("Name1", "Name2", "Name3", "Name4", "Name5", "Name6")
_ADDRESS_LINES = tuple(f"AddressLine{number}" for number in range(1, 7))


def recognises(files: Sequence[PlainFile]) -> bool:
    """Whether the one file has this list's root element."""
    return len(files) == 1 and f"<{ROOT}".encode() in files[0].head


def read_file(file: PlainFile, list_id: str) -> ListFile:
    """The list in ``file``; iterating the result streams its designations.

    MalformedListError where the root is another one or the day of generation is missing; while iterating,
    where the XML breaks, a designation lacks what the list must give, or a UniqueID comes twice.
    """
    return ListFile(
        list_id=list_id,
        published_on=_generated_on(file.stream),
        entries=lambda: with_targets(lambda: _entries(file.stream, list_id)),
    )


def _generated_on(stream: BinaryIO) -> date:
    root = root_of(stream)
    if local_name(root.tag) != ROOT:
        raise MalformedListError(f"the root element is {local_name(root.tag)}, not {ROOT}")
    wanted = frozenset({_GENERATED})
    found = records(stream, wanted, ignored=frozenset({_DESIGNATION}), required=wanted)
    return next(day_of(clean(element.text), where=_GENERATED) for _, element in found)


def _entries(stream: BinaryIO, list_id: str) -> Iterator[Listing]:
    keys: set[str] = set()
    for _, element in records(stream, frozenset({_DESIGNATION}), ignored=frozenset({_GENERATED})):
        listing = listing_of(_designation(element), list_id)
        if listing.key in keys:
            raise MalformedListError("the UniqueID is used for a second designation", where=listing.key)
        keys.add(listing.key)
        yield listing


def _designation(element: Any) -> Designation:
    key = _text(element, "UniqueID")
    if not key:
        raise MalformedListError("UniqueID is missing", where=f"line {element.sourceline}")
    return Designation(
        key=key,
        kind=_text(element, "IndividualEntityShip"),
        regime=_text(element, "RegimeName"),
        designated=_text(element, "DateDesignated"),
        names=tuple(
            StatedName(_joined(name, _NAME_PARTS, " "), _text(name, "NameType"), _text(name, "AliasStrength"))
            for name in element.iterfind("{*}Names/{*}Name")
        ),
        original_script=_all(element, "NameNonLatinScript"),
        births=_all(element, "DOB"),
        nationalities=_all(element, "Nationality"),
        genders=_all(element, "Gender"),
        passports=_all(element, "PassportNumber"),
        national_ids=tuple(
            (number, _text(each, "NationalIdentifierAdditionalInformation"))
            for each in element.iter("{*}NationalIdentifier")
            if (number := _text(each, "NationalIdentifierNumber"))
        ),
        registrations=_all(element, "BusinessRegistrationNumber"),
        imos=_all(element, "IMONumber"),
        flags=_all(element, "CurrentBelievedFlagOfShip"),
        addresses=tuple(_addresses(element)),
        owners=(*_all(element, "ParentCompany"), *_all(element, "CurrentOwnerOperator")),
        owned=_all(element, "Subsidiary"),
        former_owners=_all(element, "PreviousOwnerOperator"),
        record=as_published(element),
    )


def _addresses(element: Any) -> Iterator[tuple[str, str]]:
    for address in element.iterfind("{*}Addresses/{*}Address"):
        text = _joined(address, (*_ADDRESS_LINES, "AddressPostalCode", "AddressCountry"), ", ")
        if text:
            yield text, _text(address, "AddressCountry")


def _joined(element: Any, names: Sequence[str], between: str) -> str:
    return between.join(part for part in (_text(element, name) for name in names) if part)


def _all(element: Any, name: str) -> tuple[str, ...]:
    """Every text of the elements ``name`` at any depth: the publisher wraps each kind in its own plural."""
    return tuple(text for each in element.iter(f"{{*}}{name}") if (text := clean(each.text)))


def _text(element: Any, name: str) -> str:
    return clean(element.findtext(f"{{*}}{name}"))
