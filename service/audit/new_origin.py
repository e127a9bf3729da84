"""A new origin for a log that cannot be continued: its first leaf cites the last head of the old one.

Every entry that survives is numbered again after that leaf, in the old order. So an auditor with an old
head can compute its root from the new log's leaves 1 to n, and sees from the citation what was lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from service.audit.checkpoint import SignedHead
from service.audit.events import EventWriter
from service.audit.heads import HeadsFile
from service.audit.leaf import leaf_hash
from service.audit.merkle import GrowingTree
from service.audit.note import demand_name
from service.audit.sealing_ports import SealStore, Tree
from service.audit.signing import KeyRing
from service.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Survival:
    """How many leaves of the old log are there, and the largest signed head that their bytes still give."""

    leaves: int
    agrees_with: SignedHead | None


def start_new_origin(
    store: SealStore, *, old: HeadsFile, new: HeadsFile, keys: KeyRing, events: EventWriter
) -> Survival:
    """Begin the log ``new.origin``; the sealer must not run, and has to be started with that origin afterwards.

    ConfigError where another sealer runs, the name was used before, or nothing was ever signed.
    """
    demand_name(new.origin)
    last = old.last()
    if last is None:
        raise ConfigError(f"Nothing was ever signed for {old.origin}, so there is nothing to cite.")
    if new.path.exists():
        raise ConfigError(f"{new.origin} was used before; choose another name.")
    if not store.acquire():
        raise ConfigError("A sealer is at work: stop the service first.")
    state = store.state()
    if state.origin not in (None, old.origin):
        raise ConfigError(f"The log of this database is {state.origin}, not {old.origin}.")
    with store.reading():
        survival = survey(store.tree(state.log, state.size), old) if state.log is not None else Survival(0, None)
    if not keys.all():
        keys.generate()
    vkeys = [str(key) for key in keys.verifiers(new.origin)]
    with store.transaction():
        opening = events("origin", {"origin": new.origin, "vkeys": vkeys, "previous": _citation(last, survival)})
        log, entry = store.start_log(new.origin, state.log, opening)
        store.add_leaves(log, 0, [(entry, leaf_hash(opening.leaf))])
    return survival


def survey(tree: Tree, heads: HeadsFile) -> Survival:
    """Compute the roots over the leaves' bytes as they are now and compare them with every signed head."""
    grown, agrees, signed = GrowingTree(), None, heads.all()
    head = next(signed, None)
    for leaf in tree.leaves(0, tree.size):
        grown.append(leaf_hash(leaf.leaf))
        if head is not None and head.size == grown.size:
            if head.root != grown.root():
                head = None
                continue
            agrees, head = head, next(signed, None)
    return Survival(tree.size, agrees)


def _citation(last: SignedHead, survival: Survival) -> dict[str, Any]:
    return {
        "origin": last.checkpoint.origin,
        "size": last.size,
        "root": last.root.hex(),
        "note": str(last),
        "carried": survival.leaves,
        "agrees_with_size": survival.agrees_with.size if survival.agrees_with else 0,
    }
