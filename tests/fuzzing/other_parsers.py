"""The parsers beside the readers of lists as targets: cells, containers, travel documents, countries, bundles."""

from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from service.errors import MalformedListError
from service.intake.git_bundle import BundleHistory, is_bundle
from service.lists import birth_texts, name_texts, ofac_births, own_cells, un_births, un_names
from service.lists.container import unpack
from service.lists.listing import AliasQuality, BirthDate
from service.nationality.countries import UnknownCountryError, country_code, parse_country
from service.nationality.mrz import MrzDate, MrzError, read_mrz
from service.nationality.spelling import normalise, normalise_code
from tests.fuzzing import audit_parsers, request_parsers
from tests.fuzzing.invariants import check_refusal, demand
from tests.fuzzing.mutators import Mutator, lines, raw
from tests.fuzzing.seeds import LISTS
from tests.fuzzing.tree_mutators import zipped

Parser: TypeAlias = tuple[Callable[[bytes], bool], Callable[[], Sequence[bytes]], Mutator]
MOST_PLAIN = 4 * 1024 * 1024  # bytes; the service allows more
ZONES = (
    "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<",
    "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<",
    "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<",
)
COUNTRIES = (
    "North Korea",
    "the Republic of Korea",
    "PRK",
    "408",
    "Côte d’Ivoire",
    "朝鮮",
    "조선",
    "Kor.",
    "Ｋ Ｐ",
    "Congo",
)
CELLS = (
    *("1967-01-31", "circa 1967", "31/01/1967", "31 Jan. 1967", "January 31, 1967", "31-Jan-67", "1955-11", "1970s"),
    *("1960/1964", "between Aug. and Sep. 1977", "24503", "01 Jan 1953 to 31 Dec 1953", "passport:PS 472310"),
    *("Sample Works (Aliases: SAMCO; S.W.) (PAKISTAN)", "A b) B; C", "Kim (original script: 김)", "KP", "yes"),
)


def unpacking(data: bytes) -> bool:
    """A container: what comes out is what its digest and its size say, and never more than is allowed."""
    try:
        with unpack(io.BytesIO(data), "handed.in", max_plain=MOST_PLAIN) as file:
            content = file.stream.read()
    except MalformedListError as refused:
        check_refusal(str(refused), refused.where)
        return False
    demand(len(content) == file.size <= MOST_PLAIN, "more came out than the size says")
    demand(hashlib.sha256(content).hexdigest() == file.sha256, "the digest is not that of the content")
    return True


def reading_cells(data: bytes) -> bool:
    """The readers of single cells: a text gives dates of the calendar, names that are not empty, or ValueError."""
    text = " ".join(data.decode("utf-8", "replace").split())
    births = [*birth_texts.birth_dates(text), *un_births._birth_date(text, circa=False)]
    births += [born for born in (ofac_births.birth_date(text),) if born]
    births += [born for born in (_or_none(own_cells.birth_date, text),) if born]
    for born in births:
        _check_birth(born)
    names = list(un_names.distinct(un_names.names_of(text, AliasQuality.PRIMARY)))
    names += un_names.names_in_note(text, "김")
    demand(all(name.text.strip() for name in names), "an empty name")
    demand(all(name_texts.names_within(text)) or not text, "an empty name within a name")
    for read in (own_cells.kind_of, own_cells.country, own_cells.identifier, own_cells.day, own_cells.yes_or_no):
        _or_none(read, text)
    birth_texts.first_day(text)
    return bool(births)


