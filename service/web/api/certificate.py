"""The certificate of a screening, for programs."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

import orjson
from flask import Response, request

from service.audit.leaf import timestamp
from service.certificate import Certificate
from service.records import JsonObject
from service.web.api.describing import SECURED, answered, faults
from service.web.api.routes import Routes
from service.web.auth import Authenticator, Permission
from service.web.problems import ScreeningNotFoundError
from service.web.schemas.replay import CertificateSchema
from service.web.services import WebServices

_CERTIFICATE = {
    "operationId": "readCertificate",
    "summary": "The certificate of a screening",
    "description": "What was decided, who has signed it, and a proof that it stands in the record: save the answer and "
    "check it with `python3 verify_audit.py --certificate FILE --vkey KEY`. Until the entry is sealed, some seconds "
    "after the decision, `proof` is null.",
    "security": SECURED,
    "responses": {
        **answered(HTTPStatus.OK, CertificateSchema, "The certificate."),
        **faults("unauthenticated", "forbidden", "screening-not-found", "internal-error", "store-unavailable"),
    },
}


def certificate_blueprint(services: WebServices, authenticator: Authenticator) -> Routes:
    """The route ``/v1/screenings/{id}/certificate``."""
    routes = Routes("certificate", __name__, url_prefix="/v1/screenings", description="Certify a decision.")

    @routes.operation(
        "GET", "/<uuid:screening_id>/certificate", _CERTIFICATE, in_path={"screening_id": "The id of an answer."}
    )
    def certificate(screening_id: UUID) -> Response:
        authenticator.require(request, Permission.READ_SCREENINGS)
        found = services.certificates.of(screening_id)
        if found is None:
            raise ScreeningNotFoundError
        return Response(orjson.dumps(certificate_json(found)), HTTPStatus.OK, mimetype="application/json")

    return routes


def certificate_json(found: Certificate) -> JsonObject:
    """A certificate as the API gives it."""
    return {
        "id": str(found.record.id),
        "final": found.is_final,
        "signatures": [
            {"signer": each.signer, "outcome": each.outcome, "at": timestamp(each.at)}
            for each in found.sign_off.signatures
        ],
        "sealed": found.proof is not None,
        "erased": found.record.answer is None,
        "entry": found.record.entry,
        "entry_id": str(found.record.entry_id),
        "leaf_hash": found.leaf_hash,
        "answer": found.answer,
        "proof": found.proof_block(),
    }
