from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "service" / "web" / "static"
TEMPLATES = STATIC.parent / "templates"
SHEETS = sorted(STATIC.glob("*.css"))


def test_every_stylesheet_is_shipped() -> None:
    assert [sheet.name for sheet in SHEETS] == ["app.css", "certificate.css", "govuk-frontend.min.css"]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
@pytest.mark.parametrize("branding", ["GDS", "Transport", "@font-face", "url(", "crest", "@import", "#1d70b8"])
def test_no_branding_font_or_image_is_left_in_a_stylesheet(sheet: Path, branding: str) -> None:
    assert branding not in sheet.read_text(encoding="utf-8")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_stylesheet_is_whole(sheet: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert css.count("{") == css.count("}") > 30


def test_the_licence_of_the_vendored_stylesheet_is_beside_it() -> None:
    notice = (STATIC / "govuk-frontend-LICENCE.txt").read_text(encoding="utf-8")
    assert "MIT License" in notice
    assert "Government Digital Service" in notice


def test_no_template_needs_a_script_an_inline_style_or_another_host() -> None:
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert "<script" not in text, template.name
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style", text), template.name
        assert not re.search(r"(?:src|href)=\"https?:", text), template.name
        assert "| safe" not in text, template.name
