"""The collection of OpenSanctions as FollowTheMoney entities, one JSON object a line (entities.ftm.json).

Publisher: OpenSanctions Datenbanken GmbH; CC BY-NC 4.0, use by a business needs its licence. Parties, their
sanctions, addresses, documents and the links between parties are entities of their own in one file, in no
order, so the file is gone through twice. Listed are the targets that are persons, organisations, vessels or
aircraft and whose topics speak of sanctions; the rest is counted. Ids can change when entities are merged:
``referents`` in the record are the former ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from service.errors import MalformedListError
from service.lists.container import PlainFile
from service.lists.list_file import ListFile
from service.lists.listing import Listing
from service.lists.opensanctions_parties import KINDS, listing_of
from service.lists.opensanctions_sides import Sides
from service.lists.text_rows import BYTE_ORDER_MARK, MAX_LINE, cut_doubts

_NEEDED = frozenset({"id", "caption", "schema", "properties", "datasets", "target"})
_TOPICS = ("sanction", "debarment", "export.control", "export.risk")
# Things that may be targets and are no parties; a target of a schema unknown to both is refused.
_THINGS = frozenset({"Address", "Asset", "CryptoWallet", "RealEstate", "Security", "Vehicle", "Position", "Event",
                     "Document", "Documentation", "Project", "License", "Contract", "BankAccount"})  # fmt: skip


class _Line(NamedTuple):
    """A line of the file: for messages, and where its entity begins."""

    where: str
    offset: int


def recognises(files: Sequence[PlainFile]) -> bool:
    """Whether the one file starts with a FollowTheMoney entity."""
    if len(files) != 1:
        return False
    head = files[0].head.removeprefix(BYTE_ORDER_MARK)
    return head.startswith(b'{"') and (b'"schema"' in head or b'"properties"' in head)


def read_file(file: PlainFile, list_id: str) -> ListFile:
    """The collection in ``file``; iterating streams its parties.

    MalformedListError names the line of the first that is no entity as OpenSanctions exports them.
    """
    sides = Sides(file.stream)
    left_out: Counter[str] = Counter()
    for line, entity in _entities(file):
        reason = _left_out(entity, line.where)
        sides.add(entity, line.offset, listed=entity["schema"] in KINDS and not reason)
        if reason:
            left_out[reason] += 1
    if twice := sides.repeated():
        raise MalformedListError("the entity comes twice", where=twice)
    return ListFile(
        list_id=list_id,
        entries=lambda: _listings(file, list_id, sides),
        doubts=cut_doubts(file),
        left_out=tuple(sorted(left_out.items())),
    )


def _listings(file: PlainFile, list_id: str, sides: Sides) -> Iterator[Listing]:
    for line, entity in _entities(file):
        if entity["schema"] in KINDS and not _left_out(entity, line.where):
            yield listing_of(entity, sides, list_id, line.where)


def _left_out(entity: dict[str, Any], where: str) -> str | None:
    """Why a party or a target is no listing; None where it is one, or where it only belongs to one."""
    schema, target = entity["schema"], entity["target"]
    if schema not in KINDS:
        if target and schema not in _THINGS:
            raise MalformedListError(f"a target of the unknown schema {schema!r}", where=where)
        return f"targets that are no party ({schema})" if target else None
    if not target:
        return "parties that are no target"
    topics = entity["properties"].get("topics", ())
    return None if any(topic.startswith(_TOPICS) for topic in topics) else "targets without a topic of sanctions"


def _entities(file: PlainFile) -> Iterator[tuple[_Line, dict[str, Any]]]:
    """(where it stands, entity) of each line; whoever asks may move the position in the file."""
    empty = number = offset = 0
    while True:
        file.stream.seek(offset)
        raw = file.stream.readline(MAX_LINE)
        if not raw:
            return
        number += 1
        line = _Line(f"{file.name} line {number}", offset + (len(BYTE_ORDER_MARK) if _is_marked(raw, offset) else 0))
        offset += len(raw)
        if not raw.strip():
            empty = number
            continue
        if empty:
            raise MalformedListError("an entity after an empty line", where=line.where)
        if len(raw) == MAX_LINE:
            raise MalformedListError(f"a line longer than {MAX_LINE} bytes", where=line.where)
        try:
            entity = orjson.loads(raw.removeprefix(BYTE_ORDER_MARK) if number == 1 else raw)
        except orjson.JSONDecodeError as error:
            raise MalformedListError(f"not well-formed JSON: {error.msg}", where=line.where) from error
        yield line, _checked(entity, line.where)


def _is_marked(raw: bytes, offset: int) -> bool:
    return offset == 0 and raw.startswith(BYTE_ORDER_MARK)


def _checked(entity: Any, where: str) -> dict[str, Any]:
    if not isinstance(entity, dict):
        raise MalformedListError("a line that is no JSON object", where=where)
    if missing := sorted(_NEEDED - entity.keys()):
        detail = f"an entity without {', '.join(missing)}: FollowTheMoney, but no export of OpenSanctions"
        raise MalformedListError(detail, where=where)
    properties, caption = entity["properties"], entity["caption"]
    texts = all(isinstance(entity[name], str) and entity[name] for name in ("id", "schema"))
    if not texts or not isinstance(properties, dict) or not isinstance(entity["target"], bool):
        raise MalformedListError("an entity whose id, schema, properties or target is none", where=where)
    if caption is not None and not isinstance(caption, str):
        raise MalformedListError("the caption is no text", where=where)
    for name, values in (("datasets", entity["datasets"]), *properties.items()):
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise MalformedListError(f"the property {name} is no list of texts", where=where)
    return entity
