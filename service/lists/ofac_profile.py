"""A party of OFAC's Advanced XML: its names from their typed parts, and its features.

Publisher: OFAC, U.S. Department of the Treasury, ``DistinctParty``. A documented name in another script is
no further alias but the same one in its own letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.errors import MalformedListError
from service.lists.listing import AliasQuality, BirthDate, ListedName
from service.lists.ofac_advanced_sides import Place, Sides, day_of
from service.lists.ofac_births import birth_period
from service.lists.ofac_names import full_name
from service.lists.ofac_party import Statement
from service.lists.ofac_reference import References
from service.lists.xml_records import clean

_LATIN = "Latin"


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentedName:
    """One spelling of one alias; ``alias_type`` is OFAC's word (``A.K.A.``, ``Name`` …)."""

    text: str
    alias_type: str
    script: str
    primary: bool
    low_quality: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """A party with its numbers looked up; ``sub_type`` is the number of its type."""

    key: str
    sub_type: str
    names: tuple[DocumentedName, ...]
    comments: tuple[str, ...]
    statements: tuple[Statement, ...]
    births: tuple[BirthDate, ...]
    birthplaces: tuple[str, ...]
    addresses: tuple[Place, ...]


def profile_of(element: Any, sides: Sides) -> Profile:
    """The one profile of a ``DistinctParty``; MalformedListError where there is another number of them."""
    key = element.get("FixedRef", "")
    where = f"profile {key}"
    profiles = element.findall("{*}Profile")
    if len(profiles) != 1 or profiles[0].get("ID") != key:
        raise MalformedListError(f"{len(profiles)} profiles, or one under another number", where=where)
    profile = profiles[0]
    features = [*_features(profile, sides, where)]
    documents = [
        document
        for identity in profile.iterfind("{*}Identity")
        for document in sides.documents_of(identity.get("ID", ""))
    ]
    return Profile(
        key=key,
        sub_type=profile.get("PartySubTypeID", ""),
        names=tuple(_names(profile, sides.references, where)),
        comments=tuple(text for each in element.iterfind(".//{*}Comment") if (text := clean(each.text))),
        statements=(*documents, *(each for each in features if isinstance(each, Statement))),
        births=tuple(each for each in features if isinstance(each, BirthDate)),
        birthplaces=tuple(text for label, place in _places(features) if label != "Location" for text in place.texts),
        addresses=tuple(place for label, place in _places(features) if label == "Location"),
    )


def primary_name(element: Any, tables: References) -> str:
    """The primary name of a ``DistinctParty``; empty where it has none."""
    profile = element.find("{*}Profile")
    found = _names(profile, tables, f"profile {element.get('FixedRef')}") if profile is not None else iter(())
    return next((name.text for name in _by_rank(found) if name.primary), "")


def names(profile: Profile) -> Iterator[ListedName]:
    """The primary name, then all others; what is not in Latin letters is of the original script."""
    for rank, name in enumerate(_by_rank(iter(profile.names))):
        if rank == 0:
            quality = AliasQuality.PRIMARY
        elif name.script != _LATIN:
            quality = AliasQuality.ORIGINAL_SCRIPT
        else:
            quality = AliasQuality.WEAK if name.low_quality else AliasQuality.STRONG
        yield ListedName(text=name.text, quality=quality)


def _by_rank(found: Iterator[DocumentedName]) -> list[DocumentedName]:
    """The primary alias in Latin letters first, then as in the file."""
    return sorted(found, key=lambda name: (not name.primary, name.primary and name.script != _LATIN))


def _names(profile: Any, tables: References, where: str) -> Iterator[DocumentedName]:
    for identity in profile.iterfind("{*}Identity"):
        groups = {
            group.get("ID", ""): tables.text("NamePartType", group.get("NamePartTypeID"), where=where)
            for group in identity.iterfind("{*}NamePartGroups/{*}MasterNamePartGroup/{*}NamePartGroup")
        }
        for alias in identity.iterfind("{*}Alias"):
            type_ = tables.text("AliasType", alias.get("AliasTypeID"), where=where)
            primary = alias.get("Primary") == "true" and identity.get("Primary", "true") == "true"
            for documented in alias.iterfind("{*}DocumentedName"):
                values = [*documented.iterfind("{*}DocumentedNamePart/{*}NamePartValue")]
                parts = ((groups.get(each.get("NamePartGroupID", ""), ""), clean(each.text)) for each in values)
                script = _script(values, tables, where)
                if text := full_name(((kind, value) for kind, value in parts if value), script=script):
                    yield DocumentedName(
                        text=text,
                        alias_type=type_,
                        script=script,
                        primary=primary,
                        low_quality=alias.get("LowQuality") == "true",
                    )


def _script(values: list[Any], tables: References, where: str) -> str:
    """The first script that is not Latin; Latin where none is stated."""
    stated = (tables.text("Script", each.get("ScriptID"), where=where) for each in values if each.get("ScriptID"))
    return next((script for script in stated if script != _LATIN), _LATIN)


_Feature = Statement | BirthDate | tuple[str, Place]


def _features(profile: Any, sides: Sides, where: str) -> Iterator[_Feature]:
    for feature in profile.iterfind("{*}Feature"):
        label = sides.references.text("FeatureType", feature.get("FeatureTypeID"), where=where)
        for version in feature.iterfind("{*}FeatureVersion"):
            yield from _told(label, version, sides, where)


def _told(label: str, version: Any, sides: Sides, where: str) -> Iterator[_Feature]:
    """A birth date, places (an address, a place of birth, a country) or words."""
    for period in version.iterfind("{*}DatePeriod"):
        yield Statement(label, _day_text(period, where))
        if label == "Birthdate":
            yield _birth(period, where)
    for location in version.iterfind("{*}VersionLocation"):
        place = sides.place(location.get("LocationID", ""))
        if place is None:
            raise MalformedListError(f"Location {location.get('LocationID')} is not in the file", where=where)
        if label in ("Location", "Place of Birth"):
            yield label, place
        else:
            yield Statement(label, place.country or place.texts[0])
    for detail in version.iterfind("{*}VersionDetail"):
        number = detail.get("DetailReferenceID")
        text = sides.references.text("DetailReference", number, where=where) if number else clean(detail.text)
        if text:
            yield Statement(label, text)


def _birth(period: Any, where: str) -> BirthDate:
    first, last = _ends(period, where)
    circa = any(end.get("Approximate") == "true" for end in period)
    return birth_period(first, last, circa=circa)


def _day_text(period: Any, where: str) -> str:
    first, last = _ends(period, where)
    return f"{first}" if first == last else f"{first} to {last}"


def _ends(period: Any, where: str) -> tuple[date, date]:
    """The first and the last day of a period; one end may be missing, and of an end its own From or To."""
    days = [
        day_of(point, where, ends=boundary == "End")
        for boundary in ("Start", "End")
        for point in period.iterfind(f"{{*}}{boundary}/*")
    ]
    if not days:
        raise MalformedListError("a period without a day", where=where)
    return days[0], days[-1]


def _places(features: list[_Feature]) -> Iterator[tuple[str, Place]]:
    for each in features:
        if isinstance(each, tuple):
            yield each
