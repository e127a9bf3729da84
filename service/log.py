"""Logs of the background: JSON lines on standard error, times in UTC, never a message that quotes data."""

from __future__ import annotations

import sys

import structlog


def configure_logging() -> None:
    """Set the form of every log line of this process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
