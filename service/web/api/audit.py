"""The record as those who check it read it: its signed head, proofs of entries, and the log as static tiles."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, request

from service.audit.record import parse_tile_name
from service.audit.tiles import WIDTH
from service.web.api.describing import (
    ETAG_HEADER,
    IF_NONE_MATCH,
    REQUEST_ID_HEADER,
    SECURED,
    faults,
    not_modified,
)
from service.web.api.routes import Routes, revalidated
from service.web.auth import Authenticator, Permission
from service.web.services import WebServices

ONE_YEAR = 31_536_000  # seconds
_TEXT, _BYTES = "text/plain; charset=utf-8", "application/octet-stream"


def _given(media: str, description: str, *, headers: dict[str, Any] | None = None, **schema: Any) -> dict[str, Any]:
    return {
        str(HTTPStatus.OK.value): {
            "description": description,
            "headers": {**REQUEST_ID_HEADER, **(headers or {})},
            "content": {media.partition(";")[0]: {"schema": {"type": "string", **schema}}},
        }
    }


_CHECKPOINT = {
    "operationId": "readCheckpoint",
    "summary": "The signed head of the record",
    "description": "Name, size and root of the log, signed (a C2SP tlog-checkpoint in a signed note). Keep it: at the "
    "next audit it proves that nothing was changed or removed since. `503` while nothing is sealed yet.",
    "security": SECURED,
    "parameters": [IF_NONE_MATCH],
    "responses": {
        **_given(_TEXT, "The checkpoint.", headers=ETAG_HEADER),
        **not_modified(),
        **faults("unauthenticated", "forbidden", "internal-error", "not-sealed-yet", "store-unavailable"),
    },
}

_PROOF = {
    "operationId": "readEntryProof",
    "summary": "The proof of one entry",
    "description": "That an entry stands in the record under the newest signed head (a C2SP tlog-proof, version 1). "
    "The receipt in each answer leads here (`links.proof`); it proves the leaf whose hash is `audit.leaf_hash`. An "
    "entry is sealed within ten seconds: until then the answer is `503` with `Retry-After`, and common clients "
    "repeat the request by themselves.",
    "security": SECURED,
    "responses": {
        **_given(_TEXT, "The proof."),
        **faults(
            "unauthenticated",
            "forbidden",
            "audit-entry-not-found",
            "internal-error",
            "not-sealed-yet",
            "store-unavailable",
        ),
    },
}

_TILE = {
    "operationId": "readTile",
    "summary": "A tile of the record",
    "description": "The log as files of C2SP tlog-tiles below `/v1/audit`: hashes at `tile/<level>/<number>`, entries "
    "at `tile/entries/<number>`, each with `.p/<width>` where it is partial, a number in groups of three digits "
    "(`x001/x234/067`). Their signed head is `/v1/audit/checkpoint`. A tile never changes.",
    "security": SECURED,
    "responses": {
        **_given(_BYTES, "The tile.", format="binary"),
        **faults(
            "unauthenticated", "forbidden", "tile-not-found", "internal-error", "record-damaged", "store-unavailable"
        ),
    },
}


def audit_blueprint(services: WebServices, authenticator: Authenticator) -> Routes:
    """The routes ``/v1/audit/checkpoint``, ``/v1/audit/entries/{id}/proof`` and ``/v1/audit/tile/…``."""
    routes = Routes("audit", __name__, url_prefix="/v1/audit", description="The record, for those who check it.")
    record = services.record

    @routes.operation("GET", "/checkpoint", _CHECKPOINT)
    def read_checkpoint() -> Response:
        authenticator.require(request, Permission.READ_SCREENINGS)
        response = Response(record.head().note, content_type=_TEXT)
        response.headers["Cache-Control"] = "private, no-cache"
        return revalidated(response)

    @routes.operation("GET", "/entries/<uuid:entry_id>/proof", _PROOF, in_path={"entry_id": "The id of an entry."})
    def read_proof(entry_id: UUID) -> Response:
        authenticator.require(request, Permission.READ_SCREENINGS)
        return Response(record.proof(entry_id), content_type=_TEXT)

    @routes.operation("GET", "/tile/<path:name>", _TILE, in_path={"name": "The path of the tile below `tile/`."})
    def read_tile(name: str) -> Response:
        authenticator.require(request, Permission.READ_RECORD)
        tile = parse_tile_name(name)
        response = Response(record.tile(tile), content_type=_BYTES)
        kept = f"max-age={ONE_YEAR}, immutable" if tile.width == WIDTH else "no-cache"
        response.headers["Cache-Control"] = f"private, {kept}"
        return revalidated(response)

    return routes
