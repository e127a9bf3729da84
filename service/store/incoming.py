"""Streams the entries of a list into the database, beside the place where they will stand."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from service.errors import RejectedListError
from service.lists.listing import Listing
from service.store.database import Connection
from service.store.listing_json import body_to_json, record_to_json
from service.store.sql_files import query


@dataclass(frozen=True, slots=True)
class StreamCounts:
    """How many entries came, and how many by kind (``person``) and by programme (``programme:DPRK3``)."""

    entries: int
    by_name: dict[str, int]


def copy_listings(connection: Connection, list_id: str, listings: Iterable[Listing]) -> StreamCounts:
    """Fill the temporary table ``incoming``; RejectedListError where two entries share a key.

    Memory does not grow with the list. An exception of ``listings`` passes through and ends the copy.
    """
    connection.execute(query("create_incoming"))
    entries, counts = 0, Counter[str]()
    with connection.cursor() as cursor, cursor.copy(query("copy_incoming")) as copy:
        for listing in listings:
            if listing.list_id != list_id:
                raise RejectedListError(f"{listing.key} belongs to {listing.list_id}, not to {list_id}.")
            body, record = body_to_json(listing), record_to_json(listing)
            digest = hashlib.sha256(body + b"\n" + record).digest()
            copy.write_row((listing.key, digest, body.decode(), record.decode()))
            entries += 1
            counts[listing.kind.value] += 1
            counts.update(f"programme:{programme}" for programme in set(listing.programmes))
    twice = connection.execute(query("first_duplicate_key")).fetchone()
    if twice is not None:
        raise RejectedListError(f"{list_id} holds two entries with the key {twice[0]}.")
    connection.execute(query("analyze_incoming"))
    return StreamCounts(entries, dict(sorted(counts.items())))
