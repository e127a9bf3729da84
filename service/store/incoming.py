"""Streams the entries of a list into the database, beside the place where they will stand."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from service.errors import RejectedListError
from service.lists.listing import Listing
from service.store.database import Connection
from service.store.listing_json import body_to_json, record_to_json
from service.store.sql_files import query

ENTRIES_A_BATCH = 1000


@dataclass(frozen=True, slots=True)
class StreamCounts:
    """How many entries came, and how many by kind (``person``) and by programme (``programme:DPRK3``)."""

    entries: int
    by_name: dict[str, int]


def copy_listings(connection: Connection, list_id: str, listings: Iterable[Listing]) -> StreamCounts:
    """Fill the temporary table ``incoming``; RejectedListError where two entries share a key.

    Memory does not grow with the list: entries go in batches, and of a batch only the contents that the
    list never had are sent. An exception of ``listings`` passes through and ends the copy.
    """
    connection.execute(query("create_incoming"))
    entries, counts = 0, Counter[str]()
    for batch in _batches(_serialised(list_id, listings, counts)):
        entries += len(batch)
        given = {"list_id": list_id, "keys": [key for key, *_ in batch], "hashes": [hashed for _, hashed, *_ in batch]}
        known = {bytes(found) for (found,) in connection.execute(query("known_list_hashes"), given)}
        with connection.cursor() as cursor, cursor.copy(query("copy_incoming")) as copy:
            for key, hashed, body, record in batch:
                content = (None, None) if hashed in known else (body.decode(), record.decode())
                copy.write_row((key, hashed, *content))
    twice = connection.execute(query("first_duplicate_key")).fetchone()
    if twice is not None:
        raise RejectedListError(f"{list_id} holds two entries with the key {twice[0]}.")
    connection.execute(query("analyze_incoming"))
    return StreamCounts(entries, dict(sorted(counts.items())))


def _serialised(
    list_id: str, listings: Iterable[Listing], counts: Counter[str]
) -> Iterator[tuple[str, bytes, bytes, bytes]]:
    """(key, hash, body, record) of each listing, counted into ``counts``."""
    for listing in listings:
        if listing.list_id != list_id:
            raise RejectedListError(f"{listing.key} belongs to {listing.list_id}, not to {list_id}.")
        body, record = body_to_json(listing), record_to_json(listing)
        counts[listing.kind.value] += 1
        counts.update(f"programme:{programme}" for programme in set(listing.programmes))
        yield listing.key, hashlib.sha256(body + b"\n" + record).digest(), body, record


def _batches(rows: Iterator[tuple[str, bytes, bytes, bytes]]) -> Iterator[list[tuple[str, bytes, bytes, bytes]]]:
    while batch := list(islice(rows, ENTRIES_A_BATCH)):
        yield batch
