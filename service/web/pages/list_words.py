"""How a list, its versions and its entries' changes read on a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from service.lists.changes import EntryChange
from service.records import HeldList, JsonObject, ListVersion
from service.web.pages.presentation import list_view, when
from service.web.wording.lists import FIELDS_OF_ENTRIES, KINDS, OUTCOMES
from service.web.wording.pages import say

PROGRAMME = "programme:"
_SHOWN = 12  # programmes that are shown at once


def moment(at: datetime | None) -> str:
    """An instant to the minute in UTC; a dash where there is none."""
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "–"


def hours(count: float) -> str:
    """A span of hours, in days where it is long."""
    return f"{count:g} h" if count < 48 else f"{count / 24:g} d"


def status_view(entry: JsonObject) -> JsonObject:
    """One list of ``Desk.list_status`` in words."""
    notes = [say("lists.starter.note")] if entry.get("status") == "starter" else []
    if entry.get("version") and not entry.get("complete", True):
        notes.append(say("lists.partial.note"))
    facts = [*_version_facts(entry), *_upkeep(entry), (say("lists.basis"), entry.get("legal_basis") or "")]
    return {
        **list_view(entry),
        "number": entry.get("version"),
        "notes": notes,
        "facts": [(label, value) for label, value in facts if value],
        "is_loaded": entry.get("version") is not None,
        "is_required": bool(entry.get("required")),
        "last_change": entry.get("last_change"),
    }


def _version_facts(entry: JsonObject) -> list[tuple[str, str]]:
    version = entry.get("version")
    return [
        (say("lists.version"), str(version) if version else ""),
        (say("lists.published"), when(entry["published_on"]) if entry.get("published_on") else ""),
        (say("lists.fetched"), when(entry["fetched_at"]) if entry.get("fetched_at") else ""),
        (say("lists.checked"), when(entry["checked_at"]) if entry.get("checked_at") else ""),
        (say("lists.entries"), f"{entry['entries']:,}" if version is not None else ""),
        (say("lists.sha256"), f"{entry['sha256'][:16]}…" if entry.get("sha256") else ""),
        (say("lists.limit"), _limits(entry.get("limits", {}))),
    ]


def _upkeep(entry: JsonObject) -> list[tuple[str, str]]:
    """Whether it is required, the next run, and how the last attempt and the last change went."""
    facts = [(say("lists.required"), say("lists.required.yes") if entry.get("required") else "")]
    if attempt := entry.get("last_attempt"):
        # why a version waits is told where it waits
        why = f": {attempt['detail']}" if attempt["detail"] and attempt["outcome"] != "held" else ""
        ended = OUTCOMES.get(attempt["outcome"], attempt["outcome"])
        facts.append((say("lists.last_attempt"), f"{when(attempt['at'])}, {ended}{why}"))
    if change := entry.get("last_change"):
        facts.append((say("lists.last_change"), f"{when(change['at'])}, {counts_text(change)}"))
    if entry.get("version"):
        facts.append((say("lists.next_run"), _next_run(entry)))
    return facts


def _next_run(entry: JsonObject) -> str:
    if entry.get("retired_on"):
        return say("lists.next_run.retired", day=entry["retired_on"])
    if entry.get("next_run"):
        return when(entry["next_run"])
    return say("lists.next_run.none") if entry.get("addresses") else say("lists.next_run.import")


def _limits(limits: JsonObject) -> str:
    if "stale_after_hours" not in limits:
        return say("lists.no_limit")
    return say("lists.limits", soft=hours(limits["ageing_after_hours"]), hard=hours(limits["stale_after_hours"]))


def counts_text(counts: Mapping[str, Any]) -> str:
    """``3 added, 1 removed, 0 changed``."""
    return say("lists.change_counts", **{name: f"{counts[name] or 0:,}" for name in ("added", "removed", "changed")})


def counts_view(version: ListVersion) -> JsonObject:
    """Entries by kind, and by programme with the largest first."""
    counts = version.counts
    programmes = [(name.removeprefix(PROGRAMME), n) for name, n in counts.items() if name.startswith(PROGRAMME)]
    programmes.sort(key=lambda each: (-each[1], each[0]))
    return {
        "kinds": [(words, f"{counts[kind]:,}") for kind, words in KINDS.items() if counts.get(kind)],
        "programmes": [(name, f"{count:,}") for name, count in programmes[:_SHOWN]],
        "more": [(name, f"{count:,}") for name, count in programmes[_SHOWN:]],
        "left_out": [(reason, f"{count:,}") for reason, count in sorted(version.left_out.items())],
        "programme_count": len(programmes),
    }


def day_of(version: ListVersion) -> str:
    """The day by which a version is known: the publisher's, else that of its fetching or loading."""
    if version.published_on:
        return version.published_on.isoformat()
    known = version.fetched_at or version.loaded_at
    return known.date().isoformat() if known else "–"


def change_view(change: EntryChange) -> JsonObject:
    """One entry that differs, field by field."""
    return {
        "kind": change.kind.value,
        "word": _KIND_WORDS[change.kind.value],
        "name": change.name,
        "reference": change.reference,
        "key": change.key,
        "fields": [
            {"name": _field_name(each.field), "old": _values(each.old), "new": _values(each.new)}
            for each in change.fields
        ],
    }


_KIND_WORDS = {
    "added": say("changes.added.word"),
    "removed": say("changes.removed.word"),
    "changed": say("changes.changed.word"),
}


def _field_name(field: str) -> str:
    if field.startswith("record."):
        return say("changes.record", field=field.removeprefix("record."))
    plain = field.removesuffix(" (order)")
    return FIELDS_OF_ENTRIES.get(field) or f"{FIELDS_OF_ENTRIES.get(plain, plain)} (order)"


def _values(value: Any) -> list[str]:
    """The lines of one side of a change; empty where there was nothing."""
    if value is None or value in ("", []):
        return []
    if isinstance(value, bool):
        return [say("screen.yes") if value else say("screen.no")]
    if isinstance(value, list):
        return [_line(each) for each in value]
    return [f"{name}: {_line(each)}" for name, each in value.items()] if isinstance(value, dict) else [_line(value)]


def _line(value: Any) -> str:
    """A part of a publisher's record on one line."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_line(each)}" for name, each in value.items())
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def group_name(group: str) -> str:
    """A kind or a programme of ``ListVersion.counts`` in words."""
    return KINDS.get(group, group.removeprefix(PROGRAMME))


def brought_by(held: HeldList, account_id: str) -> str:
    """Who brought a held version, without naming a person."""
    kind, _, who = held.proposed_by.partition(":")
    if kind == "account":
        return say("held.by.you") if who == account_id else say("held.by.account")
    return {"job": say("held.by.job"), "key": say("held.by.key")}.get(kind, say("held.by.cli"))
