"""What comes in beside lists and logs as targets: a request's body and names, a bundle of lists, a publisher's feed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import cache
from typing import TypeAlias

from service.bundles.archive import ArchiveReader
from service.bundles.note import open_manifest
from service.errors import BundleError, InvalidRequestError, MalformedListError
from service.lists import starter
from service.lists.feed import LONGEST, checksum_in
from service.matching.index import NameIndex
from service.matching.screen import match_parties, name_tricks
from service.rulebook import current
from service.rulebook.stages import usable_facts
from service.screening.case import Case
from service.screening.decide import Judgement, decide
from service.screening.finding import Outcome
from service.web.json_body import FAULTS, MalformedBodyError, read_json
from service.web.schemas.screening import load_request
from tests.bundles import VKEY, bundle
from tests.fuzzing.invariants import demand
from tests.fuzzing.mutators import Mutator, raw
from tests.fuzzing.tree_mutators import json_text
from tests.fuzzing.xml_mutator import xml
from tests.rule_cases import NOW, bases

Parser: TypeAlias = tuple[Callable[[bytes], bool], Callable[[], Sequence[bytes]], Mutator]
CONTENTS = {"un_sc": {"consolidated.xml": b"<a/>"}, "us_ofac_sdn": {"SDN.CSV": b"1", "ALT.CSV": b"2" * 600}}
GENUINE = bundle(CONTENTS)
ADDRESS = "https://lists.example/files/full.xml?token=x"
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Files</title>
<item><link>https://lists.example/files/full.xml?token=y</link><guid>9f2c</guid></item>
<item><link>https://lists.example/files/full.csv</link><guid>77aa</guid></item></channel></rss>"""


@cache
def _index() -> NameIndex:
    return NameIndex.build(listing for list_id in starter.list_ids() for listing in starter.listings(list_id))


def answering(data: bytes) -> bool:
    """A request: judged, twice in the same way, and never allowed while a clause asks; or refused with its places."""
    try:
        body = read_json(data)
        if not isinstance(body, dict):
            return False
        request = load_request(body, now=NOW)
    except (MalformedBodyError, InvalidRequestError) as refused:
        demand(0 < len(refused.faults) <= FAULTS, "a refusal without a fault, or with too many")
        demand(all(place == "" or place.startswith("/") for place, _ in refused.faults), "a fault without a pointer")
        demand(all(detail.strip() for _, detail in refused.faults), "a fault without words")
        return False
    usable = usable_facts(request)
    case = Case(
        request=usable.request, matches=match_parties(usable.request, _index()), ignored=frozenset(usable.forbidden)
    )
    judgement = decide(case, current().rules)
    _check(judgement)
    again = Case(request=usable.request, matches=case.matches, ignored=case.ignored)
    demand(judgement == decide(again, current().rules), "one case is judged in two ways")
    demand(all(trick.strip() for _, _, trick in name_tricks(request)), "a trick without a name")
    return True


def _check(judgement: Judgement) -> None:
    demand(bool(judgement.summary.strip()), "no summary")
    demand(
        judgement.outcome is max((f.outcome for f in judgement.findings), key=lambda o: o.value, default=Outcome.ALLOW),
        "the decision is not the worst of the findings",
    )
    demand(all(finding.reason.strip() for finding in judgement.findings), "a finding without a reason")
    demand(all(each.question.strip() and each.settles for each in judgement.missing), "a missing fact without a use")


def opening_a_bundle(data: bytes) -> bool:
    """A signed bundle of lists: taken only as it was signed, byte for byte, or refused."""
    with ExitStack() as kept:
        try:
            archive = ArchiveReader(io.BytesIO(data))
            manifest, _ = open_manifest(archive.manifest(), [VKEY])
            contents = [copy.read() for copy in archive.contents(manifest.files(), kept.enter_context)]
        except BundleError as refused:
            demand(str(refused).isprintable() and len(str(refused)) < 1000, "a refusal that cannot be shown")
            return False
    demand(contents == [each for files in CONTENTS.values() for each in files.values()], "files that nobody signed")
    return True


def reading_a_feed(data: bytes) -> bool:
    """A publisher's feed: one checksum of bounded length, none, or a refusal."""
    try:
        found = checksum_in(io.BytesIO(data), ADDRESS)
    except MalformedListError as refused:
        demand(str(refused).isprintable() and len(str(refused)) < 4500, "a refusal that cannot be shown")
        return False
    demand(found is None or 0 < len(found) <= LONGEST, "a checksum without an end")
    return found is not None


def _bodies() -> Sequence[bytes]:
    return [json.dumps(body).encode() for body in bases().values()]


PARSERS: dict[str, Parser] = {
    "request": (answering, _bodies, json_text),
    "list_bundle": (opening_a_bundle, lambda: [GENUINE], raw),
    "feed": (reading_a_feed, lambda: [FEED], xml),
}
