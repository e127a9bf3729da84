"""The filters of an export of the record, as an address or a form states them."""

from __future__ import annotations

from collections.abc import Mapping

from service.audit.export import Form, Order
from service.audit.selection import PARAMETERS, read_selection
from service.errors import SelectionError

FORMS = tuple(each.value for each in Form)
_YES_NO = {"true": True, "false": False}


def load_order(stated: Mapping[str, str], *, form: Form, others: frozenset[str] = frozenset()) -> Order:
    """The order of an export; ``form`` where none is stated. SelectionError names what cannot be read.

    A name that is not known is refused: a mistyped filter would give more than was wanted. ``others`` are names
    that mean something else.
    """
    known = {*PARAMETERS, "format", "personal_data", *others}
    for name in stated:
        if name not in known:
            named = name if name.isidentifier() and len(name) < 40 else "parameter"
            raise SelectionError(named, "there is no such filter.")
        if not stated[name]:
            raise SelectionError(name, "it is empty; leave it out.")
    wanted, personal = stated.get("format", form.value), stated.get("personal_data", "false")
    if wanted not in FORMS:
        raise SelectionError("format", f"one of {', '.join(FORMS)} is taken.")
    if personal not in _YES_NO:
        raise SelectionError("personal_data", "true or false is taken.")
    return Order(
        form=Form(wanted),
        selection=read_selection({name: stated[name] for name in PARAMETERS if name in stated}),
        personal=_YES_NO[personal],
    )
