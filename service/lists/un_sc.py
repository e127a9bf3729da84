"""The UN Security Council Consolidated List, XML as the Council publishes it.

Publisher: United Nations Security Council, ``consolidated.xml`` and its variant ordered by reference
(``consolidatedLegacyByPRN.xml``). Root ``CONSOLIDATED_LIST`` with ``INDIVIDUALS`` and ``ENTITIES``, no
namespace. The file fails the publisher's own schema, so the reader checks what it needs itself. Vessels
of the 1718 regime are published elsewhere and are not in this file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any, BinaryIO

from service.errors import MalformedListError
from service.lists import un_documents, un_relations
from service.lists.compact import Distinct
from service.lists.container import PlainFile
from service.lists.list_file import ListFile
from service.lists.listing import Address, AliasQuality, ListedName, Listing, ListingKind
from service.lists.un_births import DAY, birth_dates
from service.lists.un_names import distinct, names_in_note, names_of
from service.lists.xml_records import clean, records, root_of
from service.nationality.countries import country_code

LIST_ID = "un_sc"
ROOT = "CONSOLIDATED_LIST"
_RECORDS = {"INDIVIDUALS/INDIVIDUAL": ListingKind.PERSON, "ENTITIES/ENTITY": ListingKind.ORGANISATION}
_KINDS = {path.rpartition("/")[2]: kind for path, kind in _RECORDS.items()}
_SECTIONS = frozenset({"INDIVIDUALS", "ENTITIES"})
_QUALITIES = {"good": AliasQuality.STRONG, "low": AliasQuality.WEAK}  # also: a.k.a., f.k.a., none
_NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_NO_COUNTRY = frozenset({"", "-", "na", "n/a", "none", "unknown"})
_OWN_WORDS = {"Congo": "CG"}  # the United Nations' name of the Republic of the Congo, ambiguous elsewhere
_NOT_KEPT = frozenset({"VERSIONNUM", "SORT_KEY", "SORT_KEY_LAST_MOD"})  # no information, see FORMATS


def recognises(files: Sequence[PlainFile]) -> bool:
    """Whether the one file has this list's root element."""
    return len(files) == 1 and f"<{ROOT}".encode() in files[0].head


def read_file(file: PlainFile, list_id: str) -> ListFile:
    """The list in ``file``; see ``read``."""
    del list_id  # the format carries this one list only
    return read(file.stream)


def read(stream: BinaryIO) -> ListFile:
    """The list in ``stream`` (seekable, unpacked); iterating the result streams its entries.

    MalformedListError where the root is another one, the date of generation is missing or the file
    carries a DOCTYPE; while iterating, where the XML breaks or a record lacks what the list must give.
    """
    generated_at = _generated_at(stream)
    named = cache(lambda: _named(stream))  # of the first iteration, for every later one
    return ListFile(
        list_id=LIST_ID,
        published_on=generated_at.date(),
        generated_at=generated_at,
        entries=lambda: _entries(stream, named()),
    )


def _generated_at(stream: BinaryIO) -> datetime:
    root = root_of(stream)
    if root.tag != ROOT:
        raise MalformedListError(f"the root element is {root.tag}, not {ROOT}")
    stated = root.get("dateGenerated", "")
    try:
        instant = datetime.fromisoformat(stated)
    except ValueError:
        instant = None
    if instant is None or instant.utcoffset() is None:
        raise MalformedListError(f"dateGenerated is {stated[:60]!r}, not an instant with its zone")
    return instant


def _entries(stream: BinaryIO, named: un_relations.Named) -> Iterator[Listing]:
    for _, element in records(stream, frozenset(_RECORDS), required=_SECTIONS):
        listing = _listing(element)
        stated = un_relations.relations(listing, named)
        yield replace(listing, relations=stated) if stated else listing


def _named(stream: BinaryIO) -> un_relations.Named:
    """The names of a first run over the file; MalformedListError where a record occurs twice."""
    named, keys, references = un_relations.Named(), Distinct(), Distinct()
    for _, element in records(stream, frozenset(_RECORDS)):
        listing = _listing(element)
        named.add(listing)
        keys.add(listing.key)
        references.add(listing.reference)
    for _, number in (*keys.repeated(), *references.repeated()):
        raise MalformedListError("the record occurs twice", where=references.texts[number])
    return named


