"""Reads the sealed record for those who check it: the signed head, proofs, tiles, and exports."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from service.audit.exporting import Exports
from service.audit.exporting_ports import LogReading, LogStore, SealReader
from service.audit.merkle import HASH_BYTES
from service.audit.publishing import TileFolder
from service.audit.sealed import SealedHead, SealStatus
from service.audit.tiles import LEVEL_BITS, WIDTH, entries_path, entry_bundle, tile_path
from service.errors import EntryNotFoundError, NotSealedError, TileNotFoundError

_TILE = re.compile(r"(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class TileName:
    """Which tile is asked for; level None means a bundle of entries."""

    level: int | None
    number: int
    width: int

    @property
    def path(self) -> str:
        """Its path below the log's folder, made of numbers alone."""
        if self.level is None:
            return entries_path(self.number, self.width)
        return tile_path(self.level, self.number, self.width)


def parse_tile_name(path: str) -> TileName:
    """The tile at ``tile/<path>``; TileNotFoundError for whatever tlog-tiles would not write so."""
    found = _TILE.fullmatch(path)
    if found is None:
        raise TileNotFoundError
    level = None if found[1] == "entries" else int(found[1])
    name = TileName(level, int(found[2].replace("/x", "").replace("x", "").replace("/", "")), int(found[3] or WIDTH))
    if name.path != f"tile/{path}":
        raise TileNotFoundError
    return name


class Record:
    """The current log. Every method raises StoreUnavailableError where the database is away."""

    def __init__(self, log: SealReader, *, store: LogStore, tiles: TileFolder, exports: Exports) -> None:
        self._log = log
        self._store = store
        self._tiles = tiles
        self.exports = exports

    def status(self) -> SealStatus:
        """How far the log is sealed."""
        return self._log.status()

    def head(self) -> SealedHead:
        """The newest signed head; NotSealedError while nothing is sealed."""
        head = self._log.head()
        if head is None:
            raise NotSealedError("Nothing is sealed yet.")
        return head

    def proof(self, entry_id: UUID) -> str:
        """The proof of an entry under the newest head (C2SP tlog-proof).

        EntryNotFoundError where there is no such entry, NotSealedError where it waits to be sealed.
        """
        proof = self._log.proof(entry_id)
        if proof is not None:
            return str(proof)
        if self._store.is_recorded(entry_id):
            raise NotSealedError("The entry is on record and not sealed yet.")
        raise EntryNotFoundError

    def tile(self, name: TileName) -> bytes:
        """The bytes of a tile: from the published folder, else from the database; TileNotFoundError."""
        try:
            return (self._tiles.folder / name.path).read_bytes()
        except OSError:  # this host does not publish, or the partial tile has gone
            pass
        with self._store.reading() as reading:
            if reading is None:
                raise TileNotFoundError
            return _tile_of(reading, name)


def _tile_of(reading: LogReading, name: TileName) -> bytes:
    start = name.number * WIDTH
    if start + name.width > reading.head.size >> LEVEL_BITS * (name.level or 0):
        raise TileNotFoundError
    if name.level is None:
        entries = reading.entries(start, start + name.width, personal=False)
        return entry_bundle(entry.leaf for entry in entries)
    return reading.tree.tile(name.level, name.number)[: name.width * HASH_BYTES]
