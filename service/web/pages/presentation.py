"""How values of an answer read on a page: dates, countries, paths of the request, lists."""

from __future__ import annotations

import re
from typing import Any

from service.nationality.countries import UnknownCountryError, alpha3, name, parse_country
from service.records import JsonObject
from service.web.wording.pages import FRESHNESS, LIST_NAMES, WORDS, say
from service.web.wording.questions import FIELDS, OPTIONS, option_words

_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2})(:\d{2})?(\.\d+)?([Zz]|\+00:00)")
_COUNTRY_FIELDS = ("country", "performed_from", "nationality", "family_of_national_of", "flag", "nationalities")
_PARTIES = {"worker": "person", "counterparties": "party", "owners": "owner", "directors": "director"}


def when(text: str | None) -> str:
    """A day as it is, an instant to the minute in UTC where it is in UTC; ISO 8601 in both cases."""
    if not text:
        return "–"
    match = _INSTANT.fullmatch(text)
    return f"{match[1]} {match[2]} UTC" if match else text


def field_label(path: str) -> str:
    """What a field of the request is called in the form; its path where the form does not ask it."""
    if re.fullmatch(r"counterparties\[\d+\](\.(owners|directors)\[\d+\])*", path):
        return party_text(path)
    if f"fact.{path}" in WORDS:
        return say(f"fact.{path}")
    pattern = re.sub(r"\[\d+\]", "[]", path)
    for known in (pattern, f"{pattern}.country", f"{pattern}[].country", f"{pattern}.status", f"{pattern}.kind"):
        if known in FIELDS:
            return FIELDS[known][0]
    return path


def value_text(path: str, value: Any) -> str:
    """A fact's value in words."""
    if value is None:
        return say("screen.unknown")
    if isinstance(value, bool):
        return say("screen.yes") if value else say("screen.no")
    if isinstance(value, list):
        return ", ".join(value_text(path, entry) for entry in value) or say("screen.unknown")
    if isinstance(value, dict):
        return ", ".join(value_text(f"{path}.{key}", entry) for key, entry in value.items() if entry is not None)
    text = str(value)
    if path.rpartition(".")[2].split("[")[0] in _COUNTRY_FIELDS:
        return country_text(text)
    return option_words(text) if text in OPTIONS or re.fullmatch(r"[a-z]+(_[a-z]+)*", text) else when(text)


def country_text(text: str) -> str:
    """A country as name and code, ``South Korea (KOR)``; texts that name no one country as they are."""
    try:
        code = parse_country(text).code
    except UnknownCountryError:
        return text
    return f"{name(code)} ({alpha3(code)})" if code else text


def party_text(path: str) -> str:
    """Who a match is about: ``counterparties[0].owners[1]`` is the second owner of the first organisation."""
    words = []
    for step, number in re.findall(r"([a-z_]+)(?:\[(\d+)\])?", path):
        noun = say(f"party.{_PARTIES[step]}") if step in _PARTIES else step
        words.append(f"{noun} {int(number) + 1}" if number else noun)
    return ", ".join(words)


def list_name(list_id: str) -> str:
    """A list's name; an operator's own list goes by its id."""
    return LIST_NAMES.get(list_id, list_id)


def list_view(entry: JsonObject) -> JsonObject:
    """One list of an answer or of the status: its name, how fresh it is, and the line that identifies it."""
    status = entry.get("status") or "missing"
    version = entry.get("version")
    line = [
        f"{say('lists.version')} {version}" if version is not None else "",
        f"{say('lists.published')} {when(entry['published_on'])}" if entry.get("published_on") else "",
        f"{say('lists.checked')} {when(entry['checked_at'])}" if entry.get("checked_at") else "",
        f"{entry['entries']:,} {say('lists.entries').lower()}" if entry.get("entries") is not None else "",
        f"{say('lists.sha256')} {entry['sha256'][:12]}…" if entry.get("sha256") else "",
    ]
    return {
        "id": entry["id"],
        "name": list_name(entry["id"]),
        "freshness": FRESHNESS.get(status, option_words(status)),
        "tone": {"fresh": "allow", "stale": "deny", "missing": "deny", "never_loaded": "deny"}.get(status, "review"),
        "line": ", ".join(filter(None, line)),
    }


def warning_text(detail: str) -> str:
    """A warning with the list's name where it begins with the list's id, and a field's where with its path."""
    subject, colon, rest = detail.partition(": ")
    if not colon or " " in subject:
        return detail
    return f"{LIST_NAMES.get(subject) or field_label(subject)}: {rest}"