def _listing(element: Any) -> Listing:
    reference = _text(element, "REFERENCE_NUMBER")
    where = reference or f"line {element.sourceline}"
    key = _text(element, "DATAID")
    programme = _text(element, "UN_LIST_TYPE")
    for tag, value in (("REFERENCE_NUMBER", reference), ("DATAID", key), ("UN_LIST_TYPE", programme)):
        if not value:
            raise MalformedListError(f"{tag} is missing", where=where)
    return Listing(
        list_id=LIST_ID,
        key=key,
        reference=reference,
        kind=_KINDS[element.tag],
        names=distinct(_names(element, where)),
        birth_dates=tuple(dict.fromkeys(birth_dates(element))),
        countries=_countries(value.text for value in element.iterfind("NATIONALITY/VALUE")),
        address_countries=_countries(node.text for node in _under(element, "_ADDRESS", "COUNTRY")),
        genders=tuple(
            gender.text.strip().lower() for gender in element.iterfind("GENDER") if (gender.text or "").strip()
        ),
        identifiers=un_documents.identifiers(element, _country),
        addresses=tuple(_addresses(element)),
        programmes=(programme,),
        listed_on=_listed_on(element, where),
        listed_on_basis="list",
        dprk=programme == "DPRK",
        record=_record(element),
    )


def _names(element: Any, where: str) -> Iterator[ListedName]:
    joined = " ".join(part for part in (_text(element, tag) for tag in _NAME_PARTS) if part)
    if not joined:
        raise MalformedListError("the record has no name", where=where)
    primary = joined.split(";")[0].strip() if element.tag == "ENTITY" else joined
    yield ListedName(text=primary, quality=AliasQuality.PRIMARY)
    yield from names_of(joined, AliasQuality.PRIMARY)
    for original in element.iterfind("NAME_ORIGINAL_SCRIPT"):
        if clean(original.text):
            yield ListedName(text=clean(original.text), quality=AliasQuality.ORIGINAL_SCRIPT)
    for alias in element.iterfind(f"{element.tag}_ALIAS"):
        text = _text(alias, "ALIAS_NAME")
        if text:  # empty alias elements are normal
            quality = _QUALITIES.get(_text(alias, "QUALITY").lower(), AliasQuality.STRONG)
            yield from names_of(text, quality)
            yield from names_in_note(_text(alias, "NOTE"), text)


def _addresses(element: Any) -> Iterator[Address]:
    for address in element.iterfind(f"{element.tag}_ADDRESS"):
        tags = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE")
        parts = [part for part in (_text(address, tag) for tag in tags) if part not in ("", "-")]
        if parts:
            yield Address(text=", ".join(parts), country=_country(_text(address, "COUNTRY")))


def _under(element: Any, suffix: str, tag: str) -> Iterator[Any]:
    yield from element.iterfind(f"{element.tag}{suffix}/{tag}")


def _countries(texts: Iterator[str | None]) -> tuple[str, ...]:
    codes = (_country(text or "") for text in texts)
    return tuple(dict.fromkeys(code for code in codes if code))


def _country(text: str) -> str | None:
    """The code of a country's name; the list writes names only, so ``na`` is not Namibia."""
    text = clean(text)
    if text.lower() in _NO_COUNTRY or len(text) < 4:
        return None
    return _OWN_WORDS.get(text) or country_code(text)


def _listed_on(element: Any, where: str) -> date:
    """LISTED_ON, a day that may carry a zone (``2015-07-01-04:00``); the day as written counts."""
    text = _text(element, "LISTED_ON")
    match = DAY.match(text)
    try:
        return date(*(int(part) for part in (match.groups()[:3] if match else ())))
    except (ValueError, TypeError) as error:
        raise MalformedListError(f"LISTED_ON is {text!r}, not a date", where=where) from error


def _text(element: Any, tag: str) -> str:
    return clean(element.findtext(tag))


def _record(element: Any) -> dict[str, Any]:
    """The record as published: tag to text, or to a list where there is structure or repetition."""
    record: dict[str, Any] = {}
    for child in element:
        value = _record(child) if len(child) else clean(child.text)
        if child.tag in _NOT_KEPT or not value:
            continue
        if child.tag in record:
            known = record[child.tag]
            record[child.tag] = [*(known if isinstance(known, list) else [known]), value]
        else:
            record[child.tag] = value
    return record
