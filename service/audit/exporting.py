"""Exports of the record: written to a folder or made ready to be sent, and recorded before anybody gets them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import sleep
from typing import Any

from service.audit.checkpoint import SignedHead
from service.audit.events import EventWriter
from service.audit.export import Form, Order, Surroundings, Written, write_export
from service.audit.export_folder import PRIVATE, new_folder
from service.audit.exporting_ports import LogReading, LogStore
from service.audit.heads import HeadsFile
from service.audit.spool import Spool, new_spool
from service.errors import ExportBusyError, NotSealedError, SealingStoppedError
from service.records import Actor, JsonObject

BEHIND_TURNS, BEHIND_SECONDS = 10, 0.2  # a head is in the file a moment before it is in the database


@dataclass(frozen=True, slots=True)
class Ready:
    """An export that lies in a temporary folder until :meth:`close`."""

    spool: Spool
    written: Written

    @property
    def folder(self) -> Path:
        return self.spool.folder

    def close(self) -> None:
        """Remove the folder."""
        self.spool.remove()


class Exports:
    """Exports the log of one origin; ``vkeys`` and ``catalogue`` are asked when a bundle is written."""

    def __init__(
        self,
        store: LogStore,
        *,
        heads: HeadsFile,
        vkeys: Callable[[], tuple[str, ...]],
        catalogue: Callable[[], JsonObject],
        tenant: str,
        program: str,
    ) -> None:
        self._store = store
        self._heads = heads
        self._vkeys = vkeys
        self._catalogue = catalogue
        self._tenant = tenant
        self._program = program
        self._making = Lock()

    def write_to(self, target: Path, order: Order, actor: Actor) -> Written:
        """Write an export to a new folder, and record it before the folder gets its name.

        Raises ExportError, NotSealedError while nothing is sealed, SealingStoppedError where the log is not what
        was signed, and StoreUnavailableError; then there is no folder.
        """
        with new_folder(target) as folder:
            written = self._write(folder, order)
            self._record(written, order, actor)
        return written

    def make_ready(self, order: Order, actor: Actor) -> Ready:
        """Write an export to a temporary folder and record it, so that it can be sent; the caller closes it.

        Raises as :meth:`write_to` does, and ExportBusyError while another one is made by this process.
        """
        if not self._making.acquire(blocking=False):
            raise ExportBusyError
        try:
            spool = new_spool()
            try:
                written = self._write(spool.folder, order)
                self._record(written, order, actor)
            except BaseException:
                spool.remove()
                raise
            return Ready(spool, written)
        finally:
            self._making.release()

    def _write(self, folder: Path, order: Order) -> Written:
        folder.chmod(PRIVATE)
        with self._reading() as reading:
            around = self._surroundings(reading) if order.form is Form.BUNDLE else Surroundings()
            return write_export(reading, folder, order, around)

    @contextmanager
    def _reading(self) -> Iterator[LogReading]:
        """The log under its newest head, which must not lag behind the file of heads outside the database."""
        last = self._heads.last()
        for turn in range(BEHIND_TURNS):
            with self._store.reading() as reading:
                if reading is not None and (last is None or _follows(reading.head, last)):
                    yield reading
                    return
                if last is None:
                    raise NotSealedError("Nothing is sealed yet.")
            if turn < BEHIND_TURNS - 1:
                sleep(BEHIND_SECONDS)
        raise SealingStoppedError(
            f"The database does not hold the head of size {last.size if last else 0} that was signed "
            f"({self._heads.path.name}): it was restored from an older backup, or the sealer was interrupted."
        )

    def _surroundings(self, reading: LogReading) -> Surroundings:
        return Surroundings(
            heads=self._heads.all() if self._heads.path.exists() else reading.heads(),
            evidence=reading.evidence(),
            vkeys=self._vkeys(),
            catalogue=self._catalogue(),
            program=self._program,
        )

    def _record(self, written: Written, order: Order, actor: Actor) -> None:
        fields: dict[str, Any] = {
            "form": order.form.value,
            "selection": order.selection.as_json(),
            "personal_data": order.personal,
            "entries": written.entries,
            "disclosures": written.disclosures,
            "size": written.head.size,
            "root": written.head.root.hex(),
            "sha256": written.digest,
        }
        private = [("recipient", order.recipient)] if order.recipient else []
        self._store.record(EventWriter(self._tenant, actor)("export", fields, private))


def _follows(head: SignedHead, last: SignedHead) -> bool:
    return head.checkpoint.origin != last.checkpoint.origin or head.size >= last.size
