"""How long a decision has to be kept: retention classes by jurisdiction, as data.

``retention.toml`` holds the classes that come with the service; an operator may add a file of the same form
(HIRESCREEN_RETENTION), which can lengthen a period and never shorten one. Where nobody stated whose law binds, the
longest duty on file holds: missing is never "may be erased".
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from service.errors import ConfigError
from service.nationality.countries import UnknownCountryError, is_bound_by_eu_law, parse_country
from service.records import JsonObject

BUILT_IN = Path(__file__).with_name("retention.toml")
LONGEST_YEARS = 100
LONGEST = "longest"  # the class of what has none
UNREADABLE = "??"  # a country that was stated and names no one State


class CountedFrom(StrEnum):
    """From which day the years run."""

    DECISION = "decision"
    CALENDAR_YEAR = "calendar_year"


@dataclass(frozen=True, kw_only=True, slots=True)
class RetentionClass:
    """One rule about keeping records; see the head of retention.toml for each field."""

    id: str
    jurisdictions: tuple[str, ...]
    duty_years: int
    keep_years: int
    counted_from: CountedFrom
    basis: str
    source: str
    relied_on_exemption: bool = False
    in_force_from: date | None = None

    def last_day(self, decided_on: date, years: int) -> date:
        """The last day of a period of ``years`` years."""
        if self.counted_from is CountedFrom.CALENDAR_YEAR:
            return date(decided_on.year + years, 12, 31)
        try:
            return decided_on.replace(year=decided_on.year + years)
        except ValueError:  # 29 February: not a day less
            return date(decided_on.year + years, 3, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Retention:
    """What holds for one decision: ``keep_until`` is the last day of the duty, None where no duty was found.

    ``proposed_after`` is the day after which a sweep proposes to erase it.
    """

    class_id: str
    basis: str
    source: str
    keep_until: date | None
    proposed_after: date

    def runs(self, on: date) -> bool:
        """Whether it must still be kept on that day."""
        return self.keep_until is not None and on <= self.keep_until

    def described(self) -> JsonObject:
        """As JSON: ``class``, ``basis``, ``source``, ``keep_until``."""
        return {
            "class": self.class_id,
            "basis": self.basis,
            "source": self.source,
            "keep_until": self.keep_until.isoformat() if self.keep_until else None,
        }


@dataclass(frozen=True, slots=True)
class RetentionSchedule:
    """The classes that hold here."""

    classes: tuple[RetentionClass, ...]

    def retention(self, request: Mapping[str, Any] | None, decided_at: datetime) -> Retention:
        """How long a decision is kept, from its request (JSON as stored) and the instant of the decision."""
        bound = tuple(self._binding(request or {}))
        bound = bound or (self._longest("Nobody stated whose law binds"),)
        decided_on = decided_at.astimezone(UTC).date()
        duties = [(each.last_day(decided_on, each.duty_years), each) for each in bound if each.duty_years]
        keeps = [(each.last_day(decided_on, each.keep_years), each) for each in bound]
        until, decisive = max(duties or keeps, key=lambda pair: pair[0])
        return Retention(
            class_id=decisive.id,
            basis=decisive.basis,
            source=decisive.source,
            keep_until=until if duties else None,
            proposed_after=max(day for day, _ in keeps),
        )

    @property
    def shortest_keep(self) -> int:
        """The fewest years after which anything is proposed for erasure."""
        return min(each.keep_years for each in self.classes)

    def _longest(self, why: str) -> RetentionClass:
        longest = max(self.classes, key=lambda each: each.duty_years)
        return replace(longest, id=LONGEST, basis=f"{why}, so the longest on file holds: {longest.basis}")

    def _binding(self, request: Mapping[str, Any]) -> Iterator[RetentionClass]:
        """The classes of every jurisdiction that the request names; the longest where one has none."""
        relied_on = set(_exempted(request))
        for code in set(_jurisdictions(request)):
            found = [each for each in self.classes if _is_of(each, code)]
            if not found:
                named = "the country that was stated" if code == UNREADABLE else code
                yield self._longest(f"No period is on file for {named}")
            for each in found:
                if not each.relied_on_exemption or relied_on & set(each.jurisdictions):
                    yield each


def load_schedule(added: Path | None = None) -> RetentionSchedule:
    """The built-in classes and those of the file ``added``. ConfigError names the file and the class at fault."""
    classes = [*read_classes(BUILT_IN), *(read_classes(added) if added else ())]
    ids = [each.id for each in classes]
    if repeated := sorted({each for each in (*ids, LONGEST) if (*ids, LONGEST).count(each) > 1}):
        raise ConfigError(f"The retention class {repeated[0]} is there twice, or its name is taken.")
    return RetentionSchedule(tuple(classes))


def read_classes(path: Path) -> Iterator[RetentionClass]:
    """The classes of a TOML file; ConfigError where it cannot be read."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:  # also tomllib's
        raise ConfigError(f"{path}: {error}.") from error
    for number, stated in enumerate(content.get("class", ()), 1):
        yield _class_of(stated, f"{path}, class {stated.get('id') or number}")


