"""The EU's consolidated list of financial sanctions, XML 1.1 (``xmlFullSanctionsList_1_1``).

Publisher: European Commission, Financial Sanctions Files. Root ``export`` in the namespace
``http://eu.europa.ec/fpi/fsd/export`` with one ``sanctionEntity`` a party. The list follows the Official
Journal, which alone is authentic, and may lag behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from service.errors import MalformedListError
from service.lists.container import PlainFile
from service.lists.eu_fsf_entity import Entity, listing_of
from service.lists.list_file import ListFile
from service.lists.listing import Listing
from service.lists.xml_records import as_published, clean, local_name, records, root_of

ROOT = "export"
_ENTITY = "sanctionEntity"
# Which act brought each detail is no information about the party, and is half of the file.
_NOT_KEPT = frozenset({"regulationSummary"})


def recognises(files: Sequence[PlainFile]) -> bool:
    """Whether the one file has this list's root element and namespace."""
    head = files[0].head if len(files) == 1 else b""
    return b"<export" in head and b"/fsd/export" in head


def read_file(file: PlainFile, list_id: str) -> ListFile:
    """The list in ``file``; iterating the result streams its entities.

    MalformedListError where the root is another one or its date of generation is missing; while
    iterating, where the XML breaks, an entity lacks what the list must give, or a logicalId comes twice.
    """
    generated_at = _generated_at(file.stream)
    return ListFile(
        list_id=list_id,
        published_on=generated_at.date(),
        generated_at=generated_at if generated_at.utcoffset() is not None else None,
        entries=lambda: _entries(file.stream, list_id),
    )


def _generated_at(stream: BinaryIO) -> datetime:
    root = root_of(stream)
    if local_name(root.tag) != ROOT:
        raise MalformedListError(f"the root element is {local_name(root.tag)}, not {ROOT}")
    stated = root.get("generationDate", "")
    try:
        return datetime.fromisoformat(stated)
    except ValueError as error:
        raise MalformedListError(f"generationDate is {stated[:60]!r}, not an instant") from error


def _entries(stream: BinaryIO, list_id: str) -> Iterator[Listing]:
    known: dict[str, str] = {}
    for _, element in records(stream, frozenset({_ENTITY})):
        listing = listing_of(_entity(element), list_id)
        if listing.key in known:
            other = known[listing.key]
            detail = "comes twice" if other == listing.name else f"is used for {other!r} and for {listing.name!r}"
            raise MalformedListError(f"logicalId {listing.key} {detail}", where=listing.reference)
        known[listing.key] = listing.name
        yield listing


def _entity(element: Any) -> Entity:
    key = clean(element.get("logicalId"))
    reference = clean(element.get("euReferenceNumber"))
    if not key:
        raise MalformedListError("logicalId is missing", where=reference or f"line {element.sourceline}")
    regulations = _all(element, "regulation")
    return Entity(
        key=key,
        reference=reference or key,  # a few entities have no EU reference number
        subject=next((clean(each.get("code")).lower() for each in _children(element, "subjectType")), ""),
        programmes=tuple(dict.fromkeys(each["programme"] for each in regulations if each.get("programme"))),
        designated=clean(element.get("designationDate")),
        acts=tuple(_acts(element)),
        names=_all(element, "nameAlias"),
        births=_all(element, "birthdate"),
        citizenships=_all(element, "citizenship"),
        addresses=_all(element, "address"),
        documents=_all(element, "identification"),
        record=as_published(element, without=_NOT_KEPT),
    )


def _acts(element: Any) -> Iterator[str]:
    """The days of every legal act named for the entity or for a detail of it."""
    for regulation in _children(element, "regulation"):
        yield clean(regulation.get("entryIntoForceDate") or regulation.get("publicationDate"))
    for summary in element.iter("{*}regulationSummary"):
        yield clean(summary.get("publicationDate"))


def _children(element: Any, name: str) -> Iterator[Any]:
    yield from element.iterfind(f"{{*}}{name}")


def _all(element: Any, name: str) -> tuple[dict[str, str], ...]:
    """The attributes of each child ``name``, with its remarks as ``remark``."""
    return tuple(
        {**{key: value for key, value in child.items() if value.strip()}, "remark": _remark(child)}
        for child in _children(element, name)
    )


def _remark(element: Any) -> str:
    return "; ".join(clean(remark.text) for remark in _children(element, "remark") if clean(remark.text))
