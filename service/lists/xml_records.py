"""XML list files read record by record: hardened, streaming, and strict about what may stand where.

No publisher sends a DOCTYPE, an entity or a network reference; a file that carries one is refused. An
element that a list has never had is refused too: skipping it could skip listed parties.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from service.errors import MalformedListError

MAX_ELEMENTS_IN_A_RECORD = 20_000
MAX_TEXT = 100_000  # characters; the longest real one, a statement of reasons, has some thousands
_HAS_A_LONG_TEXT = etree.XPath(f"boolean(.//text()[string-length() > {MAX_TEXT}])")
_HAS_A_LONG_ATTRIBUTE = etree.XPath(f"boolean(.//@*[string-length() > {MAX_TEXT}])")


def local_name(tag: str) -> str:
    """The name of an element without its namespace: publishers change namespaces, not names."""
    return tag.rpartition("}")[2]


def clean(text: str | None) -> str:
    """The text with runs of white space, line breaks included, as single spaces."""
    return " ".join((text or "").split())


def root_of(stream: BinaryIO) -> Any:
    """The root element with its attributes, its content not read yet.

    MalformedListError where the file is not XML or carries a DOCTYPE.
    """
    try:
        _, root = next(_parse(stream, ("start",)))
    except etree.XMLSyntaxError as error:
        raise MalformedListError(f"not well-formed XML: {error.msg}") from error
    except StopIteration as error:
        raise MalformedListError("not well-formed XML: it has no root element") from error
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise MalformedListError("the file carries a DOCTYPE, which the publisher never writes")
    return root


def records(
    stream: BinaryIO,
    paths: frozenset[str],
    *,
    ignored: frozenset[str] = frozenset(),
    required: frozenset[str] = frozenset(),
    max_elements: int = MAX_ELEMENTS_IN_A_RECORD,
) -> Iterator[tuple[str, Any]]:
    """(path, element) of each element at one of ``paths``, complete; it is freed once the caller moves on.

    Paths are local names below the root: ``INDIVIDUALS/INDIVIDUAL``. What stands at an ``ignored`` path is
    passed over. MalformedListError for any other element outside a record, for a ``required`` path that
    never came, for a record of more than ``max_elements`` elements or with a text beyond ``MAX_TEXT``, and
    where the XML breaks.
    """
    containers = {above for path in paths | ignored for above in _above(path)}
    seen: set[str] = set()
    stack: list[str] = []
    record_depth = inside = 0
    try:
        for event, element in _parse(stream, ("start", "end")):
            if event == "start":
                stack.append(local_name(element.tag))
                if record_depth:
                    inside += 1
                    if inside > max_elements:
                        raise MalformedListError(
                            f"a record of more than {max_elements:,} elements", where=f"line {element.sourceline}"
                        )
                elif len(stack) > 1:
                    path = "/".join(stack[1:])
                    seen.add(path)
                    if path in paths or path in ignored:
                        record_depth, inside = len(stack), 0
                    elif path not in containers:
                        where = f"line {element.sourceline}"
                        raise MalformedListError(f"unexpected element {'/'.join(stack)}", where=where)
                continue
            if record_depth == len(stack):
                path = "/".join(stack[1:])
                if path in paths:
                    if _HAS_A_LONG_TEXT(element) or _HAS_A_LONG_ATTRIBUTE(element):
                        detail = f"a text of more than {MAX_TEXT:,} characters"
                        raise MalformedListError(detail, where=f"line {element.sourceline}")
                    yield path, element
                _free(element)
                record_depth = 0
            stack.pop()
    except etree.XMLSyntaxError as error:
        raise MalformedListError(f"not well-formed XML: {error.msg}") from error
    if missing := required - seen:
        raise MalformedListError(f"the section {', '.join(sorted(missing))} is missing")


def as_published(
    element: Any, *, without: frozenset[str] = frozenset(), attributes: frozenset[str] | None = None
) -> dict[str, Any]:
    """An element as plain data, for ``Listing.record``: attributes as ``@name``, children by local name.

    Text alone is a string; what repeats is a list; what is empty is left out, as are ``without`` and, where
    ``attributes`` names those that say something, all others.
    """
    stated = ((local_name(name), value) for name, value in element.items() if value)
    found: dict[str, Any] = {f"@{name}": value for name, value in stated if attributes is None or name in attributes}
    for child in element:
        name = local_name(child.tag)
        if name in without:
            continue
        told = len(child) or child.attrib
        value: Any = as_published(child, without=without, attributes=attributes) if told else {}
        text = clean(child.text)
        if text:
            value = {**value, "#text": text} if value else text
        if not value:
            continue
        if name in found:
            known = found[name]
            found[name] = [*(known if isinstance(known, list) else [known]), value]
        else:
            found[name] = value
    return found


def _parse(stream: BinaryIO, events: tuple[str, ...]) -> Any:
    stream.seek(0)
    return etree.iterparse(
        stream,
        events=events,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _above(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(1, len(parts))]


def _free(element: Any) -> None:
    element.clear(keep_tail=False)
    while element.getprevious() is not None:
        del element.getparent()[0]
