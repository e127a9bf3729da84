"""What a list server may send instead of the list, and what has to come of it.

A table: each fault, how the server behaves, which outcome is due and the words that give the reason. It runs
against a real server on loopback and a real PostgreSQL in which an invented list serves.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache, partial
from itertools import product
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import service.intake.refresh
from service.errors import HirescreenError
from service.intake.canaries import search
from service.intake.fetch import Fetcher
from service.intake.refresh import ListRefresh, outcome_of
from service.lists import sources
from service.records import AuditRecord
from service.store.audit import AuditLog
from service.store.database import Database
from service.store.intake import Intake
from service.store.lists import Lists
from tests.list_server import Page, list_server, self_signed

NOW = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
SERVING, TODAY = date(2026, 3, 4), date(2026, 3, 5)
ENTRIES = 300
PATH = "/un_sc/consolidated.xml"
MAX_PLAIN = 64 * 1024 * 1024  # the service allows more; the table need not write half a gigabyte for each bomb
_PROGRAMMES = ("DPRK", "Al-Qaida", "Iran", "Libya", "Taliban")
_SYLLABLES = ("VAR", "TOL", "BEK", "SUN", "MIR", "DAL", "KOR", "PEN", "RAS", "GOL", "ZIM", "HAD")


def name_of(number: int) -> str:
    """An invented name; no two of the first 1,700 numbers share one."""
    first, second, third = (part.capitalize() for part in _names()[number % 1728])
    return f"{first}ov {second}eli {third}ani {number // 1728 or ''}".strip()


@cache
def _names() -> list[tuple[str, str, str]]:
    return [(a + b, c, a + c) for a, b, c in product(_SYLLABLES, repeat=3)]


def entry(number: int, *, name: str = "", programme: str = "") -> str:
    tag = "INDIVIDUAL" if number % 3 else "ENTITY"
    return (
        f"<{tag}><DATAID>{70_000 + number}</DATAID><FIRST_NAME>{name or name_of(number)}</FIRST_NAME>"
        f"<UN_LIST_TYPE>{programme or _PROGRAMMES[number % 5]}</UN_LIST_TYPE>"
        f"<REFERENCE_NUMBER>X.{number:04}</REFERENCE_NUMBER><LISTED_ON>2015-07-01</LISTED_ON></{tag}>\n"
    )


def document(entries: list[str], day: date = TODAY, *, head: str = "") -> bytes:
    """A list in the publisher's format, made of ``entry`` texts."""
    people = "".join(text for text in entries if text.startswith("<INDIVIDUAL>"))
    others = "".join(text for text in entries if text.startswith("<ENTITY>"))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{head}<CONSOLIDATED_LIST dateGenerated="{day}T23:00:00.000Z">\n'
        f"<INDIVIDUALS>\n{people}</INDIVIDUALS>\n<ENTITIES>\n{others}</ENTITIES>\n</CONSOLIDATED_LIST>"
    ).encode()


def a_list(numbers: range | list[int] = range(ENTRIES), day: date = TODAY, **options: Any) -> bytes:
    return document([entry(number, **options) for number in numbers], day)


def a_real_un_list(day: date, *, numbers: range = range(600)) -> bytes:
    """Invented entries among which the best-known ones of the United Nations stand: large and known enough."""
    known = dict(enumerate(sources.SOURCES["un_sc"].canaries))
    return document([entry(number, name=known.get(number, "")) for number in numbers], day)


def without_the_last(count: int, day: date) -> bytes:
    """The same with fewer entries."""
    return a_real_un_list(day, numbers=range(600 - count))


