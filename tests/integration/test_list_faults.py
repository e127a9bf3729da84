"""What a list server may send instead of the list: the list that serves stays, and the reason is on record."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import pytest

from service.errors import HirescreenError, MalformedListError
from service.intake.canaries import search
from service.intake.refresh import ListRefresh, outcome_of
from service.lists import sources, un_sc, us_ofac
from service.lists.acceptance import Outcome, judge
from service.lists.container import unpack
from service.lists.list_file import ListFile
from service.lists.summary import summarise
from service.store.audit import AuditLog
from service.store.database import Database
from service.store.intake import Intake
from service.store.lists import Lists
from tests.conftest import new_database
from tests.list_faults import NOW, SERVING, SOURCE, Bench, Fault, _event, a_list, bench, fault_named, faults

OFAC = Path(__file__).resolve().parents[1] / "data" / "lists" / "us_ofac_sdn"
OFFSETS = 1000


@pytest.fixture(scope="module")
def tried(server_url: str, migrated_template: str) -> Iterator[Bench]:
    with new_database(server_url, template=migrated_template) as url, bench(url) as ready:
        yield ready


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: fault.name)
def test_only_a_good_list_comes_into_service(tried: Bench, fault: Fault) -> None:
    result = tried.run(fault)
    assert result.as_due, result


def test_no_one_but_the_list_server_is_asked(tried: Bench) -> None:
    places = [fault for fault in faults() if fault.name.startswith("sent to ")]
    assert len(places) > 20
    assert {fault.name: tried.run(fault).requests for fault in places} == dict.fromkeys((f.name for f in places), 1)


def accepted(read: ListFile, source: sources.ListSource) -> bool:
    """Whether a file would come into service where nothing serves yet, the easiest case for a bad one."""
    try:
        new = summarise(read, published_on=SERVING, names=source.canaries, digest=False)
    except MalformedListError:
        return False
    return judge(source=source, file=read, new=new, old=None).outcome is Outcome.ACCEPTED


def offsets(size: int) -> list[int]:
    """A thousand places to cut, the first and the last bytes among them."""
    spread = [size * n // OFFSETS for n in range(OFFSETS)]
    return sorted({*spread, *range(20), *(size - n for n in range(1, 20))})[: OFFSETS + 40]


def test_a_list_cut_anywhere_is_no_list() -> None:
    body, few = a_list(range(40)), replace(SOURCE, floor=2, canaries=())

    def taken(content: bytes) -> bool:
        try:
            return accepted(un_sc.read(BytesIO(content)), few)
        except MalformedListError:
            return False

    assert taken(body)
    cuts = offsets(len(body))
    assert len(cuts) >= OFFSETS
    assert [cut for cut in cuts if taken(body[:cut])] == []


@pytest.mark.parametrize("cut_file", ["SDN.CSV", "ALT.CSV", "ADD.CSV"])
def test_a_set_with_a_file_cut_anywhere_is_no_set(cut_file: str) -> None:
    few = replace(sources.SOURCES["us_ofac_sdn"], floor=2, canaries=())
    bodies = {path.name: path.read_bytes() for path in OFAC.iterdir()}

    def taken(content: bytes) -> bool:
        with ExitStack() as opened:
            try:
                files = [
                    opened.enter_context(unpack(BytesIO(content if name == cut_file else body), name))
                    for name, body in bodies.items()
                ]
                return accepted(us_ofac.read(files, "us_ofac_sdn"), few)
            except MalformedListError:
                return False

    body = bodies[cut_file]
    assert taken(body)
    assert [cut for cut in offsets(len(body)) if taken(body[:cut])] == []


@dataclass(frozen=True, slots=True)
class Removed:
    """A check that is taken out of the source: in ``module``, ``old`` becomes ``new``; ``fault`` notices."""

    module: str
    old: str
    new: str
    fault: str
    ends_in: type[Exception] | None = None  # what nobody turns into a clear error then


def out(module: str, condition: str, fault: str) -> Removed:
    """The ``if`` with this condition never holds any more."""
    return Removed(module, f"if {condition}:", "if False:", fault)


FETCH, CONTAINER, ACCEPTANCE = "service.intake.fetch", "service.lists.container", "service.lists.acceptance"
XML, READER = "service.lists.xml_records", "service.lists.un_sc"
RECEPTION = "service.intake.reception"
CHECKS = [
    out(FETCH, "response.status != 200", "status 503"),
    out(FETCH, "response.status in (404, 410)", "status 404"),
    Removed(FETCH, "response.status == 304 and conditional", "response.status == 304", "not modified, unasked"),
    out(FETCH, 'response.getheader("Content-Type", "").lower().startswith("text/html")', "HTML with status 200"),
    out(FETCH, "announced is not None and announced > self._max_bytes", "a terabyte announced"),
    out(FETCH, "announced is not None and size != announced", "more announced than sent"),
    out(FETCH, "now > limit.deadline", "one byte at a time"),
    out(FETCH, "announced != digest", "another digest announced"),
    Removed(
        FETCH, "ssl.create_default_context()", "ssl._create_unverified_context()", "another certificate"
    ),
    out(FETCH, "location is None", "sent to nowhere"),
    out(FETCH, "not host or target.username or target.password", "sent to http://user:secret@127.0.0.1:{port}/list"),
    out(FETCH, "target.port not in (None, 443, first.port)", "sent to http://127.0.0.1:9/list"),
    Removed(FETCH, "range(MAX_REDIRECTS + 1)", "range(60)", "sent round and round"),
    Removed(FETCH, "host == name or (", "True or (", "sent to http://localhost:{port}/list"),
    Removed(FETCH, "plain_allowed and _is_loopback(host)", "plain_allowed", "sent to http://127.1:{port}/list"),
    Removed(FETCH, "except (OSError, http.client.HTTPException) as error", "except KeyError as error",
            "reset in the middle", ends_in=ConnectionResetError),
    out(CONTAINER, "not head", "an empty file"),
    out(CONTAINER, 'head.startswith(b"version https://git-lfs")', "a Git LFS pointer"),
    out(CONTAINER, "_HTML.search(head[:1024])", "an HTML page that says it is XML"),
    out(CONTAINER, "size > max_plain", "a gzip bomb"),
    out(CONTAINER, "len(members) != 1", "a zip of two files"),
    Removed(CONTAINER, "EOFError, OSError, ", "", "cut gzip", ends_in=EOFError),
    out(XML, "info.doctype or info.internalDTD is not None", "an external DTD"),
    out(XML, "inside > max_elements", "30,000 elements in one record"),
    Removed(XML, "elif path not in containers:", "elif False:", "an unknown section"),
    out(XML, "missing := required - seen", "a section missing"),
    Removed(READER, "in (*keys.repeated(), *references.repeated()):", "in ():", "an id twice"),
    out(READER, "not joined", "a record without a name"),
    Removed(ACCEPTANCE, "if new.entries == 0:", "if False:", "no entries"),
    out(ACCEPTANCE, "missing * 2 > len(source.canaries)", "another list of this format"),
    out(ACCEPTANCE, "missing := len(source.canaries) - len(new.canaries)", "a canary gone"),
    out(ACCEPTANCE, "today and new.published_on and new.published_on > today + _CALENDAR", "an issue of the future"),
    out(ACCEPTANCE, "new.published_on and old.published_on and new.published_on < old.published_on", "an older issue"),
    out(ACCEPTANCE, "removed > max(25, old.entries / 100)", "a tenth fewer"),
    out(ACCEPTANCE, "vanished or count > max(5, before[group] / 20)", "one regime emptied"),
    out(ACCEPTANCE, "old.dprk and not new.dprk", "no DPRK entry any more"),
    out(ACCEPTANCE, "new.entries < source.floor", "fewer than it ever had"),
    out(ACCEPTANCE, "old.dprk - new.dprk > max(5, old.dprk / 20)",
        "a sixth of the DPRK's entries under another programme"),
    out(ACCEPTANCE, "added > max(250, old.entries / 2)", "six times as much"),
    out(RECEPTION, "published_on and now.date() - published_on > source.longest_gap",
        "an issue that is too old for its publisher"),
    out(RECEPTION, "missed := self._find(entries, canaries)", "a list that a search does not find"),
    Removed(RECEPTION, "held=held,", "held=None,", "half of it"),
]  # fmt: skip


def without(check: Removed) -> ModuleType:
    """The module as it would be without the check."""
    spec = importlib.util.find_spec(check.module)
    assert spec is not None
    assert spec.origin is not None
    text = Path(spec.origin).read_text()
    assert check.old in text, f"{check.module} no longer holds this check: {check.old}"
    module = ModuleType(check.module)
    module.__file__ = spec.origin
    with patch.dict(sys.modules, {check.module: module}):  # dataclasses look their module up
        exec(compile(text.replace(check.old, check.new), spec.origin, "exec"), module.__dict__)
    return module


# what the rest of the service has imported from each module
USES = {
    FETCH: ["tests.list_faults.Fetcher"],
    CONTAINER: ["service.intake.refresh.unpack"],
    ACCEPTANCE: ["service.intake.reception.judge"],
    XML: ["service.lists.un_sc.records", "service.lists.un_sc.root_of"],
    READER: ["service.lists.un_sc._entries", "service.lists.un_sc._named"],
    RECEPTION: ["service.intake.refresh.Reception", "service.intake.refresh.refuse_a_retired_address"],
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: f"{check.module}: {check.old}")
def test_each_check_is_missed_when_it_is_gone(tried: Bench, check: Removed) -> None:
    changed = without(check)
    with ExitStack() as patches:
        for use in USES[check.module]:
            patches.enter_context(patch(use, getattr(changed, use.rpartition(".")[2])))
        if check.ends_in is not None:
            with pytest.raises(check.ends_in):
                tried.run(fault_named(check.fault))
            return
        result = tried.run(fault_named(check.fault))
    assert not result.as_due, f"nothing noticed that this check was gone: {result}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What is imported over a whole set of OFAC's files, and what has to come of it; ``check`` is what sees it."""

    name: str
    files: dict[str, bytes]
    outcome: str
    reason: str
    check: Removed
    partial: bool = False
    origin: str = "us_ofac_sdn"


