"""Apply erasures again: a restored backup brings values back, and what was erased is erased before anything is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from service.erasure.file import Erased, ErasureFile
from service.erasure.ports import AuditInName, ErasureStore, OnRecord
from service.erasure.redaction import without_personal_data
from service.records import Actor

REPLAY = Actor(kind="system", id="erasures", name="erasures replayed")


def replay_known(store: ErasureStore, file: ErasureFile, audit_event: AuditInName) -> int:
    """Delete values of erased screenings that stand in the tables again; how many screenings held any.

    What the file beside the signed heads knows and this database does not is written into it, and the other way
    round. ErasureFileError where the file is damaged.
    """
    kept, done = file.all(), store.done()
    known, remembered = {each.id for each in done}, {each.id for each in kept}
    file.append([each for each in done if each.id not in remembered])
    every = tuple({each.id: each for each in (*kept, *done)}.values())
    back = store.came_back([screening for each in every for screening in each.screenings])
    return sum(
        _replay_one(store, audit_event, each)
        for each in every
        if each.id not in known or not back.isdisjoint(each.screenings)
    )


def leaf_fields(erasure_id: UUID, ground: str, by: Sequence[str], erased: Sequence[OnRecord]) -> dict[str, Any]:
    """What the audit entry of an erasure says: which screenings and entries, why, and by whom."""
    return {
        "erasure": str(erasure_id),
        "ground": ground,
        "requested_by": by[0],
        "people": sorted(each for each in by if each.startswith("account:")),
        "screenings": [str(each.id) for each in erased],
        "entries": [str(each.entry_id) for each in erased],
    }


def _replay_one(store: ErasureStore, audit_event: AuditInName, erased: Erased) -> int:
    with store.settling() as work:
        back = work.on_record(work.came_back(erased.screenings))
        left = [
            (each.id, without_personal_data(each.answer, erased.at) if each.answer is not None else None)
            for each in back
        ]
        work.restore(erased)
        if back:
            work.erase(erased.id, erased.at, left)
        if back or not work.has_entry(erased.entry_id):
            fields = leaf_fields(erased.id, erased.ground, erased.by, back)
            work.append(audit_event("erasure", {**fields, "replays": str(erased.entry_id)}, REPLAY))
    return len(back)
