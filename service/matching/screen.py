"""Every party of a request against every listing: the matches over the threshold, with their evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from service.lists.listing import AliasQuality, Listing
from service.matching.comparison import MANDARIN, THRESHOLD, Comparison, Readings, compare, compare_read, read
from service.matching.evidence import Evidence, Party, codes, grade, weigh
from service.matching.index import NameIndex
from service.matching.normalise import clean
from service.screening.facts import (
    Counterparty,
    Director,
    Nationality,
    NationalityBasis,
    Owner,
    PartyKind,
    ScreeningRequest,
    Worker,
)
from service.screening.match import Match

PERSON, ORGANISATION = "person", "organisation"
MOST_REMEMBERED = 2048  # names with what they met, about 1 KiB each
MOST_READ = 20_000  # listed names with their readings, about 3 KiB each, for as long as a batch runs
_QUALITY_ORDER = {
    AliasQuality.PRIMARY: 0,
    AliasQuality.STRONG: 1,
    AliasQuality.ORIGINAL_SCRIPT: 2,
    AliasQuality.WEAK: 3,
}
_QUALITY_WORDS = {
    AliasQuality.PRIMARY: "primary name",
    AliasQuality.STRONG: "alias",
    AliasQuality.ORIGINAL_SCRIPT: "name in original script",
    AliasQuality.WEAK: "weak alias",
}


def match_parties(request: ScreeningRequest, index: NameIndex) -> tuple[Match, ...]:
    """Matches of every party, in the order of the request, the likeliest first; a listing once per party."""
    return tuple(match for party in parties(request) for match in match_party(party, index))


def load_tables(index: NameIndex) -> None:
    """Have every table that a question may need read now: what a process reads before it forks is shared."""
    for name in ("Kim Yong Chol", "金永哲", "김영철", "Ким Ён Чхоль", "キムヨンチョル", "Бюро Ковалёв", "محمد الحسن"):
        match_party(Party(path="", names=(name,), kinds=(PERSON, ORGANISATION)), index)
    index.memory.clear()


def listings_met(request: ScreeningRequest, index: NameIndex) -> Iterator[Listing]:
    """Every listing that a name or an identifier of a party meets, also several under one key."""
    for party in parties(request):
        for name in party.names:
            for kind in party.kinds:
                hits = _hits(name, kind, index, remember=ORGANISATION in party.kinds)
                yield from (hit.listing for hit in hits)
        for _, value in party.identifiers:
            yield from index.by_identifier(value)


def match_party(
    party: Party,
    index: NameIndex,
    *,
    belongs: Callable[[Listing], bool] = lambda _: True,
    memory: Memory | None = None,
) -> list[Match]:
    """The listings that a party may be: by a name over the threshold, or by an identifier alone.

    Those for which ``belongs`` is false count as not indexed at all. ``memory`` is what is kept for the
    parties that follow.
    """
    best: dict[tuple[str, str], _Hit] = {}
    for name in party.names:
        for kind in party.kinds:
            if memory is not None:
                hits = memory.hits(name, kind, index)
            else:
                hits = _hits(name, kind, index, remember=ORGANISATION in party.kinds)
            for hit in hits:
                if belongs(hit.listing):
                    _keep(best, hit)
    for _, value in party.identifiers:
        for listing in index.by_identifier(value):
            if (listing.list_id, listing.key) not in best and belongs(listing):
                _keep(best, _identifier_hit(party, listing))
    matches = [_match(party, hit, index) for hit in best.values()]
    return sorted(matches, key=likeliest_first)


def likeliest_first(match: Match) -> tuple[int, str, str]:
    """The order of the matches of one party."""
    return (-match.score, match.listing.list_id, match.listing.key)


def _hits(name: str, kind: str, index: NameIndex, *, remember: bool) -> tuple[_Hit, ...]:
    """Every listed name of ``kind`` that ``name`` meets over the threshold.

    Remembered for parties that may be organisations: an employer and its agencies come with every hire,
    and the index they are looked up in never changes.
    """
    known: tuple[_Hit, ...] | None = index.memory.get((name, kind)) if remember else None
    if known is not None:
        return known
    hits = _found(name, kind, index, read)
    if remember:
        if len(index.memory) >= MOST_REMEMBERED:
            index.memory.clear()
        index.memory[name, kind] = hits
    return hits


def _found(name: str, kind: str, index: NameIndex, read_listed: Callable[[str, str], Readings]) -> tuple[_Hit, ...]:
    asked, entries = read(name, kind), index.candidate_entries(name, kind)
    compared = {
        text: compare_read(asked, read_listed(text, kind), kind, explained_from=THRESHOLD)
        for text in dict.fromkeys(entry.text for entry in entries)
    }
    return tuple(
        _Hit(index.listings[entry.listing], name, entry.text, entry.quality, compared[entry.text])
        for entry in entries
        if compared[entry.text].score >= THRESHOLD
    )


class _Hit:
    """One listed name that a query met."""

    __slots__ = ("comparison", "listed", "listing", "quality", "query")

    def __init__(
        self, listing: Listing, query: str, listed: str, quality: AliasQuality, comparison: Comparison
    ) -> None:
        self.listing, self.query, self.listed = listing, query, listed
        self.quality, self.comparison = quality, comparison

    @property
    def rank(self) -> tuple[int, int, str, str]:
        return (-self.comparison.score, _QUALITY_ORDER[self.quality], self.listed, self.query)


class Memory:
    """What many parties screened against one index need again: what each name met, and listed names as read."""

    def __init__(self) -> None:
        self._hits: dict[tuple[str, str], tuple[_Hit, ...]] = {}
        self._readings: dict[tuple[str, str], Readings] = {}

    def hits(self, name: str, kind: str, index: NameIndex) -> tuple[_Hit, ...]:
        """What ``name`` meets among the names of ``kind``."""
        found = self._hits.get((name, kind))
        if found is None:
            if len(self._hits) >= MOST_REMEMBERED:
                self._hits.clear()
            found = self._hits[name, kind] = _found(name, kind, index, self._read)
        return found

    def _read(self, name: str, kind: str) -> Readings:
        found = self._readings.get((name, kind))
        if found is None:
            if len(self._readings) >= MOST_READ:
                self._readings.clear()
            found = self._readings[name, kind] = Readings(name, kind)
        return found


def _keep(best: dict[tuple[str, str], _Hit], hit: _Hit) -> None:
    key = (hit.listing.list_id, hit.listing.key)
    known = best.get(key)
    if known is None or hit.rank < known.rank:
        best[key] = hit


def _identifier_hit(party: Party, listing: Listing) -> _Hit:
    """A listing that only an identifier found: its primary name, scored for what it is worth."""
    name = party.names[0] if party.names else ""
    kind = PERSON if listing.kind.value == PERSON else ORGANISATION
    return _Hit(listing, name, listing.name, AliasQuality.PRIMARY, compare(name, listing.name, kind))


def _match(party: Party, hit: _Hit, index: NameIndex) -> Match:
    evidence = weigh(party, hit.listing)
    return Match(
        party=party.path,
        query=hit.query,
        listing=hit.listing,
        matched_name=hit.listed,
        alias_quality=hit.quality,
        grade=grade(
            listing=hit.listing,
            name_score=hit.comparison.score,
            evidence=evidence,
            weak_name=hit.comparison.how == MANDARIN,
        ),
        score=hit.comparison.score,
        agrees=evidence.agrees,
        disagrees=evidence.disagrees,
        unknown=evidence.unknown,
        alignment=hit.comparison.alignment,
        reasons=_reasons(hit, evidence),
        listed_on=hit.listing.listed_on,
        listed_on_basis=hit.listing.listed_on_basis,
        related=index.relations.of(hit.listing),
    )


def _reasons(hit: _Hit, evidence: Evidence) -> tuple[str, ...]:
    found = []
    if hit.comparison.score >= THRESHOLD:
        found.append(f"“{hit.query}” meets the {_QUALITY_WORDS[hit.quality]} “{hit.listed}”")
    else:
        found.append(f"an identifier of “{hit.listed}”; the name “{hit.query}” does not meet it")
    if hit.comparison.how == MANDARIN:
        found.append(
            "only as Mandarin reads hanja that are usual in Korean names: weak, for other names are read so too"
        )
    found += evidence.reasons
    if not evidence.agrees and not evidence.disagrees and hit.listing.kind.value == PERSON:
        found.append("name only: nothing else is known that tells one bearer of this name from another")
    if hit.comparison.tricks:
        found.append("the name held " + ", ".join(t.replace("_", " ") for t in hit.comparison.tricks))
    return tuple(found)


def parties(request: ScreeningRequest) -> Iterator[Party]:
    """Everyone that a request names, in its order: worker, vessel, counterparties with owners and directors."""
    yield _worker(request.worker)
    vessel = request.work.vessel
    if vessel is not None and vessel.imo:
        yield Party(path="work.vessel", names=(), kinds=(), identifiers=(("imo", vessel.imo),))
    for i, counterparty in enumerate(request.counterparties):
        yield from _counterparty(counterparty, f"counterparties[{i}]")


def _worker(worker: Worker) -> Party:
    names = [worker.name]
    if worker.family_name:
        names.append(f"{worker.family_name}, {worker.given_names or ''}".strip(", "))
    documents = [("passport" if d.kind.value == "passport" else d.kind.value, d.number) for d in worker.documents]
    stated = [d.nationality.code for d in worker.documents if d.nationality]
    return Party(
        path="worker",
        names=_names(*names, *worker.other_names),
        kinds=(PERSON,),
        birth_date=worker.date_of_birth,
        countries=codes([*_nationalities(worker.nationalities), *stated]),
        gender=worker.gender,
        identifiers=tuple((kind, number) for kind, number in documents if number),
    )


def _nationalities(nationalities: tuple[Nationality, ...]) -> list[str | None]:
    return [n.country.code for n in nationalities if n.basis is not NationalityBasis.CLAIMED_BY_LAW]


def _counterparty(counterparty: Counterparty, path: str) -> Iterator[Party]:
    yield Party(
        path=path,
        names=_names(counterparty.name, *counterparty.other_names),
        kinds=(ORGANISATION, PERSON),
        countries=codes([counterparty.country.code if counterparty.country else None]),
        identifiers=tuple(counterparty.identifiers.items()),
    )
    for i, owner in enumerate(counterparty.owners):
        yield from _owner(owner, f"{path}.owners[{i}]")
    for i, director in enumerate(counterparty.directors):
        yield _director(director, f"{path}.directors[{i}]")


def _owner(owner: Owner, path: str) -> Iterator[Party]:
    kinds = {PartyKind.PERSON: (PERSON,), PartyKind.ORGANISATION: (ORGANISATION,)}
    country = owner.country.code if owner.country else None
    yield Party(
        path=path,
        names=_names(owner.name, *owner.other_names),
        kinds=kinds[owner.kind] if owner.kind else (ORGANISATION, PERSON),
        birth_date=owner.date_of_birth,
        countries=codes([country, *_nationalities(owner.nationalities)]),
        identifiers=tuple(owner.identifiers.items()),
    )
    for i, above in enumerate(owner.owners):
        yield from _owner(above, f"{path}.owners[{i}]")


def _director(director: Director, path: str) -> Party:
    return Party(
        path=path,
        names=_names(director.name, *director.other_names),
        kinds=(PERSON,),
        birth_date=director.date_of_birth,
        countries=codes(_nationalities(director.nationalities)),
    )


def _names(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n for n in names if n.strip()))


def name_tricks(request: ScreeningRequest) -> tuple[tuple[str, str, str], ...]:
    """(path of the party, name, trick) for each trick of writing found in a name; any of them needs a look."""
    return tuple(
        (party.path, name, trick) for party in parties(request) for name in party.names for trick in clean(name).tricks
    )
