"""Reviews: the queue of screenings that people must settle, and one of them with its form."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for

from service.audit.leaf import timestamp
from service.dispositions import NEEDED, Disposition, Review, State, Verdict
from service.errors import DispositionError, NotASignerError, ReviewMovedError, ReviewNotFoundError
from service.records import Account, JsonObject
from service.web.auth import ForbiddenError, Permission, may
from service.web.history_filter import read_cursor
from service.web.pages.presentation import when
from service.web.pages.sign_in import actor_of, signed_in
from service.web.schemas.reviews import LONGEST_REASON
from service.web.services import WebServices
from service.web.wording.pages import say
from service.web.wording.questions import option_words

ROWS = 50
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def add_reviews(pages: Blueprint, services: WebServices) -> None:
    """Add ``/reviews`` and ``/reviews/<id>`` with its form."""

    @pages.get("/reviews")
    @signed_in(services, Permission.READ_SCREENINGS)
    def reviews(account: Account) -> Any:
        settled = request.args.get("settled") == "true"
        after = read_cursor(request.args.get("cursor"))
        found = services.reviews.queue(rows=ROWS + 1, after=after, settled=settled)
        rows = [_shown(each, account) for each in found[:ROWS]]
        more = found[ROWS - 1].screening_id if len(found) > ROWS else None
        return render_template(
            "reviews.html", account=account, here="reviews", rows=rows, settled=settled, more=more, first=after is None
        )

    @pages.get("/reviews/<uuid:screening_id>")
    @signed_in(services, Permission.READ_SCREENINGS)
    def review(account: Account, screening_id: UUID) -> Any:
        return _page(account, _found(services, screening_id))

    @pages.post("/reviews/<uuid:screening_id>")
    @signed_in(services, Permission.SIGN)
    def sign_review(account: Account, screening_id: UUID) -> Any:
        said = {name: request.form.get(name, "") for name in ("verdict", "reason", "tag")}
        said["reason"] = said["reason"].replace("\r\n", "\n").strip()
        errors = _faults(said)
        if errors:
            return _page(account, _found(services, screening_id), said, errors), 422
        try:
            services.reviews.sign(
                screening_id,
                actor_of(account),
                verdict=Verdict(said["verdict"]),
                reason=said["reason"],
                seen=said["tag"],
            )
        except ReviewNotFoundError:
            abort(404)
        except NotASignerError as error:
            raise ForbiddenError from error
        except (ReviewMovedError, DispositionError) as error:
            text = say("review.moved") if isinstance(error, ReviewMovedError) else str(error)
            return _page(account, _found(services, screening_id), said, [{"text": text}]), 409
        return redirect(url_for("pages.review", screening_id=screening_id), 303)


def _found(services: WebServices, screening_id: UUID) -> Review:
    try:
        return services.reviews.get(screening_id)
    except ReviewNotFoundError:
        abort(404)


def _faults(said: JsonObject) -> list[JsonObject]:
    errors = []
    if said["verdict"] not in tuple(Verdict):
        errors.append({"text": say("review.verdict.missing"), "href": "#verdict"})
    if not said["reason"]:
        errors.append({"text": say("review.reason.missing"), "href": "#reason"})
    elif len(said["reason"]) > LONGEST_REASON or _CONTROL.search(said["reason"]):
        errors.append({"text": say("review.reason.long", most=LONGEST_REASON), "href": "#reason"})
    return errors


def _page(
    account: Account, review: Review, said: JsonObject | None = None, errors: list[JsonObject] | None = None
) -> str:
    return render_template(
        "review.html",
        account=account,
        here="reviews",
        v=_shown(review, account),
        said=said or {},
        errors=errors or [],
        verdicts=[(each.value, say(f"review.verdict.{each}"), say(f"review.verdict.{each}.hint")) for each in Verdict],
        longest=LONGEST_REASON,
    )


def _shown(review: Review, account: Account) -> JsonObject:
    """A review as this person may see it."""
    sees = review.open_to(account.id)
    return {
        "id": review.screening_id,
        "decision": review.decision,
        "decided": when(timestamp(review.decided_at)),
        "stage": option_words(review.stage),
        "reference": review.reference,
        "clauses": list(review.clauses),
        "tag": review.tag,
        "state": _state(review, account),
        "words": [_word(each, shown=sees) for each in review.dispositions],
        "hidden": bool(review.dispositions) and not sees,
        "waits": review.state is not State.SETTLED and not review.erased,
        "erased": review.erased,
        "has_signed": review.has_signed(account.id),
        "may_sign": may(account.role, Permission.SIGN),
    }


def _word(disposition: Disposition, *, shown: bool) -> JsonObject:
    said = say(f"review.said.{disposition.verdict}") if shown else say("review.said.hidden")
    reason = (disposition.reason or say("review.reason.erased")) if shown else None
    return {"who": disposition.username, "at": when(timestamp(disposition.at)), "said": said, "reason": reason}


def _state(review: Review, account: Account) -> str:
    if review.verdict is not None:
        return say(f"review.settled.{review.verdict}")
    if review.state is State.ESCALATED:
        return say("review.escalated")
    if review.has_signed(account.id):
        return say("review.you_signed")
    people = len({each.account_id for each in review.dispositions})
    return say("review.signed_by", count=people, needed=NEEDED) if people else say("review.unsigned")
