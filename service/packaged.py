"""Finds the folders that lie beside ``service`` in a checkout and inside it in an installed package."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def data_folder(packaged: str, checkout: str) -> Path:
    """``service/<packaged>`` where the package holds it, else ``<checkout>`` beside ``service``."""
    inside = PACKAGE / packaged
    return inside if inside.is_dir() else PACKAGE.parent / checkout
