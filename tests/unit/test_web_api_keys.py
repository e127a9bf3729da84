"""API keys: their form, their checksum, and what is stored of them."""

from __future__ import annotations

import hashlib
import re

import pytest

from service.api_keys import SECRET_SCANNING_PATTERN, checksum, fingerprint, generate_key, is_well_formed

PUBLISHED = "scr_live_0123456789ABCDEFGHIJabcdefghij4Us3aw"


def test_the_published_example_has_the_right_checksum() -> None:
    assert checksum("0123456789ABCDEFGHIJabcdefghij") == "4Us3aw"
    assert is_well_formed(PUBLISHED)


def test_a_new_key_is_well_formed_and_unlike_the_last() -> None:
    keys = {generate_key() for _ in range(200)}
    assert len(keys) == 200
    assert all(is_well_formed(key) for key in keys)
    assert all(re.fullmatch(SECRET_SCANNING_PATTERN, key) for key in keys)


def test_a_key_with_any_one_character_changed_is_refused() -> None:
    for place in range(len(PUBLISHED)):
        changed = PUBLISHED[:place] + ("x" if PUBLISHED[place] != "x" else "y") + PUBLISHED[place + 1 :]
        assert not is_well_formed(changed)


@pytest.mark.parametrize("text", ["", "scr_live_", PUBLISHED[:-1], PUBLISHED + "0", PUBLISHED + "\n", " " + PUBLISHED])
def test_what_only_looks_like_a_key_is_refused(text: str) -> None:
    assert not is_well_formed(text)


def test_the_sha256_of_the_whole_key_is_stored() -> None:
    assert fingerprint(PUBLISHED) == hashlib.sha256(PUBLISHED.encode()).digest()
