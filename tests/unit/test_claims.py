"""What is kept of an Idempotency-Key tells nothing without the secret, and the same request gives the same."""

from __future__ import annotations

from service.claims import ClaimMaker

BODY = {"worker": {"name": "Kim Yong Chol", "date_of_birth": "1985-03-02"}, "stage": "employed"}


def test_the_same_request_gives_the_same_claim_however_it_is_written() -> None:
    maker = ClaimMaker(lambda: b"secret")
    assert maker.claim("k", BODY) == maker.claim("k", dict(reversed(BODY.items())))
    assert maker.claim("k", BODY) == ClaimMaker(lambda: b"secret").claim("k", BODY)


def test_another_key_request_or_secret_gives_another_claim() -> None:
    first = ClaimMaker(lambda: b"secret").claim("k", BODY)
    assert ClaimMaker(lambda: b"secret").claim("j", BODY).key != first.key
    assert ClaimMaker(lambda: b"secret").claim("k", BODY | {"stage": "onboarding"}).fingerprint != first.fingerprint
    other = ClaimMaker(lambda: b"another").claim("k", BODY)
    assert (other.key != first.key, other.fingerprint != first.fingerprint) == (True, True)
    assert ClaimMaker().claim("k", BODY) != ClaimMaker().claim("k", BODY), "without a secret, one of its own"


def test_a_key_and_a_request_with_the_same_bytes_give_different_digests() -> None:
    claim = ClaimMaker(lambda: b"secret").claim("{}", {})
    assert claim.key != claim.fingerprint
