"""What OpenSanctions keeps beside a party in entities of their own: sanctions, addresses, documents, links.

They stand anywhere in the file. What is kept of them in memory is where they stand, by a digest of the id of
whom they speak of, so that a file of half a gigabyte needs some tens of megabytes; they are read when asked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

import orjson

from service.lists.compact import Places
from service.lists.listing import Address, ListedIdentifier, Relation
from service.nationality.countries import country_code

_MAJORITY = 50.0  # percent: less is a share in a company, no hold over it
# schema: (the one, the other, what the other is to the one, what the one is to the other)
_LINKS = {
    "Ownership": ("asset", "owner", "owned_or_controlled_by", "owns_or_controls"),
    "Directorship": ("director", "organization", "acting_for", "linked_to"),
    "Representation": ("agent", "client", "acting_for", "linked_to"),
    "Employment": ("employee", "employer", "linked_to", "linked_to"),
    "Membership": ("member", "organization", "linked_to", "linked_to"),
    "Associate": ("person", "associate", "linked_to", "linked_to"),
    "Family": ("person", "relative", "other", "other"),
    "Succession": ("successor", "predecessor", "other", "other"),
    "UnknownLink": ("subject", "object", "linked_to", "linked_to"),
}
_HELD = {"Passport": "holder", "Identification": "holder", "CryptoWallet": "holder", "Sanction": "entity"}
_OF_A_LINK = ("role", "relationship", "percentage", "startDate", "endDate")
_OF_A_SANCTION = ("authority", "program", "programId", "authorityId", "listingDate", "startDate", "endDate")


class Link(NamedTuple):
    """A link as seen from one party: ``other`` is an id, ``stated`` what the publisher says of the link."""

    kind: str
    other: str
    stated: dict[str, Any]


class Sides:
    """Noted in a first run over the file, looked up by the id of a party in the second."""

    def __init__(self, stream: BinaryIO) -> None:
        """``stream``: the file, seekable. Asking for something moves its position."""
        self._stream = stream
        self._mentions = Places()
        self._entities = Places()
        self._listed = Places()

    def add(self, entity: dict[str, Any], offset: int, *, listed: bool) -> None:
        """Note where ``entity`` stands; ``listed``: it is itself an entry of the list."""
        schema, properties = entity["schema"], entity["properties"]
        if schema in _LINKS:
            ends = {end for name in _LINKS[schema][:2] for end in properties.get(name, ())}
        else:
            ends = set(properties.get(_HELD.get(schema, ""), ()))
        for end in ends:
            self._mentions.add(end, offset)
        if schema not in _LINKS and schema not in _HELD:
            self._entities.add(entity["id"], offset)
            if listed:
                self._listed.add(entity["id"], offset)

    def repeated(self) -> str | None:
        """The id of an entry of the list that stands in the file twice, if there is one."""
        for one, other in self._listed.repeated():
            if (key := self._read(one)["id"]) == self._read(other)["id"]:
                return str(key)
        return None

    def beside(self, party: str) -> Beside:
        """Everything that stands beside ``party``."""
        found = Beside()
        for offset in self._mentions.of(party):
            found.add(self._read(offset), party)
        return found

    def relations(self, links: list[Link]) -> tuple[Relation, ...]:
        """``links`` with others of the file as relations; one that ended, or a small share, is of kind other."""
        found = []
        for link in links:
            if entity := self._entity(link.other):
                target = link.other if self._listed.of(link.other) else None
                found.append(Relation(kind=link.kind, name=entity["caption"], target=target))
        return tuple(dict.fromkeys(found))

    def address(self, key: str) -> Address | None:
        """The address with the id ``key``."""
        properties = (self._entity(key) or {"properties": {}})["properties"]
        text = next(iter(properties.get("full", ())), "")
        return Address(text=text, country=_first_country(properties)) if text else None

    def _entity(self, key: str) -> dict[str, Any] | None:
        return next((each for place in self._entities.of(key) if (each := self._read(place))["id"] == key), None)

    def _read(self, offset: int) -> dict[str, Any]:
        self._stream.seek(offset)
        entity: dict[str, Any] = orjson.loads(self._stream.readline())
        return entity


class Beside:
    """What is said of one party by entities of their own."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.sanctions: list[dict[str, list[str]]] = []
        self.numbers: list[ListedIdentifier] = []

    def add(self, entity: dict[str, Any], party: str) -> None:
        """Take what ``entity`` says of ``party``, if it speaks of it."""
        schema, properties = entity["schema"], entity["properties"]
        if schema in _LINKS:
            self.links += _links(entity, party)
        elif party not in properties.get(_HELD[schema], ()):
            return
        elif schema == "Sanction":
            self.sanctions.append({name: properties[name] for name in _OF_A_SANCTION if name in properties})
        elif schema == "CryptoWallet":
            values = properties.get("publicKey", ())
            self.numbers += [ListedIdentifier(kind="crypto_address", value=value) for value in values]
        else:
            words = " ".join(properties.get("type", ())).casefold()
            kind = "passport" if schema == "Passport" or "passport" in words else "other"
            country = _first_country(properties)
            values = [*properties.get("number", ()), *properties.get("passportNumber", ())]
            self.numbers += [ListedIdentifier(kind=kind, value=value, country=country) for value in values]


def country_of(code: str) -> str | None:
    """Alpha-2 of a country code of FollowTheMoney; parts of a State (gb-sct) count as the State."""
    return country_code(code[:2].upper()) if len(code) == 2 or code[2:3] == "-" else None


def _first_country(properties: dict[str, list[str]]) -> str | None:
    return next((code for each in properties.get("country", ()) if (code := country_of(each))), None)


def _links(entity: dict[str, Any], party: str) -> Iterator[Link]:
    schema, properties = entity["schema"], entity["properties"]
    one, other, forward, back = _LINKS[schema]
    stated = {"schema": schema, **{name: properties[name] for name in _OF_A_LINK if name in properties}}
    if _has_ended(entity) or (schema == "Ownership" and _is_a_share(properties)):
        forward = back = "other"
    if party in properties.get(one, ()):
        yield from (Link(forward, there, stated) for there in properties.get(other, ()))
    if party in properties.get(other, ()):
        yield from (Link(back, here, stated) for here in properties.get(one, ()))


def _has_ended(entity: dict[str, Any]) -> bool:
    """Whether the link had ended when it was last seen; where several ends are given, the last one."""
    ends = entity["properties"].get("endDate", ())
    seen = str(entity.get("last_seen") or entity.get("last_change") or "9999")
    return bool(ends) and max(ends) <= seen


def _is_a_share(properties: dict[str, list[str]]) -> bool:
    shares = [share for text in properties.get("percentage", ()) if (share := _percent(text)) is not None]
    return bool(shares) and max(shares) < _MAJORITY


def _percent(text: str) -> float | None:
    try:
        share = float(text.strip().rstrip("%").replace(",", "."))
    except ValueError:
        return None
    return share if math.isfinite(share) else None
