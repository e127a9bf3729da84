"""The web application: API, pages, faults, headers and log, put together over one set of services."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Flask, Response, render_template, request
from flask.json.provider import JSONProvider

from service.web.access_log import set_access_log
from service.web.api import API_PATHS, register_api
from service.web.docs import docs_blueprint
from service.web.json_body import LARGEST_BODY
from service.web.metrics import count_requests
from service.web.pages import pages_blueprint
from service.web.problem_types import ProblemType
from service.web.problems import answer_faults
from service.web.security_headers import set_security_headers
from service.web.services import WebServices


class OrjsonProvider(JSONProvider):
    """Flask's JSON by orjson: UTF-8 as it is, no spaces."""

    def dumps(self, obj: Any, **_: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return orjson.loads(s)


def build_web(services: WebServices) -> Flask:
    """The application over ``services``; nothing of it is global."""
    app = Flask(__name__, static_folder=None)  # the pages bring their own
    app.json = OrjsonProvider(app)
    app.secret_key = services.secret_key
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    set_access_log(app)
    count_requests(app, services.count_request)
    set_security_headers(app, https=bool(services.public_url and services.public_url.startswith("https://")))
    answer_faults(app, is_for_people=_is_for_people, page=_fault_page)
    document = register_api(app, services)
    app.register_blueprint(docs_blueprint(document))
    app.register_blueprint(pages_blueprint(services))
    return app


def _is_for_people() -> bool:
    """Whether the caller is a browser on a page: everything else gets a problem."""
    if request.path.startswith(API_PATHS):
        return False
    offered = ["application/problem+json", "application/json", "text/html"]
    return request.accept_mimetypes.best_match(offered) == "text/html"


def _fault_page(problem: ProblemType) -> Response:
    return Response(render_template("fault.html", problem=problem), mimetype="text/html")
