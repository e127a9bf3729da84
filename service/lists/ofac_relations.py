"""How OFAC says that one party stands to another, as the few kinds that matter for ownership.

Publisher: OFAC, U.S. Department of the Treasury. The party that carries the relation (in Advanced XML the
one it comes ``From``) is its subject: "A — Owned or Controlled By — B" says that B owns A, "A — Owns,
controls, or operates — B" that A owns B. No percentages are published.
"""

from __future__ import annotations

_KINDS = {
    "owned or controlled by": "owned_or_controlled_by",
    "owns, controls, or operates": "owns_or_controls",
    "acting for or on behalf of": "acting_for",
}
# Everything that the CSV files and sdn.xml call "Linked To" without saying how.
_LINKED = frozenset({
    "property in the interest of", "providing support to", "associate of", "family member of",
    "leader or official of", "principal executive officer", "playing a significant role in",
})  # fmt: skip


def relation_kind(stated: str) -> str:
    """The kind for ``Relation`` of OFAC's type of a relation; ``other`` for one that is new."""
    plain = stated.strip().lower()
    return _KINDS.get(plain) or ("linked_to" if plain in _LINKED else "other")
