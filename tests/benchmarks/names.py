"""Made-up names in the shape of real ones, the same in every run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from service.lists.listing import AliasQuality, ListedName, Listing, ListingKind

ONSETS = ("b", "ch", "d", "g", "h", "j", "k", "kh", "l", "m", "n", "p", "r", "s", "sh", "t", "v", "y", "z")
NUCLEI = ("a", "e", "i", "o", "u", "ae", "yo", "ya", "ou", "eo")
CODAS = ("", "", "n", "ng", "k", "l", "m", "r", "v", "s")
FORMS = ("Trading Company", "General Corporation", "Shipping Co Ltd", "Bank", "Construction LLC", "Group")
SEED = 1718


def _word(source: random.Random, syllables: int) -> str:
    return "".join(
        source.choice(ONSETS) + source.choice(NUCLEI) + source.choice(CODAS) for _ in range(syllables)
    ).capitalize()


def person(source: random.Random) -> str:
    """A person's name of two to four words."""
    return " ".join(_word(source, source.randint(1, 3)) for _ in range(source.randint(2, 4)))


def organisation(source: random.Random) -> str:
    """An organisation's name with its form."""
    return f"{_word(source, source.randint(2, 3))} {_word(source, 2)} {source.choice(FORMS)}"


QUALITIES = (AliasQuality.PRIMARY, AliasQuality.STRONG)


def listings(names: int) -> Iterator[Listing]:
    """Listings with ``names`` names in all: a primary name and an alias each, six in ten persons."""
    source = random.Random(SEED)
    for number in range(names // len(QUALITIES)):
        is_person = source.random() < 0.6
        make = person if is_person else organisation
        yield Listing(
            list_id="un_sc",
            key=str(number),
            reference=f"T.{number}",
            kind=ListingKind.PERSON if is_person else ListingKind.ORGANISATION,
            names=tuple(ListedName(text=make(source), quality=quality) for quality in QUALITIES),
            listed_on=date(2016, 3, 2),
        )


def misspelt(name: str, source: random.Random) -> str:
    """The name with one letter exchanged."""
    at = source.randrange(len(name))
    return name[:at] + source.choice("aeioukmnrst") + name[at + 1 :]
