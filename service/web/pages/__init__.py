"""The pages for people: sign in, screen a hire, see the result, ask what if, and see lists and rulebook.

No script is needed.

The blueprint brings its templates, its static files and its rules about forms; headers, faults and the
access log are the application's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

from service.web.auth import ROLES, Permission, may
from service.web.pages.audit_page import add_audit
from service.web.pages.certificate_page import add_certificate
from service.web.pages.erasures_page import add_erasures
from service.web.pages.fault_words import fault_words
from service.web.pages.form_guard import form_token, refuse_foreign_forms
from service.web.pages.history_page import add_history
from service.web.pages.list_changes_page import add_list_changes
from service.web.pages.list_held_page import add_held_lists
from service.web.pages.list_page import add_list
from service.web.pages.lists_page import add_lists
from service.web.pages.login_page import add_login
from service.web.pages.replay_page import add_replay
from service.web.pages.result_page import add_result
from service.web.pages.review_page import add_reviews
from service.web.pages.rulebook_page import add_rulebook
from service.web.pages.screen_page import add_form
from service.web.pages.sign_in import set_cookie_rules
from service.web.pages.what_if_page import add_what_if
from service.web.services import WebServices
from service.web.wording.pages import say

RECORD_ROLES = frozenset(role for role in ROLES if may(role, Permission.READ_RECORD))
COMPONENTS = "govuk_frontend_jinja"
WEB = Path(__file__).resolve().parents[1]


def pages_blueprint(services: WebServices) -> Blueprint:
    """The blueprint of all pages over ``services``; it is registered without a prefix."""
    pages = Blueprint("pages", __name__, static_folder=WEB / "static", static_url_path="/assets")
    pages.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(WEB / "templates"),
            PrefixLoader({COMPONENTS: PackageLoader(COMPONENTS)}),
        ]
    )
    add_login(pages, services)
    add_form(pages, services)
    add_result(pages, services)
    add_reviews(pages, services)
    add_what_if(pages, services)
    add_history(pages, services)
    add_replay(pages, services)
    add_certificate(pages, services)
    add_lists(pages, services)
    add_held_lists(pages, services)
    add_list(pages, services)
    add_list_changes(pages, services)
    add_rulebook(pages, services)
    add_erasures(pages, services)
    add_audit(pages, services)
    _add_rules(pages, services)
    return pages


def _add_rules(pages: Blueprint, services: WebServices) -> None:
    @pages.record_once
    def set_up(state: Any) -> None:
        set_cookie_rules(state.app, secret_key=services.secret_key, secure=services.secure_cookies)

    @pages.before_request
    def guard() -> None:
        refuse_foreign_forms(services.public_url)

    @pages.after_request
    def let_assets_be_kept(response: Response) -> Response:
        if request.endpoint == "pages.static" and response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=3600"
        return response

    @pages.app_context_processor
    def words() -> dict[str, object]:
        return {
            "say": say,
            "form_token": form_token,
            "fault_words": fault_words,
            "demo": services.demo,
            "version": services.version,
            "record_roles": RECORD_ROLES,
        }
