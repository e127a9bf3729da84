"""The relations that the loaded lists state, resolved: who stands behind a listed party, and by which steps.

A relation leads to an entry of its own list by key, to one of a list that shares its keys, or, as a hint only,
to the one entry of all lists that bears the name. Ownership is followed through as many steps as the lists
state, in either direction in which they word it; circles end where they close. Resolved once for a set of
listings, in an order that does not depend on theirs.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.lists.listing import Listing, Relation

OWNED, OWNS, ACTING_FOR, LINKED = "owned_or_controlled_by", "owns_or_controls", "acting_for", "linked_to"
_SHARED_KEYS = ({"us_ofac_sdn", "us_ofac_cons"},)  # OFAC numbers the parties of both lists together
MOST_BEHIND = 50  # parties; what stands behind more than these adds nothing to a finding

Node = tuple[str, str]  # list id and key


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One relation as a list states it: ``subject`` is owned by (acts for, is linked to) ``other``."""

    subject: str
    other: str
    list_id: str  # the list that says so, and its entry
    reference: str
    sure: bool = True  # False where ``other`` was told by its name alone


@dataclass(frozen=True, kw_only=True, slots=True)
class RelatedListing:
    """A listed party that stands behind another. ``listed_on`` is judged with the match, as the match's own is."""

    listing: Listing
    kind: str
    steps: tuple[Step, ...]
    listed_on: date | None = None

    @property
    def sure(self) -> bool:
        return all(step.sure for step in self.steps)


class ListedRelations:
    """Who stands behind each of a set of listings."""

    def __init__(self, related: Mapping[Node, Sequence[tuple[Listing, tuple[RelatedListing, ...]]]]) -> None:
        self._related = related

    @classmethod
    def of_listings(cls, listings: Sequence[Listing]) -> ListedRelations:
        """Resolve the relations of ``listings``; several may share a key (contents of several versions)."""
        graph = _Graph(listings)
        related: dict[Node, list[tuple[Listing, tuple[RelatedListing, ...]]]] = defaultdict(list)
        for listing in graph.subjects():
            if behind := tuple(graph.behind(listing)):
                related[listing.list_id, listing.key].append((listing, behind))
        return cls(dict(related))

    def of(self, listing: Listing) -> tuple[RelatedListing, ...]:
        """The parties behind ``listing``: nearest first, then by list and key."""
        for subject, behind in self._related.get((listing.list_id, listing.key), ()):
            if subject == listing:
                return behind
        return ()


class _Graph:
    """Owners of each node, and what else its listings state."""

    def __init__(self, listings: Sequence[Listing]) -> None:
        self._stating = [listing for listing in listings if listing.relations]
        wanted = {key for listing in self._stating for r in listing.relations for key in _keys(listing, r)}
        names = {_folded(r.name) for listing in self._stating for r in listing.relations}
        self._by_key: dict[Node, list[Listing]] = defaultdict(list)
        self._by_name: dict[str, set[Node]] = defaultdict(set)
        stating = {(listing.list_id, listing.key) for listing in self._stating}
        for listing in listings if self._stating else ():
            node = listing.list_id, listing.key
            met = [folded for name in listing.names if (folded := _folded(name.text)) in names]
            if node in wanted or node in stating or met:
                self._by_key[node].append(listing)
            for folded in met:
                self._by_name[folded].add(node)
        self._owners: dict[Node, dict[Node, Step]] = defaultdict(dict)
        for listing in sorted(self._stating, key=_order):
            self._add_owners(listing)

    def subjects(self) -> Iterator[Listing]:
        """The listings behind which someone may stand."""
        nodes = {(listing.list_id, listing.key) for listing in self._stating} | set(self._owners)
        yield from (listing for node in sorted(nodes) for listing in self._by_key.get(node, ()))

    def behind(self, listing: Listing) -> Iterator[RelatedListing]:
        """Owners through any number of steps, then for whom the party acts and to whom it is linked."""
        own = listing.list_id, listing.key
        for node, steps in self._owners_above(own):
            for owner in sorted(self._by_key[node], key=_order):
                yield RelatedListing(listing=owner, kind=OWNED, steps=steps)
        for relation in listing.relations:
            if relation.kind not in (ACTING_FOR, LINKED):
                continue
            for node, sure in self._resolve(listing, relation):
                if node != own:
                    for other in sorted(self._by_key[node], key=_order):
                        step = _step(listing, listing.name, other.name, sure=sure)
                        yield RelatedListing(listing=other, kind=relation.kind, steps=(step,))

    def _owners_above(self, start: Node) -> Iterator[tuple[Node, tuple[Step, ...]]]:
        seen = {start}
        waiting: deque[tuple[Node, tuple[Step, ...]]] = deque([(start, ())])
        while waiting and len(seen) <= MOST_BEHIND:
            node, steps = waiting.popleft()
            for owner, step in sorted(self._owners.get(node, {}).items()):
                if owner not in seen:
                    seen.add(owner)
                    yield owner, (*steps, step)
                    waiting.append((owner, (*steps, step)))

    def _add_owners(self, listing: Listing) -> None:
        own = listing.list_id, listing.key
        for relation in listing.relations:
            if relation.kind not in (OWNED, OWNS):
                continue
            for other, sure in self._resolve(listing, relation):
                owned, owner = (own, other) if relation.kind == OWNED else (other, own)
                if owned != owner:
                    names = (listing.name, self._by_key[other][0].name)
                    subject, behind = names if relation.kind == OWNED else names[::-1]
                    step = _step(listing, subject, behind, sure=sure)
                    known = self._owners[owned].setdefault(owner, step)
                    if sure and not known.sure:
                        self._owners[owned][owner] = step

    def _resolve(self, listing: Listing, relation: Relation) -> list[tuple[Node, bool]]:
        """The node that a relation leads to and whether it is sure; none where no one entry can be told."""
        for node in _keys(listing, relation):
            if node in self._by_key:
                return [(node, True)]
        named = self._by_name.get(_folded(relation.name), set()) - {(listing.list_id, listing.key)}
        own_list = {node for node in named if node[0] == listing.list_id}
        for nodes in (own_list, named):
            if len(nodes) == 1:
                return [(next(iter(nodes)), False)]
        return []


