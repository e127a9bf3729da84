"""Certificates over a real service and a sealed log: what the page, the API and a saved file prove to a stranger."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from service.audit import verify_audit
from service.audit.verify_audit import PROOF_BEGIN, PROOF_END
from service.sealing_loop import build_sealer, key_ring
from service.web.pages import pdf
from tests.integration.conftest import Api
from tests.integration.test_desk import REQUEST
from tests.integration.test_pages import Visitor, people  # noqa: F401  # a fixture

GOOD, TAMPERED, UNUSABLE = 0, 1, 2


@pytest.fixture
def seal(api: Api) -> Iterator[Callable[[], object]]:
    """Seals what is there."""
    sealer = build_sealer(api.service.config)
    yield sealer.seal
    sealer.close()


@pytest.fixture
def visitor(people: Callable[[str], Visitor]) -> Visitor:  # noqa: F811
    return people("auditor")


def verdict(api: Api, path: Path) -> int:
    vkey = str(key_ring(api.service.config).verifiers(api.service.config.origin)[0])
    return verify_audit.main(["--vkey", vkey, "--certificate", str(path)])


def certificate(api: Api, answer: dict[str, Any]) -> dict[str, Any]:
    response = api.call("GET", f"/v1/screenings/{answer['id']}/certificate")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.get_json()
    return found


def test_before_it_is_sealed_it_says_so_and_offers_to_look_again(api: Api, visitor: Visitor) -> None:
    answer = api.screen(REQUEST).get_json()
    page = visitor.get(answer["links"]["certificate"])
    assert "is not sealed yet" in page
    assert PROOF_BEGIN not in page
    assert f'href="{answer["links"]["certificate"]}"' in page
    found = certificate(api, answer)
    assert (found["sealed"], found["proof"]) == (False, None)


def test_page_and_api_as_saved_are_proven_and_print_what_was_recorded(
    api: Api, visitor: Visitor, seal: Callable[[], object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = api.screen(REQUEST).get_json()
    seal()
    page = visitor.client.get(answer["links"]["certificate"], headers={"Accept": "text/html"}).text
    printed = re.sub(r"<[^>]+>", "\n", page)
    for number, text in enumerate((page, printed, json.dumps(certificate(api, answer)))):
        (tmp_path / str(number)).write_text(text)
        assert verdict(api, tmp_path / str(number)) == GOOD
        said = capsys.readouterr().out
        for proven in (
            answer["id"],
            '"deny"',
            "Pak Un Gyong",
            answer["summary"],
            'contract.finalised_on: "2018-02-10"',
        ):
            assert proven in said
    for shown in (answer["summary"], answer["id"], answer["audit"]["leaf_hash"], *answer["clauses"], "Pak Un Gyong"):
        assert shown in page
    for used in answer["lists"]:
        assert used["sha256"] in page
    assert "NOT A FINAL DECISION" in page
    assert "Nobody has signed." in page


def test_a_certificate_in_which_anything_proven_was_changed_is_found_out(
    api: Api, seal: Callable[[], object], tmp_path: Path
) -> None:
    answer = api.screen(REQUEST).get_json()
    seal()
    block = certificate(api, answer)["proof"].removeprefix(PROOF_BEGIN).removesuffix(PROOF_END)
    content = json.loads(zlib.decompress(base64.b64decode(block)))
    leaf = base64.b64decode(content["leaf"])
    file = tmp_path / "certificate"
    for changes, expected in (
        ({}, GOOD),
        ({"decision": content["decision"].replace('"deny"', '"allow"')}, TAMPERED),
        ({"leaf": base64.b64encode(leaf.replace(b'"deny"', b'"allo"')).decode()}, TAMPERED),
        ({"d": [*content["d"], content["d"][0]]}, TAMPERED),
        ({"proof": content["proof"].replace("index ", "index 1")}, TAMPERED),
    ):
        packed = base64.b64encode(zlib.compress(json.dumps({**content, **changes}).encode())).decode()
        file.write_text(f"{PROOF_BEGIN}\n{packed[:70]}\n{packed[70:]}\n{PROOF_END}")
        assert verdict(api, file) == expected, changes
    for text, expected in (
        (f"{PROOF_BEGIN} {block[:-8]} {PROOF_END}", TAMPERED),
        (f"{PROOF_BEGIN} {block} {PROOF_END}" * 2, UNUSABLE),
        ("nothing", UNUSABLE),
    ):
        file.write_text(text)
        assert verdict(api, file) == expected


def test_a_block_that_swells_is_refused(api: Api, seal: Callable[[], object], tmp_path: Path) -> None:
    api.screen(REQUEST)
    seal()
    swollen = zlib.compress(b'{"leaf":"' + b"A" * (verify_audit.MAX_BLOCK + 1) + b'"}', 9)
    (tmp_path / "certificate").write_text(f"{PROOF_BEGIN} {base64.b64encode(swollen).decode()} {PROOF_END}")
    assert verdict(api, tmp_path / "certificate") == TAMPERED


def test_a_long_decision_is_left_out_of_the_block_and_the_page_says_so(
    api: Api, visitor: Visitor, seal: Callable[[], object], tmp_path: Path
) -> None:
    owners = [{"name": name, "country": "PRK", "share_percent": 5} for name in ("Zenko", "Mansudae Overseas", "Ocean")]
    parties = [
        {"role": "client", "name": f"Works {each}", "country": "RU", "owners": owners}
        for each in ("Korea Ryonbong", "Green Pine", "Namgang", "Korea General", "Foreign Trade Bank", "Sobaeksu")
    ]
    answer = api.screen({**REQUEST, "counterparties": parties, "jurisdictions": ["US", "GB", "EU", "CA"]}).get_json()
    seal()
    page = visitor.get(answer["links"]["certificate"])
    assert "did not fit in this block" in page
    (tmp_path / "page.html").write_text(page)
    assert verdict(api, tmp_path / "page.html") == GOOD


def test_once_erased_it_shows_what_the_record_holds_and_is_still_proven(
    api: Api, visitor: Visitor, seal: Callable[[], object], tmp_path: Path
) -> None:
    answer = api.screen(REQUEST).get_json()
    seal()
    with psycopg.connect(api.service.database.url) as connection:
        connection.execute("delete from screening_private")
        connection.execute("delete from audit_private")
    page = visitor.get(answer["links"]["certificate"])
    for personal in ("Pak Un Gyong", "1990", "REQ-7"):
        assert personal not in re.sub(rf"{PROOF_BEGIN}.*?{PROOF_END}", "", page, flags=re.DOTALL)
    assert "personal data of this screening were erased" in page
    for clause in answer["clauses"]:
        assert clause in page
    (tmp_path / "page.html").write_text(page)
    assert verdict(api, tmp_path / "page.html") == GOOD
    found = certificate(api, answer)
    assert (found["erased"], found["answer"], found["sealed"]) == (True, None, True)
    assert "Pak" not in json.dumps(found)


def test_an_allow_needs_no_signature(api: Api, visitor: Visitor) -> None:
    body = {"worker": {"name": "Batbayar Ganzorig", "nationalities": [{"country": "MNG", "evidence": "passport"}]}}
    answer = api.screen(body).get_json()
    assert answer["decision"] == "allow"
    page = visitor.get(answer["links"]["certificate"])
    assert "NOT A FINAL DECISION" not in page
    assert certificate(api, answer)["final"]


def test_a_replay_is_asked_by_api_and_page(api: Api, visitor: Visitor) -> None:
    answer = api.screen(REQUEST).get_json()
    response = api.call("POST", f"/v1/screenings/{answer['id']}/replay")
    found = response.get_json()
    assert (response.status_code, found["identical"], found["status"]) == (200, True, "identical")
    assert found["today"]["decision"] == "deny"
    assert found["recorded"]["clauses"] == answer["clauses"]
    page = visitor.post(f"/screenings/{answer['id']}/replay", {}, page=answer["links"]["self"].removeprefix("/v1"))
    assert "The same, byte for byte" in page.text
    with psycopg.connect(api.service.database.url) as connection:
        connection.execute(
            "update screening_private set answer = convert_to("
            "replace(convert_from(answer, 'UTF8'), 'prohibited', 'permitted'), 'UTF8')"
        )
    page = visitor.post(f"/screenings/{answer['id']}/replay", {}, page=answer["links"]["self"].removeprefix("/v1"))
    for shown in ("Not the same", "/summary", "CHANGED since it was recorded"):
        assert shown in page.text
    assert not api.call("POST", f"/v1/screenings/{answer['id']}/replay").get_json()["identical"]


def test_an_entry_that_was_changed_after_it_was_sealed_is_never_shown_as_good(
    api: Api, visitor: Visitor, seal: Callable[[], object], tmp_path: Path
) -> None:
    """Whoever owns the server can change the entry and everything that it commits to, but not the tree."""
    answer = api.screen(REQUEST).get_json()
    seal()
    assert api.service.replays().replay(UUID(answer["id"])).commitments["entry"] == "holds"  # type: ignore[union-attr]
    with psycopg.connect(api.service.database.url) as connection:
        connection.execute("alter table audit_entry disable trigger user")
        connection.execute(
            "update audit_entry set leaf = convert_to(replace(convert_from(leaf, 'UTF8'), 'key:', 'cli:'), 'UTF8')"
        )
    found = api.service.replays().replay(UUID(answer["id"]))
    assert found is not None
    assert (found.identical, found.commitments["entry"]) == (False, "broken")
    page = visitor.get(answer["links"]["certificate"])
    assert "NOT the one that was sealed" in page
    (tmp_path / "page.html").write_text(page)
    assert verdict(api, tmp_path / "page.html") == TAMPERED


def test_what_is_not_there_is_not_found(api: Api, visitor: Visitor) -> None:
    nobody = "0193b5a0-0000-7000-8000-000000000000"
    for method, path in (("GET", "certificate"), ("POST", "replay")):
        response = api.call(method, f"/v1/screenings/{nobody}/{path}")
        assert (response.status_code, response.get_json()["type"]) == (404, "/problems/screening-not-found")
    visitor.get(f"/screenings/{nobody}/certificate", status=404)


def test_without_a_renderer_the_pdf_is_a_clear_no(api: Api, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = api.screen(REQUEST).get_json()
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    page = visitor.get(f"{answer['links']['certificate']}.pdf", status=501)
    assert "hirescreen[pdf]" in page
    with pytest.raises(pdf.NoPdfRendererError):
        pdf.render_pdf("<p>")
