"""OFAC's lists as Enhanced XML: ``SDN_ENHANCED.XML`` and ``CONS_ENHANCED.XML``, plain or zipped.

Publisher: OFAC, U.S. Department of the Treasury. Root ``sanctionsData``; an ``entity`` holds everything
about its party, with days of listing, qualities of names, scripts and typed relations to other parties.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, BinaryIO

from service.errors import MalformedListError
from service.lists import ofac_party
from service.lists.container import PlainFile
from service.lists.list_file import ListFile
from service.lists.listing import Address, AliasQuality, BirthDate, ListedName, Listing, Relation
from service.lists.ofac_births import birth_date, birth_period
from service.lists.ofac_names import person_name
from service.lists.ofac_party import KINDS, Statement
from service.lists.ofac_relations import relation_kind
from service.lists.xml_records import as_published, clean, local_name, records, root_of
from service.nationality.countries import country_code

ROOT = "sanctionsData"
_HEAD = "publicationInfo"
_ENTITY = "entities/entity"
_PATHS = frozenset({_HEAD, _ENTITY})
_REFERENCES = frozenset({"referenceValues/referenceValue", "featureTypes/featureType"})  # repeated in the entities
_REQUIRED = frozenset({"entities"})
_LATIN = "Latin"
_NO_STATEMENTS = frozenset({"Place of Birth", "Birthdate"})
# Numbers of parts, and the names a second time in pieces; what they say stands beside them as text.
_NOT_KEPT = frozenset({
    "identityId", "versionId", "valueRefId", "nameParts", "formattedFirstName", "formattedLastName",
})  # fmt: skip
_KEPT_ATTRIBUTES = frozenset({"datePublished", "entityId"})


def recognises(files: Sequence[PlainFile]) -> bool:
    """Whether the one file has this format's root element."""
    return len(files) == 1 and f"<{ROOT}".encode() in files[0].head


def read_file(file: PlainFile, list_id: str) -> ListFile:
    """The list in ``file``; iterating the result streams its parties in file order.

    MalformedListError where the root is another one, the head lacks its day or names another list or a
    selection; while iterating, where the XML breaks or a party lacks its name, type, programme or day of
    listing, occurs twice or is not on the list.
    """
    root = local_name(root_of(file.stream).tag)
    if root != ROOT:
        raise MalformedListError(f"the root element is {root}, not {ROOT}", where=file.name)
    path, head = next(records(file.stream, _PATHS, ignored=_REFERENCES), ("", None))
    if path != _HEAD:
        raise MalformedListError(f"{_HEAD} with the day of the data is missing", where=file.name)
    _refuse_selection(head, list_id, file.name)
    return ListFile(
        list_id=list_id,
        entries=lambda: _entries(file.stream, list_id),
        published_on=_day(_text(head, "dataAsOf"), "dataAsOf", file.name),
    )


def _refuse_selection(head: Any, list_id: str, where: str) -> None:
    """OFAC's site also exports selections (by list, programme, country): only the whole list will do.

    Without a word on it each party is still held against the list.
    """
    filters = {local_name(each.tag): _texts(each) for each in head.iterfind("{*}filters/*") if len(each)}
    expected = ofac_party.list_name(list_id)
    if filters and filters != {"sanctionsLists": [expected]}:
        stated = "; ".join(f"{name}: {', '.join(values)}" for name, values in filters.items())
        raise MalformedListError(f"the file is of {stated}, not of the whole {expected}", where=where)


def _entities(stream: BinaryIO) -> Iterator[Any]:
    for path, element in records(stream, _PATHS, ignored=_REFERENCES, required=_REQUIRED):
        if path == _ENTITY:
            yield element


def _entries(stream: BinaryIO, list_id: str) -> Iterator[Listing]:
    keys = ofac_party.once((each.get("id", ""), _primary(each)) for each in _entities(stream))
    for element in _entities(stream):
        yield _listing(element, list_id, keys)


def _listing(element: Any, list_id: str, keys: Mapping[str, str]) -> Listing:
    key, type_ = element.get("id", ""), _text(element, "generalInfo", "entityType")
    where = f"entity {key}"
    programmes = tuple(dict.fromkeys(clean(each.text) for each in _all(element, "sanctionsPrograms", "*")))
    if not keys[key] or not all(programmes) or not programmes:
        raise MalformedListError("a party without a name or without a programme", where=where)
    if type_.lower() not in KINDS:
        raise MalformedListError(f"unknown type of party {type_!r}", where=where)
    kind = KINDS[type_.lower()]
    statements = [*_statements(element)]
    numbers = ofac_party.identifiers(statements, kind)
    addresses = tuple(dict.fromkeys(_addresses(element)))
    remarks = _text(element, "generalInfo", "remarks")
    return Listing(
        list_id=list_id,
        key=key,
        reference=key,
        kind=kind,
        names=ofac_party.distinct_names(_names(element, keys[key])),
        birth_dates=tuple(dict.fromkeys(_births(element, where))),
        countries=ofac_party.countries(statements, numbers, kind),
        address_countries=tuple(dict.fromkeys(each.country for each in addresses if each.country)),
        genders=ofac_party.genders(statements),
        identifiers=numbers,
        addresses=addresses,
        programmes=programmes,
        listed_on=ofac_party.listing_day(list_id, _days(element, where), where=where),
        listed_on_basis="list",
        relations=tuple(dict.fromkeys(_relations(element, keys, where))),
        dprk=ofac_party.is_dprk(programmes, [remarks, *ofac_party.texts_of(statements)]),
        record=as_published(element, without=_NOT_KEPT, attributes=_KEPT_ATTRIBUTES),
    )


