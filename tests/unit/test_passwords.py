from __future__ import annotations

import pytest

from service.passwords import WeakPasswordError, hash_password, password_matches


def test_a_password_matches_its_own_hash_and_no_other() -> None:
    stored = hash_password("correct horse battery")
    assert stored.startswith("$argon2id$")
    assert password_matches("correct horse battery", stored)
    assert not password_matches("correct horse batterz", stored)


def test_an_unknown_account_never_matches_even_with_the_filler_password() -> None:
    assert not password_matches("no account has this password", None)


def test_a_damaged_hash_is_no_match_and_no_fault() -> None:
    assert not password_matches("correct horse battery", "not a hash")


@pytest.mark.parametrize("password", ["short", "x" * 11, "x" * 257])
def test_a_password_outside_the_limits_is_not_hashed(password: str) -> None:
    with pytest.raises(WeakPasswordError):
        hash_password(password)


def test_an_overlong_password_is_refused_without_hashing_it() -> None:
    assert not password_matches("x" * 1_000_000, hash_password("x" * 256))
