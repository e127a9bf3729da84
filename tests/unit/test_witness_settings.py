"""What is wrong with the settings of witnesses is said by the name of the variable, and signatures have known forms."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from service.config import Config
from service.errors import ConfigError
from service.witnesses.webhook import signed

SECRET_FILE = {"HIRESCREEN_WITNESS_WEBHOOK_SECRET_FILE": "secret"}
ROOTS = {"HIRESCREEN_WITNESS_TIMESTAMP_ROOTS": "roots.pem"}


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("http://witness.example/", "https"),
        ("https://user:geheim@witness.example/", "credentials"),
        ("ftp://witness.example/", "https"),
        ("https://", "no host"),
        ("https://[/", "URL"),
        ("https://witness.example:port/", "URL"),
    ],
)
def test_heads_are_posted_over_https_only(address: str, word: str) -> None:
    with pytest.raises(ConfigError, match="HIRESCREEN_WITNESS_WEBHOOK") as refused:
        Config.from_env({"HIRESCREEN_WITNESS_WEBHOOK": address, **SECRET_FILE})
    assert word in str(refused.value)
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("address", ["https://witness.example/h", "http://127.0.0.1:9/", "http://[::1]:9/"])
def test_plain_http_goes_to_this_machine_only(address: str) -> None:
    config = Config.from_env({"HIRESCREEN_WITNESS_WEBHOOK": address, **SECRET_FILE})
    assert config.witness_webhook == address
    assert Config.from_env(config.child_env()) == config


def test_a_webhook_needs_its_secret_and_an_authority_its_roots() -> None:
    with pytest.raises(ConfigError, match="SECRET_FILE"):
        Config.from_env({"HIRESCREEN_WITNESS_WEBHOOK": "https://witness.example/"})
    with pytest.raises(ConfigError, match="ROOTS"):
        Config.from_env({"HIRESCREEN_WITNESS_TIMESTAMP_URL": "https://tsa.example/"})
    # authorities are asked over plain HTTP: the token proves itself
    Config.from_env({"HIRESCREEN_WITNESS_TIMESTAMP_URL": "http://tsa.example/", **ROOTS})
    with pytest.raises(ConfigError, match="SECONDS"):
        Config.from_env({"HIRESCREEN_WITNESS_TIMESTAMP_SECONDS": "0"})


def test_a_message_is_signed_as_the_specification_s_example() -> None:
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}', [secret])
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    both = signed("msg_1", at, b"{}", [secret, bytes(32)])["webhook-signature"].split(" ")
    assert len(both) == 2
    assert all(each.startswith("v1,") for each in both)
