"""The kinds of faults that the API answers with: one table, from which the documents and the pages are made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of fault: its name in the address, the HTTP status, a title, and what to do about it."""

    name: str
    status: int
    title: str
    advice: str

    @property
    def address(self) -> str:
        return f"/problems/{self.name}"


PROBLEMS: dict[str, ProblemType] = {
    problem.name: problem
    for problem in (
        ProblemType("bad-request", 400, "Bad request", "The request is not one that HTTP allows; see `detail`."),
        ProblemType(
            "malformed-body",
            400,
            "The body is not JSON",
            "Send one JSON value in UTF-8: no repeated key, NaN, NUL or lone surrogate, at most 20 levels deep. "
            "`errors` points at each place.",
        ),
        ProblemType(
            "invalid-parameter",
            400,
            "A parameter of the address cannot be read",
            "Mend the parameter that `detail` names; a cursor is taken from the header `Link` as it stands there.",
        ),
        ProblemType(
            "invalid-idempotency-key",
            400,
            "The Idempotency-Key cannot be read",
            "Send a quoted string or a plain token of at most 255 visible ASCII characters.",
        ),
        ProblemType(
            "unauthenticated",
            401,
            "No valid API key",
            "Send `Authorization: Bearer <key>`, or Basic with the key as user name. The key may be wrong, expired "
            "or revoked.",
        ),
        ProblemType("forbidden", 403, "Not allowed for this role", "Use a key whose role allows this call."),
        ProblemType(
            "not-an-approver",
            403,
            "Only a person may settle this",
            "Use a key that was made for a person (`hirescreen keys create --for`), whose role allows it.",
        ),
        ProblemType("not-found", 404, "Nothing here", "Look up the address in `/openapi.json`."),
        ProblemType(
            "screening-not-found", 404, "No such screening", "Use the id of an answer, or its `Location` header."
        ),
        ProblemType("erasure-not-found", 404, "No such erasure", "Use an id of `GET /v1/erasures`."),
        ProblemType(
            "second-person-required",
            403,
            "Another person has to approve this",
            "Two people stand behind an erasure, each once. Use a key that was made for another person "
            "(`hirescreen keys create --for`) who is reviewer or admin.",
        ),
        ProblemType(
            "retention-duty",
            409,
            "A retention duty runs",
            "These data must still be kept: `retention` names each screening, its class, the basis of the duty and its "
            "last day. Ask again after that day.",
        ),
        ProblemType(
            "erasure-settled",
            409,
            "The erasure was settled before",
            "Read it again; what was carried out or refused stays so. Ask for a new one where that is meant.",
        ),
        ProblemType(
            "nothing-to-erase",
            409,
            "Nothing is left to erase",
            "The personal data of these screenings were erased before; their answers say when.",
        ),
        ProblemType("audit-entry-not-found", 404, "No such audit entry", "Use the `audit.entry_id` of an answer."),
        ProblemType(
            "tile-not-found",
            404,
            "No such tile",
            "Tiles are named as in C2SP tlog-tiles; `GET /v1/audit/checkpoint` says how far the log goes.",
        ),
        ProblemType("clause-not-found", 404, "No such clause", "Use an id of `GET /v1/rulebook`."),
        ProblemType(
            "list-version-not-found",
            404,
            "No such list or version",
            "Use an id of `GET /v1/lists` and a number of `GET /v1/lists/{id}/versions`.",
        ),
        ProblemType(
            "method-not-allowed", 405, "Method not allowed here", "Use one of the methods of the header `Allow`."
        ),
        ProblemType(
            "request-in-progress",
            409,
            "The same request is still running",
            "Repeat the request with the same Idempotency-Key after `Retry-After` seconds.",
        ),
        ProblemType(
            "not-to-be-settled",
            409,
            "This version cannot be settled that way now",
            "Read the version again: `detail` says what is in the way. One person counts once, and a version that was "
            "approved, refused or overtaken stays so.",
        ),
        ProblemType(
            "not-a-signer",
            403,
            "Only a person may sign a review",
            "Use a key that was made for a reviewer or an admin (`hirescreen keys create --for`).",
        ),
        ProblemType(
            "review-not-found",
            404,
            "No such review",
            "Use a `screening` of `GET /v1/reviews`. A screening that was allowed needs nobody's word.",
        ),
        ProblemType(
            "review-closed", 409, "This review cannot be signed now", "Read it again: `detail` says what is in the way."
        ),
        ProblemType(
            "review-moved",
            412,
            "The review is not as you saw it",
            "Somebody signed it meanwhile. Read it again, and send its new ETag as `If-Match`.",
        ),
        ProblemType(
            "precondition-required",
            428,
            "If-Match is missing",
            "Send `If-Match` with the ETag of the review, so that nobody signs what they have not seen.",
        ),
        ProblemType("body-too-large", 413, "The body is too large", "Send at most 256 KiB."),
        ProblemType(
            "unsupported-media-type",
            415,
            "Not a media type that is read here",
            "Send `Content-Type: application/json` in UTF-8, without a content coding.",
        ),
        ProblemType(
            "invalid-request",
            422,
            "The request cannot be screened",
            "Mend each place of `errors`: `pointer` is its JSON pointer (RFC 6901), `detail` says what is taken.",
        ),
        ProblemType(
            "idempotency-key-reused",
            422,
            "The Idempotency-Key belongs to another request",
            "Use a new key for a new body. A key is kept for 24 hours.",
        ),
        ProblemType("internal-error", 500, "A fault of the service", "Report the `instance`; no decision was given."),
        ProblemType(
            "lists-unavailable",
            503,
            "A required list was never loaded",
            "Load the lists that `detail` names; until then nothing is decided.",
        ),
        ProblemType(
            "not-sealed-yet",
            503,
            "Not sealed yet",
            "What was asked for is on record and is sealed within ten seconds. Repeat the request after `Retry-After`.",
        ),
        ProblemType(
            "export-busy",
            503,
            "Another export is under way",
            "One process makes one export at a time. Repeat the request after `Retry-After`.",
        ),
        ProblemType(
            "record-damaged",
            503,
            "The record is not what was signed",
            "Nothing of it is given out. Tell the operator: `hirescreen audit check` names what was changed.",
        ),
        ProblemType(
            "store-unavailable",
            503,
            "Nothing can be recorded now",
            "Repeat the request after `Retry-After` seconds. An answer that cannot be recorded is not given.",
        ),
    )
}
