"""Where an engine answers on its own: ``python -I engine_process`` over one material file, one decision out.

This module is the door of every stored engine: whatever else changes, a program of another day calls
:func:`answer` with the path of a material file and reads the decision's canonical bytes from standard output.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from service import rulebook
from service.replay.engine_material import read_material
from service.replay.recompute import PinnedLists, recompute
from service.screening.facts import ScreeningRequest
from service.web.schemas.screening import load_request


def load(request: Mapping[str, Any], asked_at: datetime) -> ScreeningRequest:
    """The facts of a stored request."""
    return load_request(request, now=asked_at)


def answer(path: str) -> None:
    """Write the decision on the question in the file at ``path`` to standard output."""
    with Path(path).open("rb") as file:
        question, store = read_material(iter(file))
    snapshot = PinnedLists(store, question.lists).snapshot()
    sys.stdout.buffer.write(recompute(question, snapshot, rules=rulebook.current(), load=load))
    sys.stdout.buffer.flush()
