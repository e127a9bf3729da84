"""What OFAC's XML formats say of a party, whatever the format: statements by label, lists, programmes.

Publisher: OFAC, U.S. Department of the Treasury. A party has the same number (uid, ent_num, FixedRef) and
the same labels in every format.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from service.errors import MalformedListError
from service.lists import ofac_identifiers, ofac_remarks
from service.lists.compact import Distinct, Places, Texts
from service.lists.listing import AliasQuality, ListedIdentifier, ListedName, ListingKind
from service.lists.numbers import is_number
from service.nationality.countries import country_code

SDN = "us_ofac_sdn"
CONSOLIDATED = "us_ofac_cons"
KINDS = {
    "individual": ListingKind.PERSON,
    "entity": ListingKind.ORGANISATION,
    "vessel": ListingKind.VESSEL,
    "aircraft": ListingKind.AIRCRAFT,
}
_LIST_NAMES = {SDN: "SDN List", CONSOLIDATED: "Consolidated List"}
_REGISTRATIONS = frozenset({"registration_number", "ogrn", "inn", "uscc", "tax_id"})
_NATIONAL = frozenset({"nationality country", "citizenship country", "nationality of registration",
                       "registration country"})  # fmt: skip
_FLAG = "vessel flag"
# Programmes that no party of the other list has alone: Cuba and the narcotics traffickers are blocked, so
# they are SDNs; Palestinian legislators, Chinese military companies and banks under CISADA are not.
_FOREIGN = {
    SDN: frozenset({"NS-PLC", "CMIC-EO13959", "561List", "561-Related"}),
    CONSOLIDATED: frozenset({"CUBA", "SDNT", "SDNTK"}),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A label and what stands beside it; ``country`` as the publisher names it (of a document: its issuer)."""

    label: str
    text: str
    country: str | None = None


def list_name(list_id: str) -> str:
    """What OFAC calls the list inside its files; each party of the file is on it."""
    return _LIST_NAMES[list_id]


def refuse_other_list(list_id: str, programmes: Iterable[str], *, where: str) -> None:
    """MalformedListError where a party's programmes show that the file is OFAC's other list."""
    tags = set(programmes)
    if tags and tags <= _FOREIGN[list_id]:
        raise MalformedListError(
            f"the programme {', '.join(sorted(tags))} is not of the {list_name(list_id)}: another list", where=where
        )


def listing_day(list_id: str, days: Mapping[str, date], *, where: str) -> date:
    """The day of listing from the days on which the party came on each of OFAC's lists.

    ``Consolidated List`` is the sum of the non-SDN lists and younger than some of them: the first day on one
    of those counts. MalformedListError where the party is not on the list that the file should be.
    """
    name = list_name(list_id)
    if name not in days:
        raise MalformedListError(f"the party is on {', '.join(days) or 'no list'}, not on the {name}", where=where)
    if list_id == SDN:
        return days[name]
    return min((day for each, day in days.items() if each not in _LIST_NAMES.values()), default=days[name])


def distinct_names(names: Iterable[ListedName]) -> tuple[ListedName, ...]:
    """Each text once, where it comes first and with the best quality that it is given."""
    found: dict[str, ListedName] = {}
    for name in names:
        known = found.setdefault(name.text, name)
        if known.quality is AliasQuality.WEAK:
            found[name.text] = name
    return tuple(found.values())


def identifiers(statements: Iterable[Statement], kind: ListingKind) -> tuple[ListedIdentifier, ...]:
    """The statements that are numbers of the party."""
    found = (ofac_identifiers.labelled(each.label, each.text, each.country, kind) for each in statements)
    return tuple(dict.fromkeys(identifier for identifier in found if identifier))


def genders(statements: Iterable[Statement]) -> tuple[str, ...]:
    """``male`` or ``female`` as stated."""
    stated = (each.text.lower() for each in statements if each.label.lower() == "gender")
    return tuple(dict.fromkeys(gender for gender in stated if gender in ("male", "female")))


def countries(
    statements: Iterable[Statement], numbers: Iterable[ListedIdentifier], kind: ListingKind
) -> tuple[str, ...]:
    """Alpha-2 codes of nationalities; see ``with_registrations`` for what is no person."""
    stated = list(statements)
    national = [country_code(each.text) for each in stated if each.label.lower() in _NATIONAL]
    flags = [country_code(each.text) for each in stated if each.label.lower() == _FLAG]
    return with_registrations((c for c in national if c), numbers, (c for c in flags if c), kind)


def with_registrations(
    national: Iterable[str], numbers: Iterable[ListedIdentifier], flags: Iterable[str], kind: ListingKind
) -> tuple[str, ...]:
    """Nationalities of a person; of others also where they are registered or under whose flag they sail."""
    found = [*national]
    if kind is not ListingKind.PERSON:
        found += [number.country for number in numbers if number.country and number.kind in _REGISTRATIONS]
        found += flags
    return tuple(dict.fromkeys(found))


def is_dprk(programmes: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether a programme or one of the ``texts`` (remarks, statements) puts the party under the DPRK rules."""
    return any(tag.startswith("DPRK") for tag in programmes) or any(
        ofac_remarks.names_the_dprk_regulations(text) for text in texts
    )


class Parties(Mapping[str, str]):
    """Key to name of every party of a file, in its order; some forty bytes for each."""

    def __init__(self) -> None:
        self._keys, self._names = Distinct(), Texts()

    def __getitem__(self, key: str) -> str:
        number = self._keys.number_of(key)
        if number is None:
            raise KeyError(key)
        return self._names[number]

    def __iter__(self) -> Iterator[str]:
        return (key for key, _ in self.pairs())

    def __len__(self) -> int:
        return len(self._names)

    def add(self, key: str, name: str) -> None:
        """Note the next party."""
        self._keys.add(key)
        self._names.append(name)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """(key, name) in the order of the file."""
        return ((self._keys.texts[number], self._names[number]) for number in range(len(self)))

    def repeated(self) -> Iterator[tuple[str, int]]:
        """(key, place in the file from 0) of each party whose key another one had before."""
        return ((self._keys.texts[number], number) for _, number in self._keys.repeated())

    def name_at(self, number: int) -> str:
        """The name of the party at a place in the file, from 0."""
        return self._names[number]


class UniqueNames:
    """The keys of parties by the names that only one party has, without a full stop at their ends."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        """``pairs``: key and name of every party."""
        self._names, self._keys = Places(), Texts()
        for key, name in pairs:
            self._names.add(name.rstrip(". "), len(self._keys))
            self._keys.append(key)

    def get(self, name: str) -> str | None:
        """The key of the one party that is called so."""
        numbers = self._names.of(name)
        return self._keys[numbers[0]] if len(numbers) == 1 else None


def once(pairs: Iterable[tuple[str, str]]) -> Parties:
    """Key to name of every party of a file; MalformedListError for a second party under one number."""
    parties = Parties()
    for key, name in pairs:
        if not is_number(key):
            raise MalformedListError(f"{key!r} where the number of a party belongs", where=name or "a nameless party")
        parties.add(key, name)
    for key, number in parties.repeated():
        where = parties.name_at(number) or f"a nameless party, number {number + 1} of the file"
        raise MalformedListError(f"the number {key} is used for a second party", where=where)
    return parties


def joined(parts: Iterable[str]) -> str:
    """The parts that say something, with commas between them."""
    return ", ".join(part for part in parts if part)


def texts_of(statements: Iterable[Statement]) -> Iterator[str]:
    """What the statements say, without their labels."""
    return (each.text for each in statements)