CANARIES = tuple(name_of(number) for number in range(0, ENTRIES, ENTRIES // 20))
SOURCE = replace(sources.SOURCES["un_sc"], floor=100, canaries=CANARIES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """``outcome`` and ``reason`` (a pattern) are due; ``blind`` makes the search find no canary."""

    name: str
    page: Callable[[str], Page]  # from the server's address
    outcome: str
    reason: str = ""
    tls: bool = False
    blind: bool = False
    seconds: float = 20.0
    most_requests: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What came of a fault. ``serves`` is the version that serves afterwards, ``recorded`` the new audit entries."""

    fault: Fault
    outcome: str
    reason: str
    serves: int
    recorded: tuple[str, ...]
    requests: int
    seconds: float

    @property
    def as_due(self) -> bool:
        """Whether everything is as it has to be."""
        kept = self.serves == 1 or self.fault.outcome == "loaded"
        types = {"unchanged": (), "held": ("list_held",), "loaded": ("list_load",)}
        noted = types.get(self.fault.outcome, ("list_reject",))
        return (
            self.outcome == self.fault.outcome
            and kept
            and self.recorded == noted
            and self.requests <= self.fault.most_requests
            and re.search(self.fault.reason, self.reason, re.DOTALL) is not None
        )


def sent(body: bytes, **headers: str) -> Callable[[str], Page]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Page(body, headers={"Content-Type": "text/xml", **named})


def status(code: int) -> Callable[[str], Page]:
    return lambda _: Page(b"sorry", status=code)


def redirect(location: str) -> Callable[[str], Page]:
    """``{port}`` in the location stands for the server's own."""
    return lambda address: Page(status=302, headers={"Location": location.replace("{port}", address.rsplit(":", 1)[1])})


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.xml", content)
    return buffer.getvalue()


def bomb() -> bytes:
    return b" " * (MAX_PLAIN + 1_000_000)


def without(count: int) -> list[int]:
    """The list's numbers but ``count`` of them, spread over it; canaries stay."""
    gone = [number for number in range(ENTRIES) if number % (ENTRIES // 20)][:: max(1, (ENTRIES - 20) // count)][:count]
    return sorted(set(range(ENTRIES)) - set(gone))


LAUGHS = "<!DOCTYPE x [" + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10)) + "]>\n"
LONG_ENTITY = f'<!DOCTYPE x [<!ENTITY a "{"ha" * 50_000}">]>\n'
SLOW = 2.0


def _with(text: str) -> list[str]:
    return [entry(0, name=text), *(entry(number) for number in range(1, ENTRIES))]


def _digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def _transport() -> Iterator[Fault]:
    good = a_list()
    yield Fault(name="HTML with status 200", page=sent(good, Content_Type="text/html"), outcome="failed", reason="HTML")
    for code in (400, 403, 429, 500, 503):
        yield Fault(name=f"status {code}", page=status(code), outcome="failed", reason=f"answered HTTP {code}")
    for code in (404, 410):
        yield Fault(name=f"status {code}", page=status(code), outcome="failed", reason=f"no longer .* {code}")
    yield Fault(name="not modified, unasked", page=status(304), outcome="failed", reason="HTTP 304")
    for offset in (0, 1, 1000, len(good) - 1):
        yield Fault(
            name=f"broken off after {offset} bytes",
            page=lambda _, offset=offset: Page(good, cut=offset),  # type: ignore[misc]
            outcome="failed",
            reason="broke off",
        )
    yield Fault(
        name="reset in the middle",
        page=lambda _: Page(good, cut=len(good) // 2, reset=True),
        outcome="failed",
        reason="broke off",
    )
    yield Fault(
        name="more announced than sent",
        page=sent(good, Content_Length=str(len(good) + 9)),
        outcome="failed",
        reason="broke off",
    )
    yield Fault(
        name="a terabyte announced",
        page=sent(good, Content_Length="1000000000000"),
        outcome="failed",
        reason="announces",
    )
    yield Fault(
        name="one byte at a time",
        page=lambda _: Page(good, drip=0.05),
        outcome="failed",
        reason="longer than",
        seconds=SLOW,
    )
    yield Fault(
        name="another digest announced", page=sent(good, Repr_Digest=_digest(b"x")), outcome="failed", reason="digest"
    )
    yield Fault(
        name="another certificate", page=sent(good), outcome="failed", reason="CERTIFICATE_VERIFY_FAILED", tls=True
    )


def _redirects() -> Iterator[Fault]:
    places = {
        "http://localhost:{port}/list": "not a host of this publisher",
        "http://127.0.0.2:{port}/list": "not a host of this publisher",
        "http://[::1]:{port}/list": "not a host of this publisher",
        "http://[::ffff:127.0.0.1]:{port}/list": "HTTPS only|not a host",
        "http://[0:0:0:0:0:0:0:1]:{port}/list": "not a host of this publisher",
        "http://169.254.169.254/latest/meta-data/": "HTTPS only",
        "https://169.254.169.254/latest/meta-data/": "not a host of this publisher",
        "http://0x7f.1:{port}/list": "HTTPS only",
        "http://2130706433:{port}/list": "HTTPS only",
        "http://127.1:{port}/list": "HTTPS only",
        "http://10.0.0.1/list": "HTTPS only",
        "https://10.0.0.1/list": "not a host of this publisher",
        "http://lists.example/list": "HTTPS only",
        "https://lists.example/list": "not a host of this publisher",
        "//lists.example/list": "HTTPS only",
        "https://scsanctions.un.org.lists.example/list": "not a host of this publisher",
        "http://127.0.0.1@lists.example/list": "credentials",
        "http://user:secret@127.0.0.1:{port}/list": "credentials",
        "http://127.0.0.1:9/list": "another port",
        "http://127.0.0.1:99999/list": "no URL",
        "http://[::1/list": "no URL",
        "file:///etc/passwd": "no host|HTTPS only",
        "ftp://127.0.0.1/list": "HTTPS only",
        "gopher://127.0.0.1:{port}/_x": "HTTPS only",
        "data:text/xml,<x/>": "no host",
    }
    for place, reason in places.items():
        yield Fault(name=f"sent to {place}", page=redirect(place), outcome="failed", reason=reason)
    yield Fault(
        name="sent round and round",
        page=redirect(PATH),
        outcome="failed",
        reason="redirects more than 5 times",
        most_requests=6,
    )
    yield Fault(
        name="sent to nowhere", page=lambda _: Page(status=302, headers={}), outcome="failed", reason="to nowhere"
    )


def _content() -> Iterator[Fault]:
    good = a_list()
    whole = [entry(number) for number in range(ENTRIES)]
    bodies: dict[str, tuple[bytes, str]] = {
        "an empty file": (b"", "zero bytes"),
        "one byte": (b"<", "not well-formed"),
        "white space": (b"\n" * 500, "not well-formed"),
        "an HTML page that says it is XML": (b"<!DOCTYPE html><html><body>busy</body></html>", "an HTML page"),
        "an error in JSON": (b'{"error": "busy"}', "not well-formed"),
        "a Git LFS pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS"),
        "another root element": (b"<export/>", "root element"),
        "another list of this format": (a_list(range(500, 900)), "another list"),
        "no entries": (document([]), "was rejected: the list holds no entries"),
        "an unknown section": (good.replace(b"ENTITIES", b"OTHERS"), "unexpected element"),
        "a section missing": (re.sub(b"<ENTITIES>.*</ENTITIES>", b"", good, flags=re.DOTALL), "ENTITIES is missing"),
        "an id twice": (document([*whole, whole[7]]), r"X\.0007: the record occurs twice"),
        "a record without a name": (document(_with(" ")), r"X\.0000: the record has no name"),
        "a day that is none": (good.replace(b"2015-07-01", b"2015-02-30", 1), r"X\.\d+: LISTED_ON"),
        "something after the end": (good + b"<x/>", "not well-formed"),
        "a NUL in the middle": (good.replace(b"ov ", b"\x00 ", 1), "not well-formed"),
        "a bare ampersand": (good.replace(b"ov ", b"& ", 1), "not well-formed"),
        "Latin-1 that says it is UTF-8": (good.replace(b"ov ", b"\xf3v ", 1), "not well-formed"),
        "cut, with the length of the rest": (good[: len(good) // 2], "not well-formed"),
        "cut gzip": (gzip.compress(good)[:-9], "damaged"),
        "bad gzip": (gzip.compress(good)[:40] + b"\0" * 40, "damaged"),
        "a zip of two files": (zipped(a=good, b=good), "a zip with 2 files"),
        "a zip that is none": (b"PK\x03\x04" + b"\0" * 200, "damaged"),
        "billion laughs": (document(_with("&a9;")).replace(b"?>\n", b"?>\n" + LAUGHS.encode(), 1), "DOCTYPE|entity"),
        "quadratic entities": (
            document(_with("&a;" * 20_000)).replace(b"?>\n", b"?>\n" + LONG_ENTITY.encode(), 1),
            "DOCTYPE|entity",
        ),
        "an external entity": (
            document(_with("&e;"), head='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>\n'),
            "DOCTYPE",
        ),
        "an external DTD": (document(whole, head='<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">\n'), "DOCTYPE"),
        "30,000 elements in one record": (
            document(_with("x")).replace(b"</FIRST_NAME>", b"</FIRST_NAME>" + b"<COMMENTS1/>" * 30_000, 1),
            "elements",
        ),
    }
    for name, (body, reason) in bodies.items():
        yield Fault(name=name, page=sent(body), outcome="rejected", reason=reason)
    bombs = {"a gzip bomb": partial(gzip.compress, compresslevel=1), "a zip bomb": lambda body: zipped(a=body)}
    for name, pack in bombs.items():
        yield Fault(
            name=name,
            page=lambda _, pack=pack: Page(pack(bomb())),  # type: ignore[misc]
            outcome="rejected",
            reason="unpacks to more than",
        )


def _judged() -> Iterator[Fault]:
    older, stale = date(2026, 3, 2), date(2026, 2, 20)
    held: dict[str, tuple[bytes, str]] = {
        "an older issue": (a_list(range(ENTRIES + 1), older), "2026-03-02 .* 2026-03-04"),
        "an issue of the future": (a_list(range(ENTRIES + 3), date(2026, 4, 1)), "not come yet"),
        "a tenth fewer": (a_list(without(30)), "30 of 300 entries would be removed"),
        "half of it": (a_list(without(150)), "150 of 300 entries would be removed"),
        "six times as much": (a_list(range(6 * ENTRIES)), "1500 entries would be added"),
        "one regime emptied": (
            a_list([n for n in range(ENTRIES) if n % 5 != 3 or not n % 15]),
            "entries of Libya would be removed",
        ),
        "no DPRK entry any more": (
            document([entry(n, programme=_PROGRAMMES[n % 5].replace("DPRK", "Iran")) for n in range(ENTRIES)]),
            "no DPRK entry is left",
        ),
        "a canary gone": (a_list(range(1, ENTRIES)), "1 of 20 parties"),
        "fewer than it ever had": (a_list(without(210)), "90 entries; un_sc has at least 100"),
        "a sixth of the DPRK's entries under another programme": (
            document([entry(n, programme="" if n % 30 else "Iran") for n in range(ENTRIES)]),
            "DPRK entries would fall from 60 to 50",
        ),
    }
    for name, (body, reason) in held.items():
        yield Fault(name=name, page=sent(body), outcome="held", reason=reason)
    yield Fault(
        name="an issue that is too old for its publisher",
        page=sent(a_list(range(ENTRIES + 1), stale)),
        outcome="rejected",
        reason="retired",
    )
    yield Fault(
        name="a list that a search does not find",
        page=sent(a_list(range(ENTRIES + 2))),
        outcome="rejected",
        reason="a search does not find 20 of its 20",
        blind=True,
    )


def _good() -> Iterator[Fault]:
    renamed = [entry(n, name="Renamedov Toleli" if n == 1 else "") for n in range(ENTRIES)]
    bodies = {
        "one per cent fewer": a_list(without(3)),
        "121 more in one run": a_list(range(ENTRIES + 121)),
        "another primary name": document(renamed),
        "with a byte order mark": b"\xef\xbb\xbf" + a_list(range(ENTRIES + 5)),
        "in gzip": gzip.compress(a_list(range(ENTRIES + 6))),
        "in a zip": zipped(list=a_list(range(ENTRIES + 7))),
    }
    for name, body in bodies.items():
        yield Fault(name=name, page=sent(body), outcome="loaded")
    yield Fault(name="the same entries of another day", page=sent(a_list()), outcome="unchanged")
    # libxml2 looks at the bytes, not at the word of the declaration, and finds the very same entries
    yield Fault(
        name="UTF-16 that says it is UTF-8", page=sent(a_list().decode().encode("utf-16-le")), outcome="unchanged"
    )


@cache
def faults() -> tuple[Fault, ...]:
    """The whole table."""
    return (*_transport(), *_redirects(), *_content(), *_judged(), *_good())


def fault_named(name: str) -> Fault:
    return next(fault for fault in faults() if fault.name == name)


@dataclass
class Bench:
    """A database in which the invented list serves as version 1."""

    database: Database
    lists: Lists = field(init=False)
    log: AuditLog = field(init=False)

    def __post_init__(self) -> None:
        self.lists, self.log = Lists(self.database), AuditLog(self.database)
        assert self._attempt(Fault(name="", page=sent(a_list(day=SERVING)), outcome="loaded"))[0] == "loaded"

    def run(self, fault: Fault) -> Result:
        """Let the server behave so, update the list, and see; version 1 serves again afterwards."""
        before, began = self._recorded(), time.monotonic()
        outcome, reason, requests = self._attempt(fault)
        took = time.monotonic() - began
        (active,) = self.lists.active()
        result = Result(
            fault=fault,
            outcome=outcome,
            reason=reason,
            serves=active.version,
            recorded=tuple(self._recorded()[len(before) :]),
            requests=requests,
            seconds=took,
        )
        self.lists.activate("un_sc", 1)
        return result

    def _attempt(self, fault: Fault) -> tuple[str, str, int]:
        refresh = ListRefresh(
            lists=self.lists,
            intake=Intake(self.database),
            audit_log=self.log,
            audit_event=_event,
            find=(lambda _, canaries: tuple(canaries)) if fault.blind else search,
            clock=lambda: NOW,
            proposer="job:refresh",
        )
        fetcher = Fetcher(connect_seconds=5, total_seconds=fault.seconds)
        with (
            list_server(self_signed() if fault.tls else None) as server,
            patch.object(sources, "SOURCES", {"un_sc": replace(SOURCE, fetch_seconds=fault.seconds)}),
            patch.object(service.intake.refresh, "unpack", partial(service.intake.refresh.unpack, max_plain=MAX_PLAIN)),
        ):
            server.pages[PATH] = fault.page(server.address)
            try:
                done = refresh.update_one("un_sc", fetcher, base_address=server.address)
            except HirescreenError as error:
                return outcome_of(error), str(error), len(server.requests)
            return done.outcome, "", len(server.requests)

    def _recorded(self) -> list[str]:
        return [json.loads(leaf.leaf)["type"] for leaf in self.log.export()]


def _event(kind: str, fields: dict[str, Any]) -> AuditRecord:
    entry_id = uuid4()
    return AuditRecord(entry_id=entry_id, leaf=json.dumps({"type": kind, "id": str(entry_id), **fields}).encode())


@contextmanager
def bench(url: str) -> Iterator[Bench]:
    with Database(url) as database:
        yield Bench(database)
