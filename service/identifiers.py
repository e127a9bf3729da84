"""Identifiers that sort by time: UUID version 7 (RFC 9562 section 5.7)."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID


def uuid7(at: datetime) -> UUID:
    """A UUID whose first 48 bits are the Unix time of ``at`` in milliseconds; the rest is chance."""
    milliseconds = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    value = milliseconds << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76  # version
    value = value & ~(0x3 << 62) | 0x2 << 62  # variant
    return UUID(int=value)


def first_uuid7(at: datetime, *, after: bool = False) -> UUID:
    """The smallest UUID of the millisecond of ``at``; with ``after`` of the one that follows."""
    milliseconds = int(at.timestamp() * 1000) + after
    return UUID(int=(min(max(milliseconds, 0), (1 << 48) - 1) << 80) | 0x7 << 76 | 0x2 << 62)