def without_entry(number: bytes, body: bytes) -> bytes:
    return b"".join(row for row in body.splitlines(keepends=True) if not row.startswith(number + b","))


def imports() -> Iterator[Imported]:
    bodies = {path.name: path.read_bytes() for path in OFAC.iterdir()}
    rows = bodies["SDN.CSV"]
    xml = OFAC.with_name("us_ofac_sdn_small.xml").read_bytes()
    yield Imported(
        name="one entry more is declared",
        files={"SDN.XML": xml.replace(b"<Record_Count>5<", b"<Record_Count>6<")},
        outcome="rejected",
        reason="declares 6 entries and 5 were read",
        check=out(ACCEPTANCE, "file.declared_entries not in (None, new.entries)", ""),
    )
    yield Imported(
        name="a part in the place of the whole",
        files={name: bodies[name] for name in ("SDN.CSV", "SDN_COMMENTS.CSV")},
        outcome="held",
        reason="a part of the set would replace a whole one",
        check=out(ACCEPTANCE, "old_complete and not file.complete", ""),
        partial=True,
    )
    yield Imported(
        name="the newest entry is gone",
        files={name: without_entry(b"105", body) for name, body in bodies.items()},
        outcome="held",
        reason="its newest entry is 104; the list that serves goes up to 105: an older copy",
        check=Removed(ACCEPTANCE, "elif source.keys_grow and", "elif False and", ""),
    )
    yield Imported(
        name="the end of a file is missing",
        files=bodies | {"SDN.CSV": rows.replace(b"AIRLINES", b"AIRWAYS").removesuffix(b"\x1a")},
        outcome="held",
        reason="SDN.CSV does not end with OFAC's end-of-file mark",
        check=Removed(ACCEPTANCE, "for doubt in file.doubts:", "for doubt in ():", ""),
    )
    yield Imported(
        name="a list that has ended",
        files=bodies | {"SDN.CSV": rows.replace(b"AIRLINES", b"AIRWAYS")},
        outcome="rejected",
        reason="retired by its publisher on 2026-01-28",
        check=out("service.lists.sources", "source.is_retired(day)", ""),
        origin="retired",
    )


