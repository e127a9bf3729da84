"""Asks a publisher's feed whether a list's file has changed since the last download."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

from service.errors import FetchError, MalformedListError
from service.intake.refresh_ports import FilesFetcher
from service.lists.feed import checksum_in
from service.lists.sources import ListSource, SourceFile

log = structlog.get_logger()


def published_checksum(fetcher: FilesFetcher, source: ListSource, file: SourceFile) -> str | None:
    """What the feed of ``source`` says of ``file``; None where there is no feed, or it cannot be read.

    It only saves a download: without it the file itself is asked for, so a feed that fails is no failure.
    """
    if source.feed is None or file not in source.files:  # a mirror has no feed
        return None
    try:
        with fetcher.fetch(source.feed, redirects=source.redirects) as answer:
            return checksum_in(answer.content, file.address) if answer.content is not None else None
    except (FetchError, MalformedListError) as error:
        log.warning("feed_not_read", list=source.list_id, reason=str(error))
        return None


def is_known(checksum: str | None, known: Mapping[str, Any], file: SourceFile) -> bool:
    """Whether the version that serves came from this very file."""
    return checksum is not None and known.get("checksum") == checksum and known.get("address") == file.address