def _days(element: Any, where: str) -> dict[str, date]:
    """The first day on which the party came on each list."""
    days: dict[str, date] = {}
    for each in _all(element, "sanctionsLists", "sanctionsList"):
        day = _day(each.get("datePublished", ""), "datePublished", where)
        name = clean(each.text)
        days[name] = min(day, days.get(name, day))
    return days


def _primary(element: Any) -> str:
    """The Latin form of the primary name."""
    for name in _all(element, "names", "name"):
        if _is_true(name, "isPrimary"):
            forms = [*_all(name, "translations", "translation")]
            latin = [each for each in forms if _text(each, "script") == _LATIN]
            return _written((latin or forms)[0]) if forms else ""
    return ""


def _names(element: Any, primary: str) -> Iterator[ListedName]:
    yield ListedName(text=primary, quality=AliasQuality.PRIMARY)
    for name in _all(element, "names", "name"):
        quality = AliasQuality.WEAK if _is_true(name, "isLowQuality") else AliasQuality.STRONG
        for form in _all(name, "translations", "translation"):
            if text := _written(form):
                latin = _text(form, "script") == _LATIN
                yield ListedName(text=text, quality=quality if latin else AliasQuality.ORIGINAL_SCRIPT)


def _written(form: Any) -> str:
    script, given = _text(form, "script"), _text(form, "formattedFirstName")
    if script == _LATIN or not given:
        return _text(form, "formattedFullName")
    return person_name(_text(form, "formattedLastName"), given, script=script)


def _statements(element: Any) -> Iterator[Statement]:
    for each in _all(element, "identityDocuments", "identityDocument"):
        country = _text(each, "issuingCountry") or None
        yield Statement(_text(each, "type"), _text(each, "documentNumber"), country)
    for each in _all(element, "features", "feature"):
        if (label := _text(each, "type")) not in _NO_STATEMENTS:
            yield Statement(label, _text(each, "value"))


def _births(element: Any, where: str) -> Iterator[BirthDate]:
    """By the period, which is exact; by the words where there is none."""
    for each in _all(element, "features", "feature"):
        if _text(each, "type") != "Birthdate":
            continue
        period = each.find("{*}valueDate")
        if period is not None:
            first, last = (_day(_text(period, end), end, where) for end in ("fromDateBegin", "toDateEnd"))
            yield birth_period(first, last, circa=_is_true(period, "isApproximate"))
        elif born := birth_date(_text(each, "value")):
            yield born


def _addresses(element: Any) -> Iterator[Address]:
    for each in _all(element, "addresses", "address"):
        country = _text(each, "country")
        for form in _all(each, "translations", "translation"):
            parts = [clean(part.text) for part in _all(form, "addressParts", "addressPart", "value")]
            if text := ofac_party.joined([*parts, country]):
                code = next((code for word in (country, *parts) if (code := _code(word, country))), None)
                yield Address(text=text, country=code)


def _code(word: str, country: str) -> str | None:
    """A region may stand in place of the country: ``Region: Gaza``."""
    return country_code(word) if word == country or word.startswith("Region: ") else None


def _relations(element: Any, keys: Mapping[str, str], where: str) -> Iterator[Relation]:
    for each in _all(element, "relationships", "relationship"):
        related = each.find("{*}relatedEntity")
        if related is None or not (name := clean(related.text)):
            raise MalformedListError("a relation to nobody", where=where)
        target = related.get("entityId", "")
        yield Relation(kind=relation_kind(_text(each, "type")), name=name, target=target if target in keys else None)


def _day(text: str, tag: str, where: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise MalformedListError(f"{tag} is {text!r}, not a day", where=where) from error


def _is_true(element: Any, name: str) -> bool:
    return _text(element, name) == "true"


def _all(element: Any, *path: str) -> Iterator[Any]:
    found: Iterator[Any] = element.iterfind("/".join(name if name == "*" else f"{{*}}{name}" for name in path))
    return found


def _text(element: Any, *path: str) -> str:
    return clean(element.findtext("/".join(f"{{*}}{name}" for name in path)))


def _texts(element: Any) -> list[str]:
    return [clean(each.text) for each in element]