class OfacDesk:
    """A database in which the whole set serves as version 1."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.lists, self._folder = Lists(database), folder
        self._refresh = ListRefresh(
            lists=self.lists,
            intake=Intake(database),
            audit_log=AuditLog(database),
            audit_event=_event,
            find=search,
            clock=lambda: NOW,
        )
        self._refresh.import_files("us_ofac_sdn", sorted(OFAC.iterdir()))

    def run(self, each: Imported) -> tuple[str, str]:
        """How the import ends, and why; version 1 serves again afterwards."""
        paths = []
        for name, body in each.files.items():
            paths.append(self._folder / name)
            paths[-1].write_bytes(body)
        try:
            return self._refresh.import_files("us_ofac_sdn", paths, partial=each.partial).outcome, ""
        except HirescreenError as error:
            return outcome_of(error), str(error)
        finally:
            self.lists.activate("us_ofac_sdn", 1)


@pytest.mark.parametrize("each", list(imports()), ids=lambda each: each.name)
def test_each_check_of_an_import_sees_its_fault_and_is_missed_when_it_is_gone(
    database: Database, tmp_path: Path, each: Imported
) -> None:
    small = replace(sources.SOURCES["us_ofac_sdn"], floor=2, canaries=())
    ended = replace(small, retired_on=date(2026, 1, 28))
    uses = (
        ["service.intake.reception.judge"]
        if each.check.module == ACCEPTANCE
        else ["service.intake.refresh.refuse_a_retired_list"]
    )
    with patch.object(sources, "SOURCES", {"us_ofac_sdn": small}):
        desk = OfacDesk(database, tmp_path)
    with patch.object(sources, "SOURCES", {"us_ofac_sdn": ended if each.origin == "retired" else small}):
        outcome, reason = desk.run(each)
        assert (outcome, each.reason in reason) == (each.outcome, True), reason
        changed = without(each.check)
        with ExitStack() as patches:
            for use in uses:
                patches.enter_context(patch(use, getattr(changed, use.rpartition(".")[2])))
            assert desk.run(each) != (outcome, reason)
