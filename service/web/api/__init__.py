"""The JSON API: its routes, its OpenAPI document, and who may call what."""

from __future__ import annotations

from typing import Any

from flask import Flask

from service.web.api.audit import audit_blueprint
from service.web.api.audit_export import audit_export_blueprint
from service.web.api.catalogue import catalogue_blueprint
from service.web.api.certificate import certificate_blueprint
from service.web.api.document import document_blueprint, finished_document, start_document
from service.web.api.erasures import erasures_blueprint
from service.web.api.health import health_blueprint
from service.web.api.held_lists import held_lists_blueprint
from service.web.api.history import history_blueprint
from service.web.api.list_versions import list_versions_blueprint
from service.web.api.replay import replay_blueprint
from service.web.api.reviews import reviews_blueprint
from service.web.api.screenings import screenings_blueprint
from service.web.api.what_if import what_if_blueprint
from service.web.auth import Authenticator
from service.web.metrics import metrics_blueprint
from service.web.services import WebServices

API_PATHS = ("/v1/", "/openapi.json", "/livez", "/readyz", "/metrics")


def register_api(app: Flask, services: WebServices) -> dict[str, Any]:
    """Add every route of the API to ``app``; returns the OpenAPI document."""
    authenticator = Authenticator(services.keys)
    api = start_document(app, services)
    api.register_blueprint(screenings_blueprint(services, authenticator))
    api.register_blueprint(history_blueprint(services, authenticator))
    api.register_blueprint(what_if_blueprint(services, authenticator))
    api.register_blueprint(replay_blueprint(services, authenticator))
    api.register_blueprint(certificate_blueprint(services, authenticator))
    api.register_blueprint(catalogue_blueprint(services, authenticator))
    api.register_blueprint(list_versions_blueprint(services, authenticator))
    api.register_blueprint(held_lists_blueprint(services, authenticator))
    api.register_blueprint(erasures_blueprint(services, authenticator))
    api.register_blueprint(reviews_blueprint(services, authenticator))
    api.register_blueprint(audit_blueprint(services, authenticator))
    api.register_blueprint(audit_export_blueprint(services, authenticator))
    api.register_blueprint(health_blueprint(services))
    api.register_blueprint(metrics_blueprint(services.metrics, authenticator))
    document = finished_document(api)
    app.register_blueprint(document_blueprint(document))
    return document