def _keys(listing: Listing, relation: Relation) -> list[Node]:
    """Where the target may stand by its key: on the list itself, then on lists that share its keys."""
    if relation.target is None:
        return []
    others = sorted(each for lists in _SHARED_KEYS if listing.list_id in lists for each in lists - {listing.list_id})
    return [(list_id, relation.target) for list_id in (listing.list_id, *others)]


def _step(stating: Listing, subject: str, other: str, *, sure: bool) -> Step:
    return Step(subject=subject, other=other, list_id=stating.list_id, reference=stating.reference, sure=sure)


def _folded(name: str) -> str:
    return " ".join(name.casefold().rstrip(". ").split())


def _order(listing: Listing) -> tuple[str, str, str]:
    return listing.list_id, listing.key, repr(listing.names)


def statements(listings: Iterable[RelatedListing]) -> tuple[str, ...]:
    """Each relation as a sentence, with the list's own entry that states it."""
    words = {OWNED: "is owned or controlled by", ACTING_FOR: "acts for", LINKED: "is linked to"}
    found = []
    for related in listings:
        chain = ", which ".join(
            (step.subject if number == 0 else "") + f" {words[related.kind]} {step.other}"
            for number, step in enumerate(related.steps)
        )
        where = f"{related.listing.list_id} {related.listing.reference}"
        told = " and ".join(dict.fromkeys(f"{step.list_id} {step.reference}" for step in related.steps))
        by_name = "" if related.sure else "; told by the name alone"
        found.append(f"{' '.join(chain.split())} ({where}), as stated by {told}{by_name}.")
    return tuple(dict.fromkeys(found))


def families(listings: Iterable[Listing]) -> dict[Node, int]:
    """A number for each node that relations may connect with another; connected nodes share theirs.

    Whatever selection of ``listings`` is resolved, what stands behind an entry is of its own family.
    """
    every = list(listings)
    parents: dict[object, object] = {}

    def root(of: object) -> object:
        while (parent := parents.get(of, of)) != of:
            parents[of] = parents.get(parent, parent)
            of = parent
        return of

    def connect(one: object, other: object) -> None:
        for each in (one, other):
            parents.setdefault(each, each)
        parents[root(one)] = root(other)

    stating = [listing for listing in every if listing.relations]
    for listing in stating:
        for relation in listing.relations:
            for other in (*_keys(listing, relation), _folded(relation.name)):
                connect(other, (listing.list_id, listing.key))
    for listing in every if stating else ():
        for name in listing.names:
            if (folded := _folded(name.text)) in parents:
                connect(folded, (listing.list_id, listing.key))
    nodes = {node for listing in every if (node := (listing.list_id, listing.key)) in parents}
    numbers: dict[object, int] = {}
    return {node: numbers.setdefault(root(node), len(numbers)) for node in nodes}
