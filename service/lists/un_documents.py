"""Identity documents of the UN Consolidated List as identifiers.

A document has a type in English, French or Spanish, sometimes a second, finer type, and a number that
may stand inside a sentence or only in a note.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from service.lists.listing import ListedIdentifier

_KINDS = (
    ("passport", re.compile(r"passport|pasaporte|passeport", re.IGNORECASE)),
    ("other", re.compile(r"birth|driver|driving|voter|student|ration|resident|fardc|military|laissez|travel|other",
                         re.IGNORECASE)),
    ("tax_id", re.compile(r"fiscal|tax", re.IGNORECASE)),
    ("national_id", re.compile(r"national|identi|civil|security|tazkira", re.IGNORECASE)),
)  # fmt: skip
_BANK_CODE = re.compile(r"\b(?:SWIFT|BIC)\s*:\s*([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b")
_IMO = re.compile(r"\bIMO(?:\s+number)?\s*:?\s*(\d{7})\b", re.IGNORECASE)
_NUMBER_ALONE = re.compile(r"[A-ZÁ-Ž0-9][A-ZÁ-Ž0-9 /.\-°№]*")
_AFTER_A_LABEL = re.compile(
    r"(?:number|no\.?|card|code|ssn|\btazkira\))\s*:?\s*([A-Z]{0,4}[ -]{0,2}\d[\w/.-]*)", re.IGNORECASE
)


def identifiers(record: Any, country: Callable[[str], str | None]) -> tuple[ListedIdentifier, ...]:
    """The numbers that identify the party of ``record``; ``country`` gives the code of a country's name."""
    found = [*_of_documents(record, country), *_in_comments(_text(record, "COMMENTS1"))]
    return tuple(dict.fromkeys(found))


def _of_documents(record: Any, country: Callable[[str], str | None]) -> Iterator[ListedIdentifier]:
    for document in record.iterfind("INDIVIDUAL_DOCUMENT"):
        types = [_text(document, "TYPE_OF_DOCUMENT2"), _text(document, "TYPE_OF_DOCUMENT")]
        issuer = _text(document, "COUNTRY_OF_ISSUE") or _text(document, "ISSUING_COUNTRY")
        number = _text(document, "NUMBER")
        value = _value(number) if number else _labelled(f"{types[0]} {_text(document, 'NOTE')}")
        if value:
            yield ListedIdentifier(kind=_kind(number, *types), value=value, country=country(issuer))


def _in_comments(comments: str) -> Iterator[ListedIdentifier]:
    """Bank codes and IMO numbers, which the list gives for organisations in prose only."""
    for code in _BANK_CODE.findall(comments):
        yield ListedIdentifier(kind="bic", value=code)
    for number in _IMO.findall(comments):
        yield ListedIdentifier(kind="imo", value=number)


def _kind(*texts: str) -> str:
    """The kind by the first text that tells; a number such as "diplomatic passport no. X" tells too."""
    for text in texts:
        for kind, pattern in _KINDS:
            if pattern.search(text):
                return kind
    return "other"


def _value(number: str) -> str:
    bare = re.sub(r"\([^()]*\)", " ", number).strip(" .,;")
    if _NUMBER_ALONE.fullmatch(bare):
        return bare
    labelled = _labelled(bare)
    if labelled:
        return labelled
    tokens = [token for token in bare.split() if any(char.isdigit() for char in token)]
    return max(tokens, key=len).strip(".,;") if tokens else bare


def _labelled(text: str) -> str:
    match = _AFTER_A_LABEL.search(text) or re.match(r"\s*(\d{5,}[\w/.-]*)", text)
    return " ".join(match.group(1).split()).rstrip(".,;-") if match else ""


def _text(element: Any, tag: str) -> str:
    return " ".join((element.findtext(tag) or "").split())
