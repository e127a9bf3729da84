"""JSON pointers (RFC 6901) of the places in a body that are at fault."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST_STEP = 64  # no field of ours has a longer name; a longer key is content, and is not repeated


def pointer(path: Iterable[str | int]) -> str:
    """The pointer of ``path``; it ends at the parent of a key that is too long to be a field's name."""
    steps = ""
    for step in path:
        text = str(step)
        if len(text) > LONGEST_STEP:
            break
        steps += "/" + text.replace("~", "~0").replace("/", "~1")
    return steps
