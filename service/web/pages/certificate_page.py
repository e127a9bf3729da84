"""The certificate of a screening as a page to print, and as a PDF where a renderer is installed."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, render_template

from service.audit.verify_audit import PROOF_BEGIN, PROOF_END
from service.certificate import Certificate
from service.records import Account, JsonObject
from service.web.auth import Permission
from service.web.pages.pdf import NoPdfRendererError, can_render, render_pdf
from service.web.pages.presentation import field_label, list_name, value_text, warning_text, when
from service.web.pages.sign_in import signed_in
from service.web.services import WebServices
from service.web.wording.pages import FRESHNESS, say
from service.web.wording.questions import option_words


def add_certificate(pages: Blueprint, services: WebServices) -> None:
    """Add ``/screenings/<id>/certificate`` and its PDF."""

    def page(account: Account, screening_id: UUID, fault: str | None = None) -> str:
        found = services.certificates.of(screening_id)
        if found is None:
            abort(404)
        shown = show_certificate(found)
        return render_template("certificate.html", account=account, c=shown, can_pdf=can_render(), fault=fault)

    @pages.get("/screenings/<uuid:screening_id>/certificate")
    @signed_in(services, Permission.READ_SCREENINGS)
    def certificate(account: Account, screening_id: UUID) -> Any:
        return page(account, screening_id)

    @pages.get("/screenings/<uuid:screening_id>/certificate.pdf")
    @signed_in(services, Permission.READ_SCREENINGS)
    def certificate_pdf(account: Account, screening_id: UUID) -> Any:
        try:
            response = Response(render_pdf(page(account, screening_id)), mimetype="application/pdf")
        except NoPdfRendererError as missing:
            return page(account, screening_id, str(missing)), HTTPStatus.NOT_IMPLEMENTED
        response.headers["Content-Disposition"] = f'attachment; filename="certificate-{screening_id}.pdf"'
        return response


def show_certificate(found: Certificate) -> JsonObject:
    """What the template puts in. Once personal data were erased it is what the entry says."""
    answer, entry = found.answer or {}, found.record.entry
    block = found.proof_block()
    return {
        "id": found.record.id,
        "decision": found.record.decision,
        "summary": answer.get("summary") or say(f"result.{found.record.decision}.meaning"),
        "final": found.is_final,
        "erased": found.answer is None,
        "changed": found.is_changed,
        "identity": _identity(found, answer, entry),
        "clauses": _clauses(answer, entry),
        "facts": _facts(answer),
        "ignored": [f"{field_label(each['field'])}: {each['reason']}" for each in answer.get("ignored_fields", [])],
        "warnings": [warning_text(each["detail"]) for each in answer.get("warnings", [])],
        "lists": [_list(each) for each in entry.get("lists", [])],
        "signatures": [
            (each.signer, option_words(each.outcome), when(each.at.isoformat())) for each in found.sign_off.signatures
        ],
        "proof": _lines(block) if block else [],
        "is_short": block is not None and found.answer is not None and not found.proves_decision,
    }


def _identity(found: Certificate, answer: JsonObject, entry: JsonObject) -> list[tuple[str, str]]:
    rules, engine = entry.get("rules", {}), entry.get("engine", {})
    shown = [
        ("record.id", str(found.record.id)),
        ("certificate.decided", str(entry.get("at"))),
        ("certificate.person", found.record.opened.get("worker.name")),
        ("record.reference", answer.get("reference")),
        ("record.as_of", when(answer.get("as_of")) if answer else None),
        ("record.known_at", when(answer.get("known_at")) if answer else None),
        ("record.stage", option_words(answer["stage"]) if answer else None),
        ("record.rulebook", f"{rules.get('version')}, {rules.get('sha256')}"),
        ("record.engine", ", ".join(filter(None, (engine.get("version"), engine.get("sha256"))))),
        ("certificate.policy", entry.get("policy", {}).get("sha256")),
        ("record.audit", str(found.record.entry_id)),
        ("record.leaf", found.leaf_hash),
    ]
    return [(say(label), value) for label, value in shown if value]


def _clauses(answer: JsonObject, entry: JsonObject) -> list[JsonObject]:
    if not answer:
        return [{"id": each["clause"], "outcome": each["outcome"], "text": ""} for each in entry.get("reasons", [])]
    return [
        {"id": each["clause"]["id"], "outcome": each["outcome"], "text": f"{each['clause']['title']}. {each['reason']}"}
        for each in answer.get("findings", [])
    ]


def _facts(answer: JsonObject) -> list[tuple[str, str]]:
    """Every fact that a finding used, once."""
    found = {fact["field"]: fact["value"] for finding in answer.get("findings", []) for fact in finding["facts"]}
    return [(field_label(field), value_text(field, value)) for field, value in found.items()]


def _lines(block: str) -> list[str]:
    """The marks and what stands between them, apart: a mark that is broken over two lines is none."""
    return [PROOF_BEGIN, block.removeprefix(PROOF_BEGIN).removesuffix(PROOF_END).strip(), PROOF_END]


def _list(entry: JsonObject) -> JsonObject:
    return {
        "name": list_name(entry["name"]),
        "version": entry["version"] or f"0 ({FRESHNESS['starter'].lower()})",
        "published": entry.get("published") or "–",
        "records": entry["records"],
        "sha256": entry["sha256"],
    }
