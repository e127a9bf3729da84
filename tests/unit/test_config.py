"""Settings are read once, checked together, and reach the workers unchanged."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from service.config import Config, Mode
from service.errors import ConfigError

README = Path(__file__).parents[2] / "README.md"


def test_nothing_set_means_production_on_an_embedded_database() -> None:
    config = Config.from_env({})
    assert config.mode is Mode.PRODUCTION
    assert config.database_url is None
    assert config.required_lists == ("un_sc", "us_ofac_sdn")


def test_every_fault_is_named_by_its_variable_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_env({"HIRESCREEN_MODE": "test", "DATABASE_URL": "mysql://x", "HIRESCREEN_DATABASE_POOL": "many"})
    for variable in ("HIRESCREEN_MODE", "DATABASE_URL", "HIRESCREEN_DATABASE_POOL"):
        assert variable in str(caught.value)


def test_a_worker_reads_the_same_configuration() -> None:
    config = Config.from_env(
        {"HIRESCREEN_MODE": "demo", "DATABASE_URL": "postgresql://h/d", "HIRESCREEN_REQUIRED_LISTS": "un_sc"}
    )
    assert Config.from_env(config.child_env()) == config


def test_the_readme_explains_every_setting() -> None:
    text = README.read_text(encoding="utf-8")
    for each in fields(Config):
        row = f"| `{each.metadata['env']}` | {each.metadata['help']} |"
        assert row in text
