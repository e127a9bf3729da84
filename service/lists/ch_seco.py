"""The Swiss sanctions list, XML as SECO publishes it (the whole list).

Publisher: State Secretariat for Economic Affairs. Root ``swiss-sanctions-list`` with ``sanctions-program``,
``target`` and, behind them, ``place``. The file holds its own history: de-listed targets stay in it, and
``modification`` elements carry whole copies of former targets. Only targets directly below the root count,
and of those only the ones whose latest modification, by the day it took effect, is no de-listing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.errors import MalformedListError
from service.lists.ch_seco_names import names, primary_name
from service.lists.ch_seco_parts import addresses, birth_dates, genders, identifiers, nationalities
from service.lists.container import PlainFile
from service.lists.list_file import ListFile
from service.lists.listing import Listing, ListingKind, Relation
from service.lists.xml_records import as_published, clean, local_name, records, root_of

ROOT = "swiss-sanctions-list"
DELISTED = "no longer listed"
_WHOLE = "whole-list"
_PROGRAM, _TARGET, _PLACE = "sanctions-program", "target", "place"
_KINDS = {"individual": ListingKind.PERSON, "entity": ListingKind.ORGANISATION}
_OBJECTS = {"vessel": ListingKind.VESSEL, "aircraft": ListingKind.AIRCRAFT}
_HISTORY = frozenset({"added", "removed"})
_MODIFICATIONS = frozenset({"listed", "amended", "de-listed"})
_DPRK = ("north korea", "nordkorea", "corée du nord", "democratic people's republic of korea", "dprk")
_MAX_ELEMENTS = 200_000  # in one target with its history


@dataclass(frozen=True, slots=True)
class _Program:
    ssid: str
    name: str
    dprk: bool


@dataclass(frozen=True, slots=True)
class _Index:
    """What stands elsewhere in the file: programmes by set, places, names of the targets that are listed."""

    programs: dict[str, _Program] = field(default_factory=dict)
    places: dict[str, Any] = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)
    delisted: dict[str, str] = field(default_factory=dict)
    related: set[str] = field(default_factory=set)


def recognises(files: Sequence[PlainFile]) -> bool:
    """Whether the one file has this list's root element."""
    return len(files) == 1 and f"<{ROOT}".encode() in files[0].head


def read_file(file: PlainFile, list_id: str) -> ListFile:
    """The list in ``file``; iterating streams its targets that are listed.

    The file is gone through once before, for programmes, places and names. MalformedListError for another
    root, a list that is not the whole one, a target of an unknown programme or given twice, broken XML.
    """
    root = root_of(file.stream)
    if local_name(root.tag) != ROOT:
        raise MalformedListError(f"the root element is {local_name(root.tag)}, not {ROOT}", where=file.name)
    if root.get("list-type") != _WHOLE:
        kind = root.get("list-type")
        raise MalformedListError(f"list-type is {kind!r}, not {_WHOLE!r}: changes alone are no list", where=file.name)
    try:
        published_on = date.fromisoformat(root.get("date", ""))
    except ValueError as error:
        raise MalformedListError(f"date is {root.get('date')!r}, not a day", where=file.name) from error
    index = _index(file)
    nowhere = len(index.related - index.listed.keys() - index.delisted.keys())
    return ListFile(
        list_id=list_id,
        published_on=published_on,
        entries=lambda: _entries(file, list_id, index),
        doubts=(f"relations point at {nowhere} targets that the file does not have",) if nowhere else (),
        left_out=((DELISTED, len(index.delisted)),) if index.delisted else (),
    )


def _index(file: PlainFile) -> _Index:
    index = _Index()
    paths = frozenset({_PROGRAM, _TARGET, _PLACE})
    for path, element in records(file.stream, paths, required=paths - {_PLACE}, max_elements=_MAX_ELEMENTS):
        if path == _PROGRAM:
            program = _program(element)
            for given in element.iterfind("sanctions-set"):
                index.programs[given.get("ssid", "")] = program
        elif path == _PLACE:
            index.places[element.get("ssid", "")] = as_published(element)
        else:
            ssid = element.get("ssid", "")
            if not ssid or ssid in index.listed or ssid in index.delisted:
                reason = "is given twice" if ssid else "has no ssid"
                raise MalformedListError(f"the target {reason}", where=f"target {ssid or element.sourceline}")
            side = index.listed if is_listed(element) else index.delisted
            party = _party(element)
            side[ssid] = primary_name(party)
            index.related.update(each.get("target-id", "") for each in party.iterfind("relation"))
    return index


def _program(element: Any) -> _Program:
    keys = {each.get("lang"): clean(each.text) for each in element.iterfind("program-key")}
    titles = [clean(each.text) for each in element.iterfind("program-name")]
    name = keys.get("eng") or next(iter(keys.values()), "") or element.get("ssid", "")
    words = " ".join([*keys.values(), *titles]).casefold()
    return _Program(element.get("ssid", ""), name, any(word in words for word in _DPRK))


