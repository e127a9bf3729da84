"""The rules as one text whose SHA-256 is the one that decisions name: the modules that decide, each after its name."""

from __future__ import annotations

import hashlib
from importlib.resources import files

from service import rulebook

PACKAGES = ("service.rulebook", "service.screening")


def rule_texts() -> dict[str, bytes]:
    """The text of the rulebook of this program by its SHA-256 (hex), as exports carry it."""
    text = b"".join(
        f"{package}/{source.name}\n".encode() + source.read_bytes()
        for package in PACKAGES
        for source in sorted(files(package).iterdir(), key=lambda entry: entry.name)
        if source.name.endswith(".py")
    )
    digest = hashlib.sha256(text).hexdigest()
    return {digest: text} if digest == rulebook.current().sha256 else {}