def _class_of(stated: Mapping[str, Any], where: str) -> RetentionClass:
    known = {each.name: each for each in fields(RetentionClass)}
    if unknown := set(stated) - set(known):
        raise ConfigError(f"{where}: {', '.join(sorted(unknown))} is no field of a retention class.")
    try:
        found = RetentionClass(
            **{
                **stated,
                "jurisdictions": tuple(stated["jurisdictions"]),
                "counted_from": CountedFrom(stated["counted_from"]),
            }
        )
    except (KeyError, TypeError) as error:
        raise ConfigError(f"{where}: a field is missing ({error}).") from error
    except ValueError as error:
        raise ConfigError(f"{where}: counted_from is decision or calendar_year.") from error
    if not all(
        isinstance(years, int) and 0 <= years <= LONGEST_YEARS for years in (found.duty_years, found.keep_years)
    ):
        raise ConfigError(f"{where}: duty_years and keep_years are whole numbers from 0 to {LONGEST_YEARS}.")
    if found.keep_years < found.duty_years:
        raise ConfigError(f"{where}: keep_years is less than duty_years.")
    if not all(isinstance(text, str) and text for text in (found.id, found.basis, found.source, *found.jurisdictions)):
        raise ConfigError(f"{where}: id, jurisdictions, basis and source are texts.")
    return found


def _is_of(found: RetentionClass, code: str) -> bool:
    """Whether a class is of the jurisdiction ``code``; a State in which EU regulations bind counts as the EU too."""
    if code in found.jurisdictions:
        return True
    return "EU" in found.jurisdictions and is_bound_by_eu_law(code)


def _jurisdictions(request: Mapping[str, Any]) -> Iterator[str]:
    """Whose law binds the decision, and "US" for any tie to the United States."""
    for stated in request.get("jurisdictions") or ():
        yield _code(stated)
    work = request.get("work") or {}
    for name in ("country", "performed_from", "employer_country"):
        if work.get(name):
            yield _code(work[name])
    for party in request.get("counterparties") or ():
        code = _code(party["country"]) if party.get("country") else None
        if code == "US" or (code and party.get("role") == "legal_employer"):
            yield code


def _code(stated: str) -> str:
    if stated.strip().upper() == "EU":
        return "EU"
    try:
        code = parse_country(stated).code
    except UnknownCountryError:
        return UNREADABLE
    return "EU" if code == "EUE" else code or UNREADABLE


def _exempted(request: Mapping[str, Any]) -> Iterable[str]:
    """The jurisdictions from whose clauses the request relies on an exemption; "UK" of a clause's id is GB."""
    for exemption in request.get("exemptions") or ():
        prefix = str(exemption.get("clause", "")).partition("-")[0]
        yield "GB" if prefix == "UK" else prefix