def _entries(file: PlainFile, list_id: str, index: _Index) -> Iterator[Listing]:
    others = frozenset({_PROGRAM, _PLACE})
    for _, element in records(file.stream, frozenset({_TARGET}), ignored=others, max_elements=_MAX_ELEMENTS):
        if element.get("ssid", "") in index.listed:
            yield _listing(element, list_id, index)


def is_listed(target: Any) -> bool:
    """Whether the latest modification, by the day it took effect, is no de-listing.

    They are in no sure order. Of several on one day a listing counts last: who left a list and came back on
    the same day is listed.
    """
    latest = max(_modifications(target), default=None)
    return latest is None or latest[-1] != "de-listed"


def _listed_on(target: Any) -> date | None:
    """The day of the first listing since the last de-listing."""
    since: str | None = None
    for day, _, _, _, what in sorted(_modifications(target)):
        if what == "de-listed":
            since = None
        elif what == "listed" and since is None:
            since = day
    return date.fromisoformat(since) if since else None


def _modifications(target: Any) -> Iterator[tuple[str, str, str, bool, str]]:
    """(effective, published, enacted, is a listing, what) of each modification."""
    for each in target.iterfind("modification"):
        where = f"target {target.get('ssid')}"
        what = each.get("modification-type", "")
        if what not in _MODIFICATIONS:
            raise MalformedListError(f"unknown modification {what!r}", where=where)
        days = [each.get(f"{name}-date", "") for name in ("effective", "publication", "enactment")]
        effective = next((day for day in days if day), "")
        try:
            date.fromisoformat(effective)
        except ValueError as error:
            raise MalformedListError(f"a modification of the day {effective!r}", where=where) from error
        yield effective, days[1], days[2], what == "listed", what


def _party(target: Any) -> Any:
    """The individual, entity or object directly below ``target``."""
    found = [child for child in target if child.tag in _KINDS or child.tag == "object"]
    if len(found) != 1:
        where = f"target {target.get('ssid')}"
        raise MalformedListError(f"{len(found)} individuals, entities and objects; expected one", where=where)
    return found[0]


def _listing(target: Any, list_id: str, index: _Index) -> Listing:
    ssid, party = target.get("ssid"), _party(target)
    programs = _programs(target, index)
    kind = _KINDS.get(party.tag) or _OBJECTS.get(party.get("object-type", ""))
    if kind is None:
        raise MalformedListError(f"unknown object {party.get('object-type')!r}", where=f"target {ssid}")
    listed_on = _listed_on(target)
    where = addresses(party, index.places)
    return Listing(
        list_id=list_id,
        key=ssid,
        reference=f"{programs[0].ssid}-{ssid}",  # as SECO prints it: SSID 20-5142
        kind=kind,
        names=names(party),
        birth_dates=birth_dates(party) if kind is ListingKind.PERSON else (),
        countries=nationalities(party),
        address_countries=tuple(dict.fromkeys(each.country for each in where if each.country)),
        genders=genders(party),
        identifiers=identifiers(party, kind),
        addresses=where,
        programmes=tuple(dict.fromkeys(program.name for program in programs)),
        listed_on=listed_on,
        listed_on_basis="list" if listed_on else None,
        relations=tuple(_relations(party, index)),
        dprk=any(program.dprk for program in programs),
        record=as_published(target, without=_HISTORY),
    )


def _programs(target: Any, index: _Index) -> list[_Program]:
    ssids = [target.get("sanctions-set-id", ""), *(clean(each.text) for each in target.iterfind("sanctions-set-id"))]
    ssids = [ssid for ssid in ssids if ssid]
    if missing := [ssid for ssid in ssids if ssid not in index.programs]:
        where = f"target {target.get('ssid')}"
        raise MalformedListError(f"no programme of the file has the set {missing[0]}", where=where)
    if not ssids:
        raise MalformedListError("no sanctions-set-id", where=f"target {target.get('ssid')}")
    return [index.programs[ssid] for ssid in ssids]


def _relations(party: Any, index: _Index) -> Iterator[Relation]:
    for each in party.iterfind("relation"):
        to, what = each.get("target-id", ""), each.get("relation-type", "")
        name = index.listed.get(to) or index.delisted.get(to)
        if name:  # else the file as a whole is in doubt
            yield Relation(kind=_relation_kind(what), name=name, target=to if to in index.listed else None)


def _relation_kind(what: str) -> str:
    words = what.casefold().replace("-", " ")
    if "owned" in words or "controlled" in words or "subsidiary" in words:
        return "owned_or_controlled_by"
    if "owns" in words or "controls" in words or "parent" in words:
        return "owns_or_controls"
    if "acting" in words or "behalf" in words:
        return "acting_for"
    return "linked_to" if "related" in words or "associat" in words else "other"
