"""What witnesses gave for signed heads."""

from __future__ import annotations

from collections.abc import Iterator

from service.audit.witness import Evidence, EvidenceKind
from service.store.database import Connection, Database, connect, driver_errors_become_ours
from service.store.sql_files import query


class EvidenceStore:
    """Keeps evidence, in the sealer's role and on a connection of its own: it comes once in a while."""

    def __init__(self, url: str) -> None:
        self._url = url

    def keep(self, origin: str, evidence: Evidence) -> None:
        """Store it; nothing happens where the same witness gave one for this head before."""
        with connect(self._url) as connection, driver_errors_become_ours():
            connection.execute(query("configure_sealer_connection"))
            connection.execute(
                query("add_audit_evidence"),
                {
                    "origin": origin,
                    "size": evidence.size,
                    "witness": evidence.witness,
                    "kind": evidence.kind.value,
                    "body": evidence.body,
                },
            )


def evidence_in(connection: Connection, origin: str, *, after: int = 0, most: int = 2**63 - 1) -> Iterator[Evidence]:
    """The evidence for heads of ``after`` < size <= ``most`` leaves, by size, over a connection of the caller."""
    parameters = {"origin": origin, "after": after, "most": most}
    for size, witness, kind, body in connection.execute(query("audit_evidence"), parameters):
        yield Evidence(size=size, witness=witness, kind=EvidenceKind(kind), body=bytes(body))


def evidence_of(database: Database, origin: str) -> tuple[Evidence, ...]:
    """All evidence for a log's heads, by size."""
    with database.connection() as connection:
        return tuple(evidence_in(connection, origin))
