"""The manifest of an export: the SHA-256 and length of every file, and of the list itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NAME = "manifest.json"
BLOCK = 1 << 20


def canonical(content: Mapping[str, Any]) -> bytes:
    """The one way in which a manifest is written; ``verify_audit.py`` accepts no other."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def write_manifest(folder: Path, about: Mapping[str, Any], *, selection: Mapping[str, Any] | None) -> str:
    """List every file below ``folder`` in its manifest; the SHA-256 (hex) that the manifest gives of itself.

    ``about`` says what else an auditor may want to know (no floats). ``selection`` says by what entries
    were chosen; None for a whole log, which the verifier then demands to be whole.
    """
    files = {
        path.relative_to(folder).as_posix(): {"sha256": file_sha256(path), "bytes": path.stat().st_size}
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != NAME
    }
    content = {**about, "selection": selection, "files": files}
    own = hashlib.sha256(canonical(content)).hexdigest()
    (folder / NAME).write_bytes(canonical({**content, "sha256": own}))
    return own


def file_sha256(path: Path) -> str:
    """The SHA-256 (hex) of a file of any length."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
