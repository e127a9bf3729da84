"""Who owns, controls or acts for whom by the prose of the UN Consolidated List.

The list has no field for it; sentences of the comments say "Subsidiary of …", "Owned or controlled by …",
"… is the parent company of …". Only such plain wordings are read, and a target is one only where exactly one
entry of the same file bears that name or number; otherwise the relation keeps the name alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from service.lists.compact import Places, Texts
from service.lists.listing import Listing, Relation

_TO = r"(?P<to>(?:[^.;]|\.(?=\d))*)"  # a dot before digits is a reference's: TAi.166
# The entry itself has to be the subject: "A tanker, owned by …" speaks of another.
_ITSELF = r"^(?:(?:[^.;]{0,120}\b(?:is|are|company|business)(?:\s+in\s+turn)?(?:\s+and)?\s+)?(?:an?\s+|the\s+)?)"
_OR_ACTING = r"controlled by,?\s+or,?\s+act\w*\b[^.;]*?\bbehalf of,?\s+(?:directly or indirectly,?\s+)?"
_WORDINGS = tuple(
    (kind, re.compile(wording, re.IGNORECASE))
    for kind, wording in (
        ("acting_for", rf"{_ITSELF}owned (?:or|and) {_OR_ACTING}{_TO}"),  # which of both, is not said
        (
            "owned_or_controlled_by",
            rf"{_ITSELF}(?:owned(?: (?:or|and) controlled)?|controlled) by(?!,? or,? act) {_TO}",
        ),
        ("owned_or_controlled_by", rf"{_ITSELF}(?:subsidiary(?: company)?|branch) of {_TO}"),
        ("owned_or_controlled_by", r"^(?P<to>[^.;]+?) is the parent company of "),
        ("owned_or_controlled_by", rf"^[^.;]+[’']s parent is {_TO}"),
        ("acting_for", rf"^[^.;]*\bact(?:s|ed|ing)? on behalf of {_TO}"),
        ("acting_for", rf"{_ITSELF}front company for {_TO}"),
        ("acting_for", rf"{_ITSELF}(?:deputy |chief |deputy chief )?representative for {_TO}"),
        ("linked_to", rf"{_ITSELF}(?:[^.;]{{0,40}}company that is )?subordinate (?:entity )?(?:to|of) {_TO}"),
    )
)
_SENTENCES = re.compile(r"(?<=[.;\]])\s+(?=[A-ZÁ-Ž])")
_NOT_SO = re.compile(
    r"\b(?:was|were|formerly|previously|not|no longer|which|whose|reportedly|suspected|may)\b", re.IGNORECASE
)
_REFERENCE = re.compile(r"\b[A-Z]{2}[ei]\.\d{3}\b")
_ENDS = re.compile(
    r"(?:,|\s[–—-]|\s\[|\s\(designated\b|\sin dealings\b|\s(?:which|that|who|where|in turn|as of|as at)\b"
    r"|\sand (?:is|has|was|involved|acts)\b).*$",
    re.DOTALL,
)
_LONGEST = 150  # characters; a longer "name" is a sentence


class Named:
    """The entries of a file by their names and references, folded; a name that two of them share is nobody's."""

    def __init__(self) -> None:
        self._names, self._keys = Places(), Texts()

    def add(self, listing: Listing) -> None:
        """Note the next entry of the file."""
        number = len(self._keys)
        self._keys.append(listing.key)
        for name in {_folded(name) for name in (listing.reference, *(name.text for name in listing.names))}:
            self._names.add(name, number)

    def get(self, name: str) -> str | None:
        """The key of the one entry that bears a name (folded), None where it is not exactly one."""
        numbers = self._names.of(name)
        return self._keys[numbers[0]] if len(numbers) == 1 else None


def named(listings: Iterable[Listing]) -> Named:
    """The names of all ``listings``."""
    found = Named()
    for listing in listings:
        found.add(listing)
    return found


def relations(listing: Listing, keys: Named) -> tuple[Relation, ...]:
    """The relations that the comments of ``listing`` state; ``keys`` holds the entries of its file."""
    comments = listing.record.get("COMMENTS1")
    found = _stated(comments, keys) if isinstance(comments, str) else ()
    return tuple(dict.fromkeys(relation for relation in found if relation.target != listing.key))


def _stated(comments: str, keys: Named) -> Iterator[Relation]:
    for sentence in _SENTENCES.split(comments):
        for kind, wording in _WORDINGS:
            match = wording.search(sentence)
            if match and not _NOT_SO.search(sentence[: match.start("to")]):
                yield from _relations(kind, match["to"], keys)


def _relations(kind: str, text: str, keys: Named) -> Iterator[Relation]:
    """One relation for the party in ``text``, or one for each where it joins several known ones by "and"."""
    if (reference := _REFERENCE.search(text)) and (key := keys.get(_folded(reference[0]))):
        yield Relation(kind=kind, name=_bare(text[: reference.start()].rstrip("( ")) or reference[0], target=key)
        return
    name = _bare(_ENDS.sub("", text))
    if not name or len(name) > _LONGEST:
        return
    if key := _key_of(name, keys):
        yield Relation(kind=kind, name=name, target=key)
        return
    parts = [_bare(part) for part in name.split(" and ")]
    if len(parts) > 1 and all(_key_of(part, keys) for part in parts):
        yield from (Relation(kind=kind, name=part, target=_key_of(part, keys)) for part in parts)
    elif name[:1].isupper():
        yield Relation(kind=kind, name=name)


def _key_of(name: str, keys: Named) -> str | None:
    """The key for a name, for the name without its brackets, or for what stands in them."""
    outside = _bare(re.sub(r"\s*\([^()]*\)", "", name))
    within = re.findall(r"\(([^()]*)\)", name)
    found = {key for each in (name, outside, *within) if (key := keys.get(_folded(each)))}
    return next(iter(found)) if len(found) == 1 else None


def _bare(text: str) -> str:
    return re.sub(r"^(?:the|DPRK[’']s)\s+", "", text.strip(" ,:[]"), flags=re.IGNORECASE).strip()


def _folded(name: str) -> str:
    return " ".join(name.replace("’", "'").replace("‘", "'").casefold().split())
