"""The record as a download: the whole bundle that an auditor checks offline, or its entries alone."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response, request

from service.audit.export import Form, Order
from service.audit.exporting import Exports
from service.audit.selection import DECISIONS
from service.audit.zipping import file_blocks, zip_blocks
from service.errors import SelectionError
from service.records import Actor
from service.web.api.describing import REQUEST_ID_HEADER, SECURED, faults
from service.web.api.routes import Routes
from service.web.auth import Authenticator, Permission
from service.web.problems import InvalidParameterError
from service.web.schemas.audit import FORMS, load_order
from service.web.services import WebServices

_MEDIA = {Form.JSONL: "application/x-ndjson", Form.CSV: "text/csv; charset=utf-8", Form.BUNDLE: "application/zip"}


def _filter(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": {"type": "string", **schema},
        "description": description,
    }


_FILTERS = [
    _filter("from", "The first day, or a moment (RFC 3339), by the times that entries hold.", examples=["2026-11-01"]),
    _filter("to", "The last day, or the moment before which entries stand.", examples=["2026-11-30"]),
    _filter("first", "The index of the first entry.", pattern="^(0|[1-9][0-9]{0,17})$"),
    _filter("last", "The index of the last entry.", pattern="^(0|[1-9][0-9]{0,17})$"),
    _filter("decision", "Decisions with this outcome.", enum=list(DECISIONS)),
    _filter("clause", "Entries that name this clause.", pattern="^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$"),
    _filter("list", "Entries that rest on this list, or tell of it.", pattern="^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$"),
    _filter(
        "format",
        '`jsonl`: one entry a line, `{"i": index, "leaf": base64 of its exact bytes, "d": [disclosures]}`. `csv`: a '
        "table that no spreadsheet takes for formulas. `bundle`: a ZIP with both, the signed head, tiles, proofs, the "
        "rules and the program that checks it all offline.",
        enum=list(FORMS),
        default="jsonl",
    ),
    _filter("personal_data", "With disclosures; needs a role that may.", enum=["true", "false"], default="false"),
]

_EXPORT = {
    "operationId": "exportRecord",
    "summary": "Export the record",
    "description": "The entries under the newest signed head, whole or by filters, as a stream. Each export is "
    "itself an entry of the record, written before the first byte is sent. A selection proves that its entries stand "
    "in the log, not that no other entry fits. `503` while nothing is sealed, or while this process makes another "
    "export.",
    "security": SECURED,
    "parameters": _FILTERS,
    "responses": {
        str(HTTPStatus.OK.value): {
            "description": "The export.",
            "headers": {
                **REQUEST_ID_HEADER,
                "Content-Disposition": {"description": "A name for the file.", "schema": {"type": "string"}},
            },
            "content": {media.partition(";")[0]: {"schema": {"type": "string"}} for media in _MEDIA.values()},
        },
        **faults(
            "invalid-parameter",
            "unauthenticated",
            "forbidden",
            "internal-error",
            "not-sealed-yet",
            "export-busy",
            "record-damaged",
            "store-unavailable",
        ),
    },
}


def audit_export_blueprint(services: WebServices, authenticator: Authenticator) -> Routes:
    """The route ``/v1/audit/export``."""
    routes = Routes("audit_export", __name__, url_prefix="/v1/audit", description="The record, as a download.")

    @routes.operation("GET", "/export", _EXPORT)
    def export() -> Response:
        actor = authenticator.require(request, Permission.READ_RECORD)
        if len(request.args) != len(list(request.args.items(multi=True))):
            raise InvalidParameterError("parameter: each filter is given once.")
        try:
            order = load_order(request.args, form=Form.JSONL)
        except SelectionError as wrong:
            raise InvalidParameterError(str(wrong)) from wrong
        if order.personal:
            authenticator.require(request, Permission.EXPORT_PERSONAL)
        if request.method == "HEAD":  # says what would come, exports and records nothing
            return Response(content_type=_MEDIA[order.form])
        return sent_export(services.record.exports, order, actor)

    return routes


def sent_export(exports: Exports, order: Order, actor: Actor) -> Response:
    """The export as a download; it is on record when this returns, and its files go when it is sent."""
    ready = exports.make_ready(order, actor)
    name = f"audit-{ready.written.head.size}"
    if order.form is Form.BUNDLE:
        response = Response(zip_blocks(ready.folder, name), content_type=_MEDIA[order.form])
        name += ".zip"
    else:
        (only,) = ready.folder.iterdir()
        response = Response(file_blocks(only), content_type=_MEDIA[order.form])
        response.content_length = only.stat().st_size
        name += only.suffix
    response.call_on_close(ready.close)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