def _or_none(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except ValueError:
        return None


def _check_birth(born: BirthDate | MrzDate) -> None:
    try:
        date(born.year, born.month or 1, born.day or 1)
    except ValueError:
        demand(False, "a birth date that is no day of the calendar")
    demand(born.month is not None or born.day is None, "a birth date with a day and no month")


def reading_a_zone(data: bytes) -> bool:
    """A machine-readable zone: read in one way, whatever the case, its dates days of the calendar; or MrzError."""
    text = data.decode("utf-8", "replace")
    try:
        zone = read_mrz(text)
    except MrzError as refused:
        demand("line" in str(refused), "a refusal without a place")
        demand(text.strip() not in str(refused) or len(text.strip()) < 3, "a refusal that repeats what it was given")
        return False
    demand(zone == read_mrz(text.lower()), "the same zone is read in two ways")
    demand(not zone.nationality_protected, "a nationality that a check digit is said to cover")
    for each in (zone.birth_date, zone.expiry):
        if each:
            _check_birth(each)
    _ = (zone.checks.hold, zone.issuer_and_nationality_differ)
    return True


def reading_a_country(data: bytes) -> bool:
    """A country: one and the same, whatever the case and the spaces around it; or a refusal without the text."""
    text = data.decode("utf-8", "replace")
    demand(len(normalise(text)) <= 4 * len(text), "a spelling that grows without bound")
    demand(len(normalise_code(text)) <= 3, "a code of more than three letters")
    code = country_code(text)
    demand(code is None or (len(code) == 2 and code.isupper()), "a country that is no alpha-2 code")
    try:
        found = parse_country(text)
    except UnknownCountryError as refused:
        demand(code is None, "a country that a list may name and a person may not")
        demand(len(text) < 12 or text not in str(refused), "a refusal that repeats what it was given")
        return False
    demand(found.code == parse_country(f" {text} ").code or len(text) > 100, "outer spaces make another country")
    return True


def reading_a_bundle(data: bytes) -> bool:
    """A git bundle: each issue is opened and unpacked, or the bundle is refused."""
    with tempfile.TemporaryDirectory(prefix="bundle-") as folder:
        path = Path(folder) / "history.bundle"
        path.write_bytes(data)
        if not is_bundle(path):
            return False
        try:
            with BundleHistory(path, Path(folder), names=frozenset({"sdn.csv"})) as history:
                for issue in history.issues()[:3]:
                    with issue.files() as files:
                        demand(all(file.size for file in files), "an issue with an empty file")
        except MalformedListError as refused:
            check_refusal(str(refused), refused.where)
            return False
    return True


def _packed() -> Sequence[bytes]:
    text = (LISTS / "un_small.xml").read_bytes()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("list.xml", text)
    return [text, lzma.compress(text), gzip.compress(text), buffer.getvalue()]


def _bundles() -> Iterator[bytes]:
    """A bundle of two commits, each with another file of a list."""
    with tempfile.TemporaryDirectory(prefix="bundle-") as folder:
        settings = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")

        def git(*arguments: str) -> None:
            subprocess.run(["git", "-C", folder, *settings, *arguments], check=True, capture_output=True)

        git("init", "--quiet", "--template=")
        for number in (1, 2):
            (Path(folder) / "sdn.csv").write_text(f'{number},"EXAMPLE"\n')
            git("add", "sdn.csv")
            git("commit", "--quiet", "-m", f"issue {number}")
        git("bundle", "create", "--quiet", "out.bundle", "--all")
        yield (Path(folder) / "out.bundle").read_bytes()


def _texts(texts: Sequence[str]) -> Callable[[], Sequence[bytes]]:
    return lambda: [text.encode() for text in texts]


STARTS_PROGRAMS = frozenset({"git_bundle"})
PARSERS: Mapping[str, Parser] = {
    "cells": (reading_cells, _texts(CELLS), lines),
    "container": (unpacking, _packed, zipped(raw)),
    "mrz": (reading_a_zone, _texts(ZONES), lines),
    "country": (reading_a_country, _texts(COUNTRIES), lines),
    **audit_parsers.PARSERS,
    **request_parsers.PARSERS,
    **({"git_bundle": (reading_a_bundle, lambda: list(_bundles()), raw)} if shutil.which("git") else {}),
}
