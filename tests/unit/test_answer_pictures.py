"""The pictures of the what-if and of the rulebook: what they draw, and what they say to those who do not see them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date
from typing import Any

from markupsafe import Markup

from service.rulebook import current
from service.screening.answer import clause_entry
from service.web.pictures.answer_bands import answer_bands
from service.web.pictures.rulebook_timeline import rulebook_timeline

SVG = "{http://www.w3.org/2000/svg}"
TODAY = date(2026, 11, 23)


def band(first: str | None, last: str | None, decision: str) -> dict[str, Any]:
    return {"field": "as_of", "first": first, "last": last, "decision": decision, "clauses": []}


BANDS = [
    band(None, "2017-09-10", "allow"),
    band("2017-09-11", "2017-09-12", "review"),
    band("2017-09-13", None, "deny"),
]


def drawn(picture: Markup, tag: str) -> list[ET.Element]:
    return ET.fromstring(str(picture)).findall(f".//{tag}")


def test_every_stretch_has_its_colour_and_every_change_its_day() -> None:
    picture = answer_bands(BANDS, date(2017, 9, 1), "Contract finalised on", number=1)
    classes = [rect.get("class") for rect in drawn(picture, "rect")]
    assert [str(name).split()[1] for name in classes] == ["pic-allow", "pic-review", "pic-deny"]
    words = {text.text for text in drawn(picture, "text")}
    assert {"2017-09-11", "2017-09-13", "Now 2017-09-01", "ALLOW", "DENY"} <= words
    description = drawn(picture, "desc")[0].text
    assert description == "2017-09-11: REVIEW. 2017-09-13: DENY."


def test_stretches_lie_end_to_end_over_the_whole_picture() -> None:
    picture = answer_bands(BANDS, None, "Day", number=0)
    spans = [(float(r.get("x", 0)), float(r.get("width", 0))) for r in drawn(picture, "rect")]
    ends = [round(x + width, 1) for x, width in spans]
    assert all(abs(end - start) <= 3 for end, (start, _) in zip(ends, spans[1:], strict=False))


def test_where_the_answer_never_changes_there_is_no_picture() -> None:
    assert answer_bands([band(None, None, "allow")], TODAY, "Day", number=0) == ""


def test_what_lies_before_the_labour_rules_is_cut_off_unless_all_of_it_does() -> None:
    early = [
        band(None, "2006-10-13", "allow"),
        band("2006-10-14", "2017-09-10", "review"),
        BANDS[2] | {"first": "2017-09-11"},
    ]
    words = {text.text for text in drawn(answer_bands(early, TODAY, "Day", number=0), "text")}
    assert "2006-10-14" not in words
    assert "2017-09-11" in words
    alone = {text.text for text in drawn(answer_bands(early[:2], None, "Day", number=0), "text")}
    assert "2006-10-14" in alone


def test_the_ids_of_two_pictures_of_a_page_differ() -> None:
    ids = [answer_bands(BANDS, None, "Day", number=n) for n in (0, 1)]
    assert drawn(ids[0], "title")[0].get("id") != drawn(ids[1], "title")[0].get("id")


def test_every_clause_of_law_has_a_lane_with_its_name() -> None:
    law = [clause_entry(c) for c in current().clauses if not c.id.startswith(("LIST-", "IND-"))]
    picture = rulebook_timeline(law, TODAY)
    names = {text.text for text in drawn(picture, "text")}
    assert {clause["id"] for clause in law} <= names
    assert len(drawn(picture, "rect")) == len(law)
    assert "UN-2397-8: 2017-12-22." in str(drawn(picture, "desc")[0].text)
    assert drawn(picture, "path")


def test_a_clause_that_has_ended_has_a_bar_that_ends() -> None:
    law = [clause_entry(clause) for clause in current().clauses if clause.id == "UN-2375-17"]
    ended = [{**law[0], "in_force_until": "2019-01-01"}]
    whole, short = (float(drawn(rulebook_timeline(c, TODAY), "rect")[0].get("width", 0)) for c in (law, ended))
    assert short < whole
